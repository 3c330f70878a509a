import { expect } from "chai";
import { concat, getBytes, ZeroHash } from "ethers";
import { network } from "hardhat";

import { type AccumulationProgress, accumulationChunks, NO_PROGRESS } from "../../src/voting/accumulationChunks.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { type CountArguments, countArguments } from "../../src/voting/countArguments.js";
import { countHints } from "../../src/voting/countHints.js";
import { Point } from "../../src/voting/curve.js";
import { decodeCounts } from "../../src/voting/decodeCounts.js";
import { blindingGenerator, optionGenerator } from "../../src/voting/generators.js";
import { lagrangeCoefficients } from "../../src/voting/lagrangeCoefficients.js";
import type { Question } from "../../src/voting/question.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import { type BallotsTotal, sumBallots } from "../../src/voting/sumBallots.js";
import { toWords } from "../../src/voting/words.js";
import { ORDER, questionOf } from "./ballots.js";
import {
  ballotIn,
  deployTally,
  encrypt,
  entryOf,
  hashOf,
  partialsOf,
  scalarOf,
  shareOf,
  slotKeyOf,
  times,
  wordsOf,
} from "./tallies.js";

const TRUSTEES = [1, 3, 5];
const FOR_OPTION = [[0], [1], [2]];

async function deploy(questions: readonly Question[], ballots: readonly RecordedBallot[]) {
  const { ethers } = await network.create();
  const tally = await deployTally(ethers, questions);
  await tally.record(ballots);
  const [caller, griefer] = await ethers.getSigners();
  return { ...tally, caller: caller!, griefer: griefer! };
}

/** An election with one question of three options; voter i chose option i mod 3. */
async function deployPlain(weights: readonly bigint[] = [1n, 1n, 1n, 1n]) {
  const questions = [questionOf(3)];
  const ballots = weights.map((weight, i) => ballotIn(i, questions, [FOR_OPTION[i % 3]!], weight));
  return { questions, ballots, ...(await deploy(questions, ballots)) };
}

/** Sums up everything by the library, in chunks of two, comparing what the contract keeps with what the library says. */
async function sumUp(
  tally: Awaited<ReturnType<typeof deploy>>,
  questions: readonly Question[],
  ballots: readonly RecordedBallot[],
): Promise<BallotsTotal> {
  let last: AccumulationProgress = NO_PROGRESS;
  for (const { progress, entries, next } of accumulationChunks({ questions, ballots, size: 2 })) {
    await tally.accumulate(progress, entries);
    last = next;
  }
  const total = sumBallots(ballots, questions);
  const expected = total.questions.flatMap(({ c1, c2 }) => {
    return c1.flatMap((first, group) => [first, c2[group]].flatMap((point) => [point?.x ?? 0n, point?.y ?? 0n]));
  });
  expect(await tally.finish(last)).to.deep.equal(expected);
  expect(last.count).to.equal(BigInt(ballots.length));
  expect(last.weight).to.equal(total.weight);
  return total;
}

/** Sums up, opens with three trustees, decodes, and has the contract check every question. */
async function countAll(questions: readonly Question[], ballots: readonly RecordedBallot[]): Promise<bigint[][]> {
  const tally = await deploy(questions, ballots);
  const total = await sumUp(tally, questions, ballots);
  const results: bigint[][] = [];
  for (const [q, question] of questions.entries()) {
    const sums = total.questions[q]!;
    const partials = partialsOf(sums, TRUSTEES);
    const opened = combinePartials(sums, partials);
    const counts = decodeCounts({ question, sums: opened, totalWeight: total.weight });
    await tally.requireCounts(q, total.weight, countArguments({ question, counts, partials, sums }));
    results.push(counts);
  }
  return results;
}

describe("Tally", () => {
  describe("accumulate", () => {
    it("announces how far the caller is and keeps a hash of it", async () => {
      const { harness, accumulate, questions, ballots, caller, griefer } = await deployPlain();
      const [chunk] = accumulationChunks({ questions, ballots, size: 3 });
      await expect(accumulate(chunk!.progress, chunk!.entries))
        .to.emit(harness, "BallotsAccumulated")
        .withArgs(caller.address, 3n);
      const kept: unknown = await harness.getFunction("progressOf")(caller.address);
      expect(kept).to.equal(await harness.getFunction("progressHash")(chunk!.next));
      expect(await harness.getFunction("progressOf")(griefer.address)).to.equal(ZeroHash);
    });

    it("refuses a voter twice, in one chunk and in the next", async () => {
      const { library, preview, ballots } = await deployPlain();
      const entry = entryOf(ballots[1]!);
      await expect(preview(NO_PROGRESS, getBytes(concat([entry, entry]))))
        .to.be.revertedWithCustomError(library, "TallyOrderWrong")
        .withArgs(1n, slotKeyOf(1), slotKeyOf(1));
      await expect(preview(await preview(NO_PROGRESS, entry), entry))
        .to.be.revertedWithCustomError(library, "TallyOrderWrong")
        .withArgs(0n, slotKeyOf(1), slotKeyOf(1));
    });

    it("refuses voters out of order", async () => {
      const { library, preview, ballots } = await deployPlain();
      const entries = getBytes(concat([entryOf(ballots[2]!), entryOf(ballots[1]!)]));
      await expect(preview(NO_PROGRESS, entries))
        .to.be.revertedWithCustomError(library, "TallyOrderWrong")
        .withArgs(1n, slotKeyOf(1), slotKeyOf(2));
    });

    it("counts fewer when a voter is left out, and takes none later", async () => {
      const { library, preview, ballots } = await deployPlain();
      const entries = getBytes(concat([entryOf(ballots[0]!), entryOf(ballots[2]!), entryOf(ballots[3]!)]));
      const next = await preview(NO_PROGRESS, entries);
      expect(next.count).to.equal(3n);
      await expect(preview(next, entryOf(ballots[1]!)))
        .to.be.revertedWithCustomError(library, "TallyOrderWrong")
        .withArgs(0n, slotKeyOf(1), slotKeyOf(3));
    });

    it("refuses a slot that nobody cast in", async () => {
      const { library, preview, questions } = await deployPlain();
      await expect(preview(NO_PROGRESS, entryOf(ballotIn(9, questions, [[0]]))))
        .to.be.revertedWithCustomError(library, "TallySlotEmpty")
        .withArgs(0n, slotKeyOf(9));
    });

    it("refuses other ciphertexts, as those that a voter replaced", async () => {
      const { library, preview, questions, ballots } = await deployPlain();
      const other = { ...ballotIn(7, questions, [[2]]), slotKey: slotKeyOf(0) };
      await expect(preview(NO_PROGRESS, entryOf(other)))
        .to.be.revertedWithCustomError(library, "TallyBallotWrong")
        .withArgs(0n, slotKeyOf(0), hashOf(other), hashOf(ballots[0]!));
    });

    it("refuses another weight, larger, zero, or larger by the order", async () => {
      const { library, preview, ballots } = await deployPlain([1n, 3n]);
      for (const weight of [2n, 4n, 1n, 0n, 3n + ORDER]) {
        const other = { ...ballots[1]!, weight };
        const entry = entryOf(other, weight > 1n ? [Point.BASE, Point.BASE] : []);
        await expect(preview(NO_PROGRESS, entry))
          .to.be.revertedWithCustomError(library, "TallyBallotWrong")
          .withArgs(0n, slotKeyOf(1), hashOf(other), hashOf(ballots[1]!));
      }
    });

    it("refuses a multiple that is none", async () => {
      const { library, preview, questions, ballots } = await deployPlain([3n]);
      const [chunk] = accumulationChunks({ questions, ballots, size: 1 });
      for (const point of [0, 1]) {
        const entries = chunk!.entries.slice();
        // The opposite of the right one.
        const y = 192 + 64 * point + 32;
        const right = BigInt(`0x${Buffer.from(entries.subarray(y, y + 32)).toString("hex")}`);
        entries.set(toWords([Point.Fp.ORDER - right]), y);
        await expect(preview(NO_PROGRESS, entries))
          .to.be.revertedWithCustomError(library, "TallyMultipleWrong")
          .withArgs(0n, BigInt(point));
      }
    });

    it("refuses a chunk that ends within an entry", async () => {
      const { library, preview, ballots } = await deployPlain();
      const entries = getBytes(concat([entryOf(ballots[0]!), entryOf(ballots[1]!)]));
      await expect(preview(NO_PROGRESS, entries.slice(0, -1)))
        .to.be.revertedWithCustomError(library, "TallyEntryIncomplete")
        .withArgs(1n, 191n, 192n);
      await expect(preview(NO_PROGRESS, getBytes(concat([entries, "0x00"]))))
        .to.be.revertedWithCustomError(library, "TallyEntryIncomplete")
        .withArgs(2n, 1n, 192n);
    });

    it("leaves a caller's sum alone when a griefer sums up the highest voter only", async () => {
      const tally = await deployPlain();
      const { harness, griefer, questions, ballots } = tally;
      const chunks = [...accumulationChunks({ questions, ballots, size: 2 })];
      await tally.accumulate(chunks[0]!.progress, chunks[0]!.entries);
      const connected = harness.connect(griefer);
      await connected.getFunction("accumulate")(NO_PROGRESS, entryOf(ballots[3]!));
      await expect(
        connected.getFunction("accumulate")(chunks[1]!.progress, chunks[1]!.entries),
      ).to.be.revertedWithCustomError(harness, "ProgressUnknown");
      await tally.accumulate(chunks[1]!.progress, chunks[1]!.entries);
      expect(chunks[1]!.next.count).to.equal(4n);
    });

    it("refuses a progress that nobody made", async () => {
      const tally = await deployPlain();
      const chunks = [...accumulationChunks({ questions: tally.questions, ballots: tally.ballots, size: 2 })];
      await tally.accumulate(chunks[0]!.progress, chunks[0]!.entries);
      const { progress, entries } = chunks[1]!;
      for (const forged of [
        { ...progress, weight: 100n },
        { ...progress, count: 3n },
        { ...progress, last: slotKeyOf(0) },
        { ...progress, sums: progress.sums.map((word, i) => (i === 5 ? word + 1n : word)) },
      ]) {
        await expect(tally.accumulate(forged, entries)).to.be.revertedWithCustomError(tally.harness, "ProgressUnknown");
      }
      await tally.accumulate(progress, entries);
    });

    it("lets a caller begin again", async () => {
      const tally = await deployPlain();
      const chunks = [...accumulationChunks({ questions: tally.questions, ballots: tally.ballots, size: 2 })];
      await tally.accumulate(NO_PROGRESS, entryOf(tally.ballots[3]!));
      for (const { progress, entries } of chunks) await tally.accumulate(progress, entries);
    });

    const [half, r] = [scalarOf("half"), scalarOf("r 1 0")];
    const colluding: [what: string, randomness: bigint[], weights: bigint[]][] = [
      ["r_2 = r_1", [r, r], [1n, 1n]],
      ["r_2 = -r_1", [r, ORDER - r], [1n, 1n]],
      ["r_2 = -r_1, and two honest ones", [r, ORDER - r, 5n, half], [1n, 1n, 1n, 1n]],
      ["r_2 = r_1 and weights of 2 and 2", [r, r], [2n, 2n]],
      ["r_2 = -2·r_1 and weights of 2 and 1", [r, 2n * ORDER - 2n * r, half], [2n, 1n, 7n]],
      ["r_3 = -(r_1 + r_2)", [r, half, 2n * ORDER - r - half], [1n, 1n, 1n]],
      ["a weight of 0 between them", [r, half, r], [1n, 0n, 1n]],
    ];
    for (const [what, randomness, weights] of colluding) {
      it(`sums up the lowest slots with ${what}`, async () => {
        const questions = [questionOf(3)];
        const ballots = randomness.map((own, i) => ({
          slotKey: slotKeyOf(i),
          weight: weights[i]!,
          // All for one option, so that the second halves meet as well.
          ciphertexts: encrypt(questions, [[1]], [own % ORDER]),
        }));
        expect(await countAll(questions, ballots)).to.deep.equal([[0n, weights.reduce((a, b) => a + b), 0n]]);
      });
    }

    it("sums up points that meet K and its opposite, as if somebody knew log K", async () => {
      const questions = [questionOf(3)];
      const k = blindingGenerator();
      const points = [k.negate(), k, k.add(k).negate(), k, Point.BASE];
      const ballots = points.map((point, i) => ({
        slotKey: slotKeyOf(i),
        weight: 1n,
        ciphertexts: toWords([...wordsOf(point), ...wordsOf(point)]),
      }));
      await sumUp(await deploy(questions, ballots), questions, ballots);
    });
  });

  describe("requireCounts", () => {
    /** What an attacker starts from: 4 votes for 0, 2 for 1, 1 for 2, opened by three trustees. */
    async function deployCounted(change: Partial<Question> = {}) {
      const question = questionOf(3, change);
      const questions = [question, question];
      const votes = [[0], [0], [0], [0], [1], [1], [2]];
      const ballots = votes.map((vote, i) => ballotIn(i, questions, [vote, vote]));
      const tally = await deploy(questions, []);
      const total = sumBallots(ballots, questions);
      const sums = total.questions[0]!;
      const counts = [4n, 2n, 1n];
      const honest = countArguments({ question, counts, partials: partialsOf(sums, TRUSTEES), sums });
      const { partials } = honest;
      /** Hints that fit whatever is claimed, so that only what is claimed is wrong. */
      const forge = (claim: { counts?: bigint[]; partials?: CountArguments["partials"] }): CountArguments => {
        const { hints } = countHints({ question, counts, partials, sums, ...claim });
        return { ...honest, ...claim, hints };
      };
      return { ...tally, question, total, sums, partials, honest, forge };
    }

    it("accepts the counts, from any three trustees", async () => {
      const { requireCounts, question, sums, honest } = await deployCounted();
      await requireCounts(0, 7n, honest);
      for (const indices of [
        [1, 2, 3],
        [2, 4, 5],
        [3, 4, 16],
      ]) {
        const partials = partialsOf(sums, indices);
        await requireCounts(0, 7n, countArguments({ question, counts: honest.counts, partials, sums }));
      }
    });

    for (const [what, counts] of [
      ["exchanged between options", [2n, 4n, 1n]],
      ["exchanged between others", [4n, 1n, 2n]],
      ["moved by one vote", [5n, 1n, 1n]],
      ["of nobody for an option", [6n, 0n, 1n]],
      ["of everybody for one", [0n, 7n, 0n]],
    ] as [string, bigint[]][]) {
      for (const groups of [1, 3]) {
        it(`refuses counts ${what}, with ${groups} groups`, async () => {
          const { library, requireCounts, forge } = await deployCounted({ groups });
          await expect(requireCounts(0, 7n, forge({ counts }))).to.be.revertedWithCustomError(library, "CountWrong");
        });
      }
    }

    it("refuses counts that differ by the order of the group", async () => {
      const { library, requireCounts, forge, honest } = await deployCounted();
      for (const option of [0, 1, 2]) {
        const counts = honest.counts.map((count, j) => (j === option ? count + ORDER : count));
        await expect(requireCounts(0, 7n, { ...honest, counts }))
          .to.be.revertedWithCustomError(library, "CountTooLarge")
          .withArgs(BigInt(option), counts[option], 7n);
      }
      // 4 + 2 + 1 again modulo the order, and nothing else is wrong with it.
      const counts = [5n, 2n, ORDER];
      await expect(requireCounts(0, 7n, forge({ counts }))).to.be.revertedWithCustomError(library, "CountTooLarge");
    });

    it("refuses a count above the total weight", async () => {
      const { library, requireCounts, forge } = await deployCounted();
      await expect(requireCounts(0, 7n, forge({ counts: [8n, 0n, 0n] })))
        .to.be.revertedWithCustomError(library, "CountTooLarge")
        .withArgs(0n, 8n, 7n);
    });

    it("refuses counts of another total, and right ones of another weight", async () => {
      const { library, requireCounts, forge, honest } = await deployCounted();
      await expect(requireCounts(0, 7n, forge({ counts: [5n, 2n, 1n] })))
        .to.be.revertedWithCustomError(library, "CountTotalWrong")
        .withArgs(8n, 7n);
      await expect(requireCounts(0, 8n, honest))
        .to.be.revertedWithCustomError(library, "CountTotalWrong")
        .withArgs(7n, 8n);
    });

    it("refuses a trustee twice, whatever coefficients are claimed", async () => {
      const { library, requireCounts, partials, honest } = await deployCounted();
      const twice = [partials[0]!, partials[0]!, partials[2]!];
      await expect(requireCounts(0, 7n, { ...honest, partials: twice }))
        .to.be.revertedWithCustomError(library, "CountCoefficientWrong")
        .withArgs(1n, honest.hints[0]);
      const zero = [0n, ...honest.hints.slice(1)];
      await expect(requireCounts(0, 7n, { ...honest, partials: twice, hints: zero }))
        .to.be.revertedWithCustomError(library, "CountCoefficientWrong")
        .withArgs(1n, 0n);
    });

    it("refuses too few trustees", async () => {
      const { library, requireCounts, forge, partials } = await deployCounted();
      await expect(requireCounts(0, 7n, forge({ partials: partials.slice(0, 2) }))).to.be.revertedWithCustomError(
        library,
        "CountWrong",
      );
      await expect(requireCounts(0, 7n, { ...forge({}), partials: [] }))
        .to.be.revertedWithCustomError(library, "CountLengthWrong")
        .withArgs(3n, 4n, 0n);
    });

    it("refuses partial decryptions under each other's index", async () => {
      const { library, requireCounts, forge, partials } = await deployCounted();
      const swapped = [
        { index: 1, partials: partials[1]!.partials },
        { index: 3, partials: partials[0]!.partials },
        partials[2]!,
      ];
      await expect(requireCounts(0, 7n, forge({ partials: swapped }))).to.be.revertedWithCustomError(
        library,
        "CountWrong",
      );
    });

    it("refuses the partial decryption of another group and of another question", async () => {
      const { library, requireCounts, forge, partials, total } = await deployCounted({ groups: 3 });
      const words = partials[1]!.partials;
      const otherGroup = { index: 3, partials: [...words.slice(2, 4), ...words.slice(2)] };
      const claim = [partials[0]!, otherGroup, partials[2]!];
      await expect(requireCounts(0, 7n, forge({ partials: claim })))
        .to.be.revertedWithCustomError(library, "CountWrong")
        .withArgs(0n);

      // The same ballots were encrypted anew for the other question: other sums, and so other partial decryptions.
      const others = partialsOf(total.questions[1]!, TRUSTEES).map((own) => ({ ...own, partials: [...own.partials] }));
      await expect(
        requireCounts(0, 7n, forge({ partials: [partials[0]!, others[1]!, partials[2]!] })),
      ).to.be.revertedWithCustomError(library, "CountWrong");
    });

    it("refuses a partial decryption with words too few or too many", async () => {
      const { library, requireCounts, honest, partials } = await deployCounted();
      for (const words of [[], [...partials[1]!.partials, 0n, 0n]]) {
        const claim = [partials[0]!, { index: 3, partials: words }, partials[2]!];
        await expect(requireCounts(0, 7n, { ...honest, partials: claim }))
          .to.be.revertedWithCustomError(library, "CountPartialLengthWrong")
          .withArgs(3n, BigInt(words.length));
      }
    });

    it("refuses a wrong product that another balances", async () => {
      const { library, requireCounts, honest } = await deployCounted();
      const hints = [...honest.hints];
      // After the three coefficients come 2·Γ_2 and 1·Γ_3.
      const [one, other] = [times(optionGenerator(2), 2n), optionGenerator(3)];
      const shift = times(Point.BASE, scalarOf("shift"));
      hints.splice(3, 4, ...wordsOf(one.add(shift)), ...wordsOf(other.subtract(shift)));
      await expect(requireCounts(0, 7n, { ...honest, hints }))
        .to.be.revertedWithCustomError(library, "CountProductWrong")
        .withArgs(3n);
    });

    it("refuses hints too few or too many, and a wrong inverse", async () => {
      const { library, requireCounts, honest } = await deployCounted();
      const length = BigInt(honest.hints.length);
      for (const hints of [honest.hints.slice(0, -1), [...honest.hints, 0n], []]) {
        await expect(requireCounts(0, 7n, { ...honest, hints }))
          .to.be.revertedWithCustomError(library, "CountHintsLengthWrong")
          .withArgs(BigInt(hints.length), length);
      }
      const hints = [...honest.hints.slice(0, -1), honest.hints.at(-1)! + 1n];
      await expect(requireCounts(0, 7n, { ...honest, hints })).to.be.revertedWithCustomError(
        library,
        "CurveInverseWrong",
      );
    });

    const elections: [what: string, question: Question, votes: number[][], counts: bigint[]][] = [
      ["a single ballot", questionOf(3), [[1]], [0n, 1n, 0n]],
      ["a single ballot for the first option", questionOf(3), [[0]], [1n, 0n, 0n]],
      ["all votes the same", questionOf(4), [[2], [2], [2]], [0n, 0n, 3n, 0n]],
      ["all votes the same, one group an option", questionOf(4, { groups: 4 }), [[2], [2]], [0n, 0n, 2n, 0n]],
      ["groups without votes", questionOf(5, { groups: 3 }), [[1], [2], [2]], [0n, 1n, 2n, 0n, 0n]],
      [
        "two of four chosen",
        questionOf(4, { selections: 2 }),
        [
          [0, 1],
          [1, 3],
          [1, 2],
        ],
        [1n, 3n, 1n, 1n],
      ],
      ["all chosen", questionOf(3, { selections: 3, groups: 2 }), [[0, 1, 2]], [1n, 1n, 1n]],
      ["approval", questionOf(4, { approval: true, groups: 2 }), [[], [0, 1, 2, 3], [0, 3]], [2n, 1n, 1n, 2n]],
      ["approval of nothing", questionOf(2, { approval: true }), [[], []], [0n, 0n]],
    ];
    for (const [what, question, votes, counts] of elections) {
      it(`counts ${what}`, async () => {
        const questions = [questionOf(2), question];
        const ballots = votes.map((vote, i) => ballotIn(i, questions, [[i % 2], vote]));
        expect((await countAll(questions, ballots))[1]).to.deep.equal(counts);
      });
    }

    it("counts weighted ballots of several questions and groups", async () => {
      const questions = [questionOf(3), questionOf(2, { groups: 2 })];
      const ballots = [5n, 1n, 30n, 2n ** 20n, 0n].map((weight, i) => {
        return ballotIn(i, questions, [FOR_OPTION[i % 3]!, [i % 2]], weight);
      });
      expect(await countAll(questions, ballots)).to.deep.equal([
        [5n + 2n ** 20n, 1n, 30n],
        [35n, 1n + 2n ** 20n],
      ]);
    });

    it("checks approval by the bounds alone", async () => {
      const question = questionOf(3, { approval: true });
      const ballots = [[0, 1], [0]].map((vote, i) => ballotIn(i, [question], [vote]));
      const { library, requireCounts } = await deploy([question], []);
      const sums = sumBallots(ballots, [question]).questions[0]!;
      const partials = partialsOf(sums, TRUSTEES);
      const honest = countArguments({ question, counts: [2n, 1n, 0n], partials, sums });
      await requireCounts(0, 2n, honest);
      await expect(requireCounts(0, 1n, honest))
        .to.be.revertedWithCustomError(library, "CountTooLarge")
        .withArgs(0n, 2n, 1n);
      for (const counts of [
        [1n, 1n, 0n],
        [2n, 1n, 1n],
        [2n, 0n, 1n],
      ]) {
        const { hints } = countHints({ question, counts, partials, sums });
        await expect(requireCounts(0, 2n, { ...honest, counts, hints })).to.be.revertedWithCustomError(
          library,
          "CountWrong",
        );
      }
    });

    // With ΣC1 at infinity a sum decrypts to itself, and nobody's partial decryption is needed.
    for (const counts of [
      [0n, 2n, 0n],
      [2n, 0n, 0n],
      [1n, 0n, 1n],
    ]) {
      it(`counts ${counts.join(", ")} when every voter colluded to leave no randomness`, async () => {
        const questions = [questionOf(3)];
        const votes = counts.flatMap((count, option) => Array.from({ length: Number(count) }, () => [option]));
        const ballots = votes.map((vote, i) => ({
          slotKey: slotKeyOf(i),
          weight: 1n,
          ciphertexts: encrypt(questions, [vote], [i === 0 ? 77n : ORDER - 77n]),
        }));
        expect(await countAll(questions, ballots)).to.deep.equal([counts]);
        const { library, requireCounts } = await deploy(questions, []);
        const sums = sumBallots(ballots, questions).questions[0]!;
        const partials = partialsOf(sums, TRUSTEES);
        for (const wrong of [
          [1n, 1n, 0n],
          [0n, 1n, 1n],
          [0n, 0n, 2n],
        ]) {
          const { hints } = countHints({ question: questions[0]!, counts: wrong, partials, sums });
          const honest = countArguments({ question: questions[0]!, counts, partials, sums });
          await expect(requireCounts(0, 2n, { ...honest, counts: wrong, hints })).to.be.revertedWithCustomError(
            library,
            "CountWrong",
          );
        }
      });
    }

    // λ_5·s_5·Σr = -1: the one vote for the first option takes the last term away.
    const r5 = Point.Fn.neg(Point.Fn.inv(Point.Fn.mul(lagrangeCoefficients(TRUSTEES)[2]!, shareOf(5, 3))));
    for (const [what, total, approved] of [
      ["the last term", r5, [1n, 0n, 1n]],
      ["all randomness", 0n, [0n, 1n, 1n]],
    ] as [string, bigint, bigint[]][]) {
      it(`counts what all voters, with a trustee, chose so that ${what} is gone, and nothing else`, async () => {
        const questions = [questionOf(3, { approval: true })];
        const votes = approved.flatMap((count, option) => (count === 1n ? [[option]] : []));
        const ballots = votes.map((vote, i) => ({
          slotKey: slotKeyOf(i),
          weight: 1n,
          ciphertexts: encrypt(questions, [vote], [i === 0 ? 5n : Point.Fn.sub(total, 5n)]),
        }));
        expect(await countAll(questions, ballots)).to.deep.equal([approved]);

        const { library, requireCounts } = await deploy(questions, []);
        const sums = sumBallots(ballots, questions).questions[0]!;
        const opening = { question: questions[0]!, partials: partialsOf(sums, TRUSTEES), sums };
        const honest = countArguments({ ...opening, counts: approved });
        for (const first of [0n, 1n, 2n].filter((count) => count !== approved[0])) {
          const counts = [first, ...approved.slice(1)];
          const { hints } = countHints({ ...opening, counts });
          await expect(requireCounts(0, 2n, { ...honest, counts, hints })).to.be.revertedWithCustomError(
            library,
            "CountWrong",
          );
        }
      });
    }
  });

  describe("report", () => {
    it("adds blank options up", async () => {
      const { harness } = await deployPlain();
      const report = async (counts: bigint[], blanks: number) => {
        return [...((await harness.getFunction("report").staticCall(counts, blanks)) as bigint[])];
      };
      expect(await report([4n, 2n, 1n], 0)).to.deep.equal([4n, 2n, 1n]);
      expect(await report([4n, 2n, 1n], 1)).to.deep.equal([4n, 2n, 1n]);
      expect(await report([4n, 2n, 1n], 2)).to.deep.equal([4n, 3n]);
    });
  });
});
