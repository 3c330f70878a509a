const NONE: readonly number[] = [];

/**
 * Numbers with the order in which they came, in an open hash table of typed arrays: a Map would take five times the memory.
 *
 * @example
 * ```ts
 * const table = new KeyTable(2);
 * table.add(7);
 * table.find(7); // [0]
 * ```
 */
export class KeyTable {
  readonly #keys: Float64Array;
  readonly #ordinals: Uint32Array;
  readonly #mask: number;
  #size = 0;

  /** @param size How many numbers will be added. */
  constructor(size: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(size, 1) * 2));
    this.#keys = new Float64Array(capacity);
    this.#ordinals = new Uint32Array(capacity);
    this.#mask = capacity - 1;
  }

  /** Adds a whole number; the same one may come again. */
  add(key: number): void {
    let slot = key & this.#mask;
    while (this.#ordinals[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = key;
    this.#size += 1;
    this.#ordinals[slot] = this.#size;
  }

  /** The ordinals of all entries with a key, counted from 0. */
  find(key: number): readonly number[] {
    let slot = key & this.#mask;
    if (this.#ordinals[slot] === 0) return NONE;
    const found: number[] = [];
    for (; this.#ordinals[slot] !== 0; slot = (slot + 1) & this.#mask) {
      if (this.#keys[slot] === key) found.push(this.#ordinals[slot]! - 1);
    }
    return found;
  }
}
