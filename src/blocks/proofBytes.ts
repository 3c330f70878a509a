import { hexToBytes } from "@noble/hashes/utils.js";
import type { BytesLike } from "ethers";

import { ChainProofError, type ChainProofErrorCode } from "./ChainProofError.js";

/**
 * Bytes that a file gives as they are or as `0x` and hexadecimal digits.
 *
 * @throws {@link ChainProofError} with the code given (`INPUT_MALFORMED` without one) for all else, or for another length
 * than the one asked.
 *
 * @example
 * ```ts
 * const root = proofBytes(header.stateRoot, "the state root", 32);
 * ```
 */
export function proofBytes(
  value: BytesLike,
  what: string,
  length?: number,
  code: ChainProofErrorCode = "INPUT_MALFORMED",
): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : fromHex(value);
  if (bytes === undefined) throw new ChainProofError(code, `${what} is not 0x and hexadecimal digits in pairs`);
  if (length !== undefined && bytes.length !== length) {
    throw new ChainProofError(code, `${what} has ${bytes.length} bytes, not ${length}`);
  }
  return bytes;
}

function fromHex(value: unknown): Uint8Array | undefined {
  if (typeof value !== "string" || !value.startsWith("0x")) return undefined;
  try {
    return hexToBytes(value.slice(2));
  } catch {
    return undefined;
  }
}
