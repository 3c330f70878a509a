import { type ContractTransactionReceipt, ZeroHash } from "ethers";

import { send } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { purposesOf } from "../purposes.js";
import type { Grant } from "./consentState.js";
import { type Delegates, delegatesCommitment } from "./delegates.js";

/** Whose a consent that a patient gave is, and for what data. */
export type GrantSlot = Pick<Grant, "grantee" | "scope">;

/**
 * Grants a consent, in the place of an earlier one for the same grantee and scope.
 *
 * @param registry Connected to the patient; or, with `as`, to the patient's guardian.
 * @param grant What is allowed.
 * @param as.guardianOf The patient, where a guardian grants.
 * @throws ContractError ConsentPeriodInvalid, ConsentPurposesMissing, ConsentGranteeMissing; for a guardian
 * GuardianNotInForce, ConsentOutlastsGuardian
 * @example
 * ```ts
 * const grant = { grantee: 2, scope: EVERYTHING, purposes: purposesOf(["TREAT"]), from: now, until: now + 86_400, uses: 0 };
 * await grantConsent(registry.connect(patient), grant);
 * await grantConsent(registry.connect(mother), grant, { guardianOf: child });
 * ```
 */
export async function grantConsent(
  registry: ConsentRegistry,
  grant: Grant,
  as?: { guardianOf: string },
): Promise<ContractTransactionReceipt> {
  return send(() => (as === undefined ? registry.grant(grant) : registry.grantAsGuardian(as.guardianOf, grant)));
}

/**
 * Revokes a consent at once. Where there is none, what was signed for it and not carried yet counts no more.
 *
 * @param registry Connected to the patient; or, with `as`, to the patient's guardian.
 * @param slot The grantee and the scope, exactly as it was granted.
 * @param as.guardianOf The patient, where a guardian revokes.
 * @throws ContractError GuardianNotInForce
 * @example
 * ```ts
 * await revokeConsent(registry.connect(patient), { grantee: 2, scope: EVERYTHING });
 * ```
 */
export async function revokeConsent(
  registry: ConsentRegistry,
  { grantee, scope }: GrantSlot,
  as?: { guardianOf: string },
): Promise<ContractTransactionReceipt> {
  return send(() => {
    return as === undefined
      ? registry.revoke(grantee, scope)
      : registry.revokeAsGuardian(as.guardianOf, grantee, scope);
  });
}

/**
 * Bars purposes to everybody, whatever was granted; emergencies go on.
 *
 * @param registry Connected to the patient; or, with `as`, to the patient's guardian.
 * @param purposes All that shall be barred from now on; none lifts every objection.
 * @param as.guardianOf The patient, where a guardian objects.
 * @throws HealthError PURPOSE_UNKNOWN; ContractError GuardianNotInForce
 * @example
 * ```ts
 * await objectTo(registry.connect(patient), ["HRESCH", "HMARKT"]);
 * ```
 */
export async function objectTo(
  registry: ConsentRegistry,
  purposes: readonly string[],
  as?: { guardianOf: string },
): Promise<ContractTransactionReceipt> {
  const bits = purposesOf(purposes);
  return send(() => (as === undefined ? registry.objectTo(bits) : registry.objectToAsGuardian(as.guardianOf, bits)));
}

/**
 * Names delegates, in the place of any others; the chain learns a hash of the list alone.
 *
 * @param registry Connected to the patient.
 * @param delegates The list, as `makeDelegates` gives it; undefined dismisses those there are.
 * @throws HealthError DELEGATES_MALFORMED
 * @example
 * ```ts
 * await setDelegates(registry.connect(patient), makeDelegates({ members: [daughter, son], threshold: 2, until: NO_END }));
 * ```
 */
export async function setDelegates(
  registry: ConsentRegistry,
  delegates: Delegates | undefined,
): Promise<ContractTransactionReceipt> {
  const commitment = delegates === undefined ? ZeroHash : delegatesCommitment(delegates);
  return send(() => registry.setDelegates(commitment));
}
