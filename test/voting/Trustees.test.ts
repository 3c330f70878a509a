import { expect } from "chai";
import { id, keccak256, ZeroAddress } from "ethers";

import { answerComplaint } from "../../src/voting/ceremony/answerComplaint.js";
import { openShare } from "../../src/voting/ceremony/openShare.js";
import { sealShare } from "../../src/voting/ceremony/sealShare.js";
import { secretShare } from "../../src/voting/ceremony/secretShare.js";
import { shareOfTrustee } from "../../src/voting/ceremony/shareOfTrustee.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { modOrder, ORDER, Point } from "../../src/voting/curve.js";
import { partialDecryption } from "../../src/voting/partialDecryption.js";
import { forgePossession, hashOf, valueAt } from "./ceremonyForge.js";
import { ceremonyFixture, gasOf, PERIODS, PHASE, wordsOf } from "./ceremonyFixture.js";

const CONFIGURATION = id("election");
const DEADLINE = 2n ** 40n - 1n;

/** The sums that a key was made of. */
function sumOf(dealings: Iterable<{ readonly polynomial: readonly bigint[] }>): bigint[] {
  const polynomials = [...dealings].map(({ polynomial }) => polynomial);
  const coefficients = polynomials[0]!.map((_, k) => polynomials.reduce((sum, own) => modOrder(sum + own[k]!), 0n));
  return coefficients.flatMap((coefficient) =>
    wordsOf(coefficient === 0n ? undefined : Point.BASE.multiply(coefficient).toAffine()),
  );
}

/** A ceremony up to its end, without anything going wrong. */
async function finishedFixture(options?: Parameters<typeof ceremonyFixture>[0]) {
  const f = await ceremonyFixture(options);
  await f.register();
  const dealt = await f.dealAll();
  await f.passTo("answers");
  await f.finish(dealt.values());
  await f.trustees.deriveShareKeys(sumOf(dealt.values()), f.everyone.length);
  const shareOf = (index: number) =>
    [...dealt.values()].reduce((sum, { polynomial }) => modOrder(sum + valueAt(polynomial, BigInt(index))), 0n);
  return { ...f, dealt, shareOf };
}

/** The arguments of a partial decryption of one question. */
async function partialOf(f: Awaited<ReturnType<typeof finishedFixture>>, index: number, log = 77n, question = 0n) {
  const sum = Point.BASE.multiply(log).toAffine();
  const { partials, proof } = partialDecryption(
    {
      chainId: f.chainId,
      contract: f.contract,
      configuration: CONFIGURATION,
      question,
      trustee: BigInt(index),
      sums: [sum],
    },
    f.shareOf(index),
  );
  const shareKey = wordsOf(Point.BASE.multiply(f.shareOf(index)).toAffine());
  return { partials, proof, sums: [sum.x, sum.y], shareKey };
}

describe("Trustees", () => {
  describe("bind", () => {
    it("names the election once and starts the first round", async () => {
      const { trustees, make, election, stranger, time } = await ceremonyFixture();
      expect(await trustees.election()).to.equal(election.address);
      expect(await trustees.round()).to.equal(0n);
      expect(await trustees.phase()).to.equal(PHASE.REGISTRATION);
      await expect(trustees.bind(stranger.address))
        .to.be.revertedWithCustomError(trustees, "ElectionNamed")
        .withArgs(election.address);

      const other = await make({}, ZeroAddress);
      await expect(other.bind(stranger.address)).to.emit(other, "CeremonyStarted").withArgs(0n);
      expect((await other.schedule()).dealing).to.equal(BigInt(await time.latest()) + PERIODS.registration);
    });

    for (const [n, t] of [
      [2, 2],
      [3, 1],
      [3, 0],
      [5, 4],
      [17, 2],
    ] as const) {
      it(`refuses ${t} of ${n}`, async () => {
        const { make, trustees, ethers } = await ceremonyFixture();
        const list = Array.from({ length: n }, (_, i) => ethers.getAddress(ethers.toBeHex(i + 1, 20)));
        const other = await make({ trustees: list, threshold: t }, ZeroAddress);
        await expect(other.bind(ethers.toBeHex(99, 20)))
          .to.be.revertedWithCustomError(trustees, "TrusteeTermsInvalid")
          .withArgs(n, t);
      });
    }

    it("refuses a trustee that is listed twice or is nobody", async () => {
      const { make, terms, election } = await ceremonyFixture();
      const [a, b] = terms.trustees as [string, string, string];
      for (const [list, wrong] of [
        [[a, b, a], a],
        [[a, ZeroAddress, b], ZeroAddress],
      ] as const) {
        const other = await make({ trustees: [...list] }, ZeroAddress);
        await expect(other.bind(election.address))
          .to.be.revertedWithCustomError(other, "TrusteeListInvalid")
          .withArgs(wrong);
      }
    });

    it("is needed before anything else: no phase of an unnamed election lets anyone act", async () => {
      const { as, trustees, stranger, keyOf } = await ceremonyFixture({ isBound: false });
      await expect(as(1).registerKey(1, ...wordsOf(keyOf(1).key))).to.be.revertedWithCustomError(
        trustees,
        "CeremonyPhaseWrong",
      );
      await expect(trustees.connect(stranger).restart()).to.be.revertedWithCustomError(trustees, "CeremonyPhaseWrong");
    });

    it("gives the terms back", async () => {
      const { trustees, terms } = await ceremonyFixture();
      const kept = await trustees.terms();
      expect([...kept.trustees]).to.deep.equal(terms.trustees);
      expect(kept.threshold).to.equal(2n);
      expect(kept.answerPeriod).to.equal(PERIODS.answers);
    });
  });

  describe("phases", () => {
    it("pass by time when nobody does anything, and the round starts again", async () => {
      const { trustees, passTo, time, stranger } = await ceremonyFixture();
      const { dealing, complaints, answers, finishing } = await trustees.schedule();
      expect(complaints - dealing).to.equal(PERIODS.dealing);
      expect(answers - complaints).to.equal(PERIODS.complaints);
      expect(finishing - answers).to.equal(PERIODS.answers);
      await time.increaseTo(dealing - 1n);
      expect(await trustees.phase()).to.equal(PHASE.REGISTRATION);
      await passTo("dealing");
      expect(await trustees.phase()).to.equal(PHASE.DEALING);
      await time.increaseTo(complaints - 1n);
      expect(await trustees.phase()).to.equal(PHASE.DEALING);
      await passTo("complaints");
      expect(await trustees.phase()).to.equal(PHASE.COMPLAINTS);
      await time.increaseTo(answers - 1n);
      expect(await trustees.phase()).to.equal(PHASE.COMPLAINTS);
      await passTo("answers");
      expect(await trustees.phase()).to.equal(PHASE.FINISHING);
      await expect(trustees.finish([], [])).to.be.revertedWithCustomError(trustees, "RoundFailed").withArgs(0n, 2n);
      const restarting = trustees.connect(stranger).restart();
      await expect(restarting).to.emit(trustees, "CeremonyFailed").withArgs(0n);
      await expect(restarting).to.emit(trustees, "CeremonyStarted").withArgs(1n);
      expect(await trustees.phase()).to.equal(PHASE.REGISTRATION);
    });

    it("end early when all did their part, but for complaints", async () => {
      const f = await ceremonyFixture();
      await f.register();
      expect(await f.trustees.phase()).to.equal(PHASE.DEALING);
      const dealt = await f.dealAll();
      expect(await f.trustees.phase()).to.equal(PHASE.COMPLAINTS);
      const { complaints, answers, finishing } = await f.trustees.schedule();
      expect(complaints).to.equal(BigInt(await f.time.latest()));
      expect(answers).to.equal(complaints + PERIODS.complaints);

      const { commitments, shares } = dealt.get(1)!;
      await f.as(2).complain(2, 1, hashOf(commitments), shares);
      await f.passTo("answers");
      expect(await f.trustees.phase()).to.equal(PHASE.ANSWERS);
      await f.time.increaseTo(finishing - 1n);
      expect(await f.trustees.phase()).to.equal(PHASE.ANSWERS);
      await f.passTo("finishing");
      expect(await f.trustees.phase()).to.equal(PHASE.FINISHING);
    });

    it("refuse each step in every other phase", async () => {
      const f = await finishedFixture();
      const { commitments, proof, shares } = f.dealt.get(1)!;
      const fresh = await ceremonyFixture();
      const steps = (g: typeof fresh): [bigint, () => Promise<unknown>][] => [
        [PHASE.REGISTRATION, () => g.as(1).registerKey(1, ...wordsOf(g.keyOf(1).key))],
        [PHASE.DEALING, () => g.as(1).deal(1, [...commitments], [...proof], shares)],
        [PHASE.COMPLAINTS, () => g.as(1).complain(1, 2, hashOf(commitments), shares)],
        [PHASE.ANSWERS, () => g.as(1).reveal(1, 2, 1n, [...commitments], keccak256(shares))],
        [PHASE.FINISHING, () => g.trustees.finish([], [])],
        [PHASE.FINISHING, () => g.trustees.restart()],
        [PHASE.DERIVING, () => g.trustees.deriveShareKeys([...commitments], 1)],
      ];
      const tryAll = async (g: typeof fresh, present: bigint) => {
        expect(await g.trustees.phase()).to.equal(present);
        for (const [phase, step] of steps(g)) {
          if (phase === present) continue;
          await expect(step()).to.be.revertedWithCustomError(g.trustees, "CeremonyPhaseWrong").withArgs(present);
        }
      };
      await tryAll(f, PHASE.DONE);
      await tryAll(fresh, PHASE.REGISTRATION);
      await fresh.register();
      await tryAll(fresh, PHASE.DEALING);
      const dealt = await fresh.dealAll();
      await tryAll(fresh, PHASE.COMPLAINTS);
      await fresh.as(2).complain(2, 1, hashOf(dealt.get(1)!.commitments), dealt.get(1)!.shares);
      await fresh.passTo("answers");
      await tryAll(fresh, PHASE.ANSWERS);
      await fresh.passTo("finishing");
      await tryAll(fresh, PHASE.FINISHING);
      await fresh.finish([dealt.get(2)!, dealt.get(3)!]);
      await tryAll(fresh, PHASE.DERIVING);
    });
  });

  describe("registerKey", () => {
    it("records a key", async () => {
      const { trustees, as, keyOf } = await ceremonyFixture();
      const words = wordsOf(keyOf(2).key);
      await expect(as(2).registerKey(2, ...words))
        .to.emit(trustees, "EncryptionKeyRegistered")
        .withArgs(0n, 2n, ...words);
      expect((await trustees.participation()).registered).to.equal(4n);
    });

    it("refuses another's index, strangers, a second key, and what is no point", async () => {
      const { trustees, as, keyOf, stranger, signers } = await ceremonyFixture();
      const words = wordsOf(keyOf(2).key);
      for (const index of [0, 2, 4, 255]) {
        await expect(as(1).registerKey(index, ...words))
          .to.be.revertedWithCustomError(trustees, "NotATrustee")
          .withArgs(signers[0]!.address);
      }
      await expect(trustees.connect(stranger).registerKey(1, ...words))
        .to.be.revertedWithCustomError(trustees, "NotATrustee")
        .withArgs(stranger.address);
      for (const [x, y] of [
        [0n, 0n],
        [words[0], words[1] + 1n],
        [ORDER + 1n, words[1]],
      ] as const) {
        await expect(as(2).registerKey(2, x, y))
          .to.be.revertedWithCustomError(trustees, "CeremonyPointInvalid")
          .withArgs(x, y);
      }
      await as(2).registerKey(2, ...words);
      await expect(as(2).registerKey(2, ...words))
        .to.be.revertedWithCustomError(trustees, "StepDoneBefore")
        .withArgs(2n);
    });
  });

  describe("deal", () => {
    it("records a dealing, and gives it as an event", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const dealing = await f.dealing(1);
      const { commitments, proof, shares } = dealing;
      await expect(f.send(1, dealing))
        .to.emit(f.trustees, "SharesDealt")
        .withArgs(0n, 1n, commitments, proof, f.ethers.hexlify(shares));
      expect((await f.trustees.participation()).dealt).to.equal(2n);
    });

    it("refuses a second dealing, another's index, and who did not register", async () => {
      const f = await ceremonyFixture();
      await f.register([1, 2]);
      await f.passTo("dealing");
      const first = await f.dealing(1, { registered: [1, 2] });
      await f.send(1, first);
      await expect(f.send(1, await f.dealing(1, { registered: [1, 2] })))
        .to.be.revertedWithCustomError(f.trustees, "StepDoneBefore")
        .withArgs(1n);
      await expect(f.as(1).deal(2, [...first.commitments], [...first.proof], first.shares))
        .to.be.revertedWithCustomError(f.trustees, "NotATrustee")
        .withArgs(f.signers[0]!.address);
      await expect(f.send(3, await f.dealing(3)))
        .to.be.revertedWithCustomError(f.trustees, "TrusteeNotRegistered")
        .withArgs(3n);
    });

    it("refuses more or fewer commitments and bytes than the terms need", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const { commitments, proof, shares } = await f.dealing(1);
      for (const [points, bytes] of [
        [commitments.slice(0, 2), shares],
        [commitments.slice(0, 3), shares],
        [[...commitments, ...commitments], shares],
        [commitments, shares.slice(1)],
        [commitments, new Uint8Array(81 * 3)],
        [[], new Uint8Array()],
      ] as const) {
        await expect(f.as(1).deal(1, [...points], [...proof], bytes))
          .to.be.revertedWithCustomError(f.trustees, "DealingLengthWrong")
          .withArgs(points.length, bytes.length);
      }
    });

    it("refuses commitments that are no points, infinity among them", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const { commitments, proof, shares } = await f.dealing(1);
      const [x, y] = commitments as [bigint, bigint];
      for (const [wrongX, wrongY] of [
        [0n, 0n],
        [x, y + 1n],
        [ORDER + 5n, y],
      ] as const) {
        await expect(f.as(1).deal(1, [x, y, wrongX, wrongY], [...proof], shares))
          .to.be.revertedWithCustomError(f.trustees, "CeremonyPointInvalid")
          .withArgs(wrongX, wrongY);
        await expect(f.as(1).deal(1, [wrongX, wrongY, x, y], [...proof], shares))
          .to.be.revertedWithCustomError(f.trustees, "CeremonyPointInvalid")
          .withArgs(wrongX, wrongY);
      }
    });
  });

  describe("complain and reveal", () => {
    it("let a wronged trustee be given its share in public, after which the dealer qualifies", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const dealt = await f.dealAll();
      const { commitments, shares, polynomial } = dealt.get(1)!;
      await expect(f.as(3).complain(3, 1, hashOf(commitments), shares))
        .to.emit(f.trustees, "ComplaintMade")
        .withArgs(0n, 1n, 3n);
      expect(await f.trustees.participation()).to.deep.equal([14n, 14n, 8n, 2n]);
      await f.passTo("answers");
      const answer = answerComplaint(polynomial, dealt.get(1)!, 3);
      expect(answer.share).to.equal(valueAt(polynomial, 3n));
      await expect(f.as(1).reveal(1, 3, answer.share, [...answer.commitments], answer.sharesHash))
        .to.emit(f.trustees, "ShareRevealed")
        .withArgs(0n, 1n, 3n, answer.share);
      expect(await f.trustees.participation()).to.deep.equal([14n, 14n, 8n, 0n]);
      // Nothing is left to answer, so that nobody waits for the period's end.
      expect(await f.trustees.phase()).to.equal(PHASE.FINISHING);
      await expect(f.finish(dealt.values())).to.emit(f.trustees, "KeyMade");
    });

    it("keep a dealer accused until its last complaint is answered", async () => {
      const f = await ceremonyFixture({ n: 5, t: 3 });
      await f.register();
      const dealt = await f.dealAll();
      const { commitments, shares, polynomial } = dealt.get(2)!;
      for (const index of [1, 5]) await f.as(index).complain(index, 2, hashOf(commitments), shares);
      await f.passTo("answers");
      const reveal = (index: number) =>
        f.as(2).reveal(2, index, valueAt(polynomial, BigInt(index)), [...commitments], keccak256(shares));
      await reveal(5);
      expect((await f.trustees.participation()).accused).to.equal(4n);
      await expect(reveal(5)).to.be.revertedWithCustomError(f.trustees, "ComplaintUnknown").withArgs(2n, 5n);
      await reveal(1);
      expect((await f.trustees.participation()).accused).to.equal(0n);
    });
  });

  describe("finish and restart", () => {
    it("make the key out of all dealings, as sums of the secrets say", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const dealt = await f.dealAll();
      await f.passTo("answers");
      const sums = sumOf(dealt.values());
      await expect(f.finish(dealt.values())).to.emit(f.trustees, "KeyMade").withArgs(0n, sums[0], sums[1], 14n, sums);
      expect(await f.trustees.key()).to.deep.equal(sums.slice(0, 2));
      await expect(f.trustees.restart()).to.be.revertedWithCustomError(f.trustees, "CeremonyPhaseWrong");
    });

    it("refuse other dealings, in another order, more or fewer of them, and a restart without need", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const dealt = [...(await f.dealAll()).values()];
      const [a, b, c] = dealt as [(typeof dealt)[0], (typeof dealt)[0], (typeof dealt)[0]];
      await f.passTo("answers");
      await expect(f.trustees.restart()).to.be.revertedWithCustomError(f.trustees, "RoundSucceeded");
      for (const given of [[], [a], [a, b], [a, b, c, c]]) {
        await expect(f.finish(given))
          .to.be.revertedWithCustomError(f.trustees, "DealersWrong")
          .withArgs(given.length, 3n);
      }
      await expect(f.finish([b, a, c]))
        .to.be.revertedWithCustomError(f.trustees, "DealingUnknown")
        .withArgs(1n);
      await expect(f.finish([a, b, await f.dealing(3)]))
        .to.be.revertedWithCustomError(f.trustees, "DealingUnknown")
        .withArgs(3n);
      await expect(f.trustees.finish([[...a.commitments], [...b.commitments], [...c.commitments]], []))
        .to.be.revertedWithCustomError(f.trustees, "DealersWrong")
        .withArgs(3n, 3n);
    });

    /** Has trustees complain of dealers who answer rightly, up to where the round can be finished. */
    const answered = async (pairs: readonly (readonly [trustee: number, dealer: number])[]) => {
      const f = await ceremonyFixture({ n: 5, t: 3 });
      await f.register();
      const dealt = await f.dealAll();
      for (const [index, dealer] of pairs) {
        const { commitments, shares } = dealt.get(dealer)!;
        await f.as(index).complain(index, dealer, hashOf(commitments), shares);
      }
      await f.passTo("answers");
      for (const [index, dealer] of pairs) {
        const { commitments, shares, polynomial } = dealt.get(dealer)!;
        const share = valueAt(polynomial, BigInt(index));
        await f.as(dealer).reveal(dealer, index, share, [...commitments], keccak256(shares));
      }
      return { f, dealt };
    };

    // The first deals wrong shares to one fewer than decrypt, who complain, and complains of an honest dealer itself.
    it("go on however many complained of several dealers, all answered: else one could start every round again", async () => {
      const { f, dealt } = await answered([
        [2, 1],
        [3, 1],
        [1, 4],
      ]);
      await expect(f.trustees.restart()).to.be.revertedWithCustomError(f.trustees, "RoundSucceeded");
      await expect(f.finish(dealt.values())).to.emit(f.trustees, "KeyMade");
    });

    it("leave a dealer out of whom as many complained as decrypt: it alone can't start every round again", async () => {
      const { f, dealt } = await answered([
        [1, 2],
        [3, 2],
        [4, 2],
      ]);
      const rest = [1, 3, 4, 5].map((dealer) => dealt.get(dealer)!);
      await expect(f.trustees.restart()).to.be.revertedWithCustomError(f.trustees, "RoundSucceeded");
      await expect(f.finish(dealt.values())).to.be.revertedWithCustomError(f.trustees, "DealersWrong").withArgs(5n, 4n);
      await f.finish(rest);
      const [event] = await f.trustees.queryFilter(f.trustees.filters.KeyMade());
      expect(event!.args.qualified).to.equal(0b111010n);
    });

    it("make another round as good as the first", async () => {
      const f = await ceremonyFixture();
      await f.passTo("answers");
      await f.trustees.restart();
      await f.register();
      const dealt = await f.dealAll();
      await f.passTo("answers");
      await expect(f.finish(dealt.values())).to.emit(f.trustees, "KeyMade");
    });
  });

  describe("deriveShareKeys", () => {
    it("derives public shares in order, in as many steps as one likes", async () => {
      const f = await ceremonyFixture({ n: 5, t: 3 });
      await f.register();
      const dealt = await f.dealAll();
      await f.passTo("answers");
      await f.finish(dealt.values());
      const sums = sumOf(dealt.values());
      for (const last of [0, 6]) {
        await expect(f.trustees.deriveShareKeys(sums, last))
          .to.be.revertedWithCustomError(f.trustees, "ShareIndexWrong")
          .withArgs(last);
      }
      await expect(f.trustees.deriveShareKeys([...dealt.get(1)!.commitments], 1)).to.be.revertedWithCustomError(
        f.trustees,
        "CommitmentsUnknown",
      );
      await f.trustees.deriveShareKeys(sums, 2);
      await expect(f.trustees.deriveShareKeys(sums, 2)).to.be.revertedWithCustomError(f.trustees, "ShareIndexWrong");
      expect(await f.trustees.phase()).to.equal(PHASE.DERIVING);
      const rest = f.trustees.deriveShareKeys(sums, 5);
      for (const index of [3n, 4n, 5n]) {
        const share = [...dealt.values()].reduce((sum, { polynomial }) => sum + valueAt(polynomial, index), 0n);
        const words = wordsOf(Point.BASE.multiply(modOrder(share)).toAffine());
        await expect(rest)
          .to.emit(f.trustees, "ShareKeyDerived")
          .withArgs(index, ...words);
      }
      expect(await f.trustees.phase()).to.equal(PHASE.DONE);
    });

    for (const [n, t] of [
      [3, 2],
      [5, 3],
      [7, 4],
      [15, 8],
    ] as const) {
      it(`agrees with the secrets for random ceremonies, ${t} of ${n}`, async () => {
        const f = await finishedFixture({ n, t });
        const key = [...f.dealt.values()].reduce((sum, { polynomial }) => modOrder(sum + polynomial[0]!), 0n);
        expect(await f.trustees.key()).to.deep.equal(wordsOf(Point.BASE.multiply(key).toAffine()));
        const derived = await f.trustees.queryFilter(f.trustees.filters.ShareKeyDerived());
        expect(derived.map(({ args }) => [args.trustee, args.x, args.y])).to.deep.equal(
          f.everyone.map((i) => [BigInt(i), ...wordsOf(Point.BASE.multiply(f.shareOf(i)).toAffine())]),
        );
      });
    }
  });

  describe("startDecryption and stopDecryption", () => {
    it("are the election's alone, and happen once", async () => {
      const f = await finishedFixture();
      const { stranger, trustees } = f;
      const hashes = [id("sum")];
      await expect(trustees.connect(stranger).startDecryption(CONFIGURATION, DEADLINE, hashes))
        .to.be.revertedWithCustomError(trustees, "NotTheElection")
        .withArgs(stranger.address);
      await expect(trustees.connect(stranger).stopDecryption())
        .to.be.revertedWithCustomError(trustees, "NotTheElection")
        .withArgs(stranger.address);
      await expect(trustees.startDecryption(CONFIGURATION, DEADLINE, hashes))
        .to.emit(trustees, "DecryptionStarted")
        .withArgs(CONFIGURATION, DEADLINE, hashes);
      await expect(trustees.startDecryption(CONFIGURATION, DEADLINE, hashes)).to.be.revertedWithCustomError(
        trustees,
        "DecryptionNotOpen",
      );
      expect(await trustees.decryptionDeadline()).to.equal(DEADLINE);
    });

    it("stop what is not posted yet, and nothing once a partial decryption is", async () => {
      const stopped = await finishedFixture();
      const own = await partialOf(stopped, 1);
      await stopped.trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf(own.sums)]);
      await expect(stopped.trustees.stopDecryption()).to.emit(stopped.trustees, "DecryptionStopped");
      const post = (f: typeof stopped, { shareKey, sums, partials, proof }: typeof own) =>
        f.as(1).postPartial(1, 0, CONFIGURATION, shareKey, sums, [...partials], [...proof]);
      await expect(post(stopped, own))
        .to.be.revertedWithCustomError(stopped.trustees, "DecryptionNotOpen")
        .withArgs(DEADLINE);

      const f = await finishedFixture();
      const posted = await partialOf(f, 1);
      await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf(posted.sums)]);
      await post(f, posted);
      await expect(f.trustees.stopDecryption()).to.be.revertedWithCustomError(f.trustees, "PartialsPosted");
    });
  });

  describe("postPartial and requirePartials", () => {
    it("take partial decryptions until as many as the threshold open the sum", async () => {
      const f = await finishedFixture();
      const first = await partialOf(f, 1);
      const third = await partialOf(f, 3);
      await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf(first.sums)]);
      expect(await f.trustees.hasPartials()).to.equal(false);
      const post = (index: number, { shareKey, sums, partials, proof }: typeof first) =>
        f.as(index).postPartial(index, 0, CONFIGURATION, shareKey, sums, [...partials], [...proof]);
      await expect(post(1, first))
        .to.emit(f.trustees, "PartialDecryptionPosted")
        .withArgs(0n, 1n, first.partials, first.proof);
      expect(await f.trustees.hasPartials()).to.equal(true);
      expect(await f.trustees.isDecrypted()).to.equal(false);
      expect(await f.trustees.partialsOf(0)).to.equal(1n);
      await post(3, third);
      expect(await f.trustees.isDecrypted()).to.equal(true);

      const given = [
        { index: 1, partials: [...first.partials] },
        { index: 3, partials: [...third.partials] },
      ];
      await f.trustees.requirePartials(0, given);
      const [a, b] = given as [(typeof given)[0], (typeof given)[0]];
      for (const [wrong, count] of [
        [[], 0n],
        [[a], 1n],
        [[a, b, b], 3n],
        [[b, a], 1n],
        [[a, a], 1n],
      ] as const) {
        await expect(f.trustees.requirePartials(0, [...wrong]))
          .to.be.revertedWithCustomError(f.trustees, "PartialsWrong")
          .withArgs(count, 2n);
      }
      const unknown: [(typeof given)[0][], bigint][] = [
        [[{ ...a, partials: b.partials }, b], 1n],
        [[a, { index: 2, partials: [] }], 2n],
        [[a, { ...b, index: 2 }], 2n],
      ];
      for (const [wrong, index] of unknown) {
        await expect(f.trustees.requirePartials(0, [...wrong]))
          .to.be.revertedWithCustomError(f.trustees, "PartialUnknown")
          .withArgs(0n, index);
      }
      await expect(f.trustees.requirePartials(1, given)).to.be.revertedWithCustomError(f.trustees, "PartialUnknown");
    });

    it("count each question for itself", async () => {
      const f = await finishedFixture();
      const sums = [77n, 78n];
      const hashes = await Promise.all(sums.map(async (log) => hashOf((await partialOf(f, 1, log)).sums)));
      await f.trustees.startDecryption(CONFIGURATION, DEADLINE, hashes);
      for (const [question, log] of sums.entries()) {
        for (const index of [1, 2]) {
          expect(await f.trustees.isDecrypted()).to.equal(false);
          const own = await partialOf(f, index, log, BigInt(question));
          const { shareKey, partials, proof } = own;
          await f.as(index).postPartial(index, question, CONFIGURATION, shareKey, own.sums, [...partials], [...proof]);
        }
      }
      expect(await f.trustees.isDecrypted()).to.equal(true);
    });

    it("refuse before the start and after the deadline", async () => {
      const f = await finishedFixture();
      const { shareKey, sums, partials, proof } = await partialOf(f, 1);
      const post = () => f.as(1).postPartial(1, 0, CONFIGURATION, shareKey, sums, [...partials], [...proof]);
      await expect(post()).to.be.revertedWithCustomError(f.trustees, "DecryptionNotOpen");
      const deadline = BigInt(await f.time.latest()) + 100n;
      await f.trustees.startDecryption(CONFIGURATION, deadline, [hashOf(sums)]);
      await f.time.setNextBlockTimestamp(deadline + 1n);
      await expect(post()).to.be.revertedWithCustomError(f.trustees, "DecryptionNotOpen");
    });
  });

  describe("a whole ceremony, 3 of 5", () => {
    it("ends with a key that three of the rest decrypt by, with one silent and one cheating trustee", async () => {
      const f = await ceremonyFixture({ n: 5, t: 3 });
      const { trustees } = f;
      // The fifth stays silent, and the second deals the first a share of its own making.
      const registered = [1, 2, 3, 4];
      await f.register(registered);
      await f.passTo("dealing");
      const dealt = await f.dealAll([1, 3, 4], registered);
      const round = await f.roundOf();
      const honest = await f.dealing(2, { registered });
      const wrong = await sealShare({ round, dealer: 2, receiver: 1 }, 5n, f.keyOf(1).key);
      const shares = new Uint8Array([...wrong, ...honest.shares.slice(81)]);
      const proof = forgePossession(await f.statementOf(2), honest.commitments, shares, {
        secret: honest.polynomial[0]!,
      });
      await f.send(2, { ...honest, proof, shares });

      expect(
        await openShare({ round, dealer: 2, receiver: 1 }, shareOfTrustee(shares, 2, 1, registered), f.keys[0]!),
      ).to.equal(5n);
      await f.as(1).complain(1, 2, hashOf(honest.commitments), shares);
      await f.passTo("finishing");
      await f.finish(dealt.values());
      await trustees.deriveShareKeys(sumOf(dealt.values()), 5);

      const qualified = [1, 3, 4];
      const log = 4_242n;
      const sum = Point.BASE.multiply(log).toAffine();
      await trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf([sum.x, sum.y])]);
      const posted: { index: number; partials: readonly bigint[] }[] = [];
      for (const index of [2, 3, 4]) {
        const own = new Map<number, bigint>();
        for (const dealer of qualified) {
          const { shares: bytes, polynomial } = dealt.get(dealer)!;
          const isOwn = dealer === index;
          const share = isOwn
            ? valueAt(polynomial, BigInt(index))
            : await openShare(
                { round, dealer, receiver: index },
                shareOfTrustee(bytes, dealer, index, registered),
                f.keys[index - 1]!,
              );
          own.set(dealer, share);
        }
        const secret = secretShare(qualified, own);
        const { partials, proof } = partialDecryption(
          {
            chainId: f.chainId,
            contract: f.contract,
            configuration: CONFIGURATION,
            question: 0n,
            trustee: BigInt(index),
            sums: [sum],
          },
          secret,
        );
        const shareKey = wordsOf(Point.BASE.multiply(secret).toAffine());
        await f.as(index).postPartial(index, 0, CONFIGURATION, shareKey, [sum.x, sum.y], [...partials], [...proof]);
        posted.push({ index, partials });
      }
      expect(await trustees.isDecrypted()).to.equal(true);

      const [x, y] = await trustees.key();
      const message = Point.BASE.multiply(99n);
      const c2 = Point.fromAffine({ x, y }).multiply(log).add(message).toAffine();
      const open = (some: typeof posted) => combinePartials({ c1: [sum], c2: [c2] }, some)[0];
      expect(open(posted)).to.deep.equal(message.toAffine());
      expect(open(posted.slice(1))).not.to.deep.equal(message.toAffine());

      // The fifth was dealt nothing, and has nothing to decrypt with.
      const derived = await trustees.queryFilter(trustees.filters.ShareKeyDerived());
      expect(derived.at(-1)!.args.slice(0, 3)).to.deep.equal([5n, 0n, 0n]);
    });
  });

  describe("gas", () => {
    it("stays below a million for each call with 16 trustees, 8 of whom decrypt", async () => {
      const f = await ceremonyFixture({ n: 16, t: 8 });
      await f.register();
      const gas: Record<string, bigint> = {};
      const note = (name: string, used: bigint) => {
        gas[name] = used > (gas[name] ?? 0n) ? used : gas[name]!;
      };
      const dealt = new Map<number, Awaited<ReturnType<typeof f.dealing>>>();
      for (const index of f.everyone) {
        const own = await f.dealing(index);
        dealt.set(index, own);
        note("deal", await gasOf(f.send(index, own)));
      }
      const { commitments, shares, polynomial } = dealt.get(1)!;
      note("complain", await gasOf(f.as(16).complain(16, 1, hashOf(commitments), shares)));
      await f.passTo("answers");
      const share = valueAt(polynomial, 16n);
      note("reveal", await gasOf(f.as(1).reveal(1, 16, share, [...commitments], keccak256(shares))));
      note("finish", await gasOf(f.finish(dealt.values())));
      const sums = sumOf(dealt.values());
      for (const last of [4, 8, 12, 16]) note("deriveShareKeys", await gasOf(f.trustees.deriveShareKeys(sums, last)));
      for (const [name, used] of Object.entries(gas)) expect(used, name).to.be.lessThan(1_000_000n);
    });
  });
});
