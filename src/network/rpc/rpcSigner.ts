import { getAddress, toQuantity, Transaction, type TransactionLike } from "ethers";

import { NetworkError } from "../NetworkError.js";
import { checkSigned } from "./checkSigned.js";
import { openNode, type Patience } from "./openNode.js";
import { RpcRefusal } from "./RpcRefusal.js";

/** What signs transactions: each signer of ethers that holds a key fits. */
export interface TransactionSigner {
  getAddress(): Promise<string>;
  signTransaction(transaction: TransactionLike): Promise<string>;
}

/**
 * A key that lies elsewhere (Web3Signer, Clef, a node's own account) and signs by `eth_signTransaction`. What comes back is
 * checked: it is the very transaction that was asked for, by that key.
 *
 * @param url The signer's JSON-RPC, on the loopback interface or behind TLS.
 * @param address The key's address.
 * @param patience How long it may be silent: where a person must agree, longer than a node.
 * @throws NetworkError RPC_UNREACHABLE; SIGNER_WRONG, also when it refuses; from `signTransaction`.
 * @example
 * ```ts
 * const outbox = await openOutbox({ store, nodes, signer: rpcSigner("http://127.0.0.1:9000", clerk), chainId, finality });
 * ```
 */
export function rpcSigner(url: string, address: string, patience: Patience = {}): TransactionSigner {
  const key = getAddress(address);
  const remote = openNode(url, patience);
  return {
    getAddress: () => Promise.resolve(key),
    signTransaction: async (transaction) => {
      const asked = { ...transaction };
      delete asked.from;
      try {
        const result = await remote.send("eth_signTransaction", [paramsOf(key, asked)]);
        return checkSigned(rawOf(result), asked, key).serialized;
      } catch (error) {
        if (!(error instanceof RpcRefusal)) throw error;
        const message = `the signer does not sign by ${key}: ${error.message}`;
        throw new NetworkError("SIGNER_WRONG", message, { cause: error });
      }
    },
  };
}

function paramsOf(from: string, asked: TransactionLike): object {
  const { to, data, nonce, gasLimit, gasPrice, value, chainId } = Transaction.from(asked);
  return {
    // Some refuse a `to` of null.
    ...{ from, ...(to !== null && { to }), data, nonce: toQuantity(nonce), gas: toQuantity(gasLimit) },
    ...{ gasPrice: toQuantity(gasPrice ?? 0), value: toQuantity(value), chainId: toQuantity(chainId) },
  };
}

/** Web3Signer answers with the bytes, geth and Clef with the bytes and the transaction. */
function rawOf(result: unknown): string {
  const raw = typeof result === "object" && result !== null && "raw" in result ? result.raw : result;
  return typeof raw === "string" ? raw : "";
}
