import { expect } from "chai";
import { ZeroHash } from "ethers";

import { accumulationChunks, type AccumulationProgress, NO_PROGRESS } from "../../src/voting/accumulationChunks.js";
import type { PreparedBallot } from "../../src/voting/prepareBallot.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { randomOf } from "../helpers/random.js";
import { ciphertextsOf } from "../../src/voting/ballotBytes.js";
import { questionOf, voteOf } from "./ballots.js";
import { electionFixture, SKIPPED, STATE, structured } from "./electionFixture.js";

const QUESTIONS = [questionOf(3), questionOf(4, { groups: 2, selections: 2 }), questionOf(2, { approval: true })];
const WEIGHTS = [1n, 1n, 2n, 1n, 3n, 1n, 1n];
const STEPS = 25;

/** States from which there is no way back. */
const ORDER = [STATE.SETUP, STATE.KEY_CEREMONY, STATE.OPEN, STATE.CLOSED, STATE.TALLYING, STATE.FINAL];

/**
 * Walks that choose at random what voters, relayers and griefers do, beside a plain model that holds each voter's last ballot.
 * After each step: no voter counts twice, each slot holds the model's ballot, and the state has not moved back. At the end: the sums
 * that were fixed are those of the model's ballots, from whatever chunks and callers, and the counts those of its plain votes.
 */
describe("Election: random walks beside a plain model", function () {
  for (const seed of [1, 2, 3]) {
    it(`walk ${seed}`, async () => {
      const random = randomOf(seed);
      const f = await electionFixture({ questions: QUESTIONS, weights: WEIGHTS });
      const { election, entries } = f;
      const model = new Map<number, { ballot: PreparedBallot; seed: number }>();
      let fresh = 1_000 * seed;
      let last = 0;

      const check = async () => {
        expect(await election.turnout()).to.equal(BigInt(model.size));
        for (const [i, { slotKey }] of entries.entries()) {
          expect(await election.ballotOf(slotKey)).to.equal(model.get(i)?.ballot.ballotHash ?? ZeroHash);
        }
        const now = ORDER.indexOf((await election.state()) as (typeof ORDER)[number]);
        expect(now).to.be.at.least(last);
        last = now;
      };
      const anyVoter = () => random.below(entries.length);
      const made = (voter: number) => {
        fresh += 10;
        return { ballot: f.ballot(voter, fresh), seed: fresh };
      };

      const moves: (() => Promise<void>)[] = [
        async () => {
          const voter = anyVoter();
          const one = made(voter);
          await f.cast(voter, one.ballot);
          model.set(voter, one);
        },
        async () => {
          // A batch in which some ballots are stale: signed over what the slot no longer holds.
          const voters = [...new Set([anyVoter(), anyVoter(), anyVoter()])];
          const batch = [];
          const expected = new Map(model);
          for (const voter of voters) {
            const one = made(voter);
            const isStale = random.below(3) === 0 && model.has(voter);
            const replaces = isStale ? ZeroHash : (model.get(voter)?.ballot.ballotHash ?? ZeroHash);
            batch.push(await f.signed(voter, one.ballot, { replaces }));
            if (!isStale) expected.set(voter, one);
          }
          await f.election.castBatch(f.publicKey, batch, f.batchHints(batch));
          for (const [voter, one] of expected) model.set(voter, one);
        },
        async () => {
          const voter = anyVoter();
          const { ballot } = made(voter);
          const { slotKey, weight } = entries[voter]!;
          const words = ciphertextsOf(ballot.bytes, QUESTIONS);
          const ciphertexts = Array.from({ length: words.length / 32 }, (_, i) => {
            return BigInt(`0x${Buffer.from(words.subarray(32 * i, 32 * i + 32)).toString("hex")}`);
          });
          const randomness = ballot.openings.flatMap((opening) => opening.randomness);
          const choices = ballot.openings.map(({ vote }) => {
            return vote.reduce((bits, isChosen, j) => (isChosen ? bits | (1n << BigInt(j)) : bits), 0n);
          });
          await election.commitBallot(slotKey, ballot.ballotHash);
          await election.spoil(f.publicKey, slotKey, weight, ciphertexts, randomness, choices);
          await expect(f.cast(voter, ballot)).to.be.revertedWithCustomError(election, "BallotIsSpoiled");
          const late = await f.signed(voter, ballot, { replaces: await election.ballotOf(slotKey) });
          await expect(election.castBatch(f.publicKey, [late], f.batchHints([late])))
            .to.emit(election, "BallotSkipped")
            .withArgs(slotKey, ballot.ballotHash, SKIPPED.BALLOT_SPOILED);
        },
        async () => {
          // Another's ballot, in the caller's own slot.
          const [voter, other] = [anyVoter(), anyVoter()];
          if (voter === other) return;
          const { ballot } = made(other);
          const [key, slotKey, weight, proof] = f.castArguments(voter, f.ballot(voter, fresh));
          const [, , , , bytes, hints] = f.castArguments(other, ballot);
          const own = election.connect(f.signerOf(voter));
          await expect(own.cast(key, slotKey, weight, proof, bytes, hints)).to.be.revert(f.ethers);
        },
      ];
      for (let step = 0; step < STEPS; step++) {
        await moves[random.below(moves.length)]!();
        await check();
      }
      for (const voter of [0, 1]) {
        if (model.has(voter)) continue;
        const one = made(voter);
        await f.cast(voter, one.ballot);
        model.set(voter, one);
      }

      await f.time.increaseTo(f.terms.closesAt);
      await check();
      const ballots = [...model].map(([voter, { ballot }]) => ({
        ...{ slotKey: entries[voter]!.slotKey, weight: entries[voter]!.weight },
        ciphertexts: ciphertextsOf(ballot.bytes, QUESTIONS),
      }));
      // Several callers, each with chunks of another size, take turns; one leaves a ballot out.
      const structOf = (progress: AccumulationProgress) => ({ ...progress, sums: [...progress.sums] });
      const callers = [1, 2, 3].map((size) => [...accumulationChunks({ questions: QUESTIONS, ballots, size })]);
      const griefer = f.signerOf(5) as typeof f.stranger;
      const [partial] = accumulationChunks({ questions: QUESTIONS, ballots: ballots.slice(1), size: 100 });
      await election.connect(griefer).accumulate(structOf(NO_PROGRESS), partial!.entries);
      expect(await election.state()).to.equal(STATE.CLOSED);
      while ((await election.state()) === STATE.CLOSED) {
        const caller = random.below(callers.length);
        const chunk = callers[caller]!.shift()!;
        const by = f.signerOf(caller) as typeof f.stranger;
        await election.connect(by).accumulate(structOf(chunk.progress), chunk.entries);
        await check();
      }
      const [fixed] = await election.queryFilter(election.filters.TallyFixed);
      const total = sumBallots(ballots, QUESTIONS);
      const sums = total.questions.flatMap(({ c1, c2 }) =>
        c1.flatMap((first, group) => [first!.x, first!.y, c2[group]!.x, c2[group]!.y]),
      );
      expect(fixed!.args.sums).to.deep.equal(sums);
      expect([fixed!.args.ballots, fixed!.args.weight]).to.deep.equal([BigInt(model.size), total.weight]);

      await f.trustees.getFunction("setPartials").send(true, true);
      await election.finalize(structured(await f.counts()));
      const results = await election.queryFilter(election.filters.ResultPublished);
      for (const [q, question] of QUESTIONS.entries()) {
        const plain = Array<bigint>(question.options).fill(0n);
        for (const [voter, { seed: own }] of model) {
          voteOf(question, own + q).forEach((isChosen, j) => {
            if (isChosen) plain[j]! += entries[voter]!.weight;
          });
        }
        expect(results[q]!.args.counts).to.deep.equal(plain);
      }
      await check();
    });
  }
});
