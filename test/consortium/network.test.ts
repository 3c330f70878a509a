import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { type CliqueNetwork, startCliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { findGeth } from "../../scripts/network/findGeth.js";
import { freePorts } from "../../scripts/network/freePorts.js";
import type { RpcObject } from "../../src/blocks/rpcFields.js";
import { readManifest } from "../../src/network/manifest/readManifest.js";
import { verifyManifest } from "../../src/network/manifest/verifyManifest.js";
import { openNode } from "../../src/network/rpc/openNode.js";

describe("npm run network", function () {
  let folder: string;
  const children: ChildProcess[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "diwan-network-test-"));
  });

  after(async () => {
    for (const child of children) child.kill("SIGTERM");
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the command, and resolves when it has written its manifest. */
  async function run(...args: string[]) {
    const child = start("--out", folder, ...args);
    const path = join(folder, "manifest.json");
    while (!existsSync(path)) {
      if (child.process.exitCode !== null) throw new Error(child.output());
      await setTimeout(50);
    }
    // Written in one piece, but seen by its name first.
    await setTimeout(50);
    return { ...child, manifest: await read(path) };
  }

  function start(...args: string[]) {
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/network.ts", ...args], { detached: true });
    children.push(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    return {
      process: child,
      output: () => output,
      exited: once(child, "exit") as Promise<[number | null, string | null]>,
    };
  }

  it("runs validators that agree on a block 0 which the manifest foretells, and leaves nothing after Ctrl-C", async () => {
    const [port] = await freePorts(6);
    const { manifest, exited, process: child } = await run("--validators", "3", "--port", `${port}`);
    expect(manifest.nodes.map(({ rpcUrl }) => rpcUrl)).to.deep.equal(
      [0, 1, 2].map((i) => `http://127.0.0.1:${port! + i}`),
    );
    const answers = await Promise.all(
      manifest.nodes.map(({ rpcUrl }) => ask(rpcUrl, "eth_getBlockByNumber", ["0x0", false])),
    );
    for (const block of answers) expect((block as RpcObject)["hash"]).to.equal(manifest.genesisHash);
    expect(await ask(manifest.nodes[1]!.rpcUrl, "clique_getSigners", ["latest"])).to.deep.equal(manifest.validators);

    const written = readManifest(await readFile(join(folder, "manifest.json"), "utf8"));
    expect(await verifyManifest(written, openNode(manifest.nodes[2]!.rpcUrl))).to.deep.equal([]);

    child.kill("SIGINT");
    expect(await exited).to.deep.equal([0, null]);
    for (const file of ["manifest.json", "genesis.json"]) expect(existsSync(join(folder, file)), file).to.equal(false);
    for (const { rpcUrl, pid } of manifest.nodes) {
      expect(await answersOn("127.0.0.1", Number(new URL(rpcUrl).port)), rpcUrl).to.equal(false);
      expect(isRunning(pid), `process ${pid}`).to.equal(false);
    }
  });

  it("leaves nothing running when it is itself killed", async () => {
    const [port] = await freePorts(4);
    const { manifest, exited, process: child } = await run("--validators", "2", "--port", `${port}`);
    expect(manifest.nodes.every(({ pid }) => isRunning(pid))).to.equal(true);
    child.kill("SIGKILL");
    await exited;
    for (let left = 100; left > 0 && manifest.nodes.some(({ pid }) => isRunning(pid)); left--) await setTimeout(50);
    expect(manifest.nodes.filter(({ pid }) => isRunning(pid))).to.deep.equal([]);
    await rm(join(folder, "manifest.json"));
  });

  it("leaves nothing running when its whole group of processes is killed", async () => {
    const [port] = await freePorts(4);
    const { manifest, exited, process: child } = await run("--validators", "2", "--port", `${port}`);
    process.kill(-child.pid!, "SIGKILL");
    await exited;
    for (let left = 100; left > 0 && manifest.nodes.some(({ pid }) => isRunning(pid)); left--) await setTimeout(50);
    expect(manifest.nodes.filter(({ pid }) => isRunning(pid))).to.deep.equal([]);
    await rm(join(folder, "manifest.json"));
  });

  it("ends with the words of a node that ended by itself", async () => {
    const [port] = await freePorts(4);
    const { manifest, exited, output } = await run("--validators", "2", "--port", `${port}`);
    process.kill(manifest.nodes[1]!.pid, "SIGKILL");
    expect(await exited).to.deep.equal([1, null]);
    expect(output()).to.match(/^Node 1 \(http:\/\/127\.0\.0\.1:\d+\) ended by itself: SIGKILL$/m);
    expect(isRunning(manifest.nodes[0]!.pid)).to.equal(false);
  });

  it("names a port that is in use, a program that is no geth, and options that are wrong", async () => {
    const [port] = await freePorts(4);
    const first = await run("--validators", "2", "--port", `${port}`);
    const refusals: [string[], number, string][] = [
      [["--validators", "2", "--port", `${port! - 1}`], 1, `port ${port} is in use on 127.0.0.1`],
      [["--binary", join(folder, "geth")], 1, "does not run as geth"],
      [["--client", "besu"], 2, "--client besu takes the path of its program: --binary PATH"],
      [["--client", "nethermind"], 2, "--client takes geth, besu, goquorum, not nethermind"],
      [["--validators", "0"], 2, "--validators takes a whole number from 1 to 30, not 0"],
      [["--rules", "cancun"], 2, "--rules takes berlin, london, not cancun"],
    ];
    for (const [args, code, words] of refusals) {
      const { exited, output } = start("--out", join(folder, "refused"), ...args);
      expect((await exited)[0], args.join(" ")).to.equal(code);
      expect(output()).to.include(words);
    }
    first.process.kill("SIGINT");
    expect((await first.exited)[0]).to.equal(0);
  });
});

describe("startCliqueNetwork", function () {
  let network: CliqueNetwork;

  before(async () => {
    const geth = await findGeth(undefined, () => undefined);
    network = await startCliqueNetwork({ geth, validators: 3 });
  });

  after(() => network.stop());

  it("listens on the loopback interface alone", async () => {
    const ports = network.nodes.flatMap(({ rpcUrl, enode }) => [new URL(rpcUrl).port, new URL(enode).port].map(Number));
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4");
    for (const port of ports) {
      expect(await answersOn("127.0.0.1", port), `${port}`).to.equal(true);
      for (const { address } of others) expect(await answersOn(address, port), `${address}:${port}`).to.equal(false);
    }
  });

  it("takes the transactions of accounts that own nothing, and refuses none of price 0", async () => {
    const [price, balance] = await Promise.all([
      ask(network.rpcUrls[2]!, "eth_gasPrice", []),
      ask(network.rpcUrls[2]!, "eth_getBalance", [network.signers[0], "latest"]),
    ]);
    expect([price, balance]).to.deep.equal(["0x0", "0x0"]);
  });
});

/** The network's manifest, as `npm run manifest` reads it. */
async function read(path: string) {
  const { nodes, ...manifest } = readManifest(await readFile(path, "utf8"));
  return { ...manifest, nodes: nodes!.map(({ rpcUrl, pid }) => ({ rpcUrl, pid: pid! })) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function answersOn(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  });
}

const ask = (url: string, method: string, params: unknown[]): Promise<unknown> => openNode(url).send(method, params);
