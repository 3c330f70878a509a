import { AbiCoder, concat, dataLength, getAddress, id, keccak256, toBeHex } from "ethers";

import { type AffinePoint, G, isSamePoint, N, sumOfMultiples, sumOfPoints } from "./curve.js";
import type { ElectionEvent, ElectionEventArguments, EventNamed } from "./electionEvents.js";
import { isPoint } from "./isPoint.js";
import { pointAddress } from "./pointAddress.js";
import type { MadeKey, Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

const SHARE_LENGTH = 81;
const coder = AbiCoder.defaultAbiCoder();

/** One round of a ceremony, as its events have it. */
interface Round {
  readonly number: bigint;
  readonly startedAt: bigint;
  dealingAt: bigint | undefined;
  complaintsAt: bigint | undefined;
  readonly registered: Set<number>;
  readonly dealings: Map<number, readonly AffinePoint[]>;
  /** All complaints, as dealer and trustee. */
  readonly complaints: Set<string>;
  readonly unanswered: Set<string>;
  isFailed: boolean;
}

/**
 * Replays the key ceremony: who registered, each dealing and its proof of possession, complaints and what was revealed, who
 * qualified, the key, and the public share of each trustee.
 *
 * @returns What the ceremony made by this replay; undefined where no key was made.
 * @example
 * ```ts
 * const made = verifyCeremony(replay, beginStep(steps, "ceremony"));
 * ```
 */
export function verifyCeremony(replay: Replay, report: StepReport): MadeKey | undefined {
  const count = replay.trustees.trustees.length;
  let round: Round | undefined;
  let sums: readonly AffinePoint[] | undefined;
  let key: AffinePoint;
  const shares: AffinePoint[] = [undefined];
  let place = 0;
  for (const event of replay.events) {
    const time = BigInt(event.log.time);
    if (event.name === "CeremonyStarted") {
      const expected = round === undefined ? 0n : round.number + 1n;
      const isNext = event.args.round === expected && (round === undefined || round.isFailed) && sums === undefined;
      report.require(isNext, `round ${event.args.round} begins where it can't`);
      round = startRound(event.args.round, time);
      continue;
    }
    if (!isCeremonial(event)) continue;
    if (round === undefined) {
      report.require(false, `${event.name} before any round`);
      continue;
    }
    if (event.name === "ShareKeyDerived") {
      deriveShare(event, round, sums, shares, count, report);
      place = event.place;
      continue;
    }
    const isOfRound = event.args.round === round.number && !round.isFailed && sums === undefined;
    if (!report.require(isOfRound, `${event.name} is of round ${event.args.round}, which is not under way`)) continue;
    if (event.name === "KeyMade") {
      sums = finish(event, round, replay, report);
      key = sums[0];
    } else replayStep(event, round, replay, report);
  }
  if (key === undefined) {
    report.conclude("no key was made");
    return undefined;
  }
  const isDerived = shares.length === count + 1;
  const isOpened = replay.events.some(({ name }) => name === "ElectionOpened");
  report.require(isDerived || !isOpened, `the public shares of ${shares.length - 1} of ${count} trustees were derived`);
  report.conclude(`round ${round?.number}: ${round?.dealings.size} dealings, ${round?.complaints.size} complaints`);
  return { key, place, shares };
}

type Ceremonial = EventNamed<
  | "EncryptionKeyRegistered"
  | "SharesDealt"
  | "ComplaintMade"
  | "ShareRevealed"
  | "CeremonyFailed"
  | "KeyMade"
  | "ShareKeyDerived"
>;
const CEREMONIAL: readonly (keyof ElectionEventArguments)[] = [
  ...(["EncryptionKeyRegistered", "SharesDealt", "ComplaintMade", "ShareRevealed"] as const),
  ...(["CeremonyFailed", "KeyMade", "ShareKeyDerived"] as const),
];

function isCeremonial(event: ElectionEvent): event is Ceremonial {
  return CEREMONIAL.includes(event.name);
}

function startRound(number: bigint, startedAt: bigint): Round {
  return {
    ...{ number, startedAt, dealingAt: undefined, complaintsAt: undefined, isFailed: false },
    ...{ registered: new Set(), dealings: new Map() },
    ...{ complaints: new Set(), unanswered: new Set() },
  };
}

function replayStep(
  event: Exclude<Ceremonial, EventNamed<"KeyMade" | "ShareKeyDerived">>,
  round: Round,
  replay: Replay,
  report: StepReport,
): void {
  const time = BigInt(event.log.time);
  const { dealing, complaints, answers, finishing } = schedule(round, replay);
  const where = `round ${round.number}:`;
  switch (event.name) {
    case "EncryptionKeyRegistered": {
      const trustee = Number(event.args.trustee);
      const isListed = trustee >= 1 && trustee <= replay.trustees.trustees.length;
      report.require(time < dealing, `${where} trustee ${trustee} registered outside of registration`);
      report.require(
        isListed && !round.registered.has(trustee),
        `${where} trustee ${trustee} registered twice or is none`,
      );
      report.require(isPoint(event.args), `${where} the key of trustee ${trustee} is no point`);
      round.registered.add(trustee);
      if (round.registered.size === replay.trustees.trustees.length) round.dealingAt = time;
      return;
    }
    case "SharesDealt": {
      const dealer = Number(event.args.dealer);
      report.require(time >= dealing && time < complaints, `${where} dealer ${dealer} dealt outside of dealing`);
      verifyDealing(event, dealer, round, replay, report);
      return;
    }
    case "ComplaintMade": {
      const [dealer, trustee] = [Number(event.args.dealer), Number(event.args.trustee)];
      const complaint = `${dealer}/${trustee}`;
      report.require(time >= complaints && time < answers, `${where} complaint ${complaint} outside of its period`);
      const isLawful = round.dealings.has(dealer) && round.registered.has(trustee) && dealer !== trustee;
      report.require(
        isLawful && !round.complaints.has(complaint),
        `${where} complaint ${complaint} is unlawful or repeated`,
      );
      round.complaints.add(complaint);
      round.unanswered.add(complaint);
      return;
    }
    case "ShareRevealed": {
      const [dealer, trustee] = [Number(event.args.dealer), Number(event.args.trustee)];
      const complaint = `${dealer}/${trustee}`;
      report.require(time >= answers && time < finishing, `${where} share ${complaint} revealed outside of its period`);
      report.require(round.unanswered.has(complaint), `${where} share ${complaint} was revealed without a complaint`);
      const value = evaluate(round.dealings.get(dealer) ?? [], trustee);
      const isShare = event.args.share < N && isSamePoint(sumOfMultiples([[G, event.args.share]]), value);
      report.require(isShare, `${where} the share ${complaint} that was revealed is not on the dealer's polynomial`);
      round.unanswered.delete(complaint);
      return;
    }
    case "CeremonyFailed": {
      const qualified = qualifiedOf(round, replay);
      const key = sumOfPoints(qualified.map((dealer) => round.dealings.get(dealer)![0]));
      const isLawful = qualified.length < replay.trustees.threshold || key === undefined || key.x >= N;
      report.require(time >= finishingAt(round, replay) && isLawful, `${where} it failed, but it had a key`);
      round.isFailed = true;
    }
  }
}

function verifyDealing(
  { args, log }: EventNamed<"SharesDealt">,
  dealer: number,
  round: Round,
  replay: Replay,
  report: StepReport,
): void {
  const { threshold, trustees } = replay.trustees;
  const where = `round ${round.number}: dealer ${dealer}`;
  report.require(round.registered.has(dealer) && !round.dealings.has(dealer), `${where} dealt twice or unregistered`);
  const isLong =
    args.commitments.length === 2 * threshold && dataLength(args.shares) === SHARE_LENGTH * (round.registered.size - 1);
  const points = toPoints(args.commitments);
  if (!report.require(isLong && points.every(isPoint), `${where} dealt what is too short, too long or no point`))
    return;

  const [challenge, response] = args.proof as readonly [bigint, bigint];
  const r = sumOfMultiples([
    [G, response],
    [points[0], -challenge],
  ]);
  const encoded = coder.encode(
    [
      ...["bytes32", "uint256", "address", "uint256", "uint256", "address"],
      ...["uint256", "uint256", "bytes32", "bytes32", "address"],
    ],
    [
      ...[id("diwan/possession/v1"), replay.chainId, getAddress(log.address), round.number, dealer],
      ...[trustees[dealer - 1] ?? getAddress(log.address), trustees.length, threshold],
      ...[keccak256(concat(args.commitments.map((word) => toBeHex(word, 32)))), keccak256(args.shares)],
      pointAddress(r),
    ],
  );
  const isProven =
    challenge !== 0n &&
    challenge < N &&
    response < N &&
    r !== undefined &&
    BigInt(keccak256(encoded)) % N === challenge;
  report.require(isProven, `${where} did not prove to know its constant term`);
  round.dealings.set(dealer, points);
  if (round.dealings.size === round.registered.size) round.complaintsAt = BigInt(log.time);
}

function finish(
  { args, log }: EventNamed<"KeyMade">,
  round: Round,
  replay: Replay,
  report: StepReport,
): readonly AffinePoint[] {
  const where = `round ${round.number}:`;
  const qualified = qualifiedOf(round, replay);
  report.require(BigInt(log.time) >= finishingAt(round, replay), `${where} the key was made before the answers' end`);
  report.require(qualified.length >= replay.trustees.threshold, `${where} the key was made of too few dealings`);
  const set = qualified.reduce((bits, dealer) => bits | (1n << BigInt(dealer)), 0n);
  report.require(
    args.qualified === set,
    `${where} the key is said to be made by other dealers than those who qualified`,
  );
  const sums = Array.from({ length: replay.trustees.threshold }, (_, k) =>
    sumOfPoints(qualified.map((dealer) => round.dealings.get(dealer)![k])),
  );
  const words = sums.flatMap((sum) => [sum?.x ?? 0n, sum?.y ?? 0n]);
  report.require(words.join() === args.commitments.join(), `${where} the commitments are not the sums of the dealings`);
  const isKey = sums[0] !== undefined && isSamePoint(sums[0], args) && isPoint(args);
  report.require(isKey, `${where} the key is not the sum of the qualified dealers' constant terms`);
  // What was said is used on, so that what follows from it is told apart.
  return toPoints(args.commitments).map(({ x, y }) => (x === 0n && y === 0n ? undefined : { x, y }));
}

function deriveShare(
  { args }: EventNamed<"ShareKeyDerived">,
  round: Round,
  sums: readonly AffinePoint[] | undefined,
  shares: AffinePoint[],
  count: number,
  report: StepReport,
): void {
  const trustee = Number(args.trustee);
  const isNext = sums !== undefined && trustee === shares.length && trustee <= count;
  if (!report.require(isNext, `the public share of trustee ${trustee} was derived out of turn`)) return;
  const share = sums !== undefined && round.registered.has(trustee) ? evaluate(sums, trustee) : undefined;
  const isRight = args.x === (share?.x ?? 0n) && args.y === (share?.y ?? 0n);
  report.require(isRight, `the public share of trustee ${trustee} is not what the commitments say`);
  shares.push(share);
}

function evaluate(commitments: readonly AffinePoint[], index: number): AffinePoint {
  return sumOfMultiples(commitments.map((point, k) => [point, BigInt(index) ** BigInt(k)] as const));
}

/** Out is who left a complaint unanswered, or of whom as many complained as decrypt. */
function qualifiedOf({ dealings, complaints, unanswered }: Round, { trustees }: Replay): number[] {
  const count = (of: ReadonlySet<string>, dealer: number) =>
    [...of].filter((complaint) => complaint.startsWith(`${dealer}/`)).length;
  return [...dealings.keys()]
    .filter((dealer) => count(unanswered, dealer) === 0 && count(complaints, dealer) < trustees.threshold)
    .sort((a, b) => a - b);
}

function schedule(round: Round, { trustees }: Replay) {
  const dealing = round.dealingAt ?? round.startedAt + trustees.registrationPeriod;
  const complaints = round.complaintsAt ?? dealing + trustees.dealingPeriod;
  const answers = complaints + trustees.complaintPeriod;
  return { dealing, complaints, answers, finishing: answers + trustees.answerPeriod };
}

function finishingAt(round: Round, replay: Replay): bigint {
  const { answers, finishing } = schedule(round, replay);
  return round.unanswered.size > 0 ? finishing : answers;
}

function toPoints(words: readonly bigint[]): { x: bigint; y: bigint }[] {
  return Array.from({ length: Math.floor(words.length / 2) }, (_, i) => {
    return { x: words[2 * i]!, y: words[2 * i + 1]! };
  });
}
