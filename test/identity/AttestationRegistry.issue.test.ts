import { expect } from "chai";
import { id } from "ethers";

import { REASON, SCHEMA, batchOf, issuerFixture, itemOf, uidFrom, uidOf, uidOfBatch } from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";

describe("AttestationRegistry: issue", () => {
  describe("attest", () => {
    it("keeps issuer, key, role and times under the uid, and tells", async () => {
      const { registry, attestation, office, colleague, time } = await issuerFixture();
      const a = attestation(1, { expiresAt: BigInt(await time.latest()) + 1_000n, validFrom: 5n });
      const { content, expiresAt } = itemOf(a);
      const uid = uidOf(a);
      await expect(registry.connect(colleague).attest(SCHEMA, content, expiresAt))
        .to.emit(registry, "AttestationIssued")
        .withArgs(uid, SCHEMA, office, expiresAt);
      const issuedAt = BigInt(await time.latest());
      // The colleague's key is the office's second; the schema is the office's first scope.
      expect([...(await registry.recordOf(uid))]).to.deep.equal([
        issuedAt,
        expiresAt,
        0n,
        0n,
        office,
        2n,
        0n,
        REASON.UNSPECIFIED,
        false,
      ]);
    });

    it("answers the uid", async () => {
      const { registry, attestation } = await issuerFixture();
      const a = attestation(1);
      expect(await registry.attest.staticCall(SCHEMA, itemOf(a).content, a.expiresAt)).to.equal(uidOf(a));
      expect(await registry.uidOf(a)).to.equal(uidOf(a));
    });

    it("takes any content word, zero too", async () => {
      const { registry, office } = await issuerFixture();
      for (const content of [`0x${"00".repeat(32)}`, `0x${"ff".repeat(32)}`]) {
        await registry.attest(SCHEMA, content, NO_END);
        expect((await registry.recordOf(uidFrom(office, SCHEMA, content, NO_END))).issuer).to.equal(office);
      }
    });

    it("takes an end one second away", async () => {
      const { registry, attestation, time } = await issuerFixture();
      const now = BigInt(await time.latest()) + 100n;
      const a = attestation(1, { expiresAt: now + 1n });
      await time.setNextBlockTimestamp(now);
      await expect(registry.attest(SCHEMA, itemOf(a).content, a.expiresAt)).to.emit(registry, "AttestationIssued");
    });

    it("reverts when the end is now or past", async () => {
      const { registry, attestation, time } = await issuerFixture();
      const now = BigInt(await time.latest()) + 100n;
      for (const [i, expiresAt] of [now, now, 0n].entries()) {
        const time_ = now + BigInt(i);
        await time.setNextBlockTimestamp(time_);
        await expect(registry.attest(SCHEMA, itemOf(attestation(1)).content, expiresAt))
          .to.be.revertedWithCustomError(registry, "ExpiryInPast")
          .withArgs(expiresAt, time_);
      }
    });

    it("reverts when the body issued the same before, by whichever key, even when it has ended", async () => {
      const { registry, attestation, colleague } = await issuerFixture();
      const a = attestation(1);
      const { content, expiresAt } = itemOf(a);
      const uid = uidOf(a);
      await registry.attest(SCHEMA, content, expiresAt);
      const refused = async () => {
        for (const by of [registry, registry.connect(colleague)]) {
          await expect(by.attest(SCHEMA, content, expiresAt))
            .to.be.revertedWithCustomError(registry, "AttestationExists")
            .withArgs(uid);
        }
      };
      await refused();
      await registry.revoke(uid, REASON.KEY_COMPROMISE);
      const ended = await registry.recordOf(uid);
      await refused();
      expect(await registry.recordOf(uid)).to.deep.equal(ended);
    });

    it("keeps the same content of two bodies apart", async () => {
      const { registry, attestation, office, rival, rivalClerk } = await issuerFixture();
      const a = attestation(1);
      const theirs = attestation(1, { issuer: rival });
      await registry.attest(SCHEMA, itemOf(a).content, a.expiresAt);
      await registry.connect(rivalClerk).attest(SCHEMA, itemOf(a).content, a.expiresAt);
      expect((await registry.recordOf(uidOf(a))).issuer).to.equal(office);
      expect((await registry.recordOf(uidOf(theirs))).issuer).to.equal(rival);
    });
  });

  describe("attestMany", () => {
    it("keeps each, and tells of each", async () => {
      const { registry, attestation, office, time } = await issuerFixture();
      const all = [1, 2, 3].map((n) => attestation(n, { expiresAt: NO_END - BigInt(n) }));
      const sent = registry.attestMany(SCHEMA, all.map(itemOf));
      for (const a of all) {
        await expect(sent).to.emit(registry, "AttestationIssued").withArgs(uidOf(a), SCHEMA, office, a.expiresAt);
      }
      for (const a of all) {
        const record = await registry.recordOf(uidOf(a));
        expect(record.issuedAt).to.equal(BigInt(await time.latest()));
        expect([record.expiresAt, record.issuer, record.key]).to.deep.equal([a.expiresAt, office, 1n]);
      }
    });

    it("reverts when there is no item", async () => {
      const { registry } = await issuerFixture();
      await expect(registry.attestMany(SCHEMA, [])).to.be.revertedWithCustomError(registry, "BatchEmpty").withArgs();
    });

    for (const [place, index] of [
      ["first", 0],
      ["middle", 2],
      ["last", 4],
    ] as const) {
      it(`changes nothing when the ${place} item is over, or was issued before`, async () => {
        const { registry, attestation } = await issuerFixture();
        const all = [0, 1, 2, 3, 4].map((n) => attestation(n));
        const known = attestation(99);
        await registry.attest(SCHEMA, itemOf(known).content, known.expiresAt);

        const over = all.map((a, i) => ({ ...itemOf(a), expiresAt: i === index ? 1n : a.expiresAt }));
        await expect(registry.attestMany(SCHEMA, over)).to.be.revertedWithCustomError(registry, "ExpiryInPast");
        const again = all.map((a, i) => itemOf(i === index ? known : a));
        await expect(registry.attestMany(SCHEMA, again))
          .to.be.revertedWithCustomError(registry, "AttestationExists")
          .withArgs(uidOf(known));
        for (const a of all) expect((await registry.recordOf(uidOf(a))).issuedAt).to.equal(0n);
      });
    }

    it("reverts when one item stands twice in the batch", async () => {
      const { registry, attestation } = await issuerFixture();
      const [a, b] = [attestation(1), attestation(2)];
      await expect(registry.attestMany(SCHEMA, [a, b, a].map(itemOf)))
        .to.be.revertedWithCustomError(registry, "AttestationExists")
        .withArgs(uidOf(a));
      expect((await registry.recordOf(uidOf(b))).issuedAt).to.equal(0n);
    });
  });

  describe("attestBatch", () => {
    for (const bits of [1n, 2n]) {
      it(`keeps one record without end for any number of leaves of ${bits} bits, and tells`, async () => {
        const { registry, attestation, office, time } = await issuerFixture();
        const { batch, uid } = batchOf(
          [0, 1, 2, 3, 4].map((n) => attestation(n)),
          bits,
        );
        expect(await registry.attestBatch.staticCall(SCHEMA, batch.root, batch.size, bits)).to.equal(uid);
        await expect(registry.attestBatch(SCHEMA, batch.root, batch.size, bits))
          .to.emit(registry, "BatchIssued")
          .withArgs(uid, SCHEMA, office, batch.root, 5n, bits);
        const issuedAt = BigInt(await time.latest());
        const fields = [issuedAt, NO_END, 0n, 0n, office, 1n, 0n, REASON.UNSPECIFIED, false];
        expect([...(await registry.recordOf(uid))]).to.deep.equal(fields);
        expect(await registry.uidOfBatch(batch)).to.equal(uid);
      });
    }

    it("takes the most leaves that a number can name", async () => {
      const { registry, office } = await issuerFixture();
      const batch = { issuer: office, schema: SCHEMA, root: id("root"), size: 2n ** 32n - 1n, bits: 2n };
      await expect(registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits))
        .to.emit(registry, "BatchIssued")
        .withArgs(uidOfBatch(batch), SCHEMA, office, batch.root, batch.size, 2n);
    });

    for (const [size, bits] of [
      [0n, 1n],
      [0n, 2n],
      [5n, 0n],
      [5n, 3n],
      [5n, 255n],
    ] as const) {
      it(`reverts when it has ${size} leaves of ${bits} bits`, async () => {
        const { registry } = await issuerFixture();
        await expect(registry.attestBatch(SCHEMA, id("root"), size, bits))
          .to.be.revertedWithCustomError(registry, "BatchShapeInvalid")
          .withArgs(size, bits);
      });
    }

    it("reverts when the body issued the same batch before, even when it has ended", async () => {
      const { registry, attestation, colleague } = await issuerFixture();
      const { batch, uid } = batchOf([attestation(1), attestation(2)], 1n);
      const issue = () => registry.connect(colleague).attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
      await issue();
      await expect(issue()).to.be.revertedWithCustomError(registry, "AttestationExists").withArgs(uid);
      await registry.revoke(uid, REASON.UNSPECIFIED);
      await expect(issue()).to.be.revertedWithCustomError(registry, "AttestationExists").withArgs(uid);
    });

    it("makes another batch of the same root with another size or other bits", async () => {
      const { registry, office } = await issuerFixture();
      const uids = new Set<string>();
      for (const [size, bits] of [
        [5n, 1n],
        [5n, 2n],
        [6n, 1n],
      ] as const) {
        await registry.attestBatch(SCHEMA, id("root"), size, bits);
        uids.add(uidOfBatch({ issuer: office, schema: SCHEMA, root: id("root"), size, bits }));
      }
      expect(uids.size).to.equal(3);
      for (const uid of uids) expect((await registry.recordOf(uid)).issuedAt).to.not.equal(0n);
    });
  });

  describe("leafOf", () => {
    it("hashes number, content and end twice", async () => {
      const { registry, attestation } = await issuerFixture();
      const a = attestation(1, { validFrom: 7n, expiresAt: 9n });
      const { levels } = batchOf([a], 1n);
      expect(await registry.leafOf(a, 0n)).to.equal(levels[0]?.[0]);
    });
  });
});
