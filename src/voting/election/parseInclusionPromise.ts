import { getAddress } from "ethers";

import { VotingError } from "../VotingError.js";
import { type JsonMessage, jsonMembers } from "./jsonMembers.js";
import type { InclusionPromise } from "./promiseOfInclusion.js";

const KIND: JsonMessage = {
  type: "diwan/inclusion-promise/v1",
  members: ["election", "slotKey", "ballotHash", "until", "relayer", "signature"],
  code: "PROMISE_MALFORMED",
};
const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;

/**
 * Reads a promise of inclusion that somebody else wrote, as `serializeInclusionPromise` writes it: no member may be missing,
 * added, or of another kind. Order and white space are free. Whether the relayer signed it, `isPromise` and `watchInclusion` find
 * out.
 *
 * @param text The JSON, from anyone.
 * @throws VotingError PROMISE_MALFORMED
 * @example
 * ```ts
 * const promise = parseInclusionPromise(await response.text());
 * ```
 */
export function parseInclusionPromise(text: string): InclusionPromise {
  const members = jsonMembers(text, KIND);
  const until = BigInt(members.text("until", /^(?:0|[1-9][0-9]{0,12})$/));
  if (until >= 2n ** 40n) throw new VotingError(KIND.code, "the promise cannot be read: its last second is no time");
  return {
    election: getAddress(members.text("election", ADDRESS)),
    slotKey: members.text("slotKey", HASH),
    ballotHash: members.text("ballotHash", HASH),
    until,
    relayer: getAddress(members.text("relayer", ADDRESS)),
    signature: members.text("signature", /^0x(?:[0-9a-f]{2}){0,2047}$/),
  };
}
