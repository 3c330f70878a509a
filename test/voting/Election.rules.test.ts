import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { electionFixture, PERIODS, STATE } from "./electionFixture.js";

const NO_END = 2n ** 40n - 1n;
const GROUNDS = id("grounds");

describe("Election: rules and decisions", () => {
  describe("state", () => {
    it("goes from SETUP to FINAL, as time and facts say", async () => {
      const f = await electionFixture({ weights: [1n, 1n], isOpen: false });
      const { election, trustees, time, terms } = f;
      await trustees.getFunction("setPhase").send(0n);
      expect(await election.state()).to.equal(STATE.SETUP);
      await trustees.getFunction("setPhase").send(1n);
      expect(await election.state()).to.equal(STATE.KEY_CEREMONY);
      // A second round begins with registration anew, and takes the election nowhere back.
      await trustees.getFunction("setPhase").send(0n);
      await trustees.getFunction("setRound").send(1n);
      expect(await election.state()).to.equal(STATE.KEY_CEREMONY);
      await trustees.getFunction("setPhase").send(6n);
      expect(await election.configuration()).to.equal(ZeroHash);
      expect(await election.electionKey()).to.deep.equal([0n, 0n]);
      await f.openNow();
      expect(await election.state()).to.equal(STATE.OPEN);
      expect(await election.configuration()).to.equal(f.configuration());
      expect(await election.electionKey()).to.deep.equal([f.publicKey.x, f.publicKey.parity]);
      await f.cast(0, f.ballot(0));
      await f.cast(1, f.ballot(1));
      await time.increaseTo(terms.closesAt);
      expect(await election.state()).to.equal(STATE.CLOSED);
      await f.sumUp();
      expect(await election.state()).to.equal(STATE.TALLYING);
      await f.count();
      expect(await election.state()).to.equal(STATE.FINAL);
      await time.increase(PERIODS.tally + 1n);
      expect(await election.state()).to.equal(STATE.FINAL);
    });

    it("stays in KEY_CEREMONY when a round yields no key and trustees register again: it never moves back", async () => {
      const { election, trustees } = await electionFixture({ isOpen: false });
      for (const round of [0n, 1n, 2n]) {
        await trustees.getFunction("setRound").send(round);
        for (const phase of [0n, 1n, 2n, 3n, 4n]) {
          await trustees.getFunction("setPhase").send(phase);
          const isFirst = round === 0n && phase === 0n;
          expect(await election.state()).to.equal(isFirst ? STATE.SETUP : STATE.KEY_CEREMONY);
        }
      }
    });

    it("is FAILED when it is not ready at the opening, has too few ballots, or is not counted in time", async () => {
      const unready = await electionFixture({ isOpen: false });
      await unready.time.increaseTo(unready.terms.opensAt);
      expect(await unready.election.state()).to.equal(STATE.FAILED);
      await expect(unready.election.open()).to.be.revertedWithCustomError(unready.election, "ElectionStateWrong");

      const few = await electionFixture({ weights: [1n, 1n] });
      await few.cast(0, few.ballot(0));
      await few.time.increaseTo(few.terms.closesAt);
      expect(await few.election.state()).to.equal(STATE.FAILED);

      const idle = await electionFixture({ weights: [1n, 1n] });
      await idle.castAll();
      await idle.time.increaseTo(idle.terms.closesAt + PERIODS.tally);
      expect(await idle.election.state()).to.equal(STATE.CLOSED);
      await idle.time.increase(1n);
      expect(await idle.election.state()).to.equal(STATE.FAILED);

      for (const isDecrypted of [false, true]) {
        const silent = await electionFixture({ weights: [1n, 1n] });
        await silent.castAll();
        await silent.time.increaseTo(silent.terms.closesAt);
        await silent.sumUp();
        if (isDecrypted) await silent.trustees.getFunction("setPartials").send(true, true);
        await silent.time.increaseTo(silent.terms.closesAt + PERIODS.tally + 1n);
        expect(await silent.election.state()).to.equal(isDecrypted ? STATE.TALLYING : STATE.FAILED);
      }
    });

    it("is told with its terms and times by views, and by none of the implementation", async () => {
      const f = await electionFixture();
      const { election, terms } = f;
      expect([...(await election.terms())]).to.deep.equal(Object.values(terms));
      expect(await election.votingPeriod()).to.deep.equal([terms.opensAt, terms.closesAt]);
      expect(await election.roll()).to.deep.equal([f.roll.root, 0n, f.createdAt]);
      expect(await election.counted()).to.equal(0n);
      expect(await election.progressOf(f.stranger.address)).to.equal(ZeroHash);
      // Behind the implementation's own code stand no terms.
      await expect(f.implementation.getFunction("open").send()).to.be.revert(f.ethers);
    });
  });

  describe("open", () => {
    it("freezes once, by anybody, when the key is made and the roll was public long enough", async () => {
      const f = await electionFixture({ isOpen: false });
      const { election, trustees, time, key } = f;
      await expect(election.open())
        .to.be.revertedWithCustomError(election, "RollPeriodWrong")
        .withArgs(f.createdAt + PERIODS.challenge, f.terms.opensAt);
      await time.increaseTo(f.createdAt + PERIODS.challenge);
      await trustees.getFunction("setPhase").send(5n);
      await expect(election.open()).to.be.revertedWithCustomError(election, "ElectionNotReady");
      await trustees.getFunction("setPhase").send(6n);
      await expect(election.open())
        .to.emit(election, "ElectionOpened")
        .withArgs(f.configuration(), f.roll.root, key.x, key.y);
      expect(await election.state()).to.equal(STATE.KEY_CEREMONY);
      await expect(election.open()).to.be.revertedWithCustomError(election, "ElectionStateWrong");
      await expect(f.publishRoll()).to.be.revertedWithCustomError(election, "ElectionStateWrong");
      await expect(election.objectToRoll(GROUNDS)).to.be.revertedWithCustomError(election, "ElectionStateWrong");
    });

    it("needs a roll or a gate", async () => {
      const none = await electionFixture({ isOpen: false, terms: { roll: ZeroHash } });
      await none.time.increaseTo(none.createdAt + PERIODS.challenge);
      await expect(none.election.open()).to.be.revertedWithCustomError(none.election, "ElectionNotReady");
      const gate = `0x${"11".repeat(20)}`;
      const gated = await electionFixture({ isOpen: false, terms: { roll: ZeroHash, gate } });
      await gated.openNow();
      expect(await gated.election.state()).to.equal(STATE.OPEN);
    });
  });

  describe("publishRoll and objectToRoll", () => {
    it("give no roll to an election that was made with a gate alone: anyone might open it before", async () => {
      const gate = `0x${"11".repeat(20)}`;
      const f = await electionFixture({ isOpen: false, terms: { roll: ZeroHash, gate } });
      await expect(f.publishRoll()).to.be.revertedWithCustomError(f.election, "RollNotPlanned");
      const both = await electionFixture({ isOpen: false, terms: { roll: id("first"), gate } });
      await both.publishRoll();
    });

    it("put another roll in the place of the one before, which must be public for the challenge period", async () => {
      const f = await electionFixture({ isOpen: false, weights: [1n, 1n], terms: { roll: id("first") } });
      const { election, time } = f;
      await expect(election.objectToRoll(GROUNDS))
        .to.emit(election, "RollObjected")
        .withArgs(id("first"), f.stranger.address, GROUNDS);
      await expect(f.publishRoll())
        .to.emit(election, "RollPublished")
        .withArgs(f.roll.root, 1n, 2n, 2n, id("roll file"));
      const [root, revision, publishedAt] = await election.roll();
      expect([root, revision, publishedAt]).to.deep.equal([f.roll.root, 1n, BigInt(await time.latest())]);
      await expect(election.open()).to.be.revertedWithCustomError(election, "RollPeriodWrong");
      await f.openNow();
      await f.cast(0, f.ballot(0));
    });

    it("refuse a replay, another revision, too few signatures, a lapsed one, and one too late", async () => {
      const f = await electionFixture({ isOpen: false });
      const { election, time } = f;
      await f.publishRoll();
      await expect(f.publishRoll()).to.be.revertedWithCustomError(election, "RollRevisionWrong").withArgs(1n, 2n);
      await expect(f.publishRoll({ revision: 3 }))
        .to.be.revertedWithCustomError(election, "RollRevisionWrong")
        .withArgs(3n, 2n);
      await expect(f.publishRoll({ revision: 2 }, [1]))
        .to.be.revertedWithCustomError(f.commission, "CommissionTooFew")
        .withArgs(1n, 2n);
      await expect(f.publishRoll({ revision: 2, deadline: 1n })).to.be.revertedWithCustomError(
        f.commission,
        "SignatureExpired",
      );
      await time.setNextBlockTimestamp(f.terms.opensAt - PERIODS.challenge);
      await expect(f.publishRoll({ revision: 2 }))
        .to.be.revertedWithCustomError(election, "RollPeriodWrong")
        .withArgs(f.terms.opensAt, f.terms.opensAt);
    });
  });

  describe("extend", () => {
    it("puts the close off before it comes, within what was fixed", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      const { election, time } = f;
      const { closesAt } = f.terms;
      const latest = closesAt + PERIODS.extension;
      const extend = async (to: bigint, by?: readonly number[]) => {
        const message = { closesAt: to, grounds: GROUNDS, deadline: NO_END };
        return election.extend(to, GROUNDS, ...(await f.decision("Extend", message, by)));
      };
      const refuse = async (to: bigint, left = 2n) =>
        expect(extend(to)).to.be.revertedWithCustomError(election, "ExtensionInvalid").withArgs(to, latest, left);
      await refuse(closesAt);
      await refuse(closesAt - 1n);
      await refuse(latest + 1n);
      await expect(extend(closesAt + 10n, [0])).to.be.revertedWithCustomError(f.commission, "CommissionTooFew");
      await expect(extend(closesAt + 10n))
        .to.emit(election, "ElectionExtended")
        .withArgs(closesAt + 10n, GROUNDS);
      expect(await election.votingPeriod()).to.deep.equal([f.terms.opensAt, closesAt + 10n]);
      await time.setNextBlockTimestamp(closesAt + 5n);
      await f.cast(0, f.ballot(0));
      await time.setNextBlockTimestamp(closesAt + 9n);
      await extend(latest);
      await refuse(latest + 1n, 0n);
      await time.setNextBlockTimestamp(latest - 1n);
      await f.cast(1, f.ballot(1));
      await time.setNextBlockTimestamp(latest);
      await expect(f.cast(1, f.ballot(1, 2))).to.be.revertedWithCustomError(election, "ElectionStateWrong");
      await expect(extend(latest + 1n))
        .to.be.revertedWithCustomError(election, "ElectionStateWrong")
        .withArgs(STATE.CLOSED);
    });
  });

  it("gives trustees their whole time from the extended close on", async () => {
    const f = await electionFixture({ weights: [1n, 1n] });
    const closesAt = f.terms.closesAt + PERIODS.extension;
    const message = { closesAt, grounds: GROUNDS, deadline: NO_END };
    await f.election.extend(closesAt, GROUNDS, ...(await f.decision("Extend", message)));
    await f.castAll();
    await f.time.increaseTo(f.terms.closesAt);
    expect(await f.election.state()).to.equal(STATE.OPEN);
    await f.time.increaseTo(closesAt + PERIODS.tally - 1n);
    expect(await f.election.state()).to.equal(STATE.CLOSED);
    await f.sumUp();
    expect(await f.election.state()).to.equal(STATE.TALLYING);
    expect(await f.trustees.getFunction("deadline").staticCall()).to.equal(closesAt + PERIODS.tally);
    await f.time.increase(1n);
    expect(await f.election.state()).to.equal(STATE.FAILED);
  });

  describe("annul", () => {
    const annul = async (f: Awaited<ReturnType<typeof electionFixture>>) =>
      f.election.annul(GROUNDS, ...(await f.decision("Annul", { grounds: GROUNDS, deadline: NO_END })));

    it("ends an election in every state before the first partial decryption, for good", async () => {
      const early = await electionFixture({ isOpen: false });
      await expect(annul(early)).to.emit(early.election, "ElectionAnnulled").withArgs(GROUNDS);
      expect(await early.trustees.getFunction("isStopped").staticCall()).to.equal(true);
      await expect(early.election.open()).to.be.revertedWithCustomError(early.election, "ElectionStateWrong");
      await expect(annul(early))
        .to.be.revertedWithCustomError(early.election, "ElectionStateWrong")
        .withArgs(STATE.ANNULLED);

      const open = await electionFixture({ weights: [1n, 1n] });
      await annul(open);
      await expect(open.cast(0, open.ballot(0)))
        .to.be.revertedWithCustomError(open.election, "ElectionStateWrong")
        .withArgs(STATE.ANNULLED);

      const summed = await electionFixture({ weights: [1n, 1n] });
      await summed.castAll();
      await summed.time.increaseTo(summed.terms.closesAt);
      await summed.sumUp();
      await annul(summed);
      expect(await summed.election.state()).to.equal(STATE.ANNULLED);
    });

    it("is possible in each state before the end, and stops what that state allows", async () => {
      const setup = await electionFixture({ isOpen: false });
      await setup.trustees.getFunction("setPhase").send(0n);
      expect(await setup.election.state()).to.equal(STATE.SETUP);
      await annul(setup);
      await expect(setup.publishRoll())
        .to.be.revertedWithCustomError(setup.election, "ElectionStateWrong")
        .withArgs(STATE.ANNULLED);

      const frozen = await electionFixture({ isOpen: false });
      await frozen.time.setNextBlockTimestamp(frozen.createdAt + PERIODS.challenge);
      await frozen.election.open();
      await annul(frozen);
      await frozen.time.increaseTo(frozen.terms.opensAt);
      await expect(frozen.cast(0, frozen.ballot(0)))
        .to.be.revertedWithCustomError(frozen.election, "ElectionStateWrong")
        .withArgs(STATE.ANNULLED);

      const open = await electionFixture({ weights: [1n, 1n] });
      const one = await open.signed(0, open.ballot(0));
      await annul(open);
      const hints = open.batchHints([one]);
      const { election, publicKey } = open;
      const { slotKey } = open.entries[0]!;
      for (const call of [
        election.castSigned(publicKey, one, hints),
        election.castBatch(publicKey, [one], hints),
        election.castAtGate(publicKey, slotKey, "0x", open.ballot(0).bytes, hints),
        election.commitBallot(slotKey, id("ballot")),
        election.spoil(publicKey, slotKey, 1n, [], [], []),
      ]) {
        await expect(call).to.be.revertedWithCustomError(election, "ElectionStateWrong").withArgs(STATE.ANNULLED);
      }

      const closed = await electionFixture({ weights: [1n, 1n] });
      await closed.castAll();
      await closed.time.increaseTo(closed.terms.closesAt);
      expect(await closed.election.state()).to.equal(STATE.CLOSED);
      await annul(closed);
      await expect(closed.sumUp())
        .to.be.revertedWithCustomError(closed.election, "ElectionStateWrong")
        .withArgs(STATE.ANNULLED);
      await closed.time.increase(10n * PERIODS.tally);
      expect(await closed.election.state()).to.equal(STATE.ANNULLED);
      // What voters cast stays to be seen.
      expect(await closed.election.turnout()).to.equal(2n);
    });

    it("is refused after a partial decryption, and when the election is final or failed", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      await f.castAll();
      await f.time.increaseTo(f.terms.closesAt);
      await f.sumUp();
      await f.trustees.getFunction("setPartials").send(true, false);
      await expect(annul(f)).to.be.revertedWithCustomError(f.trustees, "HasPartials");
      expect(await f.election.state()).to.equal(STATE.TALLYING);
      await f.count();
      await expect(annul(f)).to.be.revertedWithCustomError(f.election, "ElectionStateWrong").withArgs(STATE.FINAL);

      const failed = await electionFixture();
      await failed.time.increaseTo(failed.terms.closesAt);
      await expect(annul(failed))
        .to.be.revertedWithCustomError(failed.election, "ElectionStateWrong")
        .withArgs(STATE.FAILED);
    });
  });

  describe("recordPaper", () => {
    const paper = async (f: Awaited<ReturnType<typeof electionFixture>>, counts: readonly bigint[], by?: number[]) => {
      const message = { ballots: 7, counts, record: id("record"), deadline: NO_END };
      return f.election.recordPaper(7, [...counts], message.record, ...(await f.decision("RecordPaper", message, by)));
    };

    it("records totals once, after the close, by two members, and before that fixes no sum", async () => {
      const f = await electionFixture({ weights: [1n, 1n], terms: { hasPaper: true, quorum: 3n } });
      await f.castAll();
      await expect(paper(f, [3n, 4n])).to.be.revertedWithCustomError(f.election, "ElectionStateWrong");
      await f.time.increaseTo(f.terms.closesAt);
      await expect(f.sumUp()).to.be.revertedWithCustomError(f.election, "PaperMissing");
      await expect(paper(f, [3n, 4n, 0n]))
        .to.be.revertedWithCustomError(f.election, "PaperInvalid")
        .withArgs(3n, 2n);
      await expect(paper(f, [3n, 4n], [2])).to.be.revertedWithCustomError(f.commission, "CommissionTooFew");
      await expect(paper(f, [3n, 4n], [0, 2]))
        .to.emit(f.election, "PaperRecorded")
        .withArgs(7n, [3n, 4n], id("record"));
      await expect(paper(f, [3n, 4n])).to.be.revertedWithCustomError(f.election, "PaperInvalid");
      await f.sumUp();
      expect(await f.election.state()).to.equal(STATE.TALLYING);
    });

    it("is refused where the election has none", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      await f.castAll();
      await f.time.increaseTo(f.terms.closesAt);
      await expect(paper(f, [3n, 4n]))
        .to.be.revertedWithCustomError(f.election, "PaperInvalid")
        .withArgs(2n, 2n);
    });
  });

  it("names nobody as the trustees or the gate of an election without", async () => {
    const f = await electionFixture();
    expect((await f.election.terms()).gate).to.equal(ZeroAddress);
  });
});
