import { recoverAddress, TypedDataEncoder } from "ethers";

import { roleScope } from "../trust/scopes.js";
import { type Standing, STANDINGS } from "../trust/standing.js";
import type { TrustList } from "../typechain/contracts/trust/TrustList.js";
import {
  type ErasureCertificate,
  erasureTypedData,
  type HandOut,
  type Recipient,
  type RecordPlace,
} from "./erasureCertificate.js";
import { isAddressText, isCount, isObjectOf, isWord } from "./forms.js";
import { HealthError } from "./HealthError.js";

const MEMBERS = "format chainId registry controller key erasedAt reason commitments handOuts signature".split(" ");
const HAND_OUT_MEMBERS = "at recipient id version commitment".split(" ");
const REASONS: readonly unknown[] = ["ERASURE_REQUESTED", "RETENTION_ENDED", "ORDERED"];
const NO_NAME = `0x${"00".repeat(32)}`;

/**
 * Verifies what a controller stated when it destroyed a patient's key; no node is needed. It proves that the controller said so:
 * that no copy of the key is left, nobody can prove.
 *
 * @param certificate What the patient has; anything may be given.
 * @param expected The registry that the verifier knows, not one that the certificate names.
 * @returns The certificate.
 * @throws HealthError CERTIFICATE_MALFORMED when it is none, or holds more than was signed; CERTIFICATE_FOREIGN when it is of
 * another registry; CERTIFICATE_FORGED when the key that it names did not sign it.
 * @example
 * ```ts
 * const { handOuts } = verifyErasureCertificate(JSON.parse(text), { chainId: 31_337, registry });
 * ```
 */
export function verifyErasureCertificate(certificate: unknown, expected: RecordPlace): ErasureCertificate {
  if (!isErasureCertificate(certificate)) {
    const message = `the members of an erasure certificate are ${MEMBERS.join(", ")}, and those of a hand-out ${HAND_OUT_MEMBERS.join(", ")}; one is missing, of another form, or more`;
    throw new HealthError("CERTIFICATE_MALFORMED", message);
  }
  const { chainId, registry, key } = certificate;
  if (chainId !== expected.chainId || registry.toLowerCase() !== expected.registry.toLowerCase()) {
    throw new HealthError("CERTIFICATE_FOREIGN", `it is of ${registry} on chain ${chainId}`);
  }
  if (signerOf(certificate)?.toLowerCase() !== key.toLowerCase()) {
    throw new HealthError("CERTIFICATE_FORGED", `the key ${key} did not sign it as it is`);
  }
  return certificate;
}

/**
 * How the key stands that signed an erasure certificate: whether it was one of the controller's, as a health provider, when the
 * records were erased.
 *
 * @param trustList Connected to a node.
 * @param certificate As `verifyErasureCertificate` returned it.
 * @returns IN_FORCE when it was; NONE when it is no key of the controller; otherwise what was wrong at that time.
 * @example
 * ```ts
 * if ((await erasureStanding(trustList, certificate)) !== "IN_FORCE") complain();
 * ```
 */
export async function erasureStanding(
  trustList: Pick<TrustList, "accreditationOf" | "keyOf" | "standingOf">,
  { controller, key, erasedAt }: ErasureCertificate,
): Promise<Standing> {
  const scope = roleScope("health-provider");
  const { body, index, until, roles } = await trustList.keyOf(key);
  const { role, decision } = await trustList.accreditationOf(scope, controller);
  const mayAct = body === BigInt(controller) && decision !== 0n && ((roles >> role) & 1n) === 1n;
  if (!mayAct) return "NONE";
  if (BigInt(erasedAt) >= until) return "EXPIRED";
  return STANDINGS[Number(await trustList.standingOf(scope, controller, index, erasedAt))]!;
}

function signerOf(certificate: ErasureCertificate): string | undefined {
  try {
    const { domain, types, message } = erasureTypedData(certificate);
    return recoverAddress(TypedDataEncoder.hash(domain, types, message), certificate.signature);
  } catch {
    return undefined; // r is no point's
  }
}

/**
 * Whether a value has the form of an erasure certificate, whoever signed it.
 *
 * @example
 * ```ts
 * if (!isErasureCertificate(JSON.parse(text))) refuse();
 * ```
 */
export function isErasureCertificate(value: unknown): value is ErasureCertificate {
  return (
    isObjectOf(value, MEMBERS) &&
    value.format === "diwan-erasure-1" &&
    isCount(value.chainId, 1, Number.MAX_SAFE_INTEGER) &&
    isAddressText(value.registry) &&
    isAddressText(value.key) &&
    isCount(value.controller, 1, 2 ** 32 - 1) &&
    isCount(value.erasedAt, 1, 2 ** 40 - 1) &&
    REASONS.includes(value.reason) &&
    Array.isArray(value.commitments) &&
    value.commitments.every(isWord) &&
    Array.isArray(value.handOuts) &&
    value.handOuts.every(isHandOut) &&
    typeof value.signature === "string" &&
    /^0x[0-9a-f]{128}1[bc]$/.test(value.signature)
  );
}

function isHandOut(value: unknown): value is HandOut {
  return (
    isObjectOf(value, HAND_OUT_MEMBERS) &&
    isCount(value.at, 1, 2 ** 40 - 1) &&
    isRecipient(value.recipient) &&
    typeof value.id === "string" &&
    isCount(value.version, 1, 65_535) &&
    isWord(value.commitment)
  );
}

/**
 * Whether a value names a recipient: a body by its index, or anybody by a hash.
 *
 * @example
 * ```ts
 * if (!isRecipient({ body: 3 })) refuse();
 * ```
 */
export function isRecipient(value: unknown): value is Recipient {
  if (isObjectOf(value, ["body"])) return isCount(value.body, 1, 2 ** 32 - 1);
  return isObjectOf(value, ["name"]) && isWord(value.name) && value.name !== NO_NAME;
}
