import type { BlockHeader, SealingKind } from "./BlockHeader.js";
import { ChainProofError } from "./ChainProofError.js";
import { decodeHeader } from "./decodeHeader.js";
import { encodeHeader } from "./encodeHeader.js";
import { headerHash } from "./headerHash.js";
import { rpcReaders, type RpcObject } from "./rpcFields.js";

/** A header out of a node's answer. */
export interface RpcHeader {
  /** The header's RLP, `0x` and digits. */
  readonly rlp: string;
  readonly header: BlockHeader;
  readonly hash: string;
}

/**
 * Encodes a node's answer to `eth_getBlockByNumber` or `eth_getBlockByHash` as its header's RLP, and checks that it has the hash
 * that the node says. What no header holds (size, totalDifficulty, transactions) is left out.
 *
 * @param answer As JSON gives it.
 * @param sealing By which kind's rule the hash is made.
 * @throws {@link ChainProofError} `HEADER_HASH_MISMATCH`, or `HEADER_MALFORMED` and others for what is no block.
 *
 * @example
 * ```ts
 * const { rlp } = fromRpcBlock(await provider.send("eth_getBlockByNumber", ["0x10", false]), "qbft");
 * ```
 */
export function fromRpcBlock(answer: RpcObject, sealing: SealingKind): RpcHeader {
  const { data, quantity, count, has } = rpcReaders(answer, "HEADER_MALFORMED");
  const rlp = encodeHeader({
    parentHash: data("parentHash"),
    sha3Uncles: data("sha3Uncles"),
    miner: data("miner"),
    stateRoot: data("stateRoot"),
    transactionsRoot: data("transactionsRoot"),
    receiptsRoot: data("receiptsRoot"),
    logsBloom: data("logsBloom"),
    difficulty: quantity("difficulty"),
    number: count("number"),
    gasLimit: quantity("gasLimit"),
    gasUsed: quantity("gasUsed"),
    timestamp: count("timestamp"),
    extraData: data("extraData"),
    mixHash: data("mixHash"),
    nonce: data("nonce"),
    ...(has("baseFeePerGas") && { baseFeePerGas: quantity("baseFeePerGas") }),
    ...(has("withdrawalsRoot") && { withdrawalsRoot: data("withdrawalsRoot") }),
    ...(has("blobGasUsed") && { blobGasUsed: quantity("blobGasUsed") }),
    ...(has("excessBlobGas") && { excessBlobGas: quantity("excessBlobGas") }),
    ...(has("parentBeaconBlockRoot") && { parentBeaconBlockRoot: data("parentBeaconBlockRoot") }),
    ...(has("requestsHash") && { requestsHash: data("requestsHash") }),
  });
  const hash = headerHash(rlp, sealing);
  if (hash !== data("hash")) {
    throw new ChainProofError(
      "HEADER_HASH_MISMATCH",
      `the header's hash is ${hash}; the node says ${data("hash")} (the header may have fields unknown here)`,
    );
  }
  return { rlp, header: decodeHeader(rlp), hash };
}
