import { bytesToHex } from "@noble/hashes/utils.js";

import type { BlockHeader } from "./BlockHeader.js";
import { ChainProofError } from "./ChainProofError.js";
import { encodeRlp } from "./encodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import { scalarBytes } from "./rlpFields.js";

/**
 * A header's RLP, the inverse of `decodeHeader`.
 *
 * @throws {@link ChainProofError} `HEADER_MALFORMED` for a field of a wrong shape or length, and for a later fork's field
 * without those before it.
 *
 * @example
 * ```ts
 * encodeHeader(decodeHeader(rawHeader)) === rawHeader;
 * ```
 */
export function encodeHeader(header: BlockHeader): string {
  const fields = [
    fixed(header.parentHash, "parentHash", 32),
    fixed(header.sha3Uncles, "sha3Uncles", 32),
    fixed(header.miner, "miner", 20),
    fixed(header.stateRoot, "stateRoot", 32),
    fixed(header.transactionsRoot, "transactionsRoot", 32),
    fixed(header.receiptsRoot, "receiptsRoot", 32),
    fixed(header.logsBloom, "logsBloom", 256),
    scalarBytes(header.difficulty),
    scalarBytes(header.number),
    scalarBytes(header.gasLimit),
    scalarBytes(header.gasUsed),
    scalarBytes(header.timestamp),
    fixed(header.extraData, "extraData"),
    fixed(header.mixHash, "mixHash", 32),
    fixed(header.nonce, "nonce", 8),
  ];
  const later = [
    optional(header.baseFeePerGas, scalarBytes),
    optional(header.withdrawalsRoot, (root) => fixed(root, "withdrawalsRoot", 32)),
    optional(header.blobGasUsed, scalarBytes),
    optional(header.excessBlobGas, scalarBytes),
    optional(header.parentBeaconBlockRoot, (root) => fixed(root, "parentBeaconBlockRoot", 32)),
    optional(header.requestsHash, (hash) => fixed(hash, "requestsHash", 32)),
  ];
  const present = later.filter((field) => field !== undefined);
  if (present.length <= later.findLastIndex((field) => field !== undefined)) {
    throw new ChainProofError("HEADER_MALFORMED", "the header has a later fork's field without those before it");
  }
  return `0x${bytesToHex(encodeRlp([...fields, ...present]))}`;
}

function fixed(value: string, what: string, length?: number): Uint8Array {
  return proofBytes(value, what, length, "HEADER_MALFORMED");
}

function optional<T>(value: T | undefined, encode: (value: T) => Uint8Array): Uint8Array | undefined {
  return value === undefined ? undefined : encode(value);
}
