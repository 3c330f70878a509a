import { expect } from "chai";

import { runScript } from "../../scripts/tooling/run-command.js";
import type { Outbox } from "../../src/network/outbox/openOutbox.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import { mining, numbered, outboxBench, type OutboxBench, until } from "./outboxBench.js";

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
}).timeout(60_000);
