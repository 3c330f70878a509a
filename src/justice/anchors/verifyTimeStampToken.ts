import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type BaseBlock, fromBER, GeneralizedTime, Integer, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import {
  AltName,
  Certificate,
  ContentInfo,
  type GeneralName,
  IssuerAndSerialNumber,
  SignedData,
  type SignerInfo,
  TSTInfo,
} from "pkijs";

import { sameBytes } from "../../ledger/sameBytes.js";
import { AnchorError } from "./AnchorError.js";
import {
  certificatePath,
  nameBytes,
  nameText,
  type ReadCertificate,
  readCertificate,
  requireTimeStamping,
} from "./certificatePath.js";
import { hasNoParameters } from "./hasNoParameters.js";
import { isDer } from "./isDer.js";
import { requireDigest, SIGNED_HASHES, type TimeStampAlgorithm } from "./timeStampHashes.js";
import { verifyDerSignature } from "./verifyDerSignature.js";

/** What is known before a token is read. */
export interface TimeStampExpectation {
  /** What it must be of. */
  digest: Uint8Array;
  algorithm: TimeStampAlgorithm;
  /** Certificates in DER, of authorities or of those that certify them, that the verifier trusts: nothing in the token is. */
  trusted: readonly Uint8Array[];
  /** Certificates in DER that help to find a path and are not trusted. */
  intermediates?: readonly Uint8Array[];
  /** What the request had. */
  nonce?: bigint;
  /** The object identifier of the policy that is required. */
  policy?: string;
}

/** That a digest existed at a time, says a time stamping authority. */
export interface TimeStamp {
  /** In Unix seconds; with a fraction, where the authority gives one. */
  genTime: number;
  /** In seconds, to both sides; undefined when the authority does not say. */
  accuracy: number | undefined;
  /** The interval in whole Unix seconds that the authority's time lies in. */
  notBefore: number;
  notAfter: number;
  /** An object identifier. */
  policy: string;
  /** In hex. */
  serial: string;
  nonce: bigint | undefined;
  /** The subject of the certificate that signed. */
  tsaName: string;
  /** The subject of the trusted certificate. */
  rootName: string;
}

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const SUBJECT_ALT_NAME = "2.5.29.17";
const MOST_BYTES = 1 << 17;
const MOST_CERTIFICATES = 16;

/**
 * Verifies a time stamp token (RFC 3161 with RFC 5035 and RFC 5816) over a digest, with no network: its form (DER, as the RFC
 * requires, and nothing besides), message imprint, signed attributes, the certificate that it names as its signer's, the
 * signature, that this certificate is for time stamping alone and critically so, and its path to a trusted one at the time
 * stated. RSA and ECDSA with SHA-256 to SHA-512; SHA-1 only where old tokens identify a certificate by it.
 *
 * Warning: Whether a certificate was revoked is not checked, so `trusted` must name authorities that are still trusted for
 * the time stated. And no signature covers the certificates in the token that are not on the path, nor attributes that are
 * called unsigned: `digestOfToken` binds the token's every byte.
 *
 * @param token In DER, without the response around it (`readTimeStampResponse`).
 * @throws AnchorError DIGEST_MALFORMED, TOKEN_MALFORMED; TOKEN_FOREIGN when it is of another digest; TOKEN_NONCE, TOKEN_POLICY;
 * TOKEN_SIGNER when the signer's certificate is missing or not the one named; TOKEN_USAGE; TOKEN_FORGED when the signature
 * does not hold; TOKEN_CHAIN, TOKEN_EXPIRED as `certificatePath`
 * @example
 * ```ts
 * const digest = anchorDigest(blockHash);
 * const { notAfter, tsaName } = await verifyTimeStampToken(token, { digest, algorithm: "sha-256", trusted });
 * ```
 */
export async function verifyTimeStampToken(token: Uint8Array, expected: TimeStampExpectation): Promise<TimeStamp> {
  const algorithmId = requireDigest(expected.digest, expected.algorithm);
  const trusted = expected.trusted.map((der) => readCertificate(der, "TOKEN_CHAIN"));
  const helping = (expected.intermediates ?? []).map((der) => readCertificate(der, "TOKEN_CHAIN"));
  const { content, info, signer, certificates, time } = readToken(token);

  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const isOfDigest = sameBytes(hashedMessage.valueBlock.valueHexView, expected.digest);
  if (hashAlgorithm.algorithmId !== algorithmId || !hasNoParameters(hashAlgorithm) || !isOfDigest)
    throw new AnchorError("TOKEN_FOREIGN", "the time stamp is of another digest");
  const nonce = info.nonce?.toBigInt();
  if (expected.nonce !== undefined && nonce !== expected.nonce)
    throw new AnchorError("TOKEN_NONCE", `the time stamp has the nonce ${nonce ?? "none"}, not ${expected.nonce}`);
  if (expected.policy !== undefined && info.policy !== expected.policy)
    throw new AnchorError("TOKEN_POLICY", `the time stamp is by the policy ${info.policy}, not ${expected.policy}`);

  const known = [...certificates, ...helping];
  const leaf = findSigner(signer, [...known, ...trusted]);
  requireTimeStamping(leaf.certificate);
  requireName(info.tsa, leaf);
  await requireSignature(signer, content, leaf.certificate);
  const path = await certificatePath(leaf, known, trusted, time);

  const accuracy = accuracyOf(info);
  return {
    genTime: time,
    accuracy,
    notBefore: Math.floor(time - (accuracy ?? 0)),
    notAfter: Math.ceil(time + (accuracy ?? 0)),
    policy: info.policy,
    serial: bytesToHex(info.serialNumber.valueBlock.valueHexView),
    nonce,
    tsaName: nameText(leaf.certificate.subject),
    rootName: nameText(path.at(-1)!.certificate.subject),
  };
}

interface ReadToken {
  /** The bytes of what is signed. */
  content: Uint8Array;
  info: TSTInfo;
  signer: SignerInfo;
  certificates: ReadCertificate[];
  time: number;
}

function readToken(token: Uint8Array): ReadToken {
  try {
    return parseToken(token);
  } catch (cause) {
    if (cause instanceof AnchorError) throw cause;
    throw malformed((cause as Error).message, cause);
  }
}

function parseToken(token: Uint8Array): ReadToken {
  if (token.length > MOST_BYTES) throw malformed(`it has more than ${MOST_BYTES} bytes`);
  if (!isDer(token)) throw malformed("it is not in DER");
  const outer = ContentInfo.fromBER(Uint8Array.from(token));
  if (outer.contentType !== SIGNED_DATA) throw malformed("it is no signed data");
  const signed = new SignedData({ schema: outer.content });
  const { eContentType, eContent } = signed.encapContentInfo;
  if (signed.version !== 3 || eContentType !== TST_INFO || eContent === undefined)
    throw malformed("it holds no time stamp");
  const [signer, more] = signed.signerInfos;
  if (signer === undefined || more !== undefined) throw malformed("it has not one signer");
  const [digestAlgorithm, other] = signed.digestAlgorithms;
  const isNamed = digestAlgorithm?.algorithmId === signer.digestAlgorithm.algorithmId && other === undefined;
  if (!isNamed || !hasNoParameters(digestAlgorithm) || !hasNoParameters(signer.digestAlgorithm))
    throw malformed("its digest algorithms are not those of its signer");
  const items = signed.certificates ?? [];
  if (items.length > MOST_CERTIFICATES) throw malformed(`it has more than ${MOST_CERTIFICATES} certificates`);
  const certificates = items.map((item) => {
    if (!(item instanceof Certificate)) throw malformed("it holds certificates that are not of X.509");
    return readCertificate(new Uint8Array(item.toSchema().toBER()), "TOKEN_MALFORMED");
  });
  const content = new Uint8Array(eContent.getValue());
  if (!isDer(content)) throw malformed("its time stamp is not in DER");
  const info = TSTInfo.fromBER(Uint8Array.from(content));
  if (info.version !== 1) throw malformed(`its time stamp has the version ${info.version}`);
  if (info.extensions?.some(({ critical }) => critical) === true)
    throw malformed("its time stamp has a critical extension that is unknown");
  return { content, info, signer, certificates, time: timeOf(info, content) };
}

/** GeneralizedTime as RFC 3161, section 2.4.2, has it: UTC, seconds, no trailing zeros; a Date would round fractions. */
function timeOf(info: TSTInfo, content: Uint8Array): number {
  const block = childOf(fromBER(Uint8Array.from(content)).result, 4);
  const text = block instanceof GeneralizedTime ? new TextDecoder().decode(block.valueBlock.valueHexView) : "";
  const [, y, mo, d, h, mi, s, fraction = ""] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(text) ?? [];
  const time = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) / 1000;
  if (!Number.isSafeInteger(time) || Math.floor(info.genTime.getTime() / 1000) !== time)
    throw malformed(`its time ${JSON.stringify(text)} is none`);
  return time + Number(`0${fraction}`);
}

function accuracyOf({ accuracy }: TSTInfo): number | undefined {
  if (accuracy === undefined) return undefined;
  const { seconds = 0, millis = 0, micros = 0 } = accuracy;
  if (seconds < 0 || millis < 0 || millis > 999 || micros < 0 || micros > 999)
    throw malformed("its accuracy is out of range");
  return seconds + millis / 1e3 + micros / 1e6;
}

/** The certificate that the signed attributes name by its hash; nothing else says which it is (RFC 5035, section 5). */
function findSigner(signer: SignerInfo, known: readonly ReadCertificate[]): ReadCertificate {
  const names = [
    ...attributeValues(signer, SIGNING_CERTIFICATE).map((value) => readCertificateId(value, false)),
    ...attributeValues(signer, SIGNING_CERTIFICATE_V2).map((value) => readCertificateId(value, true)),
  ];
  if (names.length === 0)
    throw new AnchorError("TOKEN_SIGNER", "the time stamp does not name its signer's certificate");
  const leaf = known.find(({ der }) => names.every(({ hash, digest }) => sameBytes(hash(der), digest)));
  if (leaf === undefined)
    throw new AnchorError("TOKEN_SIGNER", "the certificate that the time stamp names as its signer's is not there");
  const serial = leaf.certificate.serialNumber;
  const isNamedSame = names.every(
    ({ issuer, number }) =>
      (number === undefined || number.isEqual(serial)) && (issuer === undefined || sameBytes(issuer, leaf.issuer)),
  );
  if (!isNamedSame || !identifies(signer, leaf))
    throw new AnchorError("TOKEN_SIGNER", "the time stamp names two certificates as its signer's");
  return leaf;
}

interface CertificateId {
  hash: (bytes: Uint8Array) => Uint8Array;
  digest: Uint8Array;
  issuer?: Uint8Array;
  number?: Integer;
}

/** SigningCertificate and SigningCertificateV2: the first ESSCertID is the signer's. */
function readCertificateId(value: BaseBlock, isSecond: boolean): CertificateId {
  const id = childOf(childOf(value, 0), 0);
  const parts = id instanceof Sequence ? [...id.valueBlock.value] : [];
  let hash = isSecond ? sha256 : sha1;
  if (isSecond && parts[0] instanceof Sequence) {
    const oid = childOf(parts.shift(), 0);
    const named = oid instanceof ObjectIdentifier ? SIGNED_HASHES[oid.getValue()] : undefined;
    if (named === undefined)
      throw new AnchorError("TOKEN_SIGNER", "the signer's certificate is named by an unknown hash");
    hash = named.hash as typeof sha256;
  }
  const [digest, issuerSerial] = parts;
  if (!(digest instanceof OctetString)) throw malformed("it names its signer's certificate in no known form");
  const result: CertificateId = { hash, digest: digest.valueBlock.valueHexView };
  if (issuerSerial !== undefined) {
    const name = childOf(childOf(childOf(issuerSerial, 0), 0), 0);
    const number = childOf(issuerSerial, 1);
    if (name === undefined || !(number instanceof Integer))
      throw malformed("it names its signer's issuer in no known form");
    result.issuer = new Uint8Array(name.toBER());
    result.number = number;
  }
  return result;
}

function childOf(block: BaseBlock | undefined, index: number): BaseBlock | undefined {
  const children: unknown = (block?.valueBlock as { value?: unknown } | undefined)?.value;
  return Array.isArray(children) ? (children as BaseBlock[])[index] : undefined;
}

function identifies({ sid, version }: SignerInfo, { certificate, issuer }: ReadCertificate): boolean {
  const named: unknown = sid;
  if (named instanceof IssuerAndSerialNumber)
    return (
      version === 1 &&
      named.serialNumber.isEqual(certificate.serialNumber) &&
      sameBytes(nameBytes(named.issuer), issuer)
    );
  const own: unknown = certificate.extensions?.find(({ extnID }) => extnID === "2.5.29.14")?.parsedValue;
  const id = (named as { valueBlock?: { valueHexView?: Uint8Array } }).valueBlock?.valueHexView;
  return version === 3 && own instanceof OctetString && id !== undefined && sameBytes(own.valueBlock.valueHexView, id);
}

/** RFC 3161, section 2.4.2: the name in the token is one of those of the certificate. */
function requireName(tsa: GeneralName | undefined, { certificate, subject }: ReadCertificate): void {
  if (tsa === undefined) return;
  const name = generalNameBytes(tsa);
  const alternative: unknown = certificate.extensions?.find(({ extnID }) => extnID === SUBJECT_ALT_NAME)?.parsedValue;
  const others = alternative instanceof AltName ? alternative.altNames : [];
  const isSubject = tsa.type === 4 && sameBytes(nameBytes(tsa.value as Certificate["subject"]), subject);
  if (!isSubject && !others.some((other) => sameBytes(generalNameBytes(other), name)))
    throw new AnchorError("TOKEN_SIGNER", "the time stamp is made out in another name than its certificate");
}

function generalNameBytes(name: GeneralName): Uint8Array {
  return new Uint8Array((name.toSchema() as BaseBlock).toBER());
}

async function requireSignature(signer: SignerInfo, content: Uint8Array, certificate: Certificate): Promise<void> {
  const { digestAlgorithm, signatureAlgorithm, signature, signedAttrs } = signer;
  const hash = SIGNED_HASHES[digestAlgorithm.algorithmId];
  const [type] = attributeValues(signer, CONTENT_TYPE);
  const [digest] = attributeValues(signer, MESSAGE_DIGEST);
  const isOfContent =
    hash !== undefined &&
    type instanceof ObjectIdentifier &&
    type.getValue() === TST_INFO &&
    digest instanceof OctetString &&
    sameBytes(digest.valueBlock.valueHexView, hash.hash(content));
  const holds =
    isOfContent &&
    signedAttrs !== undefined &&
    (await verifyDerSignature(new Uint8Array(signedAttrs.encodedValue), {
      algorithm: signatureAlgorithm,
      value: signature.valueBlock.valueHexView,
      key: certificate.subjectPublicKeyInfo,
      digestAlgorithm: digestAlgorithm.algorithmId,
    }));
  if (!holds)
    throw new AnchorError(
      "TOKEN_FORGED",
      `the time stamp was not signed by ${nameText(certificate.subject)}, or was altered`,
    );
}

/** None, or the one value of a signed attribute. */
function attributeValues({ signedAttrs }: SignerInfo, id: string): BaseBlock[] {
  const found = (signedAttrs?.attributes ?? []).filter(({ type }) => type === id);
  if (found.length > 1 || found.some(({ values }) => values.length !== 1))
    throw malformed("a signed attribute stands in it more than once");
  return found.map(({ values }) => (values as BaseBlock[])[0]!);
}

function malformed(problem: string, cause?: unknown): AnchorError {
  return new AnchorError("TOKEN_MALFORMED", `the time stamp token is malformed: ${problem}`, { cause });
}
