import { join } from "node:path";

import { type HashOptions, type NamedDigest, requireAlgorithms } from "./algorithms.js";
import { hashOpened } from "./hashOpened.js";
import { hashStream } from "./hashStream.js";
import { type ListedFile, listFiles, requireUnchanged } from "./listFiles.js";
import { encodeManifest, type Manifest, MANIFEST_SCHEMA, type ManifestFile } from "./manifest.js";

/** A directory as it is hashed. */
export interface HashedDirectory {
  manifest: Manifest;
  /** The manifest in its one form. */
  bytes: Uint8Array;
  /** Of these bytes: what a statement about a directory names. */
  digests: NamedDigest[];
}

/**
 * Hashes each file of a directory and the manifest that lists them. Nothing may change meanwhile.
 *
 * @param folder A directory; its own name is no part of the manifest.
 * @throws HashingError as `hashFile`, with the path of the file; ENTRY_REFUSED for symbolic links, devices, pipes and
 * sockets; NAME_REFUSED for names that are not in UTF-8, hold a backslash or a control character; NAMES_COLLIDE for those that
 * differ only by Unicode normalisation
 * @example
 * ```ts
 * const { bytes, digests } = await hashDirectory("case-4711", { algorithms: ["sha-256", "sha3-512"] });
 * writeFileSync("case-4711.manifest.json", bytes);
 * ```
 */
export async function hashDirectory(folder: string, options: HashOptions): Promise<HashedDirectory> {
  const { algorithms, signal } = options;
  requireAlgorithms(algorithms);
  const listed = await listFiles(folder, signal);
  const files = await hashListed(folder, listed, options);
  await requireUnchanged(folder, listed, signal);
  const manifest: Manifest = { schema: MANIFEST_SCHEMA, files };
  const bytes = encodeManifest(manifest);
  const { digests } = await hashStream(bytes, { algorithms });
  return { manifest, bytes, digests };
}

/**
 * Hashes files of a directory one after the other.
 *
 * @throws HashingError as `hashFile`, with the path of the file
 * @example
 * ```ts
 * const files = await hashListed("case-4711", await listFiles("case-4711"), { algorithms: ["sha-256"] });
 * ```
 */
export async function hashListed(
  folder: string,
  listed: readonly ListedFile[],
  { onProgress, ...options }: HashOptions,
): Promise<ManifestFile[]> {
  const total = listed.reduce((sum, { state }) => sum + Number(state.size), 0);
  const files: ManifestFile[] = [];
  let before = 0;
  for (const { path, state } of listed) {
    const { size, digests } = await hashOpened(join(folder, path), {
      ...options,
      listed: state,
      name: JSON.stringify(path),
      onProgress: (done) => onProgress?.(before + done, total),
    });
    before += size;
    files.push({ path, size, digests });
  }
  return files;
}
