import { expect } from "chai";
import { id, TypedDataEncoder, ZeroHash } from "ethers";

import { auditOnChain } from "../../src/voting/election/auditOnChain.js";
import { castBallot } from "../../src/voting/election/castBallot.js";
import { collectDecision, signDecision } from "../../src/voting/election/decision.js";
import { ELECTION_TYPES, electionDomain, electionTypedData } from "../../src/voting/election/electionTypedData.js";
import { memoryJournal } from "../../src/voting/election/memoryJournal.js";
import { promiseOfInclusion } from "../../src/voting/election/promiseOfInclusion.js";
import { readBallots } from "../../src/voting/election/readBallots.js";
import { readElection } from "../../src/voting/election/readElection.js";
import { type BallotFate, relayBallots } from "../../src/voting/election/relayBallots.js";
import { rollProof } from "../../src/voting/election/roll.js";
import { signBallot, type SignedBallot } from "../../src/voting/election/signBallot.js";
import { statementFor } from "../../src/voting/election/statementFor.js";
import { watchInclusion } from "../../src/voting/election/watchInclusion.js";
import { codeOf } from "./codeOf.js";
import { electionFixture } from "./electionFixture.js";
import { withWord } from "./ballots.js";

type Fixture = Awaited<ReturnType<typeof electionFixture>>;

const FAR = 2n ** 40n - 1n;

function right({ entries, roll }: Fixture, voter: number) {
  const entry = entries[voter]!;
  return { entry, proof: rollProof(roll, entry.slotKey) };
}

function sign(f: Fixture, voter: number, seed: number, journal = memoryJournal()): Promise<SignedBallot> {
  const ballot = f.ballot(voter, seed).bytes;
  return signBallot(f.election, f.signerOf(voter), { ...right(f, voter), ballot, deadline: FAR, journal });
}

describe("the client of an election", function () {
  describe("readBallots", () => {
    it("gives the ballot that each slot holds, the last that was cast", async () => {
      const f = await electionFixture({ weights: [1n, 3n] });
      await f.cast(0, f.ballot(0, 1));
      await f.cast(1, f.ballot(1, 1));
      const last = f.ballot(0, 2);
      const { blockNumber } = (await (await f.cast(0, last)).wait())!;
      const ballots = await readBallots(f.election, f.questions, { fromBlock: 0 });
      expect(ballots.map(({ slotKey, weight }) => [slotKey, weight])).to.deep.equal(
        f.entries.map(({ slotKey, weight }) => [slotKey, weight]),
      );
      const [first] = ballots;
      expect(first).to.include({ ballotHash: last.ballotHash, blockNumber });
      expect(first!.bytes).to.deep.equal(last.bytes);
      expect(first!.ciphertexts).to.deep.equal(last.bytes.subarray(0, 128));
    });
  });

  describe("readElection", () => {
    it("gives what ballots are bound to", async () => {
      const f = await electionFixture({ weights: [1n, 3n] });
      const read = await readElection(f.election, { expected: f.configuration(), fromBlock: 0 });
      expect(read).to.include({ state: "OPEN", turnout: 0, opensAt: f.terms.opensAt, closesAt: f.terms.closesAt });
      expect(statementFor(read, f.entries[1]!.slotKey, 3n)).to.deep.equal(f.statement(1));
    });

    it("says when there is no key as yet", async () => {
      const f = await electionFixture({ isOpen: false });
      const read = await readElection(f.election);
      expect(read).to.not.have.property("frozen");
      expect(() => statementFor(read, ZeroHash, 1n))
        .to.throw()
        .with.property("code", "ELECTION_NOT_OPEN");
    });

    it("notices a node that gives another key or configuration", async () => {
      const f = await electionFixture();
      const lying = (name: string, answer: unknown) => {
        return new Proxy(f.election, {
          get: (target, property) => {
            if (property === name) return () => Promise.resolve(answer);
            const value: unknown = Reflect.get(target, property);
            return typeof value === "function" ? (value.bind(target) as unknown) : value;
          },
        });
      };
      const other = { x: f.publicKey.x, parity: 1n - f.publicKey.parity };
      expect(await codeOf(readElection(lying("electionKey", other)))).to.equal("ELECTION_CONFIGURATION");
      expect(await codeOf(readElection(lying("configuration", id("other"))))).to.equal("ELECTION_CONFIGURATION");
      expect(await codeOf(readElection(f.election, { expected: id("other") }))).to.equal("ELECTION_CONFIGURATION");
    });
  });

  describe("castBallot", () => {
    it("casts once, and again only another ballot", async () => {
      const f = await electionFixture();
      const election = f.election.connect(f.signerOf(0));
      const { bytes, ballotHash } = f.ballot(0);
      const request = { ...right(f, 0), ballot: bytes, journal: memoryJournal() };
      const first = await castBallot(election, request);
      expect(first.receipt).to.not.equal(undefined);
      expect(await election.isRecorded(f.entries[0]!.slotKey, ballotHash)).to.equal(true);
      expect(await castBallot(election, request)).to.deep.equal({ ballotHash });
    });

    it("refuses before it sends", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      const election = f.election.connect(f.signerOf(0));
      const { bytes } = f.ballot(0);
      const request = { ...right(f, 0), ballot: bytes, journal: memoryJournal() };
      const { entry, ballot, journal } = request;
      const attempts = {
        SIGNER_WRONG: castBallot(election.connect(f.signerOf(1)), request),
        ROLL_ENTRY_UNKNOWN: castBallot(election, { ...request, proof: [id("x")] }),
        GATE_MISSING: castBallot(election, { entry, evidence: "0x01", ballot, journal }),
        PROOF_VOTE: castBallot(election, { ...request, ballot: withWord(bytes, bytes.length / 32 - 1, 1n) }),
      };
      for (const [code, attempt] of Object.entries(attempts)) expect(await codeOf(attempt)).to.equal(code);
      await f.time.increaseTo(f.terms.closesAt);
      expect(await codeOf(castBallot(election, request))).to.equal("ELECTION_NOT_OPEN");
    });
  });

  describe("relayBallots", () => {
    it("records the good ones and names what is wrong with each other", async () => {
      const f = await electionFixture({ weights: [1n, 1n, 1n, 1n, 1n] });
      const good = [await sign(f, 0, 1), await sign(f, 1, 2)];
      const base = await sign(f, 2, 3);
      const queue: SignedBallot[] = [
        good[0]!,
        { ...base, signature: good[0]!.signature },
        { ...base, proof: [id("x")] },
        { ...base, deadline: 1n },
        { ...base, slotKey: "0x" },
        { ...base, ballot: base.ballot.subarray(1) },
        good[0]!,
        good[1]!,
        (await f.signed(3, f.ballot(3), { replaces: id("other") })) as SignedBallot,
      ];
      const batches: number[] = [];
      const relayer = f.election.connect(f.stranger);
      const options = { batchSize: 1, onProgress: ({ done }: { done: number }) => batches.push(done) };
      const fates = await relayBallots(relayer, queue, options);
      const short = (fate: BallotFate) => ("reason" in fate ? fate.reason : fate.outcome);
      expect(fates.map(short)).to.deep.equal([
        ...["recorded", "SIGNATURE_INVALID", "NOT_ON_ROLL", "SIGNATURE_EXPIRED", "MALFORMED", "MALFORMED"],
        ...["duplicate", "recorded", "SLOT_CHANGED"],
      ]);
      expect(batches).to.deep.equal([1, 2]);
      expect(await f.election.turnout()).to.equal(2n);
    });

    it("refuses a wrong proof that is signed", async () => {
      const f = await electionFixture();
      const ballot = f.ballot(0);
      const bytes = withWord(ballot.bytes, ballot.bytes.length / 32 - 1, 1n);
      const signed = (await f.signed(0, { ...ballot, bytes })) as SignedBallot;
      const [fate] = await relayBallots(f.election, [signed]);
      expect(fate).to.include({ outcome: "refused", reason: "PROOF_WRONG" });
    });

    it("orders re-votes, and sends nothing twice", async () => {
      const f = await electionFixture();
      const first = (await f.signed(0, f.ballot(0, 1))) as SignedBallot;
      const revote = (await f.signed(0, f.ballot(0, 2), { replaces: f.ballot(0, 1).ballotHash })) as SignedBallot;
      const fates = await relayBallots(f.election, [revote, first]);
      expect(fates.map(({ outcome }) => outcome)).to.deep.equal(["recorded", "recorded"]);
      expect(await f.election.ballotOf(f.entries[0]!.slotKey)).to.equal(f.ballot(0, 2).ballotHash);

      const block = await f.ethers.provider.getBlockNumber();
      const again = await relayBallots(f.election, [revote, first]);
      expect(again).to.deep.equal([
        { index: 0, ballotHash: f.ballot(0, 2).ballotHash, outcome: "recorded" },
        { index: 1, ballotHash: f.ballot(0, 1).ballotHash, outcome: "recorded" },
      ]);
      expect(await f.ethers.provider.getBlockNumber()).to.equal(block);
    });

    it("splits a batch that takes too much gas", async () => {
      const f = await electionFixture({ weights: [1n, 1n, 1n, 1n] });
      const queue = await Promise.all([0, 1, 2, 3].map((voter) => sign(f, voter, voter)));
      const sizes: number[] = [];
      await relayBallots(f.election, queue, {
        gasLimit: 250_000n,
        onProgress: ({ fates }) => sizes.push(fates.length),
      });
      expect(sizes.length).to.be.greaterThan(1);
      expect(await f.election.turnout()).to.equal(4n);
      const fresh = await electionFixture();
      const one = relayBallots(fresh.election, [await sign(fresh, 0, 1)], { gasLimit: 50_000n });
      expect(await codeOf(one)).to.equal("BATCH_TOO_LARGE");
    });
  });

  describe("watchInclusion", () => {
    it("tells whether a promise was kept", async () => {
      const f = await electionFixture();
      const signed = await sign(f, 0, 1);
      const { ballotHash } = f.ballot(0, 1);
      const until = BigInt(await f.time.latest()) + 100n;
      const content = { slotKey: signed.slotKey, ballotHash, until };
      const promise = await promiseOfInclusion(f.election, f.stranger, content);
      const options = { relayer: f.stranger.address, interval: 1 };
      await f.time.increaseTo(until + 1n);
      expect(await watchInclusion(f.election, promise, options)).to.include({ outcome: "castDirectly" });
      await relayBallots(f.election, [signed]);
      expect(await watchInclusion(f.election, promise, options)).to.deep.equal({ outcome: "recorded" });
      const forged = { ...promise, until: until + 1n };
      expect(await codeOf(watchInclusion(f.election, forged, options))).to.equal("PROMISE_INVALID");
    });
  });

  describe("auditOnChain", () => {
    it("spoils a ballot, which can't be signed any more", async () => {
      const f = await electionFixture();
      const journal = memoryJournal();
      const ballot = f.ballot(0);
      const { slotKey, weight } = f.entries[0]!;
      await auditOnChain(f.election, { slotKey, weight, ballot, journal });
      expect(await f.election.isSpoiled(slotKey, ballot.ballotHash)).to.equal(true);
      expect(await codeOf(sign(f, 0, 1, journal))).to.equal("BALLOT_AUDITED");
      expect(await codeOf(sign(f, 0, 1))).to.equal("BALLOT_SPOILED");
    });

    it("refuses a ballot that was signed, and one that is recorded", async () => {
      const f = await electionFixture();
      const journal = memoryJournal();
      const signed = await sign(f, 0, 1, journal);
      const { slotKey, weight } = f.entries[0]!;
      const request = { slotKey, weight, ballot: f.ballot(0, 1) };
      expect(await codeOf(auditOnChain(f.election, { ...request, journal }))).to.equal("BALLOT_SIGNED");
      await relayBallots(f.election, [signed]);
      const forgetful = { ...request, journal: memoryJournal() };
      expect(await codeOf(auditOnChain(f.election, forgetful))).to.equal("BALLOT_RECORDED");
    });
  });

  describe("signBallot", () => {
    it("refuses another signer than the entry names, and asks it for no signature", async () => {
      const f = await electionFixture({ weights: [1n, 1n] });
      const journal = memoryJournal();
      const { bytes: ballot, ballotHash } = f.ballot(0);
      const request = { ...right(f, 0), ballot, deadline: FAR, journal };
      expect(await codeOf(signBallot(f.election, f.signerOf(1), request))).to.equal("SIGNER_WRONG");
      expect(await journal.get(ballotHash)).to.equal(undefined);
    });

    it("refuses a deadline that has passed, and one beyond all time", async () => {
      const f = await electionFixture();
      const now = BigInt(await f.time.latest());
      const signUntil = (deadline: bigint) => {
        const request = { ...right(f, 0), ballot: f.ballot(0).bytes, deadline, journal: memoryJournal() };
        return codeOf(signBallot(f.election, f.signerOf(0), request));
      };
      expect(await signUntil(now - 1n)).to.equal("DEADLINE_INVALID");
      expect(await signUntil(FAR + 1n)).to.equal("DEADLINE_INVALID");
      expect(await signUntil(now)).to.equal("none");
    });

    it("signs a ballot over one value only", async () => {
      const f = await electionFixture();
      const journal = memoryJournal();
      await relayBallots(f.election, [await sign(f, 0, 1, journal)]);
      await relayBallots(f.election, [await sign(f, 0, 2, journal)]);
      expect(await codeOf(sign(f, 0, 1, journal))).to.equal("BALLOT_REUSED");
    });

    it("signs what ethers and the contract hash", async () => {
      const f = await electionFixture();
      const message = { slotKey: id("s"), ballotHash: id("b"), replaces: ZeroHash, deadline: 1n };
      const data = electionTypedData(electionDomain(f.chainId, f.address), "Ballot", message);
      expect(TypedDataEncoder.from({ Ballot: [...ELECTION_TYPES.Ballot] }).hash(message)).to.equal(
        TypedDataEncoder.from(data.types).hash(data.message),
      );
      const { name, version, chainId, verifyingContract } = await f.election.eip712Domain();
      const own = TypedDataEncoder.hashDomain({ name, version, chainId, verifyingContract });
      expect(TypedDataEncoder.hashDomain(data.domain)).to.equal(own);
    });
  });

  describe("collectDecision", () => {
    it("gives what the contract takes, whatever the order", async () => {
      const f = await electionFixture();
      const message = { grounds: id("grounds"), deadline: FAR };
      const [a, , c] = f.members;
      const signed = [
        await signDecision(f.election, c!, "Annul", message),
        await signDecision(f.election, a!, "Annul", message),
      ];
      const commission = f.members.map(({ address }) => address);
      const made = await collectDecision(f.election, commission, "Annul", message, [...signed, signed[0]!]);
      await f.election.annul(message.grounds, made.members, made.signatures, made.deadline);
      expect((await readElection(f.election)).state).to.equal("ANNULLED");
    });

    it("refuses too few, strangers, and signatures of another decision", async () => {
      const f = await electionFixture();
      const message = { grounds: id("grounds"), deadline: FAR };
      const commission = f.members.map(({ address }) => address);
      const one = await signDecision(f.election, f.members[0]!, "Annul", message);
      const stranger = await signDecision(f.election, f.stranger, "Annul", message);
      const collect = (signed: (typeof one)[], of = message, list = commission) => {
        return codeOf(collectDecision(f.election, list, "Annul", of, signed));
      };
      expect(await collect([one, one])).to.equal("DECISION_INCOMPLETE");
      expect(await collect([one, stranger])).to.equal("DECISION_SIGNATURE");
      expect(await collect([one], { ...message, grounds: id("other") })).to.equal("DECISION_SIGNATURE");
      expect(await collect([one], message, commission.toReversed())).to.equal("DECISION_INCOMPLETE");
    });
  });
});
