import { constants, type PathLike } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";

import type { HashOptions, HashResult } from "./algorithms.js";
import { createDigesters, type Digesters } from "./createDigesters.js";
import { type FileState, fileState, sameState } from "./fileState.js";
import { HashingError } from "./HashingError.js";

/** Large enough that reading costs nothing beside hashing, small enough to stay in the processor's cache. */
const PIECE = 1 << 20;

/** Besides the options: which file it must be. */
interface Opened extends HashOptions {
  /** The state that a listing gave; then a symbolic link is refused. */
  listed?: FileState;
  /** How to call it in messages. */
  name?: string;
}

/**
 * Opens a file, hashes it and makes sure that it stayed the same: what `hashFile` and `hashDirectory` share.
 *
 * @throws as `hashFile`
 * @example
 * ```ts
 * const { digests } = await hashOpened(path, { algorithms: ["sha-512"], listed: state });
 * ```
 */
export async function hashOpened(path: PathLike, options: Opened): Promise<HashResult> {
  const name = options.name ?? String(path);
  const { signal } = options;
  signal?.throwIfAborted();
  const digesters = await createDigesters(options.algorithms);
  // A named pipe that nobody writes to would otherwise be waited for.
  const flags = constants.O_RDONLY | orZero(constants.O_NONBLOCK) | (options.listed ? orZero(constants.O_NOFOLLOW) : 0);
  const handle = await reading(name, open(path, flags));
  try {
    const stats = await reading(name, handle.stat({ bigint: true }));
    if (!stats.isFile()) throw new HashingError("SOURCE_MALFORMED", `${name} is no file`);
    const before = fileState(stats);
    if (options.listed !== undefined && !sameState(options.listed, before)) throw changed(name);
    const size = await feed(handle, digesters, Number(before.size), name, options);
    const opened = fileState(await reading(name, handle.stat({ bigint: true })));
    const named = fileState(await reading(name, stat(path, { bigint: true })));
    if (size !== Number(before.size) || !sameState(before, opened) || !sameState(before, named)) throw changed(name);
    return { size, digests: digesters.digests() };
  } finally {
    await handle.close();
  }
}

/**
 * Reads the next piece while the last one is hashed, by all functions in turn while it is in the processor's cache. A thread
 * for SHA-3, the slowest, was measured too: from a tenth to a third faster, as long as a second processor is idle.
 */
async function feed(
  handle: FileHandle,
  digesters: Digesters,
  total: number,
  name: string,
  { onProgress, signal }: HashOptions,
): Promise<number> {
  const buffers = [new Uint8Array(PIECE), new Uint8Array(PIECE)] as const;
  let size = 0;
  let next = readPiece(handle, buffers[0], 0, name);
  try {
    for (let turn = 0; ; turn++) {
      const length = await next;
      if (length === 0) return size;
      signal?.throwIfAborted();
      const buffer = buffers[(turn % 2) as 0 | 1];
      next = readPiece(handle, buffers[((turn + 1) % 2) as 0 | 1], size + length, name);
      digesters.update(buffer.subarray(0, length));
      size += length;
      // A file that somebody appends to without end has been written to: no need to see its end.
      if (size > total) throw changed(name);
      onProgress?.(size, total);
    }
  } finally {
    // The file must not be closed under a read, and its failure must not go unheard.
    await next.catch(() => undefined);
  }
}

async function readPiece(handle: FileHandle, buffer: Uint8Array, position: number, name: string): Promise<number> {
  const { bytesRead } = await reading(name, handle.read(buffer, 0, buffer.length, position));
  return bytesRead;
}

async function reading<T>(name: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    throw new HashingError("SOURCE_UNREADABLE", `${name} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function changed(name: string): HashingError {
  return new HashingError("SOURCE_CHANGED", `${name} changed while it was hashed`);
}

/** Windows has not all flags. */
function orZero(flag: number | undefined): number {
  return flag ?? 0;
}
