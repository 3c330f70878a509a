import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { placeOf } from "./placeOf.js";
import type { SignedConsent } from "./signConsent.js";

/**
 * Carries what a patient signed to the registry.
 *
 * @param registry Connected to whoever pays, who need not be trusted.
 * @param signed As `signGrant`, `signRevocation`, `signObjection` or `signDelegation` give it, or its file.
 * @throws HealthError SIGNED_ELSEWHERE when it is for another chain or registry, PROVIDER_MISSING; ContractError
 * SignatureInvalid, SignatureExpired, ConsentVersionMismatch, InvalidAccountNonce, and as for what was signed
 * @example
 * ```ts
 * await carrySigned(registry.connect(relayer), parseSignedConsent(text));
 * ```
 */
export async function carrySigned(
  registry: ConsentRegistry,
  signed: SignedConsent,
): Promise<ContractTransactionReceipt> {
  await requirePlace(registry, signed);
  const { signature } = signed;
  switch (signed.type) {
    case "ConsentGrant": {
      const { patient, version, deadline, ...grant } = signed.message;
      return send(() => registry.grantBySignature(patient, grant, version, deadline, signature));
    }
    case "ConsentRevocation": {
      const { patient, grantee, scope, version, deadline } = signed.message;
      return send(() => registry.revokeBySignature(patient, grantee, scope, version, deadline, signature));
    }
    case "ConsentObjection": {
      const { patient, purposes, nonce, deadline } = signed.message;
      return send(() => registry.objectToBySignature(patient, purposes, nonce, deadline, signature));
    }
    case "ConsentDelegation": {
      const { patient, commitment, nonce, deadline } = signed.message;
      return send(() => registry.setDelegatesBySignature(patient, commitment, nonce, deadline, signature));
    }
  }
}

async function requirePlace(registry: ConsentRegistry, { chainId, registry: address }: SignedConsent): Promise<void> {
  const place = await placeOf(registry);
  if (place.chainId === chainId && place.registry.toLowerCase() === address.toLowerCase()) return;
  throw new HealthError("SIGNED_ELSEWHERE", `it was signed for the registry ${address} on chain ${chainId}`);
}
