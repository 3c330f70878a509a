import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { toQuantity } from "ethers";

import { readManifest } from "../../src/network/manifest/readManifest.js";
import { openNode } from "../../src/network/rpc/openNode.js";

import { killAfter, startDeploy } from "./deployProcess.js";
import { serveEdr } from "./edrServer.js";
import { type RpcServer, serveRpc } from "./serveRpc.js";

/** The suite's 22 contracts, what elections and trustees are clones of, and the three libraries of these. */
const CONTRACTS = 27;

async function transactionsOf(url: string) {
  const node = openNode(url);
  const head = Number(await node.send("eth_blockNumber", []));
  const found: { to: string | null; nonce: string }[] = [];
  for (let number = 0; number <= head; number++) {
    const block = (await node.send("eth_getBlockByNumber", [toQuantity(number), true])) as {
      transactions: typeof found;
    };
    found.push(...block.transactions);
  }
  return found;
}

async function manifestIn(out: string) {
  const [folder] = await readdir(out);
  return readManifest(await readFile(join(out, folder!, "manifest.json"), "utf8"));
}

/** Without the blocks' numbers, which hang on the clock. */
function timeless(manifest: Awaited<ReturnType<typeof manifestIn>>) {
  return JSON.parse(
    JSON.stringify(manifest, (key, value: unknown) => (key === "deployBlock" ? undefined : value)),
  ) as unknown;
}

/** Kills a deployment that is told of its nth transaction that was mined, before it hears of it. */
async function killAtReceipt(url: string, out: string, nth: number): Promise<void> {
  const [node, told] = [openNode(url), new Set<unknown>()];
  let kill: () => void = () => undefined;
  const proxy = await serveRpc({
    send: async (method, params: unknown[]) => {
      const answer = await node.send(method, params);
      if (method !== "eth_getTransactionReceipt" || answer === null || told.add(params[0]).size < nth) return answer;
      kill();
      return new Promise(() => undefined);
    },
  });
  try {
    const run = startDeploy(proxy.url, out);
    kill = run.kill;
    expect((await run.ended).code, `was over before the receipt ${nth}`).to.equal(null);
  } finally {
    await proxy.close();
  }
}

describe("npm run deploy, killed", function () {
  // Many whole processes, one after another.
  this.timeout(900_000);

  let scratch: string;
  let calm: RpcServer;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "diwan-deploy-"));
    calm = await serveEdr();
    const uninterrupted = await startDeploy(calm.url, join(scratch, "calm")).ended;
    expect(uninterrupted.code, uninterrupted.stderr).to.equal(0);
  });

  after(async () => {
    await calm.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** What a deployment that was killed must end as. */
  async function expectTheSame(killed: RpcServer, out: string): Promise<void> {
    const last = await startDeploy(killed.url, out).ended;
    expect(last.code, last.stderr).to.equal(0);
    const [inCalm, inKilled] = [await transactionsOf(calm.url), await transactionsOf(killed.url)];
    expect(inCalm.filter(({ to }) => to === null)).to.have.length(CONTRACTS);
    expect(inKilled.filter(({ to }) => to === null)).to.have.length(CONTRACTS);
    expect(inKilled).to.have.length(inCalm.length);
    expect(timeless(await manifestIn(out))).to.deep.equal(timeless(await manifestIn(join(scratch, "calm"))));
  }

  it("ends the same, with no second contract", async () => {
    const [killed, out] = [await serveEdr(), join(scratch, "killed")];
    try {
      let kills = 0;
      for (const signed of [1, 6, 11, 16, 21, 26]) {
        const delay = Math.floor(Math.random() * 150);
        if (await killAfter(startDeploy(killed.url, out), out, { signed, delay })) kills++;
      }
      expect(kills).to.be.at.least(4);
      await expectTheSame(killed, out);

      const before = await transactionsOf(killed.url);
      const again = await startDeploy(killed.url, out).ended;
      expect(again.code, again.stderr).to.equal(0);
      expect(await transactionsOf(killed.url)).to.have.length(before.length);
    } finally {
      await killed.close();
    }
  });

  it("ends the same where a part of what was sent together was known to be mined", async () => {
    const [killed, out] = [await serveEdr(), join(scratch, "torn")];
    try {
      // Within the first batch, the second, the fourth and the fifth.
      for (const receipt of [3, 7, 5, 8]) await killAtReceipt(killed.url, out, receipt);
      await expectTheSame(killed, out);
    } finally {
      await killed.close();
    }
  });
});
