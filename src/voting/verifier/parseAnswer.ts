import { type AffinePoint, mod, N, P } from "./curve.js";

/** One answer of a ballot, as the verifier reads it. */
export interface ParsedAnswer {
  readonly c1: readonly AffinePoint[];
  readonly c2: readonly AffinePoint[];
  readonly a1: readonly bigint[];
  readonly a2: readonly AffinePoint[];
  readonly d: AffinePoint;
  readonly e: AffinePoint;
  readonly f: readonly bigint[];
  readonly z: readonly bigint[];
  readonly w: bigint;
}

/** What keeps words from being an answer. */
export type ParseProblem = "POINT" | "ADDRESS" | "SCALAR";

/**
 * Reads the words of one answer, in their order: g ciphertexts of two points, g addresses, g + 2 points, then k + g + 1 scalars.
 *
 * @param words `8g + k + 5` words.
 * @param k Number of options.
 * @param g Number of groups.
 * @example
 * ```ts
 * const answer = parseAnswer(words, 3, 1);
 * ```
 */
export function parseAnswer(words: readonly bigint[], k: number, g: number): ParsedAnswer | ParseProblem {
  const point = (index: number) => ({ x: words[index]!, y: words[index + 1]! });
  const range = (count: number, index: (i: number) => number) => Array.from({ length: count }, (_, i) => index(i));

  const c1 = range(g, (i) => 4 * i).map(point);
  const c2 = range(g, (i) => 4 * i + 2).map(point);
  const a2 = range(g, (i) => 5 * g + 2 * i).map(point);
  const [d, e] = [point(7 * g), point(7 * g + 2)];
  if (![...c1, ...c2, ...a2, d, e].every(isOnCurve)) return "POINT";

  const a1 = words.slice(4 * g, 5 * g);
  if (a1.some((address) => address === 0n || address >> 160n !== 0n)) return "ADDRESS";

  const scalars = words.slice(7 * g + 4);
  if (scalars.some((scalar) => scalar >= N)) return "SCALAR";
  return { c1, c2, a1, a2, d, e, f: scalars.slice(0, k), z: scalars.slice(k, k + g), w: scalars[k + g]! };
}

/** Also that x is below the order: the contract's precompile takes no other. */
function isOnCurve({ x, y }: { x: bigint; y: bigint }): boolean {
  return x < N && y < P && mod(y * y, P) === mod(x * x * x + 7n, P);
}
