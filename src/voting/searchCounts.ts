import { Point } from "./curve.js";
import { KeyTable } from "./KeyTable.js";
import { keysOfSums, multiplesOf } from "./pointMultiples.js";
import { VotingError } from "./VotingError.js";

/** What to search. */
export interface CountsSearch {
  /** The point that the counts make: `Σ counts_j·bases_j`. */
  readonly target: Point;
  readonly bases: readonly Point[];
  /** The largest that a count may be. */
  readonly bound: number;
  /** The largest that all counts together may be; Infinity where nothing is known. */
  readonly limit: number;
  /** Told how many points of how many at most were computed. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
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

/** The most points that one half may have: a table of them takes 24 bytes each. */
const TABLE_LIMIT = 2 ** 25;
/** How many points are computed at once. */
const PIECE = 4_096;

/**
 * Finds counts whose multiples of the bases make a point, by baby steps and giant steps: the first half of the counts make a
 * table, the other half search it, and an odd one is split between both. Takes about `(bound + 1)^(bases / 2)` points twice.
 *
 * @returns A count a base, or nothing where there are none within the bounds.
 * @throws VotingError COUNTS_OUT_OF_REACH when a half would have more than 33 million points.
 * @example
 * ```ts
 * const counts = searchCounts({ target, bases, bound: 1_000, limit: 1_000 });
 * ```
 */
export function searchCounts(task: CountsSearch): number[] | undefined {
  const { target, bases, bound, limit } = task;
  if (bases.length === 0) return target.is0() ? [] : undefined;
  const [small, large] = sidesOf(bases, bound);
  const smallSize = sizeOf(small, limit);
  const largeSize = sizeOf(large, limit);
  if (Math.max(smallSize, largeSize) > TABLE_LIMIT) {
    throw new VotingError("COUNTS_OUT_OF_REACH", `a search in ${Math.max(smallSize, largeSize)} points is too long`);
  }
  const total = smallSize + largeSize;
  let done = 0;
  const advance = (points: number) => {
    done += points;
    task.onProgress?.(done, total);
  };
  advance(0);

  const table = new KeyTable(smallSize);
  visit(Point.ZERO, small, limit, (keys) => {
    for (const key of keys) table.add(key);
    advance(keys.length);
    return undefined;
  });
  const negated = large.map((digit) => ({ ...digit, base: digit.base.negate() }));
  return visit(target, negated, limit, (keys, row, first) => {
    for (const [i, key] of keys.entries()) {
      for (const ordinal of table.find(key)) {
        const counts = Array.from({ length: bases.length }, () => 0);
        addDigits(counts, small, valuesAt(small, limit, ordinal));
        addDigits(counts, large, [...row.values, first + i]);
        if (isSolution(task, counts)) return counts;
      }
    }
    advance(keys.length);
    return undefined;
  });
}

/** The digits of both halves; the one that is split comes first, so that rows are long. */
function sidesOf(bases: readonly Point[], bound: number): [small: Digit[], large: Digit[]] {
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
  return [small, large];
}

/** A key is part of an x-coordinate, which two points may share and a point shares with its negative: so this decides. */
function isSolution({ target, bases, bound, limit }: CountsSearch, counts: readonly number[]): boolean {
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
