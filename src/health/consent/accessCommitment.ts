import { AbiCoder, id, keccak256 } from "ethers";

import { HealthError } from "../HealthError.js";

/** What a provider keeps of an access and shows to the patient, with the salt that hides it. Plain JSON. */
export interface AccessOpening {
  /** 32 random bytes in hex, of this access alone. */
  salt: string;
  /** Who accessed the data within the recipient, such as a professional's number. */
  professional: string;
  /** What was accessed, by the records' ids at the provider. */
  records: string[];
  /** Why, in the professional's words or codes. */
  reason: string;
}

/**
 * The commitment to the details of an access, which the log keeps. Whoever is shown the opening can check it; once all
 * copies of the salt are destroyed, the commitment tells nothing.
 *
 * @param opening The details; the order of the records counts.
 * @returns `keccak256(abi.encode(keccak256("diwan/access/v1"), salt, string professional, string[] records, string
 * reason))`, 32 bytes in hex.
 * @throws HealthError ACCESS_MALFORMED
 * @example
 * ```ts
 * const opening = { salt: newSalt(), professional: "1234567", records: ["obs-1"], reason: "follow-up" };
 * await registry.logAccess(patient, scope, purposeBit("TREAT"), accessCommitment(opening));
 * ```
 */
export function accessCommitment({ salt, professional, records, reason }: AccessOpening): string {
  try {
    const types = ["bytes32", "bytes32", "string", "string[]", "string"];
    const values = [id("diwan/access/v1"), salt, professional, records, reason];
    return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  } catch {
    // Without the cause: it can hold the salt.
    throw new HealthError("ACCESS_MALFORMED", "the salt is not 32 bytes in hex, or a detail of the access is no text");
  }
}
