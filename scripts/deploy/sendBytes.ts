import { judgeRefusal } from "../../src/network/outbox/judgeRefusal.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";

import type { SignedTransaction } from "./signedFolder.js";

/**
 * Sends signed bytes, which may have been sent before.
 *
 * @returns the hash that the node knows them by
 * @throws RpcRefusal
 */
export async function sendBytes(node: JsonRpc, { raw, hash }: SignedTransaction): Promise<string> {
  try {
    return (await node.send("eth_sendRawTransaction", [raw])) as string;
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error;
    const isThere = (await node.send("eth_getTransactionByHash", [hash])) !== null;
    // "Nonce too low" is said of another's transaction, too: then these bytes are nowhere.
    if (isThere && (judgeRefusal(error.message) === "known" || error.code === -32_000)) return hash;
    throw error;
  }
}
