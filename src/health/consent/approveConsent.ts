import type { ContractTransactionReceipt, Signer } from "ethers";

import { send } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { type ConsentMessages, type ConsentPlace, consentTypedData } from "./consentTypedData.js";
import type { ConsentApproval, Delegates } from "./delegates.js";

/** A grant or a revocation that delegates sign in a patient's place, each the same. */
export type Delegated = {
  [T in "ConsentGrant" | "ConsentRevocation"]: { type: T; message: ConsentMessages[T] };
}["ConsentGrant" | "ConsentRevocation"];

/**
 * A delegate signs a grant or a revocation in the patient's place: the same data as the patient would.
 *
 * @param place The registry.
 * @param delegated What is signed; its version and deadline are the same for all who sign.
 * @param delegate The delegate's key.
 * @example
 * ```ts
 * const delegated = { type: "ConsentGrant", message: { patient, ...grant, version, deadline } } as const;
 * const approvals = [await approveConsent(place, delegated, daughter), await approveConsent(place, delegated, son)];
 * await carryApproved(registry.connect(relayer), delegated, delegates, approvals);
 * ```
 */
export async function approveConsent(
  place: ConsentPlace,
  delegated: Delegated,
  delegate: Pick<Signer, "signTypedData" | "getAddress">,
): Promise<ConsentApproval> {
  const { domain, types, message } = consentTypedData(place, delegated.type, delegated.message);
  return { delegate: await delegate.getAddress(), signature: await delegate.signTypedData(domain, types, message) };
}

/**
 * Carries what enough delegates signed to the registry. The list of delegates stands in the transaction, for all to see.
 *
 * @param registry Connected to whoever pays.
 * @param delegated What they signed.
 * @param delegates The whole list that the patient committed to.
 * @param approvals At least its threshold, in any order.
 * @throws ContractError DelegatesMismatch, DelegatesLapsed, NotDelegate, TooFewDelegates, SignatureInvalid,
 * SignatureExpired, ConsentVersionMismatch
 * @example
 * ```ts
 * await carryApproved(registry.connect(relayer), delegated, delegates, approvals);
 * ```
 */
export async function carryApproved(
  registry: ConsentRegistry,
  delegated: Delegated,
  delegates: Delegates,
  approvals: readonly ConsentApproval[],
): Promise<ContractTransactionReceipt> {
  const sorted = approvals.toSorted((a, b) => (BigInt(a.delegate) < BigInt(b.delegate) ? -1 : 1));
  const { type, message } = delegated;
  if (type === "ConsentGrant") {
    const { patient, version, deadline, ...grant } = message;
    return send(() => registry.grantByDelegates(patient, grant, version, deadline, delegates, sorted));
  }
  const { patient, grantee, scope, version, deadline } = message;
  return send(() => registry.revokeByDelegates(patient, grantee, scope, version, deadline, delegates, sorted));
}
