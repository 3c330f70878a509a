import type { BytesLike } from "ethers";

import { verifyBft, type BftSealedHeader } from "./verifyBft.js";

/**
 * Checks that at least ceil(2N/3) distinct validators sealed an IBFT 2.0 header, all of the set in charge, which must be
 * trusted from elsewhere. As `verifyQbft`, but: the block's hash leaves round and seals out, the seals' hash leaves the seals
 * out, a round has four bytes, and votes are written otherwise.
 *
 * These are the rules that Besu states; unlike QBFT's they were not tried on headers of a network of our own.
 *
 * @param validators The set in charge of this block, in any order.
 * @throws {@link ChainProofError} with what is wrong.
 *
 * @example
 * ```ts
 * const { hash, signers, quorum } = verifyIbft2(rawHeader, anchor.validators);
 * ```
 */
export function verifyIbft2(rlp: BytesLike, validators: readonly string[]): BftSealedHeader {
  return verifyBft(rlp, validators, "ibft2");
}
