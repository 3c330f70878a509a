import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import type { ExhibitMember } from "./exhibitMember.js";

/**
 * Gives an exhibit of a batch a slot of its own, with the batch's time, depositor, key and tool; from then on it has custody and
 * a state.
 *
 * @param registry Connected to a key of the depositor, accredited or not.
 * @param member The exhibit, with its proof.
 * @throws ContractError ExhibitExists, ExhibitBatchUnknown, ExhibitNotMember, KeyOfAnotherBody, KeyNotInForce, …
 * @example
 * ```ts
 * const { members } = await depositBatch(registry, commitments, terms);
 * await singleOut(registry, members[42]!);
 * ```
 */
export async function singleOut(
  registry: EvidenceRegistry,
  member: ExhibitMember,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.singleOut(member));
}
