import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";

/**
 * Tells from when a judgment is final, where that was not known at its registration; once.
 *
 * @param registry Connected to a key of the judgment's court, accredited now.
 * @param commitment The judgment.
 * @param finalFrom First second at which it cannot be appealed, in Unix seconds.
 * @throws ContractError FinalityIsSet, FinalityInvalid, JudgmentStatusRefuses, JudgmentOfAnotherCourt, …
 * @example
 * ```ts
 * await setFinality(registry, commitment, servedAt + 30 * 86_400);
 * ```
 */
export async function setFinality(
  registry: JudgmentRegistry,
  commitment: string,
  finalFrom: number,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.setFinality(commitment, finalFrom));
}
