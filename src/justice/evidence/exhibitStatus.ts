import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { EvidenceRegistry, IEvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import type { ExhibitMember } from "./exhibitMember.js";
import { EXHIBIT_STATES, type ExhibitState } from "./exhibitState.js";

/** How an exhibit stands: `IEvidenceRegistry.Verdict`. Of one that was never deposited all numbers are 0. */
export interface ExhibitStatus {
  state: ExhibitState;
  /** Whether it may not be moved until a court unseals it. */
  isSealed: boolean;
  /** Whether a court forbade its return and destruction. */
  isHeld: boolean;
  /** The depositor's index in the trust list, and the number of the key that deposited it. */
  depositor: number;
  key: number;
  /** The capture tool's index in the trust list. */
  tool: number;
  /** When it was deposited, in Unix seconds: proved by the chain. */
  depositedAt: number;
  /** The index of the body that holds it. */
  custodian: number;
  /** The court in charge, to which it was tendered or which holds it. */
  court: number | undefined;
  /** How often custody changed. */
  hop: number;
  /** How the depositor and that key stood at the deposit. */
  standing: Standing;
  /** How they stand now. */
  standingNow: Standing;
  /** How the capture tool stood at the deposit. */
  toolStanding: Standing;
  /** How it stands now. */
  toolStandingNow: Standing;
}

/**
 * How an exhibit with a slot of its own stands. Rely on it only when both `standing` and `toolStanding` are IN_FORCE.
 *
 * @param registry The registry.
 * @param commitment As `commitExhibit` gives it.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { state, custodian, standing } = await exhibitStatus(registry, commitment);
 * ```
 */
export async function exhibitStatus(
  registry: EvidenceRegistry,
  commitment: string,
  at: { blockTag?: number } = {},
): Promise<ExhibitStatus> {
  return toStatus(await ask(() => registry.statusOf(commitment, at)));
}

/**
 * How an exhibit of a batch stands, singled out or not.
 *
 * @param registry The registry.
 * @param member The exhibit, with its proof.
 * @param at The block to ask about; the newest one, if left out.
 * @throws ContractError ExhibitNotMember
 * @example
 * ```ts
 * const { depositedAt, toolStanding } = await memberStatus(registry, member);
 * ```
 */
export async function memberStatus(
  registry: EvidenceRegistry,
  member: ExhibitMember,
  at: { blockTag?: number } = {},
): Promise<ExhibitStatus> {
  return toStatus(await ask(() => registry.statusOfMember(member, at)));
}

function toStatus(verdict: IEvidenceRegistry.VerdictStructOutput): ExhibitStatus {
  const { exhibit } = verdict;
  return {
    state: EXHIBIT_STATES[Number(exhibit.state)]!,
    isSealed: exhibit.isSealed,
    isHeld: exhibit.isHeld,
    depositor: Number(exhibit.depositor),
    key: Number(exhibit.key),
    tool: Number(exhibit.tool),
    depositedAt: Number(exhibit.depositedAt),
    custodian: Number(exhibit.custodian),
    court: exhibit.court === 0n ? undefined : Number(exhibit.court),
    hop: Number(exhibit.hop),
    standing: STANDINGS[Number(verdict.standing)]!,
    standingNow: STANDINGS[Number(verdict.standingNow)]!,
    toolStanding: STANDINGS[Number(verdict.toolStanding)]!,
    toolStandingNow: STANDINGS[Number(verdict.toolStandingNow)]!,
  };
}
