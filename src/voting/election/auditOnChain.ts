import type { ContractTransactionReceipt } from "ethers";

import { ask, send } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { auditBallot } from "../auditBallot.js";
import { ciphertextsOf } from "../ballotBytes.js";
import type { PreparedBallot } from "../prepareBallot.js";
import { VotingError } from "../VotingError.js";
import { WORD_BYTES, wordOf } from "../words.js";
import { checkUse } from "./checkUse.js";
import type { BallotJournal } from "./memoryJournal.js";
import { readElection, type ReadElectionOptions } from "./readElection.js";
import { statementFor } from "./statementFor.js";

/** What is audited. */
export interface AuditRequest extends ReadElectionOptions {
  /** The slot and the weight that the ballot was made for. */
  readonly slotKey: string;
  readonly weight: bigint;
  /** A ballot of a made-up vote. */
  readonly ballot: PreparedBallot;
  /** Where the device remembers what its ballots were used for. It is written before anything is sent. */
  readonly journal: BallotJournal;
}

/**
 * Audits a ballot on the chain (Benaloh): commits to it, then opens it, so that it can never be cast. Its vote becomes public:
 * audit made-up votes. Begun and broken off, it can be called again.
 *
 * @param election Connected to the auditor, who need not be a voter.
 * @param request The ballot with its openings.
 * @throws VotingError BALLOT_SIGNED when its signature was asked for or it was cast; BALLOT_RECORDED; PROOF_VOTE when the openings
 * are not those of the ciphertexts, which is what an audit looks for; ELECTION_NOT_OPEN; ContractError
 * @example
 * ```ts
 * await auditOnChain(election, { slotKey, weight, ballot, journal });
 * ```
 */
export async function auditOnChain(
  election: Election,
  request: AuditRequest,
): Promise<{ committed: ContractTransactionReceipt; spoiled: ContractTransactionReceipt }> {
  const { slotKey, weight, ballot, journal } = request;
  const { bytes, ballotHash, openings } = ballot;
  checkUse(await journal.get(ballotHash), { kind: "audited" });
  const read = await readElection(election, request);
  if (read.state !== "OPEN") throw new VotingError("ELECTION_NOT_OPEN", `the election is ${read.state}`);
  const statement = statementFor(read, slotKey, weight);
  if (!auditBallot(statement, bytes, openings)) {
    throw new VotingError("PROOF_VOTE", "the ballot holds another vote than its openings say");
  }
  await refuseRecorded(election, slotKey, ballotHash);

  await journal.add(ballotHash, { kind: "audited" });
  const committed = await send(() => election.commitBallot(slotKey, ballotHash));
  await refuseRecorded(election, slotKey, ballotHash);
  const { key, questions } = statement;
  const words = ciphertextsOf(bytes, questions);
  const ciphertexts = Array.from({ length: words.length / WORD_BYTES }, (_, word) => wordOf(words, word));
  const randomness = openings.flatMap((opening) => opening.randomness);
  const choices = openings.map(({ vote }) => {
    return vote.reduce((bits, isChosen, j) => (isChosen ? bits | (1n << BigInt(j)) : bits), 0n);
  });
  const brought = { x: key.x, parity: key.y & 1n };
  const spoiled = await send(() => election.spoil(brought, slotKey, weight, ciphertexts, randomness, choices));
  return { committed, spoiled };
}

async function refuseRecorded(election: Election, slotKey: string, ballotHash: string): Promise<void> {
  if (!(await ask(() => election.isRecorded(slotKey, ballotHash)))) return;
  throw new VotingError("BALLOT_RECORDED", "the ballot counts, and must not be opened");
}
