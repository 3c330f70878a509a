import { readFile } from "node:fs/promises";

import { replaceFile } from "../sealing/replaceFile.js";
import type { SealOptions } from "../sealing/sealDocument.js";
import { IdentityError } from "./IdentityError.js";
import { type HolderWallet, openWallet, sealWallet } from "./wallet.js";

/**
 * Writes a wallet to a file that only its owner may read, for Node alone. A reader, and whoever comes after a crash, finds
 * the old file or the new one, never a part. It is read back and opened before the old one goes.
 *
 * @param path The file; its folder must be there.
 * @param wallet The wallet.
 * @param password Its password.
 * @param options As `sealWallet` takes them.
 * @throws IdentityError as `sealWallet`; what the file system throws.
 * @example
 * ```ts
 * await writeWalletFile("holder.wallet.json", wallet, password);
 * ```
 */
export async function writeWalletFile(
  path: string,
  wallet: HolderWallet,
  password: string,
  options: SealOptions = {},
): Promise<void> {
  const text = await sealWallet(wallet, password, options);
  await replaceFile(path, text, (written) => openWallet(written, password));
}

/**
 * Reads a wallet from its file, for Node alone.
 *
 * @param path The file.
 * @param password Its password.
 * @throws IdentityError WALLET_MISSING, and as `openWallet`; what the file system throws.
 * @example
 * ```ts
 * const wallet = await readWalletFile("holder.wallet.json", password);
 * ```
 */
export async function readWalletFile(path: string, password: string): Promise<HolderWallet> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new IdentityError("WALLET_MISSING", `there is no wallet at ${path}`, { cause: error });
  });
  return openWallet(text, password);
}
