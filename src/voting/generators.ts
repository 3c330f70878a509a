import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { type CurvePoint, modPrime, ORDER, Point, PRIME } from "./curve.js";
import { VotingError } from "./VotingError.js";
import { wordOf } from "./words.js";

/** The most options that a question may have: there is a generator for each. */
export const MAX_OPTIONS = 32;

const TAG = "diwan/generator/v1/";

/** Bits that a table of multiples takes at once: 6 make a multiplication a fifth quicker, and the first ballot nearly twice as slow. */
const WINDOW = 4;

const optionGenerators: (Point | undefined)[] = [];
const keys: { point: CurvePoint; table: Point }[] = [];
let blinding: Point | undefined;

/**
 * Derives a generator from its name, so that nobody knows a relation of it to another: the first
 * `x = sha256("diwan/generator/v1/" ‖ name ‖ counter)`, with a counter of one byte from 0, that is below the order and the
 * x-coordinate of a point; of the two points the one with even y.
 *
 * @param name "K", or the number of an option, from "2".
 * @example
 * ```ts
 * const { x } = deriveGenerator("K");
 * ```
 */
export function deriveGenerator(name: string): CurvePoint {
  for (let counter = 0; ; counter++) {
    const x = wordOf(sha256(concatBytes(utf8ToBytes(TAG + name), Uint8Array.of(counter))), 0);
    const y = x < ORDER ? evenRoot(modPrime(x ** 3n + 7n)) : undefined;
    if (y !== undefined) return { x, y };
  }
}

/**
 * The generator of an option, Γ_1 to Γ_32, with a table of multiples once it is used; Γ_1 is the curve's base point.
 *
 * @param number The option's number, counted from 1.
 * @throws VotingError OPTION_OUT_OF_RANGE
 * @example
 * ```ts
 * const vote = optionGenerator(3);
 * ```
 */
export function optionGenerator(number: number): Point {
  if (!Number.isInteger(number) || number < 1 || number > MAX_OPTIONS) {
    throw new VotingError("OPTION_OUT_OF_RANGE", `option ${number} is not from 1 to ${MAX_OPTIONS}`);
  }
  if (number === 1) return Point.BASE;
  return (optionGenerators[number] ??= withTable(deriveGenerator(String(number))));
}

/**
 * The generator K that blinds a proof's commitments. It is not the election's key: all trustees together know that one's
 * logarithm, and could prove anything with it.
 *
 * @example
 * ```ts
 * const commitment = blindingGenerator().multiply(gamma);
 * ```
 */
export function blindingGenerator(): Point {
  return (blinding ??= withTable(deriveGenerator("K")));
}

/**
 * An election's key as a point with a table of multiples. The last few keys are kept.
 *
 * @param key The key, a point of the curve.
 * @example
 * ```ts
 * const H = keyWithTable(statement.key);
 * ```
 */
export function keyWithTable(key: CurvePoint): Point {
  const known = keys.find(({ point }) => point.x === key.x && point.y === key.y);
  if (known !== undefined) return known.table;
  const table = withTable(key);
  keys.push({ point: { x: key.x, y: key.y }, table });
  if (keys.length > 4) keys.shift();
  return table;
}

function withTable(point: CurvePoint): Point {
  return Point.fromAffine({ x: point.x, y: point.y }).precompute(WINDOW);
}

/** The even square root modulo the field's prime, which is 3 modulo 4. */
function evenRoot(square: bigint): bigint | undefined {
  const root = Point.Fp.pow(square, (PRIME + 1n) / 4n);
  if (modPrime(root * root) !== square) return undefined;
  return root % 2n === 0n ? root : PRIME - root;
}
