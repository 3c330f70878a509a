import { getCreateAddress, keccak256, toQuantity } from "ethers";

import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import type { TransactionSigner } from "../../src/network/rpc/rpcSigner.js";
import { ObstacleError } from "../console/obstacles.js";

import type { SignedFolder, SignedTransaction } from "./signedFolder.js";

/** What Ignition sends by `eth_sendTransaction`. */
interface Asked {
  to?: string;
  data?: string;
  nonce: string;
  gas: string;
  value?: string;
}

/** A node's estimate is of its newest state; others' transactions may come first. */
const [MARGIN, OF] = [120n, 100n];

/** What Ignition needs of a node. */
interface Eip1193 {
  request(asked: { readonly method: string; readonly params?: readonly unknown[] | object }): Promise<unknown>;
}

/**
 * A node as Ignition is to see it: with one account, whose transactions are signed here, legacy and free, and kept on the disk
 * before they are sent. Asked for the same nonce again, it sends the same bytes.
 *
 * @param options.from The signer's address.
 * @param options.blockGas Gas of a block, which no transaction may ask for more of.
 * @param options.isRelayed Whether a hub makes the contracts, at addresses of its own.
 * @param options.deliver Sends signed bytes, which may have been sent before, and tells the hash that the node knows them by.
 */
export function signingProvider(
  node: JsonRpc,
  signer: TransactionSigner,
  signed: SignedFolder,
  {
    from,
    chainId,
    blockGas,
    deliver,
    isRelayed = false,
  }: {
    from: string;
    chainId: bigint;
    blockGas: bigint;
    deliver: (transaction: SignedTransaction) => Promise<string>;
    isRelayed?: boolean;
  },
): Eip1193 {
  const estimate = async (params: unknown[]) => {
    const found = BigInt((await node.send("eth_estimateGas", params)) as string);
    const wanted = (found * MARGIN) / OF;
    return toQuantity(wanted < blockGas ? wanted : blockGas);
  };

  const send = async ({ to, data = "0x", nonce, gas, value }: Asked) => {
    if (BigInt(value ?? "0x0") !== 0n) throw new ObstacleError("a deployment sends no funds");
    const number = Number(nonce);
    const before = await signed.get(number);
    if (before !== undefined && (before.to !== (to ?? null) || before.data !== data)) {
      throw new ObstacleError(
        `another transaction was signed with the nonce ${number}; it must be mined or given up first`,
      );
    }
    if (before !== undefined) return deliver(before);
    const free = { type: 0, gasPrice: 0n, value: 0n };
    const asked = { ...free, to: to ?? null, data, nonce: number, gasLimit: BigInt(gas), chainId };
    const raw = await signer.signTransaction(asked);
    const transaction = { nonce: number, to: to ?? null, data, raw, hash: keccak256(raw) };
    await signed.put(transaction);
    return deliver(transaction);
  };

  /** Where a contract stands follows from who made it with which nonce, and not from what a node says of it. */
  const checkCreated = async (receipt: unknown): Promise<unknown> => {
    const { contractAddress, transactionHash } = (receipt ?? {}) as {
      contractAddress?: unknown;
      transactionHash?: unknown;
    };
    if (typeof contractAddress !== "string" || isRelayed) return receipt;
    const made = (await signed.all()).find(({ hash }) => hash === transactionHash);
    const expected = made && getCreateAddress({ from, nonce: made.nonce }).toLowerCase();
    if (expected === contractAddress.toLowerCase()) return receipt;
    throw new ObstacleError(
      `the node says that ${String(transactionHash)} made the contract ${contractAddress}, and it makes ${expected ?? "none of ours"}: ask another node`,
    );
  };

  return {
    async request({ method, params = [] }) {
      const list = params as unknown[];
      switch (method) {
        case "eth_accounts":
          return [from.toLowerCase()];
        case "eth_sendTransaction":
          return send(list[0] as Asked);
        case "eth_estimateGas":
          return estimate(list);
        case "eth_getTransactionReceipt":
          return checkCreated(await node.send(method, list));
        case "eth_getBlockByNumber": {
          const block = (await node.send(method, list)) as Record<string, unknown> | null;
          // Seeing a base fee, Ignition would ask for transactions of type 2; here it is 0, or preflight had failed.
          return block && Object.fromEntries(Object.entries(block).filter(([name]) => name !== "baseFeePerGas"));
        }
        default:
          return node.send(method, list);
      }
    },
  };
}
