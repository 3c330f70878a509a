import { keccak_256 } from "@noble/hashes/sha3.js";
import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { decodeRlp } from "./decodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import { fieldReaders } from "./rlpFields.js";
import { verifyTrieProof } from "./verifyTrieProof.js";

/** An account as the state holds it. */
export interface ChainAccount {
  readonly nonce: bigint;
  /** In wei. */
  readonly balance: bigint;
  /** The root that its storage is proved against. */
  readonly storageRoot: string;
  readonly codeHash: string;
}

const { list, hex, scalar } = fieldReaders("ACCOUNT_MALFORMED");

/**
 * The account at an address, proved against a header's state root by `accountProof` of `eth_getProof`.
 *
 * @returns The account, or nothing if the proof shows that there is none.
 * @throws {@link ChainProofError} as `verifyTrieProof` does, or `ACCOUNT_MALFORMED` if the state holds something else there.
 *
 * @example
 * ```ts
 * const account = verifyAccountProof(header.stateRoot, registry, answer.accountProof);
 * if (account) verifyStorageProof(account.storageRoot, slot, answer.storageProof[0].proof);
 * ```
 */
export function verifyAccountProof(
  stateRoot: BytesLike,
  address: BytesLike,
  proof: readonly BytesLike[],
): ChainAccount | undefined {
  const key = keccak_256(proofBytes(address, "the address", 20));
  const value = verifyTrieProof(stateRoot, key, proof);
  if (value === undefined) return undefined;

  const fields = list(decodeRlp(value), "the account");
  if (fields.length !== 4)
    throw new ChainProofError("ACCOUNT_MALFORMED", `an account has 4 fields, not ${fields.length}`);
  return {
    nonce: scalar(fields[0], "nonce", 8),
    balance: scalar(fields[1], "balance", 32),
    storageRoot: hex(fields[2], "storageRoot", 32),
    codeHash: hex(fields[3], "codeHash", 32),
  };
}
