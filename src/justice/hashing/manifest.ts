import canonicalize from "canonicalize";

import { sameBytes } from "../../ledger/sameBytes.js";
import { DIGEST_ALGORITHMS, type DigestAlgorithm, type NamedDigest, requireAlgorithms } from "./algorithms.js";
import { HashingError } from "./HashingError.js";

/** A file of a directory. */
export interface ManifestFile {
  /** From the directory on, its parts joined by `/`. */
  path: string;
  /** In bytes. */
  size: number;
  /** The same functions in the same order for each file. */
  digests: NamedDigest[];
}

/** What files a directory has. Folders without files leave no trace in it, nor do times, owners and permissions. */
export interface Manifest {
  schema: typeof MANIFEST_SCHEMA;
  /** In the order of their paths' bytes in UTF-8. */
  files: ManifestFile[];
}

/**
 * Names the form of a manifest.
 *
 * @example
 * ```ts
 * const isManifest = JSON.parse(text).schema === MANIFEST_SCHEMA;
 * ```
 */
export const MANIFEST_SCHEMA = "diwan.manifest.v1";

const encoder = new TextEncoder();

/**
 * A manifest's bytes, which are what is hashed of a directory: canonical JSON (RFC 8785) in UTF-8, so that a manifest has one
 * form only.
 *
 * @throws HashingError MANIFEST_MALFORMED, NAME_REFUSED, NAMES_COLLIDE
 * @example
 * ```ts
 * writeFileSync("manifest.json", encodeManifest(manifest));
 * ```
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  checkManifest(manifest);
  return encoder.encode(canonicalize(manifest));
}

/**
 * Reads a manifest and takes no other bytes than those that `encodeManifest` makes.
 *
 * @throws HashingError MANIFEST_MALFORMED, NAME_REFUSED, NAMES_COLLIDE
 * @example
 * ```ts
 * const manifest = decodeManifest(readFileSync("manifest.json"));
 * ```
 */
export function decodeManifest(bytes: Uint8Array): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new HashingError("MANIFEST_MALFORMED", "the manifest is no JSON in UTF-8", { cause });
  }
  checkManifest(manifest);
  if (!sameBytes(encoder.encode(canonicalize(manifest)), bytes))
    throw new HashingError("MANIFEST_MALFORMED", "the manifest is not in its canonical form (RFC 8785)");
  return manifest;
}

/**
 * Compares paths by their bytes in UTF-8, which is the order of their code points; JavaScript's own order differs beyond
 * the basic plane.
 *
 * @example
 * ```ts
 * files.sort((a, b) => comparePaths(a.path, b.path));
 * ```
 */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  // Surrogates (0xd800 on) stand for code points above all others.
  const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
  return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/**
 * Refuses a name that would not mean the same on every machine, or that hides what it is in a report.
 *
 * @param name A part of a path.
 * @param path How to call it in the message.
 * @throws HashingError NAME_REFUSED
 * @example
 * ```ts
 * requireName("scan 7.pdf", "scans/scan 7.pdf");
 * ```
 */
export function requireName(name: string, path: string): void {
  const reason =
    name === "" || name === "." || name === ".."
      ? "a part of it is empty or dots"
      : name.includes("\\")
        ? "a backslash separates folders on some systems"
        : /\p{Cc}/u.test(name)
          ? "it holds a control character"
          : /\p{Surrogate}/u.test(name)
            ? "it is no Unicode text"
            : undefined;
  if (reason !== undefined) throw new HashingError("NAME_REFUSED", `${escapeNonAscii(path)} is refused: ${reason}`);
}

/**
 * Refuses paths of which two differ only by Unicode normalisation: some file systems hold them to be one, and nobody can
 * see which is which.
 *
 * @throws HashingError NAMES_COLLIDE
 * @example
 * ```ts
 * requireDistinct(["caf\u00e9", "cafe\u0301"]); // throws
 * ```
 */
export function requireDistinct(paths: Iterable<string>): void {
  // Folders too: a file in each of two that look alike is as bad.
  const seen = new Map<string, string>();
  for (const path of paths) {
    for (let end = path.indexOf("/"); ; end = path.indexOf("/", end + 1)) {
      const part = end < 0 ? path : path.slice(0, end);
      const normal = part.normalize("NFC");
      const other = seen.get(normal) ?? part;
      if (other !== part)
        throw new HashingError(
          "NAMES_COLLIDE",
          `${escapeNonAscii(other)} and ${escapeNonAscii(part)} differ only by Unicode normalisation`,
        );
      seen.set(normal, part);
      if (end < 0) break;
    }
  }
}

/** Shows names apart that look the same. */
function escapeNonAscii(path: string): string {
  return JSON.stringify(path).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function checkManifest(manifest: unknown): asserts manifest is Manifest {
  requireShape(hasKeys(manifest, ["files", "schema"]), "it has other members than schema and files");
  requireShape(manifest["schema"] === MANIFEST_SCHEMA, `its schema is not ${MANIFEST_SCHEMA}`);
  const files: unknown = manifest["files"];
  requireShape(Array.isArray(files), "its files are no list");
  let algorithms: string | undefined;
  let last: string | undefined;
  for (const file of files as unknown[]) {
    const path = checkFile(file);
    const names = (file as ManifestFile).digests.map(({ algorithm }) => algorithm).join(" ");
    algorithms ??= names;
    requireShape(
      names === algorithms,
      `${JSON.stringify(path)} has digests by other functions than the files before it`,
    );
    requireShape(last === undefined || comparePaths(last, path) < 0, `${JSON.stringify(path)} stands out of order`);
    // Files under `a/` need not follow `a` at once (`a-b` stands between), hence the set below.
    last = path;
  }
  const paths = (files as ManifestFile[]).map(({ path }) => path);
  requireDistinct(paths);
  const all = new Set(paths);
  for (const path of paths)
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1))
      requireShape(!all.has(path.slice(0, end)), `${JSON.stringify(path.slice(0, end))} is a file and a folder`);
}

function checkFile(file: unknown): string {
  requireShape(hasKeys(file, ["digests", "path", "size"]), "a file has other members than path, size and digests");
  const { path, size, digests } = file;
  requireShape(typeof path === "string", "a path is no text");
  for (const part of path.split("/")) requireName(part, path);
  const called = JSON.stringify(path);
  requireShape(Number.isSafeInteger(size) && (size as number) >= 0, `the size of ${called} is no number of bytes`);
  requireShape(Array.isArray(digests), `the digests of ${called} are no list`);
  for (const digest of digests as unknown[]) {
    requireShape(hasKeys(digest, ["algorithm", "value"]), `a digest of ${called} has other members`);
    const { algorithm, value } = digest;
    requireShape(typeof algorithm === "string", `a digest of ${called} names no function`);
    const length = Object.hasOwn(DIGEST_ALGORITHMS, algorithm)
      ? DIGEST_ALGORITHMS[algorithm as DigestAlgorithm] * 2
      : 0;
    requireShape(
      length > 0 && typeof value === "string" && value.length === length && /^[0-9a-f]+$/.test(value),
      `a digest of ${called} is none of ${algorithm}`,
    );
  }
  try {
    requireAlgorithms((digests as NamedDigest[]).map(({ algorithm }) => algorithm));
  } catch (cause) {
    throw new HashingError("MANIFEST_MALFORMED", `${called}: ${(cause as Error).message}`, { cause });
  }
  return path;
}

function hasKeys(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const own = Object.keys(value).sort();
  return own.length === keys.length && own.every((key, i) => key === keys[i]);
}

function requireShape(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new HashingError("MANIFEST_MALFORMED", `the manifest is malformed: ${problem}`);
}
