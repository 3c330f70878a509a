import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file that only its owner may read, for Node alone. A reader, and whoever comes after a crash, finds the old file or
 * the new one, never a part. It is read back and checked before the old one goes.
 *
 * @param path The file; its folder must be there.
 * @param text What it holds from now on.
 * @param check Throws unless what was read back is good.
 * @throws What `check` and the file system throw.
 * @example
 * ```ts
 * await replaceFile(path, text, async (written) => void JSON.parse(written));
 * ```
 */
export async function replaceFile(
  path: string,
  text: string,
  check: (written: string) => Promise<unknown>,
): Promise<void> {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await check(await readFile(beside, "utf8"));
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
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
