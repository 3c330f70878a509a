import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { benefitsFixture, LENGTH, policyOf } from "../helpers/benefits.js";
import { Standing, timeOf } from "../helpers/trust.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";

const STATUS = { NONE: 0n, CLAIMED: 1n, REVOKED: 2n } as const;
const REASON = { UNSPECIFIED: 0n, DECIDED_IN_ERROR: 1n, GIVEN_UP: 2n, OBTAINED_FALSELY: 3n } as const;

describe("Benefits", () => {
  describe("claim", () => {
    it("records the claim of a decider's answer, whoever carries it", async () => {
      const { benefits, claim, answer, policy, agency, stranger } = await benefitsFixture();
      const a = answer(1);
      const sent = claim(a);
      await expect(sent).to.emit(benefits, "BenefitClaimed").withArgs(policy, a.nullifier, 0n, a.commitment);
      expect((await sent).from).to.equal(stranger.address);
      const claimedAt = await timeOf(sent);
      const record = [claimedAt, a.deadline, 0n, agency, 1n, 0n, REASON.UNSPECIFIED];
      expect(await benefits.recordOf(policy, 0n, a.nullifier)).to.deep.equal(record);
      expect(await benefits.statusOf(policy, 0n, a.nullifier)).to.deep.equal([STATUS.CLAIMED, Standing.IN_FORCE]);
    });

    it("takes the answers of any key of any body accredited for the policy, under the key's own number", async () => {
      const { benefits, claim, answer, policy, deputy } = await benefitsFixture();
      await claim(answer(1), { by: deputy });
      expect((await benefits.recordOf(policy, 0n, answer(1).nullifier)).key).to.equal(2n);
    });

    it("refuses the same nullifier in the same period, and takes it in the next", async () => {
      const { benefits, claim, answer, policy, period, time, deputy } = await benefitsFixture();
      const a = answer(1, { deadline: NO_END });
      const claimedAt = await timeOf(claim(a));
      const refusal = [policy, 0n, a.nullifier, claimedAt];
      // The same answer, another of the same decider, and another decider's.
      for (const again of [a, { ...a, commitment: id("other"), deadline: NO_END - 1n }]) {
        await expect(claim(again))
          .to.be.revertedWithCustomError(benefits, "BenefitAlreadyClaimed")
          .withArgs(...refusal);
      }
      const byOther = claim(a, { by: deputy });
      await expect(byOther)
        .to.be.revertedWithCustomError(benefits, "BenefitAlreadyClaimed")
        .withArgs(...refusal);

      await time.setNextBlockTimestamp(period.start + LENGTH - 1n);
      await expect(claim({ ...a, number: 1n }))
        .to.be.revertedWithCustomError(benefits, "PeriodNotCurrent")
        .withArgs(1n, 0n);
      await time.setNextBlockTimestamp(period.start + LENGTH);
      await claim({ ...a, number: 1n });
      expect(await benefits.statusOf(policy, 1n, a.nullifier)).to.deep.equal([STATUS.CLAIMED, Standing.IN_FORCE]);
      await expect(claim(answer(2, { deadline: NO_END })))
        .to.be.revertedWithCustomError(benefits, "PeriodNotCurrent")
        .withArgs(0n, 1n);
    });

    it("refuses everything before the first period", async () => {
      const f = await benefitsFixture();
      const { benefits, claim, answer, trustList, decide, authorize, agency, agencyHead, decider, time } = f;
      const period = { start: BigInt(await time.latest()) + 10_000n, length: LENGTH };
      const a = answer(1, { period, deadline: NO_END });
      await decide(trustList, "accredit", [policyOf(a), 0n, agency, 0n, NO_END, 0n, GROUNDS]);
      await authorize(agencyHead, agency, decider, policyOf(a));
      await time.setNextBlockTimestamp(period.start - 1n);
      await expect(claim(a))
        .to.be.revertedWithCustomError(benefits, "PeriodNotBegun")
        .withArgs(period.start, period.start - 1n);
      await time.setNextBlockTimestamp(period.start);
      await claim(a);
    });

    it("of a policy with one period, takes a nullifier once for ever", async () => {
      const f = await benefitsFixture();
      const { benefits, claim, answer, trustList, decide, authorize, agency, agencyHead, decider, time } = f;
      const a = answer(1, { period: { start: 1n, length: 0n }, deadline: NO_END });
      await decide(trustList, "accredit", [policyOf(a), 0n, agency, 0n, NO_END, 0n, GROUNDS]);
      await authorize(agencyHead, agency, decider, policyOf(a));
      await claim(a);
      await time.increase(100n * 365n * 86_400n);
      await expect(claim(a)).to.be.revertedWithCustomError(benefits, "BenefitAlreadyClaimed");
      await expect(claim({ ...a, number: 1n })).to.be.revertedWithCustomError(benefits, "PeriodNotCurrent");
    });

    it("is stopped by the council, and resumed", async () => {
      const { benefits, claim, answer, decide, policy, decider, agencyHead, time } = await benefitsFixture();
      await claim(answer(1));
      const until = BigInt(await time.latest()) + 1_000n;
      await decide(benefits, "stop", [until, GROUNDS]);
      await expect(claim(answer(2)))
        .to.be.revertedWithCustomError(benefits, "WritesAreStopped")
        .withArgs(until);
      // Exits and reads go on.
      await benefits.connect(decider).revoke(policy, 0n, answer(1).nullifier, REASON.GIVEN_UP);
      expect((await benefits.statusOf(policy, 0n, answer(1).nullifier)).status).to.equal(STATUS.REVOKED);
      await decide(benefits, "resume", [GROUNDS]);
      await claim(answer(2));
      await expect(benefits.connect(agencyHead).stop(until, GROUNDS)).to.be.revertedWithCustomError(
        benefits,
        "AccessManagedUnauthorized",
      );
    });
  });

  describe("revoke", () => {
    it("ends a claim with a reason; any key of the decider's body, accredited or not", async () => {
      const { benefits, claim, answer, policy, deputy, agency, decide, trustList } = await benefitsFixture();
      const { nullifier } = answer(1);
      await claim(answer(1));
      await decide(trustList, "withdraw", [policy, agency, GROUNDS]);
      const revoked = benefits.connect(deputy).revoke(policy, 0n, nullifier, REASON.DECIDED_IN_ERROR);
      await expect(revoked)
        .to.emit(benefits, "BenefitRevoked")
        .withArgs(policy, nullifier, 0n, REASON.DECIDED_IN_ERROR);
      const record = await benefits.recordOf(policy, 0n, nullifier);
      expect([record.revokedAt, record.reason]).to.deep.equal([await timeOf(revoked), REASON.DECIDED_IN_ERROR]);
      // The decider was accredited when it was claimed.
      expect(await benefits.statusOf(policy, 0n, nullifier)).to.deep.equal([STATUS.REVOKED, Standing.IN_FORCE]);
    });

    it("refuses what was never claimed or is revoked", async () => {
      const { benefits, claim, answer, policy, decider } = await benefitsFixture();
      const { nullifier } = answer(1);
      const revoke = (number = 0n) => benefits.connect(decider).revoke(policy, number, nullifier, REASON.GIVEN_UP);
      const refusal = [policy, 0n, nullifier];
      await expect(revoke())
        .to.be.revertedWithCustomError(benefits, "BenefitNotClaimed")
        .withArgs(...refusal);
      await claim(answer(1));
      await expect(revoke(1n)).to.be.revertedWithCustomError(benefits, "BenefitNotClaimed");
      await revoke();
      await expect(revoke())
        .to.be.revertedWithCustomError(benefits, "BenefitNotClaimed")
        .withArgs(...refusal);
    });

    it("refuses keys of other bodies, of other scopes, and retired ones", async () => {
      const f = await benefitsFixture();
      const { benefits, claim, answer, policy, decider, trustList, operator, stranger, agencyHead, agency } = f;
      await claim(answer(1));
      const revoke = (by: typeof operator) =>
        benefits.connect(by).revoke(policy, 0n, answer(1).nullifier, REASON.GIVEN_UP);
      await expect(revoke(operator))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(operator.address, agency, f.office);
      for (const by of [stranger, agencyHead]) {
        await expect(revoke(by)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      }
      await trustList.connect(decider).retireKey(decider.address);
      await expect(revoke(decider)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
    });

    it("lets the benefit be claimed anew, by an answer with a later deadline alone", async () => {
      const { benefits, claim, answer, policy, decider } = await benefitsFixture();
      const a = answer(1);
      await claim(a);
      await benefits.connect(decider).revoke(policy, 0n, a.nullifier, REASON.DECIDED_IN_ERROR);
      // Who kept the old answer, or any that was signed to end no later.
      for (const deadline of [a.deadline, a.deadline - 1n]) {
        await expect(claim({ ...a, deadline }))
          .to.be.revertedWithCustomError(benefits, "AnswerIsStale")
          .withArgs(deadline, a.deadline);
      }
      await claim({ ...a, deadline: a.deadline + 1n });
      const record = await benefits.recordOf(policy, 0n, a.nullifier);
      expect([record.revokedAt, record.reason]).to.deep.equal([0n, REASON.UNSPECIFIED]);
      await expect(claim({ ...a, deadline: a.deadline + 2n })).to.be.revertedWithCustomError(
        benefits,
        "BenefitAlreadyClaimed",
      );
    });
  });

  describe("statusOf", () => {
    it("is NONE for what nobody claimed", async () => {
      const { benefits, policy } = await benefitsFixture();
      expect(await benefits.statusOf(policy, 0n, ZeroHash)).to.deep.equal([STATUS.NONE, Standing.NONE]);
    });

    it("tells that the decider's key was compromised when it signed", async () => {
      const { benefits, claim, answer, policy, trustList, agencyHead, decider } = await benefitsFixture();
      const first = await timeOf(claim(answer(1)));
      const second = await timeOf(claim(answer(2)));
      expect(second > first).to.equal(true);
      await trustList.connect(agencyHead).reportCompromise(decider.address, second);
      const of = (n: number) => benefits.statusOf(policy, 0n, answer(n).nullifier);
      expect(await of(1)).to.deep.equal([STATUS.CLAIMED, Standing.IN_FORCE]);
      expect(await of(2)).to.deep.equal([STATUS.CLAIMED, Standing.COMPROMISED]);
    });
  });

  describe("currentPeriod", () => {
    it("counts from the start, the first second included", async () => {
      const { benefits, time } = await benefitsFixture();
      const now = BigInt(await time.latest());
      // A view is asked about the block to come, a second later here.
      const at = async (start: bigint, length: bigint) =>
        benefits.currentPeriod({ start, length }, { blockTag: "latest" });
      expect(await at(now, 10n)).to.equal(0n);
      expect(await at(now - 1_005n, 10n)).to.equal(100n);
      expect(await at(now - 1_000n, 0n)).to.equal(0n);
      await expect(at(now + 1_000n, 10n))
        .to.be.revertedWithCustomError(benefits, "PeriodNotBegun")
        .withArgs(now + 1_000n, anyValue);
    });
  });
});
