import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";

/**
 * Takes an appeal of a judgment that is not final.
 *
 * @param registry Connected to a key that is accredited as a court of appeal.
 * @param commitment The judgment.
 * @param appealCommitment The salted hash of the notice of appeal, as `commitDocument` gives it.
 * @throws ContractError JudgmentStatusRefuses, CourtReviewsItself, JudgmentOfAnotherCourt, NotAccredited, …
 * @example
 * ```ts
 * await lodgeAppeal(registry, commitment, commitDocument(sha256(notice), randomSalt()));
 * ```
 */
export async function lodgeAppeal(
  registry: JudgmentRegistry,
  commitment: string,
  appealCommitment: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.appeal(commitment, appealCommitment));
}
