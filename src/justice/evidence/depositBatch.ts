import { getBytes, hexlify } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import { LogTree } from "../../ledger/LogTree.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { JusticeError } from "../JusticeError.js";
import type { DepositTerms } from "./depositExhibit.js";
import type { DepositedBatch } from "./depositMany.js";
import { batchIdOf, exhibitMembersOf } from "./exhibitMember.js";

/**
 * Deposits exhibits under one root: a transaction, however many they are. The chain does not name them.
 *
 * @param registry Connected to a key that is accredited as evidence-custodian.
 * @param commitments At least one, as `commitExhibit` gives them. Keep their order with the root: it is needed to prove one.
 * @param terms The tool and the case's tag, the same for all.
 * @throws JusticeError EVENT_MISSING; ContractError ExhibitBatchExists, ExhibitBatchInvalid, and as for `depositExhibit`
 * @example
 * ```ts
 * const { root, members } = await depositBatch(registry, commitments, { tool, caseTag });
 * ```
 */
export async function depositBatch(
  registry: EvidenceRegistry,
  commitments: readonly string[],
  { tool, caseTag }: DepositTerms,
): Promise<DepositedBatch> {
  const tree = new LogTree();
  for (const commitment of commitments) tree.append(getBytes(commitment));
  const root = hexlify(tree.root());
  const receipt = await send(() => registry.depositBatch(tool, root, tree.size, caseTag));
  const [deposited] = await eventsOf(receipt, registry, "ExhibitBatchDeposited");
  if (deposited === undefined) throw new JusticeError("EVENT_MISSING", "the receipt holds no event of the batch");
  const batch = { depositor: Number(deposited.args.depositor), inLog: false, size: tree.size };
  const members = exhibitMembersOf(tree, batch, commitments);
  return { id: batchIdOf({ ...batch, root }), root, members, receipt };
}
