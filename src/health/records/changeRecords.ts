import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { RecordRegistry } from "../../typechain/contracts/health/RecordRegistry.js";
import type { ErasureReason } from "../erasureCertificate.js";
import { RECORD_REASONS, RECORD_STATES, type RecordReason } from "../recordStates.js";
import type { RecordMember } from "../verifyPackageOnChain.js";
import type { SignedAuthorship } from "./authorship.js";

/** Why another version follows. */
export type AmendmentReason = Extract<RecordReason, "AMENDED" | "RECTIFIED">;

/**
 * Anchors a version in the place of another, which must be current.
 *
 * @param registry Connected to a key of the record's provider that is accredited as health-provider now.
 * @param old The version that is superseded: a commitment, or a member of a batch with its proof.
 * @param next The version in its place: a commitment, or one that a professional signed.
 * @param reason Why.
 * @throws ContractError RecordStateRefuses, RecordExists, RecordOfAnotherProvider, RecordNotMember, SignatureInvalid, …
 * @example
 * ```ts
 * await amendRecord(registry, old, next, "RECTIFIED");
 * ```
 */
export function amendRecord(
  registry: RecordRegistry,
  old: string | RecordMember,
  next: string | SignedAuthorship,
  reason: AmendmentReason,
): Promise<ContractTransactionReceipt> {
  const code = RECORD_REASONS.indexOf(reason);
  if (typeof next === "string") {
    return send(() =>
      typeof old === "string" ? registry.amend(old, next, code) : registry.amendMember(old, next, code),
    );
  }
  const { commitment, author, deadline, signature } = next;
  return send(() =>
    typeof old === "string"
      ? registry.amendAuthored(old, commitment, code, author, deadline, signature)
      : registry.amendMemberAuthored(old, commitment, code, author, deadline, signature),
  );
}

/**
 * Marks a current record as entered in error, for good.
 *
 * @param registry Connected to a key of the record's provider for that role, accredited or not.
 * @param record A commitment, or a member of a batch with its proof.
 * @throws ContractError RecordUnknown, RecordStateRefuses, KeyOfAnotherBody, KeyNotInForce, RecordNotMember, …
 * @example
 * ```ts
 * await markInError(registry, commitment);
 * ```
 */
export function markInError(
  registry: RecordRegistry,
  record: string | RecordMember,
): Promise<ContractTransactionReceipt> {
  if (typeof record === "string") return send(() => registry.markInError(record));
  const state = RECORD_STATES.indexOf("ENTERED_IN_ERROR");
  return send(() => registry.endMembers([record], state, RECORD_REASONS.indexOf("ENTERED_IN_ERROR")));
}

/**
 * Tells that records are erased, before their keys and copies are destroyed (`eraseKey`): in one transaction those that were anchored
 * alone, in another the members of batches; each is for all or none.
 *
 * @param registry Connected to a key of the records' provider for that role, accredited or not.
 * @param records Commitments, and members of batches with their proofs.
 * @param reason Why.
 * @returns The receipts: none when there is no record.
 * @throws ContractError RecordUnknown, RecordStateRefuses, KeyOfAnotherBody, KeyNotInForce, RecordNotMember, …
 * @example
 * ```ts
 * await tombstoneRecords(registry, [commitment, member], "ERASURE_REQUESTED");
 * ```
 */
export async function tombstoneRecords(
  registry: RecordRegistry,
  records: readonly (string | RecordMember)[],
  reason: ErasureReason,
): Promise<ContractTransactionReceipt[]> {
  const code = RECORD_REASONS.indexOf(reason);
  const alone = records.filter((record) => typeof record === "string");
  const members = records.filter((record) => typeof record !== "string");
  const receipts: ContractTransactionReceipt[] = [];
  if (alone.length > 0) receipts.push(await send(() => registry.tombstone(alone, code)));
  if (members.length > 0) {
    const state = RECORD_STATES.indexOf("ERASED");
    receipts.push(await send(() => registry.endMembers(members, state, code)));
  }
  return receipts;
}
