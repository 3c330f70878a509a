import { type Provider, TypedDataEncoder } from "ethers";

import { ask } from "../../chain/send.js";
import { DiwanError } from "../../errors.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { hashBallot } from "../ballotBytes.js";
import { checkBallot } from "../checkBallot.js";
import { askGate } from "./askGate.js";
import { electionDomain, electionTypedData } from "./electionTypedData.js";
import { isOnRoll } from "./isOnRoll.js";
import { isSignedBy } from "./isSignedBy.js";
import type { ReadElection } from "./readElection.js";
import type { SignedBallot } from "./signBallot.js";
import { shapeProblem } from "./shapeProblem.js";
import { statementFor } from "./statementFor.js";

/** Why a relayer does not send a ballot. */
export interface Refusal {
  readonly reason:
    | "MALFORMED"
    | "PROOF_WRONG"
    | "SIGNATURE_EXPIRED"
    | "SIGNATURE_INVALID"
    | "NOT_ON_ROLL"
    | "BALLOT_SPOILED"
    | "SLOT_CHANGED";
  /** For people. */
  readonly detail: string;
}

/**
 * Checks a ballot that a voter signed, cheap checks first: whatever is brought, it says what is wrong, and throws only when the
 * node fails. Whether the slot still holds what it replaces is not looked at.
 *
 * @param election The election, connected to a node.
 * @param read The same, as just read.
 * @param signed The ballot, from anyone.
 * @returns The ballot's hash, where it can be computed, and what is wrong.
 * @example
 * ```ts
 * const { refusal } = await refusalOf(election, read, signed);
 * if (refusal !== undefined) reply(refusal.reason);
 * ```
 */
export async function refusalOf(
  election: Election,
  read: ReadElection,
  signed: SignedBallot,
): Promise<{ ballotHash?: string; refusal?: Refusal }> {
  const problem = shapeProblem(signed);
  if (problem !== undefined) return refuse("MALFORMED", problem);
  const { slotKey, voter, weight, proof, evidence, replaces, deadline, signature, ballot } = signed;
  let ballotHash: string;
  try {
    ballotHash = hashBallot(ballot, read.questions, weight);
  } catch (error) {
    return refuse("MALFORMED", messageOf(error));
  }
  if (deadline < read.time) return refuse("SIGNATURE_EXPIRED", `the deadline ${deadline} has passed`, ballotHash);
  const entry = { slotKey, voter, weight };
  if (evidence === "0x") {
    if (!isOnRoll(read.roll.root, entry, proof))
      return refuse("NOT_ON_ROLL", `${voter} is not on the roll`, ballotHash);
  } else {
    const problem = await gateProblem(election, read, signed);
    if (problem !== undefined) return refuse("NOT_ON_ROLL", problem, ballotHash);
  }
  const domain = electionDomain(read.chainId, read.address);
  const data = electionTypedData(domain, "Ballot", { slotKey, ballotHash, replaces, deadline });
  const digest = TypedDataEncoder.hash(data.domain, data.types, data.message);
  if (!(await isSignedBy(election.runner!.provider as Provider, voter, digest, signature))) {
    return refuse("SIGNATURE_INVALID", `it is not signed by ${voter}`, ballotHash);
  }
  if (await ask(() => election.isSpoiled(slotKey, ballotHash))) {
    return refuse("BALLOT_SPOILED", "it was opened for audit", ballotHash);
  }
  try {
    checkBallot({ statement: statementFor(read, slotKey, weight), bytes: ballot });
  } catch (error) {
    return refuse("PROOF_WRONG", messageOf(error), ballotHash);
  }
  return { ballotHash };
}

async function gateProblem(election: Election, read: ReadElection, signed: SignedBallot): Promise<string | undefined> {
  if (BigInt(read.terms.gate) === 0n) return "the election has no gate";
  if (signed.weight !== 1n) return "voters at the gate have the weight 1";
  try {
    await askGate(election, read, signed, signed.evidence);
    return undefined;
  } catch (error) {
    if (!(error instanceof DiwanError)) throw error;
    return error.message;
  }
}

function refuse(reason: Refusal["reason"], detail: string, ballotHash?: string) {
  return { ...(ballotHash === undefined ? {} : { ballotHash }), refusal: { reason, detail } };
}

function messageOf(error: unknown): string {
  if (error instanceof DiwanError) return error.message;
  throw error;
}
