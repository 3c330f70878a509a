import { normalizeZ } from "@noble/curves/abstract/curve.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";

import { addToSum, type RunningSum } from "./addToSum.js";
import { type CurvePoint, Point } from "./curve.js";
import { blindingGenerator } from "./generators.js";
import type { Question } from "./question.js";
import { countGroups, pointsOfBallot, type RecordedBallot, sortBallots } from "./recordedBallot.js";
import { VotingError } from "./VotingError.js";
import { toWords } from "./words.js";

/** How far a caller has summed up, as the contract takes it. */
export interface AccumulationProgress {
  /** How many ballots. */
  readonly count: bigint;
  /** The sum of their weights. */
  readonly weight: bigint;
  /** The last slot. */
  readonly last: string;
  /** For each group of each question the running sums of C1 and C2: Jacobian X, Y, Z. */
  readonly sums: bigint[];
}

/** One call of `accumulate`. */
export interface AccumulationChunk {
  /** How far the caller was before. */
  readonly progress: AccumulationProgress;
  /** The chunk's ballots. */
  readonly entries: Uint8Array;
  /** How far the caller is then: the next chunk's progress. */
  readonly next: AccumulationProgress;
}

/** What is to be summed up. */
export interface AccumulationRequest {
  /** The election's questions. */
  readonly questions: readonly Question[];
  /** The ballots of all slots, in any order. */
  readonly ballots: readonly RecordedBallot[];
  /** How many ballots a chunk holds at most. */
  readonly size: number;
  /** How far the caller is already; nothing where a sum begins. Ballots up to its last slot are passed over. */
  readonly progress?: AccumulationProgress | undefined;
}

/** How far a caller is who has not begun. */
export const NO_PROGRESS: AccumulationProgress = { count: 0n, weight: 0n, last: `0x${"00".repeat(32)}`, sums: [] };

/**
 * Cuts recorded ballots into the calls that sum them up, one after the other. Each holds what the contract will hash its state
 * to, so that whoever kept one can go on from there.
 *
 * @throws VotingError CHUNK_SIZE; BALLOT_REPEATED; what pointsOfBallot throws
 * @example
 * ```ts
 * for (const { progress, entries } of accumulationChunks({ questions, ballots, size: 500 })) {
 *   await (await election.accumulate(progress, entries)).wait();
 * }
 * ```
 */
export function* accumulationChunks(request: AccumulationRequest): Generator<AccumulationChunk, void> {
  const { questions, ballots, size, progress: begun = NO_PROGRESS } = request;
  if (!Number.isInteger(size) || size < 1) throw new VotingError("CHUNK_SIZE", `a chunk cannot hold ${size} ballots`);
  const last = begun.last.toLowerCase();
  const left = sortBallots(ballots).filter(({ slotKey }) => begun.count === 0n || slotKey.toLowerCase() > last);
  let progress = begun.count === 0n ? NO_PROGRESS : begun;
  let sums = progress.count === 0n ? startingSums(questions) : readSums(progress.sums);
  for (let from = 0; from < left.length; from += size) {
    const chunk = left.slice(from, from + size);
    const entries: Uint8Array[] = [];
    let { weight } = progress;
    for (const ballot of chunk) {
      const points = pointsOfBallot(ballot, questions);
      const added = weigh(points, ballot.weight);
      sums = sums.map((sum, i) => (ballot.weight === 0n ? sum : addToSum(sum, added[i]!)));
      weight += ballot.weight;
      const multiples = ballot.weight > 1n ? added.flatMap(({ x, y }) => [x, y]) : [];
      entries.push(
        hexToBytes(ballot.slotKey.slice(2)),
        toWords([ballot.weight]),
        ballot.ciphertexts,
        toWords(multiples),
      );
    }
    const count = progress.count + BigInt(chunk.length);
    const next = { count, weight, last: chunk.at(-1)!.slotKey, sums: sums.flatMap(({ x, y, z }) => [x, y, z]) };
    yield { progress, entries: concatBytes(...entries), next };
    progress = next;
  }
}

/** The points times the weight, which is small. */
function weigh(points: readonly CurvePoint[], weight: bigint): readonly CurvePoint[] {
  if (weight < 2n) return points;
  const multiples = points.map((point) => Point.fromAffine({ x: point.x, y: point.y }).multiplyUnsafe(weight));
  return normalizeZ(Point, multiples).map((point) => point.toAffine());
}

/** Every running sum begins at the generator K. */
function startingSums(questions: readonly Question[]): RunningSum[] {
  const { x, y } = blindingGenerator().toAffine();
  return Array.from({ length: 2 * countGroups(questions) }, () => ({ x, y, z: 1n }));
}

function readSums(words: readonly bigint[]): RunningSum[] {
  return Array.from({ length: words.length / 3 }, (_, i) => {
    return { x: words[3 * i]!, y: words[3 * i + 1]!, z: words[3 * i + 2]! };
  });
}
