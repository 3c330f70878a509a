import { expect } from "chai";
import { concat, id, keccak256, toBeHex, toBigInt } from "ethers";

import type { PreparedBallot } from "../../src/voting/prepareBallot.js";
import { ciphertextsOf } from "../../src/voting/ballotBytes.js";
import { questionOf, ORDER } from "./ballots.js";
import { electionFixture, SKIPPED, STATE } from "./electionFixture.js";

const QUESTIONS = [questionOf(4, { groups: 2 }), questionOf(3, { approval: true })];

/** What `spoil` takes of a prepared ballot. */
function openingOf({ bytes, openings }: PreparedBallot, questions = QUESTIONS) {
  const words = ciphertextsOf(bytes, questions);
  const ciphertexts = Array.from({ length: words.length / 32 }, (_, i) =>
    toBigInt(words.subarray(32 * i, 32 * i + 32)),
  );
  const randomness = openings.flatMap((opening) => opening.randomness);
  const choices = openings.map(({ vote }) => {
    return vote.reduce((bits, isChosen, j) => (isChosen ? bits | (1n << BigInt(j)) : bits), 0n);
  });
  return { ciphertexts, randomness, choices };
}

describe("Election: auditing prepared ballots", () => {
  const fixture = () => electionFixture({ questions: QUESTIONS, weights: [1n, 1n] });

  /** Commits to a voter's ballot, and opens it. */
  const audit = async (f: Awaited<ReturnType<typeof fixture>>, voter: number, prepared: PreparedBallot) => {
    const { slotKey, weight } = f.entries[voter]!;
    const { ciphertexts, randomness, choices } = openingOf(prepared);
    await f.election.commitBallot(slotKey, prepared.ballotHash);
    return f.election.spoil(f.publicKey, slotKey, weight, ciphertexts, randomness, choices);
  };

  it("opens a ballot that was committed to, with all of it in the event, and says so for good", async () => {
    const f = await fixture();
    const { election, entries, stranger } = f;
    const { slotKey } = entries[0]!;
    const one = f.ballot(0);
    const { ciphertexts, randomness, choices } = openingOf(one);
    await expect(election.commitBallot(slotKey, one.ballotHash))
      .to.emit(election, "BallotCommitted")
      .withArgs(slotKey, one.ballotHash, stranger.address);
    expect(await election.isSpoiled(slotKey, one.ballotHash)).to.equal(false);
    await expect(election.spoil(f.publicKey, slotKey, 1n, ciphertexts, randomness, choices))
      .to.emit(election, "BallotSpoiled")
      .withArgs(slotKey, one.ballotHash, 1n, ciphertexts, randomness, choices);
    expect(await election.isSpoiled(slotKey, one.ballotHash)).to.equal(true);
    expect(await election.isSpoiled(entries[1]!.slotKey, one.ballotHash)).to.equal(false);
    expect(await election.state()).to.equal(STATE.OPEN);
  });

  it("makes a ballot uncastable, directly, signed and in a batch, and no other", async () => {
    const f = await fixture();
    const { election, entries } = f;
    const [spoiled, other] = [f.ballot(0, 1), f.ballot(0, 2)];
    const before = await f.signed(0, spoiled);
    await audit(f, 0, spoiled);
    await expect(f.cast(0, spoiled))
      .to.be.revertedWithCustomError(election, "BallotIsSpoiled")
      .withArgs(entries[0]!.slotKey, spoiled.ballotHash);
    await expect(election.castSigned(f.publicKey, before, f.batchHints([before])))
      .to.be.revertedWithCustomError(election, "BallotNotRecordable")
      .withArgs(entries[0]!.slotKey, spoiled.ballotHash, SKIPPED.BALLOT_SPOILED);
    const batch = [before, await f.signed(1, f.ballot(1))];
    await expect(election.castBatch(f.publicKey, batch, f.batchHints(batch)))
      .to.emit(election, "BallotSkipped")
      .withArgs(entries[0]!.slotKey, spoiled.ballotHash, SKIPPED.BALLOT_SPOILED);
    await f.cast(0, other);
    expect(await election.turnout()).to.equal(2n);
    await audit(f, 1, f.ballot(1, 3));
    await f.cast(1, f.ballot(1, 4));
    expect(await election.isRecorded(entries[1]!.slotKey, f.ballot(1, 4).ballotHash)).to.equal(true);
  });

  it("opens nothing that was not committed to by who opens it, and nothing that counts", async () => {
    const f = await fixture();
    const { election, entries, publicKey } = f;
    const { slotKey } = entries[0]!;
    const one = f.ballot(0);
    const { ciphertexts, randomness, choices } = openingOf(one);
    const spoil = (by = f.stranger) =>
      election.connect(by).spoil(publicKey, slotKey, 1n, ciphertexts, randomness, choices);
    await expect(spoil())
      .to.be.revertedWithCustomError(election, "BallotNotCommitted")
      .withArgs(slotKey, one.ballotHash);
    await election.commitBallot(slotKey, one.ballotHash);
    await expect(spoil(f.signerOf(0))).to.be.revertedWithCustomError(election, "BallotNotCommitted");
    await f.cast(0, one);
    await expect(spoil()).to.be.revertedWithCustomError(election, "BallotIsRecorded").withArgs(slotKey, one.ballotHash);
    await f.cast(0, f.ballot(0, 2));
    await spoil();
    await expect(f.cast(0, one)).to.be.revertedWithCustomError(election, "BallotIsSpoiled");
  });

  it("refuses a wrong opening of every kind, and names it", async () => {
    const f = await fixture();
    const { election, entries, publicKey, opening } = f;
    const { slotKey } = entries[0]!;
    const good = openingOf(f.ballot(0));
    const refuse = async (change: Partial<typeof good>, error: string, ...args: unknown[]) => {
      const { ciphertexts, randomness, choices } = { ...good, ...change };
      await election.commitBallot(slotKey, keccak256(concat([...ciphertexts, 1n].map((word) => toBeHex(word, 32)))));
      await expect(election.spoil(publicKey, slotKey, 1n, ciphertexts, randomness, choices))
        .to.be.revertedWithCustomError(opening, error)
        .withArgs(...args);
    };
    const changed = (words: readonly bigint[], at: number, word: bigint) =>
      words.map((old, i) => (i === at ? word : old));
    const { ciphertexts, randomness, choices } = good;
    await refuse({ randomness: changed(randomness, 0, (randomness[0]! + 1n) % ORDER) }, "OpeningWrong", 0n, 0n);
    await refuse({ randomness: changed(randomness, 1, 0n) }, "OpeningWrong", 0n, 1n);
    await refuse({ randomness: changed(randomness, 2, ORDER) }, "OpeningWrong", 1n, 0n);
    await refuse({ choices: changed(choices, 0, choices[0]! ^ 1n) }, "OpeningWrong", 0n, 0n);
    await refuse({ choices: changed(choices, 0, choices[0]! ^ 8n) }, "OpeningWrong", 0n, 1n);
    await refuse({ choices: changed(choices, 1, choices[1]! ^ 4n) }, "OpeningWrong", 1n, 0n);
    await refuse({ choices: changed(choices, 1, choices[1]! | 8n) }, "OpeningChoiceInvalid", 1n);
    await refuse({ ciphertexts: changed(ciphertexts, 0, ciphertexts[0]! ^ 1n) }, "OpeningWrong", 0n, 0n);
    await refuse({ ciphertexts: changed(ciphertexts, 2, ciphertexts[2]! ^ 1n) }, "OpeningWrong", 0n, 0n);
    await refuse({ randomness: randomness.slice(1) }, "OpeningLengthWrong", 12n, 2n, 2n);
    await refuse({ randomness: [...randomness, 1n] }, "OpeningLengthWrong", 12n, 4n, 2n);
    await refuse({ choices: [...choices, 1n] }, "OpeningLengthWrong", 12n, 3n, 3n);
    await refuse({ choices: choices.slice(1) }, "OpeningLengthWrong", 12n, 3n, 1n);
    await refuse({ ciphertexts: ciphertexts.slice(4) }, "OpeningLengthWrong", 8n, 3n, 2n);
  });

  it("opens a ciphertext whose chosen options cancel the message to infinity as wrong, without failing otherwise", async () => {
    // C2 = Γ_1 makes the difference infinity, of which no r·H is an opening.
    const f = await fixture();
    const { ciphertexts, randomness, choices } = openingOf(f.ballot(0));
    const base = [
      0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    ];
    const forged = [...ciphertexts];
    [forged[2], forged[3]] = base as [bigint, bigint];
    const hash = keccak256(concat([...forged, 1n].map((word) => toBeHex(word, 32))));
    await f.election.commitBallot(f.entries[0]!.slotKey, hash);
    const chosen = [(choices[0]! & ~3n) | 1n, choices[1]!];
    await expect(f.election.spoil(f.publicKey, f.entries[0]!.slotKey, 1n, forged, randomness, chosen))
      .to.be.revertedWithCustomError(f.opening, "OpeningWrong")
      .withArgs(0n, 0n);
  });

  it("is of the ciphertexts with their weight, whatever proof comes with them, and of no other slot", async () => {
    const f = await electionFixture({ questions: QUESTIONS, weights: [3n, 3n] });
    const one = f.ballot(0);
    const { ciphertexts, randomness, choices } = openingOf(one);
    const { slotKey } = f.entries[0]!;
    await f.election.commitBallot(slotKey, one.ballotHash);
    // The same ciphertexts with another weight are another ballot, which nobody committed to.
    const other = keccak256(concat([...ciphertexts, 1n].map((word) => toBeHex(word, 32))));
    await expect(f.election.spoil(f.publicKey, slotKey, 1n, ciphertexts, randomness, choices))
      .to.be.revertedWithCustomError(f.election, "BallotNotCommitted")
      .withArgs(slotKey, other);
    await expect(f.election.spoil(f.publicKey, f.entries[1]!.slotKey, 3n, ciphertexts, randomness, choices))
      .to.be.revertedWithCustomError(f.election, "BallotNotCommitted")
      .withArgs(f.entries[1]!.slotKey, one.ballotHash);
    await f.election.spoil(f.publicKey, slotKey, 3n, ciphertexts, randomness, choices);
    await expect(f.cast(0, one)).to.be.revertedWithCustomError(f.election, "BallotIsSpoiled");
    await f.cast(1, f.ballot(1));
  });

  it("opens no ballot twice for another, and costs a voter whose ballot is not spoiled nothing but gas", async () => {
    const f = await fixture();
    await audit(f, 0, f.ballot(0, 1));
    // Committed to and opened again: nothing changes.
    await audit(f, 0, f.ballot(0, 1));
    expect(await f.election.isSpoiled(f.entries[0]!.slotKey, f.ballot(0, 1).ballotHash)).to.equal(true);
    await audit(f, 0, f.ballot(0, 2));
    const batch = [await f.signed(0, f.ballot(0, 3)), await f.signed(1, f.ballot(1))];
    await f.election.castBatch(f.publicKey, batch, f.batchHints(batch));
    expect(await f.election.turnout()).to.equal(2n);
    await expect(audit(f, 0, f.ballot(0, 3))).to.be.revertedWithCustomError(f.election, "BallotIsRecorded");
  });

  it("needs the election's key, and the time of voting to open", async () => {
    const f = await electionFixture({ questions: QUESTIONS, weights: [1n, 1n], isOpen: false });
    const [slotKey, bytes32] = [f.entries[0]!.slotKey, id("ballot")];
    await expect(f.election.commitBallot(slotKey, bytes32))
      .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
      .withArgs(STATE.KEY_CEREMONY);
    await f.openNow();
    const one = f.ballot(0);
    const { ciphertexts, randomness, choices } = openingOf(one);
    await f.election.commitBallot(slotKey, one.ballotHash);
    const wrong = { ...f.publicKey, parity: 1n - f.publicKey.parity };
    await expect(f.election.spoil(wrong, slotKey, 1n, ciphertexts, randomness, choices))
      .to.be.revertedWithCustomError(f.election, "ElectionKeyWrong")
      .withArgs(wrong.x, wrong.parity);
    await f.castAll().then(async () => f.cast(0, f.ballot(0, 2)));
    await f.time.setNextBlockTimestamp(f.terms.closesAt);
    await expect(f.election.spoil(f.publicKey, slotKey, 1n, ciphertexts, randomness, choices))
      .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
      .withArgs(STATE.CLOSED);
  });

  it("is for the time of voting", async () => {
    const f = await fixture();
    await f.time.increaseTo(f.terms.closesAt);
    await expect(f.election.commitBallot(id("slot"), id("ballot")))
      .to.be.revertedWithCustomError(f.election, "ElectionStateWrong")
      .withArgs(STATE.FAILED);
  });
});
