import { type Signer, ZeroHash } from "ethers";

import { ask } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { purposesOf } from "../purposes.js";
import type { GrantSlot } from "./changeConsent.js";
import type { Grant } from "./consentState.js";
import { type ConsentMessages, type ConsentPlace, consentTypedData } from "./consentTypedData.js";
import { type Delegates, delegatesCommitment } from "./delegates.js";
import { placeOf } from "./placeOf.js";

/** What a patient signed and anyone may carry; plain JSON. */
export type SignedConsent = {
  [T in keyof ConsentMessages]: ConsentPlace & { type: T; message: ConsentMessages[T]; signature: string };
}[keyof ConsentMessages];

/** How a patient signs. */
export interface SignOptions {
  /** Last second at which the signature counts, in Unix seconds. */
  deadline: number;
  /** The patient's wallet, where the patient is an ERC-1271 contract that the signer signs for. */
  patient?: string;
}

/**
 * Has a patient sign a grant; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The patient's key.
 * @param grant What is allowed.
 * @param options.version The consent's version that the patient saw; read from the chain, if left out.
 * @returns The signed grant, which replaces that version and no other: after any change it counts no more.
 * @throws HealthError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signGrant(registry, patient, grant, { deadline: now + 3_600 });
 * await carrySigned(registry.connect(relayer), signed);
 * ```
 */
export async function signGrant(
  registry: ConsentRegistry,
  signer: Signer,
  grant: Grant,
  options: SignOptions & { version?: number },
): Promise<SignedConsent> {
  const place = await placeOf(registry);
  const patient = await patientOf(signer, options);
  const version = options.version ?? (await consentVersion(registry, patient, grant));
  const { grantee, scope, purposes, from, until, uses } = grant;
  const message = { patient, grantee, scope, purposes, from, until, uses, version, deadline: options.deadline };
  return sign(place, signer, "ConsentGrant", message);
}

/**
 * Has a patient sign a revocation; nothing is sent.
 *
 * Warning: who signed a grant that is not carried yet says so by `uncarried`. A revocation of the present version alone
 * would be used up before that grant is carried, and the grant would stand.
 *
 * @param registry Connected to a node.
 * @param signer The patient's key.
 * @param slot The grantee and the scope, exactly as it was granted.
 * @param options.version The last version that is ended; the present one, or with `uncarried` the next, if left out.
 * @param options.uncarried Whether to end a grant too that was signed for the present version and is not carried yet.
 * @throws HealthError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signRevocation(registry, patient, { grantee: 2, scope }, { deadline: now + 86_400 });
 * ```
 */
export async function signRevocation(
  registry: ConsentRegistry,
  signer: Signer,
  { grantee, scope }: GrantSlot,
  options: SignOptions & { version?: number; uncarried?: boolean },
): Promise<SignedConsent> {
  const place = await placeOf(registry);
  const patient = await patientOf(signer, options);
  const present = options.version ?? (await consentVersion(registry, patient, { grantee, scope }));
  const version = options.version === undefined && options.uncarried === true ? present + 1 : present;
  const message = { patient, grantee, scope, version, deadline: options.deadline };
  return sign(place, signer, "ConsentRevocation", message);
}

/**
 * Has a patient sign all objections; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The patient's key.
 * @param purposes All that shall be barred to everybody; none lifts every objection.
 * @param options.nonce The patient's nonce; read from the chain, if left out.
 * @throws HealthError PURPOSE_UNKNOWN, PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signObjection(registry, patient, ["HRESCH"], { deadline: now + 86_400 });
 * ```
 */
export async function signObjection(
  registry: ConsentRegistry,
  signer: Signer,
  purposes: readonly string[],
  options: SignOptions & { nonce?: number },
): Promise<SignedConsent> {
  const place = await placeOf(registry);
  const patient = await patientOf(signer, options);
  const nonce = options.nonce ?? Number(await ask(() => registry.nonces(patient)));
  const message = { patient, purposes: purposesOf(purposes), nonce, deadline: options.deadline };
  return sign(place, signer, "ConsentObjection", message);
}

/**
 * Has a patient name delegates by signature; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The patient's key.
 * @param delegates The list, which stays with patient and delegates; undefined dismisses those there are.
 * @param options.nonce The patient's nonce; read from the chain, if left out.
 * @throws HealthError DELEGATES_MALFORMED, PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signDelegation(registry, patient, delegates, { deadline: now + 86_400 });
 * ```
 */
export async function signDelegation(
  registry: ConsentRegistry,
  signer: Signer,
  delegates: Delegates | undefined,
  options: SignOptions & { nonce?: number },
): Promise<SignedConsent> {
  const place = await placeOf(registry);
  const patient = await patientOf(signer, options);
  const commitment = delegates === undefined ? ZeroHash : delegatesCommitment(delegates);
  const nonce = options.nonce ?? Number(await ask(() => registry.nonces(patient)));
  return sign(place, signer, "ConsentDelegation", { patient, commitment, nonce, deadline: options.deadline });
}

async function patientOf(signer: Signer, { patient }: SignOptions): Promise<string> {
  return patient ?? signer.getAddress();
}

/**
 * The version of a consent now, which what is signed next names.
 *
 * @param registry Connected to a node.
 * @param patient Whose consent it is.
 * @param slot Its grantee and scope.
 * @example
 * ```ts
 * const version = await consentVersion(registry, patient, { grantee: 2, scope });
 * ```
 */
export async function consentVersion(
  registry: ConsentRegistry,
  patient: string,
  { grantee, scope }: GrantSlot,
): Promise<number> {
  return Number((await ask(() => registry.consentOf(patient, grantee, scope))).version);
}

async function sign<T extends keyof ConsentMessages>(
  place: ConsentPlace,
  signer: Signer,
  type: T,
  message: ConsentMessages[T],
): Promise<SignedConsent> {
  const { domain, types } = consentTypedData(place, type, message);
  const signature = await signer.signTypedData(domain, types, message);
  return { ...place, type, message, signature } as SignedConsent;
}
