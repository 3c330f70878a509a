import { dataLength, dataSlice } from "ethers";

import { G, mod, N, P, power, sumOfMultiples } from "./curve.js";
import { pointAddress } from "./pointAddress.js";

const SIGNATURE_LENGTH = 65;

/**
 * Whose key made a signature, as the contracts see it: of 65 bytes, with a low s.
 *
 * @param digest What was signed, 32 bytes in hexadecimal.
 * @returns The address in lower case; undefined where the signature is nobody's.
 * @example
 * ```ts
 * const isSigned = recoverSigner(digest, signature) === member.toLowerCase();
 * ```
 */
export function recoverSigner(digest: string, signature: string): string | undefined {
  if (dataLength(signature) !== SIGNATURE_LENGTH) return undefined;
  const [r, s, v] = [
    BigInt(dataSlice(signature, 0, 32)),
    BigInt(dataSlice(signature, 32, 64)),
    Number(dataSlice(signature, 64)),
  ];
  if (r === 0n || r >= N || s === 0n || s > N / 2n || (v !== 27 && v !== 28)) return undefined;
  const square = mod(r * r * r + 7n, P);
  // P is 3 mod 4.
  const root = power(square, (P + 1n) / 4n, P);
  if (mod(root * root, P) !== square) return undefined;
  const y = root % 2n === BigInt(v - 27) ? root : P - root;
  const inverse = power(r, N - 2n, N);
  const key = sumOfMultiples([
    [{ x: r, y }, mod(s * inverse, N)],
    [G, mod(-BigInt(digest) * inverse, N)],
  ]);
  return key === undefined ? undefined : pointAddress(key);
}
