import { type CurvePoint, modOrder, modPrime, Point } from "./curve.js";
import { optionGenerator } from "./generators.js";
import { checkQuestion, optionsOfGroup, type Question } from "./question.js";
import { VotingError } from "./VotingError.js";

/** What is known of a question's result before its counts. */
export interface CountsRequest {
  readonly question: Question;
  /** For each group the decrypted sum `Σ counts_j·Γ_j`; undefined for infinity. */
  readonly sums: readonly (CurvePoint | undefined)[];
  /** The total weight of the ballots that were summed (W): no count is larger. */
  readonly totalWeight: bigint;
  /** Told how many points of how many were computed, in one search after the other. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One count or a part of one: `value · step` is added to the count of an option, 0 <= value < range. */
interface Digit {
  readonly option: number;
  readonly step: number;
  readonly range: number;
  readonly base: Point;
  /** Whether it is the whole count, which the known limit of their sum bounds. */
  readonly isWhole: boolean;
}

/** Values of all digits of a side but the last, and how far the last may go. */
interface Row {
  readonly values: readonly number[];
  readonly count: number;
}

/** The most points that one table may hold, 24 bytes each. */
const TABLE_LIMIT = 2 ** 25;
/** How many points are computed at once. */
const PIECE = 4_096;
/** Stands for infinity among x-coordinates. */
const INFINITY_KEY = -1;

/**
 * Finds the counts in a decrypted result, by Shanks's baby steps and giant steps over all options of a group at once: half of
 * the counts make a table, the other half search it. An odd count is split between both. Where the total is known the last
 * count of the last group follows from the others. The contract checks the counts; at most one solution can be known.
 *
 * @returns A count an option.
 * @throws VotingError COUNTS_NOT_FOUND when no counts within the bounds make the sums; COUNTS_OUT_OF_REACH when a table would be
 * larger than 33 million points; QUESTION_INVALID
 * @example
 * ```ts
 * const counts = decodeCounts({ question, sums, totalWeight: 100_000n });
 * ```
 */
export function decodeCounts(request: CountsRequest): bigint[] {
  const { question, sums, totalWeight } = request;
  checkQuestion(question);
  if (sums.length !== question.groups) {
    throw new VotingError("COUNTS_NOT_FOUND", `${question.groups} groups have ${sums.length} sums`);
  }
  if (totalWeight < 0n || totalWeight * BigInt(question.options) > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new VotingError("COUNTS_OUT_OF_REACH", `counts up to ${totalWeight} cannot be searched`);
  }
  const weight = Number(totalWeight);
  let left = question.approval ? Infinity : weight * question.selections;
  const counts: number[] = [];
  for (const [group, sum] of sums.entries()) {
    const [from, end] = optionsOfGroup(question, group);
    const bases = Array.from({ length: end - from }, (_, j) => optionGenerator(from + j + 1));
    const target = sum === undefined ? Point.ZERO : Point.fromAffine({ x: sum.x, y: sum.y });
    const isTotalKnown = !question.approval && group === question.groups - 1;
    const solve = isTotalKnown ? searchWithTotal : search;
    const found = solve(target, bases, weight, left, new Progress(request.onProgress));
    if (found === undefined) {
      throw new VotingError("COUNTS_NOT_FOUND", `no counts up to ${totalWeight} make the sum of group ${group}`);
    }
    counts.push(...found);
    left -= found.reduce((total, count) => total + count, 0);
  }
  return counts.map(BigInt);
}

/** Leaves the last option out: `T·Γ_u` is taken off, and every other base loses `Γ_u`. */
function searchWithTotal(
  target: Point,
  bases: readonly Point[],
  bound: number,
  total: number,
  progress: Progress,
): number[] | undefined {
  const last = bases.at(-1)!;
  const others = bases.slice(0, -1).map((base) => base.subtract(last));
  const rest = target.subtract(last.multiplyUnsafe(modOrder(BigInt(total))));
  const found = search(rest, others, bound, total, progress);
  if (found === undefined) return undefined;
  const count = total - found.reduce((sum, other) => sum + other, 0);
  return count <= bound ? [...found, count] : undefined;
}

/** Counts, each up to `bound` and together up to `limit`, whose multiples of the bases make the target. */
function search(
  target: Point,
  bases: readonly Point[],
  bound: number,
  limit: number,
  progress: Progress,
): number[] | undefined {
  if (bases.length === 0) return target.is0() ? [] : undefined;
  const whole = (option: number): Digit => {
    return { option, step: 1, range: bound + 1, base: bases[option]!, isWhole: true };
  };
  const half = Math.floor(bases.length / 2);
  const small = Array.from({ length: half }, (_, j) => whole(j));
  const large = Array.from({ length: half }, (_, j) => whole(bases.length - 1 - j));
  if (bases.length % 2 === 1) {
    const step = Math.ceil(Math.sqrt(bound + 1));
    const base = bases[half]!;
    small.unshift({ option: half, step: 1, range: step, base, isWhole: false });
    large.unshift({
      option: half,
      step,
      range: Math.ceil((bound + 1) / step),
      base: base.multiplyUnsafe(BigInt(step)),
      isWhole: false,
    });
  }

  const smallSize = sizeOf(small, limit);
  const largeSize = sizeOf(large, limit);
  if (Math.max(smallSize, largeSize) > TABLE_LIMIT) {
    throw new VotingError("COUNTS_OUT_OF_REACH", `a search in ${Math.max(smallSize, largeSize)} points is too long`);
  }
  progress.begin(smallSize + largeSize);

  const table = new KeyTable(smallSize);
  visit(Point.ZERO, small, limit, (keys) => {
    for (const key of keys) table.add(key);
    progress.advance(keys.length);
    return undefined;
  });
  const negated = large.map((digit) => ({ ...digit, base: digit.base.negate() }));
  return visit(target, negated, limit, (keys, row, first) => {
    for (const [i, key] of keys.entries()) {
      for (const ordinal of table.find(key)) {
        const counts = Array.from({ length: bases.length }, () => 0);
        addDigits(counts, small, valuesAt(small, limit, ordinal));
        addDigits(counts, large, [...row.values, first + i]);
        if (isSolution(counts, target, bases, bound, limit)) return counts;
      }
    }
    progress.advance(keys.length);
    return undefined;
  });
}

/** A key is part of an x-coordinate, which two points may share and a point shares with its negative: so this decides. */
function isSolution(
  counts: readonly number[],
  target: Point,
  bases: readonly Point[],
  bound: number,
  limit: number,
): boolean {
  if (counts.some((count) => count > bound) || counts.reduce((sum, count) => sum + count, 0) > limit) return false;
  const sum = counts.reduce((point, count, j) => point.add(bases[j]!.multiplyUnsafe(BigInt(count))), Point.ZERO);
  return sum.equals(target);
}

function addDigits(counts: number[], digits: readonly Digit[], values: readonly number[]): void {
  for (const [i, { option, step }] of digits.entries()) counts[option]! += step * values[i]!;
}

/** All rows of a side: values of its digits but the last that stay within the limit. */
function* rowsOf(digits: readonly Digit[], limit: number, values: readonly number[] = []): Generator<Row> {
  const digit = digits[values.length]!;
  const end = digit.isWhole ? Math.min(digit.range, limit + 1) : digit.range;
  if (values.length === digits.length - 1) {
    yield { values, count: end };
    return;
  }
  for (let value = 0; value < end; value++) {
    yield* rowsOf(digits, digit.isWhole ? limit - value : limit, [...values, value]);
  }
}

function sizeOf(digits: readonly Digit[], limit: number): number {
  let size = 0;
  for (const { count } of rowsOf(digits, limit)) {
    size += count;
    if (size > TABLE_LIMIT) return size;
  }
  return size;
}

function valuesAt(digits: readonly Digit[], limit: number, ordinal: number): number[] {
  let before = 0;
  for (const { values, count } of rowsOf(digits, limit)) {
    if (ordinal < before + count) return [...values, ordinal - before];
    before += count;
  }
  throw new RangeError("past the last row");
}

/**
 * Computes `start + Σ value·base` for all values of a side, piece by piece of a row, until a piece yields something.
 * A piece is the first multiples of the last base, computed once, moved by one point at the price of one inversion.
 */
function visit<T>(
  start: Point,
  digits: readonly Digit[],
  limit: number,
  use: (keys: Float64Array, row: Row, first: number) => T | undefined,
): T | undefined {
  const last = digits.at(-1)!;
  const multiples = multiplesOf(last.base, Math.min(last.range, PIECE));
  const stride = last.base.multiplyUnsafe(BigInt(PIECE));
  for (const row of rowsOf(digits, limit)) {
    let offset = row.values.reduce((sum, value, i) => {
      return sum.add(digits[i]!.base.multiplyUnsafe(BigInt(value)));
    }, start);
    for (let first = 0; first < row.count; first += PIECE) {
      const used = use(keysOfSums(offset, multiples.slice(0, row.count - first)), row, first);
      if (used !== undefined) return used;
      offset = offset.add(stride);
    }
  }
  return undefined;
}

/** The multiples 0 to `count - 1` of a point, by doubling the list: those known, moved by the last of them. */
function multiplesOf(base: Point, count: number): readonly CurvePoint[] {
  const points: CurvePoint[] = [Point.ZERO.toAffine()];
  let top = base;
  if (count > 1) points.push(base.toAffine());
  while (points.length < count) {
    const known = points.length - 1;
    const moved = sumsWith(top.toAffine(), points.slice(1, Math.min(known, count - points.length + 1)));
    for (const point of moved) points.push(point);
    top = top.double();
    if (points.length < count) points.push(top.toAffine());
  }
  return points;
}

/** Sums of a point with each of others, none of which has its x-coordinate. */
function sumsWith(point: CurvePoint, others: readonly CurvePoint[]): CurvePoint[] {
  const inverses = invertAll(others.map((other) => modPrime(other.x - point.x)));
  return others.map((other, i) => {
    const slope = modPrime((other.y - point.y) * inverses[i]!);
    const x = modPrime(slope * slope - other.x - point.x);
    return { x, y: modPrime(slope * (point.x - x) - point.y) };
  });
}

/** Keys of a point's sums with the first multiples of another; the y-coordinates are never needed. */
function keysOfSums(offset: Point, multiples: readonly CurvePoint[]): Float64Array {
  if (offset.is0()) return Float64Array.from(multiples, ({ x }, i) => (i === 0 ? INFINITY_KEY : keyOf(x)));
  const { x, y } = offset.toAffine();
  // The multiple by zero, and one that has the offset's own x-coordinate, go another way.
  const isPlain = multiples.map((other, i) => i > 0 && other.x !== x);
  const inverses = invertAll(multiples.map((other, i) => (isPlain[i] ? modPrime(other.x - x) : 1n)));
  return Float64Array.from(multiples, (other, i) => {
    if (isPlain[i]) {
      const slope = modPrime((other.y - y) * inverses[i]!);
      return keyOf(modPrime(slope * slope - other.x - x));
    }
    const sum = i === 0 ? offset : offset.add(Point.fromAffine({ x: other.x, y: other.y }));
    return sum.is0() ? INFINITY_KEY : keyOf(sum.toAffine().x);
  });
}

/** Inverts all of several numbers other than zero for the price of one inversion (Montgomery). */
function invertAll(values: readonly bigint[]): bigint[] {
  const before: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    before.push(product);
    product = modPrime(product * value);
  }
  let inverse = Point.Fp.inv(product);
  for (let i = values.length - 1; i >= 0; i--) {
    before[i] = modPrime(before[i]! * inverse);
    inverse = modPrime(inverse * values[i]!);
  }
  return before;
}

/** The 52 low bits of an x-coordinate: as many as a number holds with ease. */
function keyOf(x: bigint): number {
  return Number(BigInt.asUintN(52, x));
}

/** Keys with the order in which they came, in an open hash table of typed arrays: a Map would take five times the memory. */
class KeyTable {
  readonly #keys: Float64Array;
  readonly #ordinals: Uint32Array;
  readonly #mask: number;
  #size = 0;

  constructor(size: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(size, 1) * 2));
    this.#keys = new Float64Array(capacity);
    this.#ordinals = new Uint32Array(capacity);
    this.#mask = capacity - 1;
  }

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

const NONE: readonly number[] = [];

class Progress {
  readonly #report: CountsRequest["onProgress"];
  #done = 0;
  #total = 0;

  constructor(report: CountsRequest["onProgress"]) {
    this.#report = report;
  }

  begin(total: number): void {
    this.#total = total;
    this.#report?.(0, total);
  }

  advance(points: number): void {
    this.#done += points;
    this.#report?.(this.#done, this.#total);
  }
}
