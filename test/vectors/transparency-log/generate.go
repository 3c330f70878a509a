// Writes vectors.json: roots and proofs as github.com/transparency-dev/merkle makes them.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
)

const maxSize = 257
const maxPair = 65

type inclusion struct {
	Index uint64   `json:"index"`
	Size  uint64   `json:"size"`
	Path  []string `json:"path"`
}

type consistency struct {
	First  uint64   `json:"first"`
	Second uint64   `json:"second"`
	Path   []string `json:"path"`
}

type vectors struct {
	Leaves []string `json:"leaves"`
	// Roots of the first 0 to 8 of the leaves.
	LeafRoots   []string      `json:"leafRoots"`
	Inclusion   []inclusion   `json:"inclusion"`
	Consistency []consistency `json:"consistency"`
	// Roots of the first n of the counted entries.
	Roots []string `json:"roots"`
	// By size n: SHA-256 over the paths of the indexes 0 to n - 1, each as a byte that counts its nodes, and the nodes.
	InclusionDigests []string `json:"inclusionDigests"`
	// By second size n: the same over the consistency proofs from the first sizes 1 to n - 1.
	ConsistencyDigests []string `json:"consistencyDigests"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func hexes(nodes [][]byte) []string {
	out := []string{}
	for _, node := range nodes {
		out = append(out, hex.EncodeToString(node))
	}
	return out
}

func main() {
	hasher := rfc6962.DefaultHasher
	var v vectors

	// The eight leaves that Certificate Transparency's implementations have long been tested with.
	leaves := testonly.LeafInputs()
	v.Leaves = hexes(leaves)
	v.LeafRoots = append(hexes([][]byte{testonly.EmptyRootHash()}), hexes(testonly.RootHashes()[1:])...)
	small := testonly.New(hasher)
	small.AppendData(leaves...)
	for n := uint64(1); n <= small.Size(); n++ {
		for i := uint64(0); i < n; i++ {
			path := must(small.InclusionProof(i, n))
			if err := proof.VerifyInclusion(hasher, i, n, small.LeafHash(i), path, small.HashAt(n)); err != nil {
				panic(err)
			}
			v.Inclusion = append(v.Inclusion, inclusion{i, n, hexes(path)})
		}
		for m := uint64(1); m < n; m++ {
			path := must(small.ConsistencyProof(m, n))
			if err := proof.VerifyConsistency(hasher, m, n, path, small.HashAt(m), small.HashAt(n)); err != nil {
				panic(err)
			}
			v.Consistency = append(v.Consistency, consistency{m, n, hexes(path)})
		}
	}

	// Entry i is the SHA-256 of i as eight big-endian bytes.
	tree := testonly.New(hasher)
	for i := uint64(0); i < maxSize; i++ {
		entry := sha256.Sum256(binary.BigEndian.AppendUint64(nil, i))
		tree.AppendData(entry[:])
	}
	for n := uint64(0); n <= maxSize; n++ {
		v.Roots = append(v.Roots, hex.EncodeToString(tree.HashAt(n)))
		digest := sha256.New()
		for i := uint64(0); i < n; i++ {
			write(digest.Write, must(tree.InclusionProof(i, n)))
		}
		v.InclusionDigests = append(v.InclusionDigests, hex.EncodeToString(digest.Sum(nil)))
	}
	for n := uint64(0); n <= maxPair; n++ {
		digest := sha256.New()
		for m := uint64(1); m < n; m++ {
			write(digest.Write, must(tree.ConsistencyProof(m, n)))
		}
		v.ConsistencyDigests = append(v.ConsistencyDigests, hex.EncodeToString(digest.Sum(nil)))
	}

	text := must(json.MarshalIndent(v, "", "  "))
	if err := os.WriteFile("vectors.json", append(text, '\n'), 0o644); err != nil {
		panic(err)
	}
}

func write(to func([]byte) (int, error), path [][]byte) {
	must(to([]byte{byte(len(path))}))
	for _, node := range path {
		must(to(node))
	}
}
