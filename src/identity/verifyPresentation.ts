import { recoverAddress, TypedDataEncoder } from "ethers";

import { ask } from "../chain/send.js";
import type { AttestationRegistry } from "../typechain/contracts/identity/AttestationRegistry.js";
import { DidRegistry__factory } from "../typechain/factories/contracts/identity/DidRegistry__factory.js";
import { subjectOf } from "./claims.js";
import { DID_STATES, parseDid, SIG_AUTH, type DidKeys } from "./did/did.js";
import { IdentityError } from "./IdentityError.js";
import type { Json } from "./json.js";
import { type Challenge, type DidPlace, type Presentation, presentationTypedData } from "./presentation.js";
import { statusOf, statusOfLeaf } from "./status.js";
import type { Verdict } from "./verdict.js";
import { type Evidence, verifyAttestation } from "./verifyAttestation.js";
import { verifyDisclosure } from "./verifyDisclosure.js";

/** What a verifier knows before anything is presented. */
export interface Expected extends DidPlace {
  /** The verifier's own challenge, as it was kept. */
  challenge: Challenge;
  /** The verifier's time, in Unix seconds. */
  now: number;
}

/** What a verifier has in files. */
export interface PresentationFiles extends Pick<Evidence, "record" | "statusList" | "trust"> {
  /** The DID's keys, from a file of the DID registry. */
  did: DidKeys;
  /** When the oldest of the files was made, in Unix seconds. */
  asOf: number;
  /** Seconds that files may be old; without it any age will do. */
  maxAge?: number;
}

/** A presentation that its holder may make; whether the attestation is valid is in `verdict`. */
export interface Presented extends Pick<Presentation, "did" | "attestation" | "membership" | "disclosure"> {
  /** The DID's address. */
  identity: string;
  /** The claims shown, by name. */
  claims: Record<string, Json>;
  /** The key that signed. */
  signer: string;
}

/** What a verifier learns. */
export interface PresentationVerdict extends Presented {
  /** How the attestation stands; only VALID counts. */
  verdict: Verdict;
  /** The time that the answer is of: the block's, or that of the oldest file. */
  asOf: number;
  /** How old the answer is, in seconds. */
  age: number;
}

const MEMBERS = ["format", "challenge", "did", "subjectSalt", "attestation", "membership", "disclosure", "signature"];
const CHALLENGE_MEMBERS = ["audience", "nonce", "expiresAt"];

/**
 * Verifies a presentation with a node: the DID's keys and the attestation's status are those of its newest block.
 *
 * @param presentation What the holder sent.
 * @param expected What the verifier knows.
 * @param registry The registry of attestations, connected to the verifier's own node.
 * @returns How the attestation stands, which claims were shown, and the age of the block.
 * @throws IdentityError PROVIDER_MISSING, and as `verifyPresentationFiles`; ContractError LeafNotInBatch
 * @example
 * ```ts
 * const { verdict, claims } = await verifyPresentation(presentation, expected, registry);
 * if (verdict.status !== "VALID" || claims.over18 !== true) refuse();
 * ```
 */
export async function verifyPresentation(
  presentation: Presentation,
  expected: Expected,
  registry: AttestationRegistry,
): Promise<PresentationVerdict> {
  const presented = readPresentation(presentation, expected);
  const { identity, signer, attestation, membership } = presented;
  const didRegistry = DidRegistry__factory.connect(expected.didRegistry, registry.runner);
  const block = await registry.runner?.provider?.getBlock("latest");
  if (block == null) throw new IdentityError("PROVIDER_MISSING", "the registry is not connected to a node");

  const at = { blockTag: block.number };
  const [state, owner] = await ask(() => didRegistry.stateOf(identity, at));
  const isDelegate = await ask(() => didRegistry.validDelegate(identity, SIG_AUTH, signer, at));
  const delegates = isDelegate ? [{ delegate: signer, validTo: Infinity }] : [];
  requireKeyOf({ identity, state: DID_STATES[Number(state)]!, owner, delegates }, presented, expected.now);

  const verdict = await (membership === undefined
    ? statusOf(registry, attestation, at)
    : statusOfLeaf(registry, attestation, membership, at));
  return { ...presented, verdict, asOf: block.timestamp, age: Math.max(0, expected.now - block.timestamp) };
}

/**
 * Verifies a presentation from files alone.
 *
 * Warning: the answer is as true and as fresh as the files; `asOf` and `age` tell. A key that was lost or an attestation
 * revoked since then is not known of.
 *
 * @param presentation What the holder sent.
 * @param expected What the verifier knows.
 * @param files The trust list, the record or status list, and the DID's keys.
 * @returns How the attestation stands, which claims were shown, and how old the answer is.
 * @throws IdentityError PRESENTATION_MALFORMED; CHALLENGE_MISMATCH when it answers another challenge or is for another
 * verifier; CHALLENGE_EXPIRED; DID_MALFORMED; CLAIM_MALFORMED; SUBJECT_MISMATCH when the attestation is another's; DISCLOSURE_MISMATCH;
 * KEY_NOT_OF_DID, also when anything that was signed was altered; DID_FROZEN; DID_DEACTIVATED; FILES_TOO_OLD; and as
 * `verifyAttestation`.
 * @example
 * ```ts
 * const { verdict, claims, age } = verifyPresentationFiles(presentation, expected, files);
 * if (verdict.status !== "VALID" || claims.over18 !== true) refuse();
 * ```
 */
export function verifyPresentationFiles(
  presentation: Presentation,
  expected: Expected,
  files: PresentationFiles,
): PresentationVerdict {
  const presented = readPresentation(presentation, expected);
  const { did, asOf, maxAge = Infinity, ...evidence } = files;
  const age = Math.max(0, expected.now - asOf);
  if (age > maxAge) throw new IdentityError("FILES_TOO_OLD", `the files are ${age} s old; ${maxAge} s are allowed`);
  requireKeyOf(did, presented, expected.now);

  const { attestation, membership } = presented;
  const time = Math.max(expected.now, asOf);
  const verdict = verifyAttestation({ ...evidence, attestation, ...(membership && { membership }), time });
  return { ...presented, verdict, asOf, age };
}

/**
 * Checks all of a presentation that needs neither node nor files: that it answers the challenge, is of the subject, and
 * shows claims of the attestation. Whether the signer may sign for the DID, and how the attestation stands, is left.
 *
 * @param presentation What the holder sent.
 * @param expected What the verifier knows.
 * @throws IdentityError PRESENTATION_MALFORMED, CHALLENGE_MISMATCH, CHALLENGE_EXPIRED, DID_MALFORMED, CLAIM_MALFORMED,
 * SUBJECT_MISMATCH, DISCLOSURE_MISMATCH
 */
function readPresentation(presentation: Presentation, expected: Expected): Presented {
  requireForm(presentation);
  const { challenge, did, subjectSalt, attestation, membership, disclosure } = presentation;
  const { audience, nonce, expiresAt } = expected.challenge;
  if (challenge.audience !== audience || challenge.nonce !== nonce || challenge.expiresAt !== expiresAt) {
    throw new IdentityError("CHALLENGE_MISMATCH", "it answers another challenge, or another verifier's");
  }
  if (expected.now >= expiresAt) {
    throw new IdentityError(
      "CHALLENGE_EXPIRED",
      `it is ${expected.now}; the challenge asks for an answer before ${expiresAt}`,
    );
  }
  const { chainId, identity } = parseDid(did);
  if (chainId !== BigInt(expected.chainId)) throw new IdentityError("DID_MALFORMED", `${did} is of another chain`);
  if (subjectOf(subjectSalt, did) !== attestation.subject) {
    throw new IdentityError("SUBJECT_MISMATCH", "the attestation was not issued to this DID");
  }
  if (!verifyDisclosure(attestation.commitment, disclosure)) {
    throw new IdentityError("DISCLOSURE_MISMATCH", "a claim is not one of the attestation's");
  }
  const claims = Object.fromEntries(disclosure.claims.map(({ name, value }) => [name, value]));
  const signer = signerOf(presentation, expected);
  return { did, identity, attestation, ...(membership && { membership }), disclosure, claims, signer };
}

/** Nothing may be in it that nobody signed or looks at. */
function requireForm(presentation: Presentation): void {
  const isWhole =
    typeof presentation === "object" &&
    presentation !== null &&
    presentation.format === "diwan-presentation-1" &&
    Object.keys(presentation).every((name) => MEMBERS.includes(name)) &&
    [presentation.challenge, presentation.attestation, presentation.disclosure].every(isObject) &&
    Object.keys(presentation.challenge).every((name) => CHALLENGE_MEMBERS.includes(name)) &&
    (presentation.membership === undefined || isObject(presentation.membership)) &&
    Array.isArray(presentation.disclosure.claims) &&
    [presentation.did, presentation.subjectSalt, presentation.signature].every((text) => typeof text === "string") &&
    /^0x[0-9a-f]{128}1[bc]$/.test(presentation.signature);
  if (isWhole) return;
  const message = `the members of a presentation are ${MEMBERS.join(", ")}, and those of its challenge ${CHALLENGE_MEMBERS.join(", ")}; one is missing, of another form, or more`;
  throw new IdentityError("PRESENTATION_MALFORMED", message);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function signerOf(presentation: Presentation, place: DidPlace): string {
  try {
    const { domain, types, message } = presentationTypedData(place, presentation);
    return recoverAddress(TypedDataEncoder.hash(domain, types, message), presentation.signature);
  } catch (error) {
    throw new IdentityError(
      "PRESENTATION_MALFORMED",
      "a value of the challenge, or the signature's point, is not of the form that is signed",
      { cause: error },
    );
  }
}

function requireKeyOf(did: DidKeys, { identity, signer }: Presented, now: number): void {
  if (did.identity.toLowerCase() !== identity.toLowerCase()) {
    throw new IdentityError("DID_MALFORMED", `the file is of ${did.identity}, not of ${identity}`);
  }
  if (did.state === "FROZEN") throw new IdentityError("DID_FROZEN", `${identity} was reported lost`);
  if (did.state === "DEACTIVATED") throw new IdentityError("DID_DEACTIVATED", `${identity} was deactivated`);
  const isSame = (key: string) => key.toLowerCase() === signer.toLowerCase();
  const isKey = isSame(did.owner) || did.delegates.some(({ delegate, validTo }) => isSame(delegate) && now < validTo);
  if (!isKey) throw new IdentityError("KEY_NOT_OF_DID", `${signer} is not a key of ${identity}, or not any more`);
}
