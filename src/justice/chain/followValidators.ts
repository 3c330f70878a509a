import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { startValidators, type GenesisAnchor } from "./startValidators.js";
import { stepValidators } from "./stepValidators.js";
import type { ValidatorsState } from "./ValidatorsState.js";

/**
 * Follows the validators of a QBFT chain through all its headers, from the genesis block on or from where it was followed to
 * before, with every header's seals checked by the set in charge of it. Headers may come from a generator; only the state
 * after the last is kept.
 *
 * @param headers The headers' RLP, one after the other; with a {@link GenesisAnchor} the genesis header first.
 * @param visit Told the state after each header, the genesis too.
 * @throws {@link ChainProofError} at the first header that is not right.
 *
 * @example
 * ```ts
 * const { sealed, validators } = followValidators(rawHeaders, { genesisHash, epochLength: 30_000 });
 * ```
 */
export function followValidators(
  headers: Iterable<BytesLike>,
  start: GenesisAnchor | ValidatorsState,
  visit?: (state: ValidatorsState) => void,
): ValidatorsState {
  let state = "genesisHash" in start ? undefined : start;
  for (const rlp of headers) {
    state = state === undefined ? startValidators(rlp, start as GenesisAnchor) : stepValidators(state, rlp);
    visit?.(state);
  }
  if (state === undefined) throw new ChainProofError("ANCHOR_MISMATCH", "there is no genesis header");
  return state;
}
