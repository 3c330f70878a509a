import { type BaseWallet, getAddress, Transaction, toQuantity } from "ethers";

import { checkSignedBytes, type UnsignedTransaction } from "../../src/network/checkSignedBytes.js";
import type { JsonRpc } from "../../src/network/JsonRpc.js";

/** Who signs, so that the bytes are here before they are sent. */
export interface BytesSigner {
  readonly address: string;
  sign(transaction: UnsignedTransaction): Promise<string>;
}

/** Signs with a key in this process. */
export function keySigner(wallet: BaseWallet): BytesSigner {
  return {
    address: wallet.address,
    async sign({ to, data, nonce, gasLimit, chainId }) {
      const transaction = Transaction.from({ type: 0, to: to ?? null, data, nonce, gasLimit, chainId, gasPrice: 0 });
      transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
      return transaction.serialized;
    },
  };
}

/** Lets a remote signer sign by `eth_signTransaction`, and believes none of what it gives back. */
export function remoteSigner(signer: JsonRpc, from: string): BytesSigner {
  return {
    address: getAddress(from),
    async sign(asked) {
      const params = {
        from: asked.from,
        ...(asked.to !== undefined && { to: asked.to }),
        data: asked.data,
        nonce: toQuantity(asked.nonce),
        gas: toQuantity(asked.gasLimit),
        gasPrice: "0x0",
        value: "0x0",
        chainId: toQuantity(asked.chainId),
      };
      const answer = await signer.send("eth_signTransaction", [params]);
      // geth answers with an object, others with the bytes.
      const raw = typeof answer === "string" ? answer : String((answer as { raw?: unknown } | null)?.raw);
      checkSignedBytes(raw, asked);
      return raw;
    },
  };
}
