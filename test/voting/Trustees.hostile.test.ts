import { expect } from "chai";
import { id, keccak256 } from "ethers";

import { sealShare } from "../../src/voting/ceremony/sealShare.js";
import { checkDealing } from "../../src/voting/ceremony/checkDealing.js";
import { lagrangeCoefficients } from "../../src/voting/lagrangeCoefficients.js";
import { modOrder, ORDER, Point } from "../../src/voting/curve.js";
import { partialDecryption, type PartialDecryptionStatement } from "../../src/voting/partialDecryption.js";
import { addressOf, forgePossession, hashOf, possessionHash, valueAt } from "./ceremonyForge.js";
import { ceremonyFixture, PHASE, wordsOf } from "./ceremonyFixture.js";

const CONFIGURATION = id("election");
const DEADLINE = 2n ** 40n - 1n;

function committed(polynomial: readonly bigint[]): bigint[] {
  return polynomial.flatMap((coefficient) => wordsOf(Point.BASE.multiply(coefficient).toAffine()));
}

function summed(polynomials: readonly (readonly bigint[])[]): bigint[] {
  return polynomials[0]!.flatMap((_, k) => {
    const sum = modOrder(polynomials.reduce((total, own) => total + own[k]!, 0n));
    return wordsOf(sum === 0n ? undefined : Point.BASE.multiply(sum).toAffine());
  });
}

/** Everybody deals the polynomial given. */
async function dealt(polynomials: readonly (readonly bigint[])[], options?: Parameters<typeof ceremonyFixture>[0]) {
  const f = await ceremonyFixture(options);
  await f.register();
  const dealings = [];
  for (const [i, polynomial] of polynomials.entries()) {
    const dealing = await f.dealing(i + 1, { polynomial });
    await f.send(i + 1, dealing);
    dealings.push(dealing);
  }
  return { ...f, dealings };
}

const A = [11n, 12n];
const B = [21n, 22n];
const C = [31n, 32n];

/** Trustees with a key, whose shares the attacker is told. */
async function decrypting(logs: readonly bigint[] = [77n], election = CONFIGURATION) {
  const f = await dealt([A, B, C]);
  await f.passTo("answers");
  await f.finish(f.dealings);
  await f.trustees.deriveShareKeys(summed([A, B, C]), 3);
  const shareOf = (index: number) => modOrder([A, B, C].reduce((sum, own) => sum + valueAt(own, BigInt(index)), 0n));
  const sums = logs.map((log) => Point.BASE.multiply(log).toAffine());
  await f.trustees.startDecryption(
    election,
    DEADLINE,
    sums.map(({ x, y }) => hashOf([x, y])),
  );
  const statementOf = (index: number, question = 0): PartialDecryptionStatement => ({
    chainId: f.chainId,
    contract: f.contract,
    configuration: election,
    question: BigInt(question),
    trustee: BigInt(index),
    sums: [sums[question]!],
  });
  const post = (
    index: number,
    { partials, proof }: { readonly partials: readonly bigint[]; readonly proof: readonly bigint[] },
    change: { question?: number; of?: number; sum?: { x: bigint; y: bigint }; configuration?: string } = {},
  ) => {
    const { question = 0, of = index, configuration = election } = change;
    const { x, y } = change.sum ?? sums[question]!;
    const shareKey = wordsOf(Point.BASE.multiply(shareOf(of)).toAffine());
    return f.as(index).postPartial(index, question, configuration, shareKey, [x, y], [...partials], [...proof]);
  };
  return { ...f, shareOf, sums, statementOf, post };
}

describe("Trustees under attack", () => {
  describe("a dealer without its constant term", () => {
    it("cannot choose a key that cancels the others'", async () => {
      const f = await ceremonyFixture();
      await f.register();
      await f.send(1, await f.dealing(1, { polynomial: A }));
      await f.send(2, await f.dealing(2, { polynomial: B }));
      // The rogue wants H = 5·G, and knows neither A nor B.
      const wanted = Point.BASE.multiply(5n);
      const others = [A, B].map(([constant]) => Point.BASE.multiply(constant!));
      const rogue = others.reduce((left, point) => left.subtract(point), wanted);
      const commitments = [...wordsOf(rogue.toAffine()), ...wordsOf(Point.BASE.toAffine())];
      const { shares } = await f.dealing(3);
      const statement = await f.statementOf(3);
      for (const proof of [
        forgePossession(statement, commitments, shares, { secret: 5n }),
        // R chosen to fit a challenge that is chosen first.
        [7n, 9n],
        // A challenge that cancels the constant term, and one that is another number of the same rest.
        [0n, 9n],
        [ORDER, 9n],
      ] as const) {
        await expect(f.as(3).deal(3, commitments, [...proof], shares))
          .to.be.revertedWithCustomError(f.trustees, "PossessionNotProven")
          .withArgs(3n);
      }
      // The same forging code proves a term that it knows.
      const known = committed([5n, 1n]);
      await f.as(3).deal(3, known, forgePossession(statement, known, shares, { secret: 5n }), shares);
    });

    it("cannot prove by a challenge of zero, where R is a multiple of the base point", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const { commitments, shares } = await f.dealing(1);
      const nonce = 3n;
      const hash = possessionHash(await f.statementOf(1), commitments, shares, addressOf(Point.BASE.multiply(nonce)));
      for (const proof of [
        [0n, nonce],
        [hash, nonce],
        [hash + ORDER, nonce],
        [hash, ORDER + nonce],
      ] as const) {
        if (proof[0] >= 2n ** 256n) continue;
        await expect(f.as(1).deal(1, [...commitments], [...proof], shares))
          .to.be.revertedWithCustomError(f.trustees, "PossessionNotProven")
          .withArgs(1n);
      }
    });

    it("cannot replay another's dealing under its own index, nor bend its shares or its later commitments", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const honest = await f.dealing(1);
      const [x, y] = honest.commitments as [bigint, bigint];
      const replay = (commitments: readonly bigint[], shares: Uint8Array) =>
        expect(f.as(2).deal(2, [...commitments], [...honest.proof], shares))
          .to.be.revertedWithCustomError(f.trustees, "PossessionNotProven")
          .withArgs(2n);
      await replay(honest.commitments, honest.shares);
      const bend = (commitments: readonly bigint[], shares: Uint8Array) =>
        expect(f.as(1).deal(1, [...commitments], [...honest.proof], shares))
          .to.be.revertedWithCustomError(f.trustees, "PossessionNotProven")
          .withArgs(1n);
      await bend(
        honest.commitments,
        honest.shares.map((byte, i) => (i === 161 ? byte ^ 1 : byte)),
      );
      await bend([x, y, ...wordsOf(Point.BASE.toAffine())], honest.shares);
      await f.send(1, honest);
    });

    it("cannot replay its own proof in another round, of another contract, chain or size of the body", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const statement = await f.statementOf(1);
      const { commitments, shares } = await f.dealing(1);
      const secret = 5n;
      const points = [...wordsOf(Point.BASE.multiply(secret).toAffine()), ...commitments.slice(2)];
      const { round } = statement;
      for (const change of [
        { round: { ...round, round: 1 } },
        { round: { ...round, chainId: round.chainId + 1n } },
        { round: { ...round, contract: f.signers[0]!.address } },
        { dealer: 2 },
        { address: f.signers[1]!.address },
        { trustees: 4 },
        { threshold: 3 },
      ]) {
        const proof = forgePossession({ ...statement, ...change }, points, shares, { secret });
        await expect(f.as(1).deal(1, points, proof, shares)).to.be.revertedWithCustomError(
          f.trustees,
          "PossessionNotProven",
        );
        expect(() => {
          checkDealing(statement, { commitments: points, proof, shares }, 3);
        }).to.throw();
      }
      await f.as(1).deal(1, points, forgePossession(statement, points, shares, { secret }), shares);
    });

    it("cannot deal in the next round what it dealt in the last", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const first = await f.dealing(1);
      await f.send(1, first);
      await f.passTo("answers");
      await f.trustees.restart();
      await f.register();
      await expect(f.send(1, first)).to.be.revertedWithCustomError(f.trustees, "PossessionNotProven");
    });
  });

  describe("polynomials that meet", () => {
    it("with a value of zero at another's index: the share 0 is right, and any other is wrong", async () => {
      // a_0 + 2·a_1 = 0.
      const zero = [ORDER - 2n * 7n, 7n];
      const f = await dealt([zero, B, C]);
      const { commitments, shares } = f.dealings[0]!;
      await f.as(2).complain(2, 1, hashOf(commitments), shares);
      await f.passTo("answers");
      const reveal = (share: bigint) => f.as(1).reveal(1, 2, share, [...commitments], keccak256(shares));
      for (const share of [1n, 7n, ORDER, ORDER - 1n]) {
        await expect(reveal(share)).to.be.revertedWithCustomError(f.trustees, "ShareWrong").withArgs(1n, 2n);
      }
      await expect(reveal(0n)).to.emit(f.trustees, "ShareRevealed").withArgs(0n, 1n, 2n, 0n);
      await expect(f.finish(f.dealings)).to.emit(f.trustees, "KeyMade");
    });

    it("with a sum that is zero at an index: that trustee is out, and the rest decrypt", async () => {
      // The sum of all is zero at 2.
      const last = modOrder(-(A[0]! + B[0]! + 2n * (A[1]! + B[1]! + C[1]!)));
      const polynomials = [A, B, [last, C[1]!]];
      const f = await dealt(polynomials);
      await f.passTo("answers");
      await f.finish(f.dealings);
      await expect(f.trustees.deriveShareKeys(summed(polynomials), 3))
        .to.emit(f.trustees, "ShareKeyDerived")
        .withArgs(2n, 0n, 0n);
      expect(await f.trustees.phase()).to.equal(PHASE.DONE);

      const sum = Point.BASE.multiply(77n).toAffine();
      await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf([sum.x, sum.y])]);
      // Without a public share nothing can be posted: neither for infinity nor for a share of the trustee's own.
      for (const words of [[0n, 0n], wordsOf(Point.BASE.multiply(9n).toAffine())] as [bigint, bigint][]) {
        await expect(f.as(2).postPartial(2, 0, CONFIGURATION, words, [sum.x, sum.y], [0n, 0n], []))
          .to.be.revertedWithCustomError(f.trustees, "ShareKeyUnknown")
          .withArgs(2n);
      }
      const points = [1, 3].map((index) => {
        const share = modOrder(polynomials.reduce((total, own) => total + valueAt(own, BigInt(index)), 0n));
        return Point.fromAffine(sum).multiply(share);
      });
      const [x, y] = await f.trustees.key();
      const [one, three] = lagrangeCoefficients([1, 3]) as [bigint, bigint];
      const opened = points[0]!.multiply(one).add(points[1]!.multiply(three));
      expect(opened.equals(Point.fromAffine({ x, y }).multiply(77n))).to.equal(true);
    });

    it("equal ones of two dealers are added as any", async () => {
      const f = await dealt([A, A, C]);
      await f.passTo("answers");
      await f.finish(f.dealings);
      expect(await f.trustees.key()).to.deep.equal(committed([2n * A[0]! + C[0]!]));
      await expect(f.trustees.deriveShareKeys(summed([A, A, C]), 3)).to.emit(f.trustees, "ShareKeyDerived");
    });

    it("equal ones of all dealers, whose sum doubles again and again", async () => {
      const f = await dealt([A, A, A, A, A], { n: 5, t: 2 });
      await f.passTo("answers");
      await f.finish(f.dealings);
      expect(await f.trustees.key()).to.deep.equal(committed([5n * A[0]!]));
      await f.trustees.deriveShareKeys(summed([A, A, A, A, A]), 5);
      expect(await f.trustees.phase()).to.equal(PHASE.DONE);
    });

    it("with constant terms that cancel out: the key is infinity, and another round begins", async () => {
      const opposite = [ORDER - A[0]!, B[1]!];
      const f = await dealt([A, opposite], { n: 3, t: 2 });
      await f.passTo("answers");
      const finishing = f.finish(f.dealings);
      await expect(finishing).to.emit(f.trustees, "CeremonyFailed").withArgs(0n);
      await expect(finishing).to.emit(f.trustees, "CeremonyStarted").withArgs(1n);
      expect(await f.trustees.key()).to.deep.equal([0n, 0n]);
      expect(await f.trustees.phase()).to.equal(PHASE.REGISTRATION);
    });

    it("opposite ones throughout: the key is infinity, and another round begins", async () => {
      const f = await dealt([A, A.map((coefficient) => ORDER - coefficient)]);
      await f.passTo("answers");
      await expect(f.finish(f.dealings)).to.emit(f.trustees, "CeremonyStarted").withArgs(1n);
    });

    it("with later terms that cancel out: all shares are the key, which the contract computes as any", async () => {
      const polynomials = [A, [B[0]!, ORDER - A[1]!]];
      const f = await dealt(polynomials);
      await f.passTo("answers");
      await f.finish(f.dealings);
      const sums = summed(polynomials);
      expect(sums.slice(2)).to.deep.equal([0n, 0n]);
      await f.trustees.deriveShareKeys(sums, 3);
      const derived = await f.trustees.queryFilter(f.trustees.filters.ShareKeyDerived());
      for (const { args } of derived) expect([args.x, args.y]).to.deep.equal(committed([A[0]! + B[0]!]));
    });
  });

  describe("complaints", () => {
    it("of another, of oneself, of a trustee that was dealt nothing, and of strangers are refused", async () => {
      const f = await ceremonyFixture({ n: 4, t: 2 });
      await f.register([1, 2, 3]);
      await f.passTo("dealing");
      const [first] = [...(await f.dealAll([1, 2], [1, 2, 3])).values()] as [Awaited<ReturnType<typeof f.dealing>>];
      await f.passTo("complaints");
      const { shares } = first;
      const hash = hashOf(first.commitments);
      await expect(f.as(2).complain(3, 1, hash, shares)).to.be.revertedWithCustomError(f.trustees, "NotATrustee");
      await expect(f.trustees.connect(f.stranger).complain(2, 1, hash, shares)).to.be.revertedWithCustomError(
        f.trustees,
        "NotATrustee",
      );
      for (const index of [1, 4]) {
        await expect(f.as(index).complain(index, 1, hash, shares))
          .to.be.revertedWithCustomError(f.trustees, "TrusteeNotRegistered")
          .withArgs(index);
      }
      // Nor of one that did not deal, is not registered or is none.
      for (const dealer of [3, 4, 0, 17, 40, 255]) {
        await expect(f.as(2).complain(2, dealer, hash, shares))
          .to.be.revertedWithCustomError(f.trustees, "DealingUnknown")
          .withArgs(dealer);
      }
    });

    it("twice, before and after an answer, are refused", async () => {
      const f = await dealt([A, B, C]);
      const { commitments, shares } = f.dealings[0]!;
      await f.as(2).complain(2, 1, hashOf(commitments), shares);
      await expect(f.as(2).complain(2, 1, hashOf(commitments), shares))
        .to.be.revertedWithCustomError(f.trustees, "StepDoneBefore")
        .withArgs(2n);
      await f.passTo("answers");
      await f.as(1).reveal(1, 2, valueAt(A, 2n), [...commitments], keccak256(shares));
      await expect(f.as(2).complain(2, 1, hashOf(commitments), shares)).to.be.revertedWithCustomError(
        f.trustees,
        "CeremonyPhaseWrong",
      );
    });

    it("about other bytes than were dealt are refused", async () => {
      const f = await dealt([A, B, C]);
      const { commitments, shares } = f.dealings[0]!;
      const other = f.dealings[1]!;
      for (const [words, bytes] of [
        [commitments, shares.map((byte, i) => (i === 40 ? byte ^ 1 : byte))],
        [commitments, shares.slice(0, 81)],
        [commitments, new Uint8Array([...shares, 0])],
        [other.commitments, shares],
        [other.commitments, other.shares],
      ] as const) {
        await expect(f.as(2).complain(2, 1, hashOf(words), bytes))
          .to.be.revertedWithCustomError(f.trustees, "DealingUnknown")
          .withArgs(1n);
      }
    });

    it("of one round do not count in the next", async () => {
      const f = await dealt([A, B, C]);
      for (const [i, accused] of [
        [2, 1],
        [3, 2],
      ] as const) {
        const { commitments, shares } = f.dealings[accused - 1]!;
        await f.as(i).complain(i, accused, hashOf(commitments), shares);
      }
      await f.passTo("finishing");
      await f.trustees.restart();
      await f.register();
      await f.dealAll();
      await f.passTo("answers");
      expect(await f.trustees.phase()).to.equal(PHASE.FINISHING);
      const { commitments, shares } = f.dealings[0]!;
      await expect(
        f.as(1).reveal(1, 2, valueAt(A, 2n), [...commitments], keccak256(shares)),
      ).to.be.revertedWithCustomError(f.trustees, "CeremonyPhaseWrong");
    });
  });

  describe("answers", () => {
    async function accused(): Promise<Awaited<ReturnType<typeof dealt>>> {
      const f = await dealt([A, B, C]);
      const { commitments, shares } = f.dealings[0]!;
      await f.as(2).complain(2, 1, hashOf(commitments), shares);
      return f;
    }

    it("with a wrong share, that of another, or one of the same rest are refused", async () => {
      const f = await accused();
      const { commitments, shares } = f.dealings[0]!;
      await f.passTo("answers");
      const right = valueAt(A, 2n);
      for (const share of [0n, right + 1n, ORDER - right, right + ORDER, valueAt(A, 3n), valueAt(B, 2n)]) {
        await expect(f.as(1).reveal(1, 2, share, [...commitments], keccak256(shares)))
          .to.be.revertedWithCustomError(f.trustees, "ShareWrong")
          .withArgs(1n, 2n);
      }
    });

    it("under other commitments, by another, or to nobody's complaint are refused", async () => {
      const f = await accused();
      const { commitments, shares } = f.dealings[0]!;
      const hash = keccak256(shares);
      await f.passTo("answers");
      for (const [words, bytes] of [
        [committed(B), hash],
        [[...commitments, 0n, 0n], hash],
        [commitments, id("other")],
      ] as const) {
        await expect(f.as(1).reveal(1, 2, valueAt(B, 2n), [...words], bytes))
          .to.be.revertedWithCustomError(f.trustees, "DealingUnknown")
          .withArgs(1n);
      }
      await expect(f.as(3).reveal(1, 2, valueAt(A, 2n), [...commitments], hash)).to.be.revertedWithCustomError(
        f.trustees,
        "NotATrustee",
      );
      for (const [index, dealer] of [
        [3, 1],
        [0, 1],
        [34, 1],
        [224, 1],
        [1, 3],
      ] as const) {
        await expect(f.as(dealer).reveal(dealer, index, valueAt(A, 2n), [...commitments], hash))
          .to.be.revertedWithCustomError(f.trustees, "ComplaintUnknown")
          .withArgs(dealer, index);
      }
    });

    it("before the complaints end and after their own period are refused, and the dealer is out", async () => {
      const f = await accused();
      const { commitments, shares } = f.dealings[0]!;
      const reveal = () => f.as(1).reveal(1, 2, valueAt(A, 2n), [...commitments], keccak256(shares));
      await expect(reveal()).to.be.revertedWithCustomError(f.trustees, "CeremonyPhaseWrong").withArgs(PHASE.COMPLAINTS);
      await f.passTo("finishing");
      await expect(reveal()).to.be.revertedWithCustomError(f.trustees, "CeremonyPhaseWrong").withArgs(PHASE.FINISHING);
      await expect(f.finish(f.dealings)).to.be.revertedWithCustomError(f.trustees, "DealersWrong").withArgs(3n, 2n);
      await expect(f.finish([f.dealings[0]!, f.dealings[1]!]))
        .to.be.revertedWithCustomError(f.trustees, "DealingUnknown")
        .withArgs(2n);
      await f.finish(f.dealings.slice(1));
      expect(await f.trustees.key()).to.deep.equal(committed([B[0]! + C[0]!]));
    });
  });

  describe("who stays silent", () => {
    it("after registering is left out, with shares of the rest", async () => {
      const f = await ceremonyFixture({ n: 5, t: 3 });
      await f.register();
      const dealings = await f.dealAll([1, 2, 4]);
      expect(await f.trustees.phase()).to.equal(PHASE.DEALING);
      await f.passTo("answers");
      await expect(f.finish(dealings.values())).to.emit(f.trustees, "KeyMade");
      const sums = summed([...dealings.values()].map(({ polynomial }) => polynomial));
      await f.trustees.deriveShareKeys(sums, 5);
      const derived = await f.trustees.queryFilter(f.trustees.filters.ShareKeyDerived());
      // It can still decrypt: it was dealt shares.
      expect(derived.every(({ args }) => args.x !== 0n)).to.equal(true);
    });

    it("in too great numbers starts another round", async () => {
      const f = await ceremonyFixture({ n: 5, t: 3 });
      await f.register();
      const dealings = await f.dealAll([1, 2]);
      await f.passTo("answers");
      await expect(f.finish(dealings.values()))
        .to.be.revertedWithCustomError(f.trustees, "RoundFailed")
        .withArgs(2n, 3n);
      await expect(f.trustees.restart()).to.emit(f.trustees, "CeremonyStarted").withArgs(1n);
    });

    it("without registering has no public share", async () => {
      const f = await ceremonyFixture();
      await f.register([1, 3]);
      await f.passTo("dealing");
      const dealings = await f.dealAll([1, 3], [1, 3]);
      await f.passTo("answers");
      await f.finish(dealings.values());
      const sums = summed([...dealings.values()].map(({ polynomial }) => polynomial));
      await expect(f.trustees.deriveShareKeys(sums, 3)).to.emit(f.trustees, "ShareKeyDerived").withArgs(2n, 0n, 0n);
      const sum = Point.BASE.toAffine();
      await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf([sum.x, sum.y])]);
      // It may learn its share from the others' (they collude), and still not post.
      const share = [...dealings.values()].reduce((total, own) => modOrder(total + valueAt(own.polynomial, 2n)), 0n);
      const key = wordsOf(Point.BASE.multiply(share).toAffine());
      const { partials, proof } = partialDecryption(
        {
          chainId: f.chainId,
          contract: f.contract,
          configuration: CONFIGURATION,
          question: 0n,
          trustee: 2n,
          sums: [sum],
        },
        share,
      );
      await expect(f.as(2).postPartial(2, 0, CONFIGURATION, key, [sum.x, sum.y], [...partials], [...proof]))
        .to.be.revertedWithCustomError(f.trustees, "ShareKeyUnknown")
        .withArgs(2n);
    });
  });

  describe("a wrong encrypted share", () => {
    it("is public for the contract only once its dealer must answer, who then can but reveal the right one", async () => {
      const f = await ceremonyFixture();
      await f.register();
      const honest = await f.dealing(1, { polynomial: A });
      const route = { round: await f.roundOf(), dealer: 1, receiver: 2 };
      const shares = new Uint8Array([...(await sealShare(route, 6n, f.keyOf(2).key)), ...honest.shares.slice(81)]);
      const proof = forgePossession(await f.statementOf(1), honest.commitments, shares, { secret: A[0]! });
      await f.send(1, { commitments: honest.commitments, proof, shares });
      const rest = await f.dealAll([2, 3]);
      await f.as(2).complain(2, 1, hashOf(honest.commitments), shares);
      await f.passTo("answers");
      const reveal = (share: bigint) => f.as(1).reveal(1, 2, share, [...honest.commitments], keccak256(shares));
      await expect(reveal(6n)).to.be.revertedWithCustomError(f.trustees, "ShareWrong");
      await reveal(valueAt(A, 2n));
      await f.finish([{ ...honest, shares }, ...rest.values()]);
      expect((await f.trustees.key())[0]).not.to.equal(0n);
    });
  });

  describe("partial decryptions", () => {
    it("chosen after a challenge without them are refused", async () => {
      const { trustees, post, shareOf, sums, statementOf } = await decrypting();
      const sum = Point.fromAffine(sums[0]!);
      const share = shareOf(1);
      const [a, b] = [123n, 456n];
      const t2 = sum.multiply(b);
      // c as it would be without D: known first, and D made to fit both equations.
      const { chainId, contract } = statementOf(1);
      const words = [
        ...[BigInt(id("diwan/partial-decryption/v1")), chainId, BigInt(contract), BigInt(CONFIGURATION), 0n, 1n],
        ...wordsOf(Point.BASE.multiply(share).toAffine()),
        ...wordsOf(sum.toAffine()),
        ...[BigInt(addressOf(Point.BASE.multiply(a))), BigInt(addressOf(t2))],
      ];
      const c = modOrder(BigInt(hashOf(words)));
      const z = modOrder(a + c * share);
      const forged = sum.multiply(z).subtract(t2).multiply(Point.Fn.inv(c));
      expect(forged.equals(sum.multiply(share))).to.equal(false);
      expect(sum.multiply(z).equals(t2.add(forged.multiply(c)))).to.equal(true);
      const product = forged.multiply(c);
      const inverse = Point.Fp.inv(Point.Fp.sub(product.toAffine().x, t2.toAffine().x));
      const proof = [c, z, ...wordsOf(t2.toAffine()), ...wordsOf(product.toAffine()), inverse];
      await expect(post(1, { partials: wordsOf(forged.toAffine()), proof })).to.be.revertedWithCustomError(
        trustees,
        "PartialDecryptionChallengeWrong",
      );
    });

    const elsewhere: [string, Partial<PartialDecryptionStatement>][] = [
      ["another chain", { chainId: 1n }],
      ["another contract", { contract: `0x${"11".repeat(20)}` }],
      ["another election", { configuration: id("another") }],
      ["another question", { question: 1n }],
      ["another trustee", { trustee: 2n }],
    ];
    for (const [name, change] of elsewhere) {
      it(`of ${name} are refused`, async () => {
        const { trustees, post, shareOf, statementOf } = await decrypting([77n, 77n]);
        const forged = partialDecryption({ ...statementOf(1), ...change }, shareOf(1));
        await expect(post(1, forged)).to.be.revertedWithCustomError(trustees, "PartialDecryptionChallengeWrong");
      });
    }

    it("of another sum, configuration or question than was handed over are refused", async () => {
      const { trustees, post, shareOf, statementOf, sums } = await decrypting();
      const own = partialDecryption(statementOf(1), shareOf(1));
      const other = Point.BASE.multiply(78n).toAffine();
      for (const change of [{ sum: other }, { configuration: id("another") }, { question: 1, sum: sums[0]! }]) {
        await expect(post(1, own, change))
          .to.be.revertedWithCustomError(trustees, "DecryptionStatementUnknown")
          .withArgs(change.question ?? 0);
      }
    });

    it("with another's share are refused, whoever posts them", async () => {
      const f = await decrypting();
      const second = partialDecryption(f.statementOf(2), f.shareOf(2));
      // Under the own index with the other's public share; for the other index; and with the own public share.
      await expect(f.post(1, second, { of: 2 }))
        .to.be.revertedWithCustomError(f.trustees, "ShareKeyUnknown")
        .withArgs(1n);
      await expect(f.post(1, second)).to.be.revertedWithCustomError(f.trustees, "PartialDecryptionChallengeWrong");
      const [x, y] = wordsOf(f.sums[0]);
      const key = wordsOf(Point.BASE.multiply(f.shareOf(2)).toAffine());
      await expect(
        f.as(1).postPartial(2, 0, CONFIGURATION, key, [x, y], [...second.partials], [...second.proof]),
      ).to.be.revertedWithCustomError(f.trustees, "NotATrustee");
    });

    it("are posted once", async () => {
      const f = await decrypting();
      await f.post(1, partialDecryption(f.statementOf(1), f.shareOf(1)));
      await expect(f.post(1, partialDecryption(f.statementOf(1), f.shareOf(1))))
        .to.be.revertedWithCustomError(f.trustees, "PartialPostedBefore")
        .withArgs(0n, 1n);
      expect(await f.trustees.partialsOf(0)).to.equal(1n);
    });

    it("of a sum at infinity are infinity, need no proof, and are still counted once", async () => {
      const f = await dealt([A, B, C]);
      await f.passTo("answers");
      await f.finish(f.dealings);
      await f.trustees.deriveShareKeys(summed([A, B, C]), 3);
      await f.trustees.startDecryption(CONFIGURATION, DEADLINE, [hashOf([0n, 0n])]);
      const share = modOrder([A, B, C].reduce((sum, own) => sum + valueAt(own, 1n), 0n));
      const key = wordsOf(Point.BASE.multiply(share).toAffine());
      const post = () => f.as(1).postPartial(1, 0, CONFIGURATION, key, [0n, 0n], [0n, 0n], []);
      await post();
      await expect(post()).to.be.revertedWithCustomError(f.trustees, "PartialPostedBefore");
    });
  });
});
