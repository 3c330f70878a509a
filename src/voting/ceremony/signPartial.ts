import { keccak256, toBeHex } from "ethers";

import { type PartialDecryption, partialDecryption } from "../partialDecryption.js";
import type { Question } from "../question.js";
import type { RecordedBallot } from "../recordedBallot.js";
import { sumBallots } from "../sumBallots.js";
import { VotingError } from "../VotingError.js";
import { toWords } from "../words.js";
import type { TrusteeFile } from "./trusteeFile.js";
import type { SignedSum } from "./trusteeState.js";

/** What a trustee opens, all read from the chain by the trustee itself. */
export interface PartialRequest {
  /** The election. */
  readonly election: string;
  /** The hash of the election's configuration. */
  readonly configuration: string;
  /** The questions of the election. */
  readonly questions: readonly Question[];
  /** The index of the question that is opened. */
  readonly question: number;
  /** The hash of the sums that the chain fixed: no other sum is opened. */
  readonly sumsHash: string;
  /** The ballots that count. The trustee verified the proof of each. */
  readonly ballots: readonly RecordedBallot[];
  /** Fewer ballots are not opened. */
  readonly minimum: number;
  /** In how many blocks, its own among them, the last of the ballots' blocks is. */
  readonly confirmations: number;
  /** From how many on the chain is taken to be final. */
  readonly finality: number;
}

/** A partial decryption, and the sum it is of. */
export interface SignedPartial extends PartialDecryption {
  /** The coordinates of the sum of C1 of each group. */
  readonly sums: bigint[];
}

/**
 * Opens a trustee's part of a question. The sum is computed here and written to the file before anything is signed: a trustee
 * opens one sum of a question, ever. Two partial decryptions of sums that differ by one ballot open that ballot, so where the
 * chain says something else later, the election must be annulled.
 *
 * @param file The trustee's file.
 * @param share The trustee's share of the key.
 * @param request What is opened.
 * @throws VotingError NOT_FINAL; TOO_FEW_BALLOTS; SUM_DIFFERS; SUM_SIGNED_BEFORE; what sumBallots and partialDecryption throw,
 * and saving the file
 * @example
 * ```ts
 * const { sums, partials, proof } = await signPartial(file, share, request);
 * ```
 */
export async function signPartial(file: TrusteeFile, share: bigint, request: PartialRequest): Promise<SignedPartial> {
  const { election, configuration, questions, question, ballots, minimum, confirmations, finality } = request;
  if (confirmations < finality) {
    throw new VotingError("NOT_FINAL", `the ballots have ${confirmations} confirmations; wait for ${finality}`);
  }
  if (ballots.length < minimum) {
    throw new VotingError("TOO_FEW_BALLOTS", `${ballots.length} ballots are not opened; ${minimum} are the least`);
  }
  const points = sumBallots(ballots, questions).questions[question]?.c1;
  if (points === undefined) throw new VotingError("STATEMENT_MALFORMED", `there is no question ${question}`);

  const sums = points.flatMap((point) => (point === undefined ? [0n, 0n] : [point.x, point.y]));
  if (keccak256(toWords(sums)) !== request.sumsHash.toLowerCase()) {
    throw new VotingError("SUM_DIFFERS", `the sum of question ${question} that was fixed is not that of these ballots`);
  }
  const wanted: SignedSum = { election: election.toLowerCase(), configuration, sums: sums.map(hex) };
  const kept = await keepSum(file, question, wanted);
  if (kept.partials !== undefined && kept.proof !== undefined) {
    return { sums, partials: kept.partials.map(BigInt), proof: kept.proof.map(BigInt) };
  }

  const { chainId, contract, index } = file.state;
  const { partials, proof } = partialDecryption(
    {
      chainId: BigInt(chainId),
      contract,
      configuration,
      question: BigInt(question),
      trustee: BigInt(index),
      sums: points,
    },
    share,
  );
  const signed = { ...wanted, partials: partials.map(hex), proof: proof.map(hex) };
  await file.save((state) => ({ ...state, signed: { ...state.signed, [question]: signed } }));
  return { sums, partials, proof };
}

/** Writes down which sum is opened, unless another one was. The check is made on the state that is written. */
async function keepSum(file: TrusteeFile, question: number, wanted: SignedSum): Promise<SignedSum> {
  const check = (kept: SignedSum | undefined): void => {
    const isSame =
      kept === undefined ||
      (kept.election === wanted.election &&
        kept.configuration === wanted.configuration &&
        kept.sums.join() === wanted.sums.join());
    if (isSame) return;
    throw new VotingError(
      "SUM_SIGNED_BEFORE",
      `another sum of question ${question} was opened before, and the difference may be one ballot: the election must be annulled`,
    );
  };
  const before = file.state.signed[question];
  check(before);
  if (before !== undefined) return before;
  await file.save((state) => {
    check(state.signed[question]);
    return { ...state, signed: { [question]: wanted, ...state.signed } };
  });
  return file.state.signed[question]!;
}

function hex(value: bigint): string {
  return toBeHex(value, 32);
}
