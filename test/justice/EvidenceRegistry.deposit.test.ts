import { expect } from "chai";
import { concat, hexlify, id, sha256, toBeHex, ZeroHash } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { treeOf } from "../helpers/batches.js";
import { batchIdOf, CASE, evidenceFixture, exhibit, exhibits, memberOf, ORDER, STATE } from "../helpers/evidence.js";
import { Standing, timeOf } from "../helpers/trust.js";

const { IN_FORCE, NONE } = Standing;

type World = Awaited<ReturnType<typeof evidenceFixture>>;
type Member = Awaited<ReturnType<World["batch"]>>[number];

/** A slot that nothing was written to. */
const EMPTY = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, false, false];

/** What statusOf and statusOfMember answer for what was never deposited. */
const UNKNOWN = [EMPTY, NONE, NONE, NONE, NONE];

/** What the police's key 1 deposited with the tool, and holds. */
const held = ({ parties, tool }: World, at: bigint, { state = STATE.DEPOSITED } = {}) => {
  const { body } = parties.police;
  return [at, body, 1n, tool, body, 0n, 0n, 0n, state, false, false];
};

const altered = (member: Member, fields: Partial<Member["place"]>): Member => ({
  ...member,
  place: { ...member.place, ...fields },
});

/** The proof does not hold, whoever asks. */
async function expectNoMember({ registry }: World, member: Member): Promise<void> {
  const { root, index } = member.place;
  for (const call of [registry.statusOfMember(member), registry.singleOut(member)])
    await expect(call)
      .to.be.revertedWithCustomError(registry, "ExhibitNotMember")
      .withArgs(member.commitment, root, index);
}

/** There is no such batch. */
async function expectNoBatch({ registry }: World, member: Member): Promise<void> {
  const { depositor, inLog, root, size } = member.place;
  expect(await registry.statusOfMember(member)).to.deep.equal(UNKNOWN);
  await expect(registry.singleOut(member))
    .to.be.revertedWithCustomError(registry, "ExhibitBatchUnknown")
    .withArgs(depositor, inLog, root, size);
}

describe("EvidenceRegistry, deposits", () => {
  describe("deposit", () => {
    it("keeps who deposited, with which key and tool, and when; the depositor holds the exhibit", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      expect(await registry.exhibitOf(exhibit(1))).to.deep.equal(EMPTY);
      expect(await registry.statusOf(exhibit(1))).to.deep.equal(UNKNOWN);
      const sent = f.deposit(1);
      await expect(sent).to.emit(registry, "ExhibitDeposited").withArgs(exhibit(1), parties.police.body, tool, CASE);
      const slot = held(f, await timeOf(sent));
      expect(await registry.exhibitOf(exhibit(1))).to.deep.equal(slot);
      expect(await registry.statusOf(exhibit(1))).to.deep.equal([slot, IN_FORCE, IN_FORCE, IN_FORCE, IN_FORCE]);
    });

    it("is kept in the mapping at slot 3, by its commitment: what a storage proof shows", async () => {
      const f = await evidenceFixture();
      const { ethers, registryAddress } = f;
      const at = await timeOf(f.deposit(1));
      const key = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [exhibit(1), 3n]));
      const word = BigInt(await ethers.provider.getStorage(registryAddress, key));
      expect(word & (2n ** 40n - 1n)).to.equal(at);
      expect((word >> 40n) & 0xffffffffn).to.equal(f.parties.police.body);
      expect((word >> 224n) & 0xffn).to.equal(STATE.DEPOSITED);
    });

    it("refuses a commitment deposited before, by whomever, and says who and when", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const at = await timeOf(f.deposit(1));
      await registry.returnExhibit(exhibit(1), ORDER);
      for (const by of [parties.police, parties.archive])
        await expect(f.deposit(1, by))
          .to.be.revertedWithCustomError(registry, "ExhibitExists")
          .withArgs(exhibit(1), parties.police.body, at);
    });

    it("names the key where a body has several", async () => {
      const f = await evidenceFixture();
      const [second] = f.spare;
      await f.giveKey(f.parties.police.body, second!, ["evidence-custodian"]);
      await f.deposit(1, { key: second! });
      expect((await f.registry.exhibitOf(exhibit(1))).key).to.equal(2n);
    });
  });

  describe("depositMany", () => {
    it("logs the exhibits in the depositor's own log, and keeps the batch under its checkpoint", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      const { body } = parties.police;
      const tree = treeOf(exhibits(3));
      await f.log(new LogTree(), exhibits(3));
      const sent = registry.depositMany(tool, exhibits(2, 3), CASE);
      for (const commitment of exhibits(2, 3)) tree.append(Buffer.from(commitment.slice(2), "hex"));
      const root = hexlify(tree.root());
      await expect(sent).to.emit(registry, "EntriesAppended").withArgs(toBeHex(body, 32), 3n, exhibits(2, 3));
      await expect(sent).to.emit(registry, "ExhibitsLogged").withArgs(body, 3n, 5n, root, tool, CASE);
      const at = await timeOf(sent);
      expect(await registry.checkpointOf(body)).to.deep.equal([5n, root]);
      const batch = batchIdOf({ depositor: body, inLog: true, root, size: 5n });
      expect(await registry.batchIdOf(body, true, root, 5n)).to.equal(batch);
      expect(await registry.depositOf(batch)).to.deep.equal([at, body, 3n, 1n, 0n, tool]);
      // Another depositor's log is another.
      expect((await registry.checkpointOf(parties.archive.body)).size).to.equal(0n);
    });

    it("refuses an empty list", async () => {
      const { registry, tool } = await evidenceFixture();
      await expect(registry.depositMany(tool, [], CASE)).to.be.revertedWithCustomError(registry, "LogBatchEmpty");
    });
  });

  describe("depositBatch", () => {
    it("keeps a batch under its root and size", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      const { body } = parties.police;
      const sent = registry.depositBatch(tool, id("root"), 9n, CASE);
      await expect(sent).to.emit(registry, "ExhibitBatchDeposited").withArgs(body, id("root"), 9n, tool, CASE);
      const batch = batchIdOf({ depositor: body, inLog: false, root: id("root"), size: 9n });
      expect(await registry.depositOf(batch)).to.deep.equal([await timeOf(sent), body, 0n, 1n, 0n, tool]);
    });

    it("refuses no root, no exhibit, and the same again; another size or depositor is another batch", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      const at = await timeOf(registry.depositBatch(tool, id("root"), 9n, CASE));
      for (const [root, size] of [
        [ZeroHash, 9n],
        [id("root"), 0n],
      ] as const)
        await expect(registry.depositBatch(tool, root, size, CASE))
          .to.be.revertedWithCustomError(registry, "ExhibitBatchInvalid")
          .withArgs(root, size);
      await expect(registry.depositBatch(tool, id("root"), 9n, CASE))
        .to.be.revertedWithCustomError(registry, "ExhibitBatchExists")
        .withArgs(id("root"), 9n, at);
      await registry.depositBatch(tool, id("root"), 10n, CASE);
      await f.as(parties.archive).depositBatch(tool, id("root"), 9n, CASE);
    });
  });

  describe("members", () => {
    it("are proved at every index of trees of every shape, and singled out", async () => {
      const f = await evidenceFixture();
      const { registry } = f;
      const tree = new LogTree();
      let batches = 0;
      for (const count of [1, 2, 3, 7, 8]) {
        const commitments = exhibits(count, 100 * ++batches);
        for (const members of [
          await f.log(tree, commitments),
          await f.batch(exhibits(count, 10_000 + 100 * batches)),
        ]) {
          const at = (await registry.depositOf(batchIdOf(members[0]!.place))).depositedAt;
          for (const member of members) {
            const slot = held(f, at);
            expect(await registry.statusOfMember(member)).to.deep.equal([slot, IN_FORCE, IN_FORCE, IN_FORCE, IN_FORCE]);
            expect(await registry.exhibitOf(member.commitment)).to.deep.equal(EMPTY);
            await expect(registry.singleOut(member))
              .to.emit(registry, "ExhibitSingledOut")
              .withArgs(member.commitment, batchIdOf(member.place), member.place.index);
            expect(await registry.exhibitOf(member.commitment)).to.deep.equal(slot);
          }
        }
      }
    });

    it("stand as their slot does once they were singled out, and go through the same", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const [member] = await f.batch(exhibits(2));
      await expect(registry.seal(member!.commitment)).to.be.revertedWithCustomError(registry, "ExhibitUnknown");
      await registry.singleOut(member!);
      await registry.tender(parties.court.body, member!.commitment);
      await f.handOver(member!.commitment, parties.police, parties.archive);
      const { exhibit: slot } = await registry.statusOfMember(member!);
      expect([slot.state, slot.custodian, slot.hop]).to.deep.equal([STATE.TENDERED, parties.archive.body, 1n]);
    });

    it("are singled out once, by a key of their depositor", async () => {
      const f = await evidenceFixture();
      const { registry, parties, trustList, spare } = f;
      const [member] = await f.batch(exhibits(2));
      await expect(f.as(parties.archive).singleOut(member!))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(parties.archive.key, parties.police.body, parties.archive.body);
      await expect(registry.connect(spare[0]).singleOut(member!)).to.be.revertedWithCustomError(
        trustList,
        "KeyNotInForce",
      );
      await registry.singleOut(member!);
      const { depositedAt } = await registry.exhibitOf(member!.commitment);
      await expect(registry.singleOut(member!))
        .to.be.revertedWithCustomError(registry, "ExhibitExists")
        .withArgs(member!.commitment, parties.police.body, depositedAt);
    });

    it("keep their own time and depositor where another deposited the commitment alone", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const [member] = await f.batch(exhibits(2));
      const { depositedAt } = await registry.depositOf(batchIdOf(member!.place));
      const at = await timeOf(f.as(parties.archive).deposit(f.tool, member!.commitment, CASE));
      const { exhibit: slot } = await registry.statusOfMember(member!);
      expect(slot).to.deep.equal(held(f, depositedAt));
      await expect(registry.singleOut(member!))
        .to.be.revertedWithCustomError(registry, "ExhibitExists")
        .withArgs(member!.commitment, parties.archive.body, at);
    });

    it("are none of a batch that is described in another way", async () => {
      const f = await evidenceFixture();
      const [member] = await f.batch(exhibits(3));
      const { depositor, size } = member!.place;
      for (const fields of [
        { depositor: f.parties.archive.body },
        { depositor: depositor + 2n ** 31n },
        { inLog: true },
        { root: id("another") },
        { size: size + 1n },
      ])
        await expectNoBatch(f, altered(member!, fields));
    });

    it("are none where leaf, index or path is another's, or an inner node stands for a leaf", async () => {
      const f = await evidenceFixture();
      const members = await f.batch(exhibits(5));
      const [a, b, , , e] = members as [Member, Member, Member, Member, Member];
      await expectNoMember(f, { ...a, commitment: exhibit(1) });
      await expectNoMember(f, altered(a, { index: 1n }));
      await expectNoMember(f, altered(a, { index: 5n }));
      await expectNoMember(f, altered(a, { index: 2n ** 64n - 1n }));
      await expectNoMember(f, altered(a, { path: b.place.path }));
      await expectNoMember(f, altered(a, { path: a.place.path.slice(1) }));
      await expectNoMember(f, altered(a, { path: [...a.place.path, id("more")] }));
      await expectNoMember(f, altered(e, { path: [] }));
      // The parent of the first two, as if it were an entry.
      const leaf = (entry: string) => sha256(concat(["0x00", entry]));
      const node = sha256(concat(["0x01", leaf(exhibit(0)), leaf(exhibit(1))]));
      await expectNoMember(f, { commitment: node, place: { ...a.place, path: a.place.path.slice(1) } });
    });

    it("of the log are proved by their own batch's checkpoint alone, however the log grew", async () => {
      const f = await evidenceFixture();
      const tree = new LogTree();
      const [early] = await f.log(tree, exhibits(3));
      await f.log(tree, exhibits(4, 3));
      const { depositor } = early!.place;
      const late = memberOf(tree, exhibit(0), { depositor, inLog: true, size: 7n, index: 0n });
      await expectNoMember(f, late);
      await f.registry.singleOut(early!);
    });
  });
});
