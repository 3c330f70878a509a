import { expect } from "chai";
import { ZeroHash } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { accumulationChunks, NO_PROGRESS } from "../../src/voting/accumulationChunks.js";
import { publishResults } from "../../src/voting/publishResults.js";
import { sumUp } from "../../src/voting/sumUp.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { questionOf } from "./ballots.js";
import { closedFixture, crashingAt } from "./closedFixture.js";
import { electionFixture, STATE } from "./electionFixture.js";

const WEIGHTS = [1n, 3n, 1n, 2n, 1n];
const QUESTIONS = [questionOf(3), questionOf(4, { groups: 2 }), questionOf(3, { approval: true })];
const FROM = { fromBlock: 0 };

type Fixture = Awaited<ReturnType<typeof electionFixture>>;

/** A closed election with stand-ins for its trustees. */
async function castFixture(weights: readonly bigint[] = WEIGHTS): Promise<Fixture> {
  const f = await electionFixture({ questions: [questionOf(3)], weights });
  await f.castAll();
  await f.time.increaseTo(f.terms.closesAt);
  return f;
}

/** How many ballots each call summed up to, by whom. */
async function callsOf({ election }: Fixture): Promise<[by: string, count: bigint][]> {
  const events = await election.queryFilter(election.filters.BallotsAccumulated());
  return events.map(({ args }) => [args.by, args.count]);
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "none";
  } catch (error) {
    if (error instanceof VotingError || error instanceof ContractError) return error.code;
    return (error as Error).message;
  }
}

describe("sumUp", function () {
  it("sums all ballots up, in one call where they fit, and hands the sums to the trustees", async () => {
    const f = await castFixture();
    await sumUp(f.election, FROM);
    expect(await f.election.state()).to.equal(STATE.TALLYING);
    expect(await callsOf(f)).to.deep.equal([[f.stranger.address, 5n]]);
    const [fixed] = await f.election.queryFilter(f.election.filters.TallyFixed());
    expect([fixed!.args.ballots, fixed!.args.weight]).to.deep.equal([5n, 8n]);
  });

  it("takes as many calls as are asked for, and sends nothing once the sums are fixed", async () => {
    const f = await castFixture();
    const progress: [number, number][] = [];
    await sumUp(f.election, { ...FROM, size: 2, onProgress: (done, total) => progress.push([done, total]) });
    expect(progress).to.deep.equal([
      [2, 5],
      [4, 5],
      [5, 5],
    ]);
    await sumUp(f.election, { ...FROM, size: 2 });
    expect(await callsOf(f)).to.have.length(3);
  });

  for (const crash of [2, 3]) {
    for (const size of [1, 2, 100]) {
      it(`goes on after a crash before call ${crash}, then with ${size} ballots a call`, async () => {
        const f = await castFixture();
        const cache = memoryEventCache();
        const dying = crashingAt(f.election, "accumulate", crash);
        expect(await codeOf(sumUp(dying, { ...FROM, size: 2, cache }))).to.equal("crashed");
        const before = await callsOf(f);
        expect(before.at(-1)![1]).to.equal(BigInt(2 * (crash - 1)));
        await sumUp(f.election, { ...FROM, size, cache });
        expect(await f.election.state()).to.equal(STATE.TALLYING);
        const counts = (await callsOf(f)).slice(before.length).map(([, count]) => Number(count));
        // No ballot is summed up again.
        const left = 5 - 2 * (crash - 1);
        expect(counts).to.have.length(Math.ceil(left / size));
        expect(counts[0]).to.equal(Math.min(2 * (crash - 1) + size, 5));
      });
    }
  }

  it("begins a sum of its own beside another's that leads nowhere", async () => {
    const f = await castFixture();
    const highest = (await f.recorded()).sort((a, b) => (a.slotKey < b.slotKey ? 1 : -1))[0]!;
    const [alone] = accumulationChunks({ questions: f.questions, ballots: [highest], size: 1 });
    await f.election.accumulate(NO_PROGRESS, alone!.entries);
    const other = f.election.connect(f.members[0]);
    await sumUp(other, { ...FROM, size: 3 });
    expect((await callsOf(f)).slice(1)).to.deep.equal([
      [f.members[0]!.address, 3n],
      [f.members[0]!.address, 5n],
    ]);
  });

  it("begins again where its own sum left a voter out", async () => {
    const f = await castFixture();
    const highest = (await f.recorded()).sort((a, b) => (a.slotKey < b.slotKey ? 1 : -1))[0]!;
    const [alone] = accumulationChunks({ questions: f.questions, ballots: [highest], size: 1 });
    await f.election.accumulate(NO_PROGRESS, alone!.entries);
    expect(await f.election.progressOf(f.stranger.address)).to.not.equal(ZeroHash);
    await sumUp(f.election, FROM);
    expect(await f.election.state()).to.equal(STATE.TALLYING);
  });

  it("is content where another fixes the sums in the meantime", async () => {
    const f = await castFixture();
    const race = { ...FROM, size: 3, onProgress: () => undefined };
    const slow = sumUp(f.election, { ...race, size: 1 });
    const fast = sumUp(f.election.connect(f.members[0]), race);
    await Promise.all([slow, fast]);
    expect(await f.election.state()).to.equal(STATE.TALLYING);
    const [fixed] = await f.election.queryFilter(f.election.filters.TallyFixed());
    expect(fixed!.args.ballots).to.equal(5n);
  });

  it("waits for the close, and sums up no election of too few voters", async () => {
    const f = await electionFixture({ weights: [1n, 1n] });
    await f.castAll();
    expect(await codeOf(sumUp(f.election, FROM))).to.equal("ElectionStateWrong");
    const few = await electionFixture({ weights: [1n, 1n] });
    await few.cast(0, few.ballot(0));
    await few.time.increaseTo(few.terms.closesAt);
    expect(await codeOf(sumUp(few.election, FROM))).to.equal("ElectionStateWrong");
  });

  it("sends nothing where the node has fewer ballots than were cast, or calls are of none", async () => {
    const f = await castFixture([1n, 1n, 1n]);
    const late = await f.ethers.provider.getBlockNumber();
    expect(await codeOf(sumUp(f.election, { fromBlock: late }))).to.equal("EVENT_MISSING");
    expect(await codeOf(sumUp(f.election, { ...FROM, size: 0 }))).to.equal("CHUNK_SIZE");
    expect(await callsOf(f)).to.deep.equal([]);
  });
});

describe("publishResults", function () {
  const opened = async (by: readonly number[] = [3, 1]) => {
    const f = await closedFixture({ questions: QUESTIONS, weights: WEIGHTS, terms: { blanks: 2n << 8n } });
    await sumUp(f.election, FROM);
    for (const index of by) await f.open(index);
    const [first, [a, b, c, d], third] = f.plainCounts as [bigint[], [bigint, bigint, bigint, bigint], bigint[]];
    const results = [first, [a, b, c + d], third].map((counts) => ({ ballots: 5, weight: 8n, counts }));
    /** How many results each transaction published. */
    const calls = async (): Promise<number[]> => {
      const events = await f.election.queryFilter(f.election.filters.ResultPublished());
      const hashes = events.map(({ transactionHash }) => transactionHash);
      return [...new Set(hashes)].map((hash) => hashes.filter((one) => one === hash).length);
    };
    return { ...f, results, calls };
  };

  for (const [size, calls] of [
    [undefined, [1, 1, 1]],
    [2, [2, 1]],
    [9, [3]],
  ] as [number | undefined, number[]][]) {
    it(`publishes what was voted, ${size ?? "one"} questions a call, and nothing twice`, async () => {
      const f = await opened();
      const options = { ...FROM, ...(size === undefined ? {} : { size }) };
      expect(await publishResults(f.election, options)).to.deep.equal(f.results);
      expect(await f.election.state()).to.equal(STATE.FINAL);
      expect(await f.calls()).to.deep.equal(calls);
      expect(await publishResults(f.election, options)).to.deep.equal(f.results);
      expect(await f.calls()).to.deep.equal(calls);
    });
  }

  it("goes on after a crash, by the same account or another, in another size", async () => {
    const f = await opened();
    const cache = memoryEventCache();
    const dying = crashingAt(f.election, "finalize", 2);
    expect(await codeOf(publishResults(dying, { ...FROM, cache }))).to.equal("crashed");
    expect(await f.election.counted()).to.equal(1n);
    const again = crashingAt(f.election, "finalize", 2);
    expect(await codeOf(publishResults(again, { ...FROM, cache }))).to.equal("crashed");
    expect(await f.election.counted()).to.equal(2n);
    const other = f.election.connect(f.members[0]);
    expect(await publishResults(other, { ...FROM, cache, size: 5 })).to.deep.equal(f.results);
    expect(await f.calls()).to.deep.equal([1, 1, 1]);
  });

  it("is content where another publishes in the meantime", async () => {
    const f = await opened();
    const other = f.election.connect(f.members[0]);
    const both = await Promise.all([publishResults(f.election, FROM), publishResults(other, FROM)]);
    expect(both).to.deep.equal([f.results, f.results]);
  });

  it("uses as many trustees as decrypt, whoever they are and though more posted", async () => {
    const f = await opened([3, 2, 1]);
    expect(await publishResults(f.election, FROM)).to.deep.equal(f.results);
  });

  it("says of the search for counts how far it is", async () => {
    const f = await opened();
    const questions: number[] = [];
    await publishResults(f.election, { ...FROM, onProgress: (question) => questions.push(question) });
    expect([...new Set(questions)]).to.deep.equal([0, 1, 2]);
  });

  it("publishes nothing before all sums are opened", async () => {
    const f = await opened([1]);
    expect(await codeOf(publishResults(f.election, FROM))).to.equal("SUMS_NOT_OPENED");
    await f.open(2, [0, 1]);
    expect(await codeOf(publishResults(f.election, FROM))).to.equal("SUMS_NOT_OPENED");
    expect(await f.election.counted()).to.equal(0n);
    await f.open(2, [2]);
    expect(await publishResults(f.election, FROM)).to.deep.equal(f.results);
  });

  it("waits for the sums, and for a call of one question at least", async () => {
    const f = await closedFixture({ questions: QUESTIONS, weights: WEIGHTS });
    expect(await codeOf(publishResults(f.election, FROM))).to.equal("ElectionStateWrong");
    expect(await codeOf(publishResults(f.election, { ...FROM, size: 0 }))).to.equal("CHUNK_SIZE");
  });
});
