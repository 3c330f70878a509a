import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { toQuantity } from "ethers";

import { readManifest } from "../../src/network/manifest/readManifest.js";
import { openNode } from "../../src/network/rpc/openNode.js";

import { killAfter, startDeploy } from "./deployProcess.js";
import { serveEdr } from "./edrServer.js";

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

describe("npm run deploy, killed", function () {
  // Many whole processes, one after another.
  this.timeout(900_000);

  it("ends the same, with no second contract", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "diwan-deploy-"));
    const [calm, killed] = [await serveEdr(), await serveEdr()];
    try {
      const [calmOut, killedOut] = [join(scratch, "calm"), join(scratch, "killed")];
      const uninterrupted = await startDeploy(calm.url, calmOut).ended;
      expect(uninterrupted.code, uninterrupted.stderr).to.equal(0);

      let kills = 0;
      for (const signed of [1, 6, 11, 16, 21, 26]) {
        const delay = Math.floor(Math.random() * 150);
        if (await killAfter(startDeploy(killed.url, killedOut), killedOut, { signed, delay })) kills++;
      }
      expect(kills).to.be.at.least(4);
      const last = await startDeploy(killed.url, killedOut).ended;
      expect(last.code, last.stderr).to.equal(0);

      const [inCalm, inKilled] = [await transactionsOf(calm.url), await transactionsOf(killed.url)];
      expect(inCalm.filter(({ to }) => to === null)).to.have.length(CONTRACTS);
      expect(inKilled.filter(({ to }) => to === null)).to.have.length(CONTRACTS);
      expect(inKilled).to.have.length(inCalm.length);
      expect(timeless(await manifestIn(killedOut))).to.deep.equal(timeless(await manifestIn(calmOut)));

      const again = await startDeploy(killed.url, killedOut).ended;
      expect(again.code, again.stderr).to.equal(0);
      expect(await transactionsOf(killed.url)).to.have.length(inCalm.length);
    } finally {
      await Promise.all([calm.close(), killed.close()]);
      await rm(scratch, { recursive: true, force: true });
    }
  });
});
