import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BytesLike } from "ethers";

import { decodeBftExtra, hashedExtra } from "./bftExtra.js";
import type { SealingKind } from "./BlockHeader.js";
import { headerFields } from "./decodeHeader.js";
import { encodeRlp } from "./encodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import { fieldReaders } from "./rlpFields.js";

const { bytes } = fieldReaders("HEADER_MALFORMED");

/**
 * The hash of a block out of its header's RLP. Clique's and a plain header's is that of all its bytes. QBFT's and
 * IBFT 2.0's leaves open the round, which seals there are, and their order, so that all nodes find the same hash though
 * they collected other seals: these parts of a header are bound by the seals alone.
 *
 * @throws {@link ChainProofError} if the bytes are no header, or no header of that kind.
 *
 * @example
 * ```ts
 * headerHash(rawHeader, "qbft") === anchor.hash;
 * ```
 */
export function headerHash(rlp: BytesLike, sealing: SealingKind): string {
  const fields = headerFields(rlp);
  if (sealing === "clique" || sealing === "none") {
    return `0x${bytesToHex(keccak_256(proofBytes(rlp, "the header")))}`;
  }
  const { items } = decodeBftExtra(bytes(fields[12], "extraData"), sealing);
  return `0x${bytesToHex(keccak_256(encodeRlp(fields.with(12, hashedExtra(items, sealing)))))}`;
}
