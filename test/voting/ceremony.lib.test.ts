import { expect } from "chai";
import { keccak256 } from "ethers";

import { aggregateCommitments } from "../../src/voting/ceremony/aggregateCommitments.js";
import { answerComplaint } from "../../src/voting/ceremony/answerComplaint.js";
import { checkDealing } from "../../src/voting/ceremony/checkDealing.js";
import { checkShare } from "../../src/voting/ceremony/checkShare.js";
import { type Dealing, dealShares } from "../../src/voting/ceremony/dealShares.js";
import { evaluateCommitments } from "../../src/voting/ceremony/evaluateCommitments.js";
import { evaluatePolynomial } from "../../src/voting/ceremony/evaluatePolynomial.js";
import { newPolynomial } from "../../src/voting/ceremony/newPolynomial.js";
import { openShare } from "../../src/voting/ceremony/openShare.js";
import { pointsOfCommitments } from "../../src/voting/ceremony/pointsOfCommitments.js";
import { sealShare } from "../../src/voting/ceremony/sealShare.js";
import { secretShare } from "../../src/voting/ceremony/secretShare.js";
import { shareKey } from "../../src/voting/ceremony/shareKey.js";
import { shareOfTrustee } from "../../src/voting/ceremony/shareOfTrustee.js";
import { modOrder, ORDER, Point } from "../../src/voting/curve.js";
import { lagrangeCoefficients } from "../../src/voting/lagrangeCoefficients.js";
import { codeOf } from "./codeOf.js";
import { forgePossession, possessionHash, addressOf, valueAt } from "./ceremonyForge.js";

const ROUND = { chainId: 31_337n, contract: `0x${"ab".repeat(20)}`, round: 0 };
const KEYS = [101n, 102n, 103n, 104n, 105n];
const REGISTERED = KEYS.map((secret, i) => ({ trustee: i + 1, key: Point.BASE.multiply(secret).toAffine() }));
const EVERYONE = REGISTERED.map(({ trustee }) => trustee);
/** A generator that repeats itself: the worst that can be drawn from. */
const STUCK = (length: number) => new Uint8Array(length).fill(7);

const statementOf = (dealer: number, threshold = 3) => {
  return { round: ROUND, dealer, address: `0x${`${dealer}${dealer}`.repeat(20)}`, trustees: 5, threshold };
};

async function deal(dealer: number) {
  const polynomial = newPolynomial({ round: ROUND, dealer, threshold: 3, secret: KEYS[dealer - 1]! });
  return { polynomial, ...(await dealShares(statementOf(dealer), polynomial, REGISTERED)) };
}

describe("key ceremony", () => {
  it("gives shares of one key, any three of which make it, and two do not", async () => {
    const dealings = await Promise.all(EVERYONE.map(deal));
    const qualified = [1, 3, 4, 5];
    const chosen = qualified.map((dealer) => dealings[dealer - 1]!);
    const shares = await Promise.all(
      EVERYONE.map(async (receiver) => {
        const own = new Map<number, bigint>();
        for (const dealer of qualified) {
          const { polynomial, commitments, shares } = dealings[dealer - 1]!;
          const share =
            dealer === receiver
              ? evaluatePolynomial(polynomial, dealer)
              : await openShare(
                  { round: ROUND, dealer, receiver },
                  shareOfTrustee(shares, dealer, receiver, EVERYONE),
                  KEYS[receiver - 1]!,
                );
          checkShare(pointsOfCommitments(commitments), receiver, share);
          expect(share).to.equal(valueAt(polynomial, BigInt(receiver)));
          own.set(dealer, share);
        }
        return secretShare(qualified, own);
      }),
    );
    const secret = chosen.reduce((sum, { polynomial }) => modOrder(sum + polynomial[0]!), 0n);
    const sums = aggregateCommitments(chosen.map(({ commitments }) => commitments));
    expect(sums[0]).to.deep.equal(Point.BASE.multiply(secret).toAffine());
    for (const [i, share] of shares.entries()) {
      expect(shareKey(share)).to.deep.equal(evaluateCommitments(sums, i + 1));
      checkShare(sums, i + 1, share);
    }
    const join = (indices: number[]) => {
      const coefficients = lagrangeCoefficients(indices);
      return modOrder(indices.reduce((sum, index, i) => sum + shares[index - 1]! * coefficients[i]!, 0n));
    };
    expect(join([1, 2, 3])).to.equal(secret);
    expect(join([2, 4, 5])).to.equal(secret);
    expect(join([2, 4])).not.to.equal(secret);
    expect(await codeOf(() => secretShare([1, 2], new Map([[1, 5n]])))).to.equal("SHARE_MISSING");
  });

  describe("newPolynomial", () => {
    it("differs by round, contract, dealer and secret though the generator repeats itself", () => {
      const base = { round: ROUND, dealer: 1, threshold: 3, secret: 5n, random: STUCK };
      const all = [
        base,
        { ...base, round: { ...ROUND, round: 1 } },
        { ...base, round: { ...ROUND, contract: `0x${"cd".repeat(20)}` } },
        { ...base, round: { ...ROUND, chainId: 1n } },
        { ...base, dealer: 2 },
        { ...base, secret: 6n },
      ].map(newPolynomial);
      expect(new Set(all.flat()).size).to.equal(18);
      expect(newPolynomial(base)).to.deep.equal(all[0]);
      expect(newPolynomial({ ...base, random: (length) => new Uint8Array(length) })).not.to.deep.equal(all[0]);
    });

    it("refuses thresholds and rounds that are none", async () => {
      const base = { round: ROUND, dealer: 1, threshold: 3, secret: 5n };
      for (const change of [
        { threshold: 1 },
        { threshold: 17 },
        { threshold: 2.5 },
        { round: { ...ROUND, round: -1 } },
        { round: { ...ROUND, round: 2 ** 32 } },
        { round: { ...ROUND, contract: "0x12" } },
        { round: { ...ROUND, chainId: -1n } },
      ]) {
        expect(await codeOf(() => newPolynomial({ ...base, ...change }))).to.equal("CEREMONY_MALFORMED");
      }
    });
  });

  describe("encrypted shares", () => {
    const route = { round: ROUND, dealer: 1, receiver: 2 };

    it("take 81 bytes, differ each time, and open for their receiver, zero among them", async () => {
      for (const share of [0n, 1n, ORDER - 1n]) {
        const sealed = await sealShare(route, share, REGISTERED[1]!.key);
        expect(sealed).to.have.length(81);
        expect(await openShare(route, sealed, KEYS[1]!)).to.equal(share);
        expect(await sealShare(route, share, REGISTERED[1]!.key)).not.to.deep.equal(sealed);
      }
    });

    it("use no key twice though the generator repeats itself", async () => {
      const seal = (change: object, share = 5n) =>
        sealShare({ ...route, ...change }, share, REGISTERED[1]!.key, STUCK).then((bytes) => bytes.slice(0, 33).join());
      const keys = await Promise.all([
        seal({}),
        seal({}, 6n),
        seal({ dealer: 3 }),
        seal({ receiver: 4 }),
        seal({ round: { ...ROUND, round: 1 } }),
      ]);
      expect(new Set(keys).size).to.equal(keys.length);
    });

    it("open for nobody else, and nowhere else", async () => {
      const sealed = await sealShare(route, 5n, REGISTERED[1]!.key);
      for (const change of [
        { dealer: 3 },
        { receiver: 1 },
        { round: { ...ROUND, round: 1 } },
        { round: { ...ROUND, chainId: 1n } },
        { round: { ...ROUND, contract: `0x${"cd".repeat(20)}` } },
      ]) {
        expect(await codeOf(() => openShare({ ...route, ...change }, sealed, KEYS[1]!))).to.equal("SHARE_UNREADABLE");
      }
      expect(await codeOf(() => openShare(route, sealed, KEYS[2]!))).to.equal("SHARE_UNREADABLE");
    });

    it("are refused when any bit is another, they are cut short, or hold no share", async () => {
      const sealed = await sealShare(route, 5n, REGISTERED[1]!.key);
      for (let i = 0; i < sealed.length; i++) {
        const bent = sealed.map((byte, at) => (at === i ? byte ^ 1 : byte));
        expect(await codeOf(() => openShare(route, bent, KEYS[1]!)), `byte ${i}`).to.equal("SHARE_UNREADABLE");
      }
      for (const bytes of [sealed.slice(1), new Uint8Array(81), new Uint8Array()]) {
        expect(await codeOf(() => openShare(route, bytes, KEYS[1]!))).to.equal("SHARE_UNREADABLE");
      }
      // Encrypted well, and not below the order.
      const large = await sealShare(route, ORDER, REGISTERED[1]!.key);
      expect(await codeOf(() => openShare(route, large, KEYS[1]!))).to.equal("SHARE_UNREADABLE");
    });

    it("are not made for what is no key", async () => {
      for (const key of [
        { x: 0n, y: 0n },
        { x: 1n, y: 1n },
      ]) {
        expect(await codeOf(() => sealShare(route, 5n, key))).to.equal("DEALING_INVALID");
      }
    });
  });

  describe("dealShares and checkDealing", () => {
    it("prove to know the constant term, as another coder hashes it", async () => {
      const dealing = await deal(2);
      checkDealing(statementOf(2), dealing, 5);
      const [c, z] = dealing.proof;
      const r = Point.BASE.multiply(z).subtract(Point.BASE.multiply(dealing.polynomial[0]!).multiply(c));
      expect(possessionHash(statementOf(2), dealing.commitments, dealing.shares, addressOf(r))).to.equal(c);
    });

    it("never answer two challenges with one nonce, though the generator repeats itself", async () => {
      const polynomial = [5n, 6n, 7n];
      const one = await dealShares(statementOf(1), polynomial, REGISTERED, STUCK);
      const other = await dealShares(statementOf(1), polynomial, REGISTERED.slice(0, 4), STUCK);
      const [[c1, z1], [c2, z2]] = [one.proof, other.proof];
      expect(c1).not.to.equal(c2);
      expect(modOrder((z1 - z2) * Point.Fn.inv(modOrder(c1 - c2)))).not.to.equal(5n);
    });

    it("refuse polynomials of another degree or with a coefficient that is none", async () => {
      for (const polynomial of [[], [1n, 2n], [1n, 2n, 3n, 4n], [1n, 0n, 3n], [1n, 2n, ORDER], [-1n, 2n, 3n]]) {
        expect(await codeOf(() => dealShares(statementOf(1), polynomial, REGISTERED))).to.equal("DEALING_INVALID");
      }
    });

    it("refuse dealings of the wrong length, points that are none, and proofs of another secret", async () => {
      const dealing: Dealing = await deal(1);
      const { commitments, proof, shares } = dealing;
      const [x, y] = commitments as [bigint, bigint];
      const check = (change: Partial<Dealing>, statement = statementOf(1), registered = 5) =>
        codeOf(() => {
          checkDealing(statement, { ...dealing, ...change }, registered);
        });
      expect(await check({})).to.equal("none");
      expect(await check({ commitments: commitments.slice(2) })).to.equal("DEALING_INVALID");
      expect(await check({ shares: shares.slice(1) })).to.equal("DEALING_INVALID");
      expect(await check({}, statementOf(1), 4)).to.equal("DEALING_INVALID");
      for (const point of [
        [0n, 0n],
        [x, y + 1n],
        [x + ORDER, y],
      ] as const) {
        expect(await check({ commitments: [...point, ...commitments.slice(2)] })).to.equal("DEALING_INVALID");
      }
      for (const wrong of [
        [0n, proof[1]],
        [proof[0], proof[1] + ORDER],
        [proof[0] + ORDER, proof[1]],
        [proof[0], modOrder(proof[1] + 1n)],
        forgePossession(statementOf(1), commitments, shares, { secret: 9n }),
      ] as [bigint, bigint][]) {
        expect(await check({ proof: wrong })).to.equal("POSSESSION_NOT_PROVEN");
      }
      expect(await check({}, statementOf(2))).to.equal("POSSESSION_NOT_PROVEN");
    });
  });

  describe("checkShare", () => {
    it("takes the value at the index and no other", async () => {
      const { polynomial, commitments } = await deal(1);
      const points = pointsOfCommitments(commitments);
      const share = valueAt(polynomial, 4n);
      checkShare(points, 4, share);
      for (const wrong of [0n, share + 1n, ORDER - share, share + ORDER, -share, valueAt(polynomial, 3n)]) {
        expect(
          await codeOf(() => {
            checkShare(points, 4, wrong);
          }),
        ).to.equal("SHARE_WRONG");
      }
    });

    it("takes 0 where the polynomial is zero, and nothing else there", async () => {
      const points = [ORDER - 14n, 7n].map((coefficient) => Point.BASE.multiply(coefficient).toAffine());
      expect(evaluateCommitments(points, 2)).to.equal(undefined);
      checkShare(points, 2, 0n);
      for (const wrong of [1n, ORDER]) {
        expect(
          await codeOf(() => {
            checkShare(points, 2, wrong);
          }),
        ).to.equal("SHARE_WRONG");
      }
      expect(shareKey(0n)).to.equal(undefined);
    });
  });

  describe("aggregateCommitments", () => {
    it("adds equal and opposite points, and points at infinity", async () => {
      const words = (secret: bigint) => {
        const { x, y } = Point.BASE.multiply(secret).toAffine();
        return [x, y];
      };
      const sums = aggregateCommitments([
        [...words(3n), ...words(4n), 0n, 0n],
        [...words(3n), ...words(ORDER - 4n), ...words(9n)],
      ]);
      expect(sums).to.deep.equal([Point.BASE.multiply(6n).toAffine(), undefined, Point.BASE.multiply(9n).toAffine()]);
      for (const wrong of [[], [words(1n), [...words(1n), ...words(2n)]], [[1n, 1n]], [[...words(1n), 5n]]]) {
        expect(await codeOf(() => aggregateCommitments(wrong))).to.equal("DEALING_INVALID");
      }
    });
  });

  describe("shareOfTrustee and answerComplaint", () => {
    it("find a share among those of the registered, and nobody else's", async () => {
      const shares = new Uint8Array(81 * 3).map((_, i) => Math.floor(i / 81));
      expect(shareOfTrustee(shares, 2, 5, [5, 1, 2, 4])[0]).to.equal(2);
      expect(shareOfTrustee(shares, 2, 1, [5, 1, 2, 4])[0]).to.equal(0);
      for (const receiver of [2, 3, 6]) {
        expect(await codeOf(() => shareOfTrustee(shares, 2, receiver, [1, 2, 4, 5]))).to.equal("SHARE_MISSING");
      }
      expect(await codeOf(() => shareOfTrustee(shares.slice(1), 2, 5, [1, 2, 4, 5]))).to.equal("SHARE_MISSING");
    });

    it("reveal the complainant's share alone", async () => {
      const { polynomial, commitments, shares } = await deal(1);
      const answer = answerComplaint(polynomial, { commitments, shares }, 3);
      expect(answer.share).to.equal(valueAt(polynomial, 3n));
      expect(answer.sharesHash).to.equal(keccak256(shares));
      checkShare(pointsOfCommitments(commitments), 3, answer.share);
    });
  });
});
