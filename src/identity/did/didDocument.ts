import { encodeBase58, encodeBase64, toUtf8String, ZeroAddress } from "ethers";

import type { DidChangeEvent } from "./didEvents.js";

/** A key of a DID document; which of the last five fields it has depends on its encoding. */
export interface VerificationMethod {
  id: string;
  type: string;
  controller: string;
  blockchainAccountId?: string;
  publicKeyHex?: string;
  publicKeyBase64?: string;
  publicKeyBase58?: string;
  publicKeyPem?: string;
  value?: string;
}

/** A service of a DID document. */
export interface DidService {
  id: string;
  type: string;
  /** A URL, or what the JSON text says. */
  serviceEndpoint: unknown;
}

/** A W3C DID document, as the method did:ethr writes it. */
export interface DidDocument {
  "@context": string[];
  id: string;
  verificationMethod: VerificationMethod[];
  authentication: string[];
  assertionMethod: string[];
  keyAgreement?: string[];
  service?: DidService[];
}

const CONTEXT = [
  "https://www.w3.org/ns/did/v1",
  "https://w3id.org/security/suites/secp256k1recovery-2020/v2",
  "https://w3id.org/security/v3-unstable",
];

/** What a key is for, as old names of key types have it. */
const USES: Readonly<Record<string, string>> = {
  sigAuth: "SignatureAuthentication2018",
  veriKey: "VerificationKey2018",
  enc: "KeyAgreementKey2019",
};

/** How old names of key types are written today. */
const TYPES: Readonly<Record<string, string>> = {
  Secp256k1VerificationKey2018: "EcdsaSecp256k1VerificationKey2019",
  Secp256k1SignatureAuthentication2018: "EcdsaSecp256k1VerificationKey2019",
  Ed25519VerificationKey2018: "Ed25519VerificationKey2018",
  Ed25519SignatureAuthentication2018: "Ed25519VerificationKey2018",
  RSAVerificationKey2018: "RSAVerificationKey2018",
  X25519KeyAgreementKey2019: "X25519KeyAgreementKey2019",
};

/**
 * The events of a DID that its document is made of, oldest first: those that a resolver finds when it goes back from the
 * last one, block by block, by what each names as the change before. A lifted freeze is not among them, nor what changed
 * in its very block.
 *
 * @param events The DID's events up to the moment asked about, oldest first.
 * @example
 * ```ts
 * const chain = linkedEvents(events.filter(({ block }) => block <= 1_000));
 * ```
 */
export function linkedEvents(events: readonly DidChangeEvent[]): DidChangeEvent[] {
  const chain: DidChangeEvent[][] = [];
  let block = events.at(-1)?.block ?? 0;
  while (block !== 0) {
    const inBlock = events.filter((event) => event.block === block);
    chain.unshift(inBlock);
    const before = inBlock.map(({ previousChange }) => previousChange).filter((n) => n > 0 && n < block);
    block = before.length === 0 ? 0 : Math.min(...before);
  }
  return chain.flat();
}

/**
 * Whether an event can be one of a document: resolvers go past those whose name or type is no text.
 *
 * @param event An event of ERC-1056.
 * @example
 * ```ts
 * const versions = linkedEvents(events).filter(isNamed).map(({ block }) => block);
 * ```
 */
export function isNamed(event: DidChangeEvent): boolean {
  return event.what === "OWNER" || nameOf(event) !== undefined;
}

/**
 * Makes the document of a DID out of its events, as the method did:ethr prescribes it and ethr-did-resolver does. (That
 * one goes on listing a revoked key among `keyAgreement`, though the key itself is gone; this does not.)
 *
 * @param did The DID, as it was asked for.
 * @param chainId The chain's id.
 * @param identity The DID's address.
 * @param events As `linkedEvents` gives them.
 * @param time For when, in Unix seconds.
 * @example
 * ```ts
 * const document = didDocument(did, 31_337n, identity, linkedEvents(events), 1_800_000_000);
 * ```
 */
export function didDocument(
  did: string,
  chainId: bigint,
  identity: string,
  events: readonly DidChangeEvent[],
  time: number,
): DidDocument {
  const keys = new Map<string, VerificationMethod>();
  const [signIn, sign, agree] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
  const services = new Map<string, DidService>();
  let owner = identity;
  let [keyCount, serviceCount] = [0, 0];

  for (const event of events) {
    if (event.what === "OWNER") {
      owner = event.owner;
      if (owner === ZeroAddress) {
        return { "@context": CONTEXT, id: did, verificationMethod: [], authentication: [], assertionMethod: [] };
      }
      continue;
    }
    const name = nameOf(event);
    if (name === undefined) continue;
    const key = `${event.what} ${name} ${event.what === "DELEGATE" ? event.delegate : event.value}`;
    const isValid = event.validTo !== 0n && event.validTo >= BigInt(time);

    if (!isValid) {
      if (event.what === "DELEGATE" || name.startsWith("did/pub/")) keyCount++;
      else if (name.startsWith("did/svc/")) serviceCount++;
      for (const entries of [keys, signIn, sign, agree, services]) entries.delete(key);
    } else if (event.what === "DELEGATE") {
      keyCount++;
      if (name !== "veriKey" && name !== "sigAuth") continue;
      const id = `${did}#delegate-${keyCount}`;
      keys.set(key, recoveryMethod(id, did, chainId, event.delegate));
      sign.set(key, id);
      if (name === "sigAuth") signIn.set(key, id);
    } else {
      const [, section, algorithm = "", use, encoding] =
        /^did\/(pub|svc)\/(\w+)(?:\/(\w+))?(?:\/(\w+))?$/.exec(name) ?? [];
      if (section === "pub") {
        const id = `${did}#delegate-${++keyCount}`;
        const encoded = encodeKey(event.value, encoding);
        if (encoded === undefined) continue;
        const type = TYPES[`${algorithm}${USES[use ?? ""] ?? use}`] ?? algorithm;
        keys.set(key, { id, type, controller: did, ...encoded });
        if (use === "enc") agree.set(key, id);
        else sign.set(key, id);
        if (use === "sigAuth") signIn.set(key, id);
      } else if (section === "svc") {
        const id = `${did}#service-${++serviceCount}`;
        const text = utf8(event.value);
        if (text !== undefined) services.set(key, { id, type: algorithm, serviceEndpoint: parsed(text) });
      }
    }
  }

  const controller = `${did}#controller`;
  return {
    "@context": CONTEXT,
    id: did,
    verificationMethod: [recoveryMethod(controller, did, chainId, owner), ...keys.values()],
    authentication: [controller, ...signIn.values()],
    assertionMethod: [controller, ...sign.values()],
    ...(services.size > 0 && { service: [...services.values()] }),
    ...(agree.size > 0 && { keyAgreement: [...agree.values()] }),
  };
}

function recoveryMethod(id: string, controller: string, chainId: bigint, account: string): VerificationMethod {
  const blockchainAccountId = `eip155:${chainId}:${account}`;
  return { id, type: "EcdsaSecp256k1RecoveryMethod2020", controller, blockchainAccountId };
}

function encodeKey(value: string, encoding: string | undefined): Partial<VerificationMethod> | undefined {
  switch (encoding) {
    case undefined:
    case "hex":
      return { publicKeyHex: value.slice(2) };
    case "base64":
      return { publicKeyBase64: encodeBase64(value) };
    case "base58":
      return { publicKeyBase58: encodeBase58(value) };
    case "pem": {
      const publicKeyPem = utf8(value);
      return publicKeyPem === undefined ? undefined : { publicKeyPem };
    }
    default:
      return { value: value.slice(2) };
  }
}

/** A name or type of 32 bytes as text, without the zeros behind it; undefined where it is no UTF-8. */
function nameOf(event: Exclude<DidChangeEvent, { what: "OWNER" }>): string | undefined {
  return utf8(event.what === "DELEGATE" ? event.type : event.name)?.replace(/\0+$/, "");
}

function utf8(bytes: string): string | undefined {
  try {
    return toUtf8String(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
