import { expect } from "chai";
import { hexlify, id, type Log, type Provider } from "ethers";

import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { verifiedReader } from "../../src/voting/ceremony/verifiedReader.js";
import { readBallots } from "../../src/voting/election/readBallots.js";
import { type Election, Election__factory } from "../../src/typechain/index.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { questionOf } from "./ballots.js";
import { codeOf } from "./codeOf.js";
import { electionFixture } from "./electionFixture.js";
import { forge } from "./forge.js";

const WEIGHTS = [1n, 3n, 1n];
const OPTIONS = { fromBlock: 0, finality: 3 };

/** A ballot as its event has it. */
type CastEvent = [slotKey: string, ballotHash: string, weight: bigint, ballot: string];

/** An election in which all but the last voter cast, the first of them twice. */
async function votedFixture() {
  const f = await electionFixture({ questions: [questionOf(3)], weights: WEIGHTS });
  for (const [voter, seed] of [[0, 1] as const, [1, 1] as const, [0, 2] as const])
    await f.cast(voter, f.ballot(voter, seed));
  return { ...f, block: await f.ethers.provider.getBlockNumber() };
}

/** The election by a node that adds ballots to the contract's events. */
function withEvents(
  { ethers, election, address }: Awaited<ReturnType<typeof votedFixture>>,
  events: CastEvent[],
): Election {
  const node = ethers.provider as unknown as Provider;
  const liar: Provider = new Proxy(node, {
    get(target, name) {
      if (name === "provider") return liar;
      if (name === "getLogs") {
        return async (filter: Parameters<Provider["getLogs"]>[0]) => {
          const logs = await target.getLogs(filter);
          const { topicHash } = election.interface.getEvent("BallotCast");
          const last = logs.findLast(({ topics }) => topics[0] === topicHash);
          if (last === undefined) return logs;
          const forged = events.map((values) => {
            return Object.assign({}, last, election.interface.encodeEventLog("BallotCast", values));
          });
          return [...logs, ...(forged as Log[])];
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return Election__factory.connect(address, liar);
}

describe("verifiedReader", function () {
  it("gives an election's terms, and its ballots up to a block, each verified", async () => {
    const f = await votedFixture();
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number) => progress.push([done, total]);
    const reader = await verifiedReader(f.election, { ...OPTIONS, expected: f.configuration(), onProgress });
    expect(reader).to.include({ election: f.address, configuration: f.configuration(), minimum: 2, finality: 3 });
    expect(reader.questions).to.deep.equal(f.questions);
    expect(await reader.ballots(f.block)).to.deep.equal(await readBallots(f.election, f.questions, { fromBlock: 0 }));
    expect(progress).to.deep.equal([[2, 2]]);
    // Before the first voter cast again.
    const [first] = await reader.ballots(f.block - 1);
    expect(first).to.have.property("ballotHash", f.ballot(0, 1).ballotHash);
    const one = await reader.ballots(f.block - 2);
    expect(one.map(({ slotKey }) => slotKey)).to.deep.equal([f.entries[0]!.slotKey]);
  });

  it("gives what a later reading adds, too, where events are kept in between", async () => {
    const f = await votedFixture();
    const reader = await verifiedReader(f.election, { ...OPTIONS, cache: memoryEventCache() });
    expect(await reader.ballots(f.block)).to.have.length(2);
    await f.cast(2, f.ballot(2, 1));
    expect(await reader.ballots(f.block)).to.have.length(2);
    expect(await reader.ballots(f.block + 1)).to.have.length(3);
  });

  it("verifies many ballots", async () => {
    const f = await electionFixture({ weights: Array.from({ length: 21 }, () => 1n) });
    await f.castAll();
    const progress: number[] = [];
    const reader = await verifiedReader(f.election, { ...OPTIONS, onProgress: (done) => progress.push(done) });
    expect(await reader.ballots(await f.ethers.provider.getBlockNumber())).to.have.length(21);
    expect(progress).to.deep.equal([20, 21]);
  });

  describe("refuses, by its slot,", () => {
    const forgeries: [what: string, make: (f: Awaited<ReturnType<typeof votedFixture>>) => CastEvent, fault: string][] =
      [
        [
          "two votes for one option in a ballot",
          (f) => {
            const { bytes } = forge(f.statement(2), { m: [2n, 0n, 0n], shown: [1n, 0n, 0n] });
            return [f.entries[2]!.slotKey, f.hashOf(bytes, 1n), 1n, hexlify(bytes)];
          },
          "EQUATION_2 in question 0",
        ],
        [
          "a copy of another's ballot",
          (f) => {
            const { bytes, ballotHash } = f.ballot(0, 2);
            return [f.entries[2]!.slotKey, ballotHash, 1n, hexlify(bytes)];
          },
          "EQUATION_1 in question 0",
        ],
        [
          "a ballot with more weight than it was made for",
          (f) => {
            const { bytes } = f.ballot(0, 2);
            return [f.entries[0]!.slotKey, f.hashOf(bytes, 9n), 9n, hexlify(bytes)];
          },
          "EQUATION_1 in question 0",
        ],
        [
          "a right ballot under another hash",
          (f) => [f.entries[2]!.slotKey, id("another"), 1n, hexlify(f.ballot(2, 1).bytes)],
          "another hash",
        ],
      ];
    for (const [what, make, fault] of forgeries) {
      it(what, async () => {
        const f = await votedFixture();
        const event = make(f);
        const election = withEvents(f, [event]);
        // Whoever does not verify takes it.
        const taken = await readBallots(election, f.questions, { fromBlock: 0 });
        expect(taken.find(({ slotKey }) => slotKey === event[0])).to.have.property("ballotHash", event[1]);
        const reader = await verifiedReader(election, OPTIONS);
        const error = await reader.ballots(f.block).then(
          () => undefined,
          (reason: unknown) => reason as VotingError,
        );
        expect(error).to.be.instanceOf(VotingError).with.property("code", "BALLOT_INVALID");
        expect(error!.message).to.contain(event[0]).and.to.contain(fault);
      });
    }
  });

  it("takes a right ballot that a node adds: that it was recorded, the sum's hash tells", async () => {
    const f = await votedFixture();
    const { bytes, ballotHash } = f.ballot(2, 1);
    const reader = await verifiedReader(
      withEvents(f, [[f.entries[2]!.slotKey, ballotHash, 1n, hexlify(bytes)]]),
      OPTIONS,
    );
    expect(await reader.ballots(f.block)).to.have.length(3);
  });

  it("reads no election that is not frozen, or that is another than was printed", async () => {
    const early = await electionFixture({ isOpen: false });
    expect(await codeOf(verifiedReader(early.election, OPTIONS))).to.equal("ELECTION_NOT_OPEN");
    const f = await votedFixture();
    const other = verifiedReader(f.election, { ...OPTIONS, expected: id("another") });
    expect(await codeOf(other)).to.equal("ELECTION_CONFIGURATION");
  });
});
