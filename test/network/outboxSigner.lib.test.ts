import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import {
  Contract,
  type ContractTransactionResponse,
  decodeRlp,
  encodeRlp,
  toBeHex,
  Transaction,
  type TransactionLike,
  Wallet,
} from "ethers";

import { send } from "../../src/chain/send.js";
import { outboxSigner } from "../../src/network/outbox/outboxSigner.js";
import { rpcSigner } from "../../src/network/rpc/rpcSigner.js";
import { REVERTING_DATA } from "./fakeChain.js";
import { CONTRACT, mining, outboxBench, type OutboxBench, SIGNER, until } from "./outboxBench.js";

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe("outboxSigner", () => {
  let bench: OutboxBench;

  beforeEach(async () => {
    bench = await outboxBench();
  });
  afterEach(() => bench.close());

  const contractOf = (signer: ReturnType<typeof outboxSigner>) =>
    new Contract(CONTRACT, ["function set(uint256 value)", "function get() view returns (bytes)"], signer);

  it("lets a contract's writes go through the outbox, and wait until they are final", async () => {
    const outbox = await bench.open({ finality: { confirmations: 3 } });
    const signer = outboxSigner(outbox);
    const response = await contractOf(signer).getFunction("set").send(7n, { gasLimit: 90_000n });
    expect(await bench.store.list(SIGNER.address, 0, 5, "all")).to.have.lengthOf(1);

    let isDone = false;
    const waiting = response.wait().then((receipt) => {
      isDone = true;
      return receipt;
    });
    await until(() => bench.chain.pool.size === 1, "it is sent");
    bench.chain.mine(3);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isDone).to.equal(false);
    bench.chain.mine();
    expect(await waiting).to.include({ hash: response.hash, blockNumber: 1, status: 1 });
  });

  it("waits for the block alone, where that is asked for", async () => {
    const signer = outboxSigner(await bench.open({ finality: { confirmations: 50 } }), { until: "included" });
    const response = await signer.sendTransaction({ to: CONTRACT, data: "0x01", gasLimit: 90_000n });
    await until(() => bench.chain.pool.size === 1, "it is sent");
    bench.chain.mine();
    expect(await response.wait()).to.include({ blockNumber: 1 });
  });

  it("gives the contract's reason through send()", async () => {
    const signer = outboxSigner(await bench.open());
    const work = mining(
      bench.chain,
      send(async () => {
        const response = await signer.sendTransaction({ to: CONTRACT, data: REVERTING_DATA, gasLimit: 90_000n });
        return response as unknown as ContractTransactionResponse;
      }),
    );
    expect(await codeOf(work)).to.equal("REVERTED");
  });

  it("gives the receipt of the bytes that were taken, where others had to be signed", async () => {
    const outbox = await bench.open();
    bench.chain.accept(
      await SIGNER.signTransaction({
        type: 0,
        nonce: 0,
        chainId: 2026n,
        gasPrice: 0n,
        gasLimit: 50_000n,
        to: CONTRACT,
      }),
    );
    bench.chain.mine();
    const response = await outboxSigner(outbox).sendTransaction({ to: CONTRACT, data: "0x01", gasLimit: 90_000n });
    const receipt = await mining(bench.chain, response.wait());
    expect(receipt?.hash).not.to.equal(response.hash);
    expect(bench.chain.written.map(({ hash }) => hash)).to.include(receipt?.hash);
  });

  it("tells why no node took it", async () => {
    const signer = outboxSigner(await bench.open());
    const response = await signer.sendTransaction({ to: CONTRACT, data: "0x01", gasLimit: 100n });
    expect(await codeOf(mining(bench.chain, response.wait()))).to.equal("OUTBOX_REFUSED");
  });

  it("writes once for one id", async () => {
    const signer = outboxSigner(await bench.open(), { idOf: ({ data }) => data, gasLimit: 90_000n });
    const first = await signer.sendTransaction({ to: CONTRACT, data: "0x01" });
    const second = await signer.sendTransaction({ to: CONTRACT, data: "0x01" });
    expect(second.hash).to.equal(first.hash);
    await mining(bench.chain, second.wait());
    expect(bench.chain.written).to.have.lengthOf(1);
  });

  it("makes no contracts and signs nothing outside of the outbox", async () => {
    const signer = outboxSigner(await bench.open());
    const refused = [
      signer.sendTransaction({ data: "0x01", gasLimit: 90_000n }),
      signer.signTransaction({}),
      signer.signMessage("x"),
      signer.signTypedData({}, {}, {}),
    ];
    for (const work of refused) expect(await codeOf(work)).to.equal("OUTBOX_CALL_INVALID");
  });
});

describe("rpcSigner", () => {
  const asked: TransactionLike = {
    ...{ type: 0, to: CONTRACT, data: "0x0102", nonce: 3, gasLimit: 90_000n, gasPrice: 0n, value: 0n, chainId: 2026n },
  };
  /** What the remote signer makes of the parameters. */
  let answer: (params: Record<string, string>) => Promise<object>;
  let url = "";
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const { id, params } = JSON.parse(body) as { id: number; params: [Record<string, string>] };
      void answer(params[0]).then((result) => response.end(JSON.stringify({ jsonrpc: "2.0", id, ...result })));
    });
  });

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const signed = ({ to, data, nonce, gas, gasPrice, value, chainId }: Record<string, string>, by = SIGNER) =>
    by.signTransaction({
      ...{ type: 0, to: to!, data: data!, nonce: Number(nonce), gasLimit: gas!, gasPrice: gasPrice! },
      ...{ value: value!, chainId: chainId! },
    });

  it("takes the bytes of Web3Signer, and of geth and Clef", async () => {
    const expected = await SIGNER.signTransaction(asked);
    answer = async (params) => ({ result: await signed(params) });
    expect(await rpcSigner(url, SIGNER.address).signTransaction(asked)).to.equal(expected);
    answer = async (params) => ({ result: { raw: await signed(params), tx: {} } });
    expect(await rpcSigner(url, SIGNER.address).signTransaction({ ...asked, from: SIGNER.address })).to.equal(expected);
  });

  const lies: Record<string, (params: Record<string, string>) => Promise<string>> = {
    "another nonce": (params) => signed({ ...params, nonce: "0x4" }),
    "other data": (params) => signed({ ...params, data: "0x0103" }),
    "another chain": (params) => signed({ ...params, chainId: "0x1" }),
    "another key": (params) => signed(params, Wallet.createRandom() as unknown as Wallet),
    "no bytes": async () => "0x",
    "no signature": async () => Transaction.from(asked).unsignedSerialized,
    "a high s": async (params) => withHighS(await signed(params)),
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`refuses ${what}`, async () => {
      answer = async (params) => ({ result: await lie(params) });
      expect(await codeOf(rpcSigner(url, SIGNER.address).signTransaction(asked))).to.equal("SIGNER_WRONG");
    });
  }

  it("tells what the signer refuses", async () => {
    answer = async () => ({ error: { code: -32000, message: "unknown account" } });
    const error = await rpcSigner(url, SIGNER.address)
      .signTransaction(asked)
      .catch((reason: unknown) => reason as Error);
    expect(error).to.include({ code: "SIGNER_WRONG" });
    expect((error as unknown as Error).message).to.include("unknown account");
  });
});

/** The twin of a signature: valid for the same key, and refused by nodes. */
function withHighS(raw: string): string {
  const fields = decodeRlp(raw) as string[];
  const [v, s] = [BigInt(fields[6]!), BigInt(fields[8]!)];
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  // EIP-155's v is odd or even by the point's.
  const twin = [v % 2n === 0n ? v - 1n : v + 1n, order - s].map((number) => toBeHex(number));
  return encodeRlp([...fields.slice(0, 6), twin[0]!, fields[7]!, twin[1]!]);
}
