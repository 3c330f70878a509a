import { toBeHex } from "ethers";

import type { ReadEventsOptions } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { nodeOf } from "../placeOf.js";
import { readRegistry, type RegistryEvent } from "../readRegistry.js";
import { JusticeError } from "../JusticeError.js";
import { batchIdOf } from "./exhibitMember.js";

/** What the events of a deposit tell. */
interface FoundDeposit {
  /** The depositor's and the capture tool's indices in the trust list. */
  depositor: number;
  tool: number;
  /** The first 32 bits of the case's commitment. */
  caseTag: string;
  block: number;
  /** The block's time, in Unix seconds. */
  time: number;
  transaction: string;
}

/** An exhibit that was deposited alone. */
export interface FoundExhibit extends FoundDeposit {
  commitment: string;
}

/** Exhibits that were deposited together. */
export interface FoundBatch extends FoundDeposit {
  /** 32 bytes in hex, as `batchIdOf` gives it. */
  id: string;
  inLog: boolean;
  root: string;
  /** The tree's entries as of the batch's end; above 2^53, which no batch has, not to the last digit. */
  size: number;
  /** The index of the first of them. */
  first: number;
  /** The exhibits, in their order, where the batch is in the log; undefined otherwise: the chain does not name them. */
  commitments: string[] | undefined;
}

/**
 * Finds what was deposited, by its depositor, by the tag of its case, or all of it, oldest first. A tag has 32 bits: those of
 * different cases can be the same, and anyone can give any, so only the statement tells what an exhibit belongs to.
 *
 * @param registry Connected to a node.
 * @param wanted The depositor's index in the trust list, and the case's tag as `caseTag` gives it; either may be left out.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; JusticeError EVENT_MISSING when a batch stands without its entries, PROVIDER_MISSING
 * @example
 * ```ts
 * const tag = caseTag(commitCase("2026/1187", caseSalt));
 * const { alone, batches } = await findExhibits(registry, { depositor, caseTag: tag }, { fromBlock: deployedAt });
 * ```
 */
export async function findExhibits(
  registry: EvidenceRegistry,
  wanted: { depositor?: number; caseTag?: string },
  options: ReadEventsOptions,
): Promise<{ alone: FoundExhibit[]; batches: FoundBatch[] }> {
  const toBlock = options.toBlock ?? (await ask(() => nodeOf(registry).getBlockNumber()));
  const within = { ...options, toBlock };
  const topicOf = (name: "ExhibitDeposited" | "EntriesAppended" | "ExhibitsLogged" | "ExhibitBatchDeposited") =>
    registry.interface.getEvent(name).topicHash;
  // A log's id is its depositor's index: one topic finds the entries and the batches alike.
  const depositor = wanted.depositor === undefined ? null : toBeHex(wanted.depositor, 32);
  const single = await readRegistry(registry, [topicOf("ExhibitDeposited"), null, depositor], within);
  const names = (["EntriesAppended", "ExhibitsLogged", "ExhibitBatchDeposited"] as const).map(topicOf);
  const together = await readRegistry(registry, [names, depositor], within);
  const isWanted = ({ caseTag }: FoundDeposit) => wanted.caseTag === undefined || caseTag === wanted.caseTag;
  return {
    alone: single
      .map((event) => ({ ...depositOf(event), commitment: event.args.commitment as string }))
      .filter(isWanted),
    batches: batchesOf(together).filter(isWanted),
  };
}

/** A batch's entries stand right before it, in the same transaction. */
function batchesOf(events: readonly RegistryEvent[]): FoundBatch[] {
  const batches: FoundBatch[] = [];
  let appended: RegistryEvent | undefined;
  for (const event of events) {
    if (event.name === "EntriesAppended") {
      appended = event;
      continue;
    }
    const inLog = event.name === "ExhibitsLogged";
    const { root, size } = event.args as unknown as { root: string; size: bigint };
    const deposit = depositOf(event);
    const id = batchIdOf({ depositor: deposit.depositor, inLog, root, size });
    batches.push({
      ...{ ...deposit, id, inLog, root, size: Number(size) },
      first: inLog ? Number(event.args.first) : 0,
      commitments: inLog ? entriesOf(event, appended) : undefined,
    });
  }
  return batches;
}

function entriesOf(logged: RegistryEvent, appended: RegistryEvent | undefined): string[] {
  const { depositor, first, size } = logged.args as unknown as { depositor: bigint; first: bigint; size: bigint };
  const log = appended?.args[0] as string | undefined;
  const entries = [...((appended?.args[2] as string[] | undefined) ?? [])];
  if (log !== toBeHex(depositor, 32) || appended!.args[1] !== first || BigInt(entries.length) !== size - first) {
    throw new JusticeError(
      "EVENT_MISSING",
      `the exhibits of the transaction ${logged.transaction} are not in the events`,
    );
  }
  return entries;
}

function depositOf({ args, block, time, transaction }: RegistryEvent): FoundDeposit {
  const { depositor, tool, caseTag } = args as unknown as { depositor: bigint; tool: bigint; caseTag: string };
  return { depositor: Number(depositor), tool: Number(tool), caseTag, block, time, transaction };
}
