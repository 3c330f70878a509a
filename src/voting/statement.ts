import { type CurvePoint, isCurvePoint } from "./curve.js";
import { checkQuestion, type Question } from "./question.js";
import { VotingError } from "./VotingError.js";

/** Whose ballot in which election: what a ballot's proof is bound to. */
export interface BallotStatement {
  /** The chain of the election's contract. */
  readonly chainId: bigint;
  /** The election's contract. */
  readonly contract: string;
  /** The hash of the election's configuration: 32 bytes in hexadecimal, with 0x. */
  readonly configuration: string;
  /** The key of the voter's slot: 32 bytes in hexadecimal, with 0x. */
  readonly slotKey: string;
  /** The voter's weight, from 1 to below 2^64. */
  readonly weight: bigint;
  /** The election's questions, 1 to 16. */
  readonly questions: readonly Question[];
  /** The election's public key (H). */
  readonly key: CurvePoint;
}

/** As many as the contract holds in one word. */
const MAX_QUESTIONS = 16;
const MAX_WEIGHT = 2n ** 64n;

/**
 * Checks what a ballot is to be made or checked for.
 *
 * @throws VotingError STATEMENT_MALFORMED; QUESTION_INVALID
 * @example
 * ```ts
 * checkStatement(statement);
 * ```
 */
export function checkStatement(statement: BallotStatement): void {
  const { chainId, contract, configuration, slotKey, weight, questions, key } = statement;
  const problem =
    chainId < 0n || chainId >= 2n ** 256n
      ? "the chain's id is no word"
      : !/^0x[0-9a-f]{40}$/i.test(contract)
        ? "the contract is no address"
        : !/^0x[0-9a-f]{64}$/i.test(configuration)
          ? "the configuration is no hash"
          : !/^0x[0-9a-f]{64}$/i.test(slotKey)
            ? "the slot's key has not 32 bytes"
            : weight < 1n || weight >= MAX_WEIGHT
              ? `the weight ${weight} is not from 1 to below 2^64`
              : questions.length === 0 || questions.length > MAX_QUESTIONS
                ? `an election has 1 to ${MAX_QUESTIONS} questions, not ${questions.length}`
                : !isCurvePoint(key)
                  ? "the election's key is no point of the curve"
                  : undefined;
  if (problem !== undefined) throw new VotingError("STATEMENT_MALFORMED", problem);
  for (const question of questions) checkQuestion(question);
}
