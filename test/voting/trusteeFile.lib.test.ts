import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { id, keccak256 } from "ethers";

import { newWallet, sealWallet } from "../../src/identity/wallet.js";
import { dealingOf } from "../../src/voting/ceremony/dealingOf.js";
import { encryptionKeyOf } from "../../src/voting/ceremony/encryptionKeyOf.js";
import { type PartialRequest, signPartial } from "../../src/voting/ceremony/signPartial.js";
import { createTrusteeFile, openTrusteeFile, type TrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { Point } from "../../src/voting/curve.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import type { VotingError } from "../../src/voting/VotingError.js";
import { toWords } from "../../src/voting/words.js";
import { questionOf } from "./ballots.js";
import { codeOf } from "./codeOf.js";

const PASSWORD = "correct horse battery staple";
/** Guessing is cheap here, so that tests are quick. */
const CHEAP = { scryptN: 1_024 };
const TRUSTEE = { chainId: 31_337n, contract: `0x${"ab".repeat(20)}`, index: 2 };
const ROUND = { chainId: TRUSTEE.chainId, contract: TRUSTEE.contract, round: 0 };
const STATEMENT = { round: ROUND, dealer: 2, address: `0x${"22".repeat(20)}`, trustees: 3, threshold: 2 };
const REGISTERED = [101n, 102n, 103n].map((secret, i) => {
  return { trustee: i + 1, key: Point.BASE.multiply(secret).toAffine() };
});
const SHARE = 4_711n;
const QUESTIONS = [questionOf(2)];

function ballotOf(voter: number): RecordedBallot {
  const points = [BigInt(voter) + 1n, BigInt(voter) + 50n].map((log) => Point.BASE.multiply(log).toAffine());
  return { slotKey: id(`voter ${voter}`), weight: 1n, ciphertexts: toWords(points.flatMap(({ x, y }) => [x, y])) };
}

/** A request to open the sum of some voters' ballots. */
function requestOf(voters: readonly number[], change: Partial<PartialRequest> = {}): PartialRequest {
  const log = voters.reduce((sum, voter) => sum + BigInt(voter) + 1n, 0n);
  const { x, y } = Point.BASE.multiply(log).toAffine();
  return {
    election: `0x${"EE".repeat(20)}`,
    configuration: id("election"),
    questions: QUESTIONS,
    question: 0,
    sumsHash: keccak256(toWords([x, y])),
    ballots: voters.map(ballotOf),
    minimum: 2,
    confirmations: 12,
    finality: 12,
    ...change,
  };
}

/** The file as it would be if the program died before its `save` of this number, counted from 0. */
function dyingAt(file: TrusteeFile, last: number): TrusteeFile {
  let saves = 0;
  return {
    get state() {
      return file.state;
    },
    save: async (change) => {
      if (saves++ === last) throw new Error("power cut");
      await file.save(change);
    },
    close: () => file.close(),
  };
}

describe("trustee file", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "diwan-trustee-"));
    path = join(folder, "trustee.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const create = () => createTrusteeFile(path, TRUSTEE, PASSWORD, CHEAP);
  const open = (password = PASSWORD) => openTrusteeFile(path, password, CHEAP);
  const reopened = async (file: TrusteeFile): Promise<TrusteeFile> => {
    await file.close();
    return open();
  };

  describe("createTrusteeFile and openTrusteeFile", () => {
    it("give back what was saved, and leave nothing beside it", async () => {
      const file = await create();
      const secret = await encryptionKeyOf(file, 0);
      const again = await reopened(file);
      expect(again.state).to.deep.equal({
        ...{ chainId: "31337", contract: TRUSTEE.contract, index: 2, signed: {} },
        rounds: { 0: { encryptionKey: `0x${secret.toString(16).padStart(64, "0")}` } },
      });
      await again.close();
      expect(await readdir(folder)).to.deep.equal(["trustee.json"]);
      if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).to.equal(0o600);
    });

    it("write nothing that is secret in plain", async () => {
      const file = await create();
      const { polynomial } = await dealingOf(file, STATEMENT, REGISTERED);
      await file.close();
      const text = await readFile(path, "utf8");
      for (const secret of [...polynomial.map((own) => own.toString(16)), TRUSTEE.contract, "polynomial"]) {
        expect(text.toLowerCase()).not.to.include(secret.toLowerCase());
      }
    });

    it("refuse a wrong password, an empty one, a missing file, one that is there, and damage", async () => {
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_MISSING");
      expect(await codeOf(createTrusteeFile(path, TRUSTEE, "", CHEAP))).to.equal("TRUSTEE_FILE_PASSWORD");
      await (await create()).close();
      expect(await codeOf(create())).to.equal("TRUSTEE_FILE_EXISTS");
      expect(await codeOf(open("wrong"))).to.equal("TRUSTEE_FILE_PASSWORD");
      const text = await readFile(path, "utf8");
      await writeFile(path, text.slice(0, -20));
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_MALFORMED");
      await writeFile(path, text.replace(/"document": "(.{20})./, '"document": "$1_'));
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_DAMAGED");
      await writeFile(path, text.replace('"version": 1', '"version": 2'));
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_VERSION");
      await writeFile(path, await sealWallet(newWallet(), PASSWORD, CHEAP));
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_DAMAGED");
      await writeFile(path, text);
      expect(await codeOf(open())).to.equal("none");
    });

    it("lock the file until it is closed, but not for a process that is dead", async () => {
      const file = await create();
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_BUSY");
      await file.close();
      await file.close();
      expect(await codeOf(file.save((state) => state))).to.equal("TRUSTEE_FILE_BUSY");
      // Another process that runs, as its parent does; one that cannot; a number that this process had before a crash.
      await writeFile(`${path}.lock`, String(process.ppid));
      expect(await codeOf(open())).to.equal("TRUSTEE_FILE_BUSY");
      for (const dead of ["4194305", String(process.pid), ""]) {
        await writeFile(`${path}.lock`, dead);
        await (await open()).close();
      }
    });

    it("keep the old state when the new one cannot be written", async () => {
      const file = await create();
      const before = await readFile(path, "utf8");
      const cyclic: { self?: unknown } = {};
      cyclic.self = cyclic;
      const failing = file.save((state) => ({ ...state, ...cyclic }));
      await failing.then(
        () => expect.fail("was saved"),
        () => undefined,
      );
      expect(await readFile(path, "utf8")).to.equal(before);
      expect(file.state).not.to.have.property("self");
      expect(await encryptionKeyOf(file, 0)).to.be.greaterThan(0n);
      await file.close();
    });
  });

  describe("dealingOf", () => {
    it("gives identical bytes again, after the file was opened again too, and others in the next round", async () => {
      let file = await create();
      const first = await dealingOf(file, STATEMENT, REGISTERED);
      expect(await dealingOf(file, STATEMENT, REGISTERED)).to.deep.equal(first);
      file = await reopened(file);
      expect(await dealingOf(file, STATEMENT, REGISTERED.toReversed())).to.deep.equal(first);
      const next = await dealingOf(file, { ...STATEMENT, round: { ...ROUND, round: 1 } }, REGISTERED);
      expect(next.commitments).not.to.deep.equal(first.commitments);
      expect(await dealingOf(file, STATEMENT, REGISTERED)).to.deep.equal(first);
      await file.close();
    });

    it("makes no second polynomial wherever a crash is, nor for two calls at once", async () => {
      // It saves the encryption key, the polynomial and the dealing.
      for (const last of [0, 1, 2]) {
        let file = await create();
        const kept: unknown[] = [];
        await dealingOf(dyingAt(file, last), STATEMENT, REGISTERED).then(
          () => expect.fail("did not die"),
          () => undefined,
        );
        file = await reopened(file);
        kept.push(file.state.rounds[0]?.polynomial);
        expect(kept[0] !== undefined).to.equal(last === 2);
        const [one, other] = await Promise.all([1, 2].map(() => dealingOf(file, STATEMENT, REGISTERED)));
        expect(one).to.deep.equal(other);
        if (last === 2) expect(one!.polynomial).to.deep.equal((kept[0] as string[]).map(BigInt));
        await file.close();
        await rm(path);
      }
    });

    it("encrypts the same polynomial to other keys where the chain forgot who registered", async () => {
      const file = await create();
      const first = await dealingOf(file, STATEMENT, REGISTERED);
      const second = await dealingOf(file, STATEMENT, REGISTERED.slice(0, 2));
      expect(second.commitments).to.deep.equal(first.commitments);
      expect(second.shares).to.have.length(81);
      await file.close();
    });
  });

  describe("signPartial", () => {
    it("opens a sum, and gives the same bytes again", async () => {
      let file = await create();
      const first = await signPartial(file, SHARE, requestOf([1, 2, 3]));
      const sum = Point.fromAffine({ x: first.sums[0]!, y: first.sums[1]! });
      expect(sum.equals(Point.BASE.multiply(9n))).to.equal(true);
      const { x, y } = sum.multiply(SHARE).toAffine();
      expect(first.partials).to.deep.equal([x, y]);
      file = await reopened(file);
      expect(await signPartial(file, SHARE, requestOf([3, 1, 2]))).to.deep.equal(first);
      await file.close();
    });

    it("refuses another sum of the question for ever, and says that the election must be annulled", async () => {
      let file = await create();
      await signPartial(file, SHARE, requestOf([1, 2, 3]));
      for (const request of [
        requestOf([1, 2]),
        requestOf([1, 2, 3, 4]),
        requestOf([1, 2, 3], { configuration: id("another") }),
        requestOf([1, 2, 3], { election: `0x${"dd".repeat(20)}` }),
      ]) {
        file = await reopened(file);
        const error = await signPartial(file, SHARE, request).then(
          () => expect.fail("was signed"),
          (reason: unknown) => reason as VotingError,
        );
        expect(error.code).to.equal("SUM_SIGNED_BEFORE");
        expect(error.message).to.include("must be annulled");
      }
      // Another question has a sum of its own.
      const questions = [...QUESTIONS, ...QUESTIONS];
      const ballots = [1, 2].map((voter) => {
        const { ciphertexts, ...rest } = ballotOf(voter);
        return { ...rest, ciphertexts: new Uint8Array([...ciphertexts, ...ciphertexts]) };
      });
      await signPartial(file, SHARE, requestOf([1, 2], { questions, ballots, question: 1 }));
      await file.close();
    });

    it("has the sum on the disk before it signs: after a crash in between no other one is signed", async () => {
      let file = await create();
      await signPartial(dyingAt(file, 1), SHARE, requestOf([1, 2, 3])).then(
        () => expect.fail("did not die"),
        () => undefined,
      );
      file = await reopened(file);
      expect(file.state.signed[0]).to.have.property("sums");
      expect(file.state.signed[0]).not.to.have.property("proof");
      expect(await codeOf(signPartial(file, SHARE, requestOf([1, 2])))).to.equal("SUM_SIGNED_BEFORE");
      await signPartial(file, SHARE, requestOf([1, 2, 3]));
      await file.close();
    });

    it("signs nothing when the sum cannot be written", async () => {
      const file = await create();
      const signing = signPartial(dyingAt(file, 0), SHARE, requestOf([1, 2, 3]));
      await signing.then(
        () => expect.fail("was signed"),
        (error: unknown) => expect(error).to.have.property("message", "power cut"),
      );
      expect(file.state.signed).to.deep.equal({});
      await file.close();
    });

    it("signs one of two sums that are asked for at once", async () => {
      const file = await create();
      const results = await Promise.all(
        [requestOf([1, 2]), requestOf([1, 2, 3])].map((request) => codeOf(signPartial(file, SHARE, request))),
      );
      expect(results.sort()).to.deep.equal(["SUM_SIGNED_BEFORE", "none"]);
      await file.close();
    });

    it("refuses too few ballots, a chain that is not final, a sum that differs, a slot twice, and no question", async () => {
      const file = await create();
      for (const [request, code] of [
        [requestOf([1]), "TOO_FEW_BALLOTS"],
        [requestOf([1, 2], { confirmations: 11 }), "NOT_FINAL"],
        [requestOf([1, 2], { sumsHash: id("another") }), "SUM_DIFFERS"],
        [requestOf([1, 2], { ballots: [ballotOf(1), ballotOf(3)] }), "SUM_DIFFERS"],
        [requestOf([1, 1]), "BALLOT_REPEATED"],
        [requestOf([1, 2], { question: 1 }), "STATEMENT_MALFORMED"],
      ] as const) {
        expect(await codeOf(signPartial(file, SHARE, request))).to.equal(code);
      }
      expect(file.state.signed).to.deep.equal({});
      await file.close();
    });
  });
});
