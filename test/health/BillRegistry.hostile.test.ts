import { expect } from "chai";

import { billFixture, billIdOf, commitmentOf, REJECT, STATE } from "../helpers/bills.js";
import { scopeOf } from "../helpers/parties.js";
import { later, now, Standing } from "../helpers/trust.js";

const gasLimit = 500_000n;

describe("BillRegistry, hostile", () => {
  describe("in the same block", () => {
    it("two payers: one pays, the other is told who did", async () => {
      const f = await billFixture();
      const { registry, parties, billOf, ethers } = f;
      const { payer, otherPayer } = parties;
      await f.submit(1);
      const at = await later(f);
      const hashes: string[] = [];
      const send = (by: typeof payer) => async () => {
        hashes.push((await registry.connect(by.key).pay(billOf(1), { gasLimit })).hash);
      };
      await f.inOneBlock(at, send(payer), send(otherPayer));
      const receipts = await Promise.all(hashes.map((hash) => ethers.provider.getTransactionReceipt(hash)));
      expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
      expect(receipts.map((receipt) => receipt?.status).sort()).to.deep.equal([0, 1]);
      const [winner, loser] = receipts[0]?.status === 1 ? [payer, otherPayer] : [otherPayer, payer];
      await expect(registry.connect(loser.key).pay.staticCall(billOf(1), { blockTag: "latest" }))
        .to.be.revertedWithCustomError(registry, "BillPaidBefore")
        .withArgs(billOf(1), winner.body, at);
    });

    it("a refund and a payment by another: the bill is paid once at any time", async () => {
      const f = await billFixture();
      const { registry, parties, billOf } = f;
      const { payer, otherPayer } = parties;
      await f.submit(1);
      await f.pay(1);
      const refund = () => registry.connect(payer.key).refund(billOf(1), { gasLimit });
      const pay = (by: typeof payer) => () => registry.connect(by.key).pay(billOf(1), { gasLimit });
      await f.inOneBlock(await later(f), refund, pay(otherPayer), pay(payer));
      const { state, payer: who } = await registry.recordOf(billOf(1));
      expect([state, who]).to.deep.equal([STATE.PAID, otherPayer.body]);
    });

    it("a withdrawal and a payment: whichever comes first", async () => {
      const f = await billFixture();
      const { registry, parties, billOf } = f;
      await f.submit(1);
      await f.submit(2);
      const withdraw = (n: number) => () => registry.connect(parties.hospital.key).withdraw(billOf(n), { gasLimit });
      const pay = (n: number) => () => registry.connect(parties.payer.key).pay(billOf(n), { gasLimit });
      await f.inOneBlock(await later(f), withdraw(1), pay(1));
      expect((await f.statusOf(1))[0]).to.equal(STATE.WITHDRAWN);
      await f.inOneBlock(await later(f), pay(2), withdraw(2));
      expect((await f.statusOf(2))[0]).to.equal(STATE.PAID);
    });
  });

  it("who sees a commitment and submits it first has a bill of its own, and keeps nobody from theirs", async () => {
    const f = await billFixture();
    const { registry, parties, billOf } = f;
    const { hospital, clinic } = parties;
    const submit = (by: typeof hospital) => () => registry.connect(by.key).submit(commitmentOf(1), { gasLimit });
    await f.inOneBlock(await later(f), submit(clinic), submit(hospital));
    expect((await registry.recordOf(billOf(1))).provider).to.equal(hospital.body);
    expect((await registry.recordOf(billIdOf(clinic.body, commitmentOf(1)))).provider).to.equal(clinic.body);
  });

  describe("a provider's key that was compromised when it submitted", () => {
    it("is paid for nothing, until its body withdraws the bill and submits it with another key", async () => {
      const f = await billFixture();
      const { registry, parties, billOf } = f;
      const [fresh] = f.spare;
      const since = (await now(f)) + 100n;
      await f.time.setNextBlockTimestamp(since - 1n);
      await f.submit(1);
      await f.time.setNextBlockTimestamp(since);
      await f.submit(2);
      await f.compromise(parties.hospital.key, since);
      // Whatever happens to it later.
      await f.reject(1);
      await f.pay(1);
      await expect(f.pay(2))
        .to.be.revertedWithCustomError(registry, "BillProviderNotStanding")
        .withArgs(billOf(2), Standing.COMPROMISED);
      expect(await f.statusOf(2)).to.deep.equal([STATE.SUBMITTED, Standing.COMPROMISED, Standing.NONE]);

      await f.giveKey(parties.hospital.body, fresh!, ["health-provider"]);
      await f.withdraw(2, fresh);
      await f.submit(2, fresh);
      await f.pay(2);
    });
  });

  it("tells that a payer's key was compromised when it paid, and lets its body take that back", async () => {
    const f = await billFixture();
    const { parties } = f;
    const [fresh] = f.spare;
    await f.giveKey(parties.payer.body, fresh!, ["payer"]);
    await f.submit(1);
    const since = await later(f);
    await f.pay(1);
    expect(await f.statusOf(1)).to.deep.equal([STATE.PAID, Standing.IN_FORCE, Standing.IN_FORCE]);
    await f.compromise(parties.payer.key, since);
    expect(await f.statusOf(1)).to.deep.equal([STATE.PAID, Standing.IN_FORCE, Standing.COMPROMISED]);
    await expect(f.refund(1)).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce");
    await f.refund(1, fresh);
    await f.pay(1, fresh);
    expect(await f.statusOf(1)).to.deep.equal([STATE.PAID, Standing.IN_FORCE, Standing.IN_FORCE]);
  });

  describe("a licence", () => {
    for (const [role, name, act] of [
      ["health-provider", "hospital", "submit"],
      ["payer", "payer", "pay"],
      ["payer", "payer", "reject"],
    ] as const) {
      it(`to ${act} begins, lapses, is suspended and withdrawn to the second`, async () => {
        const f = await billFixture();
        const { trustList, time } = f;
        const { body } = f.parties[name];
        let n = 0;
        for (let i = 0; act !== "submit" && i < 20; i++) await f.submit(i);
        const go = () => {
          if (act === "submit") return f.submit(n++);
          return act === "pay" ? f.pay(n++) : f.reject(n++, REJECT.OTHER);
        };
        const refused = (standing: bigint) =>
          expect(go())
            .to.be.revertedWithCustomError(trustList, "NotAccredited")
            .withArgs(scopeOf(role), body, standing);

        const from = (await now(f)) + 100n;
        await f.accreditIn(role, body, { from, until: from + 50n });
        await time.setNextBlockTimestamp(from - 1n);
        await refused(Standing.PENDING);
        await time.setNextBlockTimestamp(from);
        await go();
        await time.setNextBlockTimestamp(from + 49n);
        await go();
        await time.setNextBlockTimestamp(from + 50n);
        await refused(Standing.EXPIRED);
        await f.accreditIn(role, body);
        await f.councilDoes("suspend", role, body);
        await refused(Standing.SUSPENDED);
        await f.councilDoes("reinstate", role, body);
        await go();
        await f.councilDoes("withdraw", role, body);
        await refused(Standing.WITHDRAWN);
      });
    }

    it("of another role, or of nobody, does nothing", async () => {
      const f = await billFixture();
      const { trustList, parties } = f;
      await f.submit(1);
      await expect(f.submit(2, parties.payer.key)).to.be.revertedWithCustomError(trustList, "NotAccredited");
      for (const sent of [() => f.pay(1, parties.hospital.key), () => f.reject(1, 1n, parties.pharmacy.key)]) {
        await expect(sent()).to.be.revertedWithCustomError(trustList, "NotAccredited");
      }
      for (const sent of [
        () => f.submit(2, f.stranger),
        () => f.pay(1, f.patient),
        () => f.reject(1, 1n, f.stranger),
      ]) {
        await expect(sent()).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      }
    });
  });
});
