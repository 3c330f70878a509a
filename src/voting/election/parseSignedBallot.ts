import { getAddress, getBytes } from "ethers";

import { VotingError } from "../VotingError.js";
import { type JsonMessage, jsonMembers } from "./jsonMembers.js";
import { shapeProblem } from "./shapeProblem.js";
import type { SignedBallot } from "./signBallot.js";

const KIND: JsonMessage = {
  type: "diwan/signed-ballot/v1",
  members: [...["slotKey", "voter", "weight", "proof", "evidence"], ...["replaces", "deadline", "signature", "ballot"]],
  code: "SIGNED_BALLOT_MALFORMED",
};
const HASH = /^0x[0-9a-f]{64}$/;
const BYTES = /^0x(?:[0-9a-f]{2})*$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,19})$/;

/**
 * Reads a signed ballot that somebody else wrote, as `serializeSignedBallot` writes it: no member may be missing, added, or of
 * another kind. Order and white space are free. Whether it can be recorded, `refusalOf` and `relayBallots` find out.
 *
 * @param text The JSON, from anyone.
 * @throws VotingError SIGNED_BALLOT_MALFORMED
 * @example
 * ```ts
 * const queue = lines.map(parseSignedBallot);
 * ```
 */
export function parseSignedBallot(text: string): SignedBallot {
  const members = jsonMembers(text, KIND);
  const signed: SignedBallot = {
    slotKey: members.text("slotKey", HASH),
    voter: getAddress(members.text("voter", /^0x[0-9a-f]{40}$/)),
    weight: BigInt(members.text("weight", NUMBER)),
    proof: members.texts("proof", HASH),
    evidence: members.text("evidence", BYTES),
    replaces: members.text("replaces", HASH),
    deadline: BigInt(members.text("deadline", NUMBER)),
    signature: members.text("signature", BYTES),
    ballot: getBytes(members.text("ballot", BYTES)),
  };
  const problem = shapeProblem(signed);
  if (problem !== undefined) throw new VotingError(KIND.code, `the signed ballot cannot be read: ${problem}`);
  return signed;
}
