import {
  ADDRESS,
  BYTES32,
  type JsonReader,
  objectOf,
  oneOf,
  readJson,
  SIGNATURE,
  textLike,
  wholeBelow,
} from "../../ledger/readJson.js";
import { HealthError } from "../HealthError.js";
import type { ConsentMessages } from "./consentTypedData.js";
import type { SignedConsent } from "./signConsent.js";

const address = textLike(ADDRESS);
const bytes32 = textLike(BYTES32);
const uint32 = wholeBelow(2 ** 32);
const signed = { patient: address, deadline: wholeBelow(2 ** 40) };
const slot = { grantee: uint32, scope: bytes32 };

const MESSAGES: { [T in keyof ConsentMessages]: JsonReader<ConsentMessages[T]> } = {
  ConsentGrant: objectOf({
    ...{ ...signed, ...slot, purposes: uint32, version: uint32 },
    ...{ from: wholeBelow(2 ** 40), until: wholeBelow(2 ** 40), uses: wholeBelow(2 ** 24) },
  }),
  ConsentRevocation: objectOf({ ...signed, ...slot, version: uint32 }),
  ConsentObjection: objectOf({ ...signed, purposes: uint32, nonce: wholeBelow(2 ** 53) }),
  ConsentDelegation: objectOf({ ...signed, commitment: bytes32, nonce: wholeBelow(2 ** 53) }),
};

const FORMAT = "diwan/signed-consent/v1";

/**
 * Writes what a patient signed as JSON, on one line, for the way to whoever carries it: an object with the `format`
 * "diwan/signed-consent/v1" and the members of a `SignedConsent`, hexadecimal in lower case.
 *
 * @param consent What was signed.
 * @throws HealthError SIGNED_MALFORMED for what `parseSignedConsent` would not take
 * @example
 * ```ts
 * await fetch(relay, { method: "POST", body: serializeSignedConsent(signed) });
 * ```
 */
export function serializeSignedConsent(consent: SignedConsent): string {
  const { chainId, registry, type, message, signature } = consent;
  const lower = JSON.stringify({ registry, message, signature }).replace(/"0x[0-9a-fA-F]*"/g, (hex) => {
    return hex.toLowerCase();
  });
  const text = JSON.stringify({ format: FORMAT, chainId, type, ...(JSON.parse(lower) as object) });
  parseSignedConsent(text);
  return text;
}

/**
 * Reads what a patient signed, as `serializeSignedConsent` writes it: no member may be missing, added, or of another kind.
 * Whether the patient signed it the registry finds out.
 *
 * @param text The JSON, from anyone.
 * @throws HealthError SIGNED_MALFORMED
 * @example
 * ```ts
 * const signed = parseSignedConsent(await request.text());
 * ```
 */
export function parseSignedConsent(text: string): SignedConsent {
  const anything: JsonReader<unknown> = (value) => value;
  const fail = (problem: string) => new HealthError("SIGNED_MALFORMED", problem);
  const { message, ...rest } = readJson(
    text,
    objectOf({
      ...{ format: oneOf([FORMAT]), chainId: wholeBelow(2 ** 53), registry: address },
      ...{ type: oneOf(["ConsentGrant", "ConsentRevocation", "ConsentObjection", "ConsentDelegation"]) },
      ...{ message: anything, signature: textLike(SIGNATURE) },
    }),
    fail,
  );
  const refuse = (path: string, problem: string): never => {
    throw fail(`the file cannot be read: ${path} ${problem}`);
  };
  const { chainId, registry, type, signature } = rest;
  return { chainId, registry, type, message: MESSAGES[type](message, "message", refuse), signature } as SignedConsent;
}
