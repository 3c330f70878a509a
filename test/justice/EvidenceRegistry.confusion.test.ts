import { expect } from "chai";
import { hexlify, id } from "ethers";

import { treeOf } from "../helpers/batches.js";
import { batchIdOf, CASE, evidenceFixture, exhibit, exhibits, memberOf } from "../helpers/evidence.js";

const CENTRE = id("diwan.role.forensic-centre");

describe("EvidenceRegistry, batches and commitments that are confused", () => {
  it("a depositor is no witness of its own batch, also where its id was deposited as a commitment before", async () => {
    const f = await evidenceFixture();
    const { registry, parties, tool } = f;
    const { laboratory, archive } = parties;
    const batch = batchIdOf({ depositor: laboratory.body, inLog: false, root: id("root"), size: 2n });
    // Another custodian deposits, as if it were an exhibit's commitment, the id of a batch that is yet to come.
    await f.as(archive).deposit(tool, batch, CASE);
    await registry.witnessDeposit(batch, [await f.coAttest(batch, laboratory, { role: CENTRE })]);
    await f.as(laboratory).depositBatch(tool, id("root"), 2n, CASE);
    expect(await registry.isCoAttested(batch, [laboratory.body], 1n)).to.equal(false);
  });

  it("nobody co-attested a batch before it was deposited", async () => {
    const f = await evidenceFixture();
    const { registry, parties, tool } = f;
    const { laboratory, archive, notary } = parties;
    const batch = batchIdOf({ depositor: laboratory.body, inLog: false, root: id("root"), size: 2n });
    await f.as(archive).deposit(tool, batch, CASE);
    await registry.witnessDeposit(batch, [await f.coAttest(batch, notary)]);
    await f.as(laboratory).depositBatch(tool, id("root"), 2n, CASE);
    const { depositedAt } = await registry.depositOf(batch);
    const { attestedAt } = await registry.witnessOf(batch, notary.body);
    expect(attestedAt === 0n || attestedAt >= depositedAt).to.equal(true);
  });

  it("a member's verdict names its own batch's tool, also where the depositor deposited it otherwise in that second", async () => {
    const f = await evidenceFixture();
    const { registry, parties, tool, time, ethers } = f;
    const { police, otherTool } = parties;
    const tree = treeOf(exhibits(2));
    const root = hexlify(tree.root());
    const limit = { gasLimit: 300_000n };
    const nonce = await ethers.provider.getTransactionCount(police.key);
    await f.inOneBlock(
      BigInt(await time.latest()) + 10n,
      () => registry.depositBatch(tool, root, 2n, CASE, { ...limit, nonce }),
      () => registry.deposit(otherTool.body, exhibit(0), CASE, { ...limit, nonce: nonce + 1 }),
    );
    const at = { depositor: police.body, inLog: false, size: 2n, index: 0n };
    const { exhibit: shown } = await registry.statusOfMember(memberOf(tree, exhibit(0), at));
    expect(shown.tool).to.equal(tool);
  });
});
