import { AnchorError } from "./AnchorError.js";
import { checkpointNote } from "./checkpointNote.js";

/** A block of a chain. */
export interface NotedBlock {
  chainId: bigint;
  number: bigint;
  /** 32 bytes. */
  hash: Uint8Array;
}

/**
 * A block in the form of a checkpoint (origin, number, hash), for witnesses that follow the chain and sign one block a height:
 * with it, a second sealed block of the same height is found out. A witness of logs signs no such note, since no consistency
 * is proved between two blocks; the origin keeps the two kinds apart, so that neither is taken for the other.
 *
 * @throws AnchorError CHECKPOINT_MALFORMED, BLOCK_HASH_MALFORMED
 * @example
 * ```ts
 * const text = blockNote({ chainId: 2018n, number: 4711n, hash: getBytes(block.hash) });
 * ```
 */
export function blockNote({ chainId, number, hash }: NotedBlock): string {
  if (hash.length !== 32)
    throw new AnchorError("BLOCK_HASH_MALFORMED", `a block's hash has 32 bytes, not ${hash.length}`);
  if (chainId <= 0n) throw new AnchorError("CHECKPOINT_MALFORMED", `no chain has the number ${chainId}`);
  return checkpointNote({ origin: `diwan.block/eip155:${chainId}`, size: number, root: hash });
}
