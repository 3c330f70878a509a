import { fromBER, Integer, ObjectIdentifier, Sequence } from "asn1js";
import { type AlgorithmIdentifier, type PublicKeyInfo, RSASSAPSSParams } from "pkijs";

import { hasNoParameters } from "./hasNoParameters.js";
import { SIGNED_HASHES, type SignedHash } from "./timeStampHashes.js";

const RSA = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const EC = "1.2.840.10045.2.1";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const SHA384 = "2.16.840.1.101.3.4.2.2";
const SHA512 = "2.16.840.1.101.3.4.2.3";

/** Algorithms of signatures that name their hash function. */
const COMBINED: Readonly<Record<string, readonly [key: string, hash: string]>> = {
  "1.2.840.113549.1.1.11": [RSA, SHA256],
  "1.2.840.113549.1.1.12": [RSA, SHA384],
  "1.2.840.113549.1.1.13": [RSA, SHA512],
  "1.2.840.10045.4.3.2": [EC, SHA256],
  "1.2.840.10045.4.3.3": [EC, SHA384],
  "1.2.840.10045.4.3.4": [EC, SHA512],
};

/** Curves by object identifier: WebCrypto's name, and the bytes of a coordinate. */
const CURVES: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  "1.2.840.10045.3.1.7": ["P-256", 32],
  "1.3.132.0.34": ["P-384", 48],
  "1.3.132.0.35": ["P-521", 66],
};

/** A signature as certificates and CMS have it. */
export interface DerSignature {
  algorithm: AlgorithmIdentifier;
  value: Uint8Array;
  key: PublicKeyInfo;
  /** The object identifier of the hash function that CMS names apart. */
  digestAlgorithm?: string;
}

/**
 * Verifies a signature by RSA (PKCS #1 v1.5 or PSS) or ECDSA (P-256, P-384, P-521) with SHA-256, SHA-384 or SHA-512, by
 * WebCrypto. Whatever else it is, it does not hold.
 *
 * @example
 * ```ts
 * const holds = await verifyDerSignature(tbs, { algorithm, value, key: issuer.subjectPublicKeyInfo });
 * ```
 */
export async function verifyDerSignature(message: Uint8Array, signature: DerSignature): Promise<boolean> {
  const { algorithm, key, digestAlgorithm } = signature;
  const id = algorithm.algorithmId;
  const keyId = key.algorithm.algorithmId;
  // WebCrypto imports no keys that are marked for PSS alone.
  if (id === RSA_PSS) return keyId === RSA ? verifyPss(message, signature) : false;
  const [keyType, hashId] = id === RSA ? [RSA, digestAlgorithm ?? ""] : (COMBINED[id] ?? []);
  const hash = SIGNED_HASHES[hashId ?? ""];
  if (hash === undefined || keyType !== keyId || !hasNoParameters(algorithm)) return false;
  if (digestAlgorithm !== undefined && digestAlgorithm !== hashId) return false;
  if (keyType === EC) return verifyEc(message, signature, hash);
  return verifyBy({ name: "RSASSA-PKCS1-v1_5", hash: hash.name }, {}, message, signature, signature.value);
}

async function verifyPss(message: Uint8Array, signature: DerSignature): Promise<boolean> {
  const parameters = readPss(signature.algorithm);
  if (parameters === undefined) return false;
  const { hashAlgorithm, maskGenAlgorithm, saltLength, trailerField } = parameters;
  const hashId = hashAlgorithm.algorithmId;
  const hash = SIGNED_HASHES[hashId];
  const maskParameters: unknown = maskGenAlgorithm.algorithmParams;
  const [maskId]: unknown[] = maskParameters instanceof Sequence ? maskParameters.valueBlock.value : [];
  const maskHash = maskId instanceof ObjectIdentifier ? maskId.getValue() : undefined;
  const isPlain = maskGenAlgorithm.algorithmId === MGF1 && maskHash === hashId && trailerField === 1;
  if (hash === undefined || !isPlain || hashId !== (signature.digestAlgorithm ?? hashId)) return false;
  return verifyBy({ name: "RSA-PSS", hash: hash.name }, { saltLength }, message, signature, signature.value);
}

function readPss({ algorithmParams }: AlgorithmIdentifier): RSASSAPSSParams | undefined {
  try {
    return new RSASSAPSSParams({ schema: algorithmParams as unknown });
  } catch {
    return undefined;
  }
}

async function verifyEc(message: Uint8Array, signature: DerSignature, hash: SignedHash): Promise<boolean> {
  const parameters: unknown = signature.key.algorithm.algorithmParams;
  const [curve, bytes] = parameters instanceof ObjectIdentifier ? (CURVES[parameters.getValue()] ?? []) : [];
  if (curve === undefined || bytes === undefined) return false;
  const raw = rawEcSignature(signature.value, bytes);
  return raw === undefined
    ? false
    : verifyBy({ name: "ECDSA", namedCurve: curve }, { hash: hash.name }, message, signature, raw);
}

/** Both numbers of an ECDSA signature at full length, as WebCrypto wants them. */
function rawEcSignature(der: Uint8Array, bytes: number): Uint8Array | undefined {
  const { offset, result } = fromBER(der);
  if (offset !== der.length || !(result instanceof Sequence)) return undefined;
  const [r, s, more] = result.valueBlock.value;
  if (!(r instanceof Integer) || !(s instanceof Integer) || more !== undefined) return undefined;
  const raw = new Uint8Array(2 * bytes);
  for (const [i, number] of [r, s].entries()) {
    const content = number.valueBlock.valueHexView;
    const digits = content[0] === 0 ? content.subarray(1) : content;
    if (digits.length > bytes) return undefined;
    raw.set(digits, (i + 1) * bytes - digits.length);
  }
  return raw;
}

async function verifyBy(
  imported: { name: string; hash?: string; namedCurve?: string },
  parameters: object,
  message: Uint8Array,
  { key }: DerSignature,
  value: Uint8Array,
): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  try {
    const publicKey = await subtle.importKey("spki", key.toSchema().toBER(), imported, false, ["verify"]);
    return await subtle.verify(
      { ...imported, ...parameters },
      publicKey,
      Uint8Array.from(value),
      Uint8Array.from(message),
    );
  } catch {
    return false;
  }
}
