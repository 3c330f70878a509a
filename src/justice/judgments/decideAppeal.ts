import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { JUDGMENT_OUTCOMES, type JudgmentOutcome } from "./judgmentState.js";
import { judgmentStruct, type JudgmentToRegister } from "./judgmentToRegister.js";

/**
 * Decides an appeal: registers the decision, and settles the judgment's fate.
 *
 * @param registry Connected to a key of the court of appeal that took the appeal, accredited now.
 * @param commitment The judgment.
 * @param outcome What the court decided.
 * @param next The decision.
 * @throws ContractError JudgmentStatusRefuses, JudgmentOfAnotherCourt, JudgmentChainTooLong, NotAccredited, …
 * @example
 * ```ts
 * await decideAppeal(registry, commitment, "REVERSED", decision);
 * ```
 */
export async function decideAppeal(
  registry: JudgmentRegistry,
  commitment: string,
  outcome: Exclude<JudgmentOutcome, "NONE" | "RECTIFIED">,
  next: JudgmentToRegister,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.decideAppeal(commitment, JUDGMENT_OUTCOMES.indexOf(outcome), judgmentStruct(next)));
}
