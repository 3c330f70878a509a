import { getAddress, toQuantity, Transaction, type TransactionLike } from "ethers";

import { NetworkError } from "../NetworkError.js";
import { checkSigned } from "../outbox/checkSigned.js";
import { callNode } from "./callNode.js";

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
 * @throws NetworkError RPC_UNREACHABLE; SIGNER_WRONG, also when it refuses; from `signTransaction`.
 * @example
 * ```ts
 * const outbox = await openOutbox({ store, nodes, signer: rpcSigner("http://127.0.0.1:9000", clerk), chainId, finality });
 * ```
 */
export function rpcSigner(url: string, address: string): TransactionSigner {
  const key = getAddress(address);
  return {
    getAddress: () => Promise.resolve(key),
    signTransaction: async (transaction) => {
      const { from: _, ...asked } = transaction;
      const [answer] = await callNode(url, [{ method: "eth_signTransaction", params: [paramsOf(key, asked)] }]);
      if ("refusal" in answer!) {
        const { message } = answer.refusal;
        throw new NetworkError("SIGNER_WRONG", `${url} does not sign by ${key}: ${message}`, { cause: answer.refusal });
      }
      return checkSigned(rawOf(answer!.result), asked, key).serialized;
    },
  };
}

function paramsOf(from: string, asked: TransactionLike): object {
  const { to, data, nonce, gasLimit, gasPrice, value, chainId } = Transaction.from(asked);
  return {
    ...{ from, to, data, nonce: toQuantity(nonce), gas: toQuantity(gasLimit), gasPrice: toQuantity(gasPrice ?? 0) },
    ...{ value: toQuantity(value), chainId: toQuantity(chainId) },
  };
}

/** Web3Signer answers with the bytes, geth and Clef with the bytes and the transaction. */
function rawOf(result: unknown): string {
  const raw = typeof result === "object" && result !== null && "raw" in result ? result.raw : result;
  return typeof raw === "string" ? raw : "";
}
