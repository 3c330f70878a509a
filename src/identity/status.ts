import { ask } from "../chain/send.js";
import type { AttestationRegistry } from "../typechain/contracts/identity/AttestationRegistry.js";
import type { Attestation, Membership } from "./attestation.js";
import { toRecord, toVerdict, type AttestationRecord, type Verdict } from "./verdict.js";

/** The block to ask about; the newest one, if left out. */
export interface AtBlock {
  blockTag?: number;
}

/**
 * How an attestation stands, and why, as the registry judges it.
 *
 * @param registry The registry.
 * @param attestation What the holder presents.
 * @param at The block to ask about.
 * @example
 * ```ts
 * const { status, reason } = await statusOf(registry, attestation);
 * ```
 */
export async function statusOf(
  registry: AttestationRegistry,
  attestation: Attestation,
  at: AtBlock = {},
): Promise<Verdict> {
  return toVerdict(await ask(() => registry.statusOf(attestation, at)));
}

/**
 * How an attestation of a Merkle batch stands, and why, as the registry judges it.
 *
 * @param registry The registry.
 * @param attestation What the holder presents.
 * @param membership Where it stands in its batch.
 * @param at The block to ask about.
 * @throws ContractError LeafNotInBatch
 * @example
 * ```ts
 * const { status } = await statusOfLeaf(registry, attestation, membershipOf(batch, 7));
 * ```
 */
export async function statusOfLeaf(
  registry: AttestationRegistry,
  attestation: Attestation,
  membership: Membership,
  at: AtBlock = {},
): Promise<Verdict> {
  return toVerdict(await ask(() => registry.statusOfLeaf(attestation, membership, at)));
}

/**
 * The record kept under a uid, as it is exported for verification from files.
 *
 * @param registry The registry.
 * @param uid As `uidOf` or `batchUidOf` gives it.
 * @param at The block to ask about.
 * @returns The record; `issuedAt` is 0 when there is none.
 * @example
 * ```ts
 * const record = await recordOf(registry, uidOf(attestation));
 * ```
 */
export async function recordOf(
  registry: AttestationRegistry,
  uid: string,
  at: AtBlock = {},
): Promise<AttestationRecord> {
  return toRecord(uid, await ask(() => registry.recordOf(uid, at)));
}
