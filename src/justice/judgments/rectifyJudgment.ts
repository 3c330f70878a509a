import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";

/**
 * Corrects a slip: a text with the same decision in the judgment's place.
 *
 * @param registry Connected to a key of the judgment's court, accredited now.
 * @param commitment The judgment.
 * @param next The corrected judgment's commitment.
 * @param caseCommitment As `commitCase` gives it.
 * @throws ContractError JudgmentIsDecidedUpon, JudgmentStatusRefuses, JudgmentOfAnotherCourt, JudgmentExists, …
 * @example
 * ```ts
 * await rectifyJudgment(registry, commitment, commitJudgment(corrected, randomSalt()), caseCommitment);
 * ```
 */
export async function rectifyJudgment(
  registry: JudgmentRegistry,
  commitment: string,
  next: string,
  caseCommitment: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.rectify(commitment, next, caseCommitment));
}
