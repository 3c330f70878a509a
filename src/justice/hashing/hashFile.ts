import type { HashOptions, HashResult } from "./algorithms.js";
import { hashOpened } from "./hashOpened.js";

/**
 * Hashes a file of any size by some functions in one pass, in the memory of two pieces of 1 MiB, by Node's own code. A
 * symbolic link is followed; what is no file is refused.
 *
 * @param path Of a file.
 * @throws HashingError ALGORITHM_UNKNOWN; SOURCE_UNREADABLE; SOURCE_MALFORMED when it is no file; SOURCE_CHANGED when it
 * was written to or replaced meanwhile; the signal's reason when it is aborted
 * @example
 * ```ts
 * const { size, digests } = await hashFile("cctv-07.mkv", { algorithms: ["sha-256", "sha3-512"] });
 * ```
 */
export function hashFile(path: string, options: HashOptions): Promise<HashResult> {
  return hashOpened(path, options);
}
