import { hexlify } from "ethers";

import { VotingError } from "../VotingError.js";
import { shapeProblem } from "./shapeProblem.js";
import type { SignedBallot } from "./signBallot.js";

/**
 * Writes a signed ballot as JSON, on one line, for the way to a relayer or for a relayer's file: an object with the `type`
 * "diwan/signed-ballot/v1" and the ballot's members by their names, bytes in hexadecimal with 0x and in lower case, numbers as
 * decimal strings.
 *
 * @param signed The ballot.
 * @throws VotingError SIGNED_BALLOT_MALFORMED for what `parseSignedBallot` would not take
 * @example
 * ```ts
 * await fetch(relayer, { method: "POST", body: serializeSignedBallot(signed) });
 * ```
 */
export function serializeSignedBallot(signed: SignedBallot): string {
  const problem = shapeProblem(signed);
  if (problem !== undefined) {
    throw new VotingError("SIGNED_BALLOT_MALFORMED", `the signed ballot cannot be written: ${problem}`);
  }
  return JSON.stringify({
    type: "diwan/signed-ballot/v1",
    slotKey: signed.slotKey.toLowerCase(),
    voter: signed.voter.toLowerCase(),
    weight: String(signed.weight),
    proof: signed.proof.map((node) => node.toLowerCase()),
    evidence: signed.evidence.toLowerCase(),
    replaces: signed.replaces.toLowerCase(),
    deadline: String(signed.deadline),
    signature: signed.signature.toLowerCase(),
    ballot: hexlify(signed.ballot),
  });
}
