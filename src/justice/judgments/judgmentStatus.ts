import { ZeroHash } from "ethers";

import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import {
  JUDGMENT_KINDS,
  JUDGMENT_OUTCOMES,
  JUDGMENT_STATUSES,
  type JudgmentKind,
  type JudgmentOutcome,
  type JudgmentStatus,
} from "./judgmentState.js";

/** All that is known of a judgment's fate. Of one that was never registered all numbers are 0. */
export interface JudgmentVerdict {
  status: JudgmentStatus;
  /** What was decided upon it, where that counts; NONE otherwise. */
  outcome: JudgmentOutcome;
  /** The decision upon it that counts. */
  successor: string | undefined;
  /** The judgment at the end of its chain, which may be itself. */
  governing: string | undefined;
  kind: JudgmentKind;
  /** The court's index in the trust list, and the number of the key that registered it. */
  court: number;
  key: number;
  /** Whether it decides upon another judgment, by a court of appeal. */
  isUponAnother: boolean;
  /** When it was registered, in Unix seconds: proved by the chain. */
  registeredAt: number;
  /** When the court decided, in Unix seconds: claimed by the court. */
  claimedDecidedAt: number;
  /** First second at which the governing judgment cannot be appealed; undefined where that is not known yet. */
  finalFrom: number | undefined;
  /** The court of appeal that has, or had, an appeal of it that was not withdrawn. */
  appealCourt: number | undefined;
  /** How the court stood at the registration. */
  standing: Standing;
  /** How the court and that key stand now. */
  standingNow: Standing;
  /** How the governing judgment's court stood at that one's registration. */
  governingStanding: Standing;
}

/**
 * How a judgment stands. Enforce it only when its status is FINAL and both `standing` and `governingStanding` are IN_FORCE.
 *
 * @param registry The registry.
 * @param commitment As `commitJudgment` gives it.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { status, successor } = await judgmentStatus(registry, commitment);
 * ```
 */
export async function judgmentStatus(
  registry: JudgmentRegistry,
  commitment: string,
  at: { blockTag?: number } = {},
): Promise<JudgmentVerdict> {
  const v = await ask(() => registry.statusOf(commitment, at));
  const orNone = (hash: string) => (hash === ZeroHash ? undefined : hash);
  return {
    status: JUDGMENT_STATUSES[Number(v.status)]!,
    outcome: JUDGMENT_OUTCOMES[Number(v.outcome)]!,
    successor: orNone(v.successor),
    governing: orNone(v.governing),
    kind: JUDGMENT_KINDS[Number(v.kind)]!,
    court: Number(v.court),
    key: Number(v.key),
    isUponAnother: v.isUponAnother,
    registeredAt: Number(v.registeredAt),
    claimedDecidedAt: Number(v.decidedAt),
    finalFrom: v.finalFrom === 0n ? undefined : Number(v.finalFrom),
    appealCourt: v.appealCourt === 0n ? undefined : Number(v.appealCourt),
    standing: STANDINGS[Number(v.standing)]!,
    standingNow: STANDINGS[Number(v.standingNow)]!,
    governingStanding: STANDINGS[Number(v.governingStanding)]!,
  };
}
