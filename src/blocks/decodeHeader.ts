import type { BytesLike } from "ethers";

import type { BlockHeader } from "./BlockHeader.js";
import { decodeRlp, type RlpItem } from "./decodeRlp.js";
import { ChainProofError } from "./ChainProofError.js";
import { proofBytes } from "./proofBytes.js";
import { fieldReaders } from "./rlpFields.js";

const { list, hex, address, scalar, count } = fieldReaders("HEADER_MALFORMED");

/** Of the fields before London. */
const LEGACY_FIELDS = 15;

/** Those, and the six that London, Shanghai, Cancun and Prague added. */
const MAX_FIELDS = 21;

/**
 * Reads a header of 15 (Berlin) to 21 (Prague) fields out of its RLP. Only canonical RLP is read, so the header encodes to
 * the same bytes again and has one hash. That its parts are what a chain's rules ask is not judged here.
 *
 * @throws {@link ChainProofError} `INPUT_MALFORMED`, `RLP_MALFORMED` or `HEADER_MALFORMED`.
 *
 * @example
 * ```ts
 * const { number, stateRoot } = decodeHeader(rawHeader);
 * ```
 */
export function decodeHeader(rlp: BytesLike): BlockHeader {
  const fields = headerFields(rlp);
  const [, , , , , , , , , , , , , , , baseFee, withdrawals, blobGas, excess, beacon, requests] = fields;
  return {
    parentHash: hex(fields[0], "parentHash", 32),
    sha3Uncles: hex(fields[1], "sha3Uncles", 32),
    miner: address(fields[2], "miner"),
    stateRoot: hex(fields[3], "stateRoot", 32),
    transactionsRoot: hex(fields[4], "transactionsRoot", 32),
    receiptsRoot: hex(fields[5], "receiptsRoot", 32),
    logsBloom: hex(fields[6], "logsBloom", 256),
    difficulty: scalar(fields[7], "difficulty", 32),
    number: count(fields[8], "number"),
    gasLimit: scalar(fields[9], "gasLimit", 8),
    gasUsed: scalar(fields[10], "gasUsed", 8),
    timestamp: count(fields[11], "timestamp"),
    extraData: hex(fields[12], "extraData"),
    mixHash: hex(fields[13], "mixHash", 32),
    nonce: hex(fields[14], "nonce", 8),
    ...(baseFee && { baseFeePerGas: scalar(baseFee, "baseFeePerGas", 32) }),
    ...(withdrawals && { withdrawalsRoot: hex(withdrawals, "withdrawalsRoot", 32) }),
    ...(blobGas && { blobGasUsed: scalar(blobGas, "blobGasUsed", 8) }),
    ...(excess && { excessBlobGas: scalar(excess, "excessBlobGas", 8) }),
    ...(beacon && { parentBeaconBlockRoot: hex(beacon, "parentBeaconBlockRoot", 32) }),
    ...(requests && { requestsHash: hex(requests, "requestsHash", 32) }),
  };
}

/**
 * The fields of a header as RLP has them; only their number is checked.
 *
 * @throws {@link ChainProofError} as {@link decodeHeader} does.
 *
 * @example
 * ```ts
 * const extraData = headerFields(rawHeader)[12];
 * ```
 */
export function headerFields(rlp: BytesLike): readonly RlpItem[] {
  const fields = list(decodeRlp(proofBytes(rlp, "the header")), "the header");
  if (fields.length < LEGACY_FIELDS || fields.length > MAX_FIELDS) {
    throw new ChainProofError(
      "HEADER_MALFORMED",
      `the header has ${fields.length} fields, not ${LEGACY_FIELDS} to ${MAX_FIELDS}`,
    );
  }
  return fields;
}
