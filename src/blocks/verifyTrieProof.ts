import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { decodeRlp, type RlpItem } from "./decodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import { EMPTY_TRIE_ROOT, nibblesOf, readTrieNode } from "./trieNode.js";

/**
 * What a Merkle-Patricia trie holds at a key, shown by the nodes from its root to where the key ends. Every node must have the
 * hash that the one before it names; nodes shorter than 32 bytes stand within their parent, not in the list; none may be
 * missing, changed or too many. An empty trie is shown by no node or by the empty string's encoding.
 *
 * @param key As the trie has it: hashed already, where it hashes its keys.
 * @returns The value, or nothing if the nodes show that there is none.
 * @throws {@link ChainProofError} `PROOF_MALFORMED`, `PROOF_MISMATCH`, `PROOF_INCOMPLETE`, `PROOF_TRAILING` or
 * `RLP_MALFORMED`.
 *
 * @example
 * ```ts
 * const value = verifyTrieProof(header.stateRoot, getBytes(keccak256(address)), proof);
 * ```
 */
export function verifyTrieProof(root: BytesLike, key: Uint8Array, proof: readonly BytesLike[]): Uint8Array | undefined {
  const rootHash = `0x${bytesToHex(proofBytes(root, "the root", 32))}`;
  const nodes = proof.map((node, i) => proofBytes(node, `node ${i} of the proof`));
  if (rootHash === EMPTY_TRIE_ROOT) {
    checkEmpty(nodes);
    return undefined;
  }

  let expected = rootHash;
  let rest: readonly number[] = nibblesOf(key);
  for (const [i, node] of nodes.entries()) {
    const found = `0x${bytesToHex(keccak_256(node))}`;
    if (found !== expected) throw refuse("PROOF_MISMATCH", `node ${i} has the hash ${found}, not ${expected}`);
    const step = walk(decodeRlp(node), rest);
    if (!("hash" in step)) {
      if (i + 1 < nodes.length) throw refuse("PROOF_TRAILING", `${nodes.length - i - 1} nodes follow the last`);
      return step.value;
    }
    [expected, rest] = [`0x${bytesToHex(step.hash)}`, step.rest];
  }
  throw refuse("PROOF_INCOMPLETE", `the node ${expected} is missing`);
}

/** Where a node leads: to a value or to none, or on to a node that is named by its hash. */
type Step = { value: Uint8Array | undefined } | { hash: Uint8Array; rest: readonly number[] };

/** Each step takes a half byte of the key at least, so that depth is bounded by the key. */
function walk(item: RlpItem, key: readonly number[]): Step {
  const node = readTrieNode(item);
  if (node.kind === "branch") {
    const [next, ...rest] = key;
    return next === undefined ? { value: valueOf(node.value) } : follow(node.children[next], rest);
  }
  const isOnPath = node.path.every((nibble, i) => nibble === key[i]);
  if (node.kind === "leaf") {
    return { value: isOnPath && node.path.length === key.length ? valueOf(node.value) : undefined };
  }
  return isOnPath ? follow(node.child, key.slice(node.path.length)) : { value: undefined };
}

function follow(child: RlpItem | undefined, rest: readonly number[]): Step {
  if (child === undefined || child.length === 0) return { value: undefined };
  return child instanceof Uint8Array ? { hash: child, rest } : walk(child, rest);
}

function valueOf(value: Uint8Array): Uint8Array | undefined {
  return value.length === 0 ? undefined : value;
}

function checkEmpty(nodes: readonly Uint8Array[]): void {
  const [only, ...more] = nodes;
  if (more.length > 0) throw refuse("PROOF_TRAILING", "an empty trie has no nodes");
  if (only !== undefined && (only.length !== 1 || only[0] !== 0x80)) {
    throw refuse("PROOF_MISMATCH", "an empty trie has no node but the empty string");
  }
}

function refuse(code: "PROOF_INCOMPLETE" | "PROOF_MISMATCH" | "PROOF_TRAILING", message: string): ChainProofError {
  return new ChainProofError(code, message);
}
