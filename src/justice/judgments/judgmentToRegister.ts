import type { IJudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { JUDGMENT_KINDS, type JudgmentKind } from "./judgmentState.js";

/** What a court registers. */
export interface JudgmentToRegister {
  /** As `commitJudgment` gives it. */
  commitment: string;
  /** As `commitCase` gives it. */
  caseCommitment: string;
  kind: JudgmentKind;
  /** When the court decided, in Unix seconds. */
  decidedAt: number;
  /** First second at which it cannot be appealed; left out where that is not known yet, as before its service. */
  finalFrom?: number;
  /** The index in the trust list of the only court that may hear an appeal; any court of appeal, if left out. */
  appealTo?: number;
}

/**
 * A judgment as the contract takes it.
 *
 * @param judgment The judgment.
 * @example
 * ```ts
 * await registry.register(judgmentStruct(judgment));
 * ```
 */
export function judgmentStruct(judgment: JudgmentToRegister): IJudgmentRegistry.JudgmentStruct {
  const { commitment, caseCommitment, kind, decidedAt, finalFrom = 0, appealTo = 0 } = judgment;
  return { commitment, caseCommitment, kind: JUDGMENT_KINDS.indexOf(kind), decidedAt, finalFrom, appealTo };
}
