import type { ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../chain/send.js";
import type { AttestationRegistry } from "../typechain/contracts/identity/AttestationRegistry.js";
import { itemOf, type Attestation, type Batch } from "./attestation.js";
import { IdentityError } from "./IdentityError.js";
import { leavesWords } from "./leaves.js";
import { REASONS, type Reason } from "./verdict.js";
import type { Issued } from "./issue.js";

/**
 * What leaves of a batch can be marked as, by the code of their entries.
 *
 * @example
 * ```ts
 * const code = LEAF_CODES.SUSPENDED; // 2
 * ```
 */
export const LEAF_CODES = { REVOKED: 1, SUSPENDED: 2, SUPERSEDED: 3 } as const;

/** What leaves of a batch can be marked as; a one-bit batch knows REVOKED alone. */
export type LeafMark = keyof typeof LEAF_CODES;

/**
 * Ends attestations or whole batches for good: all or none.
 *
 * @param registry Connected to a key of their issuer for their schema, accredited or not.
 * @param uids One record, or several.
 * @param reason Why.
 * @throws ContractError AttestationUnknown, AttestationEnded, KeyNotInForce, KeyOfAnotherBody, RoleNotListed, …
 * @example
 * ```ts
 * await revoke(registry, uid, "CESSATION_OF_OPERATION");
 * ```
 */
export async function revoke(
  registry: AttestationRegistry,
  uids: string | readonly string[],
  reason: Reason,
): Promise<ContractTransactionReceipt> {
  const code = REASONS.indexOf(reason);
  return typeof uids === "string"
    ? send(() => registry.revoke(uids, code))
    : send(() => registry.revokeMany([...uids], code));
}

/**
 * Suspends attestations or whole batches: all or none.
 *
 * @param registry Connected to a key of their issuer for their schema, accredited or not.
 * @param uids One record, or several.
 * @param reason Why.
 * @throws ContractError AttestationIsSuspended, and as for `revoke`
 * @example
 * ```ts
 * await suspend(registry, [uid, other], "CERTIFICATE_HOLD");
 * ```
 */
export async function suspend(
  registry: AttestationRegistry,
  uids: string | readonly string[],
  reason: Reason,
): Promise<ContractTransactionReceipt> {
  const code = REASONS.indexOf(reason);
  return typeof uids === "string"
    ? send(() => registry.suspend(uids, code))
    : send(() => registry.suspendMany([...uids], code));
}

/**
 * Lifts suspensions: all or none.
 *
 * @param registry Connected to a key of their issuer that is accredited for their schema now.
 * @param schema The records' schema.
 * @param uids One record, or several.
 * @param reason Why.
 * @throws ContractError AttestationNotSuspended, IssuerMismatch, NotAccredited, …
 * @example
 * ```ts
 * await reinstate(registry, schema, uid, "REMOVE_FROM_CRL");
 * ```
 */
export async function reinstate(
  registry: AttestationRegistry,
  schema: string,
  uids: string | readonly string[],
  reason: Reason,
): Promise<ContractTransactionReceipt> {
  const code = REASONS.indexOf(reason);
  return typeof uids === "string"
    ? send(() => registry.reinstate(schema, uids, code))
    : send(() => registry.reinstateMany(schema, [...uids], code));
}

/** An attestation that is to stand in the place of another. */
export interface Succession {
  /** The record that ends. */
  old: string;
  /** What stands in its place. */
  replacement: Omit<Attestation, "issuer" | "schema">;
}

/**
 * Issues attestations in the place of others, which end: all or none.
 *
 * @param registry Connected to a key of their issuer that is accredited for their schema now.
 * @param schema The schema of all.
 * @param successions At least one.
 * @param reason Why the old ones end.
 * @returns The new attestations, in order.
 * @throws IdentityError ATTESTATION_MALFORMED; ContractError AttestationEnded, IssuerMismatch, NotAccredited, …
 * @example
 * ```ts
 * const { issued } = await supersede(registry, schema, [{ old: uid, replacement }], "SUPERSEDED");
 * ```
 */
export async function supersede(
  registry: AttestationRegistry,
  schema: string,
  successions: readonly Succession[],
  reason: Reason,
): Promise<{ issued: Issued[]; receipt: ContractTransactionReceipt }> {
  const code = REASONS.indexOf(reason);
  const [first, ...others] = successions.map(({ old, replacement }) => ({ old, ...itemOf(replacement) }));
  const isSingle = first !== undefined && others.length === 0;
  const receipt = isSingle
    ? await send(() => registry.supersede(schema, first, code))
    : await send(() => registry.supersedeMany(schema, first === undefined ? [] : [first, ...others], code));

  const events = await eventsOf(receipt, registry, "AttestationIssued");
  const issued = successions.map(({ replacement }, i) => {
    const event = events[i];
    if (event === undefined) throw new IdentityError("EVENT_MISSING", `the receipt holds no event of item ${i}`);
    const attestation = { issuer: Number(event.args.issuer), schema, ...replacement };
    return { attestation, uid: event.args.uid as string };
  });
  return { issued, receipt };
}

/**
 * Revokes, suspends or marks superseded leaves of a batch: all or none.
 *
 * @param registry Connected to a key of its issuer for its schema, accredited or not.
 * @param batch The batch.
 * @param indices The leaves' numbers, from 0, at least one.
 * @param mark What they become.
 * @param reason Why.
 * @throws IdentityError LEAF_OUT_OF_RANGE; ContractError LeavesRefuse, LeafCodeInvalid, and as for `revoke`
 * @example
 * ```ts
 * await markLeaves(registry, batch, [7, 12], "SUSPENDED", "CERTIFICATE_HOLD");
 * ```
 */
export async function markLeaves(
  registry: AttestationRegistry,
  batch: Batch,
  indices: Iterable<number>,
  mark: LeafMark,
  reason: Reason,
): Promise<ContractTransactionReceipt> {
  const words = leavesWords(indices, batch.bits);
  return send(() => registry.markLeaves(batch, words, LEAF_CODES[mark], REASONS.indexOf(reason)));
}

/**
 * Lifts the suspension of leaves of a batch: all or none.
 *
 * @param registry Connected to a key of its issuer that is accredited for its schema now.
 * @param batch The batch, of two bits a leaf.
 * @param indices The leaves' numbers, from 0, at least one.
 * @param reason Why.
 * @throws IdentityError LEAF_OUT_OF_RANGE; ContractError LeavesRefuse, LeafCodeInvalid, IssuerMismatch, …
 * @example
 * ```ts
 * await reinstateLeaves(registry, batch, [7], "REMOVE_FROM_CRL");
 * ```
 */
export async function reinstateLeaves(
  registry: AttestationRegistry,
  batch: Batch,
  indices: Iterable<number>,
  reason: Reason,
): Promise<ContractTransactionReceipt> {
  const words = leavesWords(indices, batch.bits);
  return send(() => registry.reinstateLeaves(batch, words, REASONS.indexOf(reason)));
}
