import { AbiCoder, concat, dataLength, dataSlice, keccak256, type Result, toBeHex, ZeroAddress } from "ethers";

import type { Question } from "../question.js";
import type { ElectionEvent, ElectionTerms } from "./electionEvents.js";
import { eventsNamed, TERMS_TUPLE } from "./electionEvents.js";
import type { FixedTerms, TrusteesTerms } from "./Replay.js";
import type { StepReport } from "./Report.js";
import type { Transcript } from "./Transcript.js";

/** EIP-1167, around the implementation's address. */
const CLONE = { before: "0x363d3d373d3d3d363d73", after: "0x5af43d82803e903d91602b57fd5bf3", length: 45 } as const;
const TERMS_WORDS = 18;
const TRUSTEES_TUPLE =
  "tuple(address[] trustees, uint8 threshold, uint32 registrationPeriod, uint32 dealingPeriod, uint32 complaintPeriod, uint32 answerPeriod)";
const TEXTS = "tuple(uint8 question, string language, bytes32 hash)[]";
const MOST_TRUSTEES = 16;
const coder = AbiCoder.defaultAbiCoder();

/**
 * Reads what an election fixed out of the code of the clones, and verifies the factory's event and the hashes against it.
 *
 * @returns undefined where there is nothing to go on with.
 * @example
 * ```ts
 * const fixed = verifyTerms(transcript, events, beginStep(steps, "terms"));
 * ```
 */
export function verifyTerms(
  transcript: Transcript,
  events: readonly ElectionEvent[],
  report: StepReport,
): FixedTerms | undefined {
  const [created, ...others] = eventsNamed(events, "ElectionCreated");
  if (created === undefined) {
    report.require(false, "the factory's event of the election is missing");
    return undefined;
  }
  report.require(
    others.length === 0 && created.place === 0,
    "the factory's event is not the first, or not the only one",
  );
  const own = cloneArguments(transcript.electionCode);
  const ofTrustees = cloneArguments(transcript.trusteesCode);
  if (own === undefined || ofTrustees === undefined || dataLength(own.data) !== 32 * (TERMS_WORDS + 2)) {
    report.require(false, "the code of the election or of its trustees is no clone with terms behind it");
    return undefined;
  }
  const words = dataSlice(own.data, 32, 32 * (TERMS_WORDS + 1));
  const setup = dataSlice(own.data, 0, 32);
  const createdAt = BigInt(dataSlice(own.data, 32 * (TERMS_WORDS + 1)));
  const encoded = encode([TERMS_TUPLE], [Object.values(created.args.terms)]);
  report.require(encoded === words, "the terms in the factory's event are not those in the election's code");
  report.require(keccak256(words) === setup, "the hash in the election's code is not that of its terms");
  const terms = decodeTerms(words);
  const trustees = decodeTrustees(ofTrustees.data);
  if (terms === undefined || trustees === undefined) {
    report.require(false, "the terms in the code cannot be read");
    return undefined;
  }
  const questions = unpackQuestions(terms.questions);
  const blanks = questions.map((_, q) => Number((terms.blanks >> (8n * BigInt(q))) & 255n));
  requireLinks(transcript, created.args, terms, report);
  requireRules(created.log.time, createdAt, terms, trustees, report);
  const isAsked = questions.length > 0 && questions.length <= 16 && questions.every(isQuestion);
  report.require(isAsked, "a question has impossible numbers of options, groups or selections");
  report.require(
    terms.blanks >> (8n * BigInt(questions.length)) === 0n && blanks.every((count, q) => count < questions[q]!.options),
    "a question has more blank options than options",
  );
  const { threshold, trustees: names } = trustees;
  const isCeremony = threshold >= 2 && names.length <= MOST_TRUSTEES && names.length + 1 >= 2 * threshold;
  const areDistinct = new Set(names).size === names.length && !names.includes(ZeroAddress);
  report.require(isCeremony && areDistinct, `${threshold} of ${names.length} trustees are no lawful ceremony`);
  report.conclude(
    `${questions.length} questions, ${threshold} of ${names.length} trustees, quorum ${terms.quorum} of ${created.args.commission.length}; ` +
      `clones of ${own.implementation} and ${ofTrustees.implementation}`,
  );
  if (!isAsked || !isCeremony) return undefined;
  return { created, terms, setup, createdAt, questions, blanks, trustees };
}

function requireLinks(
  transcript: Transcript,
  { election, trustees, texts, commission, roll }: FixedTerms["created"]["args"],
  terms: ElectionTerms,
  report: StepReport,
): void {
  report.require(election.toLowerCase() === transcript.election, "the factory's event is of another election");
  const areTrustees = [trustees, terms.trustees].every((one) => one.toLowerCase() === transcript.trustees);
  report.require(areTrustees, "the election's trustees are another contract");
  const encodedTexts = encode([TEXTS], [texts.map(({ question, language, hash }) => [question, language, hash])]);
  report.require(keccak256(encodedTexts) === terms.texts, "the texts are not those whose hash the terms have");
  const members = keccak256(concat(commission.map((member) => toBeHex(member, 32))));
  report.require(members === terms.commission, "the commission is not the one whose hash the terms have");
  report.require(roll.root === terms.roll, "the roll in the factory's event is not that of the terms");
}

function requireRules(
  time: number,
  createdAt: bigint,
  terms: ElectionTerms,
  trustees: TrusteesTerms,
  report: StepReport,
): void {
  report.require(BigInt(time) === createdAt, "the election was made at another time than its code says");
  const { opensAt, closesAt, challengePeriod, tallyPeriod, minimumBallots } = terms;
  const ceremony =
    trustees.registrationPeriod + trustees.dealingPeriod + trustees.complaintPeriod + trustees.answerPeriod;
  const earliest = createdAt + (ceremony > challengePeriod ? ceremony : challengePeriod);
  const isInOrder = opensAt > earliest && closesAt > opensAt && tallyPeriod !== 0n;
  report.require(
    isInOrder,
    "voting begins before the ceremony could end or the roll be objected to, or ends before it begins",
  );
  report.require(minimumBallots >= 2n, "a single ballot would be opened");
}

function cloneArguments(code: string): { implementation: string; data: string } | undefined {
  if (dataLength(code) <= CLONE.length) return undefined;
  const isClone = dataSlice(code, 0, 10) === CLONE.before && dataSlice(code, 30, CLONE.length) === CLONE.after;
  return isClone ? { implementation: dataSlice(code, 10, 30), data: dataSlice(code, CLONE.length) } : undefined;
}

function decodeTerms(words: string): ElectionTerms | undefined {
  try {
    const values = coder.decode([TERMS_TUPLE], words)[0] as Result;
    const terms = values.toObject() as ElectionTerms;
    return encode([TERMS_TUPLE], [Object.values(terms)]) === words ? terms : undefined;
  } catch {
    return undefined;
  }
}

function decodeTrustees(data: string): TrusteesTerms | undefined {
  try {
    const values = coder.decode([TRUSTEES_TUPLE], data)[0] as Result;
    const own = values.toObject() as unknown as Omit<TrusteesTerms, "threshold"> & { threshold: bigint };
    if (encode([TRUSTEES_TUPLE], [values]) !== data) return undefined;
    return { ...own, trustees: [...own.trustees], threshold: Number(own.threshold) };
  } catch {
    return undefined;
  }
}

/** 16 bits a question: options less one in 5, groups less one in 5, selections in 6. */
function unpackQuestions(packed: bigint): Question[] {
  const questions: Question[] = [];
  for (let left = packed; left !== 0n; left >>= 16n) {
    const selections = Number((left >> 10n) & 63n);
    const [options, groups] = [Number(left & 31n) + 1, Number((left >> 5n) & 31n) + 1];
    questions.push({ options, groups, selections, approval: selections === 0 });
  }
  return questions;
}

function isQuestion({ options, groups, selections }: Question): boolean {
  return options >= 2 && groups <= options && selections <= options;
}

function encode(types: readonly string[], values: readonly unknown[]): string {
  return coder.encode(types, values);
}
