import { Wallet, type TransactionLike, type TransactionRequest } from "ethers";

import type { DemoChain } from "./openChain.js";

/**
 * An account that was never given anything: it sends where gas is free. It sets half more gas than is estimated, as wallets do:
 * what others send to the same block may make a call dearer, as that of the last trustee to register, which begins the dealing.
 */
export class FreeAccount extends Wallet {
  override async populateTransaction(transaction: TransactionRequest): Promise<TransactionLike> {
    const populated = await super.populateTransaction({ ...transaction, type: 0, gasPrice: 0n });
    if (transaction.gasLimit != null || populated.gasLimit == null) return populated;
    return { ...populated, gasLimit: (BigInt(populated.gasLimit) * 3n) / 2n };
  }
}

/** A fresh account on the job's chain. */
export function freeAccount(chain: DemoChain): FreeAccount {
  return new FreeAccount(Wallet.createRandom().privateKey, chain.provider);
}
