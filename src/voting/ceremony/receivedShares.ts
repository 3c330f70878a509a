import { VotingError } from "../VotingError.js";
import { checkShare } from "./checkShare.js";
import { encryptionKeyOf } from "./encryptionKeyOf.js";
import { evaluatePolynomial } from "./evaluatePolynomial.js";
import { openShare } from "./openShare.js";
import { pointsOfCommitments } from "./pointsOfCommitments.js";
import type { Ceremony } from "./readCeremony.js";
import { shareOfTrustee } from "./shareOfTrustee.js";
import type { TrusteeFile } from "./trusteeFile.js";

/** What a trustee was dealt. */
export interface ReceivedShares {
  /** By dealer, the shares that are what their dealers committed to, the trustee's own and revealed ones among them. */
  readonly right: ReadonlyMap<number, bigint>;
  /** The dealers to complain of. */
  readonly wrong: readonly number[];
}

/**
 * Opens what a trustee was dealt in a round, and compares it with what the dealers committed to.
 *
 * @param file The trustee's file, with its encryption key of the round.
 * @param ceremony What the chain recorded.
 * @throws VotingError SHARE_MISSING when the file has no key of the round, though the trustee registered one
 * @example
 * ```ts
 * const { right, wrong } = await receivedShares(file, ceremony);
 * ```
 */
export async function receivedShares(file: TrusteeFile, ceremony: Ceremony): Promise<ReceivedShares> {
  const { round, dealings, complaints } = ceremony;
  const { index, rounds } = file.state;
  const registered = ceremony.registered.map(({ trustee }) => trustee);
  if (!registered.includes(index)) return { right: new Map(), wrong: [] };
  if (rounds[round.round] === undefined) {
    throw new VotingError("SHARE_MISSING", `the file has no key for round ${round.round}, in which one was registered`);
  }
  const encryptionKey = await encryptionKeyOf(file, round.round);

  const right = new Map<number, bigint>();
  const wrong: number[] = [];
  for (const [dealer, { commitments, shares }] of dealings) {
    const revealed = complaints.find((complaint) => complaint.dealer === dealer && complaint.trustee === index);
    const polynomial = rounds[round.round]?.polynomial?.map(BigInt);
    try {
      const share =
        dealer === index && polynomial !== undefined
          ? evaluatePolynomial(polynomial, index)
          : (revealed?.revealed ??
            (await openShare(
              { round, dealer, receiver: index },
              shareOfTrustee(shares, dealer, index, registered),
              encryptionKey,
            )));
      checkShare(pointsOfCommitments(commitments), index, share);
      right.set(dealer, share);
    } catch (error) {
      if (!(error instanceof VotingError) || !error.code.startsWith("SHARE_")) throw error;
      if (dealer !== index) wrong.push(dealer);
    }
  }
  return { right, wrong };
}
