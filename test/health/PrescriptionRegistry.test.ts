import { expect } from "chai";

import { callOf, throughForwarder } from "../helpers/forward.js";
import { CANCEL, openingOf, prescriptionFixture, prescriptionOf, STATE } from "../helpers/prescriptions.js";
import { NO_END } from "../helpers/suite.js";
import { later, now, Standing, timeOf } from "../helpers/trust.js";

const { IN_FORCE } = Standing;

describe("PrescriptionRegistry", () => {
  describe("issue", () => {
    it("keeps a prescription", async () => {
      const { registry, issue, parties, expiresAt, statusOf } = await prescriptionFixture();
      const { body } = parties.prescriber;
      const issued = issue(1, { quantity: 30n });
      await expect(issued)
        .to.emit(registry, "PrescriptionIssued")
        .withArgs(prescriptionOf(1), body, 1n, 30n, expiresAt);
      const record = [await timeOf(issued), expiresAt, body, 1n, 0n, 30n, 30n, 0n, 0n, 0n, CANCEL.NONE];
      expect(await registry.recordOf(prescriptionOf(1))).to.deep.equal(record);
      expect(await statusOf(1)).to.deep.equal([STATE.ISSUED, 30n, IN_FORCE]);
      expect(await statusOf(2)).to.deep.equal([STATE.UNKNOWN, 0n, Standing.NONE]);
    });

    it("takes the largest quantity, and refuses none", async () => {
      const { registry, issue, dispense, statusOf, parties, ethers } = await prescriptionFixture();
      await expect(issue(1, { quantity: 0n }))
        .to.be.revertedWithCustomError(registry, "PrescriptionQuantityMissing")
        .withArgs(prescriptionOf(1));
      await issue(1, { quantity: 65_535n });
      await dispense(1, 65_535n);
      expect(await statusOf(1)).to.deep.equal([STATE.DISPENSED, 0n, IN_FORCE]);
      // One more than the type holds.
      const { to, data } = await registry.issue.populateTransaction(prescriptionOf(2), 65_535n, NO_END);
      const dirty = data.replace("0ffff", "1ffff");
      const { key } = parties.prescriber;
      await expect(key.sendTransaction({ to, data: dirty })).to.be.revert(ethers);
      await key.sendTransaction({ to, data });
    });

    it("refuses an end that is not after now", async () => {
      const f = await prescriptionFixture();
      const at = await later(f);
      await expect(f.issue(1, { until: at }))
        .to.be.revertedWithCustomError(f.registry, "PrescriptionEndInvalid")
        .withArgs(prescriptionOf(1), at, at);
      const next = await later(f);
      await f.issue(1, { until: next + 1n });
    });

    it("refuses an id twice, by whomever, also when the first is spent, cancelled or over", async () => {
      const f = await prescriptionFixture();
      const { registry, issue } = f;
      const [second] = f.spare;
      await f.giveKey(f.parties.prescriber.body, second!, ["prescriber"]);
      const later = f.expiresAt + 1_000_000n;
      const refused = async () => {
        for (const by of [f.parties.prescriber.key, second!]) {
          await expect(issue(1, { by, until: later }))
            .to.be.revertedWithCustomError(registry, "PrescriptionIssuedBefore")
            .withArgs(prescriptionOf(1));
        }
      };
      await issue(1);
      await refused();
      await f.dispense(1);
      await refused();
      await f.cancel(1);
      await refused();
      await f.time.increaseTo(f.expiresAt + 1n);
      await refused();
    });

    it("is stopped by the council; dispensing, taking back, cancelling and reading are not", async () => {
      const f = await prescriptionFixture();
      const until = (await now(f)) + 10_000n;
      await f.issue(1);
      await f.stopUntil(f.registry, until);
      await expect(f.issue(2)).to.be.revertedWithCustomError(f.registry, "WritesAreStopped").withArgs(until);
      await f.dispense(1, 4n);
      await f.reverse(1);
      await f.cancel(1);
      expect(await f.statusOf(1)).to.deep.equal([STATE.CANCELLED, 10n, IN_FORCE]);
      await f.time.increaseTo(until);
      await f.issue(2);
    });
  });

  describe("dispense", () => {
    it("dispenses all at once, and then nothing more", async () => {
      const { registry, issue, dispense, parties, statusOf } = await prescriptionFixture();
      const { pharmacy, otherPharmacy } = parties;
      await issue(1);
      await expect(dispense(1))
        .to.emit(registry, "PrescriptionDispensed")
        .withArgs(prescriptionOf(1), pharmacy.body, 1n, 10n);
      expect(await statusOf(1)).to.deep.equal([STATE.DISPENSED, 0n, IN_FORCE]);
      for (const by of [pharmacy.key, otherPharmacy.key]) {
        for (const quantity of [10n, 1n]) {
          await expect(dispense(1, quantity, by))
            .to.be.revertedWithCustomError(registry, "PrescriptionSpent")
            .withArgs(prescriptionOf(1), pharmacy.body);
        }
      }
    });

    it("dispenses in parts, at any pharmacy, and never more than is left", async () => {
      const f = await prescriptionFixture();
      const { registry, issue, dispense, parties, statusOf } = f;
      const { pharmacy, otherPharmacy } = parties;
      await issue(1);
      const record = await registry.recordOf(prescriptionOf(1));
      await dispense(1, 3n);
      expect(await statusOf(1)).to.deep.equal([STATE.PARTLY_DISPENSED, 7n, IN_FORCE]);
      await expect(dispense(1, 8n, otherPharmacy.key))
        .to.be.revertedWithCustomError(registry, "PrescriptionExceeded")
        .withArgs(prescriptionOf(1), 8n, 7n, pharmacy.body);
      await dispense(1, 6n, otherPharmacy.key);
      const written = [...record.slice(0, 6), 1n, otherPharmacy.body, 0n, 6n, CANCEL.NONE];
      expect(await registry.recordOf(prescriptionOf(1))).to.deep.equal(written);
      await dispense(1, 1n);
      await expect(dispense(1, 1n))
        .to.be.revertedWithCustomError(registry, "PrescriptionSpent")
        .withArgs(prescriptionOf(1), pharmacy.body);
    });

    it("refuses nothing as a quantity, and more than was ever prescribed", async () => {
      const { registry, issue, dispense } = await prescriptionFixture();
      await issue(1);
      await expect(dispense(1, 0n))
        .to.be.revertedWithCustomError(registry, "PrescriptionQuantityMissing")
        .withArgs(prescriptionOf(1));
      await expect(dispense(1, 11n))
        .to.be.revertedWithCustomError(registry, "PrescriptionExceeded")
        .withArgs(prescriptionOf(1), 11n, 10n, 0n);
    });

    it("ends to the second", async () => {
      const f = await prescriptionFixture();
      await f.issue(1);
      await f.time.setNextBlockTimestamp(f.expiresAt - 1n);
      await f.dispense(1, 1n);
      expect(await f.statusOf(1)).to.deep.equal([STATE.PARTLY_DISPENSED, 9n, IN_FORCE]);
      await f.time.setNextBlockTimestamp(f.expiresAt);
      await expect(f.dispense(1, 1n))
        .to.be.revertedWithCustomError(f.registry, "PrescriptionExpired")
        .withArgs(prescriptionOf(1), f.expiresAt);
      await f.time.increaseTo(f.expiresAt);
      expect(await f.statusOf(1)).to.deep.equal([STATE.EXPIRED, 9n, IN_FORCE]);
    });

    it("tells what is dispensed from what is over", async () => {
      const f = await prescriptionFixture();
      await f.issue(1);
      await f.dispense(1);
      await f.time.increaseTo(f.expiresAt);
      expect(await f.statusOf(1)).to.deep.equal([STATE.DISPENSED, 0n, IN_FORCE]);
    });

    it("goes on when the prescriber is suspended or withdrawn after the issue", async () => {
      const f = await prescriptionFixture();
      await f.issue(1);
      await f.councilDoes("suspend", "prescriber", f.parties.prescriber.body);
      await f.dispense(1, 1n);
      await f.councilDoes("withdraw", "prescriber", f.parties.prescriber.body);
      await f.dispense(1, 1n);
      expect(await f.statusOf(1)).to.deep.equal([STATE.PARTLY_DISPENSED, 8n, IN_FORCE]);
    });
  });

  describe("reverse", () => {
    it("takes the last dispensing back, so that it can be made again", async () => {
      const f = await prescriptionFixture();
      const { registry, issue, dispense, reverse, parties, statusOf } = f;
      const { pharmacy, otherPharmacy } = parties;
      await issue(1);
      await dispense(1, 4n);
      await dispense(1, 6n);
      await expect(reverse(1)).to.emit(registry, "DispensingReversed").withArgs(prescriptionOf(1), pharmacy.body, 6n);
      expect(await statusOf(1)).to.deep.equal([STATE.PARTLY_DISPENSED, 6n, IN_FORCE]);
      const { pharmacy: last, dispensed } = await registry.recordOf(prescriptionOf(1));
      expect([last, dispensed]).to.deep.equal([pharmacy.body, 0n]);
      await dispense(1, 6n, otherPharmacy.key);
      expect(await statusOf(1)).to.deep.equal([STATE.DISPENSED, 0n, IN_FORCE]);
    });

    it("takes all back: the prescription is as it was", async () => {
      const { registry, issue, dispense, reverse, statusOf } = await prescriptionFixture();
      await issue(1, { quantity: 65_535n });
      await dispense(1, 65_535n);
      await reverse(1);
      expect(await statusOf(1)).to.deep.equal([STATE.ISSUED, 65_535n, IN_FORCE]);
      expect((await registry.recordOf(prescriptionOf(1))).dispensed).to.equal(0n);
    });

    it("reaches the last alone, and once", async () => {
      const { registry, issue, dispense, reverse } = await prescriptionFixture();
      await expect(reverse(1))
        .to.be.revertedWithCustomError(registry, "PrescriptionUnknown")
        .withArgs(prescriptionOf(1));
      await issue(1);
      const nothing = () =>
        expect(reverse(1)).to.be.revertedWithCustomError(registry, "NothingDispensed").withArgs(prescriptionOf(1));
      await nothing();
      await dispense(1, 2n);
      await dispense(1, 3n);
      await reverse(1);
      await nothing();
    });

    it("is for any key of the pharmacy that dispensed last, accredited or not, and for nobody else", async () => {
      const f = await prescriptionFixture();
      const { trustList, issue, dispense, reverse, parties } = f;
      const { pharmacy, otherPharmacy, prescriber } = parties;
      const [colleague, clerk] = f.spare;
      await f.giveKey(pharmacy.body, colleague!, ["pharmacy"]);
      await f.accreditIn("payer", pharmacy.body);
      await f.giveKey(pharmacy.body, clerk!, ["payer"]);
      await issue(1);
      await dispense(1, 2n, otherPharmacy.key);
      await dispense(1, 3n);
      for (const by of [otherPharmacy, prescriber]) {
        await expect(reverse(1, by.key))
          .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
          .withArgs(by.key.address, pharmacy.body, by.body);
      }
      await expect(reverse(1, clerk)).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      await expect(reverse(1, f.stranger)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await f.councilDoes("withdraw", "pharmacy", pharmacy.body);
      await trustList.connect(pharmacy.key).retireKey(pharmacy.key.address);
      await expect(reverse(1)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await reverse(1, colleague);
    });

    it("also when the prescription is over or cancelled, when nothing is dispensed again", async () => {
      const f = await prescriptionFixture();
      for (const n of [1, 2]) {
        await f.issue(n);
        await f.dispense(n);
      }
      await f.cancel(1);
      await f.reverse(1);
      await expect(f.dispense(1, 1n)).to.be.revertedWithCustomError(f.registry, "PrescriptionIsCancelled");
      await f.time.increaseTo(f.expiresAt);
      await f.reverse(2);
      await expect(f.dispense(2, 1n)).to.be.revertedWithCustomError(f.registry, "PrescriptionExpired");
      expect(await f.statusOf(2)).to.deep.equal([STATE.EXPIRED, 10n, IN_FORCE]);
    });
  });

  describe("cancel", () => {
    it("ends a prescription with a reason, whatever was dispensed", async () => {
      const { registry, issue, dispense, cancel, statusOf } = await prescriptionFixture();
      for (const [n, quantity] of [
        [1, 0n],
        [2, 4n],
        [3, 10n],
      ] as const) {
        await issue(n);
        if (quantity !== 0n) await dispense(n, quantity);
        await expect(cancel(n, CANCEL.REPLACED))
          .to.emit(registry, "PrescriptionCancelled")
          .withArgs(prescriptionOf(n), CANCEL.REPLACED);
        expect(await statusOf(n)).to.deep.equal([STATE.CANCELLED, 10n - quantity, IN_FORCE]);
        await expect(dispense(n, 1n))
          .to.be.revertedWithCustomError(registry, "PrescriptionIsCancelled")
          .withArgs(prescriptionOf(n), CANCEL.REPLACED);
      }
    });

    it("asks for a reason, and keeps the first", async () => {
      const { registry, issue, cancel, ethers } = await prescriptionFixture();
      await expect(cancel(1))
        .to.be.revertedWithCustomError(registry, "PrescriptionUnknown")
        .withArgs(prescriptionOf(1));
      await issue(1);
      await expect(cancel(1, CANCEL.NONE))
        .to.be.revertedWithCustomError(registry, "CancelReasonMissing")
        .withArgs(prescriptionOf(1));
      await expect(cancel(1, 6n)).to.be.revert(ethers);
      await cancel(1, CANCEL.NO_LONGER_NEEDED);
      await expect(cancel(1, CANCEL.OTHER))
        .to.be.revertedWithCustomError(registry, "PrescriptionIsCancelled")
        .withArgs(prescriptionOf(1), CANCEL.NO_LONGER_NEEDED);
    });

    it("is for any key of the prescriber's body, accredited or not, and for nobody else", async () => {
      const f = await prescriptionFixture();
      const { trustList, issue, cancel, parties } = f;
      const { prescriber, pharmacy } = parties;
      const [colleague, clerk] = f.spare;
      await f.giveKey(prescriber.body, colleague!, ["prescriber"]);
      await f.accreditIn("payer", prescriber.body);
      await f.giveKey(prescriber.body, clerk!, ["payer"]);
      await issue(1);
      await expect(cancel(1, 1n, pharmacy.key))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(pharmacy.key.address, prescriber.body, pharmacy.body);
      await expect(cancel(1, 1n, clerk)).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      await expect(cancel(1, 1n, f.stranger)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await f.councilDoes("withdraw", "prescriber", prescriber.body);
      await cancel(1, 1n, colleague);
    });
  });

  describe("annul", () => {
    it("cancels what a compromised key issued, whoever asks, and nothing that it issued before", async () => {
      const f = await prescriptionFixture();
      const { registry, statusOf } = f;
      await f.issue(1);
      const since = await later(f);
      await f.issue(2);
      await f.issue(3);
      await f.dispense(3, 4n);
      await f.compromise(f.parties.prescriber.key, since);
      expect(await statusOf(1)).to.deep.equal([STATE.ISSUED, 10n, IN_FORCE]);
      expect(await statusOf(2)).to.deep.equal([STATE.ISSUED, 10n, Standing.COMPROMISED]);

      const annul = registry.connect(f.stranger).annul;
      await expect(annul([prescriptionOf(2), prescriptionOf(1)]))
        .to.be.revertedWithCustomError(registry, "PrescriberNotCompromised")
        .withArgs(prescriptionOf(1), IN_FORCE);
      await expect(annul([prescriptionOf(2), prescriptionOf(3)]))
        .to.emit(registry, "PrescriptionCancelled")
        .withArgs(prescriptionOf(2), CANCEL.KEY_COMPROMISED)
        .and.to.emit(registry, "PrescriptionCancelled")
        .withArgs(prescriptionOf(3), CANCEL.KEY_COMPROMISED);
      expect(await statusOf(3)).to.deep.equal([STATE.CANCELLED, 6n, Standing.COMPROMISED]);
      await expect(f.dispense(2))
        .to.be.revertedWithCustomError(registry, "PrescriptionIsCancelled")
        .withArgs(prescriptionOf(2), CANCEL.KEY_COMPROMISED);
      await f.dispense(1);
    });

    it("passes over what is cancelled, and refuses what was never issued", async () => {
      const f = await prescriptionFixture();
      const { registry } = f;
      const since = await later(f);
      await f.issue(1);
      await f.issue(2);
      await f.cancel(1, CANCEL.REPLACED);
      await f.compromise(f.parties.prescriber.key, since);
      await registry.annul([prescriptionOf(1), prescriptionOf(2), prescriptionOf(2)]);
      expect((await registry.recordOf(prescriptionOf(1))).reason).to.equal(CANCEL.REPLACED);
      expect((await registry.recordOf(prescriptionOf(2))).reason).to.equal(CANCEL.KEY_COMPROMISED);
      await registry.annul([]);
      await expect(registry.annul([prescriptionOf(3)]))
        .to.be.revertedWithCustomError(registry, "PrescriptionUnknown")
        .withArgs(prescriptionOf(3));
    });
  });

  it("takes the sender that the forwarder names", async () => {
    const f = await prescriptionFixture();
    const carry = throughForwarder(f);
    const { prescriber, pharmacy } = f.parties;
    await carry(prescriber.key, await callOf(f.registry, "issue", [prescriptionOf(1), 5n, f.expiresAt]));
    await carry(pharmacy.key, await callOf(f.registry, "dispense", [openingOf(1), 5n]));
    expect((await f.registry.recordOf(prescriptionOf(1))).pharmacy).to.equal(pharmacy.body);
  });
});
