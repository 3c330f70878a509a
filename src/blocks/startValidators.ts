import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { headerHash } from "./headerHash.js";
import type { ValidatorsState } from "./ValidatorsState.js";
import { readBft, validatorSet } from "./verifyBft.js";

/** The genesis block that is trusted, and the network's epoch length, which no header tells. */
export interface GenesisAnchor {
  readonly genesisHash: string;
  /** Blocks. */
  readonly epochLength: number;
}

/**
 * The set of validators that a QBFT chain starts with: the list of its genesis header, which must have the hash that is
 * trusted.
 *
 * @throws {@link ChainProofError} `ANCHOR_MISMATCH` if the header is another one or no genesis.
 *
 * @example
 * ```ts
 * const state = startValidators(rawGenesis, { genesisHash, epochLength: 30_000 });
 * ```
 */
export function startValidators(rlp: BytesLike, { genesisHash, epochLength }: GenesisAnchor): ValidatorsState {
  if (!Number.isSafeInteger(epochLength) || epochLength < 1) {
    throw new ChainProofError("INPUT_MALFORMED", `an epoch of ${epochLength} blocks`);
  }
  const { header, extra } = readBft(rlp, "qbft");
  const hash = headerHash(rlp, "qbft");
  if (hash !== genesisHash.toLowerCase()) {
    throw new ChainProofError("ANCHOR_MISMATCH", `the first header has the hash ${hash}, not ${genesisHash}`);
  }
  if (header.number !== 0) throw new ChainProofError("ANCHOR_MISMATCH", `header ${header.number} is no genesis`);
  const validators = validatorSet(extra.validators);
  return { epochLength, number: 0, hash, timestamp: header.timestamp, validators, votes: [] };
}
