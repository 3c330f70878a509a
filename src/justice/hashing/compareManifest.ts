import type { Manifest, ManifestFile } from "./manifest.js";

/** How a directory differs from a manifest: paths in the order of a manifest. No paths at all: it is the same. */
export interface DirectoryDifference {
  /** There, but with other bytes. */
  altered: string[];
  /** Named by the manifest, but not there. */
  missing: string[];
  /** There, but not named by the manifest. */
  extra: string[];
}

/**
 * Compares a manifest with one that was made anew.
 *
 * @param expected The manifest that was deposited.
 * @param found Of the same hash functions; otherwise each file counts as altered.
 * @example
 * ```ts
 * const { altered, missing, extra } = compareManifest(deposited, (await hashDirectory(folder, options)).manifest);
 * ```
 */
export function compareManifest(expected: Manifest, found: Manifest): DirectoryDifference {
  const there = new Map(found.files.map((file) => [file.path, file]));
  const named = new Set(expected.files.map(({ path }) => path));
  const altered = expected.files.filter((file) => {
    const now = there.get(file.path);
    return now !== undefined && !isSame(file, now);
  });
  return {
    altered: altered.map(({ path }) => path),
    missing: expected.files.map(({ path }) => path).filter((path) => !there.has(path)),
    extra: found.files.map(({ path }) => path).filter((path) => !named.has(path)),
  };
}

function isSame(a: ManifestFile, b: ManifestFile): boolean {
  return (
    a.size === b.size &&
    a.digests.length === b.digests.length &&
    a.digests.every(({ algorithm, value }, i) => {
      const other = b.digests[i]!;
      return algorithm === other.algorithm && value === other.value;
    })
  );
}
