import { expect } from "chai";
import { id, toBeHex } from "ethers";

import { ELECTION_INTERFACES } from "../../src/voting/verifier/electionEvents.js";
import { SKIPPED } from "./electionFixture.js";
import { heldElection } from "./heldElection.js";
import { isNamed, type Recorded, rewrite, tamperingWith } from "./tampering.js";

type Held = Awaited<ReturnType<typeof heldElection>>;

describe("verifyElection, of extensions, paper, batches and other rolls", () => {
  let recorded: Recorded;
  const { changed, edit, editCall, expectStep, expectRight } = tamperingWith(() => recorded);

  /** Leaves a call with its first signature alone. */
  const firstAlone = (place: number) => (values: unknown[]) =>
    (values[place] = (values[place] as unknown[]).slice(0, 1));

  describe("an election whose voting was extended after an outage", () => {
    let f: Held;
    let extended: bigint;

    before(async () => {
      f = await heldElection({ weights: [1n, 1n, 1n] });
      await f.makeKey();
      await f.openNow();
      for (const voter of [0, 1]) await f.cast(voter);
      extended = f.terms.closesAt + f.terms.longestExtension;
      await f.extend(extended, id("the network was out"));
      await f.time.increaseTo(f.terms.closesAt);
      // One votes first in the time that was added, another again.
      await f.cast(2);
      await f.cast(0, 9);
      await f.close();
      await f.count();
      recorded = await f.record();
    });

    it("is found right, with the ballots of the time that was added", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 3, weight: 3n }, paper: undefined });
      expect(report.results).to.deep.equal([{ question: 0, counts: f.counts() }]);
      expect(report.detailOf("decisions")).to.equal("1 decisions of the commission, signed by enough members");
      expect(report.unverifiable.join()).to.match(/grounds of an extension/);
    });

    it("is not, without its extension", async () => {
      const logs = changed("ElectionExtended", () => []);
      await expectStep("ballots", { logs }, /ballot 3 of 4 .* outside of voting\nballot 4 of 4 .* outside of voting/);
      await expectStep("sums", { logs }, /given another deadline/);
    });

    it("has as much more time for its sums, and fails after that", async () => {
      const { logs } = recorded.transcript;
      const until = logs.slice(
        0,
        logs.findIndex((log) => isNamed(log, "BallotsAccumulated")),
      );
      const end = Number(extended + f.terms.tallyPeriod);
      expect(await expectRight({ logs: until, time: end })).to.include({ outcome: "UNFINISHED" });
      expect(await expectRight({ logs: until, time: end + 1 })).to.include({ outcome: "FAILED" });
    });

    it("is not, extended longer than its terms allow, once more than they allow, or brought forward", async () => {
      const against = /put off to \d+ against the terms/;
      const longer = edit("ElectionExtended", (values) => (values[0] = extended + 1n));
      await expectStep("ballots", { logs: longer }, against);
      const again = changed("ElectionExtended", (log) => [
        rewrite(log, (values) => (values[0] = extended - 1n)),
        { ...log, index: log.index + 1 },
      ]);
      await expectStep("ballots", { logs: again }, against);
      const forward = edit("ElectionExtended", (values) => (values[0] = f.terms.closesAt - 1n));
      await expectStep("ballots", { logs: forward }, against);
    });

    it("is not, extended once voting had ended", () => {
      const closesAt = Number(f.terms.closesAt);
      const logs = changed("ElectionExtended", (log) => [{ ...log, time: closesAt }]);
      return expectStep("ballots", { logs }, /put off to \d+ against the terms/);
    });

    it("is not, with a ballot after the end that was put off", async () => {
      const at = (time: bigint) => changed("BallotCast", (log) => [{ ...log, time: Number(time) }], -1);
      await expectRight({ logs: at(extended - 1n) });
      await expectStep("ballots", { logs: at(extended) }, /^ballot 4 of 4 .* outside of voting$/);
    });

    it("is not, with the sums fixed before that end", () => {
      const { logs } = recorded.transcript;
      const from = logs.findIndex((log) => isNamed(log, "BallotsAccumulated"));
      const { time } = logs[from - 1]!;
      const early = logs.map((log, i) => (i < from ? log : { ...log, time }));
      return expectStep("sums", { logs: early }, /fixed before the close/);
    });

    it("is not, extended to another time, for other grounds, by one member, or by signatures that had run out", async () => {
      const unsigned = /ElectionExtended .*: member 0 has not signed it/;
      const shorter = edit("ElectionExtended", (values) => (values[0] = extended - 1n));
      await expectStep("decisions", { logs: shorter }, unsigned);
      const grounds = edit("ElectionExtended", (values) => (values[1] = id("other grounds")));
      await expectStep("decisions", { logs: grounds }, unsigned);
      await expectStep("decisions", { calls: editCall("extend", firstAlone(3)) }, /1 members signed, 2 decide/);
      const ran = editCall("extend", (values) => (values[4] = 1n));
      await expectStep("decisions", { calls: ran }, /after its signatures' deadline/);
    });
  });

  describe("an election with totals of paper", () => {
    const RECORD = id("minutes of the count");
    let f: Held;

    before(async () => {
      f = await heldElection({ weights: [1n, 1n], change: { hasPaper: true, quorum: 3 } });
      await f.makeKey();
      await f.openNow();
      for (const voter of [0, 1]) await f.cast(voter);
      await f.close();
      await f.recordPaper(7, [4n, 2n, 1n], RECORD);
      await f.count();
      recorded = await f.record();
    });

    it("is found right, the paper apart from its results and its turnout", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 2, weight: 2n } });
      expect(report.results).to.deep.equal([{ question: 0, counts: f.counts() }]);
      expect(report.paper).to.deep.equal({ ballots: 7n, counts: [[4n, 2n, 1n]], record: RECORD });
      expect(report.detailOf("decisions")).to.equal("1 decisions of the commission, signed by enough members");
      expect(report.unverifiable.join()).to.match(/totals of paper are what was counted/);
    });

    it("is not, with another total, another number of ballots, or another record", async () => {
      for (const change of [
        (values: unknown[]) => (values[1] = [5n, 2n, 1n]),
        (values: unknown[]) => (values[0] = 8n),
        (values: unknown[]) => (values[2] = id("other minutes")),
      ]) {
        const unsigned = /PaperRecorded .*: member 0 has not signed it\nPaperRecorded .*: member 1 has not signed it/;
        await expectStep("decisions", { logs: edit("PaperRecorded", change) }, unsigned);
      }
    });

    it("is not, by one member, by one twice, by a stranger, or by another commission", async () => {
      const by = (change: (values: unknown[]) => void) => ({ calls: editCall("recordPaper", change) });
      await expectStep("decisions", by(firstAlone(4)), /1 members signed, 2 decide/);
      const twice = by((values) => {
        const [first] = values[4] as unknown[];
        values[4] = [first, first];
      });
      await expectStep("decisions", twice, /a member signed twice/);
      const another = by((values) => {
        const [first, second] = values[4] as [[bigint, string], [bigint, string]];
        values[4] = [first, [2n, second[1]]];
      });
      await expectStep("decisions", another, /member 2 has not signed it/);
      const stranger = by((values) => {
        const [first, second] = values[4] as [[bigint, string], [bigint, string]];
        values[4] = [first, [9n, second[1]]];
      });
      await expectStep("decisions", stranger, /member 9 has not signed it/);
      const reversed = by((values) => (values[3] = [...(values[3] as string[])].reverse()));
      await expectStep("decisions", reversed, /names another commission/);
    });

    it("is not, by a signature that no contract takes", async () => {
      const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      for (const change of [
        () => "0x",
        (signature: string) => `${signature}00`,
        (signature: string) => `${signature.slice(0, -2)}01`,
        (signature: string) => `${toBeHex(0, 32)}${signature.slice(66)}`,
        // The other s, which a key could have made as well.
        (signature: string) => {
          const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`);
          const v = signature.endsWith("1b") ? "1c" : "1b";
          return `${signature.slice(0, 66)}${toBeHex(s, 32).slice(2)}${v}`;
        },
      ]) {
        const calls = editCall("recordPaper", (values) => {
          const [[member, signature], second] = values[4] as [[bigint, string], unknown];
          values[4] = [[member, change(signature)], second];
        });
        await expectStep("decisions", { calls }, /member 0 has not signed it/);
      }
    });

    it("is right, but said to be unchecked, where another contract carried the totals or the call is not at hand", async () => {
      const { calls, election, trustees } = recorded.transcript;
      const carried = calls.map((call) => (call.to === election ? { ...call, to: trustees } : call));
      for (const change of [{ calls: [] }, { calls: carried }]) {
        const { detailOf, paper } = await expectRight(change);
        expect(detailOf("decisions")).to.match(/1 whose signatures are not at hand: unchecked/);
        expect(paper?.ballots).to.equal(7n);
      }
      const other = calls.map((call) => ({ ...call, input: `0x12345678${call.input.slice(10)}` }));
      await expectStep("decisions", { calls: other }, /its transaction calls for something else/);
    });

    it("is not, without the totals, with some for too few options, or out of their time", async () => {
      await expectStep("order", { logs: changed("PaperRecorded", () => []) }, /totals of paper are missing/);
      const lawful = /recorded against the terms, or not between close and sums/;
      await expectStep("order", { logs: edit("PaperRecorded", (values) => (values[1] = [4n, 3n])) }, lawful);
      const again = changed("PaperRecorded", (log) => [log, { ...log, index: log.index + 1 }]);
      await expectStep("order", { logs: again }, lawful);
      const early = changed("PaperRecorded", (log) => [{ ...log, time: Number(f.terms.closesAt) - 1 }]);
      await expectStep("order", { logs: early }, lawful);
      const { logs } = recorded.transcript;
      const paper = logs.find((log) => isNamed(log, "PaperRecorded"))!;
      const last = logs.at(-1)!;
      const { blockNumber, time } = last;
      const late = [...logs.filter((log) => log !== paper), { ...paper, blockNumber, time, index: last.index + 1 }];
      await expectStep("order", { logs: late }, lawful);
    });
  });

  describe("an election whose roll was objected to and put right", () => {
    before(async () => {
      const first = { root: id("a roll with a mistake"), voters: 3, weight: 3n, file: id("its file") };
      const f = await heldElection({ weights: [1n, 1n], change: { roll: first } });
      await f.election.objectToRoll(id("one is on it twice"));
      await f.publishRoll();
      await f.makeKey();
      recorded = await f.voteAndCount([0, 1]);
    });

    it("is found right with its last roll", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 2, weight: 2n } });
      expect(report.detailOf("roll")).to.match(/^revision 1 since \d+: 2 entries of weight 2.*; 1 objections$/);
      expect(report.detailOf("ballots")).to.match(/all on the roll/);
      expect(report.detailOf("decisions")).to.equal("1 decisions of the commission, signed by enough members");
    });

    it("is not, with another roll than was signed", async () => {
      const logs = edit("RollPublished", (values) => (values[4] = id("another file")));
      await expectStep("decisions", { logs }, /RollPublished .*: member 0 has not signed it/);
      await expectStep("roll", { logs }, /another hash than the one that was published/);
    });

    it("is not, with an objection to another roll, or after all was frozen", async () => {
      const other = edit("RollObjected", (values) => (values[0] = id("another roll")));
      await expectStep("roll", { logs: other }, /objected to another roll/);
      const { logs } = recorded.transcript;
      const objected = logs.find((log) => isNamed(log, "RollObjected"))!;
      const late = logs.flatMap((log) => {
        const { blockNumber, time, index } = log;
        if (log === objected) return [];
        return isNamed(log, "ElectionOpened") ? [log, { ...objected, blockNumber, time, index: index + 1 }] : [log];
      });
      await expectStep("roll", { logs: late }, /objected to the roll after all was frozen/);
    });
  });

  describe("an election with ballots in batches, two of which could not be recorded", () => {
    let f: Held;

    before(async () => {
      f = await heldElection({ weights: [1n, 1n, 1n] });
      await f.makeKey();
      await f.openNow();
      const batch = [await f.sign(0, 4), await f.sign(1, 2), await f.sign(2, 3)];
      // Voter 1 does not wait for the batch, and voter 2 has the signed ballot opened.
      await f.cast(1, 8);
      await f.audit(2, 3);
      await f.castBatch(batch);
      await f.castBatch([await f.sign(0, 5), await f.sign(2, 6)]);
      f.votes.set(0, { seed: 5, weight: 1n });
      f.votes.set(2, { seed: 6, weight: 1n });
      await f.close();
      await f.count();
      recorded = await f.record();
    });

    it("is found right, and says that two were skipped", async () => {
      const report = await expectRight();
      expect(report).to.deep.include({ outcome: "FINAL", turnout: { ballots: 3, weight: 3n } });
      expect(report.results).to.deep.equal([{ question: 0, counts: f.counts() }]);
      expect(report.detailOf("ballots")).to.match(/^4 ballots cast, .* 3 slots; all on the roll; 2 more skipped/);
      expect(report.unverifiable.join()).to.match(/a ballot which a batch skipped could not be recorded/);
      const skipped = recorded.transcript.logs
        .filter((log) => isNamed(log, "BallotSkipped"))
        .map((log) => {
          const { args } = ELECTION_INTERFACES.election.parseLog({ ...log, topics: [...log.topics] })!;
          return [args["slotKey"], args["reason"]] as unknown;
        });
      expect(skipped).to.deep.equal([
        [f.entries[1]!.slotKey, SKIPPED.SLOT_CHANGED],
        [f.entries[2]!.slotKey, SKIPPED.BALLOT_SPOILED],
      ]);
    });

    it("is not, without the ballot that came again, or with the first in its place", async () => {
      const sum = /sum 0 is not that of the ballots/;
      await expectStep("sums", { logs: changed("BallotCast", () => [], -2) }, sum);
      const { logs } = recorded.transcript;
      const own = logs.filter((log) => isNamed(log, "BallotCast") && log.topics[1] === f.entries[0]!.slotKey);
      expect(own).to.have.lengthOf(2);
      const [first, again] = own as [(typeof own)[0], (typeof own)[0]];
      const said = ({ data, topics }: typeof first) => ({ data, topics });
      const exchanged = logs.map((log) =>
        log === first ? { ...log, ...said(again) } : log === again ? { ...log, ...said(first) } : log,
      );
      await expectStep("sums", { logs: exchanged }, sum);
    });

    it("is not, with a recorded ballot said to be skipped", () => {
      const logs = changed("BallotCast", (log) => {
        const reason = SKIPPED.SLOT_CHANGED;
        const of = [log.topics[1], log.topics[2], reason];
        return [{ ...log, ...ELECTION_INTERFACES.election.encodeEventLog("BallotSkipped", of) }];
      });
      return expectStep("sums", { logs }, /3 ballots were summed, but 2 slots hold one/);
    });

    it("is not, with a ballot skipped for no known reason, as opened for audit, or after the close", async () => {
      const reason = (code: bigint) => edit("BallotSkipped", (values) => (values[2] = code));
      await expectStep("ballots", { logs: reason(5n) }, /skipped for no known reason/);
      const spoiled = { logs: reason(SKIPPED.BALLOT_SPOILED) };
      await expectStep("ballots", spoiled, /skipped as opened for audit, which it was not/);
      const unsigned = edit("BallotSkipped", (values) => (values[2] = SKIPPED.SIGNATURE_INVALID), 1);
      await expectStep("ballots", { logs: unsigned }, /was opened for audit, and skipped for another reason/);
      const skipped = recorded.transcript.logs.find((log) => isNamed(log, "BallotSkipped"))!;
      const late = recorded.transcript.logs.map((log) =>
        log.blockNumber === skipped.blockNumber ? { ...log, time: Number(f.terms.closesAt) } : log,
      );
      await expectStep("ballots", { logs: late }, /ballot 0x\w+ of slot 0x\w+ was skipped outside of voting/);
    });

    it("is not, with totals of paper, or a sum of ballots out of its time", async () => {
      const paper = ELECTION_INTERFACES.election.encodeEventLog("PaperRecorded", [1n, [1n, 0n, 0n], id("minutes")]);
      const before = changed("BallotsAccumulated", (log) => [{ ...log, ...paper }]);
      await expectStep("order", { logs: before }, /totals of paper were recorded against the terms/);
      const { logs } = recorded.transcript;
      const own = logs.find((log) => isNamed(log, "BallotsAccumulated"))!;
      const { blockNumber, time, index } = logs.at(-1)!;
      const late = [...logs.filter((log) => log !== own), { ...own, blockNumber, time, index: index + 1 }];
      await expectStep("order", { logs: late }, /summed up after the sums were fixed/);
    });
  });
});
