import type { Signer } from "ethers";

import { ask } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { hashBallot } from "../ballotBytes.js";
import { checkBallot } from "../checkBallot.js";
import { VotingError } from "../VotingError.js";
import { askGate } from "./askGate.js";
import { checkUse } from "./checkUse.js";
import { isOnRoll } from "./isOnRoll.js";
import type { BallotJournal } from "./memoryJournal.js";
import type { ReadElection } from "./readElection.js";
import type { RollEntry } from "./roll.js";
import { statementFor } from "./statementFor.js";

/** A voter's right: a place on the roll, or what the gate is shown. */
export type VoterRight =
  | { readonly entry: RollEntry; readonly proof: readonly string[] }
  | { readonly entry: RollEntry; readonly evidence: string };

/**
 * Checks that a voter's ballot can be recorded now, and that the voter's device may use it so.
 *
 * @param read The election, as just read.
 * @param signer Who casts or signs.
 * @returns The ballot's hash and what the slot holds.
 * @throws VotingError as castBallot
 * @example
 * ```ts
 * const { ballotHash } = await checkCastable(election, read, voter, { entry, proof, ballot, journal });
 * ```
 */
export async function checkCastable(
  election: Election,
  read: ReadElection,
  signer: Signer,
  request: VoterRight & { readonly ballot: Uint8Array; readonly journal: BallotJournal },
): Promise<{ ballotHash: string; recorded: string }> {
  const { entry, ballot, journal } = request;
  const address = await signer.getAddress();
  if (address.toLowerCase() !== entry.voter.toLowerCase()) {
    throw new VotingError("SIGNER_WRONG", `${address} casts or signs, while the entry is of ${entry.voter}`);
  }
  if (read.state !== "OPEN") throw new VotingError("ELECTION_NOT_OPEN", `the election is ${read.state}`);
  await checkRight(election, read, request);
  const ballotHash = hashBallot(ballot, read.questions, entry.weight);
  const [recorded, isSpoiled] = await ask(() => {
    return Promise.all([election.ballotOf(entry.slotKey), election.isSpoiled(entry.slotKey, ballotHash)]);
  });
  // What stands in its slot is used already, and neither sent nor signed again.
  if (recorded !== ballotHash) checkUse(await journal.get(ballotHash), { kind: "cast", replaces: recorded });
  if (isSpoiled) throw new VotingError("BALLOT_SPOILED", "the ballot was opened for audit; make a new one");
  checkBallot({ statement: statementFor(read, entry.slotKey, entry.weight), bytes: ballot });
  return { ballotHash, recorded };
}

async function checkRight(election: Election, read: ReadElection, request: VoterRight): Promise<void> {
  const { entry } = request;
  if ("proof" in request) {
    if (isOnRoll(read.roll.root, entry, request.proof)) return;
    throw new VotingError("ROLL_ENTRY_UNKNOWN", `${entry.voter} is not on the roll with this slot and weight`);
  }
  if (BigInt(read.terms.gate) === 0n) throw new VotingError("GATE_MISSING", "the election has no gate");
  if (entry.weight !== 1n) throw new VotingError("ROLL_ENTRY_UNKNOWN", "voters at the gate have the weight 1");
  await askGate(election, read, entry, request.evidence);
}
