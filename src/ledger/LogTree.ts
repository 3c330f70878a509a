import { LedgerError } from "./LedgerError.js";
import { emptyRoot, leafHash, nodeHash } from "./logHashes.js";

const HASH_BYTES = 32;

/**
 * The Merkle tree of a log (RFC 9162), kept whole in memory so that a proof is a few look-ups: 64 bytes an entry.
 * It grows by appending and answers for its present size and for every earlier one.
 *
 * @example
 * ```ts
 * const tree = new LogTree();
 * for (const entry of entries) tree.append(entry);
 * const path = tree.inclusionProof(3);
 * ```
 */
export class LogTree {
  /** Level k holds, one after the other, the roots of the perfect subtrees of 2^k leaves. */
  readonly #levels: Uint8Array[] = [];
  #size = 0;

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends an entry.
   *
   * @param entry The entry's bytes; those of the contracts are 32.
   * @returns The entry's index, counted from 0.
   */
  append(entry: Uint8Array): number {
    const index = this.#size;
    let hash = leafHash(entry);
    let position = index;
    this.#store(0, position, hash);
    for (let level = 0; position % 2 === 1; level++) {
      hash = nodeHash(this.#node(level, position - 1), hash);
      position = (position - 1) / 2;
      this.#store(level + 1, position, hash);
    }
    this.#size = index + 1;
    return index;
  }

  /**
   * Root of the tree.
   *
   * @param size Number of entries the tree had; now, if left out.
   * @throws LedgerError LOG_SIZE_OUT_OF_RANGE when the tree never had that size.
   */
  root(size = this.#size): Uint8Array {
    this.#requireSize(size, 0);
    return size === 0 ? emptyRoot() : this.#subtree(0, size);
  }

  /**
   * Hash of an entry as a leaf.
   *
   * @throws LedgerError LOG_INDEX_OUT_OF_RANGE when there is no such entry.
   */
  leaf(index: number): Uint8Array {
    this.#requireIndex(index, this.#size);
    return this.#node(0, index).slice();
  }

  /**
   * Proof that an entry is in the log: the siblings from its leaf to the root (RFC 9162, section 2.1.3.1).
   *
   * @param index The entry's index, counted from 0.
   * @param size Number of entries at the checkpoint to prove against; now, if left out.
   * @throws LedgerError LOG_SIZE_OUT_OF_RANGE, LOG_INDEX_OUT_OF_RANGE
   */
  inclusionProof(index: number, size = this.#size): Uint8Array[] {
    this.#requireSize(size, 1);
    this.#requireIndex(index, size);
    const path: Uint8Array[] = [];
    for (let start = 0, end = size; end - start > 1;) {
      const middle = start + powerBelow(end - start);
      if (index < middle) {
        path.push(this.#subtree(middle, end));
        end = middle;
      } else {
        path.push(this.#subtree(start, middle));
        start = middle;
      }
    }
    return path.reverse();
  }

  /**
   * Proof that the log was only appended to between two sizes (RFC 9162, section 2.1.4.1).
   *
   * @param first Number of entries at the earlier checkpoint, at least 1.
   * @param second Number of entries at the later one; now, if left out.
   * @throws LedgerError LOG_SIZE_OUT_OF_RANGE
   */
  consistencyProof(first: number, second = this.#size): Uint8Array[] {
    this.#requireSize(second, 1);
    if (!Number.isSafeInteger(first) || first < 1 || first > second) {
      throw new LedgerError("LOG_SIZE_OUT_OF_RANGE", `no consistency from size ${first} to size ${second}`);
    }
    const path: Uint8Array[] = [];
    let start = 0;
    let end = second;
    while (end !== first) {
      const middle = start + powerBelow(end - start);
      if (first <= middle) {
        path.push(this.#subtree(middle, end));
        end = middle;
      } else {
        path.push(this.#subtree(start, middle));
        start = middle;
      }
    }
    // The verifier knows the old root, which is this node if nothing stands to its left.
    if (start !== 0) path.push(this.#subtree(start, end));
    return path.reverse();
  }

  /** Hash of the leaves from `start` to before `end`, where `start` is a multiple of a power of two >= the width. */
  #subtree(start: number, end: number): Uint8Array {
    const width = end - start;
    const level = levelOf(width);
    if (2 ** level === width) return this.#node(level, start / width).slice();
    const middle = start + powerBelow(width);
    return nodeHash(this.#subtree(start, middle), this.#subtree(middle, end));
  }

  #node(level: number, position: number): Uint8Array {
    return this.#level(level).subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES);
  }

  #level(level: number): Uint8Array {
    return (this.#levels[level] ??= new Uint8Array(HASH_BYTES));
  }

  #store(level: number, position: number, hash: Uint8Array): void {
    let nodes = this.#level(level);
    if ((position + 1) * HASH_BYTES > nodes.length) {
      const grown = new Uint8Array(nodes.length * 2);
      grown.set(nodes);
      this.#levels[level] = nodes = grown;
    }
    nodes.set(hash, position * HASH_BYTES);
  }

  #requireSize(size: number, least: number): void {
    if (Number.isSafeInteger(size) && size >= least && size <= this.#size) return;
    throw new LedgerError("LOG_SIZE_OUT_OF_RANGE", `size ${size} is not between ${least} and ${this.#size}`);
  }

  #requireIndex(index: number, size: number): void {
    if (Number.isSafeInteger(index) && index >= 0 && index < size) return;
    throw new LedgerError("LOG_INDEX_OUT_OF_RANGE", `index ${index} is not below the size ${size}`);
  }
}

/** The least k such that 2^k >= n. */
function levelOf(n: number): number {
  return 32 - Math.clz32(n - 1);
}

/** The largest power of two below `n`, for n > 1. */
function powerBelow(n: number): number {
  return 2 ** (levelOf(n) - 1);
}
