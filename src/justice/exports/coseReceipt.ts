import { decode, encode, rfc8949EncodeOptions, Tagged } from "cborg";

/** A signature algorithm of a receipt, by its name in COSE: ES256 is ECDSA over P-256, ES256K over secp256k1, each with SHA-256. */
export type CoseAlgorithm = "ES256" | "ES256K";

/** Identifiers of IANA's registry "COSE Algorithms". */
export const COSE_ALGORITHMS: Readonly<Record<CoseAlgorithm, number>> = { ES256: -7, ES256K: -47 };

/** Labels of COSE header parameters: RFC 9052, section 3.1, and RFC 9942, section 2. */
export const LABEL = { algorithm: 1, critical: 2, keyId: 4, structure: 395, proofs: 396 } as const;

/** The verifiable data structure RFC9162_SHA256, and the label of its inclusion proofs (RFC 9942, section 5). */
export const RFC9162_SHA256 = 1;
export const INCLUSION_PROOF = -1;

/** The tag of a COSE_Sign1 message (RFC 9052, section 4.2). */
const COSE_SIGN1 = 18;

/** The four parts of a COSE_Sign1 message. */
export interface CoseSign1 {
  protectedHeader: Uint8Array;
  unprotectedHeader: ReadonlyMap<unknown, unknown>;
  /** Null where it is detached. */
  payload: Uint8Array | null;
  signature: Uint8Array;
}

/** CBOR in the one deterministic encoding of RFC 8949, section 4.2.1. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/** One item of CBOR, refused where a map has a key twice, where a length is indefinite or a number longer than needed. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return decode(bytes, {
    useMaps: true,
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    rejectDuplicateMapKeys: true,
    tags: Tagged.preserve(COSE_SIGN1),
  });
}

/** The message's encoding, with its tag. */
export function encodeSign1({ protectedHeader, unprotectedHeader, payload, signature }: CoseSign1): Uint8Array {
  return encodeCbor(new Tagged(COSE_SIGN1, [protectedHeader, unprotectedHeader, payload, signature]));
}

/** The message, or undefined where the bytes are none: a tag is demanded, as RFC 9942 demands it of a receipt. */
export function decodeSign1(bytes: Uint8Array): CoseSign1 | undefined {
  const message = decodeCbor(bytes);
  if (!(message instanceof Tagged) || message.tag !== COSE_SIGN1 || !Array.isArray(message.value)) return undefined;
  const [protectedHeader, unprotectedHeader, payload, signature] = message.value as unknown[];
  if (message.value.length !== 4 || !(protectedHeader instanceof Uint8Array)) return undefined;
  if (!(unprotectedHeader instanceof Map) || !(signature instanceof Uint8Array)) return undefined;
  if (payload !== null && !(payload instanceof Uint8Array)) return undefined;
  return { protectedHeader, unprotectedHeader, payload, signature };
}

/** The bytes that are signed: Sig_structure with an empty external_aad (RFC 9052, section 4.4). */
export function signedBytes(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(["Signature1", protectedHeader, new Uint8Array(), payload]);
}
