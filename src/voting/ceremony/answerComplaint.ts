import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import type { Dealing } from "./dealShares.js";
import { evaluatePolynomial } from "./evaluatePolynomial.js";

/** What a dealer answers a complaint with. */
export interface ComplaintAnswer {
  /** The complainant's share, which becomes public. */
  readonly share: bigint;
  /** The coordinates of the dealer's commitments. */
  readonly commitments: bigint[];
  /** The hash of all encrypted shares: 32 bytes in hexadecimal, with 0x. */
  readonly sharesHash: string;
}

/**
 * Answers a complaint by revealing the complainant's share.
 *
 * Warning: the share becomes public. Answer only complaints that the contract recorded.
 *
 * @param polynomial The dealer's polynomial.
 * @param dealing What was dealt.
 * @param complainant The complainant's index.
 * @example
 * ```ts
 * const { share, commitments, sharesHash } = answerComplaint(polynomial, dealing, 3);
 * await trustees.reveal(1, 3, share, commitments, sharesHash);
 * ```
 */
export function answerComplaint(
  polynomial: readonly bigint[],
  dealing: Pick<Dealing, "commitments" | "shares">,
  complainant: number,
): ComplaintAnswer {
  return {
    share: evaluatePolynomial(polynomial, complainant),
    commitments: dealing.commitments,
    sharesHash: `0x${bytesToHex(keccak_256(dealing.shares))}`,
  };
}
