import { parseInclusionPromise } from "./parseInclusionPromise.js";
import type { InclusionPromise } from "./promiseOfInclusion.js";

/**
 * Writes a promise of inclusion as JSON, on one line, for the way to the voter and for the voter's evidence: an object with the
 * `type` "diwan/inclusion-promise/v1" and the promise's members by their names, hexadecimal with 0x and in lower case, the time as
 * a decimal string.
 *
 * @param promise The promise.
 * @throws VotingError PROMISE_MALFORMED for what `parseInclusionPromise` would not take
 * @example
 * ```ts
 * response.end(serializeInclusionPromise(promise));
 * ```
 */
export function serializeInclusionPromise(promise: InclusionPromise): string {
  const text = JSON.stringify({
    type: "diwan/inclusion-promise/v1",
    election: promise.election.toLowerCase(),
    slotKey: promise.slotKey.toLowerCase(),
    ballotHash: promise.ballotHash.toLowerCase(),
    until: String(promise.until),
    relayer: promise.relayer.toLowerCase(),
    signature: promise.signature.toLowerCase(),
  });
  parseInclusionPromise(text);
  return text;
}
