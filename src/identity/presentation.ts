import { hexlify, keccak256, randomBytes, type Signer, toUtf8Bytes, type TypedDataField } from "ethers";

import type { Attestation, Membership } from "./attestation.js";
import { discloseClaims, type Disclosure } from "./discloseClaims.js";
import { canonicalJson, type Json } from "./json.js";
import type { HeldAttestation } from "./wallet.js";

/** What a verifier asks for freshness: nobody can have signed it before, and nobody else can use what was signed. */
export interface Challenge {
  /** Who asks, such as the address of the verifier's page; the holder must see it and know it. */
  audience: string;
  /** 32 random bytes in hex, used once. */
  nonce: string;
  /** First second at which an answer comes too late, in Unix seconds. */
  expiresAt: number;
}

/** An attestation that its holder shows to one verifier, once; plain JSON. It is for that verifier's eyes alone. */
export interface Presentation {
  format: "diwan-presentation-1";
  challenge: Challenge;
  /** The DID that the attestation was issued to. */
  did: string;
  /** What hides it in the attestation's subject: 32 bytes in hex. */
  subjectSalt: string;
  attestation: Attestation;
  /** Where it stands in its batch, if it was issued in one. */
  membership?: Membership;
  /** The claims that are shown, and their proof. */
  disclosure: Disclosure;
  /** Of a key of the DID, over all of the above. */
  signature: string;
}

/** The DID registry whose keys count. */
export interface DidPlace {
  chainId: number;
  /** The registry's address. */
  didRegistry: string;
}

/**
 * EIP-712 types of what a holder signs: who gets it, until when, and in words which claims; the rest as a hash.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(PRESENTATION_TYPES);
 * ```
 */
export const PRESENTATION_TYPES: Readonly<Record<"Presentation", TypedDataField[]>> = {
  Presentation: [
    { name: "audience", type: "string" },
    { name: "nonce", type: "bytes32" },
    { name: "expiresAt", type: "uint256" },
    { name: "did", type: "string" },
    { name: "claims", type: "string[]" },
    { name: "content", type: "bytes32" },
  ],
};

/**
 * A challenge with a fresh nonce. The verifier keeps it until it is answered, and accepts one answer.
 *
 * @param audience Who asks.
 * @param expiresAt First second at which an answer comes too late, in Unix seconds.
 * @example
 * ```ts
 * const challenge = newChallenge("https://nursery.example", Math.floor(Date.now() / 1_000) + 300);
 * ```
 */
export function newChallenge(audience: string, expiresAt: number): Challenge {
  return { audience, nonce: hexlify(randomBytes(32)), expiresAt };
}

/**
 * EIP-712 data of a presentation, for `signer.signTypedData(domain, types, message)`. The content is keccak256 of the
 * RFC 8785 form of `{attestation, disclosure, membership, subjectSalt}`.
 *
 * @param place The DID registry.
 * @param presentation What is signed.
 * @returns Domain, types, primary type and message.
 * @throws Error when a part has no JSON form or is not of its type.
 * @example
 * ```ts
 * const { domain, types, message } = presentationTypedData(place, presentation);
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function presentationTypedData(place: DidPlace, presentation: Omit<Presentation, "format" | "signature">) {
  const { challenge, did, subjectSalt, attestation, membership, disclosure } = presentation;
  const content = { attestation, disclosure, ...(membership && { membership }), subjectSalt } as unknown as Json;
  const { audience, nonce, expiresAt } = challenge;
  const claims = disclosure.claims.map(({ name }) => name);
  const message = { audience, nonce, expiresAt, did, claims, content: keccak256(toUtf8Bytes(canonicalJson(content))) };
  const types: Record<string, TypedDataField[]> = PRESENTATION_TYPES;
  const { chainId, didRegistry: verifyingContract } = place;
  const domain = { name: "Diwan Presentation", version: "1", chainId, verifyingContract };
  return { domain, types, primaryType: "Presentation", message } as const;
}

/**
 * Answers a challenge: shows an attestation and some of its claims to one verifier.
 *
 * @param held The attestation, as the holder's wallet keeps it.
 * @param names The claims to show; none shows only that the attestation is the holder's.
 * @param challenge The verifier's, whose audience the holder recognised.
 * @param place The DID registry.
 * @param key A key of the DID: its owner, or a delegate for "sigAuth".
 * @throws IdentityError CLAIM_UNKNOWN, and as `discloseClaims`
 * @example
 * ```ts
 * const presentation = await makePresentation(held, ["over18"], challenge, place, walletKey(wallet, 1));
 * ```
 */
export async function makePresentation(
  held: HeldAttestation,
  names: readonly string[],
  challenge: Challenge,
  place: DidPlace,
  key: Pick<Signer, "signTypedData">,
): Promise<Presentation> {
  const { attestation, membership, claims, did, subjectSalt } = held;
  const disclosure = discloseClaims(claims, names);
  const shown = { challenge, did, subjectSalt, attestation, ...(membership && { membership }), disclosure };
  const { domain, types, message } = presentationTypedData(place, shown);
  return { format: "diwan-presentation-1", ...shown, signature: await key.signTypedData(domain, types, message) };
}
