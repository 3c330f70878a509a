import { sha256 } from "@noble/hashes/sha2.js";

import { AnchorError } from "./AnchorError.js";

/**
 * What a time stamping authority or an OpenTimestamps calendar is given of a block: the SHA-256 of the 32 bytes of its hash.
 *
 * Why not of the header's bytes: validators' seals stand in the header but are no part of the block's hash, and each node keeps
 * the seals that it happened to get, so that two honest headers of one block differ. The hash is what all agree on, and
 * whoever verifies a package computes it from the header anyway. Why a digest of it and not the hash itself: authorities take
 * digests by the functions that they know, and Keccak-256 is none of them; so the hash is a file of 32 bytes that any tool
 * stamps (`openssl ts -query -sha256 -data hash.bin`, `ots stamp hash.bin`). That no other header has this hash rests on
 * Keccak-256, as everything on the chain does.
 *
 * @param blockHash 32 bytes.
 * @throws AnchorError BLOCK_HASH_MALFORMED
 * @example
 * ```ts
 * const query = createTimeStampRequest({ digest: anchorDigest(getBytes(block.hash)), algorithm: "sha-256" });
 * ```
 */
export function anchorDigest(blockHash: Uint8Array): Uint8Array {
  if (blockHash.length !== 32)
    throw new AnchorError("BLOCK_HASH_MALFORMED", `a block's hash has 32 bytes, not ${blockHash.length}`);
  return sha256(blockHash);
}
