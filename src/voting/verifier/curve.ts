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

/** Bits of a digit where a point's multiples are kept. */
const TABLE_BITS = 6n;
/** Bits of a digit elsewhere. */
const WINDOW_BITS = 4n;
const tables = new WeakMap<object, readonly (readonly AffinePoint[])[]>();

/**
 * Keeps multiples of a point that many sums have: sums with this very object take a fifth of the time. Costs as much as some
 * twenty multiplications.
 *
 * @example
 * ```ts
 * keepMultiples(key);
 * ```
 */
export function keepMultiples(point: AffinePoint): void {
  if (point === undefined || tables.has(point)) return;
  const [digits, size] = [Number((256n + TABLE_BITS - 1n) / TABLE_BITS), 2 ** Number(TABLE_BITS)];
  const rows: JacobianPoint[][] = [];
  let base: AffinePoint = point;
  for (let digit = 0; digit < digits; digit++) {
    const row = [INFINITY];
    while (row.length < size) row.push(add(row.at(-1)!, base));
    rows.push(row);
    base = toAffine(add(row.at(-1)!, base));
  }
  const affine = allToAffine(rows.flat());
  const table = rows.map((_, digit) => affine.slice(size * digit, size * (digit + 1)));
  tables.set(point, table);
}

/**
 * The sum of multiples of points: digit by digit over all points at once (Straus), without doublings for those whose multiples
 * are kept.
 *
 * @param terms Points and their factors, of any sign and size.
 * @example
 * ```ts
 * const difference = sumOfMultiples([[G, z], [c1, -x]]);
 * ```
 */
export function sumOfMultiples(terms: readonly (readonly [AffinePoint, bigint])[]): AffinePoint {
  const kept: [readonly (readonly AffinePoint[])[], bigint][] = [];
  const others: [AffinePoint, bigint][] = [];
  for (const [point, factor] of terms) {
    const reduced = mod(factor, N);
    if (point === undefined || reduced === 0n) continue;
    const table = tables.get(point);
    if (table === undefined) others.push([point, reduced]);
    else kept.push([table, reduced]);
  }
  const size = 2 ** Number(WINDOW_BITS);
  const multiples = allToAffine(others.flatMap(([point]) => multiplesOf(point, size)));
  let sum = INFINITY;
  const longest = others.reduce((most, [, factor]) => Math.max(most, factor.toString(16).length), 0);
  for (let digit = longest - 1; digit >= 0; digit--) {
    for (let i = 0n; i < WINDOW_BITS; i++) sum = double(sum);
    for (const [i, [, factor]] of others.entries()) {
      const value = Number((factor >> (WINDOW_BITS * BigInt(digit))) & (2n ** WINDOW_BITS - 1n));
      if (value !== 0) sum = add(sum, multiples[size * i + value]);
    }
  }
  for (const [table, factor] of kept) {
    let left = factor;
    for (const row of table) {
      sum = add(sum, row[Number(left & (2n ** TABLE_BITS - 1n))]);
      left >>= TABLE_BITS;
    }
  }
  return toAffine(sum);
}

/**
 * The sum of points, also of the same and of opposite ones.
 *
 * @example
 * ```ts
 * const key = sumOfPoints(constantTerms);
 * ```
 */
export function sumOfPoints(points: readonly AffinePoint[]): AffinePoint {
  return toAffine(points.reduce<JacobianPoint>((sum, point) => add(sum, point), INFINITY));
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
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
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

function multiplesOf(point: AffinePoint, size: number): JacobianPoint[] {
  const multiples = [INFINITY];
  while (multiples.length < size) multiples.push(add(multiples.at(-1)!, point));
  return multiples;
}

/** With one inversion for all. */
function allToAffine(points: readonly JacobianPoint[]): AffinePoint[] {
  const products: bigint[] = [];
  let product = 1n;
  for (const { Z } of points) {
    products.push(product);
    if (Z !== 0n) product = mod(product * Z, P);
  }
  let inverse = power(product, P - 2n, P);
  const affine: AffinePoint[] = [];
  for (let i = points.length - 1; i >= 0; i--) {
    const { X, Y, Z } = points[i]!;
    if (Z === 0n) continue;
    const own = mod(inverse * products[i]!, P);
    inverse = mod(inverse * Z, P);
    const square = mod(own * own, P);
    affine[i] = { x: mod(X * square, P), y: mod(mod(Y * square, P) * own, P) };
  }
  return Array.from({ length: points.length }, (_, i) => affine[i]);
}
