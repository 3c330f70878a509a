import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { IRecordRegistry, RecordRegistry } from "../../typechain/contracts/health/RecordRegistry.js";
import { RECORD_REASONS, RECORD_STATES, type RecordReason, type RecordState } from "../recordStates.js";
import type { RecordMember } from "../verifyPackageOnChain.js";

/** The block to ask about; the newest one, if left out. */
export interface AtBlock {
  blockTag?: number;
}

/** How a record stands: `IRecordRegistry.Verdict`. Of a record that was never anchored all numbers are 0. */
export interface RecordStatus {
  /** How it stands. */
  state: RecordState;
  /** Why its state last changed; for a member NONE, as its reasons are in the events. */
  reason: RecordReason;
  /** The number of its resource type. */
  kind: number;
  /** From 1; a member is always the first. */
  version: number;
  /** The provider's index in the trust list. */
  provider: number;
  /** The number of the key that anchored it, within the provider. */
  key: number;
  /** When it was anchored, in Unix seconds. */
  anchoredAt: number;
  /** When its state last changed, in Unix seconds; 0 for not, and for a member. */
  changedAt: number;
  /** How the anchoring stands: IN_FORCE, unless the key is known to have been compromised then. */
  standing: Standing;
  /** How the provider and its key stand today. */
  standingNow: Standing;
}

/**
 * How a record stands that was anchored alone, and who anchored it when.
 *
 * @param registry The registry.
 * @param commitment The record: 32 bytes in hex.
 * @param at The block to ask about.
 * @example
 * ```ts
 * const { state, standing } = await statusOf(registry, commitment);
 * const counts = state === "CURRENT" && standing === "IN_FORCE";
 * ```
 */
export async function statusOf(registry: RecordRegistry, commitment: string, at: AtBlock = {}): Promise<RecordStatus> {
  return toStatus(await ask(() => registry.statusOf(commitment, at)));
}

/**
 * How a record stands that was anchored with others, and who anchored it when.
 *
 * @param registry The registry.
 * @param member The record, with its proof.
 * @param at The block to ask about.
 * @throws ContractError RecordNotMember
 * @example
 * ```ts
 * const { state } = await statusOfMember(registry, { commitment, membership });
 * ```
 */
export async function statusOfMember(
  registry: RecordRegistry,
  member: RecordMember,
  at: AtBlock = {},
): Promise<RecordStatus> {
  return toStatus(await ask(() => registry.statusOfMember(member, at)));
}

function toStatus(verdict: IRecordRegistry.VerdictStructOutput): RecordStatus {
  return {
    state: RECORD_STATES[Number(verdict.state)]!,
    reason: RECORD_REASONS[Number(verdict.reason)]!,
    kind: Number(verdict.kind),
    version: Number(verdict.version),
    provider: Number(verdict.provider),
    key: Number(verdict.key),
    anchoredAt: Number(verdict.anchoredAt),
    changedAt: Number(verdict.changedAt),
    standing: STANDINGS[Number(verdict.standing)]!,
    standingNow: STANDINGS[Number(verdict.standingNow)]!,
  };
}
