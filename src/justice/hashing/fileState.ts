import type { BigIntStats } from "node:fs";

/** What of a file's state changes when it is written to or replaced. */
export interface FileState {
  device: bigint;
  inode: bigint;
  size: bigint;
  modified: bigint;
  changed: bigint;
}

/**
 * The state of a file that says whether it is still the same, and was not written to.
 *
 * @param stats With whole numbers, whose nanoseconds are exact.
 * @example
 * ```ts
 * const before = fileState(await stat(path, { bigint: true }));
 * ```
 */
export function fileState({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileState {
  return { device: dev, inode: ino, size, modified: mtimeNs, changed: ctimeNs };
}

/**
 * Whether two states are of one file that nobody wrote to between them.
 *
 * @example
 * ```ts
 * if (!sameState(before, after)) throw new HashingError("SOURCE_CHANGED", path);
 * ```
 */
export function sameState(a: FileState, b: FileState): boolean {
  return (
    a.device === b.device &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.modified === b.modified &&
    a.changed === b.changed
  );
}
