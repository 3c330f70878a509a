import { AbiCoder, computeHmac, concat, keccak256, toUtf8Bytes } from "ethers";
import type { ContractTransactionReceipt, Provider, Signer, TypedDataDomain, TypedDataField } from "ethers";

import { readEvents, type EventSource, type ReadEventsOptions } from "../chain/readEvents.js";
import { ask, send } from "../chain/send.js";
import { STANDINGS, type Standing } from "../trust/standing.js";
import type { Benefits } from "../typechain/contracts/identity/Benefits.js";
import { IBenefits__factory } from "../typechain/factories/contracts/identity/IBenefits__factory.js";
import { IdentityError } from "./IdentityError.js";
import { canonicalJson, type Json } from "./json.js";
import { hashPolicy, hashRules, type Policy } from "./policy.js";

/** Why a claim was revoked: `IBenefits.Reason`, in its order. */
const REVOCATIONS = ["UNSPECIFIED", "DECIDED_IN_ERROR", "GIVEN_UP", "OBTAINED_FALSELY", "KEY_COMPROMISE"] as const;

/** Why a claim was revoked. */
export type BenefitReason = (typeof REVOCATIONS)[number];

const STATUSES = ["NONE", "CLAIMED", "REVOKED"] as const;

/** How a claim stands. */
export type BenefitStatus = (typeof STATUSES)[number];

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

/** A claim, as the events tell of it. */
export interface BenefitClaim {
  /** The policy's hash. */
  policy: string;
  /** The period. */
  number: number;
  nullifier: string;
  commitment: string;
  /** The block in which it was claimed. */
  block: number;
  /** When and why it was revoked, if it was. */
  revoked?: { block: number; reason: BenefitReason };
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
 * @throws IdentityError POLICY_MALFORMED
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
  const decider = options.decider ?? (await signer.getAddress());
  const { chainId } = await (benefits.runner?.provider as Provider).getNetwork();
  const { domain, types, message } = answerTypedData(chainId, await benefits.getAddress(), answer, decider);
  return { ...answer, decider, signature: await signer.signTypedData(domain, types, message) };
}

/**
 * Carries a signed answer to the contract; anyone may. Let somebody else than the claimant carry it, as the transaction's
 * sender is on the chain.
 *
 * @param benefits Connected to whoever pays.
 * @param signed As `signAnswer` gives it.
 * @throws IdentityError POLICY_MALFORMED; ContractError BenefitAlreadyClaimed, PeriodNotCurrent, NotAccredited,
 * SignatureInvalid, SignatureExpired, AnswerIsStale, …
 * @example
 * ```ts
 * await claimBenefit(benefits.connect(relayer), signed);
 * ```
 */
export async function claimBenefit(
  benefits: Benefits,
  signed: SignedBenefitAnswer,
): Promise<ContractTransactionReceipt> {
  const { policy, number, nullifier, commitment, deadline, decider, signature } = signed;
  const answer = { rules: hashRules(policy), period: policy.period, number, nullifier, commitment, deadline };
  return send(() => benefits.claim(answer, decider, signature));
}

/**
 * Revokes a claim, so that it can be made anew with an answer of a later deadline.
 *
 * @param benefits Connected to a key of the decider's body for this policy, accredited or not.
 * @param claim The policy's hash, the period and the nullifier.
 * @param reason Why.
 * @throws ContractError BenefitNotClaimed, KeyOfAnotherBody, KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await revokeBenefit(benefits, { policy: hashPolicy(policy), number: 0, nullifier }, "DECIDED_IN_ERROR");
 * ```
 */
export async function revokeBenefit(
  benefits: Benefits,
  claim: Pick<BenefitClaim, "policy" | "number" | "nullifier">,
  reason: BenefitReason,
): Promise<ContractTransactionReceipt> {
  const { policy, number, nullifier } = claim;
  return send(() => benefits.revoke(policy, number, nullifier, REVOCATIONS.indexOf(reason)));
}

/**
 * How a claim stands, and how its decider stood when it was made: COMPROMISED when its key was no longer in its hands.
 *
 * @param benefits The contract.
 * @param claim The policy's hash, the period and the nullifier.
 * @example
 * ```ts
 * const { status, decider } = await benefitStatus(benefits, { policy: hashPolicy(policy), number: 0, nullifier });
 * ```
 */
export async function benefitStatus(
  benefits: Benefits,
  claim: Pick<BenefitClaim, "policy" | "number" | "nullifier">,
): Promise<{ status: BenefitStatus; decider: Standing }> {
  const { policy, number, nullifier } = claim;
  const answer = await ask(() => benefits.statusOf(policy, number, nullifier));
  return { status: STATUSES[Number(answer.status)]!, decider: STANDINGS[Number(answer.decider)]! };
}

/**
 * Reads all claims and revocations from the contract's events, oldest first. A claim made anew after a revocation is
 * another entry.
 *
 * @param provider The chain.
 * @param address The contract.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; IdentityError EVENT_MISSING when a claim was revoked that is not among the
 * events, as when `fromBlock` is too late.
 * @example
 * ```ts
 * const claims = await readClaims(provider, address, { fromBlock: deployedAt });
 * const standing = claims.filter(({ revoked }) => revoked === undefined);
 * ```
 */
export async function readClaims(
  provider: EventSource,
  address: string,
  options: ReadEventsOptions,
): Promise<BenefitClaim[]> {
  const claims: BenefitClaim[] = [];
  for (const event of await readEvents(provider, { address, topics: [] }, options)) {
    const parsed = benefitEvents.parseLog(event);
    if (parsed === null) continue; // the council's stops
    const { policy, nullifier, number, commitment, reason } = parsed.args as unknown as EventArguments;
    const at = { policy, nullifier, number: Number(number) };
    if (parsed.name === "BenefitClaimed") {
      claims.push({ ...at, commitment, block: event.blockNumber });
      continue;
    }
    const revoked = claims.findLast((claim) => {
      return claim.policy === policy && claim.nullifier === nullifier && claim.number === at.number;
    });
    if (revoked === undefined) throw new IdentityError("EVENT_MISSING", `the claim of ${nullifier} is not here`);
    revoked.revoked = { block: event.blockNumber, reason: REVOCATIONS[Number(reason)]! };
  }
  return claims;
}

interface EventArguments {
  policy: string;
  nullifier: string;
  number: bigint;
  commitment: string;
  reason: bigint;
}

const benefitEvents = IBenefits__factory.createInterface();

function wellFormed(make: () => string): string {
  try {
    return make();
  } catch (error) {
    throw new IdentityError("ANSWER_MALFORMED", "a value is missing, too large or of the wrong kind", { cause: error });
  }
}
