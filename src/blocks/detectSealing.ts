import { dataLength } from "ethers";

import type { BlockHeader, SealingKind } from "./BlockHeader.js";
import { ChainProofError } from "./ChainProofError.js";
import { fromRpcBlock } from "./fromRpcBlock.js";
import type { RpcObject } from "./rpcFields.js";

/** Of Clique's `extraData`: bytes of no meaning, then of a signer's address in a checkpoint, then of the seal. */
const [VANITY, ADDRESS, SEAL] = [32, 20, 65];
const NONCES = [`0x${"00".repeat(8)}`, `0x${"ff".repeat(8)}`];
const NO_MIX = `0x${"00".repeat(32)}`;

/**
 * How a chain seals its blocks, from one of them. QBFT and IBFT 2.0 each have a form of `extraData` and a rule of their own for
 * the block's hash; a header that both read, as one with a vote and a round of four bytes, is of that whose rule gives the hash
 * that the node says. Clique is told by its `extraData`, difficulty and nonce alone, since its hash is a plain header's: nothing
 * is proved by what this answers, it only says what to check.
 *
 * @param block A node's answer to `eth_getBlockByNumber` or `eth_getBlockByHash`.
 * @throws ChainProofError HEADER_HASH_MISMATCH when no rule that is known gives the block's hash; HEADER_MALFORMED for no block
 * @example
 * ```ts
 * const sealing = detectSealing(await provider.send("eth_getBlockByNumber", ["latest", false]));
 * ```
 */
export function detectSealing(block: RpcObject): SealingKind {
  for (const kind of ["qbft", "ibft2"] as const) {
    if (isOf(block, kind)) return kind;
  }
  return isClique(fromRpcBlock(block, "none").header) ? "clique" : "none";
}

function isOf(block: RpcObject, kind: SealingKind): boolean {
  try {
    fromRpcBlock(block, kind);
    return true;
  } catch (error) {
    if (error instanceof ChainProofError) return false;
    throw error;
  }
}

function isClique({ extraData, difficulty, nonce, mixHash }: BlockHeader): boolean {
  const signers = (dataLength(extraData) - VANITY - SEAL) / ADDRESS;
  const isSealed = Number.isInteger(signers) && signers >= 0;
  return isSealed && (difficulty === 1n || difficulty === 2n) && NONCES.includes(nonce) && mixHash === NO_MIX;
}
