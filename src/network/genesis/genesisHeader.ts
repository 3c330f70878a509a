import { getBytes, keccak256, ZeroHash } from "ethers";

import type { BlockHeader, SealedHeader, SealingKind } from "../../blocks/BlockHeader.js";
import { encodeHeader } from "../../blocks/encodeHeader.js";
import { encodeRlp } from "../../blocks/encodeRlp.js";
import { headerHash } from "../../blocks/headerHash.js";
import { makeTrie } from "../../blocks/makeTrie.js";
import { scalarBytes } from "../../blocks/rlpFields.js";
import { EMPTY_TRIE_ROOT } from "../../blocks/trieNode.js";
import { NetworkError } from "../NetworkError.js";
import type { Genesis } from "./Genesis.js";

const EMPTY_CODE_HASH = keccak256("0x");

/** Keccak-256 of the RLP of an empty list. */
const NO_UNCLES = keccak256("0xc0");

/**
 * Block 0 as every node makes it out of a genesis file, with its hash: what a network's nodes must answer for
 * `eth_getBlockByNumber` of 0, or they have another genesis.
 *
 * @param stateRoot The root of the state, for a genesis whose accounts have more than a balance; else it is worked out.
 * @throws {@link NetworkError} `GENESIS_INVALID` for a file that names no consensus, whose accounts have more than balances, or
 * that has what is no quantity; {@link ChainProofError} for other fields of a wrong shape.
 *
 * @example
 * ```ts
 * const { hash } = genesisHeader(makeGenesis(options));
 * if (block?.hash !== hash) throw new Error("the node has another genesis");
 * ```
 */
export function genesisHeader(genesis: Genesis, stateRoot?: string): Omit<SealedHeader, "signers"> {
  const sealing = sealingOf(genesis);
  const header: BlockHeader = {
    parentHash: ZeroHash,
    sha3Uncles: NO_UNCLES,
    miner: genesis.coinbase,
    stateRoot: stateRoot ?? stateRootOf(genesis.alloc),
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: `0x${"00".repeat(256)}`,
    difficulty: quantity(genesis.difficulty, "difficulty"),
    number: 0,
    gasLimit: quantity(genesis.gasLimit, "gasLimit"),
    gasUsed: 0n,
    timestamp: Number(quantity(genesis.timestamp, "timestamp")),
    extraData: genesis.extraData,
    mixHash: genesis.mixHash,
    nonce: `0x${quantity(genesis.nonce, "nonce").toString(16).padStart(16, "0")}`,
    ...(genesis.baseFeePerGas !== undefined && { baseFeePerGas: quantity(genesis.baseFeePerGas, "baseFeePerGas") }),
  };
  return { sealing, header, hash: headerHash(encodeHeader(header), sealing) };
}

function sealingOf({ config }: Genesis): SealingKind {
  const kind = (["qbft", "ibft2", "clique"] as const).find((name) => config[name] !== undefined);
  if (kind === undefined) throw invalid("config has neither qbft, ibft2 nor clique");
  return kind;
}

/** The state's trie (Ethereum yellow paper, 4.1): by the address's hash nonce, balance, storage and code. */
function stateRootOf(alloc: Genesis["alloc"]): string {
  const accounts = Object.entries(alloc).map(([address, account]) => {
    const others = Object.keys(account).filter((name) => name !== "balance");
    if (others.length > 0) throw invalid(`alloc.${address} has ${others.join(", ")}: give the state's root`);
    const balance = scalarBytes(quantity(account.balance, `alloc.${address}.balance`));
    const fields = [new Uint8Array(), balance, getBytes(EMPTY_TRIE_ROOT), getBytes(EMPTY_CODE_HASH)];
    return [getBytes(keccak256(address)), encodeRlp(fields)] as const;
  });
  return makeTrie(accounts, new Uint8Array(32)).root;
}

function quantity(value: string, field: string): bigint {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,64}$/i.test(value)) {
    throw invalid(`${field} is ${JSON.stringify(value)}, not 0x and at most 64 digits`);
  }
  return BigInt(value);
}

function invalid(message: string): NetworkError {
  return new NetworkError("GENESIS_INVALID", `the genesis cannot be read: ${message}`);
}
