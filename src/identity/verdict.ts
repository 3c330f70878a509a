import { STANDINGS, type Standing } from "../trust/standing.js";
import type { IAttestationRegistry } from "../typechain/contracts/identity/AttestationRegistry.js";

/**
 * How an attestation stands: `IAttestationRegistry.Status`, in its order.
 *
 * @example
 * ```ts
 * const status = STATUSES[Number(verdict.status)]; // "VALID"
 * ```
 */
export const STATUSES = [
  "UNKNOWN",
  "VALID",
  "NOT_YET_VALID",
  "EXPIRED",
  "SUSPENDED",
  "REVOKED",
  "SUPERSEDED",
  "ISSUER_SUSPENDED",
  "ISSUER_WITHDRAWN",
  "ISSUER_COMPROMISED",
] as const;

/** How an attestation stands. */
export type Status = (typeof STATUSES)[number];

/**
 * Why a record changed: `IAttestationRegistry.Reason`, in its order, which is RFC 5280's (section 5.3.1).
 *
 * @example
 * ```ts
 * const code = REASONS.indexOf("KEY_COMPROMISE"); // 1
 * ```
 */
export const REASONS = [
  "UNSPECIFIED",
  "KEY_COMPROMISE",
  "CA_COMPROMISE",
  "AFFILIATION_CHANGED",
  "SUPERSEDED",
  "CESSATION_OF_OPERATION",
  "CERTIFICATE_HOLD",
  "UNUSED",
  "REMOVE_FROM_CRL",
  "PRIVILEGE_WITHDRAWN",
  "AA_COMPROMISE",
] as const;

/** Why a record changed. */
export type Reason = (typeof REASONS)[number];

/** What `statusOf` answers, on the chain or from files. */
export interface Verdict {
  /** How the attestation stands. */
  status: Status;
  /** Why its record last changed; for a leaf UNSPECIFIED, as its reasons are in the events, unless its batch changed. */
  reason: Reason;
  /**
   * When the status began, in Unix seconds, where the record tells, for VALID the later of issue and `validFrom`, whatever
   * suspension was lifted since; 0 where only events or the trust list tell.
   */
  since: number;
  /** How the issuer stands today: an issuer withdrawn or suspended later leaves VALID. */
  issuerNow: Standing;
}

/** The record of an attestation or of a Merkle batch, with its uid; plain JSON, `IAttestationRegistry.Record`. */
export interface AttestationRecord {
  /** 32 bytes in hex. */
  uid: string;
  /** When it was issued, in Unix seconds; 0 for a uid that has no record. */
  issuedAt: number;
  /** First second no longer valid. */
  expiresAt: number;
  /** When it was revoked or superseded; 0 for not. */
  endedAt: number;
  /** Since when it is suspended; 0 for not. */
  suspendedAt: number;
  /** The issuing body's index in the trust list. */
  issuer: number;
  /** The number of the key that signed, within the body. */
  key: number;
  /** The schema's ordinal among the body's scopes. */
  role: number;
  /** Why it last changed. */
  reason: Reason;
  /** Whether it ended because another replaced it. */
  superseded: boolean;
}

/**
 * Reads a verdict as the contract gives it.
 *
 * @example
 * ```ts
 * const { status } = toVerdict(await registry.statusOf(attestation));
 * ```
 */
export function toVerdict(verdict: IAttestationRegistry.VerdictStructOutput): Verdict {
  return {
    status: STATUSES[Number(verdict.status)]!,
    reason: REASONS[Number(verdict.reason)]!,
    since: Number(verdict.since),
    issuerNow: STANDINGS[Number(verdict.issuerNow)]!,
  };
}

/**
 * Reads a record as the contract gives it.
 *
 * @example
 * ```ts
 * const record = toRecord(uid, await registry.recordOf(uid));
 * ```
 */
export function toRecord(uid: string, record: IAttestationRegistry.RecordStructOutput): AttestationRecord {
  return {
    uid,
    issuedAt: Number(record.issuedAt),
    expiresAt: Number(record.expiresAt),
    endedAt: Number(record.endedAt),
    suspendedAt: Number(record.suspendedAt),
    issuer: Number(record.issuer),
    key: Number(record.key),
    role: Number(record.role),
    reason: REASONS[Number(record.reason)]!,
    superseded: record.superseded,
  };
}
