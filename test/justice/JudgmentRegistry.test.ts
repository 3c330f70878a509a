import { expect } from "chai";
import { ZeroHash } from "ethers";

import { CASE, judgment, judgmentFixture, KIND, NOTICE, OUTCOME, scopeOf, STATUS } from "../helpers/judgments.js";
import { later, now, Standing, timeOf } from "../helpers/trust.js";

describe("JudgmentRegistry", () => {
  describe("register", () => {
    it("keeps a judgment", async () => {
      const f = await judgmentFixture();
      const { registry, parties, start, finalFrom } = f;
      const { body } = parties.court;
      const sent = f.register("a", { kind: KIND.ORDER, appealTo: parties.appeals.body });
      await expect(sent)
        .to.emit(registry, "JudgmentRegistered")
        .withArgs(judgment("a"), CASE, body, 1n, KIND.ORDER, start, finalFrom, parties.appeals.body);
      expect(await registry.judgmentOf(judgment("a"))).to.deep.equal([
        ...[await timeOf(sent), start, finalFrom, body, 1n, 0n, parties.appeals.body, KIND.ORDER],
        ...[OUTCOME.NONE, 0n, false, false, false],
      ]);
      expect(await f.verdictOf("a")).to.deep.equal([
        ...[STATUS.NOT_FINAL, OUTCOME.NONE, ZeroHash, judgment("a"), KIND.ORDER, body, 1n, false],
        ...[await timeOf(sent), start, finalFrom, 0n, Standing.IN_FORCE, Standing.IN_FORCE, Standing.IN_FORCE],
      ]);
      const none = [0n, 0n, ZeroHash, ZeroHash, 0n, 0n, 0n, false, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
      expect(await f.verdictOf("b")).to.deep.equal(none);
    });

    it("is final at its time, to the second", async () => {
      const f = await judgmentFixture();
      await f.register("a");
      await f.mineAt(f.finalFrom - 1n);
      expect(await f.statusesOf("a")).to.deep.equal([STATUS.NOT_FINAL]);
      await expect(f.registry.requireFinal(judgment("a")))
        .to.be.revertedWithCustomError(f.registry, "JudgmentNotEnforceable")
        .withArgs(judgment("a"), STATUS.NOT_FINAL, Standing.IN_FORCE);
      await f.mineAt(f.finalFrom);
      expect(await f.statusesOf("a")).to.deep.equal([STATUS.FINAL]);
      await f.registry.requireFinal(judgment("a"));
    });

    it("refuses a second of one commitment, by whomever", async () => {
      const f = await judgmentFixture();
      const at = await timeOf(f.register("a"));
      await expect(f.register("a", {}, f.parties.otherCourt.key))
        .to.be.revertedWithCustomError(f.registry, "JudgmentExists")
        .withArgs(judgment("a"), f.parties.court.body, at);
    });

    it("refuses missing commitments, and times that cannot be", async () => {
      const f = await judgmentFixture();
      const refused = (other: object, error: string, ...args: unknown[]) =>
        expect(f.register("a", other))
          .to.be.revertedWithCustomError(f.registry, error)
          .withArgs(...args);
      await refused({ commitment: ZeroHash }, "JudgmentCommitmentMissing", ZeroHash, CASE);
      await refused({ caseCommitment: ZeroHash }, "JudgmentCommitmentMissing", judgment("a"), ZeroHash);
      await refused({ finalFrom: f.start - 1n }, "FinalityInvalid", f.start - 1n, f.start);
      await refused({ decidedAt: 0n }, "DecisionTimeInvalid", 0n, (await now(f)) + 1n);
      const at = await later(f);
      await refused({ decidedAt: at + 1n }, "DecisionTimeInvalid", at + 1n, at);
      const next = await later(f);
      await f.register("a", { decidedAt: next, finalFrom: next });
    });

    it("shows a back-dated decision as claimed, beside the time of its registration", async () => {
      const f = await judgmentFixture();
      const at = await timeOf(f.register("a", { decidedAt: 1n, finalFrom: 2n }));
      const { registeredAt, decidedAt, status } = await f.verdictOf("a");
      expect([registeredAt, decidedAt, status]).to.deep.equal([at, 1n, STATUS.FINAL]);
    });

    it("refuses who is no court", async () => {
      const f = await judgmentFixture();
      const { supreme } = f.parties;
      await expect(f.register("a", {}, supreme.key))
        .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
        .withArgs(scopeOf("court"), supreme.body, Standing.NONE);
      await expect(f.register("a", {}, f.stranger)).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce");
      await f.councilDoes("suspend", "court", f.parties.court.body);
      await expect(f.register("a"))
        .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
        .withArgs(scopeOf("court"), f.parties.court.body, Standing.SUSPENDED);
    });

    it("is stopped by the council, as all that creates; a withdrawal and reading are not", async () => {
      const f = await judgmentFixture();
      await f.register("a");
      await f.register("b", { finalFrom: 0n });
      await f.appeal("a");
      const until = (await now(f)) + 1_000n;
      await f.stopUntil(f.registry, until);
      const { registry, parties } = f;
      for (const send of [
        () => f.register("c"),
        () => registry.connect(parties.court.key).setFinality(judgment("b"), f.finalFrom),
        () => f.rectify("b", "c"),
        () => f.appeal("b"),
        () => f.decideOn("a", OUTCOME.REVERSED, "c"),
        () => f.annul("b", "c"),
      ]) {
        await expect(send()).to.be.revertedWithCustomError(registry, "WritesAreStopped").withArgs(until);
      }
      await f.withdraw("a");
      expect(await f.statusesOf("a", "b")).to.deep.equal([STATUS.NOT_FINAL, STATUS.NOT_FINAL]);
    });
  });

  describe("setFinality", () => {
    it("tells once from when a judgment is final, where that was not known", async () => {
      const f = await judgmentFixture();
      const asCourt = f.registry.connect(f.parties.court.key);
      await f.register("a", { finalFrom: 0n });
      await f.mineAt(f.finalFrom * 2n);
      expect(await f.statusesOf("a")).to.deep.equal([STATUS.NOT_FINAL]);
      const at = await later(f);
      await expect(asCourt.setFinality(judgment("a"), at - 1n))
        .to.be.revertedWithCustomError(f.registry, "FinalityInvalid")
        .withArgs(at - 1n, at);
      const next = await later(f);
      await expect(asCourt.setFinality(judgment("a"), next + 5n))
        .to.emit(f.registry, "FinalitySet")
        .withArgs(judgment("a"), next + 5n);
      await expect(asCourt.setFinality(judgment("a"), next + 9n))
        .to.be.revertedWithCustomError(f.registry, "FinalityIsSet")
        .withArgs(judgment("a"), next + 5n);
      await f.mineAt(next + 5n);
      await expect(asCourt.setFinality(judgment("a"), next + 9n))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.FINAL);
    });

    it("is the judgment's own court's", async () => {
      const f = await judgmentFixture();
      const { court, otherCourt } = f.parties;
      await f.register("a", { finalFrom: 0n });
      await expect(f.registry.connect(otherCourt.key).setFinality(judgment("a"), f.finalFrom))
        .to.be.revertedWithCustomError(f.registry, "JudgmentOfAnotherCourt")
        .withArgs(judgment("a"), court.body, otherCourt.body);
      await expect(f.registry.connect(court.key).setFinality(judgment("b"), f.finalFrom))
        .to.be.revertedWithCustomError(f.registry, "JudgmentUnknown")
        .withArgs(judgment("b"));
    });
  });

  describe("appeal", () => {
    it("holds the judgment back from being final", async () => {
      const f = await judgmentFixture();
      const { body } = f.parties.appeals;
      await f.register("a");
      const sent = f.appeal("a");
      await expect(sent).to.emit(f.registry, "AppealLodged").withArgs(judgment("a"), NOTICE, body, 1n);
      expect(await f.registry.appealOf(judgment("a"))).to.deep.equal([await timeOf(sent), body, 1n, 1n]);
      await f.mineAt(f.finalFrom + 1n);
      const { status, appealCourt } = await f.verdictOf("a");
      expect([status, appealCourt]).to.deep.equal([STATUS.UNDER_APPEAL, body]);
      await expect(f.appeal("a", f.parties.supreme.key))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.UNDER_APPEAL);
    });

    it("is too late from the second of finality on", async () => {
      const f = await judgmentFixture();
      await f.register("a");
      await f.register("b");
      await f.at(f.finalFrom - 1n);
      await f.appeal("b");
      await f.at(f.finalFrom);
      await expect(f.appeal("a"))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.FINAL);
    });

    it("is refused to the court itself, to another than it names, to a court of first instance, and without a notice", async () => {
      const f = await judgmentFixture();
      const { appeals, supreme, court } = f.parties;
      await f.register("own", {}, appeals.key);
      await expect(f.appeal("own"))
        .to.be.revertedWithCustomError(f.registry, "CourtReviewsItself")
        .withArgs(judgment("own"), appeals.body);
      await f.register("a", { appealTo: appeals.body });
      await expect(f.appeal("a", supreme.key))
        .to.be.revertedWithCustomError(f.registry, "JudgmentOfAnotherCourt")
        .withArgs(judgment("a"), appeals.body, supreme.body);
      await expect(f.appeal("a", court.key))
        .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
        .withArgs(scopeOf("court-of-appeal"), court.body, Standing.NONE);
      await expect(f.registry.connect(appeals.key).appeal(judgment("a"), ZeroHash))
        .to.be.revertedWithCustomError(f.registry, "AppealCommitmentMissing")
        .withArgs(judgment("a"));
      await f.appeal("a");
    });
  });

  describe("withdrawAppeal", () => {
    it("lets the time run on, or makes the judgment final now when it passed meanwhile", async () => {
      const f = await judgmentFixture();
      for (const name of ["a", "b"]) {
        await f.register(name);
        await f.appeal(name);
      }
      await f.register("open", { finalFrom: 0n });
      await f.appeal("open");
      await expect(f.withdraw("a"))
        .to.emit(f.registry, "AppealWithdrawn")
        .withArgs(judgment("a"), f.parties.appeals.body, f.finalFrom);
      expect((await f.verdictOf("a")).appealCourt).to.equal(0n);
      await f.appeal("a", f.parties.supreme.key);
      const at = f.finalFrom + 50n;
      await f.at(at);
      await f.withdraw("b");
      const { status, finalFrom } = await f.verdictOf("b");
      expect([status, finalFrom]).to.deep.equal([STATUS.FINAL, at]);
      await f.withdraw("open");
      expect((await f.verdictOf("open")).finalFrom).to.equal(0n);
      expect(await f.statusesOf("open")).to.deep.equal([STATUS.NOT_FINAL]);
    });

    it("is any key's of the court that took it, accredited or not, and nobody else's", async () => {
      const f = await judgmentFixture();
      const { appeals, supreme } = f.parties;
      await f.register("a");
      await expect(f.withdraw("a"))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.NOT_FINAL);
      await f.appeal("a");
      await expect(f.withdraw("a", supreme.key))
        .to.be.revertedWithCustomError(f.trustList, "KeyOfAnotherBody")
        .withArgs(supreme.key.address, appeals.body, supreme.body);
      await f.councilDoes("withdraw", "court-of-appeal", appeals.body);
      await f.withdraw("a");
      expect(await f.statusesOf("a")).to.deep.equal([STATUS.NOT_FINAL]);
    });
  });

  describe("decideAppeal", () => {
    for (const [outcome, before, after] of [
      ["AFFIRMED", STATUS.NOT_FINAL, STATUS.FINAL],
      ["SUPERSEDED", STATUS.SUPERSEDED, STATUS.SUPERSEDED],
      ["REVERSED", STATUS.REVERSED, STATUS.REVERSED],
      ["ANNULLED", STATUS.ANNULLED, STATUS.ANNULLED],
    ] as const) {
      it(`${outcome}: registers the decision, and the judgment follows it`, async () => {
        const f = await judgmentFixture();
        const { body } = f.parties.appeals;
        await f.register("a");
        await f.appeal("a");
        const finalFrom = f.finalFrom + 10n;
        const sent = f.decideOn("a", OUTCOME[outcome], "b", { finalFrom });
        await expect(sent)
          .to.emit(f.registry, "FateDecided")
          .withArgs(judgment("a"), judgment("b"), body, OUTCOME[outcome]);
        await expect(sent)
          .to.emit(f.registry, "JudgmentRegistered")
          .withArgs(judgment("b"), CASE, body, 1n, KIND.JUDGMENT, f.start, finalFrom, 0n);
        const verdict = await f.verdictOf("a");
        expect([verdict.outcome, verdict.successor, verdict.governing, verdict.finalFrom]).to.deep.equal([
          ...[OUTCOME[outcome], judgment("b"), judgment("b"), finalFrom],
        ]);
        expect(await f.registry.decisionUpon(judgment("a"))).to.equal(judgment("b"));
        const { depth, isUponAnother } = await f.registry.judgmentOf(judgment("b"));
        expect([depth, isUponAnother]).to.deep.equal([1n, true]);
        expect(await f.statusesOf("a", "b")).to.deep.equal([before, STATUS.NOT_FINAL]);
        await f.mineAt(finalFrom);
        expect(await f.statusesOf("a", "b")).to.deep.equal([after, STATUS.FINAL]);
        // The judgment itself is out of reach now.
        await expect(f.appeal("a", f.parties.supreme.key))
          .to.be.revertedWithCustomError(f.registry, "JudgmentIsDecidedUpon")
          .withArgs(judgment("a"), judgment("b"));
      });
    }

    it("is refused to another court of appeal, without an appeal, and with another outcome", async () => {
      const f = await judgmentFixture();
      const { appeals, otherAppeals } = f.parties;
      await f.register("a");
      await expect(f.decideOn("a", OUTCOME.REVERSED, "b"))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.NOT_FINAL);
      await f.appeal("a");
      await expect(f.decideOn("a", OUTCOME.REVERSED, "b", {}, otherAppeals.key))
        .to.be.revertedWithCustomError(f.registry, "JudgmentOfAnotherCourt")
        .withArgs(judgment("a"), appeals.body, otherAppeals.body);
      await expect(f.decideOn("a", OUTCOME.REVERSED, "b", {}, f.parties.court.key)).to.be.revertedWithCustomError(
        f.trustList,
        "NotAccredited",
      );
      for (const outcome of [OUTCOME.NONE, OUTCOME.RECTIFIED]) {
        await expect(f.decideOn("a", outcome, "b"))
          .to.be.revertedWithCustomError(f.registry, "AppealOutcomeInvalid")
          .withArgs(judgment("a"), outcome);
      }
      await expect(f.decideOn("a", OUTCOME.REVERSED, "a")).to.be.revertedWithCustomError(f.registry, "JudgmentExists");
    });
  });

  describe("a chain of appeals", () => {
    // What was decided upon a, and upon that decision b; then how a stands while c can be appealed, and once c is final.
    const { NOT_FINAL, FINAL, UNDER_APPEAL, SUPERSEDED, REVERSED, ANNULLED } = STATUS;
    for (const [first, second, open, settled] of [
      ["AFFIRMED", "AFFIRMED", NOT_FINAL, FINAL],
      ["AFFIRMED", "SUPERSEDED", SUPERSEDED, SUPERSEDED],
      ["AFFIRMED", "REVERSED", REVERSED, REVERSED],
      ["AFFIRMED", "ANNULLED", UNDER_APPEAL, UNDER_APPEAL],
      ["SUPERSEDED", "AFFIRMED", SUPERSEDED, SUPERSEDED],
      ["SUPERSEDED", "SUPERSEDED", SUPERSEDED, SUPERSEDED],
      ["SUPERSEDED", "REVERSED", SUPERSEDED, SUPERSEDED],
      ["SUPERSEDED", "ANNULLED", UNDER_APPEAL, UNDER_APPEAL],
      ["REVERSED", "AFFIRMED", REVERSED, REVERSED],
      ["REVERSED", "SUPERSEDED", REVERSED, REVERSED],
      ["REVERSED", "REVERSED", NOT_FINAL, FINAL],
      ["REVERSED", "ANNULLED", UNDER_APPEAL, UNDER_APPEAL],
      ["ANNULLED", "AFFIRMED", ANNULLED, ANNULLED],
      ["ANNULLED", "SUPERSEDED", ANNULLED, ANNULLED],
      ["ANNULLED", "REVERSED", NOT_FINAL, FINAL],
      ["ANNULLED", "ANNULLED", UNDER_APPEAL, UNDER_APPEAL],
    ] as const) {
      it(`${first}, and that ${second}`, async () => {
        const f = await judgmentFixture();
        const { supreme } = f.parties;
        await f.register("a");
        await f.appeal("a");
        await f.decideOn("a", OUTCOME[first], "b");
        await f.appeal("b", supreme.key);
        const meanwhile = first === "AFFIRMED" ? UNDER_APPEAL : STATUS[first];
        expect(await f.statusesOf("a", "b")).to.deep.equal([meanwhile, UNDER_APPEAL]);
        await f.decideOn("b", OUTCOME[second], "c", {}, supreme.key);
        expect((await f.statusesOf("a"))[0]).to.equal(open);
        await f.mineAt(f.finalFrom);
        expect((await f.statusesOf("a"))[0]).to.equal(settled);
        const { governing } = await f.verdictOf("a");
        expect(governing).to.equal(judgment(second === "ANNULLED" ? "a" : "c"));
      });
    }

    it("an annulled decision is given anew, and then does not come back", async () => {
      const f = await judgmentFixture();
      const { supreme, otherAppeals } = f.parties;
      await f.register("a");
      await f.appeal("a");
      await f.decideOn("a", OUTCOME.REVERSED, "b");
      await f.appeal("b", supreme.key);
      await f.decideOn("b", OUTCOME.ANNULLED, "c", { finalFrom: f.start }, supreme.key);
      const { outcome, successor, appealCourt } = await f.verdictOf("a");
      expect([outcome, successor, appealCourt]).to.deep.equal([OUTCOME.NONE, ZeroHash, f.parties.appeals.body]);
      await expect(f.decideOn("a", OUTCOME.AFFIRMED, "d"))
        .to.emit(f.registry, "DecisionDisplaced")
        .withArgs(judgment("b"));
      expect(await f.statusesOf("a", "b", "c", "d")).to.deep.equal([
        ...[STATUS.NOT_FINAL, STATUS.ANNULLED, STATUS.FINAL, STATUS.NOT_FINAL],
      ]);
      // Even when its annulment is annulled in turn.
      await f.annul("c", "e", {}, otherAppeals.key);
      expect(await f.statusesOf("a", "b", "c")).to.deep.equal([
        ...[STATUS.NOT_FINAL, STATUS.ANNULLED, STATUS.ANNULLED],
      ]);
      await expect(f.appeal("b", supreme.key))
        .to.be.revertedWithCustomError(f.registry, "JudgmentIsDecidedUpon")
        .withArgs(judgment("b"), judgment("e"));
    });

    it("goes on to the top, and no further than its limit", async () => {
      const f = await judgmentFixture();
      const [one, two] = [f.parties.appeals.key, f.parties.supreme.key];
      await f.register("0");
      for (let n = 0; n < 15; ++n) {
        const by = n % 2 === 0 ? one : two;
        await f.appeal(`${n}`, by);
        await f.decideOn(`${n}`, OUTCOME.AFFIRMED, `${n + 1}`, {}, by);
      }
      expect(await f.statusesOf("0", "15")).to.deep.equal([STATUS.NOT_FINAL, STATUS.NOT_FINAL]);
      expect((await f.verdictOf("0")).governing).to.equal(judgment("15"));
      await f.appeal("15", two);
      await expect(f.decideOn("15", OUTCOME.AFFIRMED, "16", {}, two))
        .to.be.revertedWithCustomError(f.registry, "JudgmentChainTooLong")
        .withArgs(judgment("15"), 15n);
      await f.withdraw("15", two);
      await f.mineAt(f.finalFrom);
      await f.registry.requireFinal(judgment("0"));
    });
  });

  describe("rectify", () => {
    it("puts a corrected text in the judgment's place, whose time runs on", async () => {
      const f = await judgmentFixture();
      const { body } = f.parties.court;
      await f.register("a", { kind: KIND.PARTIAL, appealTo: f.parties.appeals.body });
      const sent = f.rectify("a", "a2");
      await expect(sent)
        .to.emit(f.registry, "FateDecided")
        .withArgs(judgment("a"), judgment("a2"), body, OUTCOME.RECTIFIED);
      expect(await f.registry.judgmentOf(judgment("a2"))).to.deep.equal([
        ...[await timeOf(sent), f.start, f.finalFrom, body, 1n, 0n, f.parties.appeals.body, KIND.PARTIAL],
        ...[OUTCOME.NONE, 1n, false, false, false],
      ]);
      expect(await f.statusesOf("a", "a2")).to.deep.equal([STATUS.SUPERSEDED, STATUS.NOT_FINAL]);
      await f.mineAt(f.finalFrom);
      expect(await f.statusesOf("a", "a2")).to.deep.equal([STATUS.SUPERSEDED, STATUS.FINAL]);
      // A slip is corrected at any time.
      await f.rectify("a2", "a3");
      expect(await f.statusesOf("a", "a2", "a3")).to.deep.equal([
        ...[STATUS.SUPERSEDED, STATUS.SUPERSEDED, STATUS.FINAL],
      ]);
    });

    it("of a decision leaves what was decided as it was, up and down the chain", async () => {
      const f = await judgmentFixture();
      const { appeals, supreme } = f.parties;
      await f.register("a");
      await f.appeal("a");
      await f.decideOn("a", OUTCOME.AFFIRMED, "b");
      await f.rectify("b", "b2", appeals.key);
      expect(await f.statusesOf("a", "b", "b2")).to.deep.equal([
        ...[STATUS.NOT_FINAL, STATUS.SUPERSEDED, STATUS.NOT_FINAL],
      ]);
      expect((await f.verdictOf("a")).successor).to.equal(judgment("b2"));
      await f.appeal("b2", supreme.key);
      await f.decideOn("b2", OUTCOME.ANNULLED, "c", {}, supreme.key);
      expect(await f.statusesOf("a", "b", "b2")).to.deep.equal([
        ...[STATUS.UNDER_APPEAL, STATUS.SUPERSEDED, STATUS.ANNULLED],
      ]);
      await expect(f.withdraw("a")).to.emit(f.registry, "DecisionDisplaced").withArgs(judgment("b2"));
      expect(await f.statusesOf("a")).to.deep.equal([STATUS.NOT_FINAL]);
    });

    it("is the judgment's own court's, not while it is appealed, and takes new commitments", async () => {
      const f = await judgmentFixture();
      const { court, otherCourt } = f.parties;
      await f.register("a");
      await expect(f.rectify("a", "b", otherCourt.key))
        .to.be.revertedWithCustomError(f.registry, "JudgmentOfAnotherCourt")
        .withArgs(judgment("a"), court.body, otherCourt.body);
      await expect(f.rectify("a", "a")).to.be.revertedWithCustomError(f.registry, "JudgmentExists");
      await expect(f.registry.connect(court.key).rectify(judgment("a"), ZeroHash, CASE))
        .to.be.revertedWithCustomError(f.registry, "JudgmentCommitmentMissing")
        .withArgs(ZeroHash, CASE);
      await f.appeal("a");
      await expect(f.rectify("a", "b"))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.UNDER_APPEAL);
    });

    it("takes from no court above the room for its decision, however often a court corrects itself", async () => {
      const f = await judgmentFixture();
      const { appeals, supreme } = f.parties;
      await f.register("0", { finalFrom: f.start });
      for (let n = 0; n < 10; ++n) await f.rectify(`${n}`, `${n + 1}`);
      await expect(f.rectify("10", "11"))
        .to.be.revertedWithCustomError(f.registry, "JudgmentChainTooLong")
        .withArgs(judgment("10"), 10n);
      expect(await f.statusesOf("10")).to.deep.equal([STATUS.FINAL]);
      await f.registry.connect(appeals.key).annul(judgment("10"), f.given("11"));
      await f.appeal("11", supreme.key);
      await f.decideOn("11", OUTCOME.AFFIRMED, "12", {}, supreme.key);
      expect(await f.statusesOf("10", "11")).to.deep.equal([STATUS.ANNULLED, STATUS.NOT_FINAL]);
    });
  });

  describe("annul", () => {
    it("annuls what is final, and what was before comes back when the annulment falls", async () => {
      const f = await judgmentFixture();
      const { supreme, otherAppeals } = f.parties;
      await f.register("a", { finalFrom: f.start });
      await expect(f.annul("a", "x", { finalFrom: f.start }))
        .to.emit(f.registry, "FateDecided")
        .withArgs(judgment("a"), judgment("x"), supreme.body, OUTCOME.ANNULLED);
      expect(await f.statusesOf("a", "x")).to.deep.equal([STATUS.ANNULLED, STATUS.FINAL]);
      await expect(f.registry.requireFinal(judgment("a")))
        .to.be.revertedWithCustomError(f.registry, "JudgmentNotEnforceable")
        .withArgs(judgment("a"), STATUS.ANNULLED, Standing.IN_FORCE);
      await f.annul("x", "y", {}, otherAppeals.key);
      expect(await f.statusesOf("a", "x", "y")).to.deep.equal([STATUS.FINAL, STATUS.ANNULLED, STATUS.NOT_FINAL]);
    });

    it("is refused before finality, to the court itself and to courts of first instance", async () => {
      const f = await judgmentFixture();
      const { appeals, court } = f.parties;
      await f.register("a");
      await expect(f.annul("a", "x"))
        .to.be.revertedWithCustomError(f.registry, "JudgmentStatusRefuses")
        .withArgs(judgment("a"), STATUS.NOT_FINAL);
      await f.register("own", { finalFrom: f.start }, appeals.key);
      await expect(f.annul("own", "x", {}, appeals.key))
        .to.be.revertedWithCustomError(f.registry, "CourtReviewsItself")
        .withArgs(judgment("own"), appeals.body);
      await expect(f.annul("own", "x", {}, court.key)).to.be.revertedWithCustomError(f.trustList, "NotAccredited");
    });
  });

  describe("a compromised key", () => {
    it("shows in the verdict of what it registered, from that second on, and in that of what its decision governs", async () => {
      const f = await judgmentFixture();
      const { court, appeals } = f.parties;
      await f.register("a", { finalFrom: f.start });
      await f.register("b");
      await f.appeal("b");
      await f.decideOn("b", OUTCOME.AFFIRMED, "c", { finalFrom: f.start });
      await f.registry.requireFinal(judgment("b"));
      const at = (await f.verdictOf("a")).registeredAt;
      await f.compromise(court.key, at + 1n);
      expect((await f.verdictOf("a")).standing).to.equal(Standing.IN_FORCE);
      expect((await f.verdictOf("a")).standingNow).to.equal(Standing.COMPROMISED);
      await f.registry.requireFinal(judgment("a"));
      await f.compromise(court.key, at);
      expect((await f.verdictOf("a")).standing).to.equal(Standing.COMPROMISED);
      await expect(f.registry.requireFinal(judgment("a")))
        .to.be.revertedWithCustomError(f.registry, "JudgmentNotEnforceable")
        .withArgs(judgment("a"), STATUS.FINAL, Standing.COMPROMISED);
      await expect(f.register("d")).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce");
      // What it had registered can be annulled by another court.
      await f.annul("a", "x");
      expect(await f.statusesOf("a")).to.deep.equal([STATUS.ANNULLED]);

      const g = await judgmentFixture();
      await g.register("b");
      await g.appeal("b");
      await g.decideOn("b", OUTCOME.AFFIRMED, "c", { finalFrom: g.start });
      await g.compromise(appeals.key, 1n);
      const { standing, governingStanding } = await g.verdictOf("b");
      expect([standing, governingStanding]).to.deep.equal([Standing.IN_FORCE, Standing.COMPROMISED]);
      await expect(g.registry.requireFinal(judgment("b")))
        .to.be.revertedWithCustomError(g.registry, "JudgmentNotEnforceable")
        .withArgs(judgment("b"), STATUS.FINAL, Standing.COMPROMISED);
    });
  });
});
