import { AbiCoder, computeHmac, concat, keccak256, toUtf8Bytes } from "ethers";
import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

import type { Benefits } from "../../typechain/contracts/identity/Benefits.js";
import { IdentityError } from "../IdentityError.js";
import { canonicalJson, type Json } from "../json.js";
import { hashPolicy, type Policy } from "./policy.js";

/** A decider's yes to one claim. */
export interface BenefitAnswer {
  /** The policy that was decided. */
  policy: Policy;
  /** The period that it is for, from 0, as `periodAt` gives it. */
  number: number;
  /** As `nullifierOf` gives it: 32 bytes in hex. */
  nullifier: string;
  /** As `commitDecision` gives it: 32 bytes in hex. */
  commitment: string;
  /** Last second at which it counts, in Unix seconds. */
  deadline: number;
}

/** A signed answer, which anyone may carry. */
export interface SignedBenefitAnswer extends BenefitAnswer {
  /** The key or wallet that signed. */
  decider: string;
  signature: string;
}

/**
 * EIP-712 types of a decider's answer.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(ANSWER_TYPES);
 * ```
 */
export const ANSWER_TYPES: Readonly<Record<"Answer", TypedDataField[]>> = {
  Answer: [
    { name: "policy", type: "bytes32" },
    { name: "number", type: "uint40" },
    { name: "nullifier", type: "bytes32" },
    { name: "commitment", type: "bytes32" },
    { name: "deadline", type: "uint40" },
    { name: "decider", type: "address" },
  ],
};

/**
 * What stands for a claimant in one policy and period, and in no other: a keyed hash that its decider alone can compute.
 * All DIDs of one civil identity lead to the same nullifier; all deciders of a policy must hold the same key, or one holder
 * can claim once with each.
 *
 * @param key The deciders' secret of this benefit, 32 random bytes in hex. Whoever has it can find out who claimed.
 * @param claimant.pseudonym The civil identity's pseudonym, as the population register attests it: 32 bytes in hex.
 * @param claimant.policy The policy's hash.
 * @param claimant.number The period.
 * @returns HMAC-SHA256, 32 bytes in hex.
 * @throws IdentityError ANSWER_MALFORMED
 * @example
 * ```ts
 * const nullifier = nullifierOf(key, { pseudonym, policy: hashPolicy(policy), number: 0 });
 * ```
 */
export function nullifierOf(key: string, claimant: { pseudonym: string; policy: string; number: number }): string {
  const { pseudonym, policy, number } = claimant;
  return wellFormed(() => {
    const types = ["bytes32", "bytes32", "uint40", "bytes32"];
    // The key is encoded to make sure of its length, and left out of what is hashed.
    const encoded = AbiCoder.defaultAbiCoder().encode(types, [key, policy, number, pseudonym]);
    const message = concat([toUtf8Bytes("diwan.benefit.nullifier"), `0x${encoded.slice(66)}`]);
    return computeHmac("sha256", key, message);
  });
}

/**
 * A salted commitment to what was decided, by which the decider can later show it to an auditor.
 *
 * @param salt 32 random bytes in hex, of this decision alone.
 * @param decision What was decided, and on what.
 * @returns `keccak256(abi.encode(bytes32 salt, string decision))`, the decision as RFC 8785 JSON: 32 bytes in hex.
 * @throws IdentityError ANSWER_MALFORMED
 * @example
 * ```ts
 * const commitment = commitDecision(newSalt(), { eligible: true, uids });
 * ```
 */
export function commitDecision(salt: string, decision: Json): string {
  return wellFormed(() => {
    return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "string"], [salt, canonicalJson(decision)]));
  });
}

/**
 * EIP-712 data of an answer, for `signer.signTypedData(domain, types, message)`.
 *
 * @param chainId The chain's id.
 * @param benefits The contract's address.
 * @param answer The answer.
 * @param decider The key or wallet that signs.
 * @returns Domain, types, primary type and message.
 * @throws IdentityError POLICY_MALFORMED
 * @example
 * ```ts
 * const { domain, types, message } = answerTypedData(chainId, address, answer, decider);
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function answerTypedData(chainId: bigint, benefits: string, answer: BenefitAnswer, decider: string) {
  const domain: TypedDataDomain = { name: "Diwan Benefits", version: "1", chainId, verifyingContract: benefits };
  const { number, nullifier, commitment, deadline } = answer;
  const message = { policy: hashPolicy(answer.policy), number, nullifier, commitment, deadline, decider };
  const types: Record<string, TypedDataField[]> = ANSWER_TYPES;
  return { domain, types, primaryType: "Answer", message } as const;
}

/**
 * Signs an answer; nothing is sent. Sign one at a time for a nullifier: after a revocation any with a later deadline counts.
 *
 * @param benefits The contract.
 * @param signer The decider's key, or the owner of its wallet.
 * @param answer The answer.
 * @param options.decider The wallet's address, where the decider is an ERC-1271 wallet.
 * @returns The answer with its signature, for `claimBenefit`.
 * @throws IdentityError POLICY_MALFORMED, PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signAnswer(benefits, decider, { policy, number, nullifier, commitment, deadline });
 * await claimBenefit(benefits.connect(relayer), signed);
 * ```
 */
export async function signAnswer(
  benefits: Benefits,
  signer: Signer,
  answer: BenefitAnswer,
  options: { decider?: string } = {},
): Promise<SignedBenefitAnswer> {
  const provider = benefits.runner?.provider;
  if (provider == null)
    throw new IdentityError("PROVIDER_MISSING", "the chain's id is signed: connect benefits to a node");
  const decider = options.decider ?? (await signer.getAddress());
  const { chainId } = await provider.getNetwork();
  const { domain, types, message } = answerTypedData(chainId, await benefits.getAddress(), answer, decider);
  return { ...answer, decider, signature: await signer.signTypedData(domain, types, message) };
}

function wellFormed(make: () => string): string {
  try {
    return make();
  } catch {
    // Without the cause: it can hold the key or the salt.
    throw new IdentityError(
      "ANSWER_MALFORMED",
      "key, pseudonym, policy and salt are 32 bytes in hex, number is below 2^40, the decision JSON; one is not",
    );
  }
}
