import { expect } from "chai";
import { concat, getBytes, hexlify, id, toBeHex, ZeroHash } from "ethers";

import { foldHints } from "../../src/voting/foldHints.js";
import { computeHints } from "../../src/voting/computeHints.js";
import { forge } from "./forge.js";
import { ballotOf, questionOf, withWord, wordAt, ORDER } from "./ballots.js";
import { electionFixture, PERIODS, SKIPPED, STATE } from "./electionFixture.js";

const WEIGHTS = [1n, 1n, 5n];

describe("Election: casting", () => {
  describe("cast", () => {
    it("records a ballot, with all of it in the event, and counts the voter once", async () => {
      const { election, cast, ballot, entries } = await electionFixture({ weights: WEIGHTS });
      const { slotKey } = entries[0]!;
      const first = ballot(0, 1);
      await expect(cast(0, first))
        .to.emit(election, "BallotCast")
        .withArgs(slotKey, first.ballotHash, 1n, hexlify(first.bytes));
      expect(await election.ballotOf(slotKey)).to.equal(first.ballotHash);
      expect(await election.isRecorded(slotKey, first.ballotHash)).to.equal(true);
      expect(await election.turnout()).to.equal(1n);

      const second = ballot(0, 2);
      await cast(0, second);
      expect(await election.isRecorded(slotKey, first.ballotHash)).to.equal(false);
      expect(await election.isRecorded(slotKey, second.ballotHash)).to.equal(true);
      expect(await election.turnout()).to.equal(1n);
      await cast(2, ballot(2, 1));
      expect(await election.turnout()).to.equal(2n);
    });

    it("has nothing recorded where nothing was cast", async () => {
      const { election, entries } = await electionFixture();
      expect(await election.isRecorded(entries[0]!.slotKey, ZeroHash)).to.equal(false);
    });

    it("takes several questions, groups and approval in one ballot", async () => {
      const questions = [questionOf(3), questionOf(4, { groups: 4 }), questionOf(5, { approval: true, groups: 2 })];
      const { cast, ballot, election, entries } = await electionFixture({ questions });
      const one = ballot(0, 3);
      await cast(0, one);
      expect(await election.ballotOf(entries[0]!.slotKey)).to.equal(one.ballotHash);
    });

    it("refuses who is not on the roll, another's slot and another weight", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const [key, slotKey, weight, proof, bytes, hints] = f.castArguments(0, f.ballot(0));
      const refuse = async (call: Promise<unknown>, ...args: unknown[]) =>
        expect(call)
          .to.be.revertedWithCustomError(f.election, "VoterNotOnRoll")
          .withArgs(...args);
      const { election, stranger, signerOf } = f;
      await refuse(
        election.connect(stranger).cast(key, slotKey, weight, proof, bytes, hints),
        slotKey,
        stranger.address,
        1n,
      );
      const other = signerOf(1);
      await refuse(election.connect(other).cast(key, slotKey, weight, proof, bytes, hints), slotKey, other.address, 1n);
      const own = election.connect(signerOf(0));
      await refuse(own.cast(key, slotKey, 2n, proof, bytes, hints), slotKey, signerOf(0).address, 2n);
      await refuse(own.cast(key, slotKey, weight, [], bytes, hints), slotKey, signerOf(0).address, 1n);
      await refuse(own.cast(key, id("slot"), weight, proof, bytes, hints), id("slot"), signerOf(0).address, 1n);
    });

    it("refuses a weight of zero, though the roll gives it: it could not be summed up", async () => {
      const f = await electionFixture({ isWeightless: true });
      const [key, slotKey, , proof, bytes, hints] = f.castArguments(0, f.ballot(0));
      await expect(f.election.connect(f.signerOf(0)).cast(key, slotKey, 0n, proof, bytes, hints))
        .to.be.revertedWithCustomError(f.election, "VoterNotOnRoll")
        .withArgs(slotKey, f.signerOf(0).address, 0n);
    });

    it("refuses another key, a ballot of another voter, election, chain or contract, and a forged one", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const [key, slotKey, weight, proof, bytes, hints] = f.castArguments(0, f.ballot(0));
      const own = f.election.connect(f.signerOf(0));
      for (const wrong of [
        { x: key.x, parity: 1n - key.parity },
        { x: key.x, parity: key.parity + 2n },
        { x: key.x ^ 1n, parity: key.parity },
      ]) {
        await expect(own.cast(wrong, slotKey, weight, proof, bytes, hints))
          .to.be.revertedWithCustomError(f.election, "ElectionKeyWrong")
          .withArgs(wrong.x, wrong.parity);
      }
      for (const change of [
        { slotKey: f.entries[1]!.slotKey },
        { configuration: id("other") },
        { chainId: 1n },
        { contract: f.stranger.address },
        { weight: 2n },
      ]) {
        const foreign = f.statement(0, change);
        const copied = ballotOf(foreign, 1);
        const folded = foldHints([{ statement: foreign, bytes: copied.bytes }]);
        await expect(own.cast(key, slotKey, weight, proof, copied.bytes, folded.hints)).to.be.revertedWithCustomError(
          f.election,
          "BallotSelectionsWrong",
        );
      }
      const forged = { statement: f.statement(0), bytes: forge(f.statement(0), { m: [2n, -1n] }).bytes };
      await expect(
        own.cast(key, slotKey, weight, proof, forged.bytes, computeHints([forged]).hints),
      ).to.be.revertedWithCustomError(f.election, "BallotProofWrong");
      expect(await f.election.turnout()).to.equal(0n);
    });

    it("is open from the opening to the close, whatever the second", async () => {
      const f = await electionFixture({ weights: WEIGHTS, isOpen: false });
      await f.time.setNextBlockTimestamp(f.createdAt + PERIODS.challenge);
      await f.election.open();
      const { opensAt, closesAt } = f.terms;
      await f.time.setNextBlockTimestamp(opensAt - 1n);
      await expect(f.cast(0, f.ballot(0)))
        .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
        .withArgs(STATE.KEY_CEREMONY);
      await f.time.setNextBlockTimestamp(opensAt);
      await f.cast(0, f.ballot(0));
      await f.time.setNextBlockTimestamp(closesAt - 1n);
      await f.cast(1, f.ballot(1));
      await f.time.setNextBlockTimestamp(closesAt);
      await expect(f.cast(2, f.ballot(2)))
        .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
        .withArgs(STATE.CLOSED);
    });

    it("takes ballots on a roll that was published later, and none on the one before", async () => {
      const f = await electionFixture({ weights: WEIGHTS, terms: { roll: id("wrong roll") }, isOpen: false });
      await f.publishRoll();
      await f.openNow();
      await f.cast(0, f.ballot(0, 1));
      await f.cast(0, f.ballot(0, 2));
      expect(await f.election.turnout()).to.equal(1n);
    });
  });

  describe("castSigned and castBatch", () => {
    it("record what voters signed, whoever carries it", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const one = await f.signed(0, f.ballot(0));
      const sent = f.election.castSigned(f.publicKey, one, f.batchHints([one]));
      await expect(sent).to.emit(f.election, "BallotCast");
      expect((await sent).from).to.equal(f.stranger.address);
      const batch = [await f.signed(1, f.ballot(1)), await f.signed(2, f.ballot(2))];
      await f.election.castBatch(f.publicKey, batch, f.batchHints(batch));
      expect(await f.election.turnout()).to.equal(3n);
      expect(await f.election.isRecorded(f.entries[2]!.slotKey, f.ballot(2).ballotHash)).to.equal(true);
    });

    /** One ballot that is skipped in a batch and refused alone, for the same reason. */
    const skips = async (
      f: Awaited<ReturnType<typeof electionFixture>>,
      one: Awaited<ReturnType<typeof f.signed>>,
      reason: bigint,
      ballotHash = f.ballot(0).ballotHash,
    ) => {
      const args = [one.slotKey, ballotHash, reason] as const;
      const before = await f.election.ballotOf(String(one.slotKey));
      await expect(f.election.castSigned(f.publicKey, one, f.batchHints([one])))
        .to.be.revertedWithCustomError(f.election, "BallotNotRecordable")
        .withArgs(...args);
      const good = await f.signed(1, f.ballot(1, 7), { replaces: await f.election.ballotOf(f.entries[1]!.slotKey) });
      const batch = [one, good];
      const sent = f.election.castBatch(f.publicKey, batch, f.batchHints(batch));
      await expect(sent)
        .to.emit(f.election, "BallotSkipped")
        .withArgs(...args);
      expect(await f.election.ballotOf(String(one.slotKey))).to.equal(before);
      expect(await f.election.isRecorded(f.entries[1]!.slotKey, f.ballot(1, 7).ballotHash)).to.equal(true);
    };

    it("skip a signature that expired, and none at its last second", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const deadline = f.terms.opensAt + 100n;
      const one = await f.signed(0, f.ballot(0), { deadline });
      await f.time.setNextBlockTimestamp(deadline + 1n);
      await skips(f, one, SKIPPED.SIGNATURE_EXPIRED);
      const late = await f.signed(0, f.ballot(0), { deadline: deadline + 1_000n });
      await f.time.setNextBlockTimestamp(deadline + 1_000n);
      await f.election.castSigned(f.publicKey, late, f.batchHints([late]));
    });

    it("skip a ballot whose slot changed since: a voter who casts directly spoils no batch", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const one = await f.signed(0, f.ballot(0));
      await f.cast(0, f.ballot(0, 2));
      await skips(f, one, SKIPPED.SLOT_CHANGED);
    });

    it("record no ballot twice, and no older one over a newer", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const [old, again] = [f.ballot(0, 1), f.ballot(0, 2)];
      const first = await f.signed(0, old);
      const second = await f.signed(0, again, { replaces: old.ballotHash });
      const both = [first, second];
      await f.election.castBatch(f.publicKey, both, f.batchHints(both));
      expect(await f.election.isRecorded(f.entries[0]!.slotKey, again.ballotHash)).to.equal(true);
      await skips(f, first, SKIPPED.SLOT_CHANGED, old.ballotHash);
      await skips(f, second, SKIPPED.SLOT_CHANGED, again.ballotHash);
    });

    it("skip both in the wrong order, but for what fits", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const [old, again] = [f.ballot(0, 1), f.ballot(0, 2)];
      const reordered = [await f.signed(0, again, { replaces: old.ballotHash }), await f.signed(0, old)];
      await expect(f.election.castBatch(f.publicKey, reordered, f.batchHints(reordered)))
        .to.emit(f.election, "BallotSkipped")
        .withArgs(f.entries[0]!.slotKey, again.ballotHash, SKIPPED.SLOT_CHANGED);
      expect(await f.election.isRecorded(f.entries[0]!.slotKey, old.ballotHash)).to.equal(true);
    });

    it("skip who is not on the roll, and a signature of another, over something else, or malleable", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const good = await f.signed(0, f.ballot(0));
      await skips(f, { ...good, voter: f.signerOf(1).address }, SKIPPED.NOT_ON_ROLL);
      await skips(f, { ...good, proof: [] }, SKIPPED.NOT_ON_ROLL);
      // Something for a gate that the election does not have.
      await skips(f, { ...good, evidence: "0x01" }, SKIPPED.NOT_ON_ROLL);
      const withSignature = (signature: string) => ({ ...good, signature });
      await skips(f, await f.signed(0, f.ballot(0), { by: f.signerOf(1) }), SKIPPED.SIGNATURE_INVALID);
      await skips(f, { ...good, deadline: BigInt(good.deadline) - 1n }, SKIPPED.SIGNATURE_INVALID);
      await skips(f, withSignature("0x"), SKIPPED.SIGNATURE_INVALID);
      const bytes = getBytes(hexlify(good.signature));
      const s = BigInt(hexlify(bytes.subarray(32, 64)));
      const high = concat([bytes.subarray(0, 32), toBeHex(ORDER - s, 32), toBeHex(bytes[64] === 27 ? 28 : 27)]);
      await skips(f, withSignature(high), SKIPPED.SIGNATURE_INVALID);
    });

    it("ask a wallet that is a contract, with little gas, and skip one that refuses, burns or bombs", async () => {
      const f = await electionFixture({ weights: [1n, 1n], hasWallet: true });
      const one = await f.signed(0, f.ballot(0));
      await f.election.castSigned(f.publicKey, one, f.batchHints([one]));
      // All that the wallet can do wrong: revert, burn, bomb, and answers that are none.
      for (let behaviour = 1n; behaviour <= 8n; behaviour++) {
        await f.wallet!.getFunction("behave").send(behaviour);
        const next = await f.signed(0, f.ballot(0, 2), { replaces: f.ballot(0).ballotHash });
        await skips(f, next, SKIPPED.SIGNATURE_INVALID, f.ballot(0, 2).ballotHash);
      }
    });

    it("revert as a whole for one wrong proof, and record nothing", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const good = await f.signed(0, f.ballot(0));
      const { bytes } = f.ballot(1);
      const changed = withWord(bytes, bytes.length / 32 - 1, (wordAt(bytes, bytes.length / 32 - 1) + 1n) % ORDER);
      const bad = { ...(await f.signed(1, f.ballot(1))), ballot: changed };
      // Hints that fit the changed ballot, as a relayer would make them who wants it recorded.
      const [first, second] = [0, 1].map((voter) => ({ statement: f.statement(voter), bytes: f.ballot(voter).bytes }));
      const both = computeHints([first!, { ...second!, bytes: changed }]).hints;
      await expect(f.election.castBatch(f.publicKey, [good, bad], both)).to.be.revertedWithCustomError(
        f.election,
        "BallotProofWrong",
      );
      const alone = computeHints([{ ...second!, bytes: changed }]).hints;
      await expect(f.election.castSigned(f.publicKey, bad, alone)).to.be.revertedWithCustomError(
        f.election,
        "BallotProofWrong",
      );
      expect(await f.election.turnout()).to.equal(0n);
    });

    it("refuse an empty batch", async () => {
      const f = await electionFixture();
      await expect(f.election.castBatch(f.publicKey, [], "0x"))
        .to.be.revertedWithCustomError(f.election, "BallotFoldIncomplete")
        .withArgs(0n);
    });

    it("take nobody's word for who votes: neither a forwarder's nor a hub's", async () => {
      const f = await electionFixture({ weights: WEIGHTS });
      const data = f.election.interface.encodeFunctionData("cast", [...f.castArguments(0, f.ballot(0))]);
      const named = concat([data, f.signerOf(0).address]);
      await expect(f.stranger.sendTransaction({ to: f.address, data: named })).to.be.revertedWithCustomError(
        f.election,
        "VoterNotOnRoll",
      );
    });
  });
});
