import { type ElectionEvent, readElectionEvent } from "./electionEvents.js";
import type { RollFile } from "./parseRoll.js";
import { beginStep, type Step, type StepReport } from "./Report.js";
import type { Replay } from "./Replay.js";
import type { Transcript } from "./Transcript.js";
import { verifyBallots } from "./verifyBallots.js";
import { verifyCeremony } from "./verifyCeremony.js";
import { verifyDecisions } from "./verifyDecisions.js";
import { verifyOpening } from "./verifyOpening.js";
import { type ElectionOutcome, verifyOrder } from "./verifyOrder.js";
import { type PaperTotals, verifyPaper } from "./verifyPaper.js";
import { verifyPartials } from "./verifyPartials.js";
import { type VerifiedResult, verifyResults } from "./verifyResults.js";
import { verifyRoll } from "./verifyRoll.js";
import { verifySums } from "./verifySums.js";
import { verifyTerms } from "./verifyTerms.js";

/** What helps the verification. */
export interface VerifyOptions {
  /** The roll's entries; without them nobody's right to vote is verified. */
  readonly roll?: RollFile | undefined;
  /** Told how many ballots of how many are verified. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What a verification found. */
export interface ElectionReport {
  /** Whether nothing was found wrong. An election may be right and unfinished. */
  readonly isOk: boolean;
  readonly outcome: ElectionOutcome;
  readonly steps: readonly Step[];
  /** The results that are right: of encrypted ballots alone. */
  readonly results: readonly VerifiedResult[];
  /** How many slots hold a ballot, and what these weigh together. */
  readonly turnout: { readonly ballots: number; readonly weight: bigint };
  /** Totals of kiosks or paper, in none of the results; undefined where none were lawfully recorded. */
  readonly paper: PaperTotals | undefined;
  /** What no transcript can show. */
  readonly unverifiable: readonly string[];
}

/** What no transcript can show, for people. */
export const UNVERIFIABLE: readonly string[] = [
  "that a voter's device encrypted what the voter chose, beyond the ballots that were opened for audit",
  "that nobody was coerced or bought, or voted with somebody else's key",
  "that each voter on the roll may vote and is there once, or that a gate let in only whom it should",
  "that each ballot came from its slot's voter: the contract alone saw sender or signature",
  "that a ballot which a batch skipped could not be recorded: only its carrier's call has what its voter signed",
  "that the commission signed decisions that other contracts carried, or members that are contracts: those saw it alone",
  "that the grounds of an extension or an annulment are so: only their hash is recorded",
  "that fewer trustees than the threshold colluded, who could open single ballots",
  "that the node or the transcript shows the whole chain, its times and its code, and not another chain",
  "that the clones' implementations are the published contracts",
  "that totals of paper are what was counted: two members of the commission say so",
];

/**
 * Verifies an election from its transcript alone: every step is computed again, from the terms to the results, with arithmetic,
 * parsers and transcripts of the verifier's own. Never throws for what is in the transcript.
 *
 * @param transcript From exportTranscript or parseTranscript.
 * @param options The roll's entries, and who is told of progress.
 * @example
 * ```ts
 * const report = await verifyElection(await exportTranscript(provider, election));
 * for (const { step, ok, detail } of report.steps) console.log(ok ? "ok" : "WRONG", step, detail);
 * ```
 */
export async function verifyElection(transcript: Transcript, options: VerifyOptions = {}): Promise<ElectionReport> {
  const steps: Step[] = [];
  const events = readEvents(transcript, beginStep(steps, "transcript"));
  const fixedTerms = verifyTerms(transcript, events, beginStep(steps, "terms"));
  if (fixedTerms === undefined) {
    const nothing = { results: [], turnout: { ballots: 0, weight: 0n }, paper: undefined };
    return { isOk: false, outcome: "UNFINISHED", steps, ...nothing, unverifiable: UNVERIFIABLE };
  }
  const replay: Replay = { ...fixedTerms, transcript, chainId: BigInt(transcript.chainId), events };
  const made = verifyCeremony(replay, beginStep(steps, "ceremony"));
  const roll = verifyRoll(replay, options.roll, beginStep(steps, "roll"));
  const opened = verifyOpening(replay, made, roll, beginStep(steps, "opening"));
  const [ballots, audits] = [beginStep(steps, "ballots"), beginStep(steps, "audits")];
  const last = await verifyBallots(replay, { opened, roll, ballots, audits, onProgress: options.onProgress });
  const fixed = verifySums(replay, { opened, last }, beginStep(steps, "sums"));
  const partials = verifyPartials(replay, { opened, made, fixed }, beginStep(steps, "partials"));
  const results = verifyResults(replay, { fixed, partials }, beginStep(steps, "results"));
  verifyDecisions(replay, beginStep(steps, "decisions"));
  const order = beginStep(steps, "order");
  const paper = verifyPaper(replay, order);
  const outcome = verifyOrder(replay, order);
  const isOk = steps.every(({ ok }) => ok);
  const turnout = { ballots: last.size, weight: [...last.values()].reduce((sum, { weight }) => sum + weight, 0n) };
  return { isOk, outcome, steps, results, turnout, paper, unverifiable: UNVERIFIABLE };
}

/** Reads all logs, in an order that a chain can have. */
function readEvents(
  { logs, factory, election, trustees, block, time }: Transcript,
  report: StepReport,
): ElectionEvent[] {
  const events: ElectionEvent[] = [];
  for (const [place, log] of logs.entries()) {
    const before = logs[place - 1];
    if (before !== undefined) {
      const isLater = log.blockNumber > before.blockNumber && log.time >= before.time;
      const isNext = log.blockNumber === before.blockNumber && log.index > before.index && log.time === before.time;
      report.require(isLater || isNext, `log ${place} stands before the one before it, or is there twice`);
    }
    const source =
      log.address === election
        ? "election"
        : log.address === trustees
          ? "trustees"
          : log.address === factory
            ? "factory"
            : undefined;
    const event = source === undefined ? undefined : readElectionEvent(source, log, place);
    report.require(log.time <= time, `log ${place} is of a later time than the last block`);
    const isKnown = log.blockNumber <= block && event !== undefined;
    if (report.require(isKnown, `log ${place} is no event of this election`)) events.push(event!);
  }
  report.conclude(`${logs.length} logs up to block ${block}`);
  return events;
}
