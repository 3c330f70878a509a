import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import type { RlpItem } from "./decodeRlp.js";
import { encodeRlp } from "./encodeRlp.js";
import { EMPTY_TRIE_ROOT, nibblesOf } from "./trieNode.js";

/** A Merkle-Patricia trie's root, and the nodes on the way to one key. */
export interface TrieWithProof {
  readonly root: string;
  /** The nodes from the root, each `0x` and digits. */
  readonly proof: readonly string[];
}

interface Entry {
  readonly path: readonly number[];
  readonly value: Uint8Array;
}

/**
 * Builds the Merkle-Patricia trie of some values (Ethereum yellow paper, appendix D) and shows where a key lies in it.
 *
 * @param entries Keys, each once, with values that are not empty.
 * @param key Whose proof is asked; one that is not there is proved to be absent.
 *
 * @example
 * ```ts
 * const { root, proof } = makeTrie(receipts.map((receipt, i) => [encodeRlp(scalarBytes(i)), receipt]), encodeRlp(scalarBytes(3)));
 * ```
 */
export function makeTrie(entries: Iterable<readonly [Uint8Array, Uint8Array]>, key: Uint8Array): TrieWithProof {
  const all = [...entries].map(([entryKey, value]) => ({ path: nibblesOf(entryKey), value }));
  if (all.length === 0) return { root: EMPTY_TRIE_ROOT, proof: [] };
  const proof: Uint8Array[] = [];
  const root = encodeRlp(makeNode(all, 0, nibblesOf(key), proof));
  proof.push(root);
  return { root: hexOf(keccak_256(root)), proof: proof.reverse().map(hexOf) };
}

/** The node of entries that agree up to a depth. What the key passes on its way down is kept, the deepest first. */
function makeNode(
  entries: readonly Entry[],
  depth: number,
  key: readonly number[] | undefined,
  proof: Uint8Array[],
): RlpItem {
  const [first, ...others] = entries;
  if (first === undefined) return new Uint8Array();
  if (others.length === 0) return [packPath(first.path.slice(depth), true), first.value];

  const end = commonEnd(first, others, depth);
  if (end > depth) {
    const shared = first.path.slice(depth, end);
    const onPath = key !== undefined && shared.every((nibble, i) => key[depth + i] === nibble) ? key : undefined;
    return [packPath(shared, false), reference(makeNode(entries, end, onPath, proof), onPath !== undefined, proof)];
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(({ path }) => path[depth] === nibble);
    const onPath = key?.[depth] === nibble ? key : undefined;
    return reference(makeNode(below, depth + 1, onPath, proof), onPath !== undefined, proof);
  });
  return [...children, entries.find(({ path }) => path.length === depth)?.value ?? new Uint8Array()];
}

function commonEnd(first: Entry, others: readonly Entry[], depth: number): number {
  let end = depth;
  while (end < first.path.length && others.every(({ path }) => path[end] === first.path[end])) end++;
  return end;
}

/** A node shorter than 32 bytes stands in its parent; another is named by its hash. */
function reference(node: RlpItem, isOnPath: boolean, proof: Uint8Array[]): RlpItem {
  const encoded = encodeRlp(node);
  if (node.length === 0 || encoded.length < 32) return node;
  if (isOnPath) proof.push(encoded);
  return keccak_256(encoded);
}

/** The hex-prefix encoding. */
function packPath(path: readonly number[], isLeaf: boolean): Uint8Array {
  const isOdd = path.length % 2 === 1;
  const nibbles = [(isLeaf ? 2 : 0) + (isOdd ? 1 : 0), ...(isOdd ? [] : [0]), ...path];
  return Uint8Array.from(
    { length: nibbles.length / 2 },
    (_, i) => (nibbles[2 * i] ?? 0) * 16 + (nibbles[2 * i + 1] ?? 0),
  );
}

function hexOf(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}
