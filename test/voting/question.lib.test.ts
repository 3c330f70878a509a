import { expect } from "chai";

import { checkQuestion, optionsOfGroup, proposeGroups } from "../../src/voting/question.js";
import { checkStatement } from "../../src/voting/statement.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { questionOf, statementOf } from "./ballots.js";

describe("checkQuestion", () => {
  const refused: [what: string, question: Parameters<typeof checkQuestion>[0]][] = [
    ["one option", questionOf(1)],
    ["33 options", questionOf(33)],
    ["two and a half options", questionOf(2.5)],
    ["no group", questionOf(3, { groups: 0 })],
    ["an empty group", questionOf(3, { groups: 4 })],
    ["nothing to choose", questionOf(3, { selections: 0 })],
    ["more to choose than there is", questionOf(3, { selections: 4 })],
    ["approval of a fixed number", questionOf(3, { approval: true, selections: 1 })],
  ];
  for (const [what, question] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => {
        checkQuestion(question);
      })
        .to.throw(VotingError)
        .with.property("code", "QUESTION_INVALID");
    });
  }

  it("accepts the largest, and approval", () => {
    checkQuestion(questionOf(32, { groups: 32, selections: 32 }));
    checkQuestion(questionOf(2, { approval: true }));
  });
});

describe("optionsOfGroup", () => {
  it("gives each option to one group, and no group two more than another", () => {
    for (let options = 2; options <= 32; options++) {
      for (let groups = 1; groups <= options; groups++) {
        const ranges = Array.from({ length: groups }, (_, i) => optionsOfGroup(questionOf(options, { groups }), i));
        const sizes = ranges.map(([from, end]) => end - from);
        expect(ranges[0]![0]).to.equal(0);
        expect(ranges.at(-1)![1]).to.equal(options);
        for (const [i, [from]] of ranges.slice(1).entries()) expect(from).to.equal(ranges[i]![1]);
        expect(Math.min(...sizes)).to.be.greaterThan(0);
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.lessThan(2);
      }
    }
  });
});

describe("proposeGroups", () => {
  const proposals: [options: number, approval: boolean, weight: bigint, groups: number][] = [
    // One unknown beside the total: W itself.
    [2, false, 10_000_000n, 1],
    [2, false, 10_000_001n, 2],
    // Two unknowns take no more than one does, three take W².
    [3, false, 10_000_000n, 1],
    [4, false, 3_162n, 1],
    [4, false, 3_163n, 2],
    [5, false, 3_162n, 1],
    // In approval voting the total is unknown too.
    [3, true, 3_162n, 1],
    [3, true, 3_163n, 2],
    [2, true, 10_000_000n, 1],
    [10, false, 100_000n, 5],
    [32, true, 1_000_000_000n, 32],
    [32, false, 1n, 1],
  ];
  for (const [options, approval, weight, groups] of proposals) {
    it(`splits ${options} options${approval ? " of approval" : ""} into ${groups} for a weight of ${weight}`, () => {
      const { selections } = questionOf(options, { approval });
      expect(proposeGroups({ options, selections, approval }, weight)).to.equal(groups);
    });
  }

  it("refuses a question that cannot be asked", () => {
    expect(() => proposeGroups({ options: 1, selections: 1, approval: false }, 10n))
      .to.throw(VotingError)
      .with.property("code", "QUESTION_INVALID");
  });
});

describe("checkStatement", () => {
  const refused: [what: string, change: Parameters<typeof statementOf>[1]][] = [
    ["a chain's id that is no word", { chainId: 2n ** 256n }],
    ["a contract that is no address", { contract: "0x12" }],
    ["a configuration that is no hash", { configuration: "0x12" }],
    ["a slot's key of 20 bytes", { slotKey: `0x${"12".repeat(20)}` }],
    ["no weight", { weight: 0n }],
    ["a weight of 65 bits", { weight: 2n ** 64n }],
    ["a key beside the curve", { key: { x: 1n, y: 1n } }],
  ];
  for (const [what, change] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => {
        checkStatement(statementOf([questionOf(2)], change));
      })
        .to.throw(VotingError)
        .with.property("code", "STATEMENT_MALFORMED");
    });
  }

  for (const count of [0, 17]) {
    it(`refuses an election of ${count} questions`, () => {
      expect(() => {
        checkStatement(statementOf(Array.from({ length: count }, () => questionOf(2))));
      })
        .to.throw(VotingError)
        .with.property("code", "STATEMENT_MALFORMED");
    });
  }
});
