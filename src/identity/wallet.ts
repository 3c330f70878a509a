import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import {
  decryptKeystoreJson,
  encryptKeystoreJson,
  getBytes,
  HDNodeWallet,
  hexlify,
  isError,
  Mnemonic,
  toUtf8Bytes,
} from "ethers";
import { CompactEncrypt, compactDecrypt } from "jose";

import type { Attestation, Membership } from "./attestation.js";
import type { Claim } from "./claims.js";
import { IdentityError } from "./IdentityError.js";
import { canonicalJson, type Json } from "./json.js";

/** A DID that the holder controls, for one domain and relying party alone. */
export interface HeldDid {
  did: string;
  /** What it is for, in the holder's words. */
  purpose: string;
  /** The number of the wallet's key that signs for it now; another after a recovery. */
  key: number;
}

/** An attestation with all that its holder needs to show it, or a part of it. */
export interface HeldAttestation {
  attestation: Attestation;
  /** Where it stands in its batch, if it was issued in one. */
  membership?: Membership;
  /** All its claims with their salts. */
  claims: Claim[];
  /** The DID that it was issued to. */
  did: string;
  /** What hides that DID in the attestation's subject: 32 bytes in hex. */
  subjectSalt: string;
}

/** All that a holder has: words that the keys come of, DIDs, attestations. Plain JSON. */
export interface HolderWallet {
  /** BIP-39 words, in English. Who has them has every key. */
  phrase: string;
  dids: HeldDid[];
  attestations: HeldAttestation[];
}

/** How costly guessing the password is made: `N` of scrypt, a power of 2. */
export interface SealOptions {
  scryptN?: number;
}

/** The member of the keystore that holds the rest of the wallet. */
interface Sealed {
  version: number;
  /** A compact JWE (RFC 7516), `dir` and `A256GCM`. */
  document: string;
  /** Of the RFC 8785 form of all other members: it tells damage from a wrong password. */
  sha256: string;
}

const VERSION = 1;
const SCRYPT_N = 131_072;
/** What a file may ask for before the password is known to be right: 1 GiB of memory. */
const SCRYPT_N_MOST = 1_048_576;
const JWE = { alg: "dir", enc: "A256GCM", typ: "diwan-wallet+json" } as const;

/**
 * A wallet with fresh words and nothing in it.
 *
 * @example
 * ```ts
 * const wallet = newWallet();
 * const owner = walletKey(wallet, 1);
 * ```
 */
export function newWallet(): HolderWallet {
  return { phrase: HDNodeWallet.createRandom().mnemonic!.phrase, dids: [], attestations: [] };
}

/**
 * A key of a wallet: account `number` of BIP-44, `m/44'/60'/<number>'/0/0`. Take another one for each domain and relying
 * party; nobody can tell that two are of one wallet. Key 0 names the file and should sign nothing.
 *
 * @param wallet The wallet.
 * @param number From 0 to 2^31 - 1.
 * @returns A signer, not connected to a provider.
 * @throws IdentityError WALLET_MALFORMED
 * @example
 * ```ts
 * const signer = walletKey(wallet, wallet.dids[0].key).connect(provider);
 * ```
 */
export function walletKey(wallet: Pick<HolderWallet, "phrase">, number: number): HDNodeWallet {
  return derive(wallet.phrase, `m/44'/60'/${number}'/0/0`);
}

/**
 * Encrypts a wallet. The text is an Ethereum keystore (Web3 Secret Storage, version 3) as ethers writes it: whatever reads
 * such files opens it with the same password and finds key 0, and ethers the words. DIDs, attestations, claims and salts
 * are in its member `x-diwan`, a JWE whose key comes of the words. Nothing but the address of key 0 can be read without
 * the password.
 *
 * Warning: nobody can tell an old copy of the file from the latest one.
 *
 * @param wallet The wallet.
 * @param password Any text but an empty one; all security of the file is in it.
 * @param options How costly guessing is made; 131,072 if left out, some 128 MiB and a second for each guess.
 * @returns JSON text.
 * @throws IdentityError WALLET_PASSWORD when it is empty; WALLET_MALFORMED when the words are none.
 * @example
 * ```ts
 * const text = await sealWallet(wallet, password);
 * ```
 */
export async function sealWallet(
  wallet: HolderWallet,
  password: string,
  { scryptN = SCRYPT_N }: SealOptions = {},
): Promise<string> {
  if (password === "") throw new IdentityError("WALLET_PASSWORD", "a wallet needs a password");
  const { phrase, ...document } = wallet;
  const { address, privateKey, path } = walletKey(wallet, 0);
  const { entropy } = Mnemonic.fromPhrase(phrase);
  const account = { address, privateKey, mnemonic: { path: path!, locale: "en", entropy } };
  const keystore = JSON.parse(await encryptKeystoreJson(account, password, { scrypt: { N: scryptN } })) as Json;
  const jwe = await new CompactEncrypt(toUtf8Bytes(JSON.stringify(document)))
    .setProtectedHeader({ ...JWE, kid: address })
    .encrypt(documentKey(phrase));
  const sealed = { version: VERSION, document: jwe };
  const file = { ...(keystore as object), "x-diwan": sealed };
  return `${JSON.stringify({ ...file, "x-diwan": { ...sealed, sha256: digestOf(file) } }, null, 1)}\n`;
}

/**
 * Decrypts a wallet.
 *
 * @param text As `sealWallet` gave it.
 * @param password The password.
 * @throws IdentityError WALLET_MALFORMED when it is no wallet or cut short; WALLET_VERSION when a later program wrote it;
 * WALLET_DAMAGED when it was altered since; WALLET_PASSWORD when the password is wrong, or somebody altered the keystore
 * and its checksum, which nobody can tell apart.
 * @example
 * ```ts
 * const wallet = await openWallet(text, password);
 * ```
 */
export async function openWallet(text: string, password: string): Promise<HolderWallet> {
  const { sealed, keystore } = parse(text);
  const { address, privateKey, mnemonic } = await decryptKeystoreJson(keystore, password).catch((error: unknown) => {
    throw isError(error, "INVALID_ARGUMENT") && error.argument === "password"
      ? new IdentityError("WALLET_PASSWORD", "the password is wrong")
      : new IdentityError("WALLET_DAMAGED", "the key cannot be decrypted", { cause: error });
  });
  // The keystore's own check covers the key and not the words.
  const phrase = mnemonic === undefined ? "" : Mnemonic.fromEntropy(mnemonic.entropy).phrase;
  if (phrase === "" || walletKey({ phrase }, 0).privateKey !== privateKey) {
    throw new IdentityError("WALLET_DAMAGED", "the words are not those of the key");
  }
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed.document, documentKey(phrase), {
      keyManagementAlgorithms: [JWE.alg],
      contentEncryptionAlgorithms: [JWE.enc],
    });
    if (protectedHeader.typ !== JWE.typ || protectedHeader.kid !== address) throw new Error("another's document");
    return { phrase, ...(JSON.parse(new TextDecoder().decode(plaintext)) as Omit<HolderWallet, "phrase">) };
  } catch (error) {
    throw new IdentityError("WALLET_DAMAGED", "DIDs and attestations cannot be decrypted", { cause: error });
  }
}

/** A keystore as it is read; nothing but what is checked has a known type. */
interface WalletText {
  version?: unknown;
  address?: unknown;
  Crypto?: Record<string, unknown> & { kdfparams?: Record<string, unknown> };
  "x-ethers"?: unknown;
  "x-diwan"?: Sealed;
}

/**
 * What can be seen of a file before the password is tried, and the keystore for ethers: of the checked members alone, since
 * ethers reads names in any case and takes the first that fits.
 */
function parse(text: string): { sealed: Sealed; keystore: string } {
  let file: WalletText;
  try {
    file = JSON.parse(text) as WalletText;
  } catch (error) {
    throw new IdentityError("WALLET_MALFORMED", "the file is no JSON: not a wallet, or cut short", { cause: error });
  }
  const sealed = file?.["x-diwan"];
  if (typeof sealed !== "object" || sealed === null || !Number.isSafeInteger(sealed.version) || sealed.version < 1) {
    throw new IdentityError(
      "WALLET_MALFORMED",
      "the file's member x-diwan is missing, or its version no whole number from 1",
    );
  }
  if (sealed.version > VERSION) {
    const message = `the wallet has version ${sealed.version}; this program reads up to ${VERSION}`;
    throw new IdentityError("WALLET_VERSION", message);
  }
  const { sha256: told, ...rest } = sealed;
  if (told !== digestOf({ ...file, "x-diwan": rest })) {
    throw new IdentityError("WALLET_DAMAGED", "the file was altered since it was written");
  }
  const { kdf, kdfparams: { n, r, p, salt, dklen } = {}, ...cipher } = file.Crypto ?? {};
  if (file.version !== 3 || kdf !== "scrypt" || !(Number(n) <= SCRYPT_N_MOST) || r !== 8 || p !== 1) {
    throw new IdentityError(
      "WALLET_MALFORMED",
      `the keystore is of version ${String(file.version)} with ${String(kdf)}; a wallet's is of version 3 with scrypt, N up to ${SCRYPT_N_MOST}, r = 8, p = 1`,
    );
  }
  const crypto = { kdf, kdfparams: { n: Number(n), r, p, salt, dklen }, ...named(cipher) };
  const keystore = { version: file.version, address: file.address, crypto, "x-ethers": file["x-ethers"] };
  return { sealed, keystore: JSON.stringify(keystore) };
}

function named({ cipher, cipherparams, ciphertext, mac }: Record<string, unknown>) {
  return { cipher, cipherparams, ciphertext, mac };
}

function digestOf(file: object): string {
  return hexlify(sha256(toUtf8Bytes(canonicalJson(file as Json)))).slice(2);
}

/** From a hardened path of its own: what signs says nothing of what encrypts. */
function documentKey(phrase: string): Uint8Array {
  const { privateKey } = derive(phrase, "m/44'/60'/0'/1'/0'");
  return hkdf(sha256, getBytes(privateKey), undefined, toUtf8Bytes("diwan wallet document 1"), 32);
}

function derive(phrase: string, path: string): HDNodeWallet {
  try {
    return HDNodeWallet.fromPhrase(phrase, undefined, path);
  } catch {
    // Without the cause: it holds the words.
    throw new IdentityError("WALLET_MALFORMED", `the words or the path ${path} give no key`);
  }
}
