import { ZeroHash } from "ethers";

import type { ReadEventsOptions } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { IJudgmentRegistry, JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { JusticeError } from "../JusticeError.js";
import { JUDGMENT_OUTCOMES, type JudgmentOutcome } from "./judgmentState.js";
import { nodeOf } from "../placeOf.js";
import { readRegistry } from "../readRegistry.js";

/** Something that happened to a judgment. */
export interface JudgmentEvent {
  what:
    | "REGISTERED"
    | "FINALITY_SET"
    | "APPEAL_LODGED"
    | "APPEAL_WITHDRAWN"
    /** It was decided upon. */
    | "DECIDED_UPON"
    /** It was given upon another. */
    | "DECIDES_UPON"
    | "DISPLACED";
  block: number;
  /** The block's time, in Unix seconds. */
  time: number;
  transaction: string;
  /** The court that did it: its index in the trust list. */
  court?: number;
  /** From when it is final, where that was told. */
  finalFrom?: number;
  /** The notice of appeal, or the other judgment. */
  other?: string;
  outcome?: JudgmentOutcome;
}

const WHAT = {
  JudgmentRegistered: "REGISTERED",
  FinalitySet: "FINALITY_SET",
  AppealLodged: "APPEAL_LODGED",
  AppealWithdrawn: "APPEAL_WITHDRAWN",
  FateDecided: "DECIDED_UPON",
  DecisionDisplaced: "DISPLACED",
} as const;

/**
 * All that happened to a judgment, oldest first, also what no longer counts. The events must lead to what the registry keeps of it:
 * a node that leaves out a registration, an appeal, a time of finality or a decision is found out, where it keeps the state.
 *
 * @param registry Connected to a node.
 * @param commitment The judgment.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; JusticeError PROVIDER_MISSING, EVENT_FOREIGN; EVENT_MISSING when the events do not lead
 * to what the registry keeps, as when `fromBlock` is too late
 * @example
 * ```ts
 * const events = await readJudgmentHistory(registry, commitment, { fromBlock: deployedAt });
 * ```
 */
export async function readJudgmentHistory(
  registry: JudgmentRegistry,
  commitment: string,
  options: ReadEventsOptions,
): Promise<JudgmentEvent[]> {
  // All of one block, so that nothing falls in between.
  const toBlock = options.toBlock ?? (await ask(() => nodeOf(registry).getBlockNumber()));
  const within = { ...options, toBlock };
  const decided = registry.interface.getEvent("FateDecided").topicHash;
  const given = await readRegistry(registry, [decided, null, commitment], within);
  const own = await readRegistry(registry, [null, commitment], within);
  const events = [
    ...given.map((event) => ({ ...event, what: "DECIDES_UPON" as const, other: event.args.commitment as string })),
    ...own.map((event) => {
      const { appealCommitment, next } = event.args as unknown as { appealCommitment?: string; next?: string };
      return { ...event, what: WHAT[event.name as keyof typeof WHAT], other: appealCommitment ?? next };
    }),
  ];
  // A decision is registered, and then decides upon another, in one transaction: both stand in the same block.
  const history = events
    .toSorted((a, b) => a.block - b.block)
    .map(({ what, block, time, transaction, other, args }) => ({
      ...{ what, block, time, transaction },
      ...(args.court === undefined ? {} : { court: Number(args.court) }),
      ...(args.finalFrom === undefined || args.finalFrom === 0n ? {} : { finalFrom: Number(args.finalFrom) }),
      ...(other === undefined ? {} : { other }),
      ...(args.outcome === undefined ? {} : { outcome: JUDGMENT_OUTCOMES[Number(args.outcome)]! }),
    }));
  const [record, next] = await ask(() =>
    Promise.all([
      registry.judgmentOf(commitment, { blockTag: toBlock }),
      registry.decisionUpon(commitment, { blockTag: toBlock }),
    ]),
  );
  requireAgreement(history, record, next);
  return history;
}

function requireAgreement(
  history: readonly JudgmentEvent[],
  record: IJudgmentRegistry.RecordStructOutput,
  next: string,
): void {
  const last = (...names: JudgmentEvent["what"][]) => history.findLast(({ what }) => names.includes(what));
  const appeal = last("APPEAL_LODGED", "APPEAL_WITHDRAWN")?.what;
  const agrees =
    (last("REGISTERED")?.time ?? 0) === Number(record.registeredAt) &&
    (last("REGISTERED", "FINALITY_SET", "APPEAL_WITHDRAWN")?.finalFrom ?? 0) === Number(record.finalFrom) &&
    (appeal === "APPEAL_LODGED") === record.isAppealed &&
    (last("DECIDED_UPON")?.other ?? ZeroHash) === next &&
    (last("DISPLACED") !== undefined) === record.isDisplaced &&
    (record.depth === 0n || last("DECIDES_UPON") !== undefined);
  if (agrees) return;
  throw new JusticeError("EVENT_MISSING", "the events do not lead to what the registry keeps of the judgment");
}
