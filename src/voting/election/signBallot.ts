import type { Signer } from "ethers";

import type { IElection } from "../../typechain/contracts/voting/IElection.js";
import { electionDomain, electionTypedData } from "./electionTypedData.js";
import type { ElectionView } from "./readElection.js";
import type { RollEntry } from "./roll.js";

/** A ballot that its voter signed, as the contract takes it. */
export type SignedBallot = IElection.SignedBallotStruct;

/** What a voter signs, and what shows that the voter may vote. */
export interface BallotToSign {
  /** The voter's entry; at a gate the pseudonym, the address and the weight 1. */
  readonly entry: RollEntry;
  /** The roll's siblings from the entry up; none at a gate. */
  readonly proof?: readonly string[];
  /** What the voter shows at the gate; nothing on the roll. */
  readonly evidence?: string;
  /** Ciphertexts and proofs. */
  readonly bytes: Uint8Array;
  /** What the slot will keep. */
  readonly ballotHash: string;
  /** What the slot holds now: `ballotOf(slotKey)`. */
  readonly replaces: string;
  /** The last second at which the signature counts, in Unix seconds. */
  readonly deadline: bigint;
}

/**
 * Has a voter sign a ballot that somebody else carries. It is asked for only after the choice to cast, and never for a ballot that
 * is audited. It counts while the slot holds what it replaces: an older ballot can't be put back over a newer one.
 *
 * @param view The election.
 * @param signer The voter.
 * @param ballot What is signed.
 * @example
 * ```ts
 * const replaces = await election.ballotOf(entry.slotKey);
 * const signed = await signBallot(view, voter, { entry, proof, ...ballot, replaces, deadline });
 * ```
 */
export async function signBallot(
  view: ElectionView,
  signer: Pick<Signer, "signTypedData">,
  ballot: BallotToSign,
): Promise<SignedBallot> {
  const { entry, proof = [], evidence = "0x", bytes, ballotHash, replaces, deadline } = ballot;
  const { slotKey, voter, weight } = entry;
  const domain = electionDomain(view.chainId, view.address);
  const data = electionTypedData(domain, "Ballot", { slotKey, ballotHash, replaces, deadline });
  const signature = await signer.signTypedData(data.domain, data.types, data.message);
  return { slotKey, voter, weight, proof: [...proof], evidence, replaces, deadline, signature, ballot: bytes };
}
