import { id, keccak256, concat } from "ethers";

import { rollLeaf } from "../../src/voting/election/roll.js";
import { NO_PROGRESS, accumulationChunks } from "../../src/voting/accumulationChunks.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import { questionOf } from "../voting/ballots.js";
import { electionFixture, PERIODS } from "../voting/electionFixture.js";
import { gasOf, record } from "./record.js";

const BATCH = 40;

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

/** Where nothing is said, into slots that were written before, as by a vote that is changed, and by the one voter of a roll. */
describe("Gas of an election, in transactions to a clone", () => {
  for (const [options, groups, layout] of [
    [2, 1, "packed"],
    [5, 1, "packed"],
    [10, 1, "packed"],
    [2, 2, "one ciphertext an option"],
    [5, 5, "one ciphertext an option"],
  ] as const) {
    it(`cast, ${options} options, ${layout}`, async () => {
      const { cast, ballot } = await electionFixture({ questions: [questionOf(options, { groups })] });
      for (const [round, what] of ["first cast", "cast"].entries()) {
        record(`Election: ${what}, ${options} options, ${layout}`, await gasOf(cast(0, ballot(0, round + 1))));
      }
    });
  }

  it("cast by a voter of a million", async () => {
    const entry = { slotKey: id("voter 0"), voter: "", weight: 1n };
    const siblings = Array.from({ length: 20 }, (_, i) => id(`sibling ${i}`));
    const rootOf = (voter: string) => {
      const pair = (a: string, b: string) => keccak256(BigInt(a) < BigInt(b) ? concat([a, b]) : concat([b, a]));
      return siblings.reduce(pair, rollLeaf({ ...entry, voter }));
    };
    const small = await electionFixture();
    const voter = small.signerOf(0).address;
    const large = await electionFixture({ terms: { roll: rootOf(voter) } });
    const castOnce = async (
      { election, signerOf, castArguments, ballot }: typeof small,
      proof: string[],
      seed: number,
    ) => {
      const [key, slotKey, weight, , bytes, hints] = castArguments(0, ballot(0, seed));
      return gasOf(election.connect(signerOf(0)).cast(key, slotKey, weight, proof, bytes, hints));
    };
    await castOnce(large, siblings, 1);
    await castOnce(small, [], 1);
    const more = (await castOnce(large, siblings, 2)) - (await castOnce(small, [], 2));
    record("Election: what a roll of a million adds to a cast", more);
  });

  for (const options of [2, 5]) {
    it(`castBatch of ${BATCH}, ${options} options, packed`, async () => {
      const f = await electionFixture({ questions: [questionOf(options)], weights: Array<bigint>(BATCH).fill(1n) });
      let gas = 0n;
      const held = new Map<number, string>();
      for (const round of [0, 1]) {
        const batch = await Promise.all(
          f.entries.map(async (_, i) => {
            const ballot = f.ballot(i, i + round * BATCH);
            const replaces = held.get(i);
            held.set(i, ballot.ballotHash);
            return f.signed(i, ballot, replaces === undefined ? {} : { replaces });
          }),
        );
        gas = await gasOf(f.election.castBatch(f.publicKey, batch, f.batchHints(batch)));
      }
      record(`Election: castBatch of ${BATCH}, ${options} options, packed, per ballot`, per(gas, BATCH));
    });
  }

  for (const [weight, what] of [
    [1n, "weight 1"],
    [7n, "weighted"],
  ] as const) {
    it(`accumulate, ${what}`, async () => {
      const count = 40;
      const f = await electionFixture({ weights: Array<bigint>(count).fill(weight) });
      const batch = await Promise.all(f.entries.map(async (_, i) => f.signed(i, f.ballot(i, i))));
      await (await f.election.castBatch(f.publicKey, batch, f.batchHints(batch))).wait();
      await f.time.increaseTo(f.terms.opensAt + PERIODS.voting);
      const ballots: RecordedBallot[] = f.entries.map(({ slotKey }, i) => {
        return { slotKey, weight, ciphertexts: f.ballot(i, i).bytes.subarray(0, 128) };
      });
      const gasOfFirst = async (size: number, by: number) => {
        const [chunk] = accumulationChunks({ questions: f.questions, ballots, size });
        const progress = { ...NO_PROGRESS, sums: [] };
        return gasOf(f.election.connect(f.signerOf(by)).accumulate(progress, chunk!.entries));
      };
      const [few, more] = [await gasOfFirst(10, 0), await gasOfFirst(30, 1)];
      record(`Election: accumulate, packed, ${what}, each further ballot`, per(more - few, 20));
    });
  }
});
