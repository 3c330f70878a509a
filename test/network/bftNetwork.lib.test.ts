import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { getBytes } from "ethers";

import { startBftNetwork, type BftNetworkOptions } from "../../scripts/network/bftNetwork.js";
import { silentProgress } from "../../scripts/console/progress.js";
import { freePorts } from "../../scripts/network/freePorts.js";
import { openWarden } from "../../scripts/network/openWarden.js";
import { serveNetwork } from "../../scripts/network/serveNetwork.js";
import type { RunningNetwork } from "../../scripts/network/RunningNetwork.js";
import { decodeBftExtra } from "../../src/blocks/bftExtra.js";
import { readManifest } from "../../src/network/manifest/readManifest.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { openNode } from "../../src/network/rpc/openNode.js";

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

  it("starts GoQuorum without private transactions, with the genesis' gas for target and limit", async () => {
    const [{ log }] = (await start("goquorum")).nodes as [RunningNetwork["nodes"][number]];
    const args = argsOf(log).join(" ");
    expect(args).to.include("--miner.gastarget 30000000").and.to.include("--miner.gaslimit 30000000");
    expect(args).to.include("PRIVATE_CONFIG=ignore");
  });

  it("leaves nothing when it is stopped", async () => {
    const started = await start("besu");
    await started.stop();
    for (const { pid, log } of started.nodes) {
      expect(() => process.kill(pid, 0)).to.throw("ESRCH");
      expect(existsSync(log)).to.equal(false);
    }
  });

  it("leaves nothing when the command is killed, also where the client is a script's child", async () => {
    const [script, out] = [join(folder, "script"), join(folder, "killed")];
    // Without `exec`, the client is the shell's child.
    writeFileSync(script, `#!/bin/sh\n"${process.execPath}" --import tsx "${FAKE}" "$@"\nexit $?\n`);
    chmodSync(script, 0o700);
    const [port] = await freePorts(4);
    const choice = ["--client", "besu", "--binary", script, "--validators", "2", "--port", `${port!}`, "--out", out];
    const command = spawn(process.execPath, ["--import", "tsx", "scripts/network.ts", ...choice], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [said] = (await once(command.stdout.setEncoding("utf8"), "data")) as [string];
    expect(said).to.include("Manifest");
    const { nodes = [] } = readManifest(readFileSync(join(out, "manifest.json"), "utf8"));
    expect(nodes).to.have.length(2);
    command.kill("SIGKILL");
    const home = dirname(dirname(nodes[0]!.log!));
    const isGone = () =>
      [home, join(out, "manifest.json"), join(out, "genesis.json")].every((path) => !existsSync(path));
    for (const end = Date.now() + 60_000; Date.now() < end && !isGone();) await setTimeout(50);
    expect(isGone()).to.equal(true);
    for (const { rpcUrl, pid } of nodes) {
      expect(() => process.kill(pid!, 0)).to.throw("ESRCH");
      expect(await refusal(openNode(rpcUrl).send("eth_blockNumber", []))).to.include("cannot be used");
    }
  });

  it("leaves the manifest of another network that was started at the same place", async () => {
    const out = join(folder, "shared");
    const serve = async () => {
      const [port] = await freePorts(2);
      const plan = { validators: 1, period: 2, rules: "berlin", gasLimit: 30_000_000, chainId: 7_099 } as const;
      const options = { ...plan, client: "besu", binary, port: port!, out } as const;
      return (await serveNetwork(options, silentProgress, new Promise(() => undefined)))!;
    };
    const manifest = () => readFileSync(join(out, "manifest.json"), "utf8");
    const first = await serve();
    const [before, second] = [manifest(), await serve()];
    const written = manifest();
    expect(written).to.not.equal(before);
    await first.stop();
    expect(manifest()).to.equal(written);
    await second.stop();
    expect(existsSync(join(out, "manifest.json"))).to.equal(false);
  });

  it("goes on where a log cannot be written", async () => {
    const warden = openWarden();
    try {
      const kept = await warden.start("/bin/sleep", ["60"], join(folder, "sleep.log"));
      expect(await refusal(warden.start("/bin/sleep", ["60"], join(folder, "nowhere", "log")))).to.include("ENOENT");
      expect(kept.endedBy).to.equal(undefined);
      await warden.close();
      expect(await kept.ended).to.equal("SIGKILL");
    } finally {
      await warden.close();
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
