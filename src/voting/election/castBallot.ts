import type { ContractTransactionReceipt, Signer } from "ethers";

import { send } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { foldHints } from "../foldHints.js";
import { checkCastable, type VoterRight } from "./checkCastable.js";
import type { BallotJournal } from "./memoryJournal.js";
import { readElection, type ReadElectionOptions } from "./readElection.js";
import { statementFor } from "./statementFor.js";

/** What is cast. */
export type CastRequest = VoterRight & {
  /** The ballot's bytes. To send it again, send the same again. */
  readonly ballot: Uint8Array;
  /** Where the device remembers what its ballots were used for. It is written before anything is sent. */
  readonly journal: BallotJournal;
} & ReadElectionOptions;

/** A ballot that stands in its slot. */
export interface CastResult {
  readonly ballotHash: string;
  /** None when it was there before. */
  readonly receipt?: ContractTransactionReceipt;
}

/**
 * Casts a ballot directly. All that can be checked before it is sent, is; a ballot that is recorded already is not sent again, and
 * one that was used over another value than the slot holds now is refused: it would make the ballot between them castable again.
 *
 * @param election Connected to the voter.
 * @param request The voter's right and the ballot.
 * @throws VotingError ELECTION_NOT_OPEN, SIGNER_WRONG, ROLL_ENTRY_UNKNOWN, GATE_MISSING, BALLOT_SPOILED, BALLOT_AUDITED,
 * BALLOT_REUSED, ELECTION_CONFIGURATION; what checkBallot throws for a wrong proof, and the journal when it can't be read or written;
 * ContractError
 * @example
 * ```ts
 * const proof = rollProof(roll, entry.slotKey);
 * const { receipt } = await castBallot(election.connect(voter), { entry, proof, ballot: bytes, journal });
 * ```
 */
export async function castBallot(election: Election, request: CastRequest): Promise<CastResult> {
  const { entry, ballot, journal } = request;
  const read = await readElection(election, request);
  const { ballotHash, recorded } = await checkCastable(election, read, election.runner as Signer, request);
  if (recorded === ballotHash) return { ballotHash };

  const { slotKey, weight } = entry;
  const statement = statementFor(read, slotKey, weight);
  const { key } = statement;
  const { hints } = foldHints([{ statement, bytes: ballot }]);
  const brought = { x: key.x, parity: key.y & 1n };
  await journal.add(ballotHash, { kind: "cast", replaces: recorded });
  const receipt = await send(() => {
    return "proof" in request
      ? election.cast(brought, slotKey, weight, [...request.proof], ballot, hints)
      : election.castAtGate(brought, slotKey, request.evidence, ballot, hints);
  });
  return { ballotHash, receipt };
}
