import { expect } from "chai";
import { ZeroHash } from "ethers";

import { auditOnChain } from "../../src/voting/election/auditOnChain.js";
import { castBallot } from "../../src/voting/election/castBallot.js";
import type { BallotJournal, BallotUse } from "../../src/voting/election/memoryJournal.js";
import { relayBallots } from "../../src/voting/election/relayBallots.js";
import { rollProof } from "../../src/voting/election/roll.js";
import { signBallot } from "../../src/voting/election/signBallot.js";
import { storageJournal } from "../../src/voting/election/storageJournal.js";
import { codeOf } from "./codeOf.js";
import { textStorage } from "./textStorage.js";
import { electionFixture } from "./electionFixture.js";

const FAR = 2n ** 40n - 1n;

/** A journal that takes whatever it is given: the clients look into it themselves. */
function carelessJournal(): BallotJournal {
  const uses = new Map<string, BallotUse>();
  return {
    get: (ballotHash) => Promise.resolve(uses.get(ballotHash)),
    add: (ballotHash, use) => {
      uses.set(ballotHash, use);
      return Promise.resolve();
    },
  };
}

/** A voter whose device has a journal. */
async function fixture() {
  const f = await electionFixture();
  const entry = f.entries[0]!;
  const { slotKey } = entry;
  const [a, b] = [f.ballot(0, 1), f.ballot(0, 2)];
  const journal = carelessJournal();
  const right = { entry, proof: rollProof(f.roll, slotKey) };
  const cast = ({ bytes }: typeof a, with_ = journal) => {
    return castBallot(f.election.connect(f.signerOf(0)), { ...right, ballot: bytes, journal: with_ });
  };
  const sign = ({ bytes }: typeof a, with_ = journal) => {
    return signBallot(f.election, f.signerOf(0), { ...right, ballot: bytes, deadline: FAR, journal: with_ });
  };
  return { ...f, slotKey, a, b, journal, cast, sign };
}

describe("what a voter's device remembers of its ballots", function () {
  it("keeps a ballot from being cast again over a newer one, which could then be replayed", async () => {
    const { election, slotKey, a, b, journal, cast, sign } = await fixture();
    await cast(a);
    const signed = await sign(b);
    const [fate] = await relayBallots(election, [signed]);
    expect(fate).to.include({ outcome: "recorded" });
    expect(await codeOf(cast(a))).to.equal("BALLOT_REUSED");
    expect(await codeOf(sign(a))).to.equal("BALLOT_REUSED");
    expect(await journal.get(a.ballotHash)).to.deep.equal({ kind: "cast", replaces: ZeroHash });
    expect(await election.ballotOf(slotKey)).to.equal(b.ballotHash);
  });

  it("keeps a ballot that was signed from being cast over another, and one that was cast from being signed", async () => {
    const { a, b, cast, sign } = await fixture();
    await sign(a);
    await cast(b);
    expect(await codeOf(cast(a))).to.equal("BALLOT_REUSED");
    expect(await codeOf(sign(b))).to.equal("BALLOT_RECORDED");
  });

  it("lets a ballot that a relayer left lying be cast directly, over the value that it was signed over", async () => {
    const { a, b, cast, sign } = await fixture();
    await cast(a);
    await sign(b);
    expect((await cast(b)).receipt).to.not.equal(undefined);
    expect(await cast(b)).to.deep.equal({ ballotHash: b.ballotHash });
  });

  it("keeps a ballot that was opened from being cast, and one that was cast from being opened", async () => {
    const { election, entries, a, b, journal, cast } = await fixture();
    const { slotKey, weight } = entries[0]!;
    await journal.add(a.ballotHash, { kind: "audited" });
    expect(await codeOf(cast(a))).to.equal("BALLOT_AUDITED");
    await cast(b);
    expect(await codeOf(auditOnChain(election, { slotKey, weight, ballot: b, journal }))).to.equal("BALLOT_SIGNED");
  });

  it("outlives the program", async () => {
    const { election, a, b, cast, sign } = await fixture();
    const storage = textStorage();
    await cast(a, storageJournal(storage, "election"));
    await relayBallots(election, [await sign(b, storageJournal(storage, "election"))]);
    expect(await codeOf(cast(a, storageJournal(storage, "election")))).to.equal("BALLOT_REUSED");
    expect(await codeOf(cast(a, storageJournal(storage, "other")))).to.equal("none");
  });

  it("sends and signs nothing that it cannot write down", async () => {
    const { election, slotKey, a, cast, sign } = await fixture();
    const full = {
      ...textStorage(),
      setItem: () => {
        throw new Error("the quota has been exceeded");
      },
    };
    expect(await codeOf(cast(a, storageJournal(full, "election")))).to.equal("JOURNAL_NOT_WRITTEN");
    expect(await codeOf(sign(a, storageJournal(full, "election")))).to.equal("JOURNAL_NOT_WRITTEN");
    expect(await election.ballotOf(slotKey)).to.equal(ZeroHash);
  });
});
