import { expect } from "chai";
import { concat, hexlify, id, ZeroHash } from "ethers";

import { computeHints } from "../../src/voting/computeHints.js";
import { signForwardRequest } from "../../src/chain/signForwardRequest.js";
import { electionDomain, electionTypedData } from "../../src/voting/election/electionTypedData.js";
import { buildRoll, rollProof } from "../../src/voting/election/roll.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { Election__factory, ERC2771Forwarder__factory, type IElection } from "../../src/typechain/index.js";
import { ballotOf, ORDER, wordAt } from "./ballots.js";
import { configurationOf, electionFixture, SKIPPED, type Signer } from "./electionFixture.js";
import { forge } from "./forge.js";

type Fixture = Awaited<ReturnType<typeof electionFixture>>;

const WEIGHTS = [1n, 1n, 5n];
const NO_END = 2n ** 40n - 1n;

/** A ballot that encrypts (2, -1), as its voter signs it, with the hints of an honest helper. */
async function forgedBy(f: Fixture, voter: number) {
  const { bytes } = forge(f.statement(voter), { m: [2n, -1n] });
  const { slotKey, weight } = f.entries[voter]!;
  const ballotHash = f.hashOf(bytes, weight);
  const data = electionTypedData(f.domain, "Ballot", { slotKey, ballotHash, replaces: ZeroHash, deadline: NO_END });
  const signature = await f.signerOf(voter).signTypedData(data.domain, data.types, data.message);
  const honest = await f.signed(voter, f.ballot(voter));
  return { ...honest, ballot: bytes, signature };
}

const hintsOf = (f: Fixture, batch: readonly IElection.SignedBallotStruct[]) =>
  computeHints(
    batch.map(({ slotKey, weight, ballot: bytes }) => ({
      statement: f.statement(0, { slotKey: String(slotKey), weight: BigInt(weight) }),
      bytes: bytes as Uint8Array,
    })),
  ).hints;

/** Another election of the same maker, on the same chain, that differs in nothing but what is changed. */
async function another(f: Fixture, change: Partial<Fixture["terms"]> = {}) {
  const terms = { ...f.terms, texts: id("another election"), ...change };
  const made = await f.maker.getFunction("make").send(await f.implementation.getAddress(), terms);
  const [log] = (await made.wait())!.logs;
  const address = f.maker.interface.parseLog(log!)!.args[0] as string;
  return { terms, address, election: Election__factory.connect(address, f.stranger) };
}

describe("Election: attacks", () => {
  describe("forged proofs", () => {
    it("are refused when they are signed, alone and in a batch, of which nothing is recorded then", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const bad = await forgedBy(f, 0);
      await expect(f.election.castSigned(f.publicKey, bad, hintsOf(f, [bad]))).to.be.revertedWithCustomError(
        f.election,
        "BallotProofWrong",
      );
      const good = await f.signed(1, f.ballot(1));
      for (const batch of [
        [good, bad],
        [bad, good],
      ]) {
        await expect(f.election.castBatch(f.publicKey, batch, hintsOf(f, batch))).to.be.revertedWithCustomError(
          f.election,
          "BallotProofWrong",
        );
      }
      expect(await f.election.turnout()).to.equal(0n);
      // So that it is the proof alone that was wrong.
      await f.election.castBatch(f.publicKey, [good], hintsOf(f, [good]));
    });

    it("revert a batch also where the ballot itself is skipped: what is emitted as valid is valid", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const bad = { ...(await forgedBy(f, 0)), replaces: id("nothing") };
      const good = await f.signed(1, f.ballot(1));
      await expect(
        f.election.castBatch(f.publicKey, [good, bad], hintsOf(f, [good, bad])),
      ).to.be.revertedWithCustomError(f.election, "BallotProofWrong");
    });

    it("are refused where two errors would cancel each other out without weights", async () => {
      // The last words are the responses w: one is too large by one, the other too small.
      const f = await electionFixture({ weights: WEIGHTS });
      const batch = await Promise.all([f.signed(0, f.ballot(0)), f.signed(1, f.ballot(1))]);
      const changed = batch.map((one, i) => {
        const bytes = (one.ballot as Uint8Array).slice();
        const last = bytes.length / 32 - 1;
        const word = (wordAt(bytes, last) + (i === 0 ? 1n : ORDER - 1n)) % ORDER;
        bytes.set(Buffer.from(word.toString(16).padStart(64, "0"), "hex"), 32 * last);
        return { ...one, ballot: bytes };
      });
      await expect(f.election.castBatch(f.publicKey, changed, hintsOf(f, changed))).to.be.revertedWithCustomError(
        f.election,
        "BallotProofWrong",
      );
    });
  });

  describe("ballots and signatures from elsewhere", () => {
    it("are refused: of another election of the same chain, of another chain, of another version", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const other = await another(f);
      const { slotKey } = f.entries[0]!;
      const { ballotHash } = f.ballot(0);
      const honest = await f.signed(0, f.ballot(0));
      for (const domain of [
        electionDomain(f.chainId, other.address),
        electionDomain(f.chainId + 1n, f.address),
        electionDomain(f.chainId, await f.implementation.getAddress()),
        { ...f.domain, version: "2" },
        { ...f.domain, name: "Another Election" },
      ]) {
        const data = electionTypedData(domain, "Ballot", { slotKey, ballotHash, replaces: ZeroHash, deadline: NO_END });
        const signature = await f.signerOf(0).signTypedData(data.domain, data.types, data.message);
        const foreign = { ...honest, signature };
        await expect(f.election.castSigned(f.publicKey, foreign, hintsOf(f, [foreign])))
          .to.be.revertedWithCustomError(f.election, "BallotNotRecordable")
          .withArgs(slotKey, ballotHash, SKIPPED.SIGNATURE_INVALID);
      }
      await f.election.castSigned(f.publicKey, honest, hintsOf(f, [honest]));
    });

    it("do not count in a twin election that has the same voters, key and terms but one", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const now = BigInt(await f.time.latest());
      const twin = await another(f, { opensAt: now + 200n, closesAt: now + 5_000n, challengePeriod: 0n });
      await twin.election.open();
      await f.time.increaseTo(now + 200n);
      const own = {
        contract: twin.address,
        configuration: configurationOf(Object.values(twin.terms), f.roll.root, f.key),
      };
      const cast = (configuration: string, contract: string) => {
        const statement = f.statement(0, { configuration, contract });
        const { bytes } = ballotOf(statement);
        const [key, slotKey, weight, proof] = f.castArguments(0, f.ballot(0));
        const { hints } = foldHints([{ statement, bytes }]);
        return twin.election.connect(f.signerOf(0)).cast(key, slotKey, weight, proof, bytes, hints);
      };
      for (const [configuration, contract] of [
        [f.configuration(), f.address],
        [own.configuration, f.address],
        [f.configuration(), own.contract],
      ] as const) {
        await expect(cast(configuration, contract)).to.be.revertedWithCustomError(
          twin.election,
          "BallotSelectionsWrong",
        );
      }
      await cast(own.configuration, own.contract);
      expect(await twin.election.turnout()).to.equal(1n);
      expect(await f.election.turnout()).to.equal(0n);
    });

    it("are refused of a voter whom a later roll left out, or gave another weight or address", async () => {
      const f = await electionFixture({ weights: WEIGHTS, isOpen: false });
      const [stays, goes] = f.entries as [(typeof f.entries)[0], (typeof f.entries)[0]];
      const [moved, more] = [f.signerOf(5).address, f.entries[2]!];
      const later = buildRoll([stays, { ...goes, voter: moved }, { ...more, weight: 4n }], {
        minimum: 0,
        allowSmallClasses: true,
      });
      await f.publishRoll({ root: later.root });
      await f.openNow();
      const refuse = async (voter: number) => {
        await expect(f.cast(voter, f.ballot(voter))).to.be.revertedWithCustomError(f.election, "VoterNotOnRoll");
        const one = await f.signed(voter, f.ballot(voter));
        await expect(f.election.castSigned(f.publicKey, one, hintsOf(f, [one])))
          .to.be.revertedWithCustomError(f.election, "BallotNotRecordable")
          .withArgs(one.slotKey, f.ballot(voter).ballotHash, SKIPPED.NOT_ON_ROLL);
      };
      // Also who stays shows siblings of the earlier roll in vain.
      for (const voter of [0, 1, 2]) await refuse(voter);
      const [key, slotKey, weight, , bytes, hints] = f.castArguments(0, f.ballot(0));
      await f.election.connect(f.signerOf(0)).cast(key, slotKey, weight, rollProof(later, slotKey), bytes, hints);
      expect(await f.election.turnout()).to.equal(1n);
    });
  });

  describe("whoever names a voter", () => {
    it("votes for nobody: a trusted relay's forwarder calls for a signer, and is itself the caller", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const forwarder = await new ERC2771Forwarder__factory(f.deployer).deploy("Diwan Forwarder");
      const voter = f.signerOf(0) as Signer;
      const data = f.election.interface.encodeFunctionData("cast", [...f.castArguments(0, f.ballot(0))]);
      const request = await signForwardRequest(
        forwarder,
        voter,
        { to: f.address, data },
        { deadline: NO_END, gas: 1_000_000n },
      );
      await expect(forwarder.connect(f.stranger).execute(request)).to.be.revertedWithCustomError(
        forwarder,
        "ERC2771UntrustfulTarget",
      );
      // Nor of a forwarder that does not ask.
      await expect(f.stranger.sendTransaction({ to: f.address, data: concat([data, voter.address]) }))
        .to.be.revertedWithCustomError(f.election, "VoterNotOnRoll")
        .withArgs(f.entries[0]!.slotKey, f.stranger.address, 1n);
      expect(await f.election.turnout()).to.equal(0n);
    });

    it("votes for itself alone: a wallet that is on the roll casts as who it is", async () => {
      const f = await electionFixture({ weights: WEIGHTS, hasWallet: true });
      const wallet = f.wallet!;
      const call = (voter: number) =>
        f.election.interface.encodeFunctionData("cast", [...f.castArguments(voter, f.ballot(voter))]);
      await expect(wallet.getFunction("act").send(f.address, call(1)))
        .to.be.revertedWithCustomError(f.election, "VoterNotOnRoll")
        .withArgs(f.entries[1]!.slotKey, await wallet.getAddress(), 1n);
      await wallet.getFunction("act").send(f.address, call(0));
      expect(await f.election.isRecorded(f.entries[0]!.slotKey, f.ballot(0).ballotHash)).to.equal(true);
    });

    it("changes nothing while it is asked: a wallet that calls back while it answers fails in that, and answers", async () => {
      const f = await electionFixture({ weights: WEIGHTS, hasWallet: true });
      const call = f.election.interface.encodeFunctionData("commitBallot", [id("slot"), id("ballot")]);
      await f.wallet!.getFunction("reenter").send(f.address, call);
      const one = await f.signed(0, f.ballot(0));
      const sent = f.election.castSigned(f.publicKey, one, hintsOf(f, [one]));
      await expect(sent).to.emit(f.election, "BallotCast");
      await expect(sent).to.not.emit(f.election, "BallotCommitted");
    });

    it("needs a gate where there is one: evidence opens none that is not", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const { slotKey } = f.entries[0]!;
      const [key, , , , bytes, hints] = f.castArguments(0, f.ballot(0));
      await expect(f.election.connect(f.signerOf(0)).castAtGate(key, slotKey, "0x12", bytes, hints))
        .to.be.revertedWithCustomError(f.election, "VoterNotOnRoll")
        .withArgs(slotKey, f.signerOf(0).address, 1n);
      const one = { ...(await f.signed(0, f.ballot(0))), evidence: "0x12" };
      await expect(f.election.castSigned(f.publicKey, one, hintsOf(f, [one])))
        .to.be.revertedWithCustomError(f.election, "BallotNotRecordable")
        .withArgs(slotKey, f.ballot(0).ballotHash, SKIPPED.NOT_ON_ROLL);
    });
  });

  describe("batches", () => {
    it("record a ballot once that is in them twice", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const one = await f.signed(0, f.ballot(0));
      const sent = f.election.castBatch(f.publicKey, [one, one], hintsOf(f, [one, one]));
      await expect(sent)
        .to.emit(f.election, "BallotSkipped")
        .withArgs(one.slotKey, f.ballot(0).ballotHash, SKIPPED.SLOT_CHANGED);
      const receipt = await (await sent).wait();
      const topic = f.election.interface.getEvent("BallotCast").topicHash;
      expect(receipt!.logs.filter(({ topics }) => topics[0] === topic)).to.have.lengthOf(1);
      expect(await f.election.turnout()).to.equal(1n);
    });

    it("are refused whole when they are sent again with another's hints, in another order or cut", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const batch = await Promise.all([f.signed(0, f.ballot(0)), f.signed(1, f.ballot(1))]);
      const hints = hintsOf(f, batch);
      for (const [sent, with_] of [
        [[...batch].reverse(), hints],
        [batch.slice(0, 1), hints],
        [batch, hints.slice(32)],
        [batch, concat([hints, ZeroHash])],
        [batch, "0x"],
      ] as const) {
        await expect(f.election.castBatch(f.publicKey, [...sent], with_)).to.be.revert(f.ethers);
      }
      expect(await f.election.turnout()).to.equal(0n);
      await f.election.castBatch(f.publicKey, batch, hints);
      expect(await f.election.turnout()).to.equal(2n);
    });

    it("cost as much for the fortieth ballot as for the second, and less than ballots alone", async () => {
      const f = await electionFixture({ weights: Array<bigint>(40).fill(1n) });
      const batch = await Promise.all(f.entries.map(async (_, i) => f.signed(i, f.ballot(i))));
      const gasOf = async (count: number) => {
        const part = batch.slice(0, count);
        return f.election.castBatch.estimateGas(f.publicKey, part, hintsOf(f, part));
      };
      const [one, two, twenty, forty] = [await gasOf(1), await gasOf(2), await gasOf(20), await gasOf(40)];
      expect((forty - twenty) / 20n).to.be.lessThan(one);
      expect((forty - twenty) / 20n).to.be.lessThan(((twenty - two) * 11n) / (18n * 10n));
      await f.election.castBatch(f.publicKey, batch, hintsOf(f, batch));
      expect(await f.election.turnout()).to.equal(40n);
    });

    it("pay for each wallet that answers with a bomb what they pay for the first", async () => {
      const f = await electionFixture({ weights: [1n, 1n], hasWallet: true });
      const wallet = f.wallet!;
      const ANSWERS_HUGE = 8;
      await wallet.getFunction("behave").send(ANSWERS_HUGE);
      const one = await f.signed(0, f.ballot(0));
      const good = await f.signed(1, f.ballot(1));
      const gasOf = async (bombs: number) => {
        const batch = [...Array<typeof one>(bombs).fill(one), good];
        return f.election.castBatch.estimateGas(f.publicKey, batch, hintsOf(f, batch));
      };
      const [one_, nine, seventeen] = [await gasOf(1), await gasOf(9), await gasOf(17)];
      const [first, second] = [nine - one_, seventeen - nine];
      expect(second).to.be.lessThan((first * 11n) / 10n);
    });

    it("go on where a wallet spends all that it may, and record the others", async () => {
      const f = await electionFixture({ weights: WEIGHTS, hasWallet: true });
      const wallet = f.wallet!;
      const BURNS_ALL_GAS = 2;
      await wallet.getFunction("behave").send(BURNS_ALL_GAS);
      const batch = await Promise.all([0, 1, 2].map(async (i) => f.signed(i, f.ballot(i))));
      const sent = f.election.castBatch(f.publicKey, batch, hintsOf(f, batch), { gasLimit: 1_000_000n });
      await expect(sent)
        .to.emit(f.election, "BallotSkipped")
        .withArgs(f.entries[0]!.slotKey, f.ballot(0).ballotHash, SKIPPED.SIGNATURE_INVALID);
      expect(await f.election.turnout()).to.equal(2n);
    });
  });

  describe("a ballot copied", () => {
    it("under another slot is refused, as it is, as the copier's own, and with a proof of its own", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const victim = f.ballot(0);
      await f.cast(0, victim);
      const [key, slotKey, weight, proof] = f.castArguments(1, f.ballot(1));
      const hints = hintsOf(f, [await f.signed(0, victim)]);
      const own = f.election.connect(f.signerOf(1));
      await expect(own.cast(key, slotKey, weight, proof, victim.bytes, hints)).to.be.revertedWithCustomError(
        f.election,
        "BallotSelectionsWrong",
      );
      // The victim's ciphertexts before the copier's proof.
      const mixed = f.ballot(1).bytes.slice();
      mixed.set(victim.bytes.subarray(0, 128));
      const mixedHints = computeHints([{ statement: f.statement(1), bytes: mixed }]).hints;
      await expect(own.cast(key, slotKey, weight, proof, mixed, mixedHints)).to.be.revertedWithCustomError(
        f.election,
        "BallotSelectionsWrong",
      );
      expect(hexlify(mixed)).to.not.equal(hexlify(f.ballot(1).bytes));
      expect(await f.election.turnout()).to.equal(1n);
    });
  });
});
