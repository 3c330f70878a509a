const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
/** Fewer bytes than these are copied faster one by one. */
const FEW_BYTES = 48;
/** Up to so many members insertion is the fastest way to sort. */
const FEW_MEMBERS = 16;

/** Spans of a piece of text in their order: the first and the last, and which sorted object comes behind the piece. */
interface Piece {
  head: number;
  tail: number;
  inner: number;
}

/**
 * Puts the members of JSON objects in the order of RFC 8785, section 3.2.3: by the UTF-16 code units of their keys. It is told
 * of every member while the text is read, and copies each part of the text once, at the end, however deep objects are nested.
 *
 * The text is cut into spans, chained in their new order. A member's span begins with the brace or comma before it, so that an
 * object in another order is the same bytes but for its first one, up to its closing brace.
 *
 * @example
 * ```ts
 * const order = new MemberOrder(new TextEncoder().encode('{"b":1,"a":2}'));
 * order.add(0, 4, 0, 0);
 * order.add(6, 10, 0, 0);
 * order.close(0, 12, false);
 * new TextDecoder().decode(order.write(13)); // '{"a":2,"b":1}'
 * ```
 */
export class MemberOrder {
  readonly #bytes: Uint8Array;

  /** The members of all objects that are open, the innermost last: where its separator is, where its key ends, where it was found. */
  readonly #separators: number[] = [];
  readonly #keyEnds: number[] = [];
  readonly #found: number[] = [];
  #count = 0;

  /** Spans of text: from, to before, and the number of the one that follows. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #next: number[] = [];

  /** Objects that were put in order, in the text's order, without those within another: from, to before, first and last span. */
  readonly #sorted: { from: number; to: number; head: number; tail: number }[] = [];

  /** @param bytes The text in UTF-8; its separators are written over. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The number of members of all objects that are open. */
  get count(): number {
    return this.#count;
  }

  /**
   * Notes a member of the innermost object.
   *
   * @param separator Where the brace or comma is, with the key's opening quote right behind.
   * @param keyEnd Behind the key's closing quote.
   * @param found What `close` tells of it.
   * @param first The number of the object's first member.
   * @returns Whether its key comes after that of the member before, or it is the first.
   */
  add(separator: number, keyEnd: number, found: number, first: number): boolean {
    const member = this.#count++;
    this.#separators[member] = separator;
    this.#keyEnds[member] = keyEnd;
    this.#found[member] = found;
    return member === first || this.#compare(member, member - 1) > 0;
  }

  /**
   * Ends the innermost object.
   *
   * @param first The number of its first member.
   * @param end Where its closing brace is.
   * @param isSorted Whether each key was above the one before.
   * @returns -1, or what was noted as `found` of a member whose key the object had before.
   */
  close(first: number, end: number, isSorted: boolean): number {
    if (!isSorted) {
      const order = this.#sort(first);
      for (let i = 1; i < order.length; i++) {
        const [one, other] = [order[i - 1]!, order[i]!];
        if (this.#compare(one, other) === 0) return this.#found[Math.max(one, other)]!;
      }
      this.#chain(first, end, order);
    }
    this.#count = first;
    return -1;
  }

  /**
   * The whole text in order.
   *
   * @param length Its length.
   */
  write(length: number): Uint8Array {
    if (this.#sorted.length === 0) return this.#bytes.slice(0, length);
    const written = new Uint8Array(length);
    let at = 0;
    for (let span = this.#cut(0, length, 0).head; span >= 0;) {
      const from = this.#from[span]!;
      let to = this.#to[span]!;
      // What stayed together is copied together.
      while ((span = this.#next[span]!) >= 0 && this.#from[span] === to) to = this.#to[span]!;
      if (to - from > FEW_BYTES) written.set(this.#bytes.subarray(from, to), at);
      else for (let i = from, j = at; i < to; i++, j++) written[j] = this.#bytes[i]!;
      at += to - from;
    }
    return written;
  }

  /** The numbers of the members from `first` on, by their keys. */
  #sort(first: number): number[] {
    const order: number[] = [];
    for (let member = first; member < this.#count; member++) order.push(member);
    if (order.length > FEW_MEMBERS) return order.sort((a, b) => this.#compare(a, b));
    for (let i = 1; i < order.length; i++) {
      const member = order[i]!;
      let to = i;
      while (to > 0 && this.#compare(order[to - 1]!, member) > 0) order[to] = order[--to]!;
      order[to] = member;
    }
    return order;
  }

  /** Chains the members' spans in their new order. */
  #chain(first: number, end: number, order: readonly number[]): void {
    const from = this.#separators[first]!;
    this.#bytes[from] = COMMA;
    this.#bytes[this.#separators[order[0]!]!] = OPEN_OBJECT;
    let inner = this.#sorted.length;
    while (inner > 0 && this.#sorted[inner - 1]!.from >= from) inner--;
    const objects = inner;
    const pieces: Piece[] = [];
    for (let member = first; member < this.#count; member++) {
      const to = member + 1 < this.#count ? this.#separators[member + 1]! : end;
      const piece = this.#cut(this.#separators[member]!, to, inner);
      inner = piece.inner;
      pieces.push(piece);
    }
    this.#sorted.length = objects;
    const { head, tail } = order
      .map((member) => pieces[member - first]!)
      .reduce((before, piece) => {
        this.#next[before.tail] = piece.head;
        return { head: before.head, tail: piece.tail, inner };
      });
    this.#sorted.push({ from, to: end, head, tail });
  }

  /** The spans of a piece of text, around the sorted objects within, of which `inner` is the first. */
  #cut(from: number, to: number, inner: number): Piece {
    const head = this.#span(from);
    let tail = head;
    let next = inner;
    for (; next < this.#sorted.length && this.#sorted[next]!.from < to; next++) {
      const object = this.#sorted[next]!;
      this.#to[tail] = object.from;
      this.#next[tail] = object.head;
      // What follows the object, at least its closing brace.
      tail = this.#next[object.tail] = this.#span(object.to);
    }
    this.#to[tail] = to;
    return { head, tail, inner: next };
  }

  /** A span whose end and successor are not known yet. */
  #span(from: number): number {
    const span = this.#from.length;
    this.#from.push(from);
    this.#to.push(from);
    this.#next.push(-1);
    return span;
  }

  /** Below 0 when the key of `one` comes before that of `other`, 0 when they are the same. */
  #compare(one: number, other: number): number {
    const bytes = this.#bytes;
    const toOne = this.#keyEnds[one]! - 1;
    const toOther = this.#keyEnds[other]! - 1;
    let atOne = this.#separators[one]! + 2;
    let atOther = this.#separators[other]! + 2;
    while (atOne < toOne && atOther < toOther) {
      const byte = bytes[atOne]!;
      if (byte !== bytes[atOther] || byte === BACKSLASH) {
        const difference = this.#rank(atOne) - this.#rank(atOther);
        if (difference !== 0) return difference;
        // The same escape is as long in both.
        const length = bytes[atOne + 1] === 0x75 ? 6 : 2;
        atOne += length;
        atOther += length;
      } else {
        atOne++;
        atOther++;
      }
    }
    return toOne - atOne - (toOther - atOther);
  }

  /**
   * What orders a byte of UTF-8 at the first difference as UTF-16 would: characters beyond the basic plane (leads F0 to F4),
   * written as surrogates, come before U+E000 (lead EE). An escape counts as what it means, which is below 0x80.
   */
  #rank(at: number): number {
    const byte = this.#bytes[at]!;
    if (byte === BACKSLASH) return escapedByte(this.#bytes, at) * 8;
    return byte >= 0xf0 ? 0xed * 8 + 1 + (byte - 0xf0) : byte * 8;
  }
}

/** The character that a canonical escape means: a control character, a quote or a backslash. */
function escapedByte(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] === 0x75 ? 6 : 2;
  const text = String.fromCharCode(...bytes.subarray(at, at + length));
  return (JSON.parse(`"${text}"`) as string).charCodeAt(0);
}
