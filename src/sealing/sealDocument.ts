import { encryptKeystoreJson, Mnemonic, toUtf8Bytes } from "ethers";
import { CompactEncrypt } from "jose";

import type { Json } from "../identity/json.js";
import { SealError } from "./SealError.js";
import { checksumOf, documentKey, JWE, keyOfPhrase, type SealKind } from "./sealKind.js";

/** How costly guessing the password is made: `N` of scrypt, a power of 2. */
export interface SealOptions {
  scryptN?: number;
}

const SCRYPT_N = 131_072;

/**
 * Encrypts words and a document. The text is an Ethereum keystore (Web3 Secret Storage, version 3) as ethers writes it: whatever
 * reads such files opens it with the same password and finds key 0, and ethers the words. The document is in its member
 * `x-diwan`, a JWE whose key comes of the words. Nothing but the address of key 0 can be read without the password.
 *
 * @param kind The kind of file.
 * @param phrase BIP-39 words, in English.
 * @param document Plain JSON.
 * @param password Any text but an empty one; all security of the file is in it.
 * @param options How costly guessing is made; 131,072 if left out, some 128 MiB and a second for each guess.
 * @returns JSON text.
 * @throws SealError PASSWORD when it is empty; MALFORMED when the words are none.
 * @example
 * ```ts
 * const text = await sealDocument(kind, phrase, document, password);
 * ```
 */
export async function sealDocument(
  kind: SealKind,
  phrase: string,
  document: object,
  password: string,
  { scryptN = SCRYPT_N }: SealOptions = {},
): Promise<string> {
  if (password === "") throw new SealError("PASSWORD", `a ${kind.name} needs a password`);
  const { address, privateKey, path } = keyOfPhrase(phrase, "m/44'/60'/0'/0/0");
  const { entropy } = Mnemonic.fromPhrase(phrase);
  const account = { address, privateKey, mnemonic: { path: path!, locale: "en", entropy } };
  const keystore = JSON.parse(await encryptKeystoreJson(account, password, { scrypt: { N: scryptN } })) as Json;
  const jwe = await new CompactEncrypt(toUtf8Bytes(JSON.stringify(document)))
    .setProtectedHeader({ ...JWE, typ: kind.type, kid: address })
    .encrypt(documentKey(phrase, kind));
  const sealed = { version: kind.version, document: jwe };
  const file = { ...(keystore as object), "x-diwan": sealed };
  return `${JSON.stringify({ ...file, "x-diwan": { ...sealed, sha256: checksumOf(file) } }, null, 1)}\n`;
}
