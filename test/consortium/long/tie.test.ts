import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { type CliqueNetwork, startCliqueNetwork } from "../../../scripts/network/cliqueNetwork.js";
import { findGeth } from "../../../scripts/network/findGeth.js";
import type { GethNode } from "../../../scripts/network/gethNode.js";

/** Two halves tie about every second time: this often without a tie is one run in 65,000. */
const MOST_NETWORKS = 16;
/** Seconds in which blocks come, or never do. */
const PATIENCE = 6;
/** With fewer than five peers geth looks every ten seconds whether one has a heavier chain. */
const SYNC_SECONDS = 30;

interface Head {
  hash: string;
  number: string;
  totalDifficulty: string;
}

describe("an even number of Clique signers", function () {
  this.timeout(400_000);
  let network: CliqueNetwork | undefined;

  afterEach(() => network?.stop());

  /** A network that was cut in halves and joined, and whether it goes on. */
  async function cutAndJoin(geth: string) {
    network = await startCliqueNetwork({ geth, validators: 4 });
    const halves = [network.nodes[0]!, network.nodes[2]!] as const;
    await until(async () => Number((await head(halves[0])).number) > 1);
    await network.cut([0, 1], [2, 3]);
    await setTimeout(3_000);
    const [apart] = await heads(halves);
    await network.join();
    // It goes on with one chain, or nothing moves any more on two of one weight.
    let since = Date.now();
    let [left, right] = await heads(halves);
    for (;;) {
      const isOne = left.hash === right.hash;
      if (isOne && Number(left.number) > Number(apart.number) + 1)
        return { network, halves, isTied: false, left, right };
      const isStill = Date.now() - since > PATIENCE * 1_000;
      if (isStill && !isOne && left.totalDifficulty === right.totalDifficulty) {
        return { network, halves, isTied: true, left, right };
      }
      await setTimeout(200);
      const [newLeft, newRight] = await heads(halves);
      if (newLeft.hash !== left.hash || newRight.hash !== right.hash) since = Date.now();
      [left, right] = [newLeft, newRight];
    }
  }

  it("can be tied for ever by a cut in halves, and goes on once one half forgets its branch", async () => {
    const geth = await findGeth(undefined, () => undefined);
    let tied = await cutAndJoin(geth);
    for (let networks = 1; !tied.isTied; networks++) {
      expect(networks, "networks without a tie").to.be.lessThan(MOST_NETWORKS);
      await network?.stop();
      tied = await cutAndJoin(geth);
    }
    const { halves, network: four, left, right } = tied;
    await setTimeout(PATIENCE * 1_000);
    expect(await heads(halves)).to.deep.equal([left, right]);

    // The cure of the runbook. If they sealed before they have the other branch, they could make a second one of its weight.
    const shared = await commonAncestor(...halves, left);
    const losers = four.nodes.slice(2);
    await Promise.all(losers.map((node) => node.ask("miner_stop", [])));
    await Promise.all(losers.map((node) => node.ask("debug_setHead", [shared])));
    await four.kill([2, 3]);
    await four.restart([2, 3], { isToSeal: false });
    const isLed = await until(async () => {
      const all = await Promise.all(losers.map((node) => head(node)));
      return all.every(({ hash }) => hash === left.hash);
    }, SYNC_SECONDS);
    expect(isLed, "the losers take the other branch").to.equal(true);
    await Promise.all(losers.map((node) => node.seal()));
    const target = Number(left.number) + 3;
    const goesOn = await until(async () => {
      const all = await Promise.all(four.nodes.map((node) => head(node)));
      return all.every(({ number }) => Number(number) >= target);
    }, 30);
    expect(goesOn).to.equal(true);
    const same = await Promise.all(four.nodes.map((node) => block(node, `0x${target.toString(16)}`)));
    expect(new Set(same.map((one) => one?.hash)).size).to.equal(1);
  });
});

/** Asks until it is so, for some seconds. */
async function until(isSo: () => Promise<boolean>, seconds = PATIENCE): Promise<boolean> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
    if (await isSo()) return true;
    await setTimeout(200);
  }
  return false;
}

async function block(node: GethNode, number: string): Promise<Head | null> {
  return (await node.ask("eth_getBlockByNumber", [number, false])) as Head | null;
}

async function head(node: GethNode): Promise<Head> {
  const { hash, number, totalDifficulty } = (await block(node, "latest"))!;
  return { hash, number, totalDifficulty };
}

async function heads([a, b]: readonly [GethNode, GethNode]): Promise<[Head, Head]> {
  return Promise.all([head(a), head(b)]);
}

/** The number of the last block that both have. */
async function commonAncestor(a: GethNode, b: GethNode, from: Head): Promise<string> {
  for (let number = Number(from.number); ; number--) {
    const hex = `0x${number.toString(16)}`;
    const [one, other] = await Promise.all([block(a, hex), block(b, hex)]);
    if (one !== null && one.hash === other?.hash) return hex;
  }
}
