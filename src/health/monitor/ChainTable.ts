import type { RecordState } from "../recordStates.js";

/**
 * What was found out about an entry while rows were compared; bits of one byte.
 *
 * @example
 * ```ts
 * if (!chain.has(entry, MARKS.CLAIMED | MARKS.ACCOUNTED)) report(chain.commitmentOf(entry));
 * ```
 */
export const MARKS = {
  /** A row has the content that was committed to. */
  CLAIMED: 1,
  /** A row that was reported stands in its place. */
  ACCOUNTED: 2,
  /** Another provider anchored it. */
  FOREIGN: 4,
  /** It came or changed while the database was read: whatever the database says of it is right. */
  LATE: 8,
  /** The index names it, though no row has it. */
  INDEXED: 16,
} as const;

const COMMITMENT_BYTES = 32;
const FIRST_CAPACITY = 1_024;

/** The states in the order in which one follows another: a commitment that was anchored twice stands as its furthest. */
const ORDER: readonly RecordState[] = ["UNKNOWN", "CURRENT", "SUPERSEDED", "ENTERED_IN_ERROR", "ERASED"];

/**
 * What the chain holds, in this process, for Node alone: a hash table in a few flat arrays, some 48 bytes an entry. Not a table
 * in the database, however temporary: the database is what is under suspicion. So the monitor needs no right but to read, and works
 * on a replica.
 *
 * @example
 * ```ts
 * const chain = new ChainTable();
 * chain.add(commitment, { state: "CURRENT", kind: 97, isForeign: false, isLate: false });
 * const entry = chain.find(commitment);
 * ```
 */
export class ChainTable {
  #size = 0;
  #commitments = Buffer.alloc(FIRST_CAPACITY * COMMITMENT_BYTES);
  #states = new Uint8Array(FIRST_CAPACITY);
  #marks = new Uint8Array(FIRST_CAPACITY);
  #kinds = new Uint16Array(FIRST_CAPACITY);
  /** Entry and one, or 0; open addressing, half full at most. */
  #slots = new Uint32Array(2 * FIRST_CAPACITY);
  /** A word for each value of each byte. Others choose what they anchor, and must not choose where it is looked for. */
  readonly #table = crypto.getRandomValues(new Uint32Array(COMMITMENT_BYTES * 256));

  get size(): number {
    return this.#size;
  }

  /**
   * Adds what the chain says of a commitment, or takes the further of its states. What the provider anchored itself counts,
   * whatever another one anchored of the same bytes.
   */
  add(commitment: Uint8Array, record: { state: RecordState; kind: number; isForeign: boolean; isLate: boolean }): void {
    const state = ORDER.indexOf(record.state);
    const slot = this.#slotOf(commitment);
    const found = (this.#slots[slot] ?? 0) - 1;
    const isNew = found < 0;
    if (!isNew && record.isForeign) return;
    const entry = isNew ? this.#append(commitment, slot) : found;
    const isNews = isNew || this.has(entry, MARKS.FOREIGN) || state > this.#states[entry]!;
    if (isNews) {
      this.#states[entry] = state;
      this.#kinds[entry] = record.kind;
    }
    const kept = this.#marks[entry]! & ~MARKS.FOREIGN;
    this.#marks[entry] = kept | (record.isForeign ? MARKS.FOREIGN : 0) | (record.isLate && isNews ? MARKS.LATE : 0);
  }

  /** The entry of a commitment, or -1. */
  find(commitment: Uint8Array): number {
    return commitment.length === COMMITMENT_BYTES ? this.#slots[this.#slotOf(commitment)]! - 1 : -1;
  }

  commitmentOf(entry: number): Uint8Array {
    return this.#commitments.subarray(entry * COMMITMENT_BYTES, (entry + 1) * COMMITMENT_BYTES);
  }

  stateOf(entry: number): RecordState {
    return ORDER[this.#states[entry] ?? 0] ?? "UNKNOWN";
  }

  kindOf(entry: number): number {
    return this.#kinds[entry] ?? 0;
  }

  has(entry: number, mark: number): boolean {
    return ((this.#marks[entry] ?? 0) & mark) !== 0;
  }

  mark(entry: number, mark: number): void {
    this.#marks[entry]! |= mark;
  }

  /** The slot that holds the commitment, or the free one where it belongs. */
  #slotOf(commitment: Uint8Array): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(commitment) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]! - 1;
      if (entry < 0) return slot;
      const at = entry * COMMITMENT_BYTES;
      if (this.#commitments.compare(commitment, 0, COMMITMENT_BYTES, at, at + COMMITMENT_BYTES) === 0) return slot;
    }
  }

  #append(commitment: Uint8Array, slot: number): number {
    const entry = this.#size++;
    if (entry === this.#states.length) this.#grow();
    this.#commitments.set(commitment, entry * COMMITMENT_BYTES);
    if (2 * this.#size > this.#slots.length) this.#rehash();
    else this.#slots[slot] = entry + 1;
    return entry;
  }

  #grow(): void {
    const capacity = 2 * this.#states.length;
    const commitments = Buffer.alloc(capacity * COMMITMENT_BYTES);
    commitments.set(this.#commitments);
    this.#commitments = commitments;
    this.#states = copyInto(new Uint8Array(capacity), this.#states);
    this.#marks = copyInto(new Uint8Array(capacity), this.#marks);
    this.#kinds = copyInto(new Uint16Array(capacity), this.#kinds);
  }

  #rehash(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let entry = 0; entry < this.#size; entry++) this.#slots[this.#slotOf(this.commitmentOf(entry))] = entry + 1;
  }

  /**
   * Simple tabulation with random tables (Pătraşcu and Thorup, The Power of Simple Tabulation Hashing, J. ACM 59, 2012), which
   * keeps linear probing short whatever is looked for by those who do not see the tables.
   */
  #hash(commitment: Uint8Array): number {
    let hash = 0;
    for (let i = 0; i < COMMITMENT_BYTES; i++) hash ^= this.#table[(i << 8) | commitment[i]!]!;
    return hash >>> 0;
  }
}

function copyInto<T extends Uint8Array | Uint16Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
