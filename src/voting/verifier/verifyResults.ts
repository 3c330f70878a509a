import { Interface } from "ethers";

import type { Question } from "../question.js";
import { type AffinePoint, isSamePoint, N, P, power, sumOfMultiples, sumOfPoints } from "./curve.js";
import { type EventNamed, eventsNamed } from "./electionEvents.js";
import { generatorPoint } from "./generatorPoints.js";
import type { Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";
import type { QuestionPartials } from "./verifyPartials.js";

/** A question's counts, as they were published. */
export interface VerifiedResult {
  readonly question: number;
  /** The counts of the options, those of blank ones added up at the end. */
  readonly counts: readonly bigint[];
}

/** What results are verified with. */
export interface ResultsContext {
  readonly fixed: EventNamed<"TallyFixed"> | undefined;
  readonly partials: readonly QuestionPartials[];
}

const FINALIZE = new Interface([
  "function finalize(tuple(uint256[] counts, tuple(uint8 index, uint256[] partials)[] partials, uint256[] sums, uint256[] hints)[] counts)",
]);

/** How many counts of half of a group's blank options are tried, where the call that has them is not at hand. */
const MOST_TRIES = 200_000n;

/**
 * Opens the sums with the trustees' partial decryptions, and verifies that each published count is what they say.
 *
 * @returns The results that are right.
 * @example
 * ```ts
 * const results = verifyResults(replay, { fixed, partials }, beginStep(steps, "results"));
 * ```
 */
export function verifyResults(replay: Replay, context: ResultsContext, report: StepReport): VerifiedResult[] {
  const published = eventsNamed(replay.events, "ResultPublished");
  const results: VerifiedResult[] = [];
  for (const [place, event] of published.entries()) {
    const { question: number, counts } = event.args;
    const question = Number(number);
    const where = `the result of question ${question}`;
    const isNext = question === place && question < replay.questions.length;
    if (!report.require(isNext, `${where} is repeated, out of order or of no question`)) continue;
    const fault = faultOf(event, replay, context);
    if (report.require(fault === undefined, `${where}: ${fault}`)) results.push({ question, counts });
  }
  const isFinal = eventsNamed(replay.events, "ElectionFinalized").length > 0;
  report.require(
    !isFinal || published.length === replay.questions.length,
    "the election is final, but results are missing",
  );
  report.conclude(`${published.length} of ${replay.questions.length} results published, each what the sums decrypt to`);
  return results;
}

function faultOf(
  event: EventNamed<"ResultPublished">,
  replay: Replay,
  { fixed, partials }: ResultsContext,
): string | undefined {
  const { args } = event;
  const index = Number(args.question);
  const question = replay.questions[index]!;
  const blanks = replay.blanks[index]!;
  if (fixed === undefined || fixed.place > event.place) return "no sums were fixed before it";
  if (args.ballots !== fixed.args.ballots || args.weight !== fixed.args.weight) {
    return "its number of ballots or their weight is not that of the sums";
  }
  const { threshold } = replay.trustees;
  const own = [...partials[index]!].sort(([a], [b]) => a - b).slice(0, threshold);
  if (own.length < threshold) return `only ${own.length} of ${threshold} partial decryptions are proven`;

  const expected = question.options - (blanks === 0 ? 0 : blanks - 1);
  if (args.counts.length !== expected) return `it has ${args.counts.length} counts, not ${expected}`;
  if (args.counts.some((count, j) => count > args.weight * (blanks > 0 && j === expected - 1 ? BigInt(blanks) : 1n))) {
    return "a count is above the weight of the ballots";
  }
  const total = args.counts.reduce((sum, count) => sum + count, 0n);
  if (!question.approval && total !== BigInt(question.selections) * args.weight) {
    return `its counts add up to ${total}, not to the weight times the selections`;
  }
  const opened = openSums(fixed.args.sums, replay.questions, index, own);
  if (blanks < 2) return holds(opened, question, args.counts);
  const full = countsOfCall(event, replay);
  if (full === undefined) return searchBlanks(opened, question, args.counts, args.weight);
  const named = question.options - blanks;
  const reported = [...full.slice(0, named), full.slice(named).reduce((sum, count) => sum + count, 0n)];
  if (full.length !== question.options || reported.join() !== args.counts.join()) return "its call had other counts";
  if (full.some((count) => count > args.weight)) return "a count is above the weight of the ballots";
  return holds(opened, question, full);
}

/** For each group what the counts times the generators must be. */
function openSums(
  sums: readonly bigint[],
  questions: readonly Question[],
  index: number,
  partials: readonly (readonly [number, readonly AffinePoint[]])[],
): AffinePoint[] {
  const before = questions.slice(0, index).reduce((sum, { groups }) => sum + groups, 0);
  const coefficients = lagrange(partials.map(([trustee]) => BigInt(trustee)));
  return Array.from({ length: questions[index]!.groups }, (_, group) => {
    const at = 4 * (before + group) + 2;
    const [x, y] = [sums[at] ?? 0n, sums[at + 1] ?? 0n];
    const c2 = x === 0n && y === 0n ? undefined : { x, y };
    return sumOfMultiples([[c2, 1n], ...partials.map(([, points], i) => [points[group], -coefficients[i]!] as const)]);
  });
}

function lagrange(indices: readonly bigint[]): bigint[] {
  return indices.map((i) => {
    const others = indices.filter((j) => j !== i);
    const above = others.reduce((product, j) => (product * j) % N, 1n);
    const below = others.reduce((product, j) => (((product * (j - i)) % N) + N) % N, 1n);
    return (above * power(below, N - 2n, N)) % N;
  });
}

function holds(opened: readonly AffinePoint[], question: Question, counts: readonly bigint[]): string | undefined {
  const wrong = opened.findIndex((point, group) => {
    const [first, end] = rangeOf(question, group);
    const terms = counts.slice(first, end).map((count, i) => [generatorPoint(String(first + i + 1)), count] as const);
    return !isSamePoint(point, sumOfMultiples(terms));
  });
  return wrong < 0 ? undefined : `the counts are not what the sum of group ${wrong} decrypts to`;
}

/** All counts, blank ones apart, where the transaction called the election itself. */
function countsOfCall({ args, log }: EventNamed<"ResultPublished">, { transcript, events }: Replay) {
  const call = transcript.calls.find((one) => one.transactionHash === log.transactionHash);
  if (call === undefined || call.to !== transcript.election) return undefined;
  const [first] = eventsNamed(events, "ResultPublished").filter(
    (one) => one.log.transactionHash === log.transactionHash,
  );
  try {
    const [list] = FINALIZE.decodeFunctionData("finalize", call.input);
    const calls = [...(list as Iterable<{ counts: Iterable<bigint> }>)];
    return [...calls[Number(args.question - first!.args.question)]!.counts];
  } catch {
    return undefined;
  }
}

/**
 * Finds the blank options' counts, of which only the sum is reported: in each group by itself, as no other counts yield its point,
 * half of its blank options against the other half.
 */
function searchBlanks(
  opened: readonly AffinePoint[],
  question: Question,
  reported: readonly bigint[],
  weight: bigint,
): string | undefined {
  const named = reported.length - 1;
  const total = reported[named]!;
  let found = 0n;
  for (const [group, point] of opened.entries()) {
    const [first, end] = rangeOf(question, group);
    const generators = Array.from({ length: end - first }, (_, i) => generatorPoint(String(first + i + 1)));
    const firstBlank = Math.max(0, Math.min(end, named) - first);
    const known = generators.slice(0, firstBlank).map((generator, i) => [generator, -reported[first + i]!] as const);
    const rest = sumOfMultiples([[point, 1n], ...known]);
    const used = sharesOf(rest, generators.slice(firstBlank), total < weight ? total : weight);
    if (used === "too many") {
      return "the call with the counts of the blank options is not at hand, and they are too many to be searched";
    }
    if (used === undefined) return `the counts are not what the sum of group ${group} decrypts to`;
    found += used;
  }
  return found === total ? undefined : "the blank options' counts do not add up to what is reported";
}

/** Of multiples of generators, each from 0 to a bound, that add up to a point: how many they are together. */
function sharesOf(
  point: AffinePoint,
  generators: readonly AffinePoint[],
  most: bigint,
): bigint | undefined | "too many" {
  // A single count is split into two digits.
  const step = BigInt(Math.ceil(Math.sqrt(Number(most) + 1)));
  const [only] = generators;
  const half = Math.ceil(generators.length / 2);
  const all = generators.map((generator) => ({ generator, unit: 1n, most }));
  const [one, other] =
    generators.length === 1
      ? [
          [{ generator: only, unit: 1n, most: step - 1n }],
          [{ generator: sumOfMultiples([[only, step]]), unit: step, most: most / step }],
        ]
      : [all.slice(0, half), all.slice(half)];
  for (const part of [one, other]) {
    if (part.reduce((size, { most: bound }) => size * (bound + 1n), 1n) > MOST_TRIES) return "too many";
  }
  const name = (of: AffinePoint) => (of === undefined ? "0" : `${of.x},${of.y}`);
  const table = new Map<string, bigint>();
  for (const [sum, used] of multiplesOf(undefined, one)) table.set(name(sum), used);
  const negative = other.map(({ generator, ...rest }) => {
    return { generator: generator === undefined ? undefined : { x: generator.x, y: P - generator.y }, ...rest };
  });
  for (const [rest, used] of multiplesOf(point, negative)) {
    const more = table.get(name(rest));
    if (more !== undefined && (generators.length > 1 || used + more <= most)) return used + more;
  }
  return undefined;
}

/** A point with all multiples of generators added, and how many they are together. */
function* multiplesOf(
  start: AffinePoint,
  terms: readonly { readonly generator: AffinePoint; readonly unit: bigint; readonly most: bigint }[],
): Generator<readonly [AffinePoint, bigint]> {
  const [term, ...others] = terms;
  if (term === undefined) {
    yield [start, 0n];
    return;
  }
  let current = start;
  for (let count = 0n; count <= term.most; count++) {
    for (const [sum, used] of multiplesOf(current, others)) yield [sum, used + count * term.unit];
    current = sumOfPoints([current, term.generator]);
  }
}

function rangeOf({ options, groups }: Question, group: number): [number, number] {
  return [Math.floor((group * options) / groups), Math.floor(((group + 1) * options) / groups)];
}
