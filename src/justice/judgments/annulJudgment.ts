import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { judgmentStruct, type JudgmentToRegister } from "./judgmentToRegister.js";

/**
 * Annuls a judgment that is final: the extraordinary remedy.
 *
 * @param registry Connected to a key that is accredited as a court of appeal, not of the judgment's own court.
 * @param commitment The judgment.
 * @param next The decision that annuls.
 * @throws ContractError JudgmentStatusRefuses, CourtReviewsItself, NotAccredited, …
 * @example
 * ```ts
 * await annulJudgment(registry, commitment, decision);
 * ```
 */
export async function annulJudgment(
  registry: JudgmentRegistry,
  commitment: string,
  next: JudgmentToRegister,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.annul(commitment, judgmentStruct(next)));
}
