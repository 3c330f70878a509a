import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { type ContractTransactionResponse, dataSlice, id, keccak256, solidityPackedKeccak256, toBeHex } from "ethers";
import { network } from "hardhat";

import { type PartialDecryptionStatement, partialDecryption } from "../../src/voting/partialDecryption.js";
import { VotingError, type VotingErrorCode } from "../../src/voting/VotingError.js";

const { Point } = secp256k1;
type Point = InstanceType<typeof Point>;

const N = Point.Fn.ORDER;
const P = Point.Fp.ORDER;
const G = Point.BASE;
const CHAIN = 31_337n;
const CONFIGURATION = id("election");
const QUESTION = 3n;
const TRUSTEE = 2n;
const SHARE = scalar("share");
/** Logarithms of the sums, which nobody but a test knows; 0 is infinity. */
const LOGS = [scalar("first"), scalar("second"), scalar("third")];
const TAG = id("diwan/partial-decryption/v1");

function scalar(name: string): bigint {
  return BigInt(id(name)) % N;
}

function times(point: Point, factor: bigint): Point {
  return point.multiplyUnsafe(Point.Fn.create(factor));
}

function words(points: readonly Point[]): bigint[] {
  return points.flatMap((point) => {
    const { x, y } = point.toAffine();
    return point.is0() ? [0n, 0n] : [x, y];
  });
}

function address(point: Point): bigint {
  return BigInt(dataSlice(keccak256(hex(words([point]))), 12));
}

function hex(values: readonly bigint[]): string {
  return `0x${values.map((value) => toBeHex(value, 32).slice(2)).join("")}`;
}

function challenge(statement: Omit<PartialDecryptionStatement, "sums">, publicShare: Point, rest: bigint[]): bigint {
  const { chainId, contract, configuration, question, trustee } = statement;
  const bound = [BigInt(TAG), chainId, BigInt(contract), BigInt(configuration), question, trustee];
  return BigInt(keccak256(hex([...bound, ...words([publicShare]), ...rest]))) % N;
}

function weights(sums: readonly Point[], partials: readonly Point[]): bigint[] {
  const seed = keccak256(hex([...words(sums), ...words(partials)]));
  return sums.map((_, group) =>
    group === 0 ? 1n : BigInt(solidityPackedKeccak256(["bytes32", "uint256"], [seed, group])) % N,
  );
}

/** The words after T2, for any challenge and response: what a prover can always compute, right or wrong. */
function products(sums: readonly Point[], partials: readonly Point[], c: bigint, z: bigint, t2: Point): bigint[] {
  const v = weights(sums, partials);
  const terms: Point[] = [];
  let isLead = true;
  for (const [group, sum] of sums.entries()) {
    if (sum.is0()) continue;
    terms.push(times(partials[group]!, c * v[group]!));
    if (!isLead) terms.push(times(sum, -z * v[group]!));
    isLead = false;
  }
  let { x, y } = t2.toAffine();
  let scale = 1n;
  for (const term of terms) {
    const next = term.toAffine();
    scale = Point.Fp.create(scale ** 3n * (next.x - x));
    ({ x, y } = Point.fromAffine({ x, y }).add(term).toAffine());
  }
  return [...words(terms), Point.Fp.inv(scale)];
}

async function gasOf(sending: Promise<unknown>): Promise<bigint> {
  const receipt = await ((await sending) as ContractTransactionResponse).wait();
  return receipt!.gasUsed;
}

interface Attempt {
  readonly statement?: Partial<PartialDecryptionStatement>;
  readonly sums?: readonly Point[];
  readonly partials?: readonly Point[];
  /** What the prover answers with in place of the share. */
  readonly secret?: bigint;
  readonly publicShare?: Point;
}

async function deploy(logs: readonly bigint[] = LOGS.slice(0, 1)) {
  const { ethers } = await network.create();
  const harness = await ethers.deployContract("PartialDecryptionHarness");
  const contract = await harness.getAddress();
  const sums = logs.map((log) => times(G, log));
  await harness.getFunction("configure")(CONFIGURATION);
  await harness.getFunction("setShare")(TRUSTEE, ...words([times(G, SHARE)]));
  await harness.getFunction("setSums")(QUESTION, words(sums));
  const statement: PartialDecryptionStatement = {
    chainId: CHAIN,
    contract,
    configuration: CONFIGURATION,
    question: QUESTION,
    trustee: TRUSTEE,
    sums: sums.map((sum) => (sum.is0() ? undefined : sum.toAffine())),
  };
  const check = (partials: readonly bigint[], proof: readonly bigint[]) =>
    harness.getFunction("check").staticCall(QUESTION, TRUSTEE, partials, proof);

  /** A proof made by the book with whatever is given, right or wrong. */
  const prove = (attempt: Attempt = {}) => {
    const claimed = { ...statement, ...attempt.statement };
    const s = attempt.sums ?? sums;
    const d = attempt.partials ?? s.map((sum) => times(sum, SHARE));
    const r = scalar("r");
    const t2 = times(
      weights(s, d).reduce((total, weight, group) => total.add(times(s[group]!, weight)), Point.ZERO),
      r,
    );
    const committed = [...words(s), ...words(d), address(times(G, r)), address(t2)];
    const c = challenge(claimed, attempt.publicShare ?? times(G, SHARE), committed);
    const z = Point.Fn.create(r + c * (attempt.secret ?? SHARE));
    return { partials: words(d), proof: [c, z, ...words([t2]), ...products(s, d, c, z, t2)] };
  };
  return { harness, contract, statement, sums, check, prove };
}

describe("PartialDecryption", () => {
  describe("check", () => {
    for (const groups of [1, 2, 3]) {
      it(`accepts the library's proof and the test's own over ${groups} groups`, async () => {
        const { statement, check, prove } = await deploy(LOGS.slice(0, groups));
        const { partials, proof } = partialDecryption(statement, SHARE);
        expect(partials).to.deep.equal(words(LOGS.slice(0, groups).map((log) => times(G, log * SHARE))));
        expect(proof).to.have.length(4 * groups + 3);
        await check(partials, proof);
        const own = prove();
        await check(own.partials, own.proof);
      });
    }

    for (const [name, logs] of [
      ["the first", [0n, LOGS[0]!, LOGS[1]!]],
      ["one in between", [LOGS[0]!, 0n, LOGS[1]!]],
      ["all but one", [0n, 0n, LOGS[0]!]],
    ] as const) {
      it(`leaves out groups whose sum is infinity: ${name}`, async () => {
        const { statement, check } = await deploy(logs);
        const { partials, proof } = partialDecryption(statement, SHARE);
        await check(partials, proof);
        expect(partials).to.deep.equal(words(logs.map((log) => times(G, log * SHARE))));
      });
    }

    it("wants no proof when every sum is infinity, and takes none", async () => {
      const { harness, statement, check } = await deploy([0n, 0n]);
      const { partials, proof } = partialDecryption(statement, SHARE);
      expect([partials, proof]).to.deep.equal([[0n, 0n, 0n, 0n], []]);
      await check(partials, proof);
      await expect(check(partials, [1n]))
        .to.be.revertedWithCustomError(harness, "PartialDecryptionLength")
        .withArgs(4n, 1n);
    });

    it("refuses a partial decryption of infinity that is not infinity, and the other way round", async () => {
      const { harness, statement, check } = await deploy([0n, LOGS[0]!]);
      const { partials, proof } = partialDecryption(statement, SHARE);
      const base = words([G]);
      for (const [given, x, y] of [
        [[...base, ...partials.slice(2)], base[0], base[1]],
        [[0n, 1n, ...partials.slice(2)], 0n, 1n],
        [[0n, 0n, 0n, 0n], 0n, 0n],
      ] as const) {
        await expect(check(given, proof))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionPointInvalid")
          .withArgs(x, y);
      }
    });

    it("refuses a partial decryption that is chosen after a challenge without it", async () => {
      const { harness, statement, sums, check } = await deploy();
      const [sum] = sums as [Point];
      const [a, b] = [scalar("a"), scalar("b")];
      const t2 = times(sum, b);
      const addresses = [address(times(G, a)), address(t2)];
      // The challenge as it would be without D: c is known first, and D made to fit.
      const c = challenge(statement, times(G, SHARE), [...words([sum]), ...addresses]);
      const z = Point.Fn.create(a + c * SHARE);
      const forged = times(times(sum, z).subtract(t2), Point.Fn.inv(c));
      expect(forged.equals(times(sum, SHARE))).to.equal(false);
      // Both equations hold, so that nothing but the hash stands against it.
      expect(times(G, z).equals(times(G, a).add(times(G, c * SHARE)))).to.equal(true);
      expect(times(sum, z).equals(t2.add(times(forged, c)))).to.equal(true);

      const hashed = challenge(statement, times(G, SHARE), [...words([sum, forged]), ...addresses]);
      await expect(check(words([forged]), [c, z, ...words([t2]), ...products([sum], [forged], c, z, t2)]))
        .to.be.revertedWithCustomError(harness, "PartialDecryptionChallengeWrong")
        .withArgs(c, hashed);
    });

    it("refuses errors that cancel out under the weights of other partial decryptions", async () => {
      const { harness, sums, check, prove } = await deploy(LOGS.slice(0, 2));
      const [first, second] = sums.map((sum) => times(sum, SHARE)) as [Point, Point];
      const [, weight] = weights(sums, [first, second]) as [bigint, bigint];
      const error = times(G, scalar("error"));
      const partials = [first.add(error), second.subtract(times(error, Point.Fn.inv(weight)))];
      const folded = partials[0]!.add(times(partials[1]!, weight));
      expect(folded.equals(first.add(times(second, weight)))).to.equal(true);
      const forged = prove({ partials });
      await expect(check(forged.partials, forged.proof))
        .to.be.revertedWithCustomError(harness, "PartialDecryptionRefused")
        .withArgs(QUESTION, TRUSTEE);
    });

    it("refuses partial decryptions made with another share, negated, swapped or of another sum", async () => {
      const { harness, sums, check, prove } = await deploy(LOGS.slice(0, 2));
      const right = sums.map((sum) => times(sum, SHARE)) as [Point, Point];
      for (const partials of [
        sums.map((sum) => times(sum, SHARE + 1n)),
        right.map((point) => point.negate()),
        [right[1], right[0]],
        [right[0], times(G, SHARE)],
        [times(sums[0]!, SHARE + 1n), right[1]],
      ]) {
        const forged = prove({ partials });
        await expect(check(forged.partials, forged.proof)).to.be.revertedWithCustomError(
          harness,
          "PartialDecryptionRefused",
        );
      }
    });

    const elsewhere: [string, Attempt][] = [
      ["another chain", { statement: { chainId: CHAIN + 1n } }],
      ["another contract", { statement: { contract: toBeHex(1n, 20) } }],
      ["another election", { statement: { configuration: id("another") } }],
      ["another question", { statement: { question: QUESTION + 1n } }],
      ["another trustee", { statement: { trustee: TRUSTEE + 1n } }],
      ["another sum", { sums: [times(G, LOGS[1]!)] }],
      ["another public share", { publicShare: times(G, SHARE + 1n) }],
      ["a secret that is not the share", { secret: SHARE + 1n }],
      ["another share throughout", { secret: SHARE + 1n, publicShare: times(G, SHARE + 1n) }],
    ];
    for (const [name, attempt] of elsewhere) {
      it(`refuses a proof for ${name}`, async () => {
        const { harness, check, prove } = await deploy();
        const forged = prove(attempt);
        await expect(check(forged.partials, forged.proof)).to.be.revertedWithCustomError(
          harness,
          "PartialDecryptionChallengeWrong",
        );
      });
    }

    it("refuses a right proof for another trustee of the same election, whose share it is not", async () => {
      const { harness, statement } = await deploy();
      const { partials, proof } = partialDecryption(statement, SHARE);
      await harness.getFunction("setShare")(TRUSTEE + 1n, ...words([times(G, SHARE + 1n)]));
      await expect(
        harness.getFunction("check").staticCall(QUESTION, TRUSTEE + 1n, partials, proof),
      ).to.be.revertedWithCustomError(harness, "PartialDecryptionChallengeWrong");
    });

    it("refuses challenges of 0, of the order and above, and any but the hash", async () => {
      const { harness, statement, check } = await deploy();
      const { partials, proof } = partialDecryption(statement, SHARE);
      for (const c of [0n, N, N + 1n, 2n ** 256n - 1n]) {
        await expect(check(partials, [c, ...proof.slice(1)]))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionChallengeWrong")
          .withArgs(c, 0n);
      }
      for (const c of [1n, proof[0]! + 1n, N - proof[0]!]) {
        await expect(check(partials, [c, ...proof.slice(1)])).to.be.revertedWithCustomError(
          harness,
          "PartialDecryptionChallengeWrong",
        );
      }
    });

    it("refuses responses of 0, of the order and above", async () => {
      const { harness, statement, check } = await deploy();
      const { partials, proof } = partialDecryption(statement, SHARE);
      for (const z of [0n, N, N + 1n, 2n ** 256n - 1n]) {
        await expect(check(partials, [proof[0]!, z, ...proof.slice(2)]))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionResponseInvalid")
          .withArgs(z);
      }
    });

    // The curve's order is prime. Points of small order are on other curves: y = 0 has order 2, x = 0 order 3.
    const base = G.toAffine();
    const nonsense: [string, bigint, bigint][] = [
      ["infinity", 0n, 0n],
      ["order 2 on another curve", 1n, 0n],
      ["order 3 on another curve", 0n, 1n],
      ["a point off the curve", base.x, base.y + 1n],
      ["y above the field's prime", base.x, P],
      ["x above the field's prime", P + 1n, base.y],
      ["x above the order", N + 1n, base.y],
    ];
    for (const [name, x, y] of nonsense) {
      it(`refuses ${name} as partial decryption and as commitment`, async () => {
        const { harness, statement, check } = await deploy();
        const { partials, proof } = partialDecryption(statement, SHARE);
        await expect(check([x, y], proof))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionPointInvalid")
          .withArgs(x, y);
        await expect(check(partials, [proof[0]!, proof[1]!, x, y, ...proof.slice(4)]))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionPointInvalid")
          .withArgs(x, y);
      });
    }

    it("refuses products that are wrong, even where they balance one another", async () => {
      const { harness, statement, check } = await deploy(LOGS.slice(0, 2));
      const { partials, proof } = partialDecryption(statement, SHARE);
      const shift = times(G, 5n);
      const pointAt = (cursor: number) => Point.fromAffine({ x: proof[cursor]!, y: proof[cursor + 1]! });
      const moved = [...proof];
      moved.splice(4, 2, ...words([pointAt(4).add(shift)]));
      moved.splice(6, 2, ...words([pointAt(6).subtract(shift)]));
      await expect(check(partials, moved))
        .to.be.revertedWithCustomError(harness, "PartialDecryptionProductWrong")
        .withArgs(4n);
      for (const cursor of [4, 6, 8]) {
        const negated = [...proof];
        negated.splice(cursor, 2, ...words([pointAt(cursor).negate()]));
        await expect(check(partials, negated))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionProductWrong")
          .withArgs(BigInt(cursor));
      }
    });

    it("refuses a wrong inverse", async () => {
      const { harness, statement, check } = await deploy();
      const { partials, proof } = partialDecryption(statement, SHARE);
      for (const inverse of [0n, proof[6]! + 1n, P - proof[6]!]) {
        await expect(check(partials, [...proof.slice(0, 6), inverse])).to.be.revertedWithCustomError(
          harness,
          "CurveInverseWrong",
        );
      }
    });

    it("refuses words too few or too many", async () => {
      const { harness, statement, check } = await deploy(LOGS.slice(0, 2));
      const { partials, proof } = partialDecryption(statement, SHARE);
      for (const [d, words_] of [
        [partials.slice(0, 2), proof],
        [partials.slice(0, 3), proof],
        [[...partials, 0n, 0n], proof],
        [partials, proof.slice(0, -1)],
        [partials, [...proof, 0n]],
        [partials, []],
      ] as const) {
        await expect(check(d, words_))
          .to.be.revertedWithCustomError(harness, "PartialDecryptionLength")
          .withArgs(BigInt(d.length), BigInt(words_.length));
      }
    });
  });

  describe("storage", () => {
    it("stores one word for any number of groups where the hash is stored", async () => {
      const { harness, statement } = await deploy(LOGS);
      const { partials, proof } = partialDecryption(statement, SHARE);
      await expect(harness.getFunction("postHash")(QUESTION, TRUSTEE, partials, proof))
        .to.emit(harness, "PartialDecryptionPosted")
        .withArgs(QUESTION, TRUSTEE, partials);
      expect(await harness.getFunction("hashOf")(QUESTION, TRUSTEE)).to.equal(keccak256(hex(partials)));
    });

    it("is dearer with the words stored, the more so the more groups there are", async () => {
      const saved: bigint[] = [];
      for (const groups of [1, 2, 3]) {
        const { harness, statement } = await deploy(LOGS.slice(0, groups));
        const { partials, proof } = partialDecryption(statement, SHARE);
        const hash = await gasOf(harness.getFunction("postHash")(QUESTION, TRUSTEE, partials, proof));
        const stored = await gasOf(harness.getFunction("postWords")(QUESTION, TRUSTEE, partials, proof));
        saved.push(stored - hash);
      }
      for (const [index, gas] of saved.entries()) expect(gas).to.be.at.least(15_000n + 35_000n * BigInt(index));
    });
  });
});

describe("partialDecryption", () => {
  const statement: PartialDecryptionStatement = {
    chainId: CHAIN,
    contract: toBeHex(7n, 20),
    configuration: CONFIGURATION,
    question: QUESTION,
    trustee: TRUSTEE,
    sums: [times(G, LOGS[0]!).toAffine()],
  };
  const broken = (length: number) => new Uint8Array(length);
  const secretOf = ([c, z]: readonly bigint[]) => Point.Fn.create(z! - c! * SHARE);

  it("draws a new secret for each proof", () => {
    const [one, two] = [partialDecryption(statement, SHARE), partialDecryption(statement, SHARE)];
    expect(one.partials).to.deep.equal(two.partials);
    expect(secretOf(one.proof)).not.to.equal(secretOf(two.proof));
  });

  it("draws another secret for each statement and share when the generator repeats itself", () => {
    const others = [
      { ...statement, chainId: 1n },
      { ...statement, contract: toBeHex(8n, 20) },
      { ...statement, configuration: id("another") },
      { ...statement, question: 4n },
      { ...statement, trustee: 3n },
      { ...statement, sums: [G.toAffine()] },
    ];
    const secrets = [statement, ...others].map((one) => secretOf(partialDecryption(one, SHARE, broken).proof));
    const { proof } = partialDecryption(statement, SHARE + 1n, broken);
    secrets.push(Point.Fn.create(proof[1]! - proof[0]! * (SHARE + 1n)));
    expect(new Set(secrets).size).to.equal(others.length + 2);
  });

  for (const share of [0n, -1n, N, N + 1n]) {
    it(`refuses a share of ${share === 0n || share === -1n ? share : `the order plus ${share - N}`}`, () => {
      expectCode(() => partialDecryption(statement, share), "SHARE_INVALID");
    });
  }

  it("refuses sums that the contract cannot have", () => {
    const { x, y } = G.toAffine();
    for (const sum of [{ x, y: y + 1n }, { x: x + P, y }, { x: 0n, y: 0n }, { x: -1n, y }, aboveTheOrder()]) {
      expectCode(() => partialDecryption({ ...statement, sums: [sum] }, SHARE), "SUM_INVALID");
    }
  });

  it("refuses a statement that is none", () => {
    for (const wrong of [
      { chainId: -1n },
      { question: 2n ** 256n },
      { trustee: -1n },
      { contract: "0x12" },
      { configuration: "0x12" },
    ]) {
      expectCode(() => partialDecryption({ ...statement, ...wrong }, SHARE), "STATEMENT_MALFORMED");
    }
  });
});

/** A point of the curve with an x-coordinate between the order and the field's prime. */
function aboveTheOrder(): { x: bigint; y: bigint } {
  for (let x = N; ; x++) {
    try {
      const { y } = Point.fromHex(`02${x.toString(16).padStart(64, "0")}`).toAffine();
      return { x, y };
    } catch {
      // No square: the next one.
    }
  }
}

function expectCode(action: () => unknown, code: VotingErrorCode): void {
  expect(action).to.throw(VotingError).with.property("code", code);
}
