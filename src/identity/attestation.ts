import { AbiCoder, keccak256 } from "ethers";

import type { StatusBits } from "../ledger/statusBits.js";
import { IdentityError } from "./IdentityError.js";

/**
 * Time without end, as the contracts write it: the largest 40-bit number of seconds.
 *
 * @example
 * ```ts
 * const grant = { from: now, until: NO_END };
 * ```
 */
export const NO_END = 2 ** 40 - 1;

/** An attestation as its holder presents it; plain JSON, as `IAttestationRegistry.Attestation`. */
export interface Attestation {
  /** The issuing body's index in the trust list. */
  issuer: number;
  /** What kind it is, and the scope of its issuer's accreditation: 32 bytes in hex. */
  schema: string;
  /** A pseudonym or salted hash, of this domain alone: 32 bytes in hex. */
  subject: string;
  /** Root of the salted claims, as `commitmentOf` gives it: 32 bytes in hex. */
  commitment: string;
  /** First second of validity, in Unix seconds. */
  validFrom: number;
  /** First second no longer valid, in Unix seconds; `NO_END` for none. */
  expiresAt: number;
}

/** What an issuer sends for one attestation: nothing of its subject or claims. */
export interface Item {
  /** As `contentOf` gives it: 32 bytes in hex. */
  content: string;
  /** First second no longer valid, in Unix seconds. */
  expiresAt: number;
}

/** A Merkle batch: one record for any number of attestations. */
export interface Batch {
  /** The issuing body's index in the trust list. */
  issuer: number;
  /** What kind they are: 32 bytes in hex. */
  schema: string;
  /** Root over the leaves: 32 bytes in hex. */
  root: string;
  /** Number of leaves. */
  size: number;
  /** Bits a leaf in the batch's status list: 1 (revoked) or 2 (revoked, suspended, superseded). */
  bits: StatusBits;
}

/** Where an attestation stands in a Merkle batch. */
export interface Membership {
  root: string;
  size: number;
  bits: StatusBits;
  /** The leaf's number, from 0: its entry in the batch's status list. */
  index: number;
  /** Siblings from the leaf up, 32 bytes each in hex. */
  proof: string[];
}

/**
 * What an issuer sends in place of subject, commitment and start: `keccak256(abi.encode(subject, commitment, validFrom))`.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const content = contentOf({ subject, commitment, validFrom: 1_767_225_600 });
 * ```
 */
export function contentOf(attestation: Pick<Attestation, "subject" | "commitment" | "validFrom">): string {
  const { subject, commitment, validFrom } = attestation;
  return hash(["bytes32", "bytes32", "uint40"], [subject, commitment, validFrom]);
}

/**
 * The item that an issuer sends for an attestation.
 *
 * @throws IdentityError ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const items = attestations.map(itemOf);
 * ```
 */
export function itemOf(attestation: Omit<Attestation, "issuer" | "schema">): Item {
  return { content: contentOf(attestation), expiresAt: attestation.expiresAt };
}

/**
 * The uid under which the registry keeps an attestation that was issued singly:
 * `keccak256(abi.encode(issuer, schema, content, expiresAt))`.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const uid = uidOf(attestation);
 * ```
 */
export function uidOf(attestation: Attestation): string {
  return uid(attestation.issuer, attestation.schema, contentOf(attestation), attestation.expiresAt);
}

/**
 * The uid under which the registry keeps a Merkle batch: `keccak256(abi.encode(issuer, schema, root, size, bits))`.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const uid = batchUidOf({ issuer: 3, schema, root, size: 1_024, bits: 2 });
 * ```
 */
export function batchUidOf(batch: Batch): string {
  const { issuer, schema, root, size, bits } = batch;
  return hash(["uint32", "bytes32", "bytes32", "uint32", "uint8"], [issuer, schema, root, size, bits]);
}

/**
 * The leaf of an attestation in a Merkle batch: `keccak256(keccak256(abi.encode(index, content, expiresAt)))`.
 *
 * @param attestation The attestation.
 * @param index The leaf's number, from 0.
 * @returns 32 bytes in hex.
 * @throws IdentityError ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const leaf = leafOf(attestation, 7);
 * ```
 */
export function leafOf(attestation: Omit<Attestation, "issuer" | "schema">, index: number): string {
  const { content, expiresAt } = itemOf(attestation);
  return keccak256(hash(["uint32", "bytes32", "uint40"], [index, content, expiresAt]));
}

function uid(issuer: number, schema: string, content: string, expiresAt: number): string {
  return hash(["uint32", "bytes32", "bytes32", "uint40"], [issuer, schema, content, expiresAt]);
}

function hash(types: string[], values: unknown[]): string {
  try {
    return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  } catch (error) {
    throw new IdentityError("ATTESTATION_MALFORMED", "a value is missing, too large or of the wrong kind", {
      cause: error,
    });
  }
}
