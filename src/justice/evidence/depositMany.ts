import { getBytes, hexlify, type ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import type { LogTree } from "../../ledger/LogTree.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { JusticeError } from "../JusticeError.js";
import type { DepositTerms } from "./depositExhibit.js";
import { batchIdOf, type ExhibitMember, exhibitMembersOf } from "./exhibitMember.js";

/** Exhibits that were deposited together. */
export interface DepositedBatch {
  /** What witnesses co-attest: 32 bytes in hex. */
  id: string;
  /** The tree's root, 32 bytes in hex: the log's as of the batch's end, or the batch's own. */
  root: string;
  /** Each exhibit with its proof, in their order. The proofs never grow old: keep each with its statement and salt. */
  members: ExhibitMember[];
  receipt: ContractTransactionReceipt;
}

/**
 * Deposits exhibits in the depositor's log, which names them on the chain: as many as `planDeposits` says a transaction holds.
 *
 * @param registry Connected to a key that is accredited as evidence-custodian.
 * @param tree The depositor's whole log so far, as `readLog` gives it for the log whose id is the depositor's index; the exhibits
 * are appended to it.
 * @param commitments At least one, as `commitExhibit` gives them.
 * @param terms The tool and the case's tag, the same for all.
 * @throws JusticeError LOG_OUT_OF_STEP when the log had another size than the tree, or other entries: the exhibits are deposited,
 * and `exhibitMembersOf` proves them by the log read anew; EVENT_MISSING; ContractError LogBatchEmpty, WritesAreStopped, and as for
 * `depositExhibit`
 * @example
 * ```ts
 * const tree = await readLog(provider, address, toBeHex(body, 32), { fromBlock, cache });
 * for (const size of planDeposits(commitments.length, { blockGas }).sizes) {
 *   const { members } = await depositMany(registry, tree, commitments.splice(0, size), terms);
 * }
 * ```
 */
export async function depositMany(
  registry: EvidenceRegistry,
  tree: LogTree,
  commitments: readonly string[],
  { tool, caseTag }: DepositTerms,
): Promise<DepositedBatch> {
  const receipt = await send(() => registry.depositMany(tool, [...commitments], caseTag));
  const [logged] = await eventsOf(receipt, registry, "ExhibitsLogged");
  if (logged === undefined) throw new JusticeError("EVENT_MISSING", "the receipt holds no event of the exhibits");
  const args = logged.args as unknown as { depositor: bigint; first: bigint; root: string };
  if (args.first !== BigInt(tree.size)) {
    const message = `the log had ${args.first} entries, the tree ${tree.size}: read the log again`;
    throw new JusticeError("LOG_OUT_OF_STEP", message);
  }
  for (const commitment of commitments) tree.append(getBytes(commitment));
  const root = hexlify(tree.root());
  if (args.root !== root) throw new JusticeError("LOG_OUT_OF_STEP", "the tree is another log's");
  const batch = { depositor: Number(args.depositor), inLog: true, size: tree.size };
  const members = exhibitMembersOf(tree, batch, commitments);
  return { id: batchIdOf({ ...batch, root }), root, members, receipt };
}
