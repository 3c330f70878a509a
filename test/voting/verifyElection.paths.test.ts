import { expect } from "chai";
import { id, toBeHex } from "ethers";

import { ELECTION_INTERFACES, type TranscriptLog } from "../../src/voting/verifier/electionEvents.js";
import { verifyElection } from "../../src/voting/verifier/verifyElection.js";
import { hashOf } from "./ceremonyForge.js";
import { heldElection } from "./heldElection.js";
import { isNamed, type Recorded, rewrite, tamperingWith } from "./tampering.js";

type Held = Awaited<ReturnType<typeof heldElection>>;

describe("verifyElection, of voters, ceremonies and ends that are not the usual ones", () => {
  let recorded: Recorded;
  const { changed, edit, editCall, expectStep, expectRight } = tamperingWith(() => recorded);

  /** A log behind another, in its block. */
  const behind = (log: TranscriptLog, data: string, topics: readonly string[]): TranscriptLog => {
    return { ...log, data, topics, index: log.index + 1 };
  };

  describe("an election whose voters come by a gate alone", () => {
    let f: Held;
    let heavy: Awaited<ReturnType<Held["ballotArguments"]>>;

    before(async () => {
      f = await heldElection({ attested: 3 });
      await f.makeKey();
      await f.attestAll();
      await f.openNow();
      for (const voter of [0, 1]) await f.cast(voter);
      await f.castBatch([await f.sign(2)]);
      f.votes.set(2, { seed: 3, weight: 1n });
      await f.cast(0, 9);
      heavy = await f.ballotArguments(0, 9, 2n);
      await f.close();
      await f.count();
      recorded = await f.record();
    });

    it("is found right, and says that the gate is its contract's word", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 3, weight: 3n }, paper: undefined });
      expect(report.results).to.deep.equal([{ question: 0, counts: f.counts() }]);
      expect(report.detailOf("roll")).to.match(/no roll: voters come by a gate/);
      expect(report.detailOf("ballots")).to.match(/4 ballots cast.*4 whose right to vote is unchecked: by gate/);
      expect(report.unverifiable.join()).to.match(/a gate let in only whom it should/);
    });

    it("is not, with a ballot under another pseudonym", async () => {
      const logs = edit("BallotCast", (values) => (values[0] = id("another pseudonym")), 1);
      await expectStep("ballots", { logs }, /ballot 2 of 4 .* is invalid: EQUATION/);
      // As the number of slots stays the same, nothing but the proof shows it.
      expect((await verifyElection({ ...recorded.transcript, logs })).turnout.ballots).to.equal(3);
    });

    it("is not, with a ballot of another weight, even one that its proof is right for", async () => {
      const logs = edit("BallotCast", (values) => (values[2] = 2n), 1);
      await expectStep("ballots", { logs }, /ballot 2 of 4 .* is invalid: EQUATION/);
      const proven = edit("BallotCast", (values) => values.splice(1, 3, heavy.ballotHash, 2n, heavy.ballot), -1);
      await expectStep("ballots", { logs: proven }, /^ballot 4 of 4 .* has the weight 2, though there is no roll$/);
    });

    it("is not, with a roll that was published for it", () => {
      const abi = ELECTION_INTERFACES.election;
      const { data, topics } = abi.encodeEventLog("RollPublished", [id("a roll"), 1n, 1n, 1n, id("its file")]);
      const logs = changed("ElectionOpened", (log) => [behind(log, data, topics)]);
      return expectStep("roll", { logs }, /revision 1 .* made with a gate alone/);
    });

    it("is not, without a voter's last ballot", () => {
      return expectStep("sums", { logs: changed("BallotCast", () => [], -1) }, /sum 0 is not that of the ballots/);
    });
  });

  describe("an election with a roll and a gate", () => {
    let f: Held;
    let heavy: Awaited<ReturnType<Held["ballotArguments"]>>;

    before(async () => {
      f = await heldElection({ weights: [2n, 3n], attested: 2 });
      await f.makeKey();
      await f.attestAll();
      const byGate = await f.attest(0);
      await f.openNow();
      for (const voter of f.entries.keys()) await f.cast(voter);
      // Who is on the roll and attested too has one slot, and there the weight of the way that was taken last.
      await f.cast(0, 7, byGate);
      heavy = await f.ballotArguments(2, 3, 2n);
      await f.close();
      await f.count();
      recorded = await f.record();
    });

    it("is found right, and says whose right the roll shows", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 4, weight: 6n } });
      expect(report.results).to.deep.equal([{ question: 0, counts: f.counts() }]);
      expect(report.detailOf("roll")).to.match(/2 entries of weight 5/);
      expect(report.detailOf("ballots")).to.match(/5 ballots cast.* 4 slots; 3 whose right to vote is unchecked/);
    });

    it("is found right without the roll's entries, and says that nobody's right is checked", async () => {
      const { isOk, steps } = await verifyElection(recorded.transcript);
      expect(isOk).to.equal(true);
      expect(steps.find(({ step }) => step === "ballots")!.detail).to.match(/5 whose right to vote is unchecked/);
    });

    it("is not, with a ballot at the gate that weighs more than one", async () => {
      const logs = edit("BallotCast", (values) => values.splice(1, 3, heavy.ballotHash, 2n, heavy.ballot), 2);
      await expectStep("ballots", { logs }, /^ballot 3 of 5 .* is of a slot that is not on the roll$/);
      await expectStep("sums", { logs }, /weight that was fixed is 6, that of the ballots 7/);
    });

    it("is not, with a ballot from the roll of another weight", () => {
      const logs = edit("BallotCast", (values) => (values[2] = 2n), 1);
      return expectStep("ballots", { logs }, /ballot 2 of 5 .* has the weight 2, not 3/);
    });

    it("is not, with a ballot at the gate in the slot of a voter on the roll", () => {
      const logs = edit("BallotCast", (values) => (values[0] = f.entries[1]!.slotKey), 3);
      return expectStep("ballots", { logs }, /ballot 4 of 5 .* is invalid: EQUATION/);
    });
  });

  describe("an election whose ceremony began again", () => {
    let f: Held;

    before(async () => {
      f = await heldElection({ weights: [1n, 1n] });
      const { acts, trustees } = f;
      await acts.register();
      const dealt = await acts.dealAll();
      const pairs = [
        [1, 2],
        [2, 1],
      ] as const;
      for (const [dealer, trustee] of pairs) {
        const { commitments, shares } = dealt.get(dealer)!;
        await acts.as(trustee).complain(trustee, dealer, hashOf(commitments), shares);
      }
      // Nobody answers, so that both are out, and one dealer is left.
      await acts.passTo("finishing");
      await trustees.restart();
      await f.makeKey();
      recorded = await f.voteAndCount([0, 1]);
    });

    it("is found right by its second round", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 2, weight: 2n } });
      expect(report.results).to.deep.equal([{ question: 0, counts: f.counts() }]);
      expect(report.detailOf("ceremony")).to.equal("round 1: 3 dealings, 0 complaints");
    });

    it("is not, with a dealing of the first round in the second", async () => {
      const [first] = recorded.transcript.logs.filter((log) => isNamed(log, "SharesDealt"));
      const moved = changed("SharesDealt", (log) => [{ ...log, data: first!.data, topics: first!.topics }], 3);
      await expectStep("ceremony", { logs: moved }, /SharesDealt is of round 0, which is not under way/);
      await expectStep("ceremony", { logs: moved }, /by other dealers than those who qualified/);
      const renamed = changed("SharesDealt", (log) => [{ ...log, data: first!.data }], 3);
      await expectStep("ceremony", { logs: renamed }, /round 1: dealer 1 did not prove/);
    });

    it("is not, with the key of another round, or made of another round's dealings", async () => {
      const renamed = edit("KeyMade", (values) => (values[0] = 0n));
      await expectStep("ceremony", { logs: renamed }, /KeyMade is of round 0, which is not under way/);
      const { logs } = recorded.transcript;
      const dealt = logs.filter((log) => isNamed(log, "SharesDealt"));
      const { args } = ELECTION_INTERFACES.trustees.parseLog({ ...dealt[0]!, topics: [...dealt[0]!.topics] })!;
      const own = [...(args["commitments"] as Iterable<bigint>)];
      const mixed = edit("KeyMade", (values) => values.splice(1, 4, own[0], own[1], 0b1110n, own));
      await expectStep("ceremony", { logs: mixed }, /commitments are not the sums of the dealings/);
    });

    it("is not, where the first round did not fail, or the second did not begin", async () => {
      await expectStep("ceremony", { logs: changed("CeremonyFailed", () => []) }, /round 1 begins where it can't/);
      const unbegun = { logs: changed("CeremonyStarted", () => [], 1) };
      await expectStep("ceremony", unbegun, /is of round 1, which is not under way/);
      const skipped = { logs: edit("CeremonyStarted", (values) => (values[0] = 2n), 1) };
      await expectStep("ceremony", skipped, /round 2 begins where it can't/);
    });

    it("is not, where the first round had a key after all", () => {
      return expectStep(
        "ceremony",
        { logs: changed("ComplaintMade", () => []) },
        /round 0: it failed, but it had a key/,
      );
    });
  });

  describe("an election that was annulled", () => {
    before(async () => {
      const f = await heldElection({ weights: [1n, 1n], hasWallet: true });
      await f.makeKey();
      await f.openNow();
      for (const voter of [0, 1]) await f.cast(voter);
      await f.close();
      await f.sumUp();
      await f.annul(id("the roll was another office's"), [1, 2]);
      recorded = await f.record();
    });

    it("is found right, annulled and without results, and says which signature it could not check", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "ANNULLED", results: [], turnout: { ballots: 2, weight: 2n } });
      expect(report.detailOf("decisions")).to.match(/^1 decisions .*; 1 signatures of contracts: unchecked$/);
      expect(report.unverifiable.join()).to.match(/members that are contracts/);
      expect(report.unverifiable.join()).to.match(/grounds of an extension or an annulment/);
    });

    it("is not, by a member alone, by a member twice, or where no member is a contract", async () => {
      const alone = editCall("annul", (values) => (values[2] as unknown[]).splice(1));
      await expectStep("decisions", { calls: alone }, /ElectionAnnulled .*: 1 members signed, 2 decide/);
      const twice = editCall("annul", (values) => {
        const signatures = values[2] as unknown[];
        signatures[1] = signatures[0];
      });
      await expectStep("decisions", { calls: twice }, /signed twice/);
      await expectStep("decisions", { wallets: [] }, /member 2 has not signed it/);
    });

    it("is not, with other grounds", () => {
      const logs = edit("ElectionAnnulled", (values) => (values[0] = id("other grounds")));
      return expectStep("decisions", { logs }, /member 1 has not signed it/);
    });

    it("is not, where the annulment is missing, or did not stop the trustees", async () => {
      await expectStep("order", { logs: changed("ElectionAnnulled", () => []) }, /stopped without an annulment/);
      await expectStep("order", { logs: changed("DecryptionStopped", () => []) }, /did not stop it/);
    });

    it("is not, with a partial decryption, a skipped ballot or an objection after it", async () => {
      const { logs } = recorded.transcript;
      const last = logs.at(-1)!;
      const { election, trustees } = ELECTION_INTERFACES;
      const posted = trustees.encodeEventLog("PartialDecryptionPosted", [0n, 1n, [1n, 2n], [1n]]);
      const skipped = election.encodeEventLog("BallotSkipped", [toBeHex(1, 32), toBeHex(2, 32), 0]);
      const objected = election.encodeEventLog("RollObjected", [toBeHex(1, 32), toBeHex(1, 20), toBeHex(2, 32)]);
      for (const [name, { data, topics }] of Object.entries({
        ...{ PartialDecryptionPosted: posted, BallotSkipped: skipped, RollObjected: objected },
      })) {
        const address = name.startsWith("Partial") ? recorded.transcript.trustees : recorded.transcript.election;
        const after = { ...behind(last, data, topics), address };
        await expectStep("order", { logs: [...logs, after] }, new RegExp(`${name} after the election was annulled`));
      }
    });

    it("is not, where it had failed before it was annulled", () => {
      const { logs, time } = recorded.transcript;
      const from = logs.findIndex((log) => isNamed(log, "ElectionAnnulled"));
      const late = logs.map((log, i) => (i < from ? log : { ...log, time: log.time + 20_000 }));
      const change = { logs: late, time: time + 20_000 };
      return expectStep("order", change, /ElectionAnnulled after the election had failed/);
    });
  });

  describe("an election whose sums were not opened in time", () => {
    let deadline: bigint;

    before(async () => {
      const f = await heldElection({ weights: [1n, 1n] });
      await f.makeKey();
      await f.openNow();
      for (const voter of [0, 1]) await f.cast(voter);
      await f.close();
      await f.sumUp();
      await f.postPartials([1]);
      deadline = await f.trustees.decryptionDeadline();
      await f.time.increaseTo(deadline + 1n);
      expect(await f.election.state()).to.equal(7n);
      recorded = await f.record();
    });

    it("is found right, and failed, from the deadline's next second on", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FAILED", results: [], turnout: { ballots: 2, weight: 2n } });
      expect(report.detailOf("partials")).to.match(/^1 partial decryptions/);
      expect(await expectRight({ time: Number(deadline) })).to.include({ outcome: "UNFINISHED" });
    });

    it("is not, with a partial decryption too late, nor with a result", async () => {
      const { logs, time } = recorded.transcript;
      const last = logs.at(-1)!;
      const { block: blockNumber } = recorded.transcript;
      const late = { ...rewrite(last, (values) => (values[1] = 2n)), blockNumber, time };
      await expectStep("partials", { logs: [...logs, late] }, /trustee 2 for question 0 came too late/);
      const { election } = ELECTION_INTERFACES;
      const { data, topics } = election.encodeEventLog("ResultPublished", [0n, 2n, 2n, [1n, 1n, 0n]]);
      const result = { ...behind(late, data, topics), address: recorded.transcript.election };
      // A partial decryption behind it does not bring the election back.
      const both = [...logs, result, { ...late, index: late.index + 2 }];
      await expectStep("order", { logs: both }, /ResultPublished after the election had failed/);
      await expectStep("results", { logs: [...logs, result] }, /only 1 of 2 partial decryptions/);
    });

    it("is not, in logs of a later time than the last block", () => {
      return expectStep(
        "transcript",
        { time: recorded.transcript.logs.at(-1)!.time - 1 },
        /later time than the last block/,
      );
    });
  });

  it("finds an election failed that was not opened, and one with fewer ballots than the minimum", async () => {
    const unopened = await heldElection({ weights: [1n, 1n] });
    await unopened.makeKey();
    await unopened.time.increaseTo(unopened.terms.opensAt - 1n);
    recorded = await unopened.record();
    expect(await expectRight()).to.include({ outcome: "UNFINISHED" });
    await unopened.time.increaseTo(unopened.terms.opensAt);
    recorded = await unopened.record();
    expect(await expectRight()).to.include({ outcome: "FAILED" });

    const few = await heldElection({ weights: [1n, 1n] });
    await few.makeKey();
    await few.openNow();
    await few.cast(0);
    await few.close();
    recorded = await few.record();
    expect(await expectRight()).to.deep.include({ outcome: "FAILED", turnout: { ballots: 1, weight: 1n } });
  });
});
