import { expect } from "chai";
import { id } from "ethers";

import {
  REASON,
  SCHEMA,
  STATUS,
  batchOf,
  contentOf,
  issuerFixture,
  itemOf,
  uidFrom,
  uidOf,
  type Attestation,
} from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import { now } from "../helpers/trust.js";

const NOTHING = id("nothing");

describe("AttestationRegistry: revoke, suspend, reinstate, supersede", () => {
  /** The office issued attestations 0 to 4. */
  async function fixture() {
    const issuer = await issuerFixture();
    const { registry, attestation } = issuer;
    const issued = [0, 1, 2, 3, 4].map((n) => attestation(n));
    await registry.attestMany(SCHEMA, issued.map(itemOf));
    const first = issued[0];
    if (first === undefined) throw new Error("five attestations");
    return { ...issuer, issued, uids: issued.map(uidOf), first, uid: uidOf(first) };
  }

  /** The new attestation that replaces another, as it is sent. */
  const replacement = (old: string, by: Attestation) => ({ old, content: contentOf(by), expiresAt: by.expiresAt });

  /** A record with changed fields, as the contract answers it. */
  const changed = (record: readonly unknown[], fields: Record<number, unknown>) =>
    [...record].map((field, i) => fields[i] ?? field);
  const [ENDED_AT, SUSPENDED_AT, WHY, IS_SUPERSEDED] = [2, 3, 7, 8];

  describe("revoke", () => {
    it("ends the record now, with the reason, changes nothing else, and tells", async () => {
      const f = await fixture();
      const before = await f.registry.recordOf(f.uid);
      await expect(f.registry.revoke(f.uid, REASON.AFFILIATION_CHANGED))
        .to.emit(f.registry, "AttestationRevoked")
        .withArgs(f.uid, REASON.AFFILIATION_CHANGED);
      const after = changed(before, { [ENDED_AT]: await now(f), [WHY]: REASON.AFFILIATION_CHANGED });
      expect([...(await f.registry.recordOf(f.uid))]).to.deep.equal(after);
    });

    it("may be done by another key of the same body", async () => {
      const { registry, colleague, uid } = await fixture();
      await registry.connect(colleague).revoke(uid, REASON.UNSPECIFIED);
      const record = await registry.recordOf(uid);
      expect(record.endedAt).to.not.equal(0n);
      expect(record.key).to.equal(1n);
    });

    it("ends a suspended record, whose suspension stays on record", async () => {
      const f = await fixture();
      await f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD);
      const suspendedAt = await now(f);
      await f.registry.revoke(f.uid, REASON.KEY_COMPROMISE);
      const { suspendedAt: kept, endedAt, reason } = await f.registry.recordOf(f.uid);
      expect([kept, endedAt, reason]).to.deep.equal([suspendedAt, await now(f), REASON.KEY_COMPROMISE]);
    });

    it("reverts when there is no such record", async () => {
      const { registry } = await fixture();
      await expect(registry.revoke(NOTHING, REASON.UNSPECIFIED))
        .to.be.revertedWithCustomError(registry, "AttestationUnknown")
        .withArgs(NOTHING);
    });

    it("reverts when the record has ended, either way", async () => {
      const f = await fixture();
      await f.registry.revoke(f.uid, REASON.UNSPECIFIED);
      const endedAt = await now(f);
      await expect(f.registry.revoke(f.uid, REASON.KEY_COMPROMISE))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(f.uid, endedAt);

      const other = f.uids[1] ?? "";
      await f.registry.supersede(SCHEMA, replacement(other, f.attestation(10)), REASON.SUPERSEDED);
      await expect(f.registry.revoke(other, REASON.KEY_COMPROMISE))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(other, await now(f));
    });

    it("refuses a reason that the enumeration does not have", async () => {
      const { registry, uid, operator, ethers } = await fixture();
      const data = registry.interface.encodeFunctionData("revoke", [uid, 10n]);
      const call = { to: await registry.getAddress(), from: operator.address };
      await ethers.provider.call({ ...call, data });
      const past = `${data.slice(0, -2)}0b`;
      await expect(ethers.provider.call({ ...call, data: past })).to.be.revertedWithoutReason(ethers);
    });
  });

  describe("revokeMany", () => {
    it("ends each, and tells of each", async () => {
      const f = await fixture();
      const sent = f.registry.revokeMany(f.uids, REASON.PRIVILEGE_WITHDRAWN);
      for (const uid of f.uids) {
        await expect(sent).to.emit(f.registry, "AttestationRevoked").withArgs(uid, REASON.PRIVILEGE_WITHDRAWN);
        const { endedAt, reason, superseded } = await f.registry.recordOf(uid);
        expect([endedAt, reason, superseded]).to.deep.equal([await now(f), REASON.PRIVILEGE_WITHDRAWN, false]);
      }
    });

    it("ends attestations and batches together", async () => {
      const f = await fixture();
      const { batch, uid } = batchOf([f.attestation(20), f.attestation(21)], 1n);
      await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
      await f.registry.revokeMany([f.uid, uid], REASON.UNSPECIFIED);
      for (const one of [f.uid, uid]) expect((await f.registry.recordOf(one)).endedAt).to.equal(await now(f));
    });

    it("reverts when there is none", async () => {
      const { registry } = await fixture();
      await expect(registry.revokeMany([], REASON.UNSPECIFIED)).to.be.revertedWithCustomError(registry, "BatchEmpty");
    });
  });

  describe("suspend", () => {
    it("suspends the record from now on, with the reason, changes nothing else, and tells", async () => {
      const f = await fixture();
      const before = await f.registry.recordOf(f.uid);
      await expect(f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD))
        .to.emit(f.registry, "AttestationSuspended")
        .withArgs(f.uid, REASON.CERTIFICATE_HOLD);
      const after = changed(before, { [SUSPENDED_AT]: await now(f), [WHY]: REASON.CERTIFICATE_HOLD });
      expect([...(await f.registry.recordOf(f.uid))]).to.deep.equal(after);
    });

    it("reverts when it is suspended already", async () => {
      const f = await fixture();
      await f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD);
      const suspendedAt = await now(f);
      await expect(f.registry.suspend(f.uid, REASON.KEY_COMPROMISE))
        .to.be.revertedWithCustomError(f.registry, "AttestationIsSuspended")
        .withArgs(f.uid, suspendedAt);
    });

    it("reverts when there is no such record, or it has ended", async () => {
      const f = await fixture();
      await expect(f.registry.suspend(NOTHING, REASON.CERTIFICATE_HOLD))
        .to.be.revertedWithCustomError(f.registry, "AttestationUnknown")
        .withArgs(NOTHING);
      await f.registry.revoke(f.uid, REASON.UNSPECIFIED);
      const endedAt = await now(f);
      await expect(f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(f.uid, endedAt);
    });
  });

  describe("suspendMany", () => {
    it("suspends each, and tells of each", async () => {
      const f = await fixture();
      const sent = f.registry.suspendMany(f.uids, REASON.CERTIFICATE_HOLD);
      for (const uid of f.uids) {
        await expect(sent).to.emit(f.registry, "AttestationSuspended").withArgs(uid, REASON.CERTIFICATE_HOLD);
        expect((await f.registry.recordOf(uid)).suspendedAt).to.equal(await now(f));
      }
    });

    it("reverts when there is none", async () => {
      const { registry } = await fixture();
      await expect(registry.suspendMany([], REASON.UNSPECIFIED)).to.be.revertedWithCustomError(registry, "BatchEmpty");
    });
  });

  describe("reinstate", () => {
    it("lifts the suspension, with the reason, changes nothing else, and tells", async () => {
      const f = await fixture();
      const before = await f.registry.recordOf(f.uid);
      await f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD);
      await expect(f.registry.connect(f.colleague).reinstate(SCHEMA, f.uid, REASON.REMOVE_FROM_CRL))
        .to.emit(f.registry, "AttestationReinstated")
        .withArgs(f.uid, REASON.REMOVE_FROM_CRL);
      expect([...(await f.registry.recordOf(f.uid))]).to.deep.equal(changed(before, { [WHY]: REASON.REMOVE_FROM_CRL }));
    });

    it("can be followed by another suspension", async () => {
      const f = await fixture();
      await f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD);
      await f.registry.reinstate(SCHEMA, f.uid, REASON.REMOVE_FROM_CRL);
      await f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD);
      expect((await f.registry.recordOf(f.uid)).suspendedAt).to.equal(await now(f));
    });

    it("reverts when it is not suspended, never was or no more", async () => {
      const { registry, uid } = await fixture();
      const refused = () =>
        expect(registry.reinstate(SCHEMA, uid, REASON.REMOVE_FROM_CRL))
          .to.be.revertedWithCustomError(registry, "AttestationNotSuspended")
          .withArgs(uid);
      await refused();
      await registry.suspend(uid, REASON.CERTIFICATE_HOLD);
      await registry.reinstate(SCHEMA, uid, REASON.REMOVE_FROM_CRL);
      await refused();
    });

    it("reverts when there is no such record, or it has ended while suspended", async () => {
      const f = await fixture();
      await expect(f.registry.reinstate(SCHEMA, NOTHING, REASON.REMOVE_FROM_CRL))
        .to.be.revertedWithCustomError(f.registry, "AttestationUnknown")
        .withArgs(NOTHING);
      await f.registry.suspend(f.uid, REASON.CERTIFICATE_HOLD);
      await f.registry.revoke(f.uid, REASON.UNSPECIFIED);
      const endedAt = await now(f);
      await expect(f.registry.reinstate(SCHEMA, f.uid, REASON.REMOVE_FROM_CRL))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(f.uid, endedAt);
    });
  });

  describe("reinstateMany", () => {
    it("reinstates each, and tells of each", async () => {
      const { registry, uids } = await fixture();
      await registry.suspendMany(uids, REASON.CERTIFICATE_HOLD);
      const sent = registry.reinstateMany(SCHEMA, uids, REASON.REMOVE_FROM_CRL);
      for (const uid of uids) {
        await expect(sent).to.emit(registry, "AttestationReinstated").withArgs(uid, REASON.REMOVE_FROM_CRL);
        const { suspendedAt, reason } = await registry.recordOf(uid);
        expect([suspendedAt, reason]).to.deep.equal([0n, REASON.REMOVE_FROM_CRL]);
      }
    });

    it("reverts when there is none", async () => {
      const { registry } = await fixture();
      await expect(registry.reinstateMany(SCHEMA, [], REASON.UNSPECIFIED)).to.be.revertedWithCustomError(
        registry,
        "BatchEmpty",
      );
    });
  });

  describe("supersede", () => {
    it("ends the old, issues the new, and tells of both", async () => {
      const f = await fixture();
      const before = await f.registry.recordOf(f.uid);
      const fresh = f.attestation(10, { expiresAt: NO_END - 9n });
      const args = [SCHEMA, replacement(f.uid, fresh), REASON.SUPERSEDED] as const;
      expect(await f.registry.connect(f.colleague).supersede.staticCall(...args)).to.equal(uidOf(fresh));
      const sent = f.registry.connect(f.colleague).supersede(...args);
      await expect(sent)
        .to.emit(f.registry, "AttestationIssued")
        .withArgs(uidOf(fresh), SCHEMA, f.office, fresh.expiresAt);
      await expect(sent).to.emit(f.registry, "AttestationSuperseded").withArgs(f.uid, uidOf(fresh), REASON.SUPERSEDED);

      const time = await now(f);
      expect([...(await f.registry.recordOf(f.uid))]).to.deep.equal(
        changed(before, { [ENDED_AT]: time, [WHY]: REASON.SUPERSEDED, [IS_SUPERSEDED]: true }),
      );
      const fields = [time, fresh.expiresAt, 0n, 0n, f.office, 2n, 0n, REASON.UNSPECIFIED, false];
      expect([...(await f.registry.recordOf(uidOf(fresh)))]).to.deep.equal(fields);
    });

    it("replaces a suspended one", async () => {
      const { registry, attestation, first, uid } = await fixture();
      await registry.suspend(uid, REASON.CERTIFICATE_HOLD);
      const fresh = attestation(10);
      await registry.supersede(SCHEMA, replacement(uid, fresh), REASON.SUPERSEDED);
      expect((await registry.statusOf(first)).status).to.equal(STATUS.SUPERSEDED);
      expect((await registry.statusOf(fresh)).status).to.equal(STATUS.VALID);
    });

    it("reverts when the new is the old", async () => {
      const { registry, first, uid } = await fixture();
      await expect(registry.supersede(SCHEMA, replacement(uid, first), REASON.SUPERSEDED))
        .to.be.revertedWithCustomError(registry, "AttestationExists")
        .withArgs(uid);
    });

    it("reverts when the new was issued before, even when it has ended", async () => {
      const { registry, issued, uids, uid } = await fixture();
      const second = issued[1];
      if (second === undefined) throw new Error("five attestations");
      await registry.revoke(uidOf(second), REASON.UNSPECIFIED);
      await expect(registry.supersede(SCHEMA, replacement(uid, second), REASON.SUPERSEDED))
        .to.be.revertedWithCustomError(registry, "AttestationExists")
        .withArgs(uids[1]);
      expect((await registry.recordOf(uid)).endedAt).to.equal(0n);
    });

    it("reverts when the new is over, and the old stays", async () => {
      const f = await fixture();
      const time = (await now(f)) + 100n;
      await f.time.setNextBlockTimestamp(time);
      await expect(
        f.registry.supersede(SCHEMA, replacement(f.uid, f.attestation(10, { expiresAt: time })), REASON.SUPERSEDED),
      )
        .to.be.revertedWithCustomError(f.registry, "ExpiryInPast")
        .withArgs(time, time);
      expect((await f.registry.recordOf(f.uid)).endedAt).to.equal(0n);
    });

    it("reverts when the old does not exist or has ended", async () => {
      const f = await fixture();
      const fresh = f.attestation(10);
      await expect(f.registry.supersede(SCHEMA, replacement(NOTHING, fresh), REASON.SUPERSEDED))
        .to.be.revertedWithCustomError(f.registry, "AttestationUnknown")
        .withArgs(NOTHING);
      await f.registry.supersede(SCHEMA, replacement(f.uid, fresh), REASON.SUPERSEDED);
      const endedAt = await now(f);
      await expect(f.registry.supersede(SCHEMA, replacement(f.uid, f.attestation(11)), REASON.SUPERSEDED))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(f.uid, endedAt);
    });
  });

  describe("supersedeMany", () => {
    it("replaces each, and tells of each", async () => {
      const f = await fixture();
      const fresh = f.issued.map((_, i) => f.attestation(10 + i));
      const sent = f.registry.supersedeMany(
        SCHEMA,
        fresh.map((a, i) => replacement(f.uids[i] ?? "", a)),
        REASON.AFFILIATION_CHANGED,
      );
      for (const [i, a] of fresh.entries()) {
        await expect(sent)
          .to.emit(f.registry, "AttestationSuperseded")
          .withArgs(f.uids[i], uidOf(a), REASON.AFFILIATION_CHANGED);
        expect((await f.registry.recordOf(f.uids[i] ?? "")).superseded).to.equal(true);
        expect((await f.registry.recordOf(uidOf(a))).issuedAt).to.equal(await now(f));
      }
    });

    it("replaces along a chain: the last stands, all before it are superseded", async () => {
      const { registry, attestation, first, uid } = await fixture();
      const [second, third] = [attestation(10), attestation(11)];
      const chain = [replacement(uid, second), replacement(uidOf(second), third)];
      await registry.supersedeMany(SCHEMA, chain, REASON.SUPERSEDED);
      for (const [a, status] of [
        [first, STATUS.SUPERSEDED],
        [second, STATUS.SUPERSEDED],
        [third, STATUS.VALID],
      ] as const) {
        expect((await registry.statusOf(a)).status).to.equal(status);
      }
    });

    it("reverts when there is none, or one old is replaced twice", async () => {
      const { registry, attestation, uid } = await fixture();
      await expect(registry.supersedeMany(SCHEMA, [], REASON.SUPERSEDED)).to.be.revertedWithCustomError(
        registry,
        "BatchEmpty",
      );
      const twice = [replacement(uid, attestation(10)), replacement(uid, attestation(11))];
      await expect(registry.supersedeMany(SCHEMA, twice, REASON.SUPERSEDED)).to.be.revertedWithCustomError(
        registry,
        "AttestationEnded",
      );
    });
  });

  describe("a bad one in a batch", () => {
    for (const [place, index] of [
      ["first", 0],
      ["middle", 2],
      ["last", 4],
    ] as const) {
      it(`changes nothing when it is the ${place}`, async () => {
        const { registry, attestation, uids } = await fixture();
        const withOne = (bad: string) => uids.map((uid, i) => (i === index ? bad : uid));
        const ended = uidOf(attestation(30));
        await registry.attest(SCHEMA, itemOf(attestation(30)).content, NO_END);
        await registry.revoke(ended, REASON.UNSPECIFIED);
        const before = await Promise.all(uids.map((uid) => registry.recordOf(uid)));

        for (const bad of [NOTHING, ended]) {
          const error = bad === ended ? "AttestationEnded" : "AttestationUnknown";
          const olds = withOne(bad);
          const replacements = olds.map((old, i) => replacement(old, attestation(10 + i)));
          for (const call of [
            registry.revokeMany(olds, REASON.UNSPECIFIED),
            registry.suspendMany(olds, REASON.UNSPECIFIED),
            registry.supersedeMany(SCHEMA, replacements, REASON.UNSPECIFIED),
          ]) {
            await expect(call).to.be.revertedWithCustomError(registry, error);
          }
          for (const { content, expiresAt } of replacements) {
            const { issuedAt } = await registry.recordOf(uidFrom(2n, SCHEMA, content, expiresAt));
            expect(issuedAt).to.equal(0n);
          }
        }
        expect(await Promise.all(uids.map((uid) => registry.recordOf(uid)))).to.deep.equal(before);

        await registry.suspendMany(uids, REASON.CERTIFICATE_HOLD);
        await registry.reinstate(SCHEMA, uids[index] ?? "", REASON.REMOVE_FROM_CRL);
        const held = await Promise.all(uids.map((uid) => registry.recordOf(uid)));
        await expect(registry.reinstateMany(SCHEMA, uids, REASON.REMOVE_FROM_CRL))
          .to.be.revertedWithCustomError(registry, "AttestationNotSuspended")
          .withArgs(uids[index]);
        expect(await Promise.all(uids.map((uid) => registry.recordOf(uid)))).to.deep.equal(held);
      });
    }
  });
});
