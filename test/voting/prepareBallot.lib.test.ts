import { expect } from "chai";
import { getBytes, hexlify, id, keccak256 } from "ethers";

import { decodeBallot, encodeBallot, hashBallot } from "../../src/voting/ballotBytes.js";
import { Point } from "../../src/voting/curve.js";
import { optionGenerator } from "../../src/voting/generators.js";
import { hedgedScalars } from "../../src/voting/hedgedScalars.js";
import { prepareBallot } from "../../src/voting/prepareBallot.js";
import { optionsOfGroup, type Question } from "../../src/voting/question.js";
import { challengeDigest, challengeOf } from "../../src/voting/transcript.js";
import { verifyBallot } from "../../src/voting/verifier/verifyBallot.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { randomOf } from "../helpers/random.js";
import { ballotOf, KEY_LOGARITHM, questionOf, SECRET, statementOf, voteOf, wordAt } from "./ballots.js";

function randomQuestion(seed: number): Question {
  const random = randomOf(seed);
  const options = 2 + random.below(11);
  const approval = random.below(3) === 0;
  return {
    options,
    selections: approval ? 0 : 1 + random.below(options),
    groups: 1 + random.below(options),
    approval,
  };
}

describe("prepareBallot", () => {
  it("makes ballots that the independent verifier accepts, for questions of all kinds", () => {
    for (let seed = 0; seed < 25; seed++) {
      const statement = statementOf([randomQuestion(seed)], { slotKey: id(`${seed}`), weight: BigInt(seed + 1) });
      expect(verifyBallot(statement, ballotOf(statement, seed).bytes), `${seed}`).to.deep.equal({ isValid: true });
    }
  });

  it("answers several questions in one ballot", () => {
    const questions = [questionOf(3), questionOf(4, { approval: true, groups: 4 }), questionOf(2, { groups: 2 })];
    const statement = statementOf(questions);
    const { bytes, openings } = ballotOf(statement);
    expect(verifyBallot(statement, bytes)).to.deep.equal({ isValid: true });
    expect(openings.length).to.equal(3);
  });

  it("accepts 32 options, packed and each by itself, and all of them chosen", () => {
    for (const change of [{}, { groups: 32 }, { selections: 32 }]) {
      const statement = statementOf([questionOf(32, change)]);
      expect(verifyBallot(statement, ballotOf(statement).bytes)).to.deep.equal({ isValid: true });
    }
  });

  it("encrypts the vote to the election's key", () => {
    const question = questionOf(5, { selections: 2, groups: 2 });
    const statement = statementOf([question]);
    const { bytes, openings } = ballotOf(statement, 3);
    const [block] = decodeBallot(bytes, [question]);
    const vote = voteOf(question, 3);
    expect(openings[0]!.vote).to.deep.equal(vote);
    for (let group = 0; group < 2; group++) {
      const c1 = Point.fromAffine(block!.c1[group]!);
      const decrypted = Point.fromAffine(block!.c2[group]!).subtract(c1.multiply(KEY_LOGARITHM));
      const [from, end] = optionsOfGroup(question, group);
      let expected = Point.ZERO;
      for (let j = from; j < end; j++) if (vote[j]) expected = expected.add(optionGenerator(j + 1));
      expect(decrypted.equals(expected)).to.equal(true);
    }
  });

  it("gives the hash that the slot keeps: of all ciphertexts and the weight", () => {
    const questions = [questionOf(3), questionOf(2, { groups: 2 })];
    const statement = statementOf(questions, { weight: 7n });
    const { bytes, ballotHash } = ballotOf(statement);
    const first = bytes.slice(0, 4 * 32);
    const second = bytes.slice((8 + 3 + 5) * 32, (8 + 3 + 5 + 8) * 32);
    const weight = new Uint8Array(32).fill(7, 31);
    expect(ballotHash).to.equal(keccak256(new Uint8Array([...first, ...second, ...weight])));
    expect(hashBallot(bytes, questions, 7n)).to.equal(ballotHash);
  });

  it("does not tell in approval voting how many options were approved", () => {
    for (let seed = 0; seed < 20; seed++) {
      const question = questionOf(5, { approval: true });
      const statement = statementOf([question]);
      const { bytes } = ballotOf(statement, seed);
      const { f } = decodeBallot(bytes, [question])[0]!;
      const sum = f.reduce((total, value) => total + value, 0n);
      const inverse = Point.Fn.inv(challengeOf(challengeDigest(statement, 0, bytes)));
      expect(Point.Fn.create(sum * inverse) > 5n).to.equal(true);
    }
  });

  it("shows the number of votes where it is known anyway, so that the test above can see it", () => {
    const statement = statementOf([questionOf(5, { selections: 3 })]);
    const { bytes } = ballotOf(statement);
    const { f } = decodeBallot(bytes, statement.questions)[0]!;
    const sum = f.reduce((total, value) => total + value, 0n);
    expect(Point.Fn.create(sum * Point.Fn.inv(challengeOf(challengeDigest(statement, 0, bytes))))).to.equal(3n);
  });

  it("draws everything anew each time", () => {
    const statement = statementOf([questionOf(2)]);
    const request = { statement, votes: [[true, false]], secret: SECRET };
    const [a, b] = [prepareBallot(request).bytes, prepareBallot(request).bytes];
    for (let word = 0; word < a.length / 32; word++) expect(wordAt(a, word)).to.not.equal(wordAt(b, word));
  });

  describe("when the system's generator says the same each time", () => {
    const broken = () => new Uint8Array(32);
    const votes = [[true, false, false]];
    const statement = statementOf([questionOf(3)]);
    const first = prepareBallot({ statement, votes, secret: SECRET }, broken);
    const others: [what: string, request: Parameters<typeof prepareBallot>[0]][] = [
      ["another vote", { statement, votes: [[false, true, false]], secret: SECRET }],
      ["another secret", { statement, votes, secret: getBytes(id("another")) }],
      ["another voter", { statement: { ...statement, slotKey: id("another") }, votes, secret: SECRET }],
      ["another election", { statement: { ...statement, configuration: id("another") }, votes, secret: SECRET }],
      ["another weight", { statement: { ...statement, weight: 2n }, votes, secret: SECRET }],
      ["other rules", { statement: statementOf([questionOf(3, { groups: 3 })]), votes, secret: SECRET }],
      ["another chain", { statement: { ...statement, chainId: 1n }, votes, secret: SECRET }],
    ];
    for (const [what, request] of others) {
      it(`shares no randomness with ${what}`, () => {
        const other = prepareBallot(request, broken);
        expect(other.openings[0]!.randomness[0]).to.not.equal(first.openings[0]!.randomness[0]);
        expect(wordAt(other.bytes, 4)).to.not.equal(wordAt(first.bytes, 4));
      });
    }

    it("uses no scalar twice in one ballot", () => {
      const draw = hedgedScalars(broken, SECRET);
      expect(new Set(Array.from({ length: 50 }, draw)).size).to.equal(50);
    });
  });

  describe("refuses", () => {
    const statement = statementOf([questionOf(3), questionOf(2, { approval: true })]);
    const right = [
      [true, false, false],
      [true, true],
    ];
    const refused: [what: string, code: string, call: () => unknown][] = [
      ["an answer too few", "VOTE_INVALID", () => prepareBallot({ statement, votes: [right[0]!], secret: SECRET })],
      [
        "an option too few",
        "VOTE_INVALID",
        () => prepareBallot({ statement, votes: [[true, false], right[1]!], secret: SECRET }),
      ],
      [
        "two votes for one",
        "VOTE_INVALID",
        () => prepareBallot({ statement, votes: [[true, true, false], right[1]!], secret: SECRET }),
      ],
      [
        "no vote at all",
        "VOTE_INVALID",
        () => prepareBallot({ statement, votes: [[false, false, false], right[1]!], secret: SECRET }),
      ],
      [
        "a secret of 15 bytes",
        "SECRET_TOO_SHORT",
        () => prepareBallot({ statement, votes: right, secret: SECRET.slice(0, 15) }),
      ],
      [
        "a statement that is none",
        "STATEMENT_MALFORMED",
        () => prepareBallot({ statement: { ...statement, weight: 0n }, votes: right, secret: SECRET }),
      ],
    ];
    for (const [what, code, call] of refused) {
      it(what, () => expect(call).to.throw(VotingError).with.property("code", code));
    }
  });
});

describe("decodeBallot", () => {
  it("reads what encodeBallot writes", () => {
    const statement = statementOf([questionOf(5, { groups: 2 }), questionOf(3)]);
    const { bytes } = ballotOf(statement);
    expect(hexlify(encodeBallot(decodeBallot(bytes, statement.questions)))).to.equal(hexlify(bytes));
  });
});
