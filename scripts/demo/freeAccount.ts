import {
  type BigNumberish,
  type Signer,
  type TransactionLike,
  type TransactionRequest,
  type TransactionResponse,
  Wallet,
} from "ethers";

import type { DemoChain } from "./openChain.js";

/** Who signs and sends, whatever keeps the key. */
export type Account = Signer & { readonly address: string };

/**
 * What an estimate is raised by: others may change the state between it and the block, and an entry in a log that has grown
 * meanwhile costs more hashing.
 */
const withMargin = (estimate: bigint): bigint => (estimate * 3n) / 2n + 150_000n;

/**
 * An account that was never given anything: it sends where gas is free. It may send again before what it sent first is in a block:
 * its transactions go out one after another, each with the next nonce.
 */
export class FreeAccount extends Wallet {
  /** The end of the queue of what is being sent. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** Known only while several are being sent: once all are, the node is asked again, as one of them may have been lost. */
  #nonce: number | undefined;

  override async populateTransaction(transaction: TransactionRequest): Promise<TransactionLike> {
    return super.populateTransaction({ ...transaction, type: 0, gasPrice: 0n });
  }

  /**
   * Goes out in the order of the calls, however long an estimate takes: in which order a body is accredited decides what it is told
   * later. What would be refused is refused before it has a nonce: a gap would hold up all that follow.
   */
  override sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    this.#waiting++;
    const limit = this.#gasLimitOf(transaction);
    // Awaited in its turn; until then nobody is to call a refusal unheard.
    limit.catch(() => undefined);
    const sent = this.#last.then(async () => this.#sendNext(transaction, limit));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #gasLimitOf(transaction: TransactionRequest): Promise<BigNumberish> {
    return transaction.gasLimit ?? withMargin(await this.estimateGas({ ...transaction, gasPrice: 0n }));
  }

  async #sendNext(transaction: TransactionRequest, limit: Promise<BigNumberish>): Promise<TransactionResponse> {
    try {
      const gasLimit = await limit;
      const nonce = this.#nonce ?? (await this.getNonce("pending"));
      this.#nonce = undefined;
      const response = await super.sendTransaction({ ...transaction, gasLimit, nonce });
      this.#nonce = nonce + 1;
      return response;
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#nonce = undefined;
    }
  }
}

/** A fresh account on the job's chain. */
export function freeAccount({ provider }: Pick<DemoChain, "provider">): FreeAccount {
  return new FreeAccount(Wallet.createRandom().privateKey, provider);
}
