import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { KIND, listOf, OTHER_KIND, record, records, recordsFixture, REASON, STATE } from "../helpers/records.js";
import { NO_END } from "../helpers/suite.js";
import { Standing, timeOf } from "../helpers/trust.js";

type World = Awaited<ReturnType<typeof recordsFixture>>;

/** A record of the hospital in each state. */
async function inState({ registry }: World, state: bigint, commitment: string): Promise<void> {
  await registry.anchor(commitment, KIND);
  if (state === STATE.SUPERSEDED) await registry.amend(commitment, record(900), REASON.AMENDED);
  if (state === STATE.ENTERED_IN_ERROR) await registry.markInError(commitment);
  if (state === STATE.ERASED) await registry.tombstone([commitment], REASON.ORDERED);
}

describe("RecordRegistry, changes", () => {
  describe("amend", () => {
    it("supersedes the old by the next version, of the same kind", async () => {
      const { registry, hospitalBody } = await recordsFixture();
      const first = await timeOf(registry.anchor(record(1), KIND));
      const amended = registry.amend(record(1), record(2), REASON.AMENDED);
      await expect(amended).to.emit(registry, "RecordAnchored").withArgs(hospitalBody, record(2), KIND);
      await expect(amended)
        .to.emit(registry, "RecordAmended")
        .withArgs(hospitalBody, record(1), record(2), 2n, REASON.AMENDED);
      const rectified = registry.amend(record(2), record(3), REASON.RECTIFIED);
      await expect(rectified)
        .to.emit(registry, "RecordAmended")
        .withArgs(hospitalBody, record(2), record(3), 3n, REASON.RECTIFIED);

      const [second, third] = [await timeOf(amended), await timeOf(rectified)];
      const by = [hospitalBody, 1n, 0n, KIND] as const;
      const { SUPERSEDED, CURRENT } = STATE;
      expect(await registry.recordOf(record(1))).to.deep.equal([first, second, ...by, 1n, SUPERSEDED, REASON.AMENDED]);
      expect(await registry.recordOf(record(2))).to.deep.equal([
        second,
        third,
        ...by,
        2n,
        SUPERSEDED,
        REASON.RECTIFIED,
      ]);
      expect(await registry.recordOf(record(3))).to.deep.equal([third, 0n, ...by, 3n, CURRENT, REASON.NONE]);
    });

    it("refuses another provider, which changes nothing", async () => {
      const { registry, asClinic, hospitalBody, clinicBody } = await recordsFixture();
      await registry.anchor(record(1), KIND);
      await expect(asClinic.amend(record(1), record(2), REASON.AMENDED))
        .to.be.revertedWithCustomError(registry, "RecordOfAnotherProvider")
        .withArgs(record(1), hospitalBody, clinicBody);
      expect((await registry.statusOf(record(1))).state).to.equal(STATE.CURRENT);
      expect((await registry.statusOf(record(2))).state).to.equal(STATE.UNKNOWN);
    });

    it("refuses what is not current: no version has two successors, and none is left out", async () => {
      const f = await recordsFixture();
      const { registry } = f;
      await expect(registry.amend(record(1), record(2), REASON.AMENDED))
        .to.be.revertedWithCustomError(registry, "RecordUnknown")
        .withArgs(record(1));
      for (const [i, state] of [STATE.SUPERSEDED, STATE.ENTERED_IN_ERROR, STATE.ERASED].entries()) {
        await inState(f, state, record(i));
        await expect(registry.amend(record(i), record(50), REASON.AMENDED))
          .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
          .withArgs(record(i), state, STATE.SUPERSEDED);
      }
    });

    it("refuses a next one that was anchored before, the old itself included", async () => {
      const { registry, asClinic, hospitalBody, clinicBody } = await recordsFixture();
      const own = await timeOf(registry.anchor(record(1), KIND));
      const others = await timeOf(asClinic.anchor(record(2), KIND));
      for (const [next, provider, time] of [
        [record(1), hospitalBody, own],
        [record(2), clinicBody, others],
      ] as const) {
        await expect(registry.amend(record(1), next, REASON.AMENDED))
          .to.be.revertedWithCustomError(registry, "RecordExists")
          .withArgs(next, provider, time);
      }
      expect((await registry.statusOf(record(1))).state).to.equal(STATE.CURRENT);
    });

    it("takes the reasons for a new version alone", async () => {
      const { registry } = await recordsFixture();
      await registry.anchor(record(1), KIND);
      for (const reason of [0n, 3n, 4n, 5n, 6n]) {
        await expect(registry.amend(record(1), record(2), reason))
          .to.be.revertedWithCustomError(registry, "RecordReasonInvalid")
          .withArgs(STATE.SUPERSEDED, reason);
      }
    });

    it("refuses a version past the last that can be counted", async () => {
      const { registry, connection } = await recordsFixture();
      await registry.anchor(record(1), KIND);
      // No chain lives to see so many: written to the slot, which stands under the commitment and the mapping's place.
      const address = await registry.getAddress();
      const place = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [record(1), 3n]));
      const { networkHelpers: chain } = connection;
      await chain.setStorageAt(address, place, BigInt(await chain.getStorageAt(address, place)) | (0xffffn << 168n));
      expect((await registry.recordOf(record(1))).version).to.equal(65_535n);
      await expect(registry.amend(record(1), record(2), REASON.AMENDED))
        .to.be.revertedWithCustomError(registry, "RecordVersionsExhausted")
        .withArgs(record(1));
    });
  });

  it("amendAuthored does the same for a version that a professional signed", async () => {
    const { registry, hospitalBody, parties, signAuthorship } = await recordsFixture();
    const { key, body } = parties.professional;
    await registry.anchor(record(1), KIND);
    const signature = await signAuthorship(record(2));
    const sent = registry.amendAuthored(record(1), record(2), REASON.RECTIFIED, key, NO_END, signature);
    await expect(sent).to.emit(registry, "RecordAuthored").withArgs(hospitalBody, record(2), body, 1n);
    await expect(sent)
      .to.emit(registry, "RecordAmended")
      .withArgs(hospitalBody, record(1), record(2), 2n, REASON.RECTIFIED);
    // The signature is of the new version: that of the old does not do, nor does a kind that the old has not.
    for (const bad of [await signAuthorship(record(2)), await signAuthorship(record(3), { kind: OTHER_KIND })])
      await expect(
        registry.amendAuthored(record(2), record(3), REASON.AMENDED, key, NO_END, bad),
      ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    expect((await registry.statusOf(record(2))).state).to.equal(STATE.CURRENT);
  });

  describe("markInError", () => {
    it("ends a current record", async () => {
      const { registry, hospitalBody } = await recordsFixture();
      const anchoredAt = await timeOf(registry.anchor(record(1), KIND));
      const sent = registry.markInError(record(1));
      const { ENTERED_IN_ERROR } = STATE;
      await expect(sent)
        .to.emit(registry, "RecordEnded")
        .withArgs(hospitalBody, record(1), ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR);
      const slot = [anchoredAt, await timeOf(sent), hospitalBody, 1n, 0n, KIND, 1n];
      expect(await registry.recordOf(record(1))).to.deep.equal([...slot, ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR]);
    });

    it("refuses any other", async () => {
      const f = await recordsFixture();
      const { registry } = f;
      await expect(registry.markInError(record(1))).to.be.revertedWithCustomError(registry, "RecordUnknown");
      for (const [i, state] of [STATE.SUPERSEDED, STATE.ENTERED_IN_ERROR, STATE.ERASED].entries()) {
        await inState(f, state, record(i));
        await expect(registry.markInError(record(i)))
          .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
          .withArgs(record(i), state, STATE.ENTERED_IN_ERROR);
      }
    });
  });

  describe("tombstone", () => {
    it("ends records whatever they were, and nothing comes after", async () => {
      const f = await recordsFixture();
      const { registry, hospitalBody } = f;
      const states = [STATE.CURRENT, STATE.SUPERSEDED, STATE.ENTERED_IN_ERROR];
      for (const [i, state] of states.entries()) await inState(f, state, record(i));
      const sent = registry.tombstone(records(3), REASON.RETENTION_ENDED);
      const changedAt = await timeOf(sent);
      for (const commitment of records(3)) {
        await expect(sent)
          .to.emit(registry, "RecordEnded")
          .withArgs(hospitalBody, commitment, STATE.ERASED, REASON.RETENTION_ENDED);
        const { state, reason, changedAt: since, version } = await registry.statusOf(commitment);
        expect([state, reason, since]).to.deep.equal([STATE.ERASED, REASON.RETENTION_ENDED, changedAt]);
        expect(version).to.equal(1n);
        await expect(registry.tombstone([commitment], REASON.ORDERED))
          .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
          .withArgs(commitment, STATE.ERASED, STATE.ERASED);
      }
    });

    it("takes the reasons for an erasure alone", async () => {
      const { registry } = await recordsFixture();
      await registry.anchor(record(1), KIND);
      for (const reason of [0n, 1n, 2n, 3n]) {
        await expect(registry.tombstone([record(1)], reason))
          .to.be.revertedWithCustomError(registry, "RecordReasonInvalid")
          .withArgs(STATE.ERASED, reason);
      }
      for (const [i, reason] of [4n, 5n, 6n].entries()) {
        await registry.anchor(record(10 + i), KIND);
        await registry.tombstone([record(10 + i)], reason);
      }
    });

    it("is for all or none, and for one at least", async () => {
      const { registry, asClinic, trustList, parties, hospitalBody, clinicBody, ethers } = await recordsFixture();
      await expect(registry.tombstone([], REASON.ORDERED)).to.be.revertedWithCustomError(registry, "RecordsMissing");
      for (const n of [0, 1, 2]) await registry.anchor(record(n), KIND);
      await asClinic.anchor(record(7), KIND);
      for (const bad of [
        [9, 0, 1],
        [0, 9, 1],
        [0, 1, 9],
        [0, 1, 0],
      ])
        await expect(registry.tombstone(bad.map(record), REASON.ORDERED)).to.be.revert(ethers);
      // Another provider's among one's own, at each place: each record's provider is asked about.
      for (const bad of [
        [7, 0, 1],
        [0, 7, 1],
        [0, 1, 7],
      ])
        await expect(registry.tombstone(bad.map(record), REASON.ORDERED))
          .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
          .withArgs(parties.hospital.key, clinicBody, hospitalBody);
      for (const n of [0, 1, 2, 7]) expect((await registry.statusOf(record(n))).state).to.equal(STATE.CURRENT);
    });
  });

  describe("exits", () => {
    /** Each exit, on a record of its own. */
    const exits = async ({ registry, log }: World) => {
      for (const n of [1, 2]) await registry.anchor(record(n), KIND);
      const members = await log(new LogTree(), records(1, 3));
      return (by: World["stranger"]) => {
        const as = registry.connect(by);
        return [
          () => as.markInError(record(1)),
          () => as.tombstone([record(2)], REASON.ORDERED),
          () => as.endMembers(members, STATE.ERASED, REASON.ORDERED),
        ];
      };
    };

    it("are for a key in force of the provider, in that role", async () => {
      const f = await recordsFixture();
      const { registry, trustList, parties, hospitalBody, clinicBody, stranger, spare, giveKey } = f;
      const calls = await exits(f);
      await giveKey(hospitalBody, spare[0]!, ["emergency-care"]);
      for (const call of calls(stranger))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(stranger, Standing.NONE);
      for (const call of calls(parties.clinic.key))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
          .withArgs(parties.clinic.key, hospitalBody, clinicBody);
      for (const call of calls(spare[0]!))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "RoleNotListed")
          .withArgs(spare[0], hospitalBody, 0n);
      await f.compromise(parties.hospital.key, BigInt(await f.time.latest()));
      for (const call of calls(parties.hospital.key))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(parties.hospital.key, Standing.COMPROMISED);
      expect((await registry.statusOf(record(1))).state).to.equal(STATE.CURRENT);
    });

    it("stay open when the provider's licence is gone and the council stopped writes", async () => {
      const f = await recordsFixture();
      const calls = await exits(f);
      await f.councilDoes("withdraw", "health-provider", f.hospitalBody);
      await f.stopUntil(f.registry, NO_END);
      for (const call of calls(f.parties.hospital.key)) await call();
      expect((await f.registry.statusOf(record(1))).state).to.equal(STATE.ENTERED_IN_ERROR);
      expect((await f.registry.statusOf(record(2))).state).to.equal(STATE.ERASED);
    });
  });

  describe("members", () => {
    for (const inLog of [true, false]) {
      describe(inLog ? "of the log" : "of a batch of their own", () => {
        const fixture = async () => {
          const f = await recordsFixture();
          const members = inLog ? await f.log(new LogTree(), records(130)) : await f.batch(records(130));
          const list = listOf(members[0]!.membership);
          return { ...f, members, list };
        };

        it("are amended: the new version stands alone, as the second", async () => {
          const { registry, members, list, hospitalBody } = await fixture();
          const sent = registry.amendMember(members[129]!, record(500), REASON.RECTIFIED);
          await expect(sent)
            .to.emit(registry, "MemberEnded")
            .withArgs(hospitalBody, record(129), list, 129n, STATE.SUPERSEDED, REASON.RECTIFIED);
          await expect(sent).to.emit(registry, "RecordAnchored").withArgs(hospitalBody, record(500), KIND);
          await expect(sent)
            .to.emit(registry, "RecordAmended")
            .withArgs(hospitalBody, record(129), record(500), 2n, REASON.RECTIFIED);
          const slot = [await timeOf(sent), 0n, hospitalBody, 1n, 0n, KIND, 2n, STATE.CURRENT, REASON.NONE];
          expect(await registry.recordOf(record(500))).to.deep.equal(slot);
          expect((await registry.statusOfMember(members[129]!)).state).to.equal(STATE.SUPERSEDED);
          expect((await registry.statusOfMember(members[128]!)).state).to.equal(STATE.CURRENT);
          // Entry 129 is the second of the second word: code 1 in bits 253 and 252.
          expect(await registry.statusWord(list, 1n)).to.equal(1n << 252n);
          expect(await registry.statusWord(list, 0n)).to.equal(0n);
          await registry.amend(record(500), record(501), REASON.AMENDED);
          expect((await registry.statusOf(record(501))).version).to.equal(3n);
        });

        it("are amended by what a professional signed", async () => {
          const { registry, members, hospitalBody, parties, signAuthorship } = await fixture();
          const { key, body } = parties.professional;
          const signature = await signAuthorship(record(500));
          const amend = (next: string) =>
            registry.amendMemberAuthored(members[7]!, next, REASON.AMENDED, key, NO_END, signature);
          await expect(amend(record(501))).to.be.revertedWithCustomError(registry, "SignatureInvalid");
          expect((await registry.statusOfMember(members[7]!)).state).to.equal(STATE.CURRENT);
          const sent = amend(record(500));
          await expect(sent).to.emit(registry, "RecordAuthored").withArgs(hospitalBody, record(500), body, 1n);
          await expect(sent)
            .to.emit(registry, "RecordAmended")
            .withArgs(hospitalBody, record(7), record(500), 2n, REASON.AMENDED);
          expect((await registry.statusOfMember(members[7]!)).state).to.equal(STATE.SUPERSEDED);
        });

        it("are ended, many at once, whatever they were but erased", async () => {
          const { registry, members, list, hospitalBody } = await fixture();
          const [a, b, c] = [members[0]!, members[64]!, members[127]!];
          await registry.amendMember(a, record(500), REASON.AMENDED);
          const marked = registry.endMembers([b], STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR);
          await expect(marked)
            .to.emit(registry, "MemberEnded")
            .withArgs(hospitalBody, b.commitment, list, 64n, STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR);
          expect(await registry.statusWord(list, 0n)).to.equal((1n << 254n) | (2n << (256n - 130n)));
          await registry.endMembers([a, b, c], STATE.ERASED, REASON.ERASURE_REQUESTED);
          for (const member of [a, b, c]) {
            expect((await registry.statusOfMember(member)).state).to.equal(STATE.ERASED);
            await expect(registry.endMembers([member], STATE.ERASED, REASON.ORDERED))
              .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
              .withArgs(member.commitment, STATE.ERASED, STATE.ERASED);
          }
          expect(await registry.statusWord(list, 0n)).to.equal((3n << 254n) | (3n << 126n) | 3n);
        });

        it("that are not current are neither amended nor marked in error", async () => {
          const { registry, members } = await fixture();
          const [a, b, c] = [members[0]!, members[1]!, members[2]!];
          await registry.amendMember(a, record(500), REASON.AMENDED);
          await registry.endMembers([b], STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR);
          await registry.endMembers([c], STATE.ERASED, REASON.ORDERED);
          for (const [member, state] of [
            [a, 2n],
            [b, 3n],
            [c, 4n],
          ] as const) {
            await expect(registry.amendMember(member, record(600), REASON.AMENDED))
              .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
              .withArgs(member.commitment, state, STATE.SUPERSEDED);
            await expect(registry.endMembers([member], STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR))
              .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
              .withArgs(member.commitment, state, STATE.ENTERED_IN_ERROR);
          }
          // Twice in one call is refused as well.
          await expect(
            registry.endMembers([members[5]!, members[5]!], STATE.ERASED, REASON.ORDERED),
          ).to.be.revertedWithCustomError(registry, "RecordStateRefuses");
        });

        it("end in the states and for the reasons that they may", async () => {
          const { registry, members } = await fixture();
          const [member] = [members[3]!];
          for (const state of [0n, 1n, 2n])
            for (const reason of [0n, 1n, 3n, 4n])
              await expect(registry.endMembers([member], state, reason))
                .to.be.revertedWithCustomError(registry, "RecordReasonInvalid")
                .withArgs(state, reason);
          const bad: [bigint, bigint[]][] = [
            [STATE.ENTERED_IN_ERROR, [0n, 1n, 2n, 4n, 5n, 6n]],
            [STATE.ERASED, [0n, 1n, 2n, 3n]],
          ];
          for (const [state, reasons] of bad)
            for (const reason of reasons)
              await expect(registry.endMembers([member], state, reason))
                .to.be.revertedWithCustomError(registry, "RecordReasonInvalid")
                .withArgs(state, reason);
          for (const reason of [0n, 3n, 4n, 5n, 6n])
            await expect(registry.amendMember(member, record(500), reason))
              .to.be.revertedWithCustomError(registry, "RecordReasonInvalid")
              .withArgs(STATE.SUPERSEDED, reason);
          await expect(registry.endMembers([], STATE.ERASED, REASON.ORDERED)).to.be.revertedWithCustomError(
            registry,
            "RecordsMissing",
          );
        });

        it("are not superseded by another provider, by themselves, or by what exists", async () => {
          const { registry, asClinic, members, hospitalBody, clinicBody } = await fixture();
          const { anchoredAt } = await registry.statusOfMember(members[0]!);
          await expect(asClinic.amendMember(members[0]!, record(500), REASON.AMENDED))
            .to.be.revertedWithCustomError(registry, "RecordOfAnotherProvider")
            .withArgs(record(0), hospitalBody, clinicBody);
          await expect(registry.amendMember(members[0]!, record(0), REASON.AMENDED))
            .to.be.revertedWithCustomError(registry, "RecordExists")
            .withArgs(record(0), hospitalBody, anchoredAt);
          const time = await timeOf(asClinic.anchor(record(500), KIND));
          await expect(registry.amendMember(members[0]!, record(500), REASON.AMENDED))
            .to.be.revertedWithCustomError(registry, "RecordExists")
            .withArgs(record(500), clinicBody, time);
          expect((await registry.statusOfMember(members[0]!)).state).to.equal(STATE.CURRENT);
        });
      });
    }
  });
});
