import { expect } from "chai";
import { id } from "ethers";

import { billFixture, billIdOf, commitmentOf, REJECT, STATE } from "../helpers/bills.js";
import { callOf, throughForwarder } from "../helpers/forward.js";
import { now, Standing, timeOf } from "../helpers/trust.js";

const { IN_FORCE, NONE } = Standing;

describe("BillRegistry", () => {
  describe("submit", () => {
    it("keeps a bill under its provider and commitment", async () => {
      const { registry, submit, billOf, parties, statusOf } = await billFixture();
      const { body, key } = parties.hospital;
      expect(await registry.billIdOf(body, commitmentOf(1))).to.equal(billOf(1));
      expect(await registry.connect(key).submit.staticCall(commitmentOf(1))).to.equal(billOf(1));
      expect(await statusOf(1)).to.deep.equal([STATE.UNKNOWN, NONE, NONE]);
      const submitted = submit(1);
      await expect(submitted).to.emit(registry, "BillSubmitted").withArgs(billOf(1), body, 1n);
      const at = await timeOf(submitted);
      const record = [at, body, 1n, 0n, at, 0n, 0n, 0n, STATE.SUBMITTED, REJECT.NONE];
      expect(await registry.recordOf(billOf(1))).to.deep.equal(record);
      expect(await statusOf(1)).to.deep.equal([STATE.SUBMITTED, IN_FORCE, NONE]);
    });

    it("refuses the same again, with whatever key, whatever came of it", async () => {
      const f = await billFixture();
      const { registry, submit } = f;
      const [second] = f.spare;
      await f.giveKey(f.parties.hospital.body, second!, ["health-provider"]);
      const refused = async (state: bigint) => {
        for (const by of [f.parties.hospital.key, second!]) {
          await expect(submit(1, by))
            .to.be.revertedWithCustomError(registry, "BillSubmittedBefore")
            .withArgs(f.billOf(1), state);
        }
      };
      await submit(1);
      await refused(STATE.SUBMITTED);
      await f.reject(1);
      await refused(STATE.REJECTED);
      await f.pay(1);
      await refused(STATE.PAID);
      await f.refund(1);
      await refused(STATE.REFUNDED);
    });

    it("is another bill by another provider: nobody takes another's place", async () => {
      const f = await billFixture();
      const { registry, submit, parties } = f;
      await submit(1, parties.clinic.key);
      await submit(1);
      await f.pay(1);
      const other = billIdOf(parties.clinic.body, commitmentOf(1));
      expect((await registry.recordOf(other)).state).to.equal(STATE.SUBMITTED);
    });

    it("goes through again after it was withdrawn, as a new submission", async () => {
      const f = await billFixture();
      const [second] = f.spare;
      await f.giveKey(f.parties.hospital.body, second!, ["health-provider"]);
      await f.submit(1);
      await f.reject(1);
      await f.withdraw(1);
      const at = await timeOf(f.submit(1, second));
      const record = [at, f.parties.hospital.body, 2n, 0n, at, 0n, 0n, 0n, STATE.SUBMITTED, REJECT.NONE];
      expect(await f.registry.recordOf(f.billOf(1))).to.deep.equal(record);
    });
  });

  describe("pay", () => {
    it("pays a bill once, whichever payer", async () => {
      const f = await billFixture();
      const { registry, pay, parties, statusOf, billOf } = f;
      const { payer, otherPayer, hospital } = parties;
      const submittedAt = await timeOf(f.submit(1));
      const paid = pay(1);
      await expect(paid).to.emit(registry, "BillPaid").withArgs(billOf(1), payer.body, 1n);
      const paidAt = await timeOf(paid);
      const record = [submittedAt, hospital.body, 1n, 0n, paidAt, payer.body, 1n, 0n, STATE.PAID, REJECT.NONE];
      expect(await registry.recordOf(billOf(1))).to.deep.equal(record);
      expect(await statusOf(1)).to.deep.equal([STATE.PAID, IN_FORCE, IN_FORCE]);
      for (const by of [payer.key, otherPayer.key]) {
        await expect(pay(1, by))
          .to.be.revertedWithCustomError(registry, "BillPaidBefore")
          .withArgs(billOf(1), payer.body, paidAt);
      }
    });

    it("refuses what nobody submitted, and what was withdrawn", async () => {
      const { registry, submit, withdraw, pay, billOf } = await billFixture();
      await expect(pay(1)).to.be.revertedWithCustomError(registry, "BillUnknown").withArgs(billOf(1));
      await submit(1);
      const withdrawnAt = await timeOf(withdraw(1));
      await expect(pay(1)).to.be.revertedWithCustomError(registry, "BillIsWithdrawn").withArgs(billOf(1), withdrawnAt);
    });

    it("pays what another rejected, and forgets why", async () => {
      const f = await billFixture();
      const { payer, otherPayer } = f.parties;
      await f.submit(1);
      await f.reject(1, REJECT.NOT_INSURED_HERE, payer.key);
      await f.pay(1, otherPayer.key);
      const record = await f.registry.recordOf(f.billOf(1));
      expect([record.state, record.reason, record.payer]).to.deep.equal([STATE.PAID, REJECT.NONE, otherPayer.body]);
    });
  });

  describe("reject", () => {
    it("says no, for a reason, and binds nobody", async () => {
      const f = await billFixture();
      const { registry, reject, billOf, parties, statusOf } = f;
      const { payer, otherPayer, hospital } = parties;
      const submittedAt = await timeOf(f.submit(1));
      const rejected = reject(1, REJECT.INFORMATION_MISSING);
      await expect(rejected)
        .to.emit(registry, "BillRejected")
        .withArgs(billOf(1), payer.body, 1n, REJECT.INFORMATION_MISSING);
      const at = await timeOf(rejected);
      const decided = [at, payer.body, 1n, 0n, STATE.REJECTED, REJECT.INFORMATION_MISSING];
      expect(await registry.recordOf(billOf(1))).to.deep.equal([submittedAt, hospital.body, 1n, 0n, ...decided]);
      expect(await statusOf(1)).to.deep.equal([STATE.REJECTED, IN_FORCE, NONE]);
      await reject(1, REJECT.NOT_INSURED_HERE, otherPayer.key);
      // The same payer may change its mind.
      await f.pay(1);
    });

    it("asks for a reason, and for a bill that is neither paid nor withdrawn", async () => {
      const f = await billFixture();
      const { registry, reject, billOf, parties } = f;
      await expect(reject(1)).to.be.revertedWithCustomError(registry, "BillUnknown").withArgs(billOf(1));
      await f.submit(1);
      await expect(reject(1, REJECT.NONE))
        .to.be.revertedWithCustomError(registry, "RejectReasonMissing")
        .withArgs(billOf(1));
      await expect(reject(1, 7n)).to.be.revert(f.ethers);
      const paidAt = await timeOf(f.pay(1));
      for (const by of [parties.payer.key, parties.otherPayer.key]) {
        await expect(reject(1, REJECT.OTHER, by))
          .to.be.revertedWithCustomError(registry, "BillPaidBefore")
          .withArgs(billOf(1), parties.payer.body, paidAt);
      }
      await f.refund(1);
      await reject(1, REJECT.OTHER);
      await f.withdraw(1);
      await expect(reject(1)).to.be.revertedWithCustomError(registry, "BillIsWithdrawn");
    });
  });

  describe("refund", () => {
    it("takes a payment back, so that it can be paid anew", async () => {
      const f = await billFixture();
      const { registry, refund, billOf, parties, statusOf } = f;
      const { payer, otherPayer } = parties;
      await f.submit(1);
      await f.pay(1);
      const refunded = refund(1);
      await expect(refunded).to.emit(registry, "BillRefunded").withArgs(billOf(1), payer.body);
      const record = await registry.recordOf(billOf(1));
      expect([record.changedAt, record.payer]).to.deep.equal([await timeOf(refunded), payer.body]);
      expect(await statusOf(1)).to.deep.equal([STATE.REFUNDED, IN_FORCE, NONE]);
      await f.pay(1, otherPayer.key);
      await expect(refund(1)).to.be.revertedWithCustomError(f.trustList, "KeyOfAnotherBody");
      await refund(1, otherPayer.key);
      await f.pay(1);
      expect((await registry.recordOf(billOf(1))).payer).to.equal(payer.body);
    });

    it("is of a bill that is paid", async () => {
      const f = await billFixture();
      const { registry, refund, billOf } = f;
      const refused = (state: bigint) =>
        expect(refund(1)).to.be.revertedWithCustomError(registry, "BillNotPaid").withArgs(billOf(1), state);
      await refused(STATE.UNKNOWN);
      await f.submit(1);
      await refused(STATE.SUBMITTED);
      await f.reject(1);
      await refused(STATE.REJECTED);
      await f.pay(1);
      await refund(1);
      await refused(STATE.REFUNDED);
      await f.withdraw(1);
      await refused(STATE.WITHDRAWN);
    });

    it("is for any key of who paid, accredited or not, and for nobody else", async () => {
      const f = await billFixture();
      const { trustList, refund, parties } = f;
      const { payer, otherPayer, hospital } = parties;
      const [colleague] = f.spare;
      await f.giveKey(payer.body, colleague!, ["payer"]);
      await f.submit(1);
      await f.pay(1);
      for (const by of [otherPayer, hospital]) {
        await expect(refund(1, by.key))
          .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
          .withArgs(by.key.address, payer.body, by.body);
      }
      await f.giveKey(payer.body, payer.key, ["health-recipient"]);
      await expect(refund(1)).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      await expect(refund(1, f.stranger)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await f.councilDoes("withdraw", "payer", payer.body);
      await refund(1, colleague);
    });
  });

  describe("withdraw", () => {
    it("ends a bill that is not paid", async () => {
      const { registry, submit, withdraw, billOf, statusOf } = await billFixture();
      await submit(1);
      await expect(withdraw(1)).to.emit(registry, "BillWithdrawn").withArgs(billOf(1));
      expect(await statusOf(1)).to.deep.equal([STATE.WITHDRAWN, IN_FORCE, NONE]);
    });

    it("is not for a bill that is paid, withdrawn or unknown; for one that was refunded it is", async () => {
      const f = await billFixture();
      const { registry, withdraw, billOf, parties } = f;
      await expect(withdraw(1)).to.be.revertedWithCustomError(registry, "BillUnknown").withArgs(billOf(1));
      await f.submit(1);
      const paidAt = await timeOf(f.pay(1));
      await expect(withdraw(1))
        .to.be.revertedWithCustomError(registry, "BillPaidBefore")
        .withArgs(billOf(1), parties.payer.body, paidAt);
      await f.refund(1);
      const withdrawnAt = await timeOf(withdraw(1));
      await expect(withdraw(1))
        .to.be.revertedWithCustomError(registry, "BillIsWithdrawn")
        .withArgs(billOf(1), withdrawnAt);
    });

    it("is for any key of the provider's body, accredited or not, and for nobody else", async () => {
      const f = await billFixture();
      const { trustList, withdraw, parties } = f;
      const { hospital, clinic, payer } = parties;
      const [colleague, doctor] = f.spare;
      await f.giveKey(hospital.body, colleague!, ["health-provider"]);
      await f.giveKey(hospital.body, doctor!, ["health-recipient"]);
      await f.submit(1);
      for (const by of [clinic, payer]) {
        await expect(withdraw(1, by.key))
          .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
          .withArgs(by.key.address, hospital.body, by.body);
      }
      await expect(withdraw(1, doctor)).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      await expect(withdraw(1, f.stranger)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await f.councilDoes("withdraw", "health-provider", hospital.body);
      await withdraw(1, colleague);
    });
  });

  it("is stopped by the council for bills and payments; what ends goes on", async () => {
    const f = await billFixture();
    for (const n of [1, 2, 3]) await f.submit(n);
    await f.pay(1);
    const until = (await now(f)) + 1_000n;
    await f.stopUntil(f.registry, until);
    for (const sent of [() => f.submit(4), () => f.pay(2)]) {
      await expect(sent()).to.be.revertedWithCustomError(f.registry, "WritesAreStopped").withArgs(until);
    }
    await f.refund(1);
    await f.reject(2);
    await f.withdraw(3);
    await f.time.increaseTo(until);
    await f.pay(1);
  });

  it("takes the sender that the forwarder names", async () => {
    const f = await billFixture();
    const carry = throughForwarder(f);
    await carry(f.parties.hospital.key, await callOf(f.registry, "submit", [commitmentOf(1)]));
    await carry(f.parties.payer.key, await callOf(f.registry, "pay", [f.billOf(1)]));
    expect((await f.registry.recordOf(f.billOf(1))).payer).to.equal(f.parties.payer.body);
  });

  it("tells of an id that is nobody's that nothing is kept", async () => {
    const f = await billFixture();
    expect(await f.registry.recordOf(id("nobody's"))).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });
});
