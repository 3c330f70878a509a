import { type BaseWallet, Transaction } from "ethers";

import { NetworkError } from "../NetworkError.js";

import { type GasModel, withGasModel } from "./gasModel.js";

/** A transaction as it would be on another chain; its gas is free. */
export interface LacchainTransaction {
  /** Left out where a contract is made. */
  readonly to?: string;
  readonly data: string;
  /** As the node says by `eth_getTransactionCount`: the hub counts. */
  readonly nonce: number;
  readonly gasLimit: bigint;
}

/**
 * Signs a transaction for LACChain's relay hub: legacy, without a chain id, the gas model at the end of its data, price 0.
 * The hub refuses it from its expiration on, with the nonce unused: then it is signed anew, with the same nonce only, which
 * whoever calls this sees to. Warning: without a chain id, the bytes are good on each network where this key and nonce are;
 * the node's address is what binds them. So a key for LACChain is for nothing else.
 *
 * @param now Unix seconds by a clock that is right.
 * @returns The bytes for `eth_sendRawTransaction`. The node answers with the hash of its own transaction to the hub, not theirs.
 * @throws NetworkError EXPIRATION_INVALID when it is past, or no time.
 * @example
 * ```ts
 * const raw = signForLacchain(wallet, transaction, { node, expiration: now + 300 }, now);
 * const hash = await provider.send("eth_sendRawTransaction", [raw]);
 * ```
 */
export function signForLacchain(
  wallet: BaseWallet,
  { to, data, nonce, gasLimit }: LacchainTransaction,
  gasModel: GasModel,
  now: number,
): string {
  const { expiration } = gasModel;
  if (!Number.isSafeInteger(expiration) || expiration <= now) {
    throw new NetworkError("EXPIRATION_INVALID", `the transaction would expire at ${expiration}, and it is ${now}`);
  }
  const transaction = Transaction.from({
    type: 0,
    chainId: 0,
    to: to ?? null,
    data: withGasModel(data, gasModel),
    nonce,
    gasLimit,
    gasPrice: 0,
  });
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}
