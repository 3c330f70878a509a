import { getAddress, type Provider, type Signer, solidityPackedKeccak256, TypedDataEncoder } from "ethers";

import { ask } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { VotingError } from "../VotingError.js";
import { electionDomain, type ElectionMessages, electionTypedData } from "./electionTypedData.js";
import { isSignedBy } from "./isSignedBy.js";

/** The decisions of a commission. */
export type DecisionType = Exclude<keyof ElectionMessages, "Ballot">;

/** A member's signature of a decision. */
export interface DecisionSignature {
  readonly member: string;
  readonly signature: string;
}

/** What `publishRoll`, `extend`, `annul` and `recordPaper` take of a decision. */
export interface Decision {
  readonly members: string[];
  readonly signatures: { member: number; signature: string }[];
  readonly deadline: bigint;
}

/** However small the quorum is, two sign a count on paper. */
const PAPER_SIGNATURES = 2;

/**
 * Has a member of the commission sign a decision; nothing is sent.
 *
 * @param election The election, connected to a node.
 * @param member The member.
 * @param type What is decided.
 * @param message The decision.
 * @example
 * ```ts
 * const signed = await signDecision(election, member, "Annul", { grounds, deadline });
 * ```
 */
export async function signDecision<T extends DecisionType>(
  election: Election,
  member: Signer,
  type: T,
  message: ElectionMessages[T],
): Promise<DecisionSignature> {
  const data = electionTypedData(await domainOf(election), type, message);
  return {
    member: await member.getAddress(),
    signature: await member.signTypedData(data.domain, data.types, data.message),
  };
}

/**
 * Checks the signatures of a decision and puts them into the order of the commission's list.
 *
 * @param election The election, connected to a node.
 * @param members The commission's members, in the list's order.
 * @param type What is decided.
 * @param message The decision that all signed.
 * @param signed The signatures, in any order; one that comes twice counts once.
 * @throws VotingError DECISION_INCOMPLETE when the list is not the election's or too few signed; DECISION_SIGNATURE when one is not
 * a member's or not of this decision
 * @example
 * ```ts
 * const { members, signatures, deadline } = await collectDecision(election, commission, "Annul", message, signed);
 * await election.annul(message.grounds, members, signatures, deadline);
 * ```
 */
export async function collectDecision<T extends DecisionType>(
  election: Election,
  members: readonly string[],
  type: T,
  message: ElectionMessages[T],
  signed: readonly DecisionSignature[],
): Promise<Decision> {
  const { commission, quorum } = await ask(() => election.terms());
  const words = members.map((member) => BigInt(member));
  if (solidityPackedKeccak256(["uint256[]"], [words]) !== commission) {
    throw new VotingError("DECISION_INCOMPLETE", "the members are not the election's commission");
  }
  const data = electionTypedData(await domainOf(election), type, message);
  const digest = TypedDataEncoder.hash(data.domain, data.types, data.message);
  const places = new Map(members.map((member, place) => [getAddress(member), place]));
  const found = new Map<number, string>();
  for (const { member, signature } of signed) {
    const place = places.get(getAddress(member));
    const isValid =
      place !== undefined && (await isSignedBy(election.runner!.provider as Provider, member, digest, signature));
    if (!isValid) throw new VotingError("DECISION_SIGNATURE", `${member} has not signed this decision as a member`);
    found.set(place, signature);
  }
  const needed = type === "RecordPaper" ? PAPER_SIGNATURES : Number(quorum);
  if (found.size < needed) {
    throw new VotingError("DECISION_INCOMPLETE", `${found.size} members have signed, ${needed} decide`);
  }
  const sorted = [...found].sort(([one], [other]) => one - other);
  const signatures = sorted.map(([member, signature]) => ({ member, signature }));
  return { members: [...members], signatures, deadline: message.deadline };
}

async function domainOf(election: Election) {
  const { chainId } = await (election.runner!.provider as Provider).getNetwork();
  return electionDomain(chainId, await election.getAddress());
}
