import type { BytesLike } from "ethers";

import { verifyBft, type BftSealedHeader } from "./verifyBft.js";

/**
 * Checks that at least ceil(2N/3) distinct validators sealed a QBFT header, all of the set in charge. The set must be trusted
 * from elsewhere, pinned or followed by `followValidators`: the header's own list is only compared with it.
 *
 * The block's hash is that of the header with round 0 and no seals; the seals sign the header with its round and no seals.
 * One seal by a stranger, one signer twice, or v other than 0 or 1 spoils the header; s and n − s are the same seal. A
 * genesis block has no seals: it is trusted by its hash.
 *
 * Seals prove what the validators signed, not that they signed nothing else: see `findSealConflict`.
 *
 * @param validators The set in charge of this block, in any order.
 * @throws {@link ChainProofError} with what is wrong.
 *
 * @example
 * ```ts
 * const { hash, signers, quorum } = verifyQbft(rawHeader, anchor.validators);
 * ```
 */
export function verifyQbft(rlp: BytesLike, validators: readonly string[]): BftSealedHeader {
  return verifyBft(rlp, validators, "qbft");
}
