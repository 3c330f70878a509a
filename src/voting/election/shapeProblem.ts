import { isAddress } from "ethers";

import type { SignedBallot } from "./signBallot.js";

/**
 * What keeps a signed ballot from being one by its shape alone: kinds, lengths and ranges of its members.
 *
 * @param signed The ballot, from anyone.
 * @returns The problem, for people; none for a ballot that can be looked into.
 * @example
 * ```ts
 * if (shapeProblem(signed) !== undefined) reply("MALFORMED");
 * ```
 */
export function shapeProblem(signed: SignedBallot): string | undefined {
  const { slotKey, voter, weight, proof, evidence, replaces, deadline, signature, ballot } = signed;
  const isHex = (value: unknown, bytes: number | "*") => {
    return (
      typeof value === "string" && new RegExp(`^0x([0-9a-f]{2})${bytes === "*" ? "*" : `{${bytes}}`}$`, "i").test(value)
    );
  };
  if (!isHex(slotKey, 32) || !isHex(replaces, 32)) return "the slot or what is replaced has not 32 bytes";
  // Nor one whose checksum is wrong, on which whatever encodes it would throw.
  if (!isHex(voter, 20) || !isAddress(voter)) return "the voter is no address";
  if (typeof weight !== "bigint" || weight < 1n || weight >= 2n ** 64n) return "the weight is not from 1 to below 2^64";
  if (typeof deadline !== "bigint" || deadline < 0n || deadline >= 2n ** 40n) return "the deadline is no time";
  if (!Array.isArray(proof) || proof.length > 64 || !proof.every((node) => isHex(node, 32)))
    return "the proof is malformed";
  if (!isHex(evidence, "*") || !isHex(signature, "*")) return "evidence or signature are no bytes";
  // A batch pays for all its bytes.
  if (evidence.length > 8_192 || signature.length > 4_096) return "evidence or signature are too long";
  return ballot instanceof Uint8Array ? undefined : "the ballot is no bytes";
}
