import type { HashOptions } from "./algorithms.js";
import type { DirectoryDifference } from "./compareManifest.js";
import { compareManifest } from "./compareManifest.js";
import { hashListed } from "./hashDirectory.js";
import { listFiles, requireUnchanged } from "./listFiles.js";
import { encodeManifest, type Manifest, MANIFEST_SCHEMA } from "./manifest.js";

/**
 * Checks a directory against a manifest by the manifest's own hash functions. Files that the manifest does not name are
 * listed, not read.
 *
 * @param manifest From `decodeManifest`; that it is the one deposited is for the caller to check, by the digest of its bytes.
 * @throws HashingError as `hashDirectory`; MANIFEST_MALFORMED
 * @example
 * ```ts
 * const { altered, missing, extra } = await verifyDirectory("case-4711", decodeManifest(bytes));
 * const isWhole = altered.length + missing.length + extra.length === 0;
 * ```
 */
export async function verifyDirectory(
  folder: string,
  manifest: Manifest,
  options: Omit<HashOptions, "algorithms"> = {},
): Promise<DirectoryDifference> {
  encodeManifest(manifest);
  const algorithms = manifest.files[0]?.digests.map(({ algorithm }) => algorithm) ?? [];
  const named = new Set(manifest.files.map(({ path }) => path));
  const listed = await listFiles(folder, options.signal);
  const expected = listed.filter(({ path }) => named.has(path));
  const hashed = await hashListed(folder, expected, { ...options, algorithms });
  await requireUnchanged(folder, listed, options.signal);
  const extra = listed
    .filter(({ path }) => !named.has(path))
    .map(({ path, state }) => ({ path, size: Number(state.size), digests: [] }));
  return compareManifest(manifest, { schema: MANIFEST_SCHEMA, files: [...hashed, ...extra] });
}
