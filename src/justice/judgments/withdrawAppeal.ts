import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";

/**
 * Ends an appeal without a decision.
 *
 * @param registry Connected to a key of the court of appeal that took it, accredited or not.
 * @param commitment The judgment.
 * @throws ContractError JudgmentStatusRefuses, KeyOfAnotherBody, KeyNotInForce, …
 * @example
 * ```ts
 * await withdrawAppeal(registry, commitment);
 * ```
 */
export async function withdrawAppeal(
  registry: JudgmentRegistry,
  commitment: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.withdrawAppeal(commitment));
}
