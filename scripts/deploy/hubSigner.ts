import { Transaction, type BaseWallet } from "ethers";

import { signForLacchain } from "../../src/network/lacchain/signForLacchain.js";
import type { TransactionSigner } from "../../src/network/rpc/rpcSigner.js";

/** Seconds for which a transaction is good: some hundred of LACChain's blocks. */
const LIFETIME = 300;

/**
 * Signs with a key in this process for LACChain's relay hub.
 *
 * @param writerNode Address of the writer node that bears the gas.
 * @param time The chain's time in Unix seconds.
 */
export function hubSigner(wallet: BaseWallet, writerNode: string, time: () => Promise<number>): TransactionSigner {
  return {
    getAddress: () => wallet.getAddress(),
    async signTransaction(asked) {
      // A chain may be late where it makes no empty blocks, and a machine's clock may be wrong: the later counts.
      const now = Math.max(await time(), Math.floor(Date.now() / 1_000));
      const { to, data, nonce, gasLimit } = Transaction.from(asked);
      const transaction = { ...(to !== null && { to }), data, nonce, gasLimit };
      return signForLacchain(wallet, transaction, { node: writerNode, expiration: now + LIFETIME }, now);
    },
  };
}
