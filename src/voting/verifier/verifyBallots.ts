import { concat, dataLength, dataSlice, getBytes, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { type AffinePoint, G, keepMultiples } from "./curve.js";
import { type EventNamed, eventsNamed } from "./electionEvents.js";
import { generatorPoint } from "./generatorPoints.js";
import { isPoint } from "./isPoint.js";
import type { LastBallot, Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";
import { verifyBallot } from "./verifyBallot.js";
import { verifyOpenedBallot } from "./verifyOpenedBallot.js";
import type { FrozenRoll } from "./verifyRoll.js";

/** What ballots are verified with. */
export interface BallotsContext {
  readonly opened: EventNamed<"ElectionOpened"> | undefined;
  readonly roll: FrozenRoll;
  readonly ballots: StepReport;
  readonly audits: StepReport;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** How many ballots are verified before others get their turn. */
const AT_ONCE = 20;

/** Reasons why a ballot of a batch is skipped, as numbers, and how many there are. */
const [SIGNATURE_INVALID, NOT_ON_ROLL, SPOILED, REASONS] = [2n, 3n, 4n, 5n];

/**
 * Verifies each ballot that was recorded, by itself: its bytes and proof, its slot's hash, its time, and its place on the roll;
 * and each ballot that was opened for audit.
 *
 * @returns What each slot holds at last, by its key.
 * @example
 * ```ts
 * const last = await verifyBallots(replay, { opened, roll, ballots, audits });
 * ```
 */
export async function verifyBallots(replay: Replay, context: BallotsContext): Promise<Map<string, LastBallot>> {
  const { opened, ballots: report, audits, onProgress } = context;
  const last = new Map<string, LastBallot>();
  const [committed, spoiled] = [new Set<string>(), new Set<string>()];
  const total = eventsNamed(replay.events, "BallotCast").length;
  const key = opened === undefined ? undefined : { x: opened.args.keyX, y: opened.args.keyY };
  if (total > AT_ONCE) keepBases(replay, key);
  let closesAt = replay.terms.closesAt;
  let extensions = 0n;
  let [done, unchecked, skipped] = [0, 0, 0];
  for (const event of replay.events) {
    const time = BigInt(event.log.time);
    const isOpen =
      opened !== undefined && event.place > opened.place && time >= replay.terms.opensAt && time < closesAt;
    if (event.name === "ElectionExtended") {
      extensions += 1n;
      const { terms } = replay;
      const isLawful =
        event.args.closesAt > closesAt &&
        event.args.closesAt <= terms.closesAt + terms.longestExtension &&
        extensions <= terms.mostExtensions;
      report.require(isOpen && isLawful, `the close was put off to ${event.args.closesAt} against the terms`);
      closesAt = event.args.closesAt;
    } else if (event.name === "BallotCommitted") {
      audits.require(isOpen, `ballot ${event.args.ballotHash} was committed to outside of voting`);
      committed.add(placeOf(event.args));
    } else if (event.name === "BallotSkipped") {
      skipped++;
      const where = `ballot ${event.args.ballotHash} of slot ${event.args.slotKey}`;
      report.require(isOpen, `${where} was skipped outside of voting`);
      requireReason(event, spoiled.has(placeOf(event.args)), where, report);
    } else if (event.name === "BallotSpoiled") {
      const where = `ballot ${event.args.ballotHash} of slot ${event.args.slotKey}`;
      audits.require(isOpen, `${where} was opened outside of voting`);
      audits.require(committed.has(placeOf(event.args)), `${where} was opened without a commitment`);
      const isRecorded = last.get(event.args.slotKey)?.ballotHash === event.args.ballotHash;
      audits.require(!isRecorded, `${where} was opened while it was recorded`);
      const fault = verifyOpenedBallot(event.args, replay.questions, key);
      audits.require(fault === undefined, `${where}: ${fault}`);
      spoiled.add(placeOf(event.args));
    } else if (event.name === "BallotCast") {
      done++;
      const where = `ballot ${done} of ${total} (block ${event.log.blockNumber}, slot ${event.args.slotKey})`;
      report.require(isOpen, `${where} was cast outside of voting`);
      report.require(!spoiled.has(placeOf(event.args)), `${where} was opened for audit before`);
      if (!requireVoter(event, replay, context.roll, where, report)) unchecked++;
      if (opened !== undefined && key !== undefined) verifyOne(event, replay, { opened, key }, where, report);
      const found = readCiphertexts(event, replay);
      if (found !== undefined) last.set(event.args.slotKey, found);
      if (done % AT_ONCE === 0 || done === total) {
        onProgress?.(done, total);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    }
  }
  const how =
    unchecked === 0 ? "all on the roll" : `${unchecked} whose right to vote is unchecked: by gate, or no roll at hand`;
  const left = skipped === 0 ? "" : `; ${skipped} more skipped in batches`;
  report.conclude(`${total} ballots cast, each proof right, ${last.size} slots; ${how}${left}`);
  audits.conclude(`${spoiled.size} ballots opened for audit, none of them counted`);
  return last;
}

/** Whether the voter's right was checked at all. */
function requireVoter(
  { args }: EventNamed<"BallotCast">,
  { terms }: Replay,
  { root, weights }: FrozenRoll,
  where: string,
  report: StepReport,
): boolean {
  if (args.weight === 0n) report.require(false, `${where} has no weight`);
  // At the gate each has the weight 1, also who is on the roll with another.
  if (terms.gate !== ZeroAddress && args.weight === 1n) return weights?.get(args.slotKey) === 1n;
  if (root === ZeroHash)
    return report.require(false, `${where} has the weight ${args.weight}, though there is no roll`);
  if (weights === undefined) return false;
  const weight = weights.get(args.slotKey);
  if (report.require(weight !== undefined, `${where} is of a slot that is not on the roll`)) {
    report.require(weight === args.weight, `${where} has the weight ${args.weight}, not ${weight}`);
  }
  return true;
}

/** What of a reason can be told from the events. */
function requireReason(
  { args }: EventNamed<"BallotSkipped">,
  isSpoiled: boolean,
  where: string,
  report: StepReport,
): void {
  report.require(args.reason < REASONS, `${where} was skipped for no known reason`);
  if (args.reason === SPOILED) report.require(isSpoiled, `${where} was skipped as opened for audit, which it was not`);
  // The contract looks at these after it looked whether the ballot was opened.
  const isLater = args.reason === SIGNATURE_INVALID || args.reason === NOT_ON_ROLL;
  report.require(!isLater || !isSpoiled, `${where} was opened for audit, and skipped for another reason`);
}

function verifyOne(
  { args }: EventNamed<"BallotCast">,
  { chainId, transcript, questions }: Replay,
  { opened, key }: { opened: EventNamed<"ElectionOpened">; key: { x: bigint; y: bigint } },
  where: string,
  report: StepReport,
): void {
  const { configuration } = opened.args;
  const statement = {
    ...{ chainId, contract: transcript.election, configuration, slotKey: args.slotKey, weight: args.weight },
    ...{ questions, key },
  };
  const verdict = verifyBallot(statement, getBytes(args.ballot));
  if (verdict.isValid) {
    const hash = slotHash(args.ballot, questions, args.weight);
    report.require(hash === args.ballotHash, `${where} has another hash than was recorded`);
    return;
  }
  const { fault, question, group } = verdict;
  const of = question === undefined ? "" : ` in question ${question}${group === undefined ? "" : `, group ${group}`}`;
  report.require(false, `${where} is invalid: ${fault}${of}`);
}

/** What is summed; also of a ballot that is found wrong, as it was counted. */
function readCiphertexts({ args }: EventNamed<"BallotCast">, { questions }: Replay): LastBallot | undefined {
  const size = questions.reduce((sum, { options, groups }) => sum + 8 * groups + options + 5, 0);
  if (dataLength(args.ballot) !== 32 * size) return undefined;
  const points: AffinePoint[] = [];
  let at = 0;
  for (const { options, groups } of questions) {
    for (let i = 0; i < 2 * groups; i++) {
      const [x, y] = [wordAt(args.ballot, at + 2 * i), wordAt(args.ballot, at + 2 * i + 1)];
      points.push(isPoint({ x, y }) ? { x, y } : undefined);
    }
    at += 8 * groups + options + 5;
  }
  return { weight: args.weight, points, ballotHash: args.ballotHash };
}

/** The hash that a slot holds of a ballot. */
function slotHash(ballot: string, questions: Replay["questions"], weight: bigint): string {
  const parts: string[] = [];
  let at = 0;
  for (const { options, groups } of questions) {
    parts.push(dataSlice(ballot, 32 * at, 32 * (at + 4 * groups)));
    at += 8 * groups + options + 5;
  }
  return keccak256(concat([...parts, toBeHex(weight, 32)]));
}

function placeOf({ slotKey, ballotHash }: { readonly slotKey: string; readonly ballotHash: string }): string {
  return `${slotKey}/${ballotHash}`;
}

function wordAt(bytes: string, index: number): bigint {
  return BigInt(`0x${bytes.slice(2 + 64 * index, 66 + 64 * index)}`);
}

function keepBases({ questions }: Replay, key: AffinePoint): void {
  const options = questions.reduce((most, question) => Math.max(most, question.options), 0);
  for (const base of [G, generatorPoint("K"), key]) keepMultiples(base);
  for (let j = 1; j <= options; j++) keepMultiples(generatorPoint(String(j)));
}
