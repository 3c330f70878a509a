import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { expect } from "chai";
import { getBytes } from "ethers";

import { startBftNetwork, type BftNetworkOptions } from "../../scripts/network/bftNetwork.js";
import { freePorts } from "../../scripts/network/freePorts.js";
import type { RunningNetwork } from "../../scripts/network/RunningNetwork.js";
import { decodeBftExtra } from "../../src/blocks/bftExtra.js";
import { NetworkError } from "../../src/network/NetworkError.js";

const FAKE = resolve("test/network/fakeClient.ts");

describe("startBftNetwork", () => {
  let folder: string;
  let binary: string;
  let network: RunningNetwork | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "diwan-bft-"));
    binary = join(folder, "client");
    writeFileSync(binary, `#!/bin/sh\nexec "${process.execPath}" --import tsx "${FAKE}" "$@"\n`);
    chmodSync(binary, 0o700);
  });

  afterEach(async () => {
    delete process.env["DIWAN_FAKE_CLIENT"];
    await network?.stop();
    network = undefined;
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function start(client: "besu" | "goquorum", change: Partial<BftNetworkOptions> = {}): Promise<RunningNetwork> {
    const [port] = await freePorts(4);
    const plan = { validators: 2, period: 2, rules: "berlin", gasLimit: 30_000_000, chainId: 7_099 } as const;
    network = await startBftNetwork({ ...plan, client, binary, port: port!, ...change });
    return network;
  }

  const argsOf = (log: string): string[] =>
    JSON.parse(readFileSync(log, "utf8").trim().split("\n").at(-1)!) as string[];

  for (const client of ["besu", "goquorum"] as const) {
    it(`gives ${client} keys that sign the genesis, the other's place, and the loopback interface alone`, async () => {
      const { nodes, signers, genesis, genesisHash } = await start(client);
      expect(genesisHash).to.match(/^0x[0-9a-f]{64}$/);
      expect(nodes.map(({ signer }) => signer)).to.have.members([...signers]);
      expect(
        decodeBftExtra(getBytes(genesis.extraData), "qbft").validators.map((address) => address.toLowerCase()),
      ).to.deep.equal(signers.map((address) => address.toLowerCase()));
      for (const { index, log, rpcUrl } of nodes) {
        const home = dirname(log);
        expect(statSync(join(home, "key")).mode & 0o777).to.equal(0o600);
        const [other, ...more] = JSON.parse(readFileSync(join(home, "static-nodes.json"), "utf8")) as string[];
        expect(more).to.deep.equal([]);
        const port = Number(new URL(nodes[1 - index]!.rpcUrl).port) + 2;
        expect(other).to.match(new RegExp(`^enode://[0-9a-f]{128}@127\\.0\\.0\\.1:${port}$`));
        const args = argsOf(log).join(" ");
        expect(args).to.include(new URL(rpcUrl).port).and.to.include("127.0.0.1").and.to.not.include("0.0.0.0");
      }
    });

    it(`keeps every state of ${client}'s, so that a killed node goes on where it was`, async () => {
      const { nodes } = await start(client);
      const [{ log }] = nodes as [RunningNetwork["nodes"][number]];
      const archive = client === "besu" ? /data-storage-format="FOREST"/ : /"--gcmode","archive"/;
      const said = client === "besu" ? join(dirname(log), "config.toml") : log;
      expect(readFileSync(said, "utf8")).to.match(archive);
    });
  }

  it("leaves nothing when it is stopped", async () => {
    const started = await start("besu");
    await started.stop();
    for (const { pid, log } of started.nodes) {
      expect(() => process.kill(pid, 0)).to.throw("ESRCH");
      expect(existsSync(log)).to.equal(false);
    }
  });

  it("refuses a client that makes another block 0, one that ends at once, and rules that it has not", async () => {
    process.env["DIWAN_FAKE_CLIENT"] = "other block";
    expect(await refusal(start("besu"))).to.match(/^besu makes block 0 0x11/);
    process.env["DIWAN_FAKE_CLIENT"] = "ends";
    expect(await refusal(start("besu"))).to.match(/^besu did not start \(exit code 3\):[^]*Invalid value for option/);
    const error = await start("goquorum", { rules: "london" }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NetworkError).with.property("code", "GENESIS_INVALID");
  });
});

async function refusal(started: Promise<unknown>): Promise<string> {
  return started.then(
    () => "started",
    (error: unknown) => (error as Error).message,
  );
}
