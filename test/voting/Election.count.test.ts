import { expect } from "chai";
import { concat, ZeroHash } from "ethers";

import { accumulationChunks, NO_PROGRESS, type AccumulationProgress } from "../../src/voting/accumulationChunks.js";
import { countHints } from "../../src/voting/countHints.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { questionOf } from "./ballots.js";
import { electionFixture, PERIODS, STATE, structured } from "./electionFixture.js";

type Fixture = Awaited<ReturnType<typeof electionFixture>>;

const WEIGHTS = [1n, 3n, 1n, 2n, 1n];

/** Arrays that may be written, as typechain wants them. */
const structOf = (progress: AccumulationProgress) => ({ ...progress, sums: [...progress.sums] });

/** An election after its close, with a ballot of everybody. */
async function closed({
  questions = [questionOf(3)],
  weights = WEIGHTS,
  terms = {},
}: Parameters<typeof electionFixture>[0] = {}): Promise<Fixture> {
  const f = await electionFixture({ questions, weights, terms });
  await f.castAll();
  await f.time.increaseTo(f.terms.closesAt);
  return f;
}

const chunksOf = async ({ questions, recorded }: Fixture, size: number) => [
  ...accumulationChunks({ questions, ballots: await recorded(), size }),
];

describe("Election: counting", () => {
  describe("accumulate", () => {
    it("sums up in one call or in chunks, to the same sums, and hands them to the trustees", async () => {
      const sums: unknown[] = [];
      for (const size of [5, 2, 1]) {
        const f = await closed();
        const chunks = await chunksOf(f, size);
        for (const [i, { progress, entries }] of chunks.entries()) {
          const sent = f.election.accumulate(structOf(progress), entries);
          const count = BigInt(Math.min(5, (i + 1) * size));
          await expect(sent).to.emit(f.election, "BallotsAccumulated").withArgs(f.stranger.address, count);
        }
        const [event] = await f.election.queryFilter(f.election.filters.TallyFixed);
        const { ballots, weight, sums: fixed } = event!.args;
        expect([ballots, weight]).to.deep.equal([5n, 8n]);
        sums.push([...fixed]);
        expect(await f.trustees.getFunction("configuration").staticCall()).to.equal(f.configuration());
        const deadline = f.terms.closesAt + PERIODS.tally;
        expect(await f.trustees.getFunction("deadline").staticCall()).to.equal(deadline);
        expect(await f.trustees.getFunction("sumHashes").staticCall(0n)).to.not.equal(ZeroHash);
      }
      expect(sums[1]).to.deep.equal(sums[0]);
      expect(sums[2]).to.deep.equal(sums[0]);
    });

    it("keeps a sum of each caller: who submits the highest slot alone blocks nobody", async () => {
      const f = await closed();
      const { election, stranger, signerOf } = f;
      const ballots = await f.recorded();
      const highest = [...ballots].sort((a, b) => (a.slotKey < b.slotKey ? 1 : -1))[0]!;
      const [griefed] = accumulationChunks({ questions: f.questions, ballots: [highest], size: 1 });
      await election.accumulate(structOf(NO_PROGRESS), griefed!.entries);
      expect(await election.progressOf(stranger.address)).to.not.equal(ZeroHash);
      const honest = f.signerOf(0) as typeof stranger;
      for (const { progress, entries } of await chunksOf(f, 2)) {
        await election.connect(honest).accumulate(structOf(progress), entries);
      }
      expect(await election.state()).to.equal(STATE.TALLYING);
      await expect(election.connect(signerOf(1)).accumulate(structOf(NO_PROGRESS), griefed!.entries))
        .to.be.revertedWithCustomError(election, "ElectionStateWrong")
        .withArgs(STATE.TALLYING);
    });

    it("goes on only from the caller's own progress, and begins again at will", async () => {
      const f = await closed();
      const { election, stranger, signerOf } = f;
      const [first, second] = await chunksOf(f, 2);
      await election.accumulate(structOf(first!.progress), first!.entries);
      const kept = await election.progressOf(stranger.address);
      const other = signerOf(0) as typeof stranger;
      await expect(election.connect(other).accumulate(structOf(second!.progress), second!.entries))
        .to.be.revertedWithCustomError(election, "ProgressUnknown")
        .withArgs(kept, ZeroHash);
      const altered = { ...structOf(second!.progress), count: 1n };
      await expect(election.accumulate(altered, second!.entries)).to.be.revertedWithCustomError(
        election,
        "ProgressUnknown",
      );
      await election.accumulate(structOf(NO_PROGRESS), first!.entries);
      expect(await election.progressOf(stranger.address)).to.equal(kept);
      await expect(election.accumulate(structOf(second!.progress), first!.entries)).to.be.revertedWithCustomError(
        f.tally,
        "TallyOrderWrong",
      );
    });

    it("takes the ballots that the slots hold, no earlier one and no other's", async () => {
      const f = await electionFixture({ questions: [questionOf(3)], weights: [1n, 1n] });
      await f.castAll();
      const before = await f.recorded();
      await f.cast(0, f.ballot(0, 9));
      await f.time.increaseTo(f.terms.closesAt);
      const [stale] = accumulationChunks({ questions: f.questions, ballots: before, size: 2 });
      await expect(f.election.accumulate(structOf(NO_PROGRESS), stale!.entries)).to.be.revertedWithCustomError(
        f.tally,
        "TallyBallotWrong",
      );
      await f.sumUp();
      expect(await f.election.state()).to.equal(STATE.TALLYING);
    });

    it("fixes no sum that leaves a voter out, whoever is left out, or that has one twice", async () => {
      const f = await closed();
      const ballots = await f.recorded();
      for (const left of ballots) {
        const others = ballots.filter((one) => one !== left);
        const [chunk] = accumulationChunks({ questions: f.questions, ballots: others, size: 9 });
        await f.election.accumulate(structOf(NO_PROGRESS), chunk!.entries);
        expect(await f.election.state()).to.equal(STATE.CLOSED);
        const [again] = accumulationChunks({ questions: f.questions, ballots: [others[0]!], size: 9 });
        const twice = concat([chunk!.entries, again!.entries]);
        await expect(f.election.accumulate(structOf(NO_PROGRESS), twice)).to.be.revertedWithCustomError(
          f.tally,
          "TallyOrderWrong",
        );
      }
      await f.sumUp();
    });

    it("takes no progress twice: after a restart the one before is unknown", async () => {
      const f = await closed();
      const [first, second, third] = await chunksOf(f, 2);
      await f.election.accumulate(structOf(first!.progress), first!.entries);
      await f.election.accumulate(structOf(second!.progress), second!.entries);
      await expect(f.election.accumulate(structOf(second!.progress), second!.entries)).to.be.revertedWithCustomError(
        f.election,
        "ProgressUnknown",
      );
      await f.election.accumulate(structOf(NO_PROGRESS), first!.entries);
      await expect(f.election.accumulate(structOf(third!.progress), third!.entries)).to.be.revertedWithCustomError(
        f.election,
        "ProgressUnknown",
      );
    });

    it("waits for the close", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      await f.castAll();
      const [chunk] = await chunksOf(f, 2);
      await expect(f.election.accumulate(structOf(NO_PROGRESS), chunk!.entries))
        .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
        .withArgs(STATE.OPEN);
    });
  });

  describe("finalize", () => {
    const QUESTIONS = [questionOf(3), questionOf(4, { groups: 4 }), questionOf(3, { approval: true })];

    /** What the voters chose, weighted: kept aside by the tests' ballots. */
    const plainCounts = (f: Fixture) =>
      f.questions.map(({ options }, q) =>
        Array.from({ length: options }, (_, j) =>
          f.entries.reduce((sum, { weight }, i) => (f.ballot(i).openings[q]!.vote[j]! ? sum + weight : sum), 0n),
        ),
      );

    it("publishes each question's result, in one call or several, and is final with the last", async () => {
      for (const sizes of [[3], [1, 2], [1, 1, 1]]) {
        const f = await closed({ questions: QUESTIONS });
        await f.sumUp();
        await f.trustees.getFunction("setPartials").send(true, true);
        const counts = structured(await f.counts());
        let from = 0;
        for (const size of sizes) {
          const sent = f.election.finalize(counts.slice(from, from + size));
          for (let q = from; q < from + size; q++) {
            await expect(sent).to.emit(f.election, "ResultPublished").withArgs(q, 5n, 8n, plainCounts(f)[q]);
          }
          from += size;
          const isFinal = from === 3;
          if (isFinal) await expect(sent).to.emit(f.election, "ElectionFinalized");
          expect(await f.election.state()).to.equal(isFinal ? STATE.FINAL : STATE.TALLYING);
          expect(await f.election.counted()).to.equal(BigInt(from));
        }
        await expect(f.election.finalize(counts.slice(2))).to.be.revertedWithCustomError(
          f.election,
          "ElectionStateWrong",
        );
      }
    });

    it("reports the sum of blank options alone", async () => {
      const f = await closed({ questions: [questionOf(4, { selections: 2 })], terms: { blanks: 2n } });
      await f.sumUp();
      const [a, b, c, d] = plainCounts(f)[0] as [bigint, bigint, bigint, bigint];
      await expect(f.count())
        .to.emit(f.election, "ResultPublished")
        .withArgs(0n, 5n, 8n, [a, b, c + d]);
    });

    it("reports blank options of each question by that question's own number of them", async () => {
      const questions = [questionOf(3), questionOf(4, { selections: 2 }), questionOf(2)];
      const f = await closed({ questions, terms: { blanks: 2n << 8n } });
      await f.sumUp();
      const [first, second, third] = plainCounts(f) as [bigint[], bigint[], bigint[]];
      const sent = f.count();
      await expect(sent).to.emit(f.election, "ResultPublished").withArgs(0n, 5n, 8n, first);
      await expect(sent)
        .to.emit(f.election, "ResultPublished")
        .withArgs(1n, 5n, 8n, [second[0], second[1], second[2]! + second[3]!]);
      await expect(sent).to.emit(f.election, "ResultPublished").withArgs(2n, 5n, 8n, third);
    });

    it("refuses a vote moved from any option to any other, and the counts of another question", async () => {
      const f = await closed({ questions: [questionOf(3), questionOf(3)] });
      await f.sumUp();
      await f.trustees.getFunction("setPartials").send(true, true);
      const counts = structured(await f.counts());
      const [first, second] = counts as [(typeof counts)[0], (typeof counts)[0]];
      await expect(f.election.finalize([second]))
        .to.be.revertedWithCustomError(f.election, "SumsUnknown")
        .withArgs(0n);
      await expect(f.election.finalize([first, first]))
        .to.be.revertedWithCustomError(f.election, "SumsUnknown")
        .withArgs(1n);
      const right = first.counts.map(BigInt);
      const { questions: sums } = sumBallots(await f.recorded(), f.questions);
      const [{ partials } = { partials: [] }] = await f.counts();
      for (let from = 0; from < 3; from++) {
        for (let to = 0; to < 3; to++) {
          if (from === to || right[from] === 0n) continue;
          const moved = right.map((count, j) => (j === from ? count - 1n : j === to ? count + 1n : count));
          const { hints } = countHints({ question: f.questions[0]!, counts: moved, partials, sums: sums[0]! });
          await expect(f.election.finalize([{ ...first, counts: moved, hints: [...hints] }]))
            .to.be.revertedWithCustomError(f.tally, "CountWrong")
            .withArgs(0n);
        }
      }
      expect(await f.election.counted()).to.equal(0n);
      await f.election.finalize([first, second]);
    });

    it("publishes results after the trustees' time, where they opened the sums in time", async () => {
      const f = await closed();
      await f.sumUp();
      await f.trustees.getFunction("setPartials").send(true, true);
      const counts = structured(await f.counts());
      await f.time.increaseTo(f.terms.closesAt + 100n * PERIODS.tally);
      expect(await f.election.state()).to.equal(STATE.TALLYING);
      await f.election.finalize(counts);
      expect(await f.election.state()).to.equal(STATE.FINAL);
    });

    it("refuses counts before the sums are opened, of other sums, wrong ones, none, and too many", async () => {
      const f = await closed();
      const { election } = f;
      await f.sumUp();
      const counts = structured(await f.counts());
      const [count] = counts;
      await expect(election.finalize(counts)).to.be.revertedWithCustomError(election, "SumsNotOpened");
      await f.trustees.getFunction("setPartials").send(true, true);
      await expect(election.finalize([])).to.be.revertedWithCustomError(election, "CountsInvalid").withArgs(0n, 1n);
      await expect(election.finalize([count!, count!]))
        .to.be.revertedWithCustomError(election, "CountsInvalid")
        .withArgs(2n, 1n);
      const sums = [...count!.sums];
      [sums[0], sums[2]] = [sums[2]!, sums[0]!];
      await expect(election.finalize([{ ...count!, sums }]))
        .to.be.revertedWithCustomError(election, "SumsUnknown")
        .withArgs(0n);
      // One vote goes from an option to the next, with hints that fit the false counts.
      const [honest] = await f.counts();
      const moved = [...honest!.counts];
      const from = moved.findIndex((votes) => votes > 0n);
      moved[from]! -= 1n;
      moved[(from + 1) % moved.length]! += 1n;
      const { questions } = sumBallots(await f.recorded(), f.questions);
      const lie = { question: f.questions[0]!, counts: moved, partials: honest!.partials, sums: questions[0]! };
      const { hints } = countHints(lie);
      await expect(election.finalize([{ ...count!, counts: moved, hints: [...hints] }]))
        .to.be.revertedWithCustomError(f.tally, "CountWrong")
        .withArgs(0n);
      expect(await election.counted()).to.equal(0n);
    });

    it("waits for the sums", async () => {
      const f = await closed();
      await expect(f.election.finalize([]))
        .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
        .withArgs(STATE.CLOSED);
    });
  });
});
