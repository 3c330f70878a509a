import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { startValidators, type GenesisAnchor } from "./startValidators.js";
import { stepValidators, type SealsChecked } from "./stepValidators.js";
import type { ValidatorsState } from "./ValidatorsState.js";
import { verifyQbft } from "./verifyQbft.js";

/**
 * Follows the validators of a QBFT chain through all its headers, from the genesis block on or from where it was followed to
 * before. Headers may come from a generator; only the state after the last is kept.
 *
 * Every header's seals are checked by the set in charge of it, which takes milliseconds a header. Long chains are followed
 * many times faster with "changes": of the headers that change no set only the last one's seals are checked. That proves the
 * same of the last header and of all before it: a header's hash names its parent's, so that who seals one vouches for all
 * before, and a set is trusted only after a quorum of the set before it sealed the header that made it. What it does not
 * prove is that each header between carries seals of its own.
 *
 * @param headers The headers' RLP, one after the other; with a {@link GenesisAnchor} the genesis header first.
 * @param visit Told the state after each header, the genesis too. With "changes", rely on it after the function has returned.
 * @param sealsChecked Whose seals are checked.
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
  sealsChecked: SealsChecked = "every",
): ValidatorsState {
  let state = "genesisHash" in start ? undefined : start;
  let last: BytesLike | undefined;
  for (const rlp of headers) {
    state =
      state === undefined ? startValidators(rlp, start as GenesisAnchor) : stepValidators(state, rlp, sealsChecked);
    last = rlp;
    visit?.(state);
  }
  if (state === undefined) throw new ChainProofError("ANCHOR_MISMATCH", "there is no genesis header");
  if (last === undefined || state.sealed !== undefined || state.number === 0) return state;
  // Its seals were left out, so it changed no set: those in charge of it are those in charge after it.
  return { ...state, sealed: verifyQbft(last, state.validators) };
}
