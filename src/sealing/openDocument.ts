import { decryptKeystoreJson, isError, Mnemonic } from "ethers";
import { compactDecrypt } from "jose";

import { SealError } from "./SealError.js";
import { checksumOf, documentKey, JWE, keyOfPhrase, type SealedMember, type SealKind } from "./sealKind.js";

/** What a file may ask for before the password is known to be right: 1 GiB of memory. */
const SCRYPT_N_MOST = 1_048_576;

/**
 * Decrypts what sealDocument encrypted.
 *
 * @param kind The kind of file.
 * @param text The file.
 * @param password The password.
 * @returns The words and the document, which nobody checked the shape of.
 * @throws SealError MALFORMED when it is no such file or cut short; VERSION when a later program wrote it; DAMAGED when it was
 * altered since; PASSWORD when the password is wrong, or somebody altered the keystore and its checksum, which nobody can
 * tell apart.
 * @example
 * ```ts
 * const { phrase, document } = await openDocument(kind, text, password);
 * ```
 */
export async function openDocument(
  kind: SealKind,
  text: string,
  password: string,
): Promise<{ phrase: string; document: object }> {
  const { sealed, keystore } = parse(kind, text);
  const { address, privateKey, mnemonic } = await decryptKeystoreJson(keystore, password).catch((error: unknown) => {
    throw isError(error, "INVALID_ARGUMENT") && error.argument === "password"
      ? new SealError("PASSWORD", "the password is wrong")
      : new SealError("DAMAGED", "the key cannot be decrypted", { cause: error });
  });
  // The keystore's own check covers the key and not the words.
  const phrase = mnemonic === undefined ? "" : Mnemonic.fromEntropy(mnemonic.entropy).phrase;
  if (phrase === "" || keyOfPhrase(phrase, "m/44'/60'/0'/0/0").privateKey !== privateKey) {
    throw new SealError("DAMAGED", "the words are not those of the key");
  }
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed.document, documentKey(phrase, kind), {
      keyManagementAlgorithms: [JWE.alg],
      contentEncryptionAlgorithms: [JWE.enc],
    });
    if (protectedHeader.typ !== kind.type || protectedHeader.kid !== address) throw new Error("another's document");
    return { phrase, document: JSON.parse(new TextDecoder().decode(plaintext)) as object };
  } catch (error) {
    throw new SealError("DAMAGED", `what the ${kind.name} holds cannot be decrypted`, { cause: error });
  }
}

/** A keystore as it is read; nothing but what is checked has a known type. */
interface KeystoreText {
  version?: unknown;
  address?: unknown;
  Crypto?: Record<string, unknown> & { kdfparams?: Record<string, unknown> };
  "x-ethers"?: unknown;
  "x-diwan"?: SealedMember;
}

/**
 * What can be seen of a file before the password is tried, and the keystore for ethers: of the checked members alone, since
 * ethers reads names in any case and takes the first that fits.
 */
function parse(kind: SealKind, text: string): { sealed: SealedMember; keystore: string } {
  let file: KeystoreText;
  try {
    file = JSON.parse(text) as KeystoreText;
  } catch (error) {
    throw new SealError("MALFORMED", `the file is no JSON: not a ${kind.name}, or cut short`, { cause: error });
  }
  const sealed = file?.["x-diwan"];
  if (typeof sealed !== "object" || sealed === null || !Number.isSafeInteger(sealed.version) || sealed.version < 1) {
    throw new SealError("MALFORMED", "the file's member x-diwan is missing, or its version no whole number from 1");
  }
  if (sealed.version > kind.version) {
    const message = `the ${kind.name} has version ${sealed.version}; this program reads up to ${kind.version}`;
    throw new SealError("VERSION", message);
  }
  const { sha256: told, ...rest } = sealed;
  if (told !== checksumOf({ ...file, "x-diwan": rest })) {
    throw new SealError("DAMAGED", "the file was altered since it was written");
  }
  const { kdf, kdfparams: { n, r, p, salt, dklen } = {}, ...cipher } = file.Crypto ?? {};
  if (file.version !== 3 || kdf !== "scrypt" || !(Number(n) <= SCRYPT_N_MOST) || r !== 8 || p !== 1) {
    throw new SealError(
      "MALFORMED",
      `the keystore is of version ${String(file.version)} with ${String(kdf)}; a ${kind.name}'s is of version 3 with scrypt, N up to ${SCRYPT_N_MOST}, r = 8, p = 1`,
    );
  }
  const crypto = { kdf, kdfparams: { n: Number(n), r, p, salt, dklen }, ...named(cipher) };
  const keystore = { version: file.version, address: file.address, crypto, "x-ethers": file["x-ethers"] };
  return { sealed, keystore: JSON.stringify(keystore) };
}

function named({ cipher, cipherparams, ciphertext, mac }: Record<string, unknown>) {
  return { cipher, cipherparams, ciphertext, mac };
}
