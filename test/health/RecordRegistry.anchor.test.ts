import { expect } from "chai";
import { hexlify, id, ZeroHash } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { scopeOf } from "../helpers/parties.js";
import { treeOf } from "../helpers/batches.js";
import { KIND, listOf, OTHER_KIND, record, records, recordsFixture, REASON, STATE } from "../helpers/records.js";
import { NO_END } from "../helpers/suite.js";
import { Standing, timeOf } from "../helpers/trust.js";

describe("RecordRegistry, anchoring", () => {
  describe("anchor", () => {
    it("records who, when, what and which version", async () => {
      const { registry, hospitalBody } = await recordsFixture();
      const sent = registry.anchor(record(1), KIND);
      await expect(sent).to.emit(registry, "RecordAnchored").withArgs(hospitalBody, record(1), KIND);
      const anchoredAt = await timeOf(sent);
      const slot = [anchoredAt, 0n, hospitalBody, 1n, 0n, KIND, 1n, STATE.CURRENT, REASON.NONE];
      expect(await registry.recordOf(record(1))).to.deep.equal(slot);
      const { IN_FORCE } = Standing;
      const verdict = [STATE.CURRENT, REASON.NONE, KIND, 1n, hospitalBody, 1n, anchoredAt, 0n, IN_FORCE, IN_FORCE];
      expect(await registry.statusOf(record(1))).to.deep.equal(verdict);
    });

    it("keeps the greatest and the least kind, and every commitment", async () => {
      const { registry } = await recordsFixture();
      await registry.anchor(ZeroHash, 65_535n);
      await registry.anchor(`0x${"ff".repeat(32)}`, 0n);
      expect((await registry.recordOf(ZeroHash)).kind).to.equal(65_535n);
      expect((await registry.recordOf(`0x${"ff".repeat(32)}`)).kind).to.equal(0n);
    });

    it("refuses what was anchored before, by whomever and whatever became of it", async () => {
      const { registry, asClinic, hospitalBody } = await recordsFixture();
      const anchoredAt = await timeOf(registry.anchor(record(1), KIND));
      const refused = async (from: typeof registry) =>
        expect(from.anchor(record(1), OTHER_KIND))
          .to.be.revertedWithCustomError(registry, "RecordExists")
          .withArgs(record(1), hospitalBody, anchoredAt);
      await refused(registry);
      await refused(asClinic);
      await registry.tombstone([record(1)], REASON.ERASURE_REQUESTED);
      await refused(registry);
    });
  });

  describe("anchorAuthored", () => {
    it("records who signed besides, whoever that works for", async () => {
      const { registry, hospitalBody, parties, signAuthorship } = await recordsFixture();
      const { key, body } = parties.professional;
      const signature = await signAuthorship(record(1));
      const sent = registry.anchorAuthored(record(1), KIND, key.address, NO_END, signature);
      await expect(sent).to.emit(registry, "RecordAuthored").withArgs(hospitalBody, record(1), body, 1n);
      await expect(sent).to.emit(registry, "RecordAnchored").withArgs(hospitalBody, record(1), KIND);
      expect((await registry.statusOf(record(1))).slice(0, 6)).to.deep.equal([1n, 0n, KIND, 1n, hospitalBody, 1n]);
    });

    it("names the author's key, not its body's first", async () => {
      const { registry, parties, spare, giveKey, signAuthorship } = await recordsFixture();
      const second = spare[0]!;
      await giveKey(parties.professional.body, second, ["health-professional"]);
      const signature = await signAuthorship(record(1), { by: second });
      await expect(registry.anchorAuthored(record(1), KIND, second, NO_END, signature))
        .to.emit(registry, "RecordAuthored")
        .withArgs(parties.hospital.body, record(1), parties.professional.body, 2n);
    });
  });

  describe("anchorMany", () => {
    it("appends to the provider's own log, and remembers each checkpoint", async () => {
      const { registry, asClinic, hospitalBody, clinicBody } = await recordsFixture();
      const first = registry.anchorMany(records(3), KIND);
      const root = hexlify(treeOf(records(3)).root());
      await expect(first).to.emit(registry, "RecordsLogged").withArgs(hospitalBody, 0n, 3n, root, KIND);
      await asClinic.anchorMany(records(1, 50), KIND);
      const second = registry.anchorMany(records(2, 3), OTHER_KIND);
      const later = hexlify(treeOf(records(5)).root());
      await expect(second).to.emit(registry, "RecordsLogged").withArgs(hospitalBody, 3n, 5n, later, OTHER_KIND);

      expect(await registry.checkpointOf(hospitalBody)).to.deep.equal([5n, later]);
      expect(await registry.checkpointOf(clinicBody)).to.deep.equal([1n, hexlify(treeOf(records(1, 50)).root())]);
      const before = [await timeOf(first), 0n, 1n, 0n, KIND];
      expect(await registry.batchOf(hospitalBody, true, root, 3n)).to.deep.equal(before);
      const after = [await timeOf(second), 3n, 1n, 0n, OTHER_KIND];
      expect(await registry.batchOf(hospitalBody, true, later, 5n)).to.deep.equal(after);
      for (const [provider, inLog, size] of [
        [clinicBody, true, 3n],
        [hospitalBody, false, 3n],
        [hospitalBody, true, 2n],
      ] as const)
        expect(await registry.batchOf(provider, inLog, root, size)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    });

    it("refuses an empty run", async () => {
      const { registry, hospitalBody } = await recordsFixture();
      const log = listOf({ provider: hospitalBody, inLog: true, root: ZeroHash, size: 0n });
      await expect(registry.anchorMany([], KIND))
        .to.be.revertedWithCustomError(registry, "LogBatchEmpty")
        .withArgs(log);
    });

    it("takes the same twice, each a record with a state of its own", async () => {
      const { registry, log } = await recordsFixture();
      await registry.anchor(record(1), KIND);
      const tree = new LogTree();
      const [one, other] = await log(tree, [record(1), record(1)]);
      await registry.endMembers([one!], STATE.ERASED, REASON.ORDERED);
      expect((await registry.statusOfMember(one!)).state).to.equal(STATE.ERASED);
      expect((await registry.statusOfMember(other!)).state).to.equal(STATE.CURRENT);
      expect((await registry.statusOf(record(1))).state).to.equal(STATE.CURRENT);
    });
  });

  describe("anchorBatch", () => {
    it("keeps one slot for all", async () => {
      const { registry, hospitalBody } = await recordsFixture();
      const root = hexlify(treeOf(records(9)).root());
      const sent = registry.anchorBatch(root, 9n, KIND);
      await expect(sent).to.emit(registry, "RecordBatchAnchored").withArgs(hospitalBody, root, 9n, KIND);
      const slot = [await timeOf(sent), 0n, 1n, 0n, KIND];
      expect(await registry.batchOf(hospitalBody, false, root, 9n)).to.deep.equal(slot);
      expect(await registry.batchOf(hospitalBody, true, root, 9n)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    });

    it("refuses no root, no record, and what the same provider anchored before", async () => {
      const { registry, asClinic } = await recordsFixture();
      const root = id("root");
      for (const [bad, size] of [
        [ZeroHash, 1n],
        [root, 0n],
      ] as const) {
        await expect(registry.anchorBatch(bad, size, KIND))
          .to.be.revertedWithCustomError(registry, "RecordBatchInvalid")
          .withArgs(bad, size);
      }
      const anchoredAt = await timeOf(registry.anchorBatch(root, 2n ** 64n - 1n, KIND));
      await expect(registry.anchorBatch(root, 2n ** 64n - 1n, OTHER_KIND))
        .to.be.revertedWithCustomError(registry, "RecordBatchExists")
        .withArgs(root, 2n ** 64n - 1n, anchoredAt);
      await registry.anchorBatch(root, 7n, KIND);
      await asClinic.anchorBatch(root, 7n, KIND);
    });
  });

  describe("who anchors", () => {
    it("is the key that called, in the role that it lists", async () => {
      const f = await recordsFixture();
      const { registry, hospitalBody, spare, giveKey, trustList, parties } = f;
      const [second, recipient] = spare as [(typeof spare)[0], (typeof spare)[0]];
      await giveKey(hospitalBody, second, ["health-provider"]);
      await giveKey(hospitalBody, recipient, ["health-recipient", "emergency-care"]);
      await registry.connect(second).anchor(record(1), KIND);
      expect((await registry.recordOf(record(1))).key).to.equal(2n);

      const calls = (by: typeof second) => {
        const as = registry.connect(by);
        return [
          () => as.anchor(record(2), KIND),
          () => as.anchorMany(records(2, 2), KIND),
          () => as.anchorBatch(id("root"), 1n, KIND),
        ];
      };
      for (const call of calls(recipient))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "RoleNotListed")
          .withArgs(recipient, hospitalBody, 0n);
      for (const call of calls(f.stranger))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(f.stranger, Standing.NONE);
      for (const call of calls(parties.payer.key))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(scopeOf("health-provider"), parties.payer.body, Standing.NONE);
    });
  });
});
