import type { BytesLike } from "ethers";

import type { ValidatorVote } from "./bftExtra.js";
import { ChainProofError } from "./ChainProofError.js";
import type { CastVote, ValidatorsState } from "./ValidatorsState.js";
import { checkSeals, checkUnsealed, sortAddresses, type BftUnsealedHeader } from "./verifyBft.js";

/** Whose seals are checked: every header's, or only those of headers that change the set. */
export type SealsChecked = "every" | "changes";

/**
 * Checks the next header of a QBFT chain (its number, parent, time, seals, and that it lists the set in charge) and counts its
 * vote. More than half of the validators change the set from the next block on. An epoch block clears earlier votes before
 * its own counts. The votes on a changed address lapse, and so do those that a dropped validator cast. A vote to add one who
 * is in, or to drop one who is not, does not count, but ends the proposer's earlier vote on that address. If the votes on an
 * address came to be enough because the set shrank, the next vote on it, of either kind, carries them out.
 *
 * This is how GoQuorum counts (EIP-225's tally). Should another client count otherwise, its headers list another set and are
 * refused here, never wrongly accepted.
 *
 * @param sealsChecked With "changes", the state of a header that changes nothing is not proved until a later one is, whose
 * seals were checked; its `sealed` is left out. `followValidators` sees to that.
 * @throws {@link ChainProofError} `CHAIN_BROKEN`, or what `verifyQbft` throws.
 *
 * @example
 * ```ts
 * for (const header of headers) state = stepValidators(state, header);
 * ```
 */
export function stepValidators(
  state: ValidatorsState,
  rlp: BytesLike,
  sealsChecked: SealsChecked = "every",
): ValidatorsState {
  const unsealed = checkUnsealed(rlp, state.validators, "qbft");
  const { header, hash, extra } = unsealed;
  checkLink(state, unsealed);

  const { epochLength } = state;
  const earlier = header.number % epochLength === 0 ? [] : state.votes;
  const { validators, votes } = count(state.validators, earlier, header.miner, extra.vote);
  const isChecked = sealsChecked === "every" || validators !== state.validators;
  const sealed = isChecked && { sealed: checkSeals(unsealed, "qbft") };
  return { epochLength, number: header.number, hash, timestamp: header.timestamp, validators, votes, ...sealed };
}

function checkLink(state: ValidatorsState, { header, extra }: BftUnsealedHeader): void {
  if (header.number !== state.number + 1) {
    throw new ChainProofError("CHAIN_BROKEN", `header ${header.number} follows header ${state.number}`);
  }
  if (header.parentHash !== state.hash) {
    throw new ChainProofError("CHAIN_BROKEN", `header ${header.number} has another parent than header ${state.number}`);
  }
  if (header.timestamp < state.timestamp) {
    throw new ChainProofError("CHAIN_BROKEN", `header ${header.number} is earlier than its parent`);
  }
  if (extra.validators.length === 0) {
    throw new ChainProofError(
      "VALIDATORS_DIFFER",
      `header ${header.number} lists no validators: a contract chooses them`,
    );
  }
}

/** What is asked of an address is always the same: those who are in can only be dropped, others only be added. */
function count(
  validators: readonly string[],
  earlier: readonly CastVote[],
  by: string,
  vote: ValidatorVote | undefined,
): { validators: readonly string[]; votes: readonly CastVote[] } {
  if (vote === undefined) return { validators, votes: earlier };
  const { validator, isToAdd } = vote;
  const isIn = validators.includes(validator);
  const others = earlier.filter((cast) => cast.by !== by || cast.validator !== validator);
  const votes = isIn === isToAdd ? others : [...others, { by, validator, isToAdd }];

  const inFavour = votes.filter((cast) => cast.validator === validator).length;
  if (inFavour <= Math.floor(validators.length / 2)) return { validators, votes };
  return {
    validators: isIn ? validators.filter((one) => one !== validator) : sortAddresses([...validators, validator]),
    votes: votes.filter((cast) => cast.validator !== validator && !(isIn && cast.by === validator)),
  };
}
