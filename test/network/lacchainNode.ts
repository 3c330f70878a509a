import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { AbiCoder, dataSlice, getAddress, Interface, toQuantity, Transaction } from "ethers";
import hre from "hardhat";

import { HOST } from "../../scripts/console/obstacles.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";
import { splitGasModel } from "../../src/network/lacchain/gasModel.js";

import { serveEdr } from "./edrServer.js";

/** Chain id of LACChain Mainnet-Omega. */
const CHAIN_ID = 648_541;
/** Gas that the hub needs besides what the signer allows, a share of which is kept back at each call. */
const HUB_GAS = 300_000n;

interface Log {
  topics: string[];
  data: string;
}

type Receipt = Record<string, unknown> & { logs: Log[] };

/** What becomes of signed bytes: they are passed on; refused by a broken connection; or passed on, and nobody is told. */
type Fate = "taken" | "refused" | "unheard";

/** A writer node of LACChain, in front of a chain of this process with a relay hub on it. */
export interface LacchainNode {
  url: string;
  /** The chain behind it, as an ordinary node tells it. */
  chain: string;
  hub: string;
  /** Address of the writer node. */
  writer: string;
  /** All bytes that were sent here, in order. */
  sent: string[];
  /** Decides what becomes of the bytes that are sent next. */
  decide(fate: (raw: string) => Fate): void;
  close(): Promise<void>;
}

/**
 * Does what LACChain's own relay signer does (https://github.com/lacchain/gas-management, service/relaySignerService.go): takes
 * signed transactions of its gas model alone and has the hub relay them in transactions of its own, whose hash it gives back; lets the
 * hub count; and puts into a receipt the address of what was created, and whether the call went through.
 */
export async function serveLacchain(): Promise<LacchainNode> {
  const edr = await serveEdr({ interval: 50, chainId: CHAIN_ID });
  const behind = openNode(edr.url);
  const ask = async <T>(method: string, ...params: unknown[]) => (await behind.send(method, params)) as T;
  const [, writer] = (await ask<string[]>("eth_accounts")).map((address) => getAddress(address)) as [string, string];
  const { abi, bytecode } = await hre.artifacts.readArtifact("RelayHub");
  const functions = new Interface(abi);
  const hub = await deployHub(ask, writer, bytecode);
  const [CREATED, RELAYED] = ["ContractDeployed", "TransactionRelayed"].map(
    (name) => functions.getEvent(name)!.topicHash,
  );
  const sent: string[] = [];
  let fateOf: (raw: string) => Fate = () => "taken";

  const countOf = async (signer: string) => {
    const data = functions.encodeFunctionData("getNonce", [signer]);
    return BigInt(await ask<string>("eth_call", { to: hub, data }, "latest"));
  };

  const relay = async (raw: string): Promise<string> => {
    const { type, chainId, gasPrice, from, to, nonce, gasLimit, data } = Transaction.from(raw);
    if (type !== 0 || chainId !== 0n || gasPrice !== 0n) throw refusal(-32_602, "not a transaction of the gas model");
    const { node } = splitGasModel(data);
    if (node !== writer) throw refusal(-32_602, `the node ${node} is another`);
    const call = to === null ? ["deployNext", [from, nonce, data]] : ["relayNext", [from, nonce, to, data]];
    const input = functions.encodeFunctionData(call[0] as string, call[1] as unknown[]);
    const gas = toQuantity((gasLimit * 64n) / 63n + HUB_GAS);
    const transaction = { from: writer, to: hub, data: input, gas, gasPrice: "0x0" };
    // As LACChain's, it tries before it sends.
    await ask("eth_call", transaction, "latest").catch((error: unknown) => {
      throw refusal(-32_006, `Incorrect Nonce, or expired: ${(error as Error).message}`);
    });
    return ask("eth_sendTransaction", transaction);
  };

  const receiptOf = async (hash: string) => {
    const receipt = await ask<Receipt | null>("eth_getTransactionReceipt", hash);
    for (const { topics, data } of receipt?.logs ?? []) {
      if (topics[0] === CREATED) receipt!.contractAddress = getAddress(dataSlice(data, 12)).toLowerCase();
      if (topics[0] !== RELAYED) continue;
      const [executed] = AbiCoder.defaultAbiCoder().decode(["bool", "bytes"], data) as unknown as [boolean];
      if (!executed) receipt!.status = "0x0";
    }
    return receipt;
  };

  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    switch (method) {
      case "eth_sendRawTransaction":
        return relay(params[0] as string);
      case "eth_getTransactionCount":
        return toQuantity(await countOf(params[0] as string));
      case "eth_getTransactionReceipt":
        return receiptOf(params[0] as string);
      case "eth_accounts":
        return [];
      default:
        return behind.send(method, params);
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const part of request) body += String(part);
    const { id, method, params } = JSON.parse(body) as { id: unknown; method: string; params: unknown[] };
    const isSent = method === "eth_sendRawTransaction";
    if (isSent) sent.push(params[0] as string);
    const fate = isSent ? fateOf(params[0] as string) : "taken";
    if (fate === "refused") {
      response.destroy();
      return;
    }
    const told = await answer(method, params).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: errorOf(error) }),
    );
    if (fate === "unheard") response.destroy();
    else
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id, ...told }));
  };

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    chain: edr.url,
    hub,
    writer,
    sent,
    decide(fate) {
      fateOf = fate;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await edr.close();
    },
  };
}

async function deployHub(
  ask: <T>(method: string, ...params: unknown[]) => Promise<T>,
  from: string,
  data: string,
): Promise<string> {
  const hash = await ask<string>("eth_sendTransaction", { from, data, gas: "0x1e8480", gasPrice: "0x0" });
  for (;;) {
    const receipt = await ask<{ contractAddress: string } | null>("eth_getTransactionReceipt", hash);
    if (receipt !== null) return getAddress(receipt.contractAddress);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function refusal(code: number, message: string): RpcRefusal {
  return new RpcRefusal(code, message, undefined);
}

function errorOf(error: unknown): { code: number; message: string; data?: unknown } {
  if (error instanceof RpcRefusal) return { code: error.code, message: error.message, data: error.data };
  return { code: -32_603, message: error instanceof Error ? error.message : String(error) };
}
