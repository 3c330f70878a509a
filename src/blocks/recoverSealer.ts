import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { getAddress } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { recoverKey } from "./recoverKey.js";

/**
 * Who made a seal: 65 bytes, r, s and v, over a hash, with no prefix. v is 0 or 1, as clients write it; 27 and 28 are
 * refused. Either of s and n − s will do, as clients take both; which it is says nothing.
 *
 * @throws {@link ChainProofError} `SEAL_MALFORMED` if no key can have made it.
 *
 * @example
 * ```ts
 * const signer = recoverSealer(sealHash, seal);
 * ```
 */
export function recoverSealer(hash: Uint8Array, seal: Uint8Array): string {
  const v = seal[64];
  if (seal.length !== 65 || (v !== 0 && v !== 1)) {
    throw new ChainProofError("SEAL_MALFORMED", `a seal's v is 0 or 1, not ${v ?? "missing"}`);
  }
  try {
    const key = recoverKey(hash, seal.subarray(0, 64), v);
    return getAddress(`0x${bytesToHex(keccak_256(key.subarray(1)).subarray(12))}`);
  } catch (cause) {
    throw new ChainProofError("SEAL_MALFORMED", "no key can have made a seal", { cause });
  }
}
