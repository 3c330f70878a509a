import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { id } from "ethers";

import type { Dealing } from "../../src/voting/ceremony/dealShares.js";
import { encryptionKeyOf } from "../../src/voting/ceremony/encryptionKeyOf.js";
import { dealingOf } from "../../src/voting/ceremony/dealingOf.js";
import { keyShareOf } from "../../src/voting/ceremony/keyShareOf.js";
import { type Ceremony, readCeremony } from "../../src/voting/ceremony/readCeremony.js";
import { runTrustee, type ElectionReader, type TrusteeStep } from "../../src/voting/ceremony/runTrustee.js";
import { sealShare } from "../../src/voting/ceremony/sealShare.js";
import { createTrusteeFile, openTrusteeFile, type TrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { Point } from "../../src/voting/curve.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { toWords } from "../../src/voting/words.js";
import { questionOf } from "./ballots.js";
import { codeOf } from "./codeOf.js";
import { forgePossession, hashOf } from "./ceremonyForge.js";
import { ceremonyFixture, PHASE } from "./ceremonyFixture.js";

const PASSWORD = "correct horse battery staple";
const CHEAP = { scryptN: 2 };
const CONFIGURATION = id("election");
const DEADLINE = 2n ** 40n - 1n;
const QUESTIONS = [questionOf(2)];
const FINALITY = 5;

describe("runTrustee", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "diwan-trustees-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Trustees with a file each. */
  async function officeFixture(options?: Parameters<typeof ceremonyFixture>[0]) {
    const f = await ceremonyFixture(options);
    const pathOf = (index: number) => join(folder, `${index}.json`);
    const files = new Map<number, TrusteeFile>();
    for (const index of f.everyone) {
      const trustee = { chainId: f.chainId, contract: f.contract, index };
      files.set(index, await createTrusteeFile(pathOf(index), trustee, PASSWORD, CHEAP));
    }
    const run = (index: number, election?: ElectionReader): Promise<TrusteeStep> =>
      runTrustee({
        ...{ trustees: f.as(index), file: files.get(index)!, fromBlock: 0 },
        ...(election === undefined ? {} : { election }),
      });
    const runAll = async (indices: readonly number[] = f.everyone): Promise<TrusteeStep[]> => {
      const steps: TrusteeStep[] = [];
      for (const index of indices) steps.push(await run(index));
      return steps;
    };
    /** As after a crash: what is not on the disk is lost. */
    const restart = async (index: number): Promise<TrusteeFile> => {
      await files.get(index)!.close();
      const file = await openTrusteeFile(pathOf(index), PASSWORD, CHEAP);
      files.set(index, file);
      return file;
    };
    const ceremony = () => readCeremony(f.trustees, { fromBlock: 0 });
    return { ...f, files, run, runAll, restart, ceremony };
  }

  /** Up to a key, without anything going wrong. */
  async function keyedFixture(options?: Parameters<typeof ceremonyFixture>[0]) {
    const f = await officeFixture(options);
    await f.runAll();
    await f.runAll();
    await f.passTo("answers");
    expect(await f.run(1)).to.equal("FINISHED");
    while (Number(await f.trustees.phase()) !== Number(PHASE.DONE)) expect(await f.run(1)).to.equal("DERIVED");
    return f;
  }

  /** Ballots that hold a number of votes for the first option, encrypted to the trustees' key. */
  async function ballotsFor(f: Awaited<ReturnType<typeof keyedFixture>>, count: number): Promise<RecordedBallot[]> {
    const [x, y] = await f.trustees.key();
    return Array.from({ length: count }, (_, voter) => {
      const r = BigInt(voter) + 100n;
      const c1 = Point.BASE.multiply(r).toAffine();
      const c2 = Point.fromAffine({ x, y }).multiply(r).add(Point.BASE).toAffine();
      const ciphertexts = toWords([c1.x, c1.y, c2.x, c2.y]);
      return { slotKey: id(`voter ${voter}`), weight: 1n, ciphertexts };
    });
  }

  function readerOf(
    { election }: Awaited<ReturnType<typeof officeFixture>>,
    ballots: readonly RecordedBallot[],
    change: Partial<ElectionReader> = {},
  ): ElectionReader {
    return {
      ...{ election: election.address, configuration: CONFIGURATION, questions: QUESTIONS },
      ...{ minimum: 2, finality: FINALITY, ballots: () => Promise.resolve(ballots), ...change },
    };
  }

  function sumsHash(ballots: readonly RecordedBallot[]): string {
    const [c1] = sumBallots(ballots, QUESTIONS).questions[0]!.c1;
    return hashOf([c1!.x, c1!.y]);
  }

  it("takes 3 of 5 to a key and a result, with one silent and one cheating trustee", async () => {
    const f = await officeFixture({ n: 5, t: 3 });
    // The fifth stays silent.
    expect(await f.runAll([1, 2, 3, 4])).to.deep.equal(Array(4).fill("REGISTERED"));
    expect(await f.runAll([1, 2, 3, 4])).to.deep.equal(Array(4).fill("WAITING"));
    await f.passTo("dealing");
    expect(await f.runAll([1, 3, 4])).to.deep.equal(Array(3).fill("DEALT"));
    expect(await f.runAll([1, 3, 4, 5])).to.deep.equal(Array(4).fill("WAITING"));

    // The second deals the third a share of its own making, and otherwise as it should.
    const { registered, round } = await f.ceremony();
    const honest = await dealingOf(f.files.get(2)!, await f.statementOf(2), registered);
    const wrong = await sealShare({ round, dealer: 2, receiver: 3 }, 5n, registered[2]!.key);
    const shares = new Uint8Array([...honest.shares.slice(0, 81), ...wrong, ...honest.shares.slice(162)]);
    const proof = forgePossession(await f.statementOf(2), honest.commitments, shares, {
      secret: honest.polynomial[0]!,
    });
    await f.send(2, { commitments: honest.commitments, proof, shares });

    expect(await f.trustees.phase()).to.equal(PHASE.COMPLAINTS);
    expect(await f.runAll([1, 3, 4, 5])).to.deep.equal(["WAITING", "COMPLAINED", "WAITING", "WAITING"]);
    expect(await f.run(3)).to.equal("WAITING");
    await f.passTo("answers");
    expect(await f.runAll([1, 3, 4])).to.deep.equal(Array(3).fill("WAITING"));
    await f.passTo("finishing");
    expect(await f.run(4)).to.equal("FINISHED");
    expect((await f.ceremony()).made?.qualified).to.deep.equal([1, 3, 4]);
    expect(await f.run(4)).to.equal("DERIVED");
    expect(await f.runAll()).to.deep.equal(Array(5).fill("WAITING"));

    const ballots = await ballotsFor(f, 7);
    await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [sumsHash(ballots)]);
    const reader = readerOf(f, ballots);
    expect(await f.run(1, reader)).to.equal("WAITING");
    for (let block = 1; block < FINALITY; block++) await f.time.increase(1n);
    for (const index of [1, 3, 4]) expect(await f.run(index, reader)).to.equal("POSTED");
    for (const index of [1, 3, 4]) expect(await f.run(index, reader)).to.equal("WAITING");
    expect(await codeOf(f.run(5, reader))).to.equal("SHARE_MISSING");
    expect(await f.trustees.isDecrypted()).to.equal(true);

    const posted = await f.trustees.queryFilter(f.trustees.filters.PartialDecryptionPosted());
    const partials = posted.map(({ args }) => ({ index: Number(args.trustee), partials: [...args.partials] }));
    const [opened] = combinePartials(sumBallots(ballots, QUESTIONS).questions[0]!, partials);
    expect(opened).to.deep.equal(Point.BASE.multiply(7n).toAffine());
  });

  describe("complained of, reveals fewer shares than make its polynomial", () => {
    /** Complaints of the first, by others, up to where it answers. */
    const accused = async (by: readonly number[]) => {
      const f = await officeFixture();
      await f.runAll();
      await f.runAll();
      const { dealings } = await f.ceremony();
      const { commitments, shares } = dealings.get(1)!;
      for (const index of by) await f.as(index).complain(index, 1, hashOf(commitments), shares);
      await f.passTo("answers");
      const revealed = async () => (await f.trustees.queryFilter(f.trustees.filters.ShareRevealed())).length;
      return { ...f, revealed };
    };

    it("none, where as many complained as decrypt: it is out in any case", async () => {
      const f = await accused([2, 3]);
      expect(await f.run(1)).to.equal("WAITING");
      expect(await f.revealed()).to.equal(0);
    });

    it("over all its runs, in which it was told of one complainant and then of another", async () => {
      const f = await accused([2]);
      const file = f.files.get(1)!;
      await file.save((state) => ({ ...state, rounds: { 0: { ...state.rounds[0]!, answered: [3] } } }));
      expect(await f.run(1)).to.equal("WAITING");
      expect(await f.revealed()).to.equal(0);
    });

    it("and remembers whose complaints it answered", async () => {
      const f = await accused([2]);
      expect(await f.run(1)).to.equal("ANSWERED");
      expect((await f.restart(1)).state.rounds[0]!.answered).to.deep.equal([2]);
      expect(await f.revealed()).to.equal(1);
    });
  });

  it("answers a complaint without reason, and the complainant uses the revealed share", async () => {
    const f = await officeFixture();
    await f.runAll();
    await f.runAll();
    const { dealings } = await f.ceremony();
    const { commitments, shares } = dealings.get(1)!;
    await f.as(2).complain(2, 1, hashOf(commitments), shares);
    await f.passTo("answers");
    await f.restart(1);
    expect(await f.run(2)).to.equal("WAITING");
    expect(await f.run(1)).to.equal("ANSWERED");
    expect(await f.run(1)).to.equal("FINISHED");
    expect(await f.run(2)).to.equal("DERIVED");
    const ceremony = await f.ceremony();
    expect(ceremony.made?.qualified).to.deep.equal([1, 2, 3]);
    const share = await keyShareOf(f.files.get(2)!, ceremony);
    expect(Point.BASE.multiply(share).toAffine()).to.deep.equal(ceremony.shareKeys.get(2));
  });

  it("sends after a crash what it had made before, byte by byte", async () => {
    const f = await officeFixture();
    await f.runAll();
    // It made its dealing, and died before it was sent.
    const { registered } = await f.ceremony();
    const made = await dealingOf(f.files.get(1)!, await f.statementOf(1), registered);
    await f.restart(1);
    expect(await f.run(1)).to.equal("DEALT");
    const dealt = (await f.ceremony()).dealings.get(1)!;
    expect(dealt).to.deep.equal({ commitments: made.commitments, proof: made.proof, shares: made.shares });
    await f.restart(1);
    expect(await f.run(1)).to.equal("WAITING");
  });

  it("registers after a crash the key that it had made before", async () => {
    const f = await officeFixture();
    const secret = await encryptionKeyOf(f.files.get(1)!, 0);
    await f.restart(1);
    expect(await f.run(1)).to.equal("REGISTERED");
    const { registered } = await f.ceremony();
    expect(registered[0]!.key).to.deep.equal(Point.BASE.multiply(secret).toAffine());
  });

  it("starts again with other secrets when a round yields no key", async () => {
    const f = await officeFixture();
    await f.runAll();
    await f.run(1);
    const first = (await f.ceremony()).dealings.get(1)!;
    await f.passTo("answers");
    expect(await f.run(2)).to.equal("RESTARTED");
    expect(await f.runAll()).to.deep.equal(Array(3).fill("REGISTERED"));
    expect(await f.runAll()).to.deep.equal(Array(3).fill("DEALT"));
    const { dealings, round } = await f.ceremony();
    expect(round.round).to.equal(1);
    expect(dealings.get(1)!.commitments).not.to.deep.equal(first.commitments);
    await f.passTo("answers");
    expect(await f.run(3)).to.equal("FINISHED");
  });

  it("waits when another took a step that anyone may take", async () => {
    const f = await officeFixture();
    await f.runAll();
    await f.runAll();
    await f.passTo("answers");
    const steps = await Promise.all([f.run(1), f.run(2)]);
    expect(steps.filter((step) => step === "FINISHED")).to.have.length(1);
    expect(steps.filter((step) => step === "WAITING")).to.have.length(1);
  });

  it("refuses to open a second sum where the chain took back the first", async () => {
    const f = await keyedFixture();
    const ballots = await ballotsFor(f, 5);
    const before = (await f.ethers.provider.send("evm_snapshot", [])) as string;
    await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [sumsHash(ballots)]);
    expect(await f.run(1, readerOf(f, ballots, { finality: 1 }))).to.equal("POSTED");

    await f.ethers.provider.send("evm_revert", [before]);
    const fewer = ballots.slice(1);
    await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [sumsHash(fewer)]);
    await f.restart(1);
    expect(await codeOf(f.run(1, readerOf(f, fewer, { finality: 1 })))).to.equal("SUM_SIGNED_BEFORE");
    expect(await f.trustees.partialsOf(0)).to.equal(0n);
    // One that signed nothing yet opens it.
    expect(await f.run(2, readerOf(f, fewer, { finality: 1 }))).to.equal("POSTED");
  });

  it("refuses a sum that is not that of the ballots it verified, and too few of them", async () => {
    const f = await keyedFixture();
    const ballots = await ballotsFor(f, 5);
    await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [sumsHash(ballots.slice(1))]);
    const finality = 1;
    expect(await codeOf(f.run(1, readerOf(f, ballots, { finality })))).to.equal("SUM_DIFFERS");
    expect(await codeOf(f.run(1, readerOf(f, ballots.slice(1), { finality, minimum: 5 })))).to.equal("TOO_FEW_BALLOTS");
    expect(f.files.get(1)!.state.signed).to.deep.equal({});
    expect(await f.run(1, readerOf(f, ballots.slice(1), { finality }))).to.equal("POSTED");
  });

  it("opens no sums of another election than the one it reads", async () => {
    const f = await keyedFixture();
    const ballots = await ballotsFor(f, 3);
    await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [sumsHash(ballots)]);
    for (const change of [{ election: f.signers[0]!.address }, { configuration: id("another") }]) {
      const reader = readerOf(f, ballots, { finality: 1, ...change });
      expect(await codeOf(f.run(1, reader))).to.equal("ELECTION_CONFIGURATION");
    }
    expect(f.files.get(1)!.state.signed).to.deep.equal({});
    expect(await f.run(1, readerOf(f, ballots, { finality: 1 }))).to.equal("POSTED");
  });

  it("signs nothing for an election that was annulled", async () => {
    const f = await keyedFixture();
    const ballots = await ballotsFor(f, 3);
    await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [sumsHash(ballots)]);
    await f.trustees.stopDecryption();
    expect(await f.run(1, readerOf(f, ballots, { finality: 1 }))).to.equal("WAITING");
    expect(f.files.get(1)!.state.signed).to.deep.equal({});
  });

  it("signs nothing after the deadline", async () => {
    const f = await keyedFixture();
    const ballots = await ballotsFor(f, 3);
    const deadline = BigInt(await f.time.latest()) + 100n;
    await f.trustees.startDecryption(CONFIGURATION, deadline, [sumsHash(ballots)]);
    await f.time.increaseTo(deadline + 1n);
    expect(await f.run(1, readerOf(f, ballots, { finality: 1 }))).to.equal("WAITING");
    expect(f.files.get(1)!.state.signed).to.deep.equal({});
  });

  it("refuses another contract's file, and one that lost its key", async () => {
    const f = await officeFixture();
    await f.runAll();
    await f.runAll();
    const other = join(folder, "other.json");
    const strange = await createTrusteeFile(
      other,
      { chainId: f.chainId, contract: f.signers[0]!.address, index: 1 },
      PASSWORD,
      CHEAP,
    );
    const empty = await createTrusteeFile(
      join(folder, "empty.json"),
      { chainId: f.chainId, contract: f.contract, index: 1 },
      PASSWORD,
      CHEAP,
    );
    const runWith = (file: TrusteeFile) => codeOf(runTrustee({ trustees: f.as(1), file, fromBlock: 0 }));
    expect(await runWith(strange)).to.equal("TRUSTEES_INVALID");
    expect(await runWith(empty)).to.equal("SHARE_MISSING");
  });

  it("has no share of a key that is not that of its dealers, whatever the chain says", async () => {
    const f = await keyedFixture();
    const ceremony = await f.ceremony();
    const { commitments, qualified } = ceremony.made!;
    const [first, second] = [ceremony.dealings.get(1)!, ceremony.dealings.get(2)!];
    const shareIn = (change: Partial<Ceremony>) => codeOf(keyShareOf(f.files.get(3)!, { ...ceremony, ...change }));
    const withFirst = (change: Partial<Dealing>) => {
      return shareIn({ dealings: new Map([...ceremony.dealings, [1, { ...first, ...change }]]) });
    };
    expect(await shareIn({})).to.equal("none");
    const { x, y } = Point.BASE.multiply(5n).toAffine();
    expect(await shareIn({ made: { qualified, commitments: [x, y, ...commitments.slice(2)] } })).to.equal(
      "DEALING_INVALID",
    );
    expect(await shareIn({ made: { qualified: [1, 2], commitments } })).to.equal("DEALING_INVALID");
    expect(await shareIn({ made: { qualified: [1, 2, 3, 4], commitments } })).to.equal("DEALING_INVALID");
    expect(await withFirst({ proof: second.proof })).to.equal("POSSESSION_NOT_PROVEN");
    expect(await withFirst({ commitments: second.commitments })).to.equal("POSSESSION_NOT_PROVEN");
  });

  it("takes 16 trustees to a key", async () => {
    const f = await keyedFixture({ n: 16, t: 8 });
    const ceremony = await f.ceremony();
    for (const index of [1, 16]) {
      const share = await keyShareOf(f.files.get(index)!, ceremony);
      expect(Point.BASE.multiply(share).toAffine()).to.deep.equal(ceremony.shareKeys.get(index));
    }
  });
});
