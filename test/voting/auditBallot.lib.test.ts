import { expect } from "chai";

import { auditBallot } from "../../src/voting/auditBallot.js";
import type { AnswerOpening } from "../../src/voting/prepareBallot.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { ballotOf, questionOf, statementOf } from "./ballots.js";

const statement = statementOf([questionOf(4, { groups: 2 }), questionOf(3)]);
const { bytes, openings } = ballotOf(statement);
const [first, second] = openings as [AnswerOpening, AnswerOpening];

describe("auditBallot", () => {
  it("accepts what the ballot was made of", () => {
    expect(auditBallot(statement, bytes, openings)).to.equal(true);
  });

  const other = second.vote.map((isChosen, j) => (j === 0 ? !isChosen : isChosen));
  const refused: [what: string, openings: readonly AnswerOpening[]][] = [
    ["another vote", [first, { ...second, vote: other }]],
    ["other randomness", [first, { ...second, randomness: [second.randomness[0]! + 1n] }]],
    ["groups that changed places", [{ ...first, randomness: [...first.randomness].reverse() }, second]],
    ["randomness that is zero", [first, { ...second, randomness: [0n] }]],
    ["randomness too few", [{ ...first, randomness: first.randomness.slice(1) }, second]],
    ["a vote too short", [first, { ...second, vote: second.vote.slice(1) }]],
    ["an opening too few", [first]],
    ["the openings of another ballot", ballotOf(statement, 2).openings],
  ];
  for (const [what, opened] of refused) {
    it(`refuses ${what}`, () => expect(auditBallot(statement, bytes, opened)).to.equal(false));
  }

  it("refuses a ballot that was made for another key", () => {
    const other = { ...statement, key: { ...statement.key, y: 2n ** 256n - 2n ** 32n - 977n - statement.key.y } };
    expect(auditBallot(other, bytes, openings)).to.equal(false);
  });

  it("throws for what is no ballot", () => {
    expect(() => auditBallot(statement, bytes.slice(1), openings))
      .to.throw(VotingError)
      .with.property("code", "BALLOT_LENGTH");
  });
});
