import { expect } from "chai";

import { runScript } from "../../scripts/tooling/run-command.js";
import type { Outbox } from "../../src/network/outbox/openOutbox.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import { mining, numbered, outboxBench, type OutboxBench, SIGNER, until } from "./outboxBench.js";

describe("npm run outbox", () => {
  let bench: OutboxBench;
  let outbox: Outbox;

  beforeEach(async () => {
    bench = await outboxBench();
    outbox = await bench.open();
    await outbox.write(numbered(1), { id: "one" });
    await outbox.write(numbered(2), { id: "two" });
    await until(() => bench.chain.pool.size === 2, "both are sent");
  });
  afterEach(() => bench.close());

  const run = (...args: string[]) => runScript("scripts/outbox.ts", args);
  const store = () => ["--store", bench.file];
  const rpc = () => ["--rpc", bench.nodes[0]!.url];

  it("shows where the writes stand, while the process that writes goes on", async () => {
    const { code, output } = await run("status", ...store(), ...rpc(), "--json");
    expect(code, output).to.equal(1);
    const status = JSON.parse(output) as { counts: { count: number }[]; oldest: OutboxEntry[]; nodes: object[] };
    expect(status.counts.reduce((sum, { count }) => sum + count, 0)).to.equal(2);
    expect(status.oldest.map(({ id }) => id)).to.deep.equal(["one"]);
    expect(status.nodes[0]).to.include({ head: bench.chain.head, problem: null });
  });

  it("says by its code that nothing is under way", async () => {
    await mining(bench.chain, outbox.settled("two"));
    const { code, output } = await run("status", ...store());
    expect(code, output).to.equal(0);
    expect(output).to.match(/final +2/);
  });

  it("says by its code, in words as for machines, that something is under way", async () => {
    for (const args of [[], ["--json"]]) {
      const { code, output } = await run("status", ...store(), ...args);
      expect(code, output).to.equal(1);
    }
  });

  it("leaves alone what is to be given up, and shows it", async () => {
    await outbox.close();
    bench.chain.pool.clear();
    const [one] = await bench.store.find(SIGNER.address, ["one"]);
    await bench.store.update([{ ...one!, cancelAskedAt: Date.now() }]);
    const offered = bench.chain.offered.get(one!.hash);
    const { code, output } = await run("retry", ...store(), ...rpc(), "--json");
    expect(code, output).to.equal(1);
    expect(JSON.parse(output)).to.deep.include({
      ...{ id: "one", hash: one!.hash, isTaken: false, reason: "it is to be given up" },
    });
    expect(bench.chain.offered.get(one!.hash)).to.equal(offered);
    expect((await run("status", ...store())).output).to.include("sent, to be given up");
  });

  it("takes the store and the nodes from the environment", async () => {
    await outbox.close();
    const env = {
      DIWAN_OUTBOX_STORE: bench.file,
      DIWAN_RPC_URL: bench.nodes[0]!.url.replace("//", "//clerk:hunter2@"),
    };
    const { code, output } = await runScript("scripts/outbox.ts", ["retry"], { env });
    expect(code, output).to.equal(0);
    expect(bench.nodes[0]!.credentials).to.equal("clerk:hunter2");
    bench.nodes[0]!.fault = () => ({ status: 502 });
    const status = await runScript("scripts/outbox.ts", ["status", "--json"], { env });
    expect(status.code, status.output).to.equal(1);
    expect(status.output)
      .to.include("HTTP 502")
      .and.not.match(/hunter2|clerk/);
  });

  it("refuses a password in an option, and prints none", async () => {
    const url = "postgres://clerk:hunter2@127.0.0.1:9/registry";
    const refused = [
      ["--store", url],
      ["--store", "postgres://clerk@127.0.0.1:9/registry?password=hunter2"],
      [...store(), "--rpc", "http://127.0.0.1:9,http://clerk:hunter2@127.0.0.1:9"],
    ];
    for (const args of refused) {
      const { code, output } = await run("status", ...args);
      expect(code, output).to.equal(2);
      expect(output)
        .to.match(/in the environment/)
        .and.not.match(/hunter2/);
    }
    const wrong = [url, "postgres://clerk:hun/ter2@127.0.0.1:9/registry", "clerk:hunter2@127.0.0.1/registry"];
    for (const place of wrong) {
      const env = { DIWAN_OUTBOX_STORE: place };
      const { code, output } = await runScript("scripts/outbox.ts", ["status"], { env });
      expect(code, output).to.equal(2);
      expect(output).not.to.match(/hunter2|ter2/);
    }
  });

  it("sends what is under way again, without the key", async () => {
    await outbox.close();
    bench.chain.pool.clear();
    const { code, output } = await run("retry", ...store(), ...rpc());
    expect(code, output).to.equal(0);
    bench.chain.mine();
    expect(bench.chain.written).to.have.lengthOf(2);
  });

  it("fails when no node takes them", async () => {
    bench.nodes[0]!.fault = (method) =>
      method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "txpool is full" } } : undefined;
    const { code, output } = await run("retry", ...store(), ...rpc(), "--json");
    expect(code, output).to.equal(1);
    expect(JSON.parse(output)).to.have.lengthOf(2);
  });

  it("exports all that an auditor needs, a line each", async () => {
    await mining(bench.chain, outbox.settled("two"));
    const { code, output } = await run("export", ...store());
    expect(code, output).to.equal(0);
    const entries = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as OutboxEntry);
    expect(entries.map(({ hash }) => hash)).to.deep.equal(bench.chain.written.map(({ hash }) => hash));
    for (const entry of entries) {
      const block = bench.chain.blocks[entry.blockNumber!]!;
      expect(entry).to.include({ state: "final", blockHash: block.hash });
      expect(bench.chain.written.find(({ hash }) => hash === entry.hash)!.raw).to.equal(entry.raw);
    }
  });

  it("watches until nothing is under way", async () => {
    const watching = run("watch", ...store());
    await mining(bench.chain, outbox.settled("two"));
    const { code, output } = await watching;
    expect(code, output).to.equal(0);
    expect(output).to.match(/final +2/);
  });

  it("ends with 2 on wrong arguments, or where there is no store", async () => {
    const wrong = [
      [],
      ["erase"],
      ["status"],
      ["retry", ...store()],
      ["status", "--store", `${bench.file}.none`],
      ["--no"],
    ];
    for (const args of wrong) expect((await run(...args)).code, args.join(" ")).to.equal(2);
    expect((await run("--help")).code).to.equal(0);
  });
});
