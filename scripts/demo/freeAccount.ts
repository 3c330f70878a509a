import { Wallet, type TransactionLike, type TransactionRequest } from "ethers";

import type { DemoChain } from "./openChain.js";

/** An account that was never given anything: it sends where gas is free. */
export class FreeAccount extends Wallet {
  override async populateTransaction(transaction: TransactionRequest): Promise<TransactionLike> {
    return super.populateTransaction({ ...transaction, type: 0, gasPrice: 0n });
  }
}

/** A fresh account on the job's chain. */
export function freeAccount(chain: DemoChain): FreeAccount {
  return new FreeAccount(Wallet.createRandom().privateKey, chain.provider);
}
