import type { ContractTransactionReceipt } from "ethers";

import { ask, send } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { Benefits } from "../../typechain/contracts/identity/Benefits.js";
import type { SignedBenefitAnswer } from "./answer.js";
import { BENEFIT_REASONS, BENEFIT_STATUSES, type BenefitReason, type BenefitStatus } from "./benefitState.js";
import { hashRules } from "./policy.js";
import type { BenefitClaim } from "./readBenefitClaims.js";

/**
 * Carries a signed answer to the contract; anyone may. Let somebody else than the claimant carry it, as the transaction's
 * sender is on the chain.
 *
 * @param benefits Connected to whoever pays.
 * @param signed As `signAnswer` gives it.
 * @returns The receipt of the transaction.
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
  return send(() => benefits.revoke(policy, number, nullifier, BENEFIT_REASONS.indexOf(reason)));
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
  return { status: BENEFIT_STATUSES[Number(answer.status)]!, decider: STANDINGS[Number(answer.decider)]! };
}
