import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { judgmentStruct, type JudgmentToRegister } from "./judgmentToRegister.js";

/**
 * Registers a judgment of the first instance.
 *
 * @param registry Connected to a key that is accredited as a court.
 * @param judgment What is registered.
 * @throws ContractError JudgmentExists, DecisionTimeInvalid, FinalityInvalid, NotAccredited, KeyNotInForce, WritesAreStopped, …
 * @example
 * ```ts
 * await registerJudgment(registry, { commitment, caseCommitment, kind: "JUDGMENT", decidedAt, finalFrom });
 * ```
 */
export async function registerJudgment(
  registry: JudgmentRegistry,
  judgment: JudgmentToRegister,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.register(judgmentStruct(judgment)));
}
