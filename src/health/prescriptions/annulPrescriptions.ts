import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";

/** What fits a block of 10 million gas with room to spare, at 12,000 each. */
const MOST = 500;

/**
 * Puts an end to prescriptions that a compromised key issued; anyone may. Some hundred a transaction.
 *
 * @param registry Connected to whoever pays.
 * @param ids As `findCompromised` gives them; those that somebody else cancelled meanwhile are passed over.
 * @returns The receipts of the transactions; none for no ids.
 * @throws ContractError PrescriberNotCompromised, PrescriptionUnknown
 * @example
 * ```ts
 * await annulPrescriptions(registry, await findCompromised(registry, provider, 7, { fromBlock: deployedAt }));
 * ```
 */
export async function annulPrescriptions(
  registry: PrescriptionRegistry,
  ids: readonly string[],
): Promise<ContractTransactionReceipt[]> {
  const receipts: ContractTransactionReceipt[] = [];
  for (let from = 0; from < ids.length; from += MOST) {
    receipts.push(await send(() => registry.annul(ids.slice(from, from + MOST))));
  }
  return receipts;
}
