/**
 * The verifier's own arithmetic on secp256k1: plain textbook formulas on bigint, shared with nobody. It verifies what is public
 * and keeps no secret: its time depends on its inputs.
 */

/** An affine point; undefined is infinity. */
export type AffinePoint = { readonly x: bigint; readonly y: bigint } | undefined;

/** The field's prime. SEC 2, section 2.4.1. */
export const P = 2n ** 256n - 2n ** 32n - 977n;

/** The order of the base point. SEC 2, section 2.4.1. */
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The base point. SEC 2, section 2.4.1. */
export const G = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
};

/** `x = X / Z²`, `y = Y / Z³`; `Z = 0` is infinity. */
interface JacobianPoint {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
}

const INFINITY: JacobianPoint = { X: 1n, Y: 1n, Z: 0n };

/**
 * The sum of multiples of points.
 *
 * @param terms Points and their factors, of any sign and size.
 * @example
 * ```ts
 * const difference = sumOfMultiples([[G, z], [c1, -x]]);
 * ```
 */
export function sumOfMultiples(terms: readonly (readonly [AffinePoint, bigint])[]): AffinePoint {
  const reduced = terms.map(([point, factor]) => [point, mod(factor, N)] as const);
  let sum = INFINITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = double(sum);
    for (const [point, factor] of reduced) if (((factor >> bit) & 1n) === 1n) sum = add(sum, point);
  }
  return toAffine(sum);
}

/**
 * Whether two points are the same.
 *
 * @example
 * ```ts
 * if (!isSamePoint(left, right)) refuse();
 * ```
 */
export function isSamePoint(a: AffinePoint, b: AffinePoint): boolean {
  return a?.x === b?.x && a?.y === b?.y;
}

/**
 * The remainder that is never negative.
 *
 * @example
 * ```ts
 * const x = mod(value, N);
 * ```
 */
export function mod(value: bigint, modulus: bigint): bigint {
  return ((value % modulus) + modulus) % modulus;
}

/**
 * The power of a number modulo another.
 *
 * @example
 * ```ts
 * const root = power(square, (P + 1n) / 4n, P);
 * ```
 */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = mod(base, modulus);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function double({ X, Y, Z }: JacobianPoint): JacobianPoint {
  if (Z === 0n) return INFINITY;
  const y2 = mod(Y * Y, P);
  const s = mod(4n * X * y2, P);
  const m = mod(3n * X * X, P);
  const x = mod(m * m - 2n * s, P);
  return { X: x, Y: mod(m * (s - x) - 8n * y2 * y2, P), Z: mod(2n * Y * Z, P) };
}

/** Complete: also where the points are the same, or each other's negatives. */
function add(sum: JacobianPoint, point: AffinePoint): JacobianPoint {
  if (point === undefined) return sum;
  if (sum.Z === 0n) return { X: point.x, Y: point.y, Z: 1n };
  const z2 = mod(sum.Z * sum.Z, P);
  const h = mod(point.x * z2 - sum.X, P);
  const r = mod(point.y * z2 * sum.Z - sum.Y, P);
  if (h === 0n) return r === 0n ? double(sum) : INFINITY;
  const h2 = mod(h * h, P);
  const h3 = mod(h * h2, P);
  const v = mod(sum.X * h2, P);
  const x = mod(r * r - h3 - 2n * v, P);
  return { X: x, Y: mod(r * (v - x) - sum.Y * h3, P), Z: mod(sum.Z * h, P) };
}

function toAffine({ X, Y, Z }: JacobianPoint): AffinePoint {
  if (Z === 0n) return undefined;
  const inverse = power(Z, P - 2n, P);
  const square = mod(inverse * inverse, P);
  return { x: mod(X * square, P), y: mod(Y * square * inverse, P) };
}
