import { concat, sha256, toBeHex, toUtf8Bytes } from "ethers";

import { type AffinePoint, G, mod, N, P, power } from "./curve.js";

const known = new Map<string, AffinePoint>();

/**
 * A generator, derived again by the verifier itself: K, or Γ of an option counted from 1; Γ_1 is the base point.
 *
 * @example
 * ```ts
 * const K = generatorPoint("K");
 * ```
 */
export function generatorPoint(name: string): AffinePoint {
  if (name === "1") return G;
  let point = known.get(name);
  for (let counter = 0; point === undefined; counter++) {
    const x = BigInt(sha256(concat([toUtf8Bytes(`diwan/generator/v1/${name}`), toBeHex(counter, 1)])));
    const square = mod(x * x * x + 7n, P);
    const root = power(square, (P + 1n) / 4n, P);
    if (x < N && (root * root) % P === square) point = { x, y: root % 2n === 0n ? root : P - root };
  }
  known.set(name, point);
  return point;
}
