import { AbiCoder, id, keccak256 } from "ethers";

import { newSalt } from "../claims.js";
import { IdentityError } from "../IdentityError.js";
import { canonicalJson, type Json } from "../json.js";

/**
 * What a citizen applies for; plain JSON, kept by the citizen and handed over at the counter. The chain is told its
 * commitment alone; once all copies of the salt are destroyed, that says nothing any more.
 */
export interface Application {
  /** Who applies: an address for this purpose alone, since it stands in the calldata of the request. */
  applicant: string;
  /** The office that is to confirm it: its index in the trust list. */
  office: number;
  /** What kind of attestation: 32 bytes in hex. */
  schema: string;
  /** 32 random bytes in hex, of this application alone. */
  salt: string;
  /** What is applied for, in the form's own words. */
  details: Json;
}

/** Keeps an application's commitment apart from any other hash. */
const TAG = id("diwan.application");

const abi = AbiCoder.defaultAbiCoder();

/**
 * An application with a salt of its own.
 *
 * @param application All but the salt.
 * @throws IdentityError APPLICATION_MALFORMED
 * @example
 * ```ts
 * const application = newApplication({ applicant: wallet.address, office, schema, details: { residence: "Zug" } });
 * ```
 */
export function newApplication(application: Omit<Application, "salt">): Application {
  const whole = { ...application, salt: newSalt() };
  requestIdOf(whole);
  return whole;
}

/**
 * What the chain is told of an application:
 * `keccak256(abi.encode(keccak256("diwan.application"), bytes32 salt, string details))`, the details as RFC 8785 JSON.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError APPLICATION_MALFORMED
 * @example
 * ```ts
 * const commitment = applicationCommitment(application);
 * ```
 */
export function applicationCommitment({ salt, details }: Pick<Application, "salt" | "details">): string {
  return hash(["bytes32", "bytes32", "string"], () => [TAG, salt, canonicalJson(details)]);
}

/**
 * The id of the request that an application makes: `keccak256(abi.encode(applicant, office, schema, commitment))`.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError APPLICATION_MALFORMED
 * @example
 * ```ts
 * const { state } = await requestStatus(enrolment, requestIdOf(application));
 * ```
 */
export function requestIdOf(application: Application): string {
  const { applicant, office, schema } = application;
  const commitment = applicationCommitment(application);
  return hash(["address", "uint32", "bytes32", "bytes32"], () => [applicant, office, schema, commitment]);
}

function hash(types: string[], values: () => unknown[]): string {
  try {
    return keccak256(abi.encode(types, values()));
  } catch {
    // Without the cause: it can hold the salt.
    throw new IdentityError(
      "APPLICATION_MALFORMED",
      "applicant is an address, office below 2^32, schema and salt 32 bytes in hex, details JSON; one is not",
    );
  }
}
