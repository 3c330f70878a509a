import { decodeBallot } from "./ballotBytes.js";
import { type CurvePoint, ORDER, Point } from "./curve.js";
import { optionGenerator } from "./generators.js";
import { optionsOfGroup } from "./question.js";
import type { AnswerOpening } from "./prepareBallot.js";
import { type BallotStatement, checkStatement } from "./statement.js";

/**
 * Whether a ballot holds the vote that it was opened to: every ciphertext is computed again. An audited ballot must not be
 * cast, since its opening shows the vote; audit made-up votes.
 *
 * @param statement The ballot's statement.
 * @param ballot The ballot's bytes.
 * @param openings What the device that made it says it is.
 * @throws VotingError when the ballot cannot be read: BALLOT_LENGTH, BALLOT_POINT, BALLOT_ADDRESS, BALLOT_SCALAR; or
 * STATEMENT_MALFORMED, QUESTION_INVALID.
 * @example
 * ```ts
 * if (!auditBallot(statement, ballot.bytes, ballot.openings)) warn("this device changes votes");
 * ```
 */
export function auditBallot(
  statement: BallotStatement,
  ballot: Uint8Array,
  openings: readonly AnswerOpening[],
): boolean {
  checkStatement(statement);
  const blocks = decodeBallot(ballot, statement.questions);
  if (openings.length !== blocks.length) return false;
  const H = Point.fromAffine({ x: statement.key.x, y: statement.key.y });
  return blocks.every((block, index) => {
    const question = statement.questions[index]!;
    const { randomness, vote } = openings[index]!;
    if (randomness.length !== question.groups || vote.length !== question.options) return false;
    return randomness.every((r, group) => {
      if (r <= 0n || r >= ORDER) return false;
      let c2 = H.multiplyUnsafe(r);
      const [from, end] = optionsOfGroup(question, group);
      for (let j = from; j < end; j++) if (vote[j]) c2 = c2.add(optionGenerator(j + 1));
      return isSame(Point.BASE.multiplyUnsafe(r), block.c1[group]!) && isSame(c2, block.c2[group]!);
    });
  });
}

function isSame(point: Point, { x, y }: CurvePoint): boolean {
  return point.equals(Point.fromAffine({ x, y }));
}
