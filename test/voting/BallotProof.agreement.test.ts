import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";

import { computeHints } from "../../src/voting/computeHints.js";
import { Point } from "../../src/voting/curve.js";
import { verifyBallot } from "../../src/voting/verifier/verifyBallot.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { randomOf } from "../helpers/random.js";
import { ballotOf, KEY_LOGARITHM, ORDER, questionOf, withWord, wordAt } from "./ballots.js";
import { deployHarness, type Harness } from "./deployHarness.js";
import { forge, type Lie } from "./forge.js";

const INPUTS = Number(process.env["DIWAN_BALLOT_INPUTS"] ?? "1000");
const VOTERS = 4;
const QUESTIONS_DRAWN = 24;

const ELECTIONS = [
  [questionOf(2)],
  [questionOf(3, { groups: 2 })],
  [questionOf(4, { selections: 2, groups: 4 })],
  [questionOf(3, { approval: true })],
  [questionOf(2), questionOf(2, { approval: true, groups: 2 })],
];

type Random = ReturnType<typeof randomOf>;

/** What is sent in a voter's name, good or bad. */
interface Input {
  readonly harness: Harness;
  readonly statement: ReturnType<Harness["statement"]>;
  readonly bytes: Uint8Array;
}

/** Something done to a ballot; most of it makes it wrong. */
type Change = (input: Input, random: Random, other: Uint8Array) => Input;

const scalarOf = (random: Random) => BigInt(id(`scalar ${random.below(2 ** 31)}`)) % ORDER;
const wordOf = ({ bytes }: Input, random: Random) => random.below(bytes.length / 32);
const responseOf = ({ statement }: Input, random: Random) => {
  const { options, groups } = statement.questions[0]!;
  return 7 * groups + 4 + random.below(options + groups + 1);
};
const withBytes = (input: Input, bytes: Uint8Array): Input => ({ ...input, bytes });

/** The key's trustees are in it. */
const LATE_Z = { late: "z", keyLogarithm: KEY_LOGARITHM } as const;

const CHANGES: Change[] = [
  (input) => input,
  (input) => input,
  (input) => input,
  // Any word, or a response, becomes something else.
  (input, random) => withBytes(input, withWord(input.bytes, wordOf(input, random), scalarOf(random))),
  (input, random) => withBytes(input, withWord(input.bytes, responseOf(input, random), scalarOf(random))),
  (input, random) => {
    const at = responseOf(input, random);
    return withBytes(input, withWord(input.bytes, at, (wordAt(input.bytes, at) + 1n) % ORDER));
  },
  (input, random) =>
    withBytes(input, withWord(input.bytes, responseOf(input, random), ORDER + (scalarOf(random) % 99n))),
  (input, random) => {
    const [a, b] = [wordOf(input, random), wordOf(input, random)];
    const { bytes } = input;
    return withBytes(input, withWord(withWord(bytes, a, wordAt(bytes, b)), b, wordAt(bytes, a)));
  },
  // Two responses f balance each other, so that only equation (2) sees it.
  (input, random) => {
    const { options, groups } = input.statement.questions[0]!;
    const at = 7 * groups + 4 + random.below(options - 1);
    const change = scalarOf(random);
    const first = withWord(input.bytes, at, (wordAt(input.bytes, at) + change) % ORDER);
    return withBytes(input, withWord(first, at + 1, (wordAt(first, at + 1) + ORDER - change) % ORDER));
  },
  // The blinding's response, which only equation (3) sees.
  (input) => {
    const { options, groups } = input.statement.questions[0]!;
    const at = 8 * groups + 4 + options;
    return withBytes(input, withWord(input.bytes, at, wordAt(input.bytes, at) ^ 1n));
  },
  // A point becomes another point.
  (input, random) => {
    const { groups } = input.statement.questions[0]!;
    const at = 2 * random.below(2 * groups);
    const { x, y } = Point.BASE.multiply(scalarOf(random)).toAffine();
    return withBytes(input, withWord(withWord(input.bytes, at, x), at + 1, y));
  },
  (input, random) => {
    const bytes = input.bytes.slice();
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    return withBytes(input, bytes);
  },
  (input, random, other) => {
    const at = 32 * wordOf(input, random);
    return withBytes(input, new Uint8Array([...input.bytes.slice(0, at), ...other.slice(at)]));
  },
  (input, random) => withBytes(input, input.bytes.slice(0, random.below(input.bytes.length))),
  // In another's name, or with another weight.
  (input, random) => ({
    ...input,
    statement: input.harness.statement({ slotKey: id(`voter ${random.below(2 * VOTERS)}`) }),
  }),
  (input, random) => ({ ...input, statement: { ...input.statement, weight: BigInt(1 + random.below(3)) } }),
  // A stranger's prover, for votes that may be wrong, and for lies that one check alone sees.
  (input, random) => forged(input, random, (m) => ({ m })),
  (input, random) => {
    return forged(input, random, (m) => ({ m: [m[0]! + 5n, ...m.slice(1)], shown: m, ...LATE_Z }));
  },
  (input, random) => {
    return forged(input, random, (m) => {
      const late = random.of(["c1c2", "a2", "d", "e"] as const);
      return { m, late, unhashed: [late === "c1c2" ? "ciphertexts" : late] };
    });
  },
  // One response of a vote that was not given is small: sometimes it is sent with the order added to it.
  (input, random) => {
    const { options, groups } = input.statement.questions[0]!;
    const small = options - 1;
    const right = forged(input, random, (m) => {
      const bits = m.map((_, j) => BigInt(j < input.statement.questions[0]!.selections ? 1 : 0));
      return { m: bits, masks: bits.map((_, j) => (j === small ? 9n : j === 0 ? -9n - BigInt(options - 2) : 1n)) };
    });
    const at = 7 * groups + 4 + small;
    return right === input || random.below(2) === 0 ? right : withBytes(right, withWord(right.bytes, at, ORDER + 9n));
  },
];

/** A ballot by a stranger's prover; elections of one question only. */
function forged(input: Input, random: Random, lieOf: (m: readonly bigint[]) => Lie): Input {
  const { questions } = input.statement;
  if (questions.length > 1) return input;
  const { options, approval } = questions[0]!;
  const m = Array.from({ length: options }, () => BigInt(random.below(10) === 0 ? 2 : random.below(2)));
  const masks = approval ? { masks: m.map(() => scalarOf(random)) } : {};
  const lie = { ...masks, ...lieOf(m), seed: `${random.below(2 ** 31)}` };
  return withBytes(input, forge(input.statement, lie).bytes);
}

/** The best hints that there are for bytes; those of a right ballot where there are none. */
function hintsFor({ statement, bytes }: Input, fallback: Uint8Array): Uint8Array {
  try {
    return computeHints([{ statement, bytes }]).hints;
  } catch (error) {
    if (error instanceof VotingError) return fallback;
    throw error;
  }
}

describe("BallotProof and the independent verifier", () => {
  it("take random votes on random questions: 2 to 32 options, in any number of groups, of which any number is chosen", async function () {
    this.timeout(300_000);
    const { ethers } = await network.create();
    const seen = { approval: 0, onePerGroup: 0, oneGroup: 0, several: 0, many: 0 };
    for (let seed = 0; seed < QUESTIONS_DRAWN; seed++) {
      const random = randomOf(7_000 + seed);
      const options = 2 + random.below(31);
      const approval = random.below(4) === 0;
      const groups = random.of([1, options, 1 + random.below(options)]);
      const question = questionOf(options, { approval, groups, selections: approval ? 0 : 1 + random.below(options) });
      const harness = await deployHarness(ethers, [question]);
      const statement = harness.statement({ slotKey: id(`voter ${seed}`), weight: BigInt(1 + random.below(1_000)) });
      const { bytes } = ballotOf(statement, seed);
      const { hints } = computeHints([{ statement, bytes }]);
      const what = `seed ${seed}: ${JSON.stringify(question)}`;
      expect(verifyBallot(statement, bytes), what).to.deep.equal({ isValid: true });
      expect(await refusalOf(harness, [statement.slotKey, statement.weight, bytes, hints]), what).to.equal(undefined);
      seen.approval += Number(approval);
      seen.onePerGroup += Number(groups === options);
      seen.oneGroup += Number(groups === 1);
      seen.several += Number(question.selections > 1);
      seen.many += Number(options > 16);
    }
    for (const [what, count] of Object.entries(seen)) expect(count, what).to.be.at.least(3);
  });

  it(`agree on ${INPUTS} ballots, good and bad`, async function () {
    this.timeout(240_000 + INPUTS * 200);
    const { ethers } = await network.create();
    const harnesses = await Promise.all(ELECTIONS.map((questions) => deployHarness(ethers, questions)));
    const ballots = harnesses.flatMap((harness, i) => {
      return Array.from({ length: VOTERS }, (_, voter) => {
        const statement = harness.statement({ slotKey: id(`voter ${voter}`) });
        const { bytes } = ballotOf(statement, 10 * i + voter);
        return { harness, statement, bytes, hints: computeHints([{ statement, bytes }]).hints };
      });
    });
    const found = new Map<string, number>();

    for (let seed = 0; seed < INPUTS; seed++) {
      const random = randomOf(seed);
      const index = random.below(ballots.length);
      const ballot = ballots[index]!;
      const other = ballots[index - (index % VOTERS) + random.below(VOTERS)]!;
      const input = random.of(CHANGES)(ballot, random, other.bytes);

      const verdict = verifyBallot(input.statement, input.bytes);
      const { slotKey, weight } = input.statement;
      const hints = hintsFor(input, ballot.hints);
      const refusal = await refusalOf(input.harness, [slotKey, weight, input.bytes, hints]);
      expect(refusal === undefined, `seed ${seed}: ${refusal}, ${JSON.stringify(verdict)}`).to.equal(verdict.isValid);
      for (const name of [refusal ?? "accepted", verdict.isValid ? "" : verdict.fault]) {
        found.set(name, (found.get(name) ?? 0) + 1);
      }
    }

    // Inputs that are all of one kind would make agreement easy.
    if (INPUTS < 1_000) return;
    expect(found.get("accepted")).to.be.within(INPUTS / 10, INPUTS / 2);
    expect([...found.keys()]).to.include.members([
      ...["LENGTH", "POINT", "ADDRESS", "SCALAR", "EQUATION_1", "EQUATION_2", "EQUATION_3", "EQUATION_4"],
      ...["BallotLengthWrong", "BallotPointInvalid", "BallotScalarInvalid"],
      ...["BallotSelectionsWrong", "BallotCommitmentWrong", "BallotProofWrong"],
    ]);
  });
});

/** The name of the error that a call reverts with; nothing where it is accepted. What is no refusal of the contract's is thrown. */
async function refusalOf({ contract }: Harness, args: unknown[]): Promise<string | undefined> {
  try {
    await contract.getFunction("cast").staticCall(...args);
    return undefined;
  } catch (error) {
    const name = contract.interface.parseError((error as { data?: string }).data ?? "0x")?.name;
    if (name === undefined) throw error;
    return name;
  }
}
