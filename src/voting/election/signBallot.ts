import type { Signer } from "ethers";

import type { Election } from "../../typechain/contracts/voting/Election.js";
import { VotingError } from "../VotingError.js";
import { checkCastable, type VoterRight } from "./checkCastable.js";
import { electionDomain, electionTypedData } from "./electionTypedData.js";
import type { BallotJournal } from "./memoryJournal.js";
import { readElection, type ReadElectionOptions } from "./readElection.js";

/** A ballot that its voter signed and anyone may carry; as `IElection.SignedBallot`. */
export interface SignedBallot {
  slotKey: string;
  voter: string;
  weight: bigint;
  proof: string[];
  evidence: string;
  /** What the slot held when the voter signed. */
  replaces: string;
  /** The last second at which the signature counts. */
  deadline: bigint;
  signature: string;
  ballot: Uint8Array;
}

/** What is signed. */
export type SignBallotRequest = VoterRight & {
  readonly ballot: Uint8Array;
  /** The last second at which the signature counts, in Unix seconds. */
  readonly deadline: bigint;
  /** Where the device remembers what its ballots were used for. It is written before the signature is asked for. */
  readonly journal: BallotJournal;
} & ReadElectionOptions;

/**
 * Has a voter sign a ballot for a relayer, after the choice to cast it. What it replaces is read from the slot. A ballot is signed
 * to replace one value only: signed anew over another, it would let a third ballot between them be replayed.
 *
 * @param election Connected to a node; nothing is sent.
 * @param signer The voter: for a wallet contract, what signs in its name and has its address.
 * @param request The voter's right and the ballot.
 * @throws VotingError DEADLINE_INVALID; BALLOT_RECORDED; and as castBallot, BALLOT_REUSED among them when it was signed to replace
 * another value
 * @example
 * ```ts
 * const signed = await signBallot(election, voter, { entry, proof, ballot: bytes, deadline, journal });
 * ```
 */
export async function signBallot(
  election: Election,
  signer: Signer,
  request: SignBallotRequest,
): Promise<SignedBallot> {
  const { entry, ballot, deadline, journal } = request;
  const read = await readElection(election, request);
  if (deadline < read.time || deadline >= 2n ** 40n) {
    throw new VotingError(
      "DEADLINE_INVALID",
      `the deadline ${deadline} is before the block's time ${read.time}, or no time below 2^40`,
    );
  }
  const { ballotHash, recorded: replaces } = await checkCastable(election, read, signer, request);
  if (replaces === ballotHash) throw new VotingError("BALLOT_RECORDED", "the ballot is in its slot");
  await journal.add(ballotHash, { kind: "cast", replaces });
  const domain = electionDomain(read.chainId, read.address);
  const { slotKey, voter, weight } = entry;
  const data = electionTypedData(domain, "Ballot", { slotKey, ballotHash, replaces, deadline });
  const signature = await signer.signTypedData(data.domain, data.types, data.message);
  const shown =
    "proof" in request ? { proof: [...request.proof], evidence: "0x" } : { proof: [], evidence: request.evidence };
  return { slotKey, voter, weight, ...shown, replaces, deadline, signature, ballot };
}
