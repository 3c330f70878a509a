import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { FeeData, JsonRpcProvider, type JsonRpcPayload, type JsonRpcResult, Transaction, Wallet } from "ethers";

import { FreeAccount } from "../../scripts/demo/freeAccount.js";

/** The data of a call, and how long a node takes to estimate it. */
const [SLOW, FAST, REFUSED] = ["0x01", "0x02", "0x03"];
const SLOW_MILLISECONDS = 60;

/** A node that keeps what it is sent, and estimates some calls later than others. */
class Node extends JsonRpcProvider {
  readonly sent: { nonce: number; data: string; gasPrice: bigint | null; type: number | null }[] = [];

  constructor() {
    super("http://127.0.0.1:1", 31_337, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
  }

  override getFeeData(): Promise<FeeData> {
    return Promise.resolve(new FeeData(0n));
  }

  override async _send(payload: JsonRpcPayload): Promise<JsonRpcResult[]> {
    const { id, method, params } = payload;
    const [first] = params as [unknown];
    const answer = async (): Promise<unknown> => {
      if (method === "eth_getTransactionCount") return "0x7";
      if (method === "eth_blockNumber") return "0x1";
      if (method === "eth_estimateGas") {
        const { data } = first as { data: string };
        if (data === SLOW) await setTimeout(SLOW_MILLISECONDS);
        if (data === REFUSED) throw new Error("the contract refuses");
        return "0x5208";
      }
      if (method !== "eth_sendRawTransaction") throw new Error(`${method} was asked`);
      const { nonce, data, gasPrice, type, hash } = Transaction.from(first as string);
      this.sent.push({ nonce, data, gasPrice, type });
      return hash;
    };
    return [{ id, result: await answer() }];
  }
}

describe("FreeAccount", () => {
  let node: Node;
  let account: FreeAccount;
  const send = (data: string) => account.sendTransaction({ to: Wallet.createRandom().address, data });

  beforeEach(() => {
    node = new Node();
    account = new FreeAccount(Wallet.createRandom().privateKey, node);
  });
  afterEach(() => {
    node.destroy();
  });

  it("sends in the order of the calls, however long an estimate takes, each with the next nonce", async () => {
    await Promise.all([send(SLOW), send(FAST), send(SLOW)]);
    expect(node.sent.map(({ nonce, data }) => [nonce, data])).to.deep.equal([
      [7, SLOW],
      [8, FAST],
      [9, SLOW],
    ]);
  });

  it("pays nothing, by a legacy transaction", async () => {
    await send(FAST);
    expect(node.sent[0]).to.include({ gasPrice: 0n, type: 0 });
  });

  it("gives no nonce to what would be refused, and goes on with what follows", async () => {
    const [, refused] = await Promise.allSettled([send(SLOW), send(REFUSED), send(FAST)]);
    expect(refused.status).to.equal("rejected");
    expect(node.sent.map(({ nonce, data }) => [nonce, data])).to.deep.equal([
      [7, SLOW],
      [8, FAST],
    ]);
  });
});
