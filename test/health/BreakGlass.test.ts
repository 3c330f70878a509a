import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { ConsentRegistry__factory } from "../../src/typechain/index.js";
import {
  EMERGENCY,
  emergencyFixture,
  FINDINGS,
  LIMIT,
  MAX_WINDOW,
  NOTES,
  OUTCOME,
  unlimitedFixture,
  useIdOf,
} from "../helpers/emergency.js";
import { callOf, throughForwarder } from "../helpers/forward.js";
import { scopeOf } from "../helpers/parties.js";
import { later, now, Standing, timeOf } from "../helpers/trust.js";

describe("BreakGlass", () => {
  describe("constructor", () => {
    it("takes a longest window from a second to 72 hours", async () => {
      const { deployer, manager, trustList, relays } = await unlimitedFixture();
      const factory = new ConsentRegistry__factory(deployer);
      for (const window of [1n, 259_200n]) {
        expect(await (await factory.deploy(manager, trustList, window, relays)).maxWindow()).to.equal(window);
      }
      for (const window of [0n, 259_201n]) {
        await expect(factory.deploy(manager, trustList, window, relays))
          .to.be.revertedWithCustomError(factory, "MaxWindowInvalid")
          .withArgs(window, 259_200n);
      }
    });
  });

  describe("breakGlass", () => {
    it("opens a window and tells the patient", async () => {
      const f = await emergencyFixture();
      const { registry, patient, parties } = f;
      const { body } = parties.hospital;
      const at = await later(f);
      const use = useIdOf(patient.address, body, at);
      const opened = f.open({ window: 1_800n, reason: EMERGENCY.UNABLE_TO_CONSENT });
      await expect(opened)
        .to.emit(registry, "GlassBroken")
        .withArgs(use, patient.address, body, 1n, at + 1_800n, EMERGENCY.UNABLE_TO_CONSENT, NOTES);
      // Emergency care is the third of the hospital's scopes.
      const record = [at, at + 1_800n, body, 1n, 2n, EMERGENCY.UNABLE_TO_CONSENT, 1n, OUTCOME.PENDING];
      expect(await registry.breakGlassOf(use)).to.deep.equal(record);
      expect(await registry.unreviewedOf(body)).to.equal(1n);
    });

    it("gives the use's id to a contract that asks", async () => {
      const f = await emergencyFixture();
      const { registry, patient, parties } = f;
      const at = (await now(f)) + 100n;
      const asked = registry.connect(parties.hospital.key).breakGlass;
      await f.time.increaseTo(at);
      const use = await asked.staticCall(patient.address, 1n, 1n, NOTES, { blockTag: "latest" });
      expect(use).to.equal(useIdOf(patient.address, parties.hospital.body, at));
    });

    it("keeps each reason, and asks for one", async () => {
      const f = await emergencyFixture();
      const { registry, patient, ethers } = f;
      await f.decide(registry, "setReviewLimit", [10n]);
      for (const reason of Object.values(EMERGENCY).slice(1)) {
        const use = await f.openAt(await later(f), { reason });
        expect((await registry.breakGlassOf(use)).reason).to.equal(reason);
      }
      await expect(f.open({ reason: EMERGENCY.UNSPECIFIED }))
        .to.be.revertedWithCustomError(registry, "EmergencyReasonMissing")
        .withArgs(patient.address);
      await expect(f.open({ reason: 6n })).to.be.revert(ethers);
    });

    it("takes the longest window, and refuses one of 0 or a second longer", async () => {
      const f = await emergencyFixture();
      for (const window of [0n, MAX_WINDOW + 1n, 2n ** 24n, 2n ** 40n - 1n]) {
        await expect(f.open({ window }))
          .to.be.revertedWithCustomError(f.registry, "EmergencyWindowInvalid")
          .withArgs(window, MAX_WINDOW);
      }
      const at = await later(f);
      const use = await f.openAt(at, { window: MAX_WINDOW });
      expect((await f.registry.breakGlassOf(use)).until).to.equal(at + MAX_WINDOW);
    });

    it("refuses nobody as the patient", async () => {
      const { registry, open, parties } = await emergencyFixture();
      await expect(open({ patient: ZeroAddress }))
        .to.be.revertedWithCustomError(registry, "EmergencyPatientMissing")
        .withArgs(parties.hospital.body);
    });

    it("is shut while the council has set no limit", async () => {
      const { registry, open, parties } = await unlimitedFixture();
      expect(await registry.reviewLimit()).to.equal(0n);
      await expect(open())
        .to.be.revertedWithCustomError(registry, "BreakGlassBlocked")
        .withArgs(parties.hospital.body, 0n, 0n);
    });

    it("stops a provider at the limit, no other, until a review", async () => {
      const f = await emergencyFixture();
      const { registry, open, parties } = f;
      const { body } = parties.hospital;
      const first = await f.openAt(await later(f));
      for (let n = 1n; n < LIMIT; n++) await open();
      await expect(open()).to.be.revertedWithCustomError(registry, "BreakGlassBlocked").withArgs(body, LIMIT, LIMIT);
      await open({ by: parties.clinic.key });
      // That the windows end changes nothing.
      await f.time.increase(MAX_WINDOW);
      await expect(open()).to.be.revertedWithCustomError(registry, "BreakGlassBlocked");

      await f.review(first);
      await open();
      await expect(open()).to.be.revertedWithCustomError(registry, "BreakGlassBlocked");
      expect(await registry.unreviewedOf(body)).to.equal(LIMIT);
    });

    it("stops a provider, whatever the limit, whose use 192 before waits for a review", async () => {
      const f = await emergencyFixture();
      const { registry, open, parties } = f;
      const { body } = parties.hospital;
      await f.decide(registry, "setReviewLimit", [1_000n]);
      const overdue = async (number: bigint) => {
        await expect(open()).to.be.revertedWithCustomError(registry, "BreakGlassReviewOverdue").withArgs(body, number);
      };
      const start = await later(f);
      const uses = [await f.openAt(start)];
      for (let n = 1n; n < 192n; n++) uses.push(await f.openAt(start + n));
      await overdue(1n);
      // Another than the oldest helps the count alone.
      await f.review(uses[1]!);
      await overdue(1n);
      await f.review(uses[0]!, OUTCOME.UNJUSTIFIED);
      // Two places are free now, of the two oldest.
      const last = [await f.openAt(start + 1_000n), await f.openAt(start + 1_001n)];
      await overdue(3n);
      expect(await registry.unreviewedOf(body)).to.equal(192n);
      const outcome = async (use: string) => (await registry.breakGlassOf(use)).outcome;
      expect(await outcome(uses[0]!)).to.equal(OUTCOME.UNJUSTIFIED);
      // What has its place again is not what was there before.
      expect(await outcome(uses[1]!)).to.equal(OUTCOME.JUSTIFIED);
      for (const use of [uses[2]!, ...last]) expect(await outcome(use)).to.equal(OUTCOME.PENDING);
      await expect(f.review(uses[1]!, OUTCOME.UNJUSTIFIED))
        .to.be.revertedWithCustomError(registry, "BreakGlassReviewedBefore")
        .withArgs(uses[1], OUTCOME.JUSTIFIED);
      expect(await registry.unreviewedOf(body)).to.equal(192n);
    });

    it("counts a use for its body, whichever of its keys", async () => {
      const f = await emergencyFixture();
      const [second] = f.spare;
      await f.giveKey(f.parties.hospital.body, second!, ["emergency-care"]);
      await f.open();
      const at = await later(f);
      const use = await f.openAt(at, { by: second! });
      expect((await f.registry.breakGlassOf(use)).key).to.equal(2n);
      expect((await f.registry.breakGlassOf(use)).number).to.equal(2n);
      expect(await f.registry.unreviewedOf(f.parties.hospital.body)).to.equal(2n);
    });

    it("refuses the same again in one second, and takes another patient's or another body's", async () => {
      const f = await emergencyFixture();
      const { registry, parties, patient, otherPatient } = f;
      const at = await later(f);
      const gasLimit = 500_000n;
      const send = (by: typeof patient, whose: typeof patient) => () =>
        registry.connect(by).breakGlass(whose.address, 60n, 1n, NOTES, { gasLimit });
      const { hospital, clinic } = parties;
      const sends = [send(hospital.key, patient), send(hospital.key, patient)];
      await f.inOneBlock(at, ...sends, send(hospital.key, otherPatient), send(clinic.key, patient));
      expect(await registry.unreviewedOf(hospital.body)).to.equal(2n);
      expect(await registry.unreviewedOf(clinic.body)).to.equal(1n);
      const use = useIdOf(patient.address, hospital.body, at);
      const again = registry.connect(hospital.key).breakGlass;
      await expect(again.staticCall(patient.address, 60n, 1n, NOTES, { blockTag: "latest" }))
        .to.be.revertedWithCustomError(registry, "GlassBrokenBefore")
        .withArgs(use);
    });

    it("goes on when the council stopped new writes: an emergency does not wait", async () => {
      const f = await emergencyFixture();
      await f.stopUntil(f.registry, (await now(f)) + 10_000n);
      const use = await f.openAt(await later(f));
      await f.review(use);
    });

    it("refuses keys without the role, and bodies that are not accredited to the second", async () => {
      const f = await emergencyFixture();
      const { trustList, open, parties, stranger, patient, time } = f;
      const { hospital, reviewer } = parties;
      const scope = scopeOf("emergency-care");
      for (const by of [stranger, patient]) {
        await expect(open({ by }))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(by.address, Standing.NONE);
      }
      await expect(open({ by: reviewer.key }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, reviewer.body, Standing.NONE);
      const [reception] = f.spare;
      await f.giveKey(hospital.body, reception!, ["health-recipient"]);
      await expect(open({ by: reception! })).to.be.revertedWithCustomError(trustList, "RoleNotListed");

      const at = (await now(f)) + 100n;
      await f.accreditIn("emergency-care", hospital.body, { until: at });
      await time.setNextBlockTimestamp(at - 1n);
      await open();
      await expect(open())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, hospital.body, Standing.EXPIRED);
      await f.accreditIn("emergency-care", hospital.body);
      await open();
      await f.councilDoes("suspend", "emergency-care", hospital.body);
      await expect(open())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, hospital.body, Standing.SUSPENDED);
    });

    it("tells of a stolen key what it did after it was stolen", async () => {
      const f = await emergencyFixture();
      const { registry, trustList, parties } = f;
      const [before, after] = [await f.openAt(await later(f)), await f.openAt(await later(f))];
      const { openedAt: since } = await registry.breakGlassOf(after);
      await f.compromise(parties.hospital.key, since);
      await expect(f.open()).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      const standing = async (use: string) => {
        const { provider, key, openedAt } = await registry.breakGlassOf(use);
        return trustList.standingOf(scopeOf("emergency-care"), provider, key, openedAt);
      };
      expect(await standing(before)).to.equal(Standing.IN_FORCE);
      expect(await standing(after)).to.equal(Standing.COMPROMISED);
    });

    it("takes the sender that the forwarder names", async () => {
      const f = await emergencyFixture();
      const carry = throughForwarder(f);
      const call = await callOf(f.registry, "breakGlass", [f.patient.address, 60n, 1n, NOTES]);
      await carry(f.parties.hospital.key, call);
      expect(await f.registry.unreviewedOf(f.parties.hospital.body)).to.equal(1n);
    });
  });

  describe("review", () => {
    it("tells who reviewed, and keeps the outcome", async () => {
      const f = await emergencyFixture();
      const { registry, parties, review } = f;
      const { reviewer, hospital } = parties;
      const at = await later(f);
      const use = await f.openAt(at);
      const reviewed = review(use, OUTCOME.JUSTIFIED);
      await expect(reviewed)
        .to.emit(registry, "BreakGlassReviewed")
        .withArgs(use, reviewer.body, 1n, OUTCOME.JUSTIFIED, FINDINGS);
      const record = [at, at + 3_600n, hospital.body, 1n, 2n, EMERGENCY.LIFE_THREATENING, 1n, OUTCOME.JUSTIFIED];
      expect(await registry.breakGlassOf(use)).to.deep.equal(record);
      expect(await registry.unreviewedOf(hospital.body)).to.equal(0n);
    });

    it("leaves the window open when it was justified, and ends it at once when not", async () => {
      const f = await emergencyFixture();
      const { registry, review, read, patient, parties } = f;
      const first = await later(f);
      await review(await f.openAt(first));
      await read(first);

      const second = await later(f);
      const use = await f.openAt(second);
      await read(second);
      const reviewedAt = await timeOf(review(use, OUTCOME.UNJUSTIFIED));
      expect((await registry.breakGlassOf(use)).until).to.equal(reviewedAt);
      await expect(read(second))
        .to.be.revertedWithCustomError(registry, "BreakGlassNotOpen")
        .withArgs(patient.address, parties.hospital.body, second, reviewedAt);
      // The other window is not this one.
      await read(first);
    });

    it("ends a window in its own second", async () => {
      const f = await emergencyFixture();
      const { registry, parties, patient } = f;
      const [opened, ended] = [await later(f), (await now(f)) + 100n];
      const use = await f.openAt(opened);
      const gasLimit = 500_000n;
      const reads = () =>
        registry.connect(parties.hospital.key).logEmergencyAccess(patient.address, opened, ZeroHash, { gasLimit });
      const head = await registry.accessHeadOf(patient.address);
      await f.inOneBlock(
        ended,
        () => registry.connect(parties.reviewer.key).review(use, OUTCOME.UNJUSTIFIED, FINDINGS, { gasLimit }),
        reads,
      );
      expect((await registry.breakGlassOf(use)).until).to.equal(ended);
      expect(await registry.accessHeadOf(patient.address)).to.equal(head);
    });

    it("leaves the end of a window that is over, whatever the outcome", async () => {
      const f = await emergencyFixture();
      const at = await later(f);
      const use = await f.openAt(at);
      await f.time.increase(10_000n);
      await f.review(use, OUTCOME.UNJUSTIFIED);
      expect((await f.registry.breakGlassOf(use)).until).to.equal(at + 3_600n);
    });

    it("comes to an outcome", async () => {
      const f = await emergencyFixture();
      const use = await f.openAt(await later(f));
      await expect(f.review(use, OUTCOME.PENDING))
        .to.be.revertedWithCustomError(f.registry, "ReviewOutcomeMissing")
        .withArgs(use);
      await expect(f.review(use, 3n)).to.be.revert(f.ethers);
    });

    it("is of a use that there is, and once", async () => {
      const f = await emergencyFixture();
      const { registry, review } = f;
      expect(await registry.breakGlassOf(id("no use"))).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n, OUTCOME.PENDING]);
      await expect(review(id("no use")))
        .to.be.revertedWithCustomError(registry, "BreakGlassUnknown")
        .withArgs(id("no use"));
      for (const [before, outcome] of [
        [OUTCOME.JUSTIFIED, OUTCOME.UNJUSTIFIED],
        [OUTCOME.UNJUSTIFIED, OUTCOME.JUSTIFIED],
      ] as const) {
        const use = await f.openAt(await later(f));
        await review(use, before);
        for (const again of [before, outcome]) {
          await expect(review(use, again))
            .to.be.revertedWithCustomError(registry, "BreakGlassReviewedBefore")
            .withArgs(use, before);
        }
        expect((await registry.breakGlassOf(use)).outcome).to.equal(before);
      }
      expect(await registry.unreviewedOf(f.parties.hospital.body)).to.equal(0n);
    });

    it("is by another body than the provider, with whatever key", async () => {
      const f = await emergencyFixture();
      const { registry, parties, review } = f;
      const { body, key } = parties.hospital;
      const [auditor] = f.spare;
      await f.accreditIn("break-glass-review", body);
      await f.giveKey(body, key, ["emergency-care", "break-glass-review"]);
      await f.giveKey(body, auditor!, ["break-glass-review"]);
      const use = await f.openAt(await later(f));
      for (const by of [key, auditor!]) {
        await expect(review(use, OUTCOME.JUSTIFIED, by))
          .to.be.revertedWithCustomError(registry, "ReviewerNotIndependent")
          .withArgs(use, body);
      }
      // Of others it reviews.
      const at = await later(f);
      await f.open({ by: parties.clinic.key });
      await review(useIdOf(f.patient.address, parties.clinic.body, at), OUTCOME.JUSTIFIED, key);
    });

    it("refuses who may not review, to the second", async () => {
      const f = await emergencyFixture();
      const { trustList, parties, review, time } = f;
      const { reviewer, clinic } = parties;
      const scope = scopeOf("break-glass-review");
      const uses = [await f.openAt(await later(f)), await f.openAt(await later(f))];
      await expect(review(uses[0]!, OUTCOME.JUSTIFIED, f.patient)).to.be.revertedWithCustomError(
        trustList,
        "KeyNotInForce",
      );
      await expect(review(uses[0]!, OUTCOME.JUSTIFIED, clinic.key))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, clinic.body, Standing.NONE);

      const at = (await now(f)) + 100n;
      await f.accreditIn("break-glass-review", reviewer.body, { until: at });
      await time.setNextBlockTimestamp(at - 1n);
      await review(uses[0]!);
      await expect(review(uses[1]!))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, reviewer.body, Standing.EXPIRED);
      await f.accreditIn("break-glass-review", reviewer.body);
      await f.councilDoes("suspend", "break-glass-review", reviewer.body);
      await expect(review(uses[1]!))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, reviewer.body, Standing.SUSPENDED);
      await f.councilDoes("reinstate", "break-glass-review", reviewer.body);
      await f.compromise(reviewer.key, await now(f));
      await expect(review(uses[1]!))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(reviewer.key.address, Standing.COMPROMISED);
    });

    it("goes on when the provider was suspended or withdrawn meanwhile", async () => {
      const f = await emergencyFixture();
      const [first, second] = [await f.openAt(await later(f)), await f.openAt(await later(f))];
      await f.councilDoes("suspend", "emergency-care", f.parties.hospital.body);
      await f.review(first);
      await f.councilDoes("withdraw", "emergency-care", f.parties.hospital.body);
      await f.review(second, OUTCOME.UNJUSTIFIED);
    });
  });

  describe("an open window", () => {
    it("lets its body read to the second, and nobody else", async () => {
      const f = await emergencyFixture();
      const { registry, read, parties, patient, time } = f;
      const { hospital, clinic } = parties;
      const at = await later(f);
      await f.openAt(at, { window: 60n });
      await expect(read(at, clinic.key))
        .to.be.revertedWithCustomError(registry, "BreakGlassNotOpen")
        .withArgs(patient.address, clinic.body, at, 0n);
      await expect(read(at + 1n))
        .to.be.revertedWithCustomError(registry, "BreakGlassNotOpen")
        .withArgs(patient.address, hospital.body, at + 1n, 0n);
      await time.setNextBlockTimestamp(at + 59n);
      await read(at);
      await time.setNextBlockTimestamp(at + 60n);
      await expect(read(at))
        .to.be.revertedWithCustomError(registry, "BreakGlassNotOpen")
        .withArgs(patient.address, hospital.body, at, at + 60n);
    });
  });

  describe("setReviewLimit", () => {
    it("is the council's", async () => {
      const f = await emergencyFixture();
      const { registry, parties } = f;
      for (const by of [parties.hospital.key, parties.reviewer.key, f.deployer, f.stranger]) {
        await expect(registry.connect(by).setReviewLimit(100n))
          .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
          .withArgs(by.address);
      }
      await expect(f.decide(registry, "setReviewLimit", [7n]))
        .to.emit(registry, "ReviewLimitChanged")
        .withArgs(7n);
      expect(await registry.reviewLimit()).to.equal(7n);
    });

    it("holds from now on, whatever is open", async () => {
      const f = await emergencyFixture();
      const { registry, open, parties } = f;
      await open();
      await open();
      await f.decide(registry, "setReviewLimit", [1n]);
      await expect(open())
        .to.be.revertedWithCustomError(registry, "BreakGlassBlocked")
        .withArgs(parties.hospital.body, 2n, 1n);
      await open({ by: parties.clinic.key });
      await f.decide(registry, "setReviewLimit", [3n]);
      await open();
      await f.decide(registry, "setReviewLimit", [0n]);
      await expect(open({ by: parties.clinic.key }))
        .to.be.revertedWithCustomError(registry, "BreakGlassBlocked")
        .withArgs(parties.clinic.body, 1n, 0n);
    });
  });
});
