import { concat, getBytes, id, keccak256, toBeHex } from "ethers";
import type { network } from "hardhat";

import type { AccumulationProgress } from "../../src/voting/accumulationChunks.js";
import type { TrusteePartial } from "../../src/voting/combinePartials.js";
import type { CountArguments } from "../../src/voting/countArguments.js";
import { Point } from "../../src/voting/curve.js";
import { optionGenerator } from "../../src/voting/generators.js";
import { optionsOfGroup, type Question } from "../../src/voting/question.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import type { QuestionSums } from "../../src/voting/sumBallots.js";
import { toWords } from "../../src/voting/words.js";
import { KEY_LOGARITHM, ORDER } from "./ballots.js";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

/** A number below the order, the same for the same name. */
export function scalarOf(name: string): bigint {
  return BigInt(id(name)) % ORDER;
}

/** The i-th slot key: keys ascend with i, the first is zero. */
export function slotKeyOf(i: number): string {
  return toBeHex(BigInt(i) << 200n, 32);
}

/** The ciphertexts of votes under the tests' key, with randomness that the test chooses: one number a group of each question. */
export function encrypt(
  questions: readonly Question[],
  votes: readonly (readonly number[])[],
  randomness: readonly bigint[],
): Uint8Array {
  let at = 0;
  const points = questions.flatMap((question, q) =>
    Array.from({ length: question.groups }, (_, group) => {
      const r = randomness[at++]!;
      const [from, end] = optionsOfGroup(question, group);
      const message = votes[q]!.filter((option) => option >= from && option < end).reduce((sum, option) => {
        return sum.add(optionGenerator(option + 1));
      }, Point.ZERO);
      return [times(Point.BASE, r), times(Point.BASE, r * KEY_LOGARITHM).add(message)];
    }),
  );
  return toWords(points.flat().flatMap((point) => wordsOf(point)));
}

/** A ballot of some votes in the i-th slot, with randomness of its own. */
export function ballotIn(
  i: number,
  questions: readonly Question[],
  votes: readonly (readonly number[])[],
  weight = 1n,
): RecordedBallot {
  const groups = questions.reduce((sum, question) => sum + question.groups, 0);
  const randomness = Array.from({ length: groups }, (_, group) => scalarOf(`r ${i} ${group}`));
  return { slotKey: slotKeyOf(i), weight, ciphertexts: encrypt(questions, votes, randomness) };
}

/** The share of a trustee, of a polynomial with the tests' key as its constant term. */
export function shareOf(index: number, threshold: number): bigint {
  let share = KEY_LOGARITHM;
  for (let k = 1; k < threshold; k++) share += scalarOf(`coefficient ${k}`) * BigInt(index) ** BigInt(k);
  return share % ORDER;
}

/** What trustees decrypt of sums, without proofs. */
export function partialsOf(sums: QuestionSums, indices: readonly number[]): TrusteePartial[] {
  return indices.map((index) => ({
    index,
    partials: sums.c1.flatMap((c1) => {
      return c1 === undefined ? [0n, 0n] : wordsOf(times(Point.fromAffine(c1), shareOf(index, indices.length)));
    }),
  }));
}

/** A point's coordinates; two zeros for infinity. */
export function wordsOf(point: Point): [bigint, bigint] {
  const { x, y } = point.toAffine();
  return point.is0() ? [0n, 0n] : [x, y];
}

/** A point times any whole number. */
export function times(point: Point, factor: bigint): Point {
  return point.multiplyUnsafe(Point.Fn.create(factor));
}

/** The hash that a slot keeps of a ballot. */
export function hashOf({ ciphertexts, weight }: RecordedBallot): string {
  return keccak256(concat([ciphertexts, toBeHex(weight, 32)]));
}

/** Entries as the contract takes them, made by hand. */
export function entryOf(
  { slotKey, weight, ciphertexts }: RecordedBallot,
  multiples: readonly Point[] = [],
): Uint8Array {
  return getBytes(concat([slotKey, toBeHex(weight, 32), ciphertexts, toWords(multiples.flatMap(wordsOf))]));
}

/** A contract that sums up and counts as an election does, with its library. */
export async function deployTally(ethers: Ethers, questions: readonly Question[]) {
  const library = await ethers.deployContract("Tally");
  const libraries = { Tally: await library.getAddress() };
  const asked = questions.map(({ options, selections, groups, approval }) => [options, selections, groups, approval]);
  const harness = await ethers.deployContract("TallyHarness", [asked], { libraries });
  return {
    library,
    harness,
    record: async (ballots: readonly RecordedBallot[]) => {
      for (const ballot of ballots) await harness.getFunction("record")(ballot.slotKey, hashOf(ballot));
    },
    accumulate: (progress: AccumulationProgress, entries: Uint8Array) => {
      return harness.getFunction("accumulate")(progress, entries);
    },
    preview: async (progress: AccumulationProgress, entries: Uint8Array): Promise<AccumulationProgress> => {
      const next: unknown = await harness.getFunction("preview").staticCall(progress, entries);
      const [count, weight, last, sums] = next as [bigint, bigint, string, bigint[]];
      return { count, weight, last, sums: [...sums] };
    },
    finish: async (progress: AccumulationProgress): Promise<bigint[]> => {
      const [sums] = (await harness.getFunction("finish").staticCall(progress)) as [bigint[]];
      return [...sums];
    },
    requireCounts: (question: number, weight: bigint, count: CountArguments) => {
      return harness.getFunction("requireCounts").staticCall(question, weight, count);
    },
  };
}
