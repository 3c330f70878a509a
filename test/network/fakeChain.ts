import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { getAddress, id, keccak256, Transaction } from "ethers";

/** A transaction in a block, or on its way there. */
interface Held {
  readonly hash: string;
  readonly from: string;
  readonly nonce: number;
  readonly to: string;
  readonly data: string;
  readonly gasLimit: bigint;
  readonly raw: string;
}

interface Block {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly transactions: readonly Held[];
}

/** What a node does to one request: its own answer instead, or a status. */
export type Fault = (method: string, params: unknown[]) => FaultAnswer | undefined;
type FaultAnswer =
  | { readonly status: number }
  | { readonly result: unknown }
  | { readonly error: { code: number; message: string; data?: string } }
  | { readonly text: string }
  | { readonly hangs: true };

/** Such data is refused by the contract: Error("closed"), in a block too. */
export const REVERTING_DATA = "0xdeadbeef";
const REVERT_DATA = `0x08c379a0${"20".padStart(64, "0")}${"6".padStart(64, "0")}${Buffer.from("closed").toString("hex").padEnd(64, "0")}`;
const BLOCK_GAS = 30_000_000n;

/** A chain in memory. It makes a block when it is told to, holds only legacy transactions, and runs nothing. */
export class FakeChain {
  readonly chainId: bigint;
  blocks: Block[];
  /** Waiting, in the order they came; those that cannot go in yet wait too. */
  pool = new Map<string, Held>();
  /** Known by number alone, where the senders' recovery would take the time of a measurement. */
  readonly onlySender: string | undefined;
  /** Blocks that were dropped, whose receipts a lying node may serve. */
  dropped: Block[] = [];
  /** How often each transaction came. */
  readonly offered = new Map<string, number>();
  #branch = 0;
  #places = new Map<string, Block>();
  #counts = new Map<string, number>();

  constructor({ chainId = 2026n, onlySender }: { chainId?: bigint; onlySender?: string } = {}) {
    this.chainId = chainId;
    this.onlySender = onlySender;
    this.blocks = [{ number: 0, hash: id(`genesis ${chainId}`), parentHash: id("nothing"), transactions: [] }];
  }

  get head(): number {
    return this.blocks.length - 1;
  }

  /** Every transaction on the chain, in its order. */
  get written(): Held[] {
    return this.blocks.flatMap(({ transactions }) => transactions);
  }

  countOf(address: string, block = this.head): number {
    if (block === this.head) return this.#counts.get(address.toLowerCase()) ?? 0;
    const before = this.blocks.slice(0, block + 1).flatMap(({ transactions }) => transactions);
    return before.filter(({ from }) => from.toLowerCase() === address.toLowerCase()).length;
  }

  /** Makes blocks of what waits. */
  mine(blocks = 1, most = Infinity): void {
    for (let i = 0; i < blocks; i++) {
      const transactions: Held[] = [];
      const waiting = [...this.pool.values()].sort((a, b) => a.nonce - b.nonce);
      for (const held of waiting) {
        if (transactions.length >= most) break;
        const count = this.countOf(held.from);
        if (held.nonce > count) continue;
        this.pool.delete(held.hash);
        if (held.nonce < count) continue;
        transactions.push(held);
        this.#counts.set(held.from.toLowerCase(), count + 1);
      }
      this.#append(transactions);
    }
  }

  /** Drops the newest blocks and makes as many others and one more; what they held waits again, or is forgotten. */
  reorganise(depth: number, keeps: "transactions" | "nothing" = "nothing"): void {
    this.cut(depth, keeps);
    this.#branch++;
    for (let i = 0; i <= depth; i++) this.#append([]);
  }

  /** A node that crashed comes back with an older head. */
  cut(depth: number, keeps: "transactions" | "nothing" = "nothing"): void {
    const gone = this.blocks.splice(this.blocks.length - depth, depth);
    this.#branch++;
    this.dropped.push(...gone);
    this.pool.clear();
    for (const held of gone.flatMap(({ transactions }) => transactions)) {
      this.#places.delete(held.hash);
      const sender = held.from.toLowerCase();
      this.#counts.set(sender, this.#counts.get(sender)! - 1);
      if (keeps === "transactions") this.pool.set(held.hash, held);
    }
  }

  /** @throws what JSON-RPC answers as an error. */
  answer(method: string, params: unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return hex(this.chainId);
      case "net_version":
        return `${this.chainId}`;
      case "eth_blockNumber":
        return hex(this.head);
      case "eth_gasPrice":
      case "eth_getBalance":
        return "0x0";
      case "eth_getTransactionCount":
        return hex(this.countOf(params[0] as string, this.#heightOf(params[1] as string)));
      case "eth_getBlockByNumber": {
        const block = this.blocks[this.#heightOf(params[0] as string)];
        return block === undefined ? null : this.#describe(block, params[1] === true);
      }
      case "eth_getTransactionReceipt":
        return receiptOf(params[0] as string, this.#places.get(params[0] as string));
      case "eth_getTransactionByHash": {
        const block = this.#places.get(params[0] as string);
        return block === undefined ? null : this.#describeHeld(block, params[0] as string);
      }
      case "eth_call":
        if ((params[0] as { data: string }).data.startsWith(REVERTING_DATA)) {
          throw Object.assign(new Error("execution reverted"), { code: 3, data: REVERT_DATA });
        }
        return "0x";
      case "eth_sendRawTransaction":
        return this.accept(params[0] as string);
      default:
        throw Object.assign(new Error(`the method ${method} does not exist`), { code: -32601 });
    }
  }

  /** Takes a signed transaction as geth does. @throws with geth's words. */
  accept(raw: string): string {
    const transaction = Transaction.from(raw);
    const hash = keccak256(raw);
    this.offered.set(hash, (this.offered.get(hash) ?? 0) + 1);
    if (this.pool.has(hash)) throw new Error("already known");
    const { nonce, to, data, gasLimit } = transaction;
    const from = this.onlySender ?? transaction.from!;
    if (transaction.chainId !== this.chainId) throw new Error("invalid chain id for signer");
    if (gasLimit > BLOCK_GAS) throw new Error("exceeds block gas limit");
    if (gasLimit < 21_000n) throw new Error("intrinsic gas too low: have less, want 21000");
    if (nonce < this.countOf(from)) throw new Error("nonce too low");
    if (this.onlySender === undefined && [...this.pool.values()].some((o) => o.from === from && o.nonce === nonce)) {
      throw new Error("replacement transaction underpriced");
    }
    this.pool.set(hash, { hash, from, nonce, to: to!, data, gasLimit, raw });
    return hash;
  }

  #append(transactions: readonly Held[]): void {
    const { number, hash: parentHash } = this.blocks[this.head]!;
    const hash = id(`${this.#branch} ${number + 1} ${parentHash} ${transactions.map((held) => held.hash).join()}`);
    const block = { number: number + 1, hash, parentHash, transactions };
    this.blocks.push(block);
    for (const held of transactions) this.#places.set(held.hash, block);
  }

  #heightOf(tag: string): number {
    return tag === "latest" || tag === "pending" ? this.head : Number(tag);
  }

  #describe(block: Block, isWhole: boolean): object {
    const { number, hash, parentHash, transactions } = block;
    return {
      ...{ number: hex(number), hash, parentHash, timestamp: hex(number), gasLimit: hex(BLOCK_GAS), gasUsed: "0x0" },
      ...{ nonce: "0x0000000000000000", difficulty: "0x1", miner: getAddress(hash.slice(0, 42)), extraData: "0x" },
      transactions: transactions.map((held) => (isWhole ? this.#describeHeld(block, held.hash) : held.hash)),
    };
  }

  #describeHeld(block: Block, hash: string): object {
    const index = block.transactions.findIndex((held) => held.hash === hash);
    const { from, raw } = block.transactions[index]!;
    const { nonce, to, value, data, gasLimit, gasPrice, signature } = Transaction.from(raw);
    return {
      ...{ hash, from: from.toLowerCase(), nonce: hex(nonce), to, value: hex(value), input: data, type: "0x0" },
      ...{ gas: hex(gasLimit), gasPrice: hex(gasPrice!), chainId: hex(this.chainId) },
      ...{ r: signature!.r, s: signature!.s, v: hex(signature!.networkV ?? BigInt(signature!.v)) },
      ...{ blockNumber: hex(block.number), blockHash: block.hash, transactionIndex: hex(index) },
    };
  }
}

/** The receipt as a node gives it, or null. */
function receiptOf(hash: string, block: Block | undefined): object | null {
  if (block === undefined) return null;
  const index = block.transactions.findIndex((held) => held.hash === hash);
  const { from, to, data, gasLimit } = block.transactions[index]!;
  return {
    ...{ transactionHash: hash, blockNumber: hex(block.number), blockHash: block.hash, transactionIndex: hex(index) },
    ...{ from, to, contractAddress: null, logs: [], logsBloom: `0x${"00".repeat(256)}`, type: "0x0" },
    ...{
      gasUsed: hex(gasLimit),
      cumulativeGasUsed: hex(gasLimit),
      status: data.startsWith(REVERTING_DATA) ? "0x0" : "0x1",
    },
  };
}

/** A chain's node over HTTP on the loopback interface; its fault can be changed at any time. */
export interface FakeNode {
  readonly url: string;
  fault: Fault | undefined;
  /** Every so many requests, one is not taken, and half way between one is worked on and its answer lost; 0 for none. */
  losesEvery: number;
  /** Requests that came, by method. */
  readonly asked: Map<string, number>;
  /** User and password of the last request, as HTTP's basic authentication tells them. */
  credentials: string | undefined;
  close: () => Promise<void>;
}

export async function serveChain(chain: FakeChain, fault?: Fault): Promise<FakeNode> {
  const asked = new Map<string, number>();
  let requests = 0;
  const server = createServer((request, response) => {
    const [, encoded] = /^Basic (.*)$/.exec(request.headers.authorization ?? "") ?? [];
    node.credentials = encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
    void read(request).then((body) => {
      const turn = node.losesEvery === 0 ? NaN : ++requests % node.losesEvery;
      if (turn === 0) response.writeHead(502).end("not now");
      else respond(chain, node, body, response, turn === Math.floor(node.losesEvery / 2));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const node: FakeNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ fault, losesEvery: 0, asked, credentials: undefined },
    close: () => closeServer(server),
  };
  return node;
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part as string;
  return text;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown[];
}

function respond(chain: FakeChain, node: FakeNode, body: string, response: ServerResponse, isLost: boolean): void {
  const parsed = JSON.parse(body) as Request | Request[];
  const answers: object[] = [];
  for (const { id: requestId, method, params } of Array.isArray(parsed) ? parsed : [parsed]) {
    node.asked.set(method, (node.asked.get(method) ?? 0) + 1);
    const fault = node.fault?.(method, params);
    if (fault !== undefined && "hangs" in fault) return;
    if (fault !== undefined && "status" in fault) {
      response.writeHead(fault.status).end("not now");
      return;
    }
    if (fault !== undefined && "text" in fault) {
      response.end(fault.text);
      return;
    }
    answers.push({ jsonrpc: "2.0", id: requestId, ...(fault ?? outcomeOf(chain, method, params)) });
  }
  if (isLost) {
    response.destroy();
    return;
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(Array.isArray(parsed) ? answers : answers[0]));
}

function outcomeOf(chain: FakeChain, method: string, params: unknown[]): object {
  try {
    return { result: chain.answer(method, params) };
  } catch (error) {
    const { message, code = -32000, data } = error as Error & { code?: number; data?: string };
    return { error: { code, message, ...(data === undefined ? {} : { data }) } };
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function hex(number: bigint | number): string {
  return `0x${number.toString(16)}`;
}
