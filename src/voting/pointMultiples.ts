import { type CurvePoint, modPrime, Point } from "./curve.js";

/** Stands for infinity among keys. */
const INFINITY_KEY = -1;

/**
 * The multiples 0 to `count - 1` of a point, by doubling the list: those known, moved by the last of them. The first, which is
 * infinity, stands as (0, 0).
 *
 * @example
 * ```ts
 * const multiples = multiplesOf(optionGenerator(2), 4_096);
 * ```
 */
export function multiplesOf(base: Point, count: number): readonly CurvePoint[] {
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

/**
 * Keys of a point's sums with the first multiples of another, at the price of one inversion; the y-coordinates are never needed.
 * A key is the 52 low bits of the x-coordinate, -1 for infinity: equal points have equal keys, but not the other way around.
 *
 * @param offset The point.
 * @param multiples What multiplesOf gives, or its first part.
 * @example
 * ```ts
 * const keys = keysOfSums(start, multiples);
 * ```
 */
export function keysOfSums(offset: Point, multiples: readonly CurvePoint[]): Float64Array {
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
