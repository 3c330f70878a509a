import { AbiCoder, concat, getAddress, id, keccak256, toBeHex } from "ethers";

import { type AffinePoint, G, isSamePoint, N, sumOfMultiples } from "./curve.js";
import { type EventNamed, eventsNamed } from "./electionEvents.js";
import { isPoint } from "./isPoint.js";
import { pointAddress } from "./pointAddress.js";
import type { MadeKey, Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** What partial decryptions are verified with. */
export interface PartialsContext {
  readonly opened: EventNamed<"ElectionOpened"> | undefined;
  readonly made: MadeKey | undefined;
  readonly fixed: EventNamed<"TallyFixed"> | undefined;
}

/** The right partial decryptions of one question: by the trustee's index a point a group. */
export type QuestionPartials = ReadonlyMap<number, readonly AffinePoint[]>;

/**
 * Verifies each trustee's partial decryptions against its public share and the sums that were fixed.
 *
 * @returns Those that are right, for each question.
 * @example
 * ```ts
 * const partials = verifyPartials(replay, { opened, made, fixed }, beginStep(steps, "partials"));
 * ```
 */
export function verifyPartials(replay: Replay, context: PartialsContext, report: StepReport): QuestionPartials[] {
  const right = replay.questions.map(() => new Map<number, readonly AffinePoint[]>());
  const [started] = eventsNamed(replay.events, "DecryptionStarted");
  const posted = eventsNamed(replay.events, "PartialDecryptionPosted");
  for (const event of posted) {
    const [question, trustee] = [Number(event.args.question), Number(event.args.trustee)];
    const where = `the partial decryption of trustee ${trustee} for question ${question}`;
    const isStarted = context.fixed !== undefined && started !== undefined && started.place < event.place;
    if (!report.require(isStarted, `${where} came before the sums were fixed`)) continue;
    report.require(BigInt(event.log.time) <= started!.args.deadline, `${where} came too late`);
    const own = right[question];
    if (!report.require(own !== undefined && !own.has(trustee), `${where} is of no question, or repeated`)) continue;
    const points = verifyOne(event, replay, context);
    if (report.require(points !== undefined, `${where} is not proven`)) own!.set(trustee, points!);
  }
  report.conclude(`${posted.length} partial decryptions, each proven`);
  return right;
}

function verifyOne(
  { args, log }: EventNamed<"PartialDecryptionPosted">,
  { questions, chainId }: Replay,
  { opened, made, fixed }: PartialsContext,
): readonly AffinePoint[] | undefined {
  const share = made?.shares[Number(args.trustee)];
  const question = Number(args.question);
  const before = questions.slice(0, question).reduce((sum, { groups }) => sum + groups, 0);
  const { groups } = questions[question]!;
  const sums = Array.from({ length: groups }, (_, i) => pointAt(fixed!.args.sums, 2 * (before + i)));
  if (share === undefined || opened === undefined || args.partials.length !== 2 * groups) return undefined;
  const partials = sums.map((_, i) => pointAt(args.partials, i));
  const fits = partials.every((point, i) =>
    point === undefined ? sums[i] === undefined : sums[i] !== undefined && isPoint(point),
  );
  const summed = sums.filter((sum) => sum !== undefined).length;
  if (!fits || args.proof.length !== (summed === 0 ? 0 : 4 * summed + 3)) return undefined;
  if (summed === 0) return partials;

  const [c, z] = [args.proof[0]!, args.proof[1]!];
  const t2 = pointAt(args.proof, 1);
  if (c === 0n || c >= N || z === 0n || z >= N || t2 === undefined || !isPoint(t2)) return undefined;
  const words = concat(
    [...sums, ...partials].flatMap((point) => [toBeHex(point?.x ?? 0n, 32), toBeHex(point?.y ?? 0n, 32)]),
  );
  const seed = keccak256(words);
  const weights = sums.map((_, i) => (i === 0 ? 1n : BigInt(keccak256(concat([seed, toBeHex(i, 32)]))) % N));
  const folded = sumOfMultiples([
    ...sums.map((sum, i) => [sum, z * weights[i]!] as const),
    ...partials.map((partial, i) => [partial, -c * weights[i]!] as const),
  ]);
  const t1 = sumOfMultiples([
    [G, z],
    [share, -c],
  ]);
  if (t1 === undefined || !isSamePoint(folded, t2)) return undefined;
  const head = AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "uint256", "address", "bytes32", "uint256", "uint256", "uint256", "uint256"],
    [
      ...[id("diwan/partial-decryption/v1"), chainId, getAddress(log.address), opened.args.configuration],
      ...[args.question, args.trustee, share.x, share.y],
    ],
  );
  const tail = AbiCoder.defaultAbiCoder().encode(["address", "address"], [pointAddress(t1), pointAddress(t2)]);
  const hash = keccak256(concat([head, words, tail]));
  return BigInt(hash) % N === c ? partials : undefined;
}

/** The point whose words are at twice the index; undefined for two zeros. */
function pointAt(words: readonly bigint[], index: number): AffinePoint {
  const [x, y] = [words[2 * index] ?? 0n, words[2 * index + 1] ?? 0n];
  return x === 0n && y === 0n ? undefined : { x, y };
}
