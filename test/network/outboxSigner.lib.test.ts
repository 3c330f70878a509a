import { expect } from "chai";
import { Contract, type ContractTransactionResponse } from "ethers";

import { send } from "../../src/chain/send.js";
import { outboxSigner } from "../../src/network/outbox/outboxSigner.js";
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
    const signer = outboxSigner(outbox);
    const response = await signer.sendTransaction({ to: CONTRACT, data: "0x01", gasLimit: 90_000n });
    const receipt = await mining(bench.chain, response.wait());
    expect(receipt?.hash).not.to.equal(response.hash);
    expect(bench.chain.written.map(({ hash }) => hash)).to.include(receipt?.hash);
    // Afterwards too: the node knows nothing of the first bytes.
    expect(await signer.provider.getTransactionReceipt(response.hash)).to.include({ hash: receipt?.hash });
  });

  it("asks the node alone for what is settled, and holds nothing of it", async () => {
    const outbox = await bench.open();
    const asked: string[] = [];
    const noted = {
      ...outbox,
      settled: (id: string) => {
        asked.push(id);
        return outbox.settled(id);
      },
    };
    const signer = outboxSigner(noted);
    const response = await signer.sendTransaction({ to: CONTRACT, data: "0x01", gasLimit: 90_000n });
    await mining(bench.chain, response.wait());
    const before = asked.length;
    expect(before).to.be.greaterThan(0);
    expect(await signer.provider.getTransactionReceipt(response.hash)).to.include({ hash: response.hash });
    expect(asked).to.have.lengthOf(before);
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

  it("writes once for one id without a gas limit, though the call would be refused by now", async () => {
    const signer = outboxSigner(await bench.open(), { idOf: ({ data }) => data });
    let estimates = 0;
    bench.nodes[0]!.fault = (method) => {
      if (method !== "eth_estimateGas") return undefined;
      return estimates++ === 0 ? { result: "0x10000" } : { error: { code: 3, message: "execution reverted" } };
    };
    const first = await signer.sendTransaction({ to: CONTRACT, data: "0x01" });
    expect(first.gasLimit).to.equal(0x14000n);
    await mining(bench.chain, first.wait());
    const second = await signer.sendTransaction({ to: CONTRACT, data: "0x01" });
    expect(second.hash).to.equal(first.hash);
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
