import { HDNodeWallet } from "ethers";

import { openDocument } from "../sealing/openDocument.js";
import { sealDocument, type SealOptions } from "../sealing/sealDocument.js";
import { SealError } from "../sealing/SealError.js";
import { keyOfPhrase, type SealKind } from "../sealing/sealKind.js";
import type { Attestation, Membership } from "./attestation.js";
import type { Claim } from "./claims.js";
import { IdentityError } from "./IdentityError.js";

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

const KIND: SealKind = {
  name: "wallet",
  type: "diwan-wallet+json",
  purpose: "diwan wallet document 1",
  version: 1,
};

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
  try {
    return keyOfPhrase(wallet.phrase, `m/44'/60'/${number}'/0/0`);
  } catch (error) {
    throw walletError(error);
  }
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
export async function sealWallet(wallet: HolderWallet, password: string, options: SealOptions = {}): Promise<string> {
  const { phrase, ...document } = wallet;
  return sealDocument(KIND, phrase, document, password, options).catch((error: unknown) => {
    throw walletError(error);
  });
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
  const { phrase, document } = await openDocument(KIND, text, password).catch((error: unknown) => {
    throw walletError(error);
  });
  return { phrase, ...(document as Omit<HolderWallet, "phrase">) };
}

function walletError(error: unknown): unknown {
  if (!(error instanceof SealError)) return error;
  return new IdentityError(`WALLET_${error.code}`, error.message, { cause: error.cause });
}
