import { mod, N, P } from "./curve.js";

/**
 * Whether coordinates are those of a point that the contracts take: canonical, on the curve, and with an x below the order.
 *
 * @example
 * ```ts
 * if (!isPoint(event.args)) report("no point");
 * ```
 */
export function isPoint({ x, y }: { readonly x: bigint; readonly y: bigint }): boolean {
  return x < N && y < P && mod(y * y, P) === mod(x * x * x + 7n, P);
}
