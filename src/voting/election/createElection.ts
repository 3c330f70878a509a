import { type ContractTransactionReceipt, ZeroAddress, ZeroHash } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import type { ElectionFactory } from "../../typechain/contracts/voting/ElectionFactory.js";
import { checkQuestion, proposeGroups, type Question } from "../question.js";
import { VotingError } from "../VotingError.js";
import { hashElectionTexts, type QuestionTexts } from "./electionTexts.js";

/** A question as whoever makes an election asks it. */
export interface QuestionRequest {
  readonly texts: QuestionTexts;
  /** How many options a voter chooses; "any" for approval voting. */
  readonly choose: number | "any";
  /** Whether a voter may choose fewer: as many blank options are added. */
  readonly atMost?: boolean;
  /** How many ciphertexts the options share; proposed from the electorate, if left out. */
  readonly groups?: number;
}

/** What an election is to be. Times are Unix seconds, periods seconds. */
export interface ElectionRequest {
  readonly questions: readonly QuestionRequest[];
  /** The total weight of all who may vote, at least: groups are proposed from it. */
  readonly electorate: bigint;
  readonly commission: readonly string[];
  readonly quorum: number;
  readonly trustees: {
    readonly trustees: readonly string[];
    readonly threshold: number;
    readonly registrationPeriod: number;
    readonly dealingPeriod: number;
    readonly complaintPeriod: number;
    readonly answerPeriod: number;
  };
  /** Left out when it is published later, or only the gate lets vote. `file` is `serializeRoll`'s hash. */
  readonly roll?: { readonly root: string; readonly voters: number; readonly weight: bigint; readonly file: string };
  readonly gate?: { readonly address: string; readonly scope: string; readonly freeze: bigint };
  readonly opensAt: bigint;
  readonly closesAt: bigint;
  readonly challengePeriod: number;
  readonly tallyPeriod: number;
  readonly longestExtension?: number;
  readonly mostExtensions?: number;
  readonly minimumBallots: number;
  readonly hasPaper?: boolean;
}

/**
 * Makes an election with its trustees: texts are hashed, groups proposed, blank options added.
 *
 * @param factory Connected to a key that is accredited as an election authority.
 * @param request What it is to be.
 * @throws VotingError TEXTS_INVALID, QUESTION_INVALID, ROLL_INVALID when the roll has more weight than the electorate; ContractError
 * ElectionTimesInvalid, …
 * @example
 * ```ts
 * const { election, trustees } = await createElection(factory, request);
 * ```
 */
export async function createElection(
  factory: ElectionFactory,
  request: ElectionRequest,
): Promise<{
  election: string;
  trustees: string;
  questions: readonly Question[];
  receipt: ContractTransactionReceipt;
}> {
  const { electorate, roll, gate, trustees } = request;
  if (roll !== undefined && roll.weight > electorate) {
    throw new VotingError("ROLL_INVALID", `the roll's weight ${roll.weight} is above the electorate's ${electorate}`);
  }
  const texts = hashElectionTexts(request.questions.map((question) => question.texts));
  const asked = request.questions.map((question) => questionOf(question, electorate));
  const questions = asked.map(({ question }) => question);
  const receipt = await send(() => {
    return factory.createElection({
      questions,
      blanks: asked.map(({ blanks }) => blanks),
      texts,
      commission: [...request.commission],
      quorum: request.quorum,
      trustees: { ...trustees, trustees: [...trustees.trustees] },
      roll: roll ?? { root: ZeroHash, voters: 0, weight: 0n, file: ZeroHash },
      gate: gate?.address ?? ZeroAddress,
      gateScope: gate?.scope ?? ZeroHash,
      gateFreeze: gate?.freeze ?? 0n,
      opensAt: request.opensAt,
      closesAt: request.closesAt,
      challengePeriod: request.challengePeriod,
      tallyPeriod: request.tallyPeriod,
      longestExtension: request.longestExtension ?? 0,
      minimumBallots: request.minimumBallots,
      mostExtensions: request.mostExtensions ?? 0,
      hasPaper: request.hasPaper ?? false,
    });
  });
  const [created] = await eventsOf(receipt, factory, "ElectionCreated");
  if (created === undefined) throw new VotingError("EVENT_MISSING", "the receipt holds no event of the election");
  const { election, trustees: made } = created.args as unknown as { election: string; trustees: string };
  return { election, trustees: made, questions, receipt };
}

function questionOf(
  { texts, choose, atMost = false, groups }: QuestionRequest,
  electorate: bigint,
): { question: Question; blanks: number } {
  const approval = choose === "any";
  const selections = approval ? 0 : choose;
  const blanks = atMost ? selections : 0;
  const options = Object.values(texts)[0]!.options.length + blanks;
  const question = { options, selections, approval };
  const complete = { ...question, groups: groups ?? proposeGroups(question, electorate) };
  checkQuestion(complete);
  return { question: complete, blanks };
}
