import assert from "node:assert/strict";

import type { SealingKind } from "../../src/blocks/BlockHeader.js";
import type { TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { addresses, packageFixture, sealedNode, VALIDATORS, verify } from "./package.fixtures.js";

/** A story of an exhibit on a chain of its own, which is sealed. */
async function sealedStory(kind: Exclude<SealingKind, "none">) {
  const suite = await packageFixture();
  await suite.story(1);
  const deposit = (await suite.ethers.provider.getBlockNumber()) - 8;
  // One by one: of blocks that are mined in bulk, Hardhat proves no state.
  for (let i = 0; i < 30; ++i) await suite.connection.networkHelpers.mine();
  const { node, hashes } = await sealedNode(suite.ethers.provider, kind);
  const named = { schema: "diwan.trust-anchor.v1" as const, ...suite.names };
  const blockAnchor: TrustAnchor = { ...named, kind: "block", number: hashes.length - 1, hash: hashes.at(-1)! };
  return { ...suite, deposit, node, hashes, named, blockAnchor };
}

const three = ({ integrity, status, who }: Awaited<ReturnType<typeof verify>>) => [integrity, status, who];
const PROVED = ["PROVED", "PROVED", "PROVED"];

describe("buildPackage from a node of a sealed chain, without being told how it is sealed", () => {
  for (const kind of ["qbft", "ibft2", "clique"] as const) {
    it(`finds ${kind} by itself, so that the trusted block's hash holds`, async () => {
      const { build, node, blockAnchor: anchor } = await sealedStory(kind);
      const found = await build(1, { node, anchor });
      assert.equal(found.sealing.kind, kind);
      const report = await verify(found, anchor);
      assert.deepEqual(report.problems, []);
      assert.deepEqual(three(report), PROVED);
      assert.equal(report.sealing!.signers.length, kind === "clique" ? 0 : 3);
      assert.equal(report.notProved.includes("CLIQUE_NOT_FINAL"), kind === "clique");
      const wrongly = build(1, { node, anchor, sealing: "none" });
      if (kind === "clique") assert.equal((await wrongly).header, found.header);
      else await assert.rejects(wrongly, { code: "HEADER_HASH_MISMATCH" });
    });
  }

  it("takes the set that is pinned, or followed from genesis, in QBFT", async () => {
    const { build, node, hashes, named } = await sealedStory("qbft");
    const validators = addresses(VALIDATORS).map((one) => one.toLowerCase());
    const anchors: TrustAnchor[] = [
      { ...named, kind: "validators", validators },
      { ...named, kind: "genesis", hash: hashes[0]!, epoch: 1000 },
    ];
    for (const anchor of anchors) {
      const report = await verify(await build(1, { node, anchor }), anchor);
      assert.deepEqual(report.problems, []);
      assert.deepEqual(three(report), PROVED, anchor.kind);
      assert.equal(report.sealing!.quorum, 3);
    }
  });

  it("takes Clique from a checkpoint, older receipts by their parents, and states depth and distinct sealers", async () => {
    const { build, node, hashes, named, deposit } = await sealedStory("clique");
    const first = Math.floor((hashes.length - 8) / 16) * 16;
    assert(first > deposit + 8, "the story is older than the checkpoint");
    const anchor: TrustAnchor = { ...named, kind: "clique", hash: hashes[first]!, period: 1, epoch: 16 };
    for (const [depth, distinct] of [
      [0, 1],
      [1, 2],
      [3, 4],
    ] as const) {
      const found = await build(1, { node, anchor, block: first + 2, depth });
      assert.equal(found.sealing.headers.length, 3 + depth);
      assert.equal(found.sealing.ancestors.length, first - deposit);
      const report = await verify(found, anchor);
      assert.deepEqual(report.problems, []);
      // Fewer than half of the signers could have made it up among themselves.
      const isByFew = distinct < 3;
      assert.deepEqual(three(report), isByFew ? ["NOT_PROVED", "NOT_PROVED", "NOT_PROVED"] : PROVED);
      assert.equal(report.notProved.includes("SEALERS_TOO_FEW"), isByFew);
      assert.equal(report.history.length, 9);
      const { sealing, anchoredBy, quorum } = report.sealing!;
      assert.deepEqual([sealing, anchoredBy, quorum], ["clique", "clique", 3]);
      assert.deepEqual([report.sealing!.depth, report.sealing!.distinctSealers.length], [depth, distinct]);
      assert(report.notProved.includes("CLIQUE_NOT_FINAL"));
    }
  });
});
