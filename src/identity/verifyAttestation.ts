import { getBytes, isHexString } from "ethers";

import { sameBytes } from "../ledger/sameBytes.js";
import { getStatus, StatusCode } from "../ledger/statusBits.js";
import { standingOf, type TrustHistory } from "../trust/history.js";
import type { Standing } from "../trust/standing.js";
import { batchUidOf, leafOf, NO_END, uidOf, type Attestation, type Membership } from "./attestation.js";
import { IdentityError } from "./IdentityError.js";
import { merkleRootOfProof } from "../ledger/merkleTree.js";
import type { AttestationRecord, Status, Verdict } from "./verdict.js";

/** All that a verdict needs, from files alone. */
export interface Evidence {
  /** What the holder presents. */
  attestation: Attestation;
  /** Where it stands in its batch, if it was issued in one. */
  membership?: Membership;
  /**
   * The record of the attestation, or of its batch, as the registry kept it; left out if it has none. Taken as given where
   * nothing contradicts it: it is as true and as fresh as where it comes from.
   */
  record?: AttestationRecord;
  /** The batch's status list, first entry left-most, as `readStatusList` or a published credential gives it. */
  statusList?: Uint8Array;
  /** The trust list, from a snapshot that `verifySnapshot` accepted. */
  trust: TrustHistory;
  /** The time to judge at, in Unix seconds; not before the files were made. */
  time: number;
}

/**
 * Judges an attestation from files alone. The verdict is that of the registry's `statusOf`, or `statusOfLeaf` when there
 * is a membership, in a block of the given time whose state is that of the files.
 *
 * @throws IdentityError LEAF_NOT_IN_BATCH, as the registry refuses; RECORD_MISMATCH when the record says other than the
 * attestation or the trust list of its issuer, key, scope or end; STATUS_LIST_MISSING; ATTESTATION_MALFORMED.
 * LedgerError STATUS_INDEX_OUT_OF_RANGE when the status list is too short.
 * @example
 * ```ts
 * const trust = trustHistory(snapshot);
 * const { status } = verifyAttestation({ attestation, record, trust, time: snapshot.time });
 * ```
 */
export function verifyAttestation(evidence: Evidence): Verdict {
  const { attestation, membership, trust, time } = evidence;
  const uid = membership === undefined ? uidOf(attestation) : batchUidOf({ ...attestation, ...membership });
  if (membership !== undefined) requireMember(attestation, membership);

  const record = evidence.record;
  if (record === undefined || record.issuedAt === 0 || record.uid.toLowerCase() !== uid) {
    return { status: "UNKNOWN", reason: "UNSPECIFIED", since: 0, issuerNow: "NONE" };
  }
  requireRecordOf(evidence, record);
  const status =
    statusOfRecord(record, attestation.schema, trust) ??
    (membership && statusOfEntry(membership, evidence.statusList)) ??
    statusOfPeriod(attestation, time);

  // A leaf that has no quarrel with its batch's record has its reasons in the events.
  const isByLeaf = membership !== undefined && record.endedAt === 0 && record.suspendedAt === 0;
  return {
    status,
    reason: isByLeaf ? "UNSPECIFIED" : record.reason,
    since: sinceWhen(status, record, attestation),
    issuerNow: standingOf(trust, attestation.schema, record.issuer, record.key, time),
  };
}

function requireMember(attestation: Attestation, { root, size, index, proof }: Membership): void {
  const leaf = getBytes(leafOf(attestation, index));
  const isMember = index < size && sameBytes(merkleRootOfProof(leaf, proof.map(toBytes32)), toBytes32(root));
  if (!isMember) throw new IdentityError("LEAF_NOT_IN_BATCH", `the attestation is not leaf ${index} of its batch`);
}

/** A record is found by its uid; the rest of it must fit what the uid and the trust list bind. */
function requireRecordOf({ attestation, membership, trust }: Evidence, record: AttestationRecord): void {
  const { issuer, schema, expiresAt } = attestation;
  const isOfIssuer =
    record.issuer === issuer &&
    record.expiresAt === (membership === undefined ? expiresAt : NO_END) &&
    trust.bodies.get(issuer)?.keys.has(record.key) === true &&
    trust.accreditations.get(schema.toLowerCase())?.get(issuer)?.[0]?.role === record.role;
  if (!isOfIssuer) throw new IdentityError("RECORD_MISMATCH", `${record.uid} is not a record of this attestation`);
}

function toBytes32(hex: string): Uint8Array {
  if (!isHexString(hex, 32)) throw new IdentityError("ATTESTATION_MALFORMED", "a node of a proof has 32 bytes in hex");
  return getBytes(hex);
}

/** What the record and the trust list say against it. */
function statusOfRecord(record: AttestationRecord, schema: string, trust: TrustHistory): Status | undefined {
  if (record.endedAt !== 0) return record.superseded ? "SUPERSEDED" : "REVOKED";
  const then = standingOf(trust, schema, record.issuer, record.key, record.issuedAt);
  if (then !== "IN_FORCE") return statusOfIssuer(then);
  return record.suspendedAt === 0 ? undefined : "SUSPENDED";
}

function statusOfIssuer(standing: Standing): Status {
  if (standing === "COMPROMISED") return "ISSUER_COMPROMISED";
  return standing === "SUSPENDED" ? "ISSUER_SUSPENDED" : "ISSUER_WITHDRAWN";
}

/** What the status list says against it. */
function statusOfEntry({ bits, index }: Membership, statusList: Uint8Array | undefined): Status | undefined {
  if (statusList === undefined) throw new IdentityError("STATUS_LIST_MISSING", "a leaf is judged with its status list");
  const code = getStatus(statusList, bits, index);
  if (code === StatusCode.VALID) return undefined;
  if (code === StatusCode.SUSPENDED) return "SUSPENDED";
  return code === StatusCode.INVALID ? "REVOKED" : "SUPERSEDED";
}

function statusOfPeriod({ validFrom, expiresAt }: Attestation, time: number): Status {
  if (time < validFrom) return "NOT_YET_VALID";
  return time < expiresAt ? "VALID" : "EXPIRED";
}

function sinceWhen(status: Status, record: AttestationRecord, { validFrom, expiresAt }: Attestation): number {
  switch (status) {
    case "REVOKED":
    case "SUPERSEDED":
      return record.endedAt;
    case "SUSPENDED":
      return record.suspendedAt;
    case "EXPIRED":
      return expiresAt;
    case "NOT_YET_VALID":
      return record.issuedAt;
    case "VALID":
      return Math.max(record.issuedAt, validFrom);
    default:
      return 0;
  }
}
