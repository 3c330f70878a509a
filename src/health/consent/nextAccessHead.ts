import { AbiCoder, keccak256 } from "ethers";

import type { AccessEvent } from "./patientEvents.js";

const TYPES = ["uint224", "uint32", "uint32", "uint8", "bytes32", "uint32", "uint40", "bytes32"];

/**
 * The head of a patient's chain of accesses after one more access, as `IAccessLog` computes it.
 *
 * @param head The head before; 0 at first.
 * @param access The access, with its block's time.
 * @example
 * ```ts
 * const head = accesses.reduce(nextAccessHead, 0n);
 * ```
 */
export function nextAccessHead(
  head: bigint,
  access: Omit<AccessEvent, "what" | "block" | "index" | "transaction">,
): bigint {
  const { recipient, key, purpose, basis, version, time, commitment } = access;
  const values = [head, recipient, key, purpose, basis, version, time, commitment];
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(TYPES, values))) & (2n ** 224n - 1n);
}
