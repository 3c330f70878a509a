import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { IdentityError } from "./IdentityError.js";
import { type HolderWallet, openWallet, sealWallet, type SealOptions } from "./wallet.js";

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
  const beside = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await openWallet(await readFile(beside, "utf8"), password);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
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

/** So that the new name outlasts a power cut. Windows does not open folders, and needs no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
