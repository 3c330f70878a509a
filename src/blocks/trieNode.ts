import { ChainProofError } from "./ChainProofError.js";
import type { RlpItem } from "./decodeRlp.js";
import { encodeRlp } from "./encodeRlp.js";

/** A node's child: nothing (no bytes), the hash of a node (32 bytes), or a node shorter than 32 bytes itself. */
export type TrieChild = RlpItem;

/** A node of a Merkle-Patricia trie (Ethereum yellow paper, appendix D). Paths are half bytes. */
export type TrieNode =
  | { readonly kind: "branch"; readonly children: readonly TrieChild[]; readonly value: Uint8Array }
  | { readonly kind: "extension"; readonly path: readonly number[]; readonly child: TrieChild }
  | { readonly kind: "leaf"; readonly path: readonly number[]; readonly value: Uint8Array };

/** Keccak-256 of the RLP of the empty string: the root of a trie that holds nothing. */
export const EMPTY_TRIE_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/**
 * Reads a node out of its RLP.
 *
 * @throws {@link ChainProofError} `PROOF_MALFORMED` if it is none.
 *
 * @example
 * ```ts
 * const node = readTrieNode(decodeRlp(bytes));
 * ```
 */
export function readTrieNode(item: RlpItem): TrieNode {
  if (item instanceof Uint8Array) throw malformed("a node is not a list");
  if (item.length === 17) {
    const value = item[16];
    if (!(value instanceof Uint8Array)) throw malformed("a branch's value is a list");
    return { kind: "branch", children: item.slice(0, 16).map(checkChild), value };
  }
  const [packed, last] = item;
  if (item.length !== 2 || last === undefined) throw malformed(`a node has ${item.length} items`);
  const { path, isLeaf } = readPath(packed);
  if (isLeaf) {
    if (!(last instanceof Uint8Array)) throw malformed("a leaf's value is a list");
    return { kind: "leaf", path, value: last };
  }
  if (path.length === 0 || last.length === 0) throw malformed("an extension leads nowhere");
  return { kind: "extension", path, child: checkChild(last) };
}

/**
 * The half bytes of a key.
 *
 * @example
 * ```ts
 * nibblesOf(Uint8Array.of(0x4f)); // [4, 15]
 * ```
 */
export function nibblesOf(key: Uint8Array): number[] {
  return Array.from(key).flatMap((byte) => [byte >> 4, byte & 15]);
}

/** The hex-prefix encoding: a half byte that tells leaf and oddness, padded to whole bytes. */
function readPath(packed: RlpItem | undefined): { path: number[]; isLeaf: boolean } {
  if (!(packed instanceof Uint8Array)) throw malformed("a path is a list");
  const [flags, second, ...rest] = nibblesOf(packed);
  if (flags === undefined || second === undefined || flags > 3) throw malformed("a path has no valid flags");
  const isOdd = flags % 2 === 1;
  if (!isOdd && second !== 0) throw malformed("a path of even length is padded with other than zero");
  return { path: isOdd ? [second, ...rest] : rest, isLeaf: flags >= 2 };
}

function checkChild(child: RlpItem): TrieChild {
  const fits = child instanceof Uint8Array ? child.length === 0 || child.length === 32 : encodeRlp(child).length < 32;
  if (!fits) throw malformed("a child is neither nothing, a hash nor a node shorter than one");
  return child;
}

function malformed(message: string): ChainProofError {
  return new ChainProofError("PROOF_MALFORMED", message);
}
