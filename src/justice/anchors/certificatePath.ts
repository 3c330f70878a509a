import { bytesToHex } from "@noble/hashes/utils.js";
import { BitString } from "asn1js";
import { BasicConstraints, Certificate, ExtKeyUsage, type Extension, type RelativeDistinguishedNames } from "pkijs";

import { sameBytes } from "../../ledger/sameBytes.js";
import { AnchorError } from "./AnchorError.js";
import { isDer } from "./isDer.js";
import { verifyDerSignature } from "./verifyDerSignature.js";

/** A certificate with its bytes. */
export interface ReadCertificate {
  der: Uint8Array;
  certificate: Certificate;
  /** Names in DER. */
  subject: Uint8Array;
  issuer: Uint8Array;
}

const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
/** What may be critical: what is checked here, and policies, of which any is taken. */
const UNDERSTOOD = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, "2.5.29.32"];
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const ANY_USAGE = "2.5.29.37.0";
/** Bits of a key's usage, from the first on. */
const USAGE = { digitalSignature: 0x80, nonRepudiation: 0x40, keyCertSign: 0x04 };
const LONGEST_PATH = 8;
/** Of signatures: a dozen certificates in one name and with one key would otherwise make millions of paths. */
const MOST_CHECKS = 64;

/**
 * Reads an X.509 certificate in DER.
 *
 * @param code Of the error.
 * @throws AnchorError with this code
 * @example
 * ```ts
 * const root = readCertificate(der, "TOKEN_CHAIN");
 * ```
 */
export function readCertificate(der: Uint8Array, code: "TOKEN_CHAIN" | "TOKEN_MALFORMED"): ReadCertificate {
  try {
    if (!isDer(der)) throw new Error("it is not in DER");
    const certificate = Certificate.fromBER(Uint8Array.from(der));
    const ids = (certificate.extensions ?? []).map(({ extnID }) => extnID);
    if (new Set(ids).size !== ids.length) throw new Error("an extension stands in it twice");
    return { der, certificate, subject: nameBytes(certificate.subject), issuer: nameBytes(certificate.issuer) };
  } catch (cause) {
    throw new AnchorError(code, `a certificate is malformed: ${(cause as Error).message}`, { cause });
  }
}

/**
 * A name's bytes in DER.
 *
 * @example
 * ```ts
 * const isSelfIssued = sameBytes(nameBytes(certificate.subject), nameBytes(certificate.issuer));
 * ```
 */
export function nameBytes(name: RelativeDistinguishedNames): Uint8Array {
  return new Uint8Array(name.toSchema().toBER());
}

/**
 * Finds the path from a time stamping authority's certificate to a trusted one, at a time: each is valid then, each but the
 * first is a certification authority that may sign certificates, and each signature holds (RFC 5280, section 6, without names'
 * constraints and policies; a certificate that constrains names critically is refused). Whether one was revoked is not
 * asked: that takes a network, or a list with the token, and neither is here.
 *
 * @param leaf The certificate that signed.
 * @param known Certificates from anywhere.
 * @param trusted The path ends at the first of them that it meets.
 * @param time In Unix seconds.
 * @returns From the leaf on, to the trusted one.
 * @throws AnchorError TOKEN_CHAIN; TOKEN_EXPIRED when a path exists but for the time
 * @example
 * ```ts
 * const path = await certificatePath(signer, token.certificates, roots, genTime);
 * ```
 */
export async function certificatePath(
  leaf: ReadCertificate,
  known: readonly ReadCertificate[],
  trusted: readonly ReadCertificate[],
  time: number,
): Promise<ReadCertificate[]> {
  let expired: ReadCertificate | undefined;
  let checks = 0;
  const search = async (path: readonly ReadCertificate[]): Promise<ReadCertificate[] | undefined> => {
    const last = path.at(-1)!;
    if (!understandsAll(last.certificate)) return undefined;
    if (!isValidAt(last.certificate, time)) {
      expired ??= last;
      return undefined;
    }
    if (trusted.some(({ der }) => sameBytes(der, last.der))) return [...path];
    if (path.length === LONGEST_PATH) return undefined;
    for (const issuer of [...trusted, ...known]) {
      const isNew = !path.some(({ der }) => sameBytes(der, issuer.der));
      if (!isNew || !sameBytes(issuer.subject, last.issuer) || !mayIssue(issuer.certificate, path.length - 1)) continue;
      if (++checks > MOST_CHECKS)
        throw new AnchorError("TOKEN_CHAIN", `more than ${MOST_CHECKS} signatures would have to be checked for a path`);
      if (!(await isIssuedBy(last.certificate, issuer.certificate))) continue;
      const found = await search([...path, issuer]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const path = await search([leaf]);
  if (path !== undefined) return path;
  const name = nameText(leaf.certificate.subject);
  if (expired !== undefined)
    throw new AnchorError(
      "TOKEN_EXPIRED",
      `${nameText(expired.certificate.subject)} was not valid when ${name} signed`,
    );
  throw new AnchorError("TOKEN_CHAIN", `no trusted certificate stands behind ${name}`);
}

/**
 * Requires that a certificate is made for time stamping and for nothing else (RFC 3161, section 2.3).
 *
 * @throws AnchorError TOKEN_USAGE
 * @example
 * ```ts
 * requireTimeStamping(signer.certificate);
 * ```
 */
export function requireTimeStamping(certificate: Certificate): void {
  const extended = extensionOf(certificate, EXTENDED_KEY_USAGE);
  const purposes = extended?.parsedValue instanceof ExtKeyUsage ? extended.parsedValue.keyPurposes : [];
  const usage = keyUsageOf(certificate);
  const signs = USAGE.digitalSignature | USAGE.nonRepudiation;
  const isForTimeStamps = extended?.critical === true && purposes.length === 1 && purposes[0] === TIME_STAMPING;
  if (!isForTimeStamps || (usage !== undefined && ((usage & signs) === 0 || (usage & ~signs) !== 0)))
    throw new AnchorError("TOKEN_USAGE", `${nameText(certificate.subject)} is not for time stamping alone`);
}

/**
 * A name as people read it, from the country on as it stands in the certificate.
 *
 * @example
 * ```ts
 * const text = nameText(certificate.subject); // "C=BE, O=GlobalSign nv-sa, CN=GlobalSign CA for AATL - SHA256 - G2"
 * ```
 */
export function nameText(name: RelativeDistinguishedNames): string {
  return name.typesAndValues
    .map(({ type, value }) => `${SHORT_NAMES[type] ?? type}=${value.valueBlock.value}`)
    .join(", ");
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.97": "organizationIdentifier",
  "1.2.840.113549.1.9.1": "emailAddress",
  "0.9.2342.19200300.100.1.25": "DC",
};

function extensionOf(certificate: Certificate, id: string): Extension | undefined {
  return certificate.extensions?.find(({ extnID }) => extnID === id);
}

function keyUsageOf(certificate: Certificate): number | undefined {
  const bits: unknown = extensionOf(certificate, KEY_USAGE)?.parsedValue;
  // The first eight bits; of the ninth no use is made in certificates that sign.
  return bits instanceof BitString ? (bits.valueBlock.valueHexView[0] ?? 0) : undefined;
}

function understandsAll({ extensions = [] }: Certificate): boolean {
  return extensions.every(({ critical, extnID }) => !critical || UNDERSTOOD.includes(extnID));
}

function isValidAt({ notBefore, notAfter }: Certificate, time: number): boolean {
  return notBefore.value.getTime() <= time * 1000 && time * 1000 < notAfter.value.getTime() + 1000;
}

/** @param below How many authorities stand between it and the leaf. */
function mayIssue(certificate: Certificate, below: number): boolean {
  const constraints: unknown = extensionOf(certificate, BASIC_CONSTRAINTS)?.parsedValue;
  if (!(constraints instanceof BasicConstraints) || !constraints.cA) return false;
  const { pathLenConstraint } = constraints;
  if (pathLenConstraint !== undefined && (typeof pathLenConstraint !== "number" || pathLenConstraint < below))
    return false;
  const extended = extensionOf(certificate, EXTENDED_KEY_USAGE);
  if (extended !== undefined) {
    const purposes = extended.parsedValue instanceof ExtKeyUsage ? extended.parsedValue.keyPurposes : [];
    if (!purposes.includes(TIME_STAMPING) && !purposes.includes(ANY_USAGE)) return false;
  }
  const usage = keyUsageOf(certificate);
  return usage === undefined || (usage & USAGE.keyCertSign) !== 0;
}

function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const { signature, signatureAlgorithm, signatureValue, tbsView } = certificate;
  const [inside, outside] = [signature, signatureAlgorithm].map((id) =>
    bytesToHex(new Uint8Array(id.toSchema().toBER())),
  );
  if (inside !== outside || signatureValue.valueBlock.unusedBits !== 0) return Promise.resolve(false);
  return verifyDerSignature(tbsView, {
    algorithm: signatureAlgorithm,
    value: signatureValue.valueBlock.valueHexView,
    key: issuer.subjectPublicKeyInfo,
  });
}
