import type { LogTree } from "../../ledger/LogTree.js";

/** A leaf's index and its siblings up to the root. */
export interface ProvedIndex {
  /** From 0. */
  index: number;
  /** 32 bytes each, from the leaf up. The array is the caller's to keep. */
  path: Uint8Array[];
}

/**
 * Proves the entries of a tree one after the other, each against the same root; what was yielded is not kept, so the memory is
 * the tree's (64 bytes an entry) however many are proved.
 *
 * @param tree The tree.
 * @param range The first index and the one after the last, and the size to prove against; all of the tree, if left out.
 * @throws LedgerError LOG_SIZE_OUT_OF_RANGE, LOG_INDEX_OUT_OF_RANGE, from the first step on
 * @example
 * ```ts
 * for (const { index, path } of proveAll(tree)) await write(index, path);
 * ```
 */
export function* proveAll(
  tree: LogTree,
  { first = 0, size = tree.size, end = size }: { first?: number; end?: number; size?: number } = {},
): Generator<ProvedIndex, void, undefined> {
  for (let index = first; index < end; index++) yield { index, path: tree.inclusionProof(index, size) };
}
