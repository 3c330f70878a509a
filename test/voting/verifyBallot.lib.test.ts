import { expect } from "chai";
import { id } from "ethers";

import { checkBallot } from "../../src/voting/checkBallot.js";
import { Point } from "../../src/voting/curve.js";
import { MAX_OPTIONS, optionGenerator } from "../../src/voting/generators.js";
import { generatorPoint } from "../../src/voting/verifier/generatorPoints.js";
import { isSamePoint, keepMultiples, mod, N, P, sumOfMultiples } from "../../src/voting/verifier/curve.js";
import { verifyBallot } from "../../src/voting/verifier/verifyBallot.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { ballotOf, questionOf, statementOf, withWord, wordAt } from "./ballots.js";

const K = 3;
const GROUPS = 2;
const statement = statementOf([questionOf(K, { groups: GROUPS })]);
const { bytes } = ballotOf(statement);
const RESPONSES = 7 * GROUPS + 4;

/** Another point of the curve in place of one. */
function withPoint(index: number): Uint8Array {
  const { x, y } = Point.BASE.multiply(BigInt(index + 5)).toAffine();
  return withWord(withWord(bytes, index, x), index + 1, y);
}

describe("verifyBallot", () => {
  const code = (ballot: Uint8Array) => {
    try {
      checkBallot({ statement, bytes: ballot });
    } catch (error) {
      if (error instanceof VotingError) return error.code;
    }
    return undefined;
  };

  it("names no fault of a right ballot, and neither does checkBallot", () => {
    expect(verifyBallot(statement, bytes)).to.deep.equal({ isValid: true });
    expect(code(bytes)).to.equal(undefined);
  });

  const mutations: [what: string, ballot: Uint8Array, fault: string, code: string][] = [
    ["a word too few", bytes.slice(32), "LENGTH", "BALLOT_LENGTH"],
    ["a byte too many", new Uint8Array([...bytes, 0]), "LENGTH", "BALLOT_LENGTH"],
    ["nothing", new Uint8Array(), "LENGTH", "BALLOT_LENGTH"],
    ["the point (0, 0)", withWord(withWord(bytes, 0, 0n), 1, 0n), "POINT", "BALLOT_POINT"],
    ["an x-coordinate written with the prime added", withWord(bytes, 0, P + 1n), "POINT", "BALLOT_POINT"],
    ["an address of 161 bits", withWord(bytes, 4 * GROUPS, 2n ** 160n), "ADDRESS", "BALLOT_ADDRESS"],
    ["no address", withWord(bytes, 4 * GROUPS, 0n), "ADDRESS", "BALLOT_ADDRESS"],
    ["another address", withWord(bytes, 4 * GROUPS, 1n), "EQUATION_1", "PROOF_RANDOMNESS"],
  ];
  const points = ["C1", "C2", "C1 of group 1", "C2 of group 1"].map((name, i) => [name, 2 * i] as const);
  const commitments = ["A2", "A2 of group 1", "D", "E"].map((name, i) => [name, 5 * GROUPS + 2 * i] as const);
  for (const [name, at] of [...points, ...commitments]) {
    mutations.push([
      `${name} off the curve`,
      withWord(bytes, at + 1, wordAt(bytes, at + 1) ^ 1n),
      "POINT",
      "BALLOT_POINT",
    ]);
    mutations.push([`another ${name}`, withPoint(at), "EQUATION_1", "PROOF_RANDOMNESS"]);
  }
  for (let i = 0; i < K + GROUPS + 1; i++) {
    const [name, fault, thrown] =
      i < K
        ? [`f_${i + 1}`, "EQUATION_2", "PROOF_NUMBER"]
        : i < K + GROUPS
          ? [`z_${i - K}`, "EQUATION_1", "PROOF_RANDOMNESS"]
          : ["w", "EQUATION_3", "PROOF_VOTE"];
    const at = RESPONSES + i;
    mutations.push([`${name} and one`, withWord(bytes, at, mod(wordAt(bytes, at) + 1n, N)), fault, thrown]);
    mutations.push([`the order as ${name}`, withWord(bytes, at, N), "SCALAR", "BALLOT_SCALAR"]);
    mutations.push([`the largest word as ${name}`, withWord(bytes, at, 2n ** 256n - 1n), "SCALAR", "BALLOT_SCALAR"]);
  }
  for (const [what, ballot, fault, thrown] of mutations) {
    it(`finds ${what}: ${fault}`, () => {
      expect(verifyBallot(statement, ballot)).to.include({ isValid: false, fault });
      expect(code(ballot)).to.equal(thrown);
    });
  }

  it("says of which question and group a fault is", () => {
    const two = statementOf([questionOf(2), questionOf(4, { groups: 4 })]);
    const at = 8 + 2 + 5 + 7 * 4 + 4 + 2;
    const changed = withWord(ballotOf(two).bytes, at, 1n);
    expect(verifyBallot(two, changed)).to.deep.equal({ isValid: false, fault: "EQUATION_2", question: 1, group: 2 });
  });

  const others: [what: string, change: Parameters<typeof statementOf>[1]][] = [
    ["another voter", { slotKey: id("another") }],
    ["another election", { configuration: id("another") }],
    ["another chain", { chainId: 1n }],
    ["another contract", { contract: `0x${"12".repeat(20)}` }],
    ["another weight", { weight: 2n }],
    ["another key", { key: Point.BASE.multiply(3n).toAffine() }],
  ];
  for (const [what, change] of others) {
    it(`refuses a ballot copied to ${what}`, () => {
      const verdict = verifyBallot(statementOf(statement.questions, change), bytes);
      expect(verdict.isValid).to.equal(false);
    });
  }

  it("refuses an answer in another question's place", () => {
    const two = statementOf([questionOf(2), questionOf(2)]);
    const ballot = ballotOf(two).bytes;
    const half = ballot.length / 2;
    const swapped = new Uint8Array([...ballot.slice(half), ...ballot.slice(0, half)]);
    expect(verifyBallot(two, swapped)).to.include({ fault: "EQUATION_1", question: 0 });
  });

  const rules = [{ groups: 3 }, { selections: 2 }, { approval: true, selections: 0 }];
  for (const rule of rules) {
    it(`refuses a ballot of another question: ${JSON.stringify(rule)}`, () => {
      const packed = statementOf([questionOf(4)]);
      const asked = statementOf([questionOf(4, rule)]);
      expect(verifyBallot(asked, ballotOf(packed).bytes).isValid).to.equal(false);
    });
  }
});

describe("the verifier's own curve", () => {
  it("agrees with noble's about generators and multiples", () => {
    for (let j = 1; j <= MAX_OPTIONS; j++) {
      expect(isSamePoint(generatorPoint(`${j}`), optionGenerator(j).toAffine())).to.equal(true);
    }
    for (const factor of [1n, 2n, 3n, N - 1n, BigInt(id("factor")) % N]) {
      const point = generatorPoint("K");
      const expected = Point.fromAffine(point!).multiply(factor).toAffine();
      expect(sumOfMultiples([[point, factor]])).to.deep.equal(expected);
    }
  });

  it("agrees with noble about points whose multiples are kept", () => {
    const point = Point.BASE.multiply(BigInt(id("kept")) % N);
    const [kept, plain] = [point.toAffine(), Point.BASE.double()];
    keepMultiples(kept);
    for (const factor of [1n, 63n, 64n, N - 1n, 2n ** 255n, BigInt(id("factor")) % N]) {
      const sum = sumOfMultiples([
        [kept, factor],
        [plain.toAffine(), factor - 5n],
      ]);
      const expected = point.multiply(factor).add(plain.multiply(mod(factor - 5n, N)));
      expect(sum).to.deep.equal(expected.toAffine());
    }
    expect(sumOfMultiples([[kept, N]])).to.equal(undefined);
  });

  it("adds a point to itself, to its negative and to infinity", () => {
    const g = generatorPoint("1")!;
    const negative = { x: g.x, y: P - g.y };
    expect(
      sumOfMultiples([
        [g, 1n],
        [g, 1n],
      ]),
    ).to.deep.equal(Point.BASE.double().toAffine());
    expect(
      sumOfMultiples([
        [g, 1n],
        [negative, 1n],
      ]),
    ).to.equal(undefined);
    expect(sumOfMultiples([[g, N]])).to.equal(undefined);
    expect(
      sumOfMultiples([
        [undefined, 5n],
        [g, 1n],
      ]),
    ).to.deep.equal(g);
  });
});
