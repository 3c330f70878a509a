import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

import { type FileState, fileState, sameState } from "./fileState.js";
import { HashingError } from "./HashingError.js";
import { comparePaths, requireDistinct, requireName } from "./manifest.js";

/** A file as it was found. */
export interface ListedFile {
  /** From the directory on, with `/`. */
  path: string;
  state: FileState;
}

/**
 * Lists the files of a directory and of all its folders, in the order of a manifest.
 *
 * @throws HashingError SOURCE_UNREADABLE; ENTRY_REFUSED when something is neither file nor folder, such as a symbolic link or
 * a device; NAME_REFUSED; NAMES_COLLIDE
 * @example
 * ```ts
 * const files = await listFiles("case-4711");
 * ```
 */
export async function listFiles(folder: string, signal?: AbortSignal): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  const all: string[] = [];
  const folders = [""];
  for (let under = folders.pop(); under !== undefined; under = folders.pop()) {
    signal?.throwIfAborted();
    for (const bytes of await namesIn(folder, under)) {
      const path = under + decodeName(bytes, under);
      requireName(path.slice(under.length), path);
      const stats = await found(path, lstat(join(folder, path), { bigint: true }));
      all.push(path);
      if (stats.isDirectory()) folders.push(`${path}/`);
      else if (stats.isFile()) files.push({ path, state: fileState(stats) });
      else {
        const kind = stats.isSymbolicLink() ? "a symbolic link" : "no file (a device, a pipe or a socket)";
        throw new HashingError("ENTRY_REFUSED", `${JSON.stringify(path)} is ${kind}`);
      }
    }
  }
  requireDistinct(all);
  return files.sort((a, b) => comparePaths(a.path, b.path));
}

/**
 * Lists a directory once more and makes sure that no file came, went or was written to.
 *
 * @throws HashingError SOURCE_CHANGED; as `listFiles`
 * @example
 * ```ts
 * await requireUnchanged("case-4711", files);
 * ```
 */
export async function requireUnchanged(
  folder: string,
  before: readonly ListedFile[],
  signal?: AbortSignal,
): Promise<void> {
  const after = new Map((await listFiles(folder, signal)).map(({ path, state }) => [path, state]));
  const changed = before.find(({ path, state }) => {
    const now = after.get(path);
    after.delete(path);
    return now === undefined || !sameState(state, now);
  });
  const path = changed?.path ?? after.keys().next().value;
  if (path !== undefined)
    throw new HashingError("SOURCE_CHANGED", `${JSON.stringify(path)} changed while the directory was hashed`);
}

function namesIn(folder: string, under: string): Promise<Buffer[]> {
  return found(under === "" ? folder : under, readdir(join(folder, under), { encoding: "buffer" }));
}

function decodeName(bytes: Uint8Array, under: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const shown = Buffer.from(bytes).toString("latin1");
    throw new HashingError("NAME_REFUSED", `${JSON.stringify(under + shown)} is refused: it is not in UTF-8`, {
      cause,
    });
  }
}

async function found<T>(path: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    const { message } = cause as Error;
    throw new HashingError("SOURCE_UNREADABLE", `${JSON.stringify(path)} cannot be read: ${message}`, { cause });
  }
}
