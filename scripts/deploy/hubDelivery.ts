import { id, keccak256, toQuantity, Transaction, zeroPadValue } from "ethers";

import { splitGasModel } from "../../src/network/lacchain/gasModel.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { LOG_RANGE } from "../../src/network/rpc/logRange.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";
import type { TransactionSigner } from "../../src/network/rpc/rpcSigner.js";
import { ObstacleError } from "../console/obstacles.js";

import type { SignedFolder, SignedTransaction } from "./signedFolder.js";

/** What LACChain's hub emits once for each transaction that it takes from a signer. */
const RELAYED = [
  id("TransactionRelayed(address,address,address,bool,bytes)"),
  id("ContractDeployed(address,address,address)"),
];
/** How many blocks back the hub's event is looked for: three weeks of LACChain's. */
const OLDEST = 1_000_000;
/** Milliseconds between two looks, and how long one transaction may take. */
const [LOOK, PATIENCE] = [250, 300_000];

/** The time of the newest block, in Unix seconds. */
export async function headTime(node: JsonRpc): Promise<number> {
  const head = (await node.send("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
  return Number(head.timestamp);
}

/**
 * Sends signed bytes through LACChain's relay hub, one at a time, since its nodes take no later nonce before, and waits until
 * the hub has counted them. Once the chain's own time is past their expiration, when no block can take them any more, they are signed
 * again with the same nonce and nothing else; what was signed before stays in the record.
 *
 * @returns what delivers, with the hash that the chain knows the transaction by: the writer node's own, found in the hub's events,
 * so that it is known even where a process died between sending and hearing it
 */
export function hubDelivery(
  node: JsonRpc,
  signer: TransactionSigner,
  signed: SignedFolder,
  { hub, from }: { hub: string; from: string },
) {
  // The hub counts, whatever block is asked for.
  const count = async () => Number(await node.send("eth_getTransactionCount", [from, "latest"]));

  const renew = async (transaction: SignedTransaction): Promise<SignedTransaction> => {
    const { raw, hash, nonce, to, data, earlier = [] } = transaction;
    const { gasLimit, chainId } = Transaction.from(raw);
    const again = await signer.signTransaction({
      ...{ type: 0, gasPrice: 0n, to, data, nonce, gasLimit, chainId },
    });
    const renewed = { ...transaction, raw: again, hash: keccak256(again), earlier: [...earlier, { raw, hash }] };
    await signed.put(renewed);
    return renewed;
  };

  const send = async ({ raw, nonce }: SignedTransaction) => {
    try {
      await node.send("eth_sendRawTransaction", [raw]);
    } catch (error) {
      // Bytes that were taken before are refused, too.
      if (!(error instanceof RpcRefusal) || (await count()) <= nonce) throw error;
    }
  };

  return async (transaction: SignedTransaction): Promise<string> => {
    const end = Date.now() + PATIENCE;
    let [current, sent] = [transaction, ""];
    for (;;) {
      const counted = await count();
      if (counted > current.nonce) {
        const hash = await findRelayed(node, { hub, from, back: counted - current.nonce });
        // Another that was counted meanwhile would have taken its place in the events.
        if ((await count()) !== counted) continue;
        await signed.put({ ...current, hash });
        return hash;
      }
      if (counted === current.nonce) {
        if (isExpired(current, await headTime(node))) current = await renew(current);
        if (sent !== current.raw) await send(current);
        sent = current.raw;
      }
      if (Date.now() > end) {
        throw new ObstacleError(
          `the hub ${hub} has not counted transaction ${current.nonce} of ${from} after ${PATIENCE / 1_000} s: does the writer node reach it?`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  };
}

/** A block's time only grows, and the hub refuses from the expiration on. */
function isExpired({ raw }: SignedTransaction, time: number): boolean {
  return splitGasModel(Transaction.from(raw).data).expiration <= time;
}

/** The transaction in which the hub took one of a signer's, the newest or some back. */
async function findRelayed(
  node: JsonRpc,
  { hub, from, back }: { hub: string; from: string; back: number },
): Promise<string> {
  const head = Number(await node.send("eth_blockNumber", []));
  const topics = [RELAYED, null, zeroPadValue(from, 32)];
  let found: { transactionHash: string }[] = [];
  for (let to = head; to >= 0 && to > head - OLDEST; to -= LOG_RANGE) {
    const [fromBlock, toBlock] = [toQuantity(Math.max(to - LOG_RANGE + 1, 0)), toQuantity(to)];
    const logs = await node.send("eth_getLogs", [{ address: hub, topics, fromBlock, toBlock }]);
    found = [...(logs as typeof found), ...found];
    if (found.length >= back) return found.at(-back)!.transactionHash;
  }
  throw new ObstacleError(
    `the hub ${hub} counts transactions of ${from}, and its events tell of too few: is it LACChain's hub?`,
  );
}
