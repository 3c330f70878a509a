import { expect } from "chai";
import { hexlify, id } from "ethers";
import { network } from "hardhat";

import { computeHints } from "../../src/voting/computeHints.js";
import { Point } from "../../src/voting/curve.js";
import { foldHints } from "../../src/voting/foldHints.js";
import type { PreparedBallot } from "../../src/voting/prepareBallot.js";
import type { Question } from "../../src/voting/question.js";
import type { BallotStatement } from "../../src/voting/statement.js";
import { read } from "../helpers/harness.js";
import { ballotOf, KEY_LOGARITHM, ORDER, questionOf, withWord, wordAt } from "./ballots.js";
import { deployHarness, type Harness } from "./deployHarness.js";
import { forge, type Lie, type Part } from "./forge.js";

/** A ballot as it is sent, with hints that fit it as well as any can. */
function withHints(statement: BallotStatement, bytes: Uint8Array) {
  return { statement, bytes, hints: computeHints([{ statement, bytes }]).hints };
}

function cast({ contract }: Harness, { statement, bytes, hints }: ReturnType<typeof withHints>) {
  return contract.getFunction("cast")(statement.slotKey, statement.weight, bytes, hints);
}

function castBatch({ contract }: Harness, batch: readonly Cast[], hints: Uint8Array) {
  return contract.getFunction("castBatch")(
    batch.map(({ statement }) => statement.slotKey),
    batch.map(({ statement }) => statement.weight),
    batch.map(({ bytes }) => bytes),
    hints,
  );
}

interface Cast extends Omit<PreparedBallot, "bytes"> {
  statement: BallotStatement;
  bytes: Uint8Array;
}

/** Ballots of as many voters, each with its weight. */
function batchFor(harness: Harness, size: number): Cast[] {
  return Array.from({ length: size }, (_, i) => {
    const statement = harness.statement({ slotKey: id(`voter ${i}`), weight: BigInt(i + 1) });
    return { statement, ...ballotOf(statement, i) };
  });
}

describe("BallotProof", () => {
  let connection: Awaited<ReturnType<typeof network.create>>;
  let packed: Harness;
  let split: Harness;
  let approval: Harness;

  const deploy = (questions: readonly Question[]) => deployHarness(connection.ethers, questions);

  before(async () => {
    connection = await network.create();
    packed = await deploy([questionOf(3)]);
    split = await deploy([questionOf(3, { groups: 3 })]);
    approval = await deploy([questionOf(3, { approval: true })]);
  });

  describe("cast", () => {
    const questions: Question[] = [2, 3, 5, 10, 32].flatMap((options) => {
      return [...new Set([1, 2, Math.ceil(options / 2), options])].map((groups) => questionOf(options, { groups }));
    });
    questions.push(questionOf(5, { selections: 3 }), questionOf(4, { selections: 4, groups: 2 }));
    questions.push(questionOf(5, { approval: true }), questionOf(5, { approval: true, groups: 5 }));
    for (const question of questions) {
      it(`accepts a ballot for ${JSON.stringify(question)}`, async () => {
        const harness = await deploy([question]);
        const statement = harness.statement({ weight: 7n });
        const { bytes, ballotHash } = ballotOf(statement);
        await expect(cast(harness, withHints(statement, bytes)))
          .to.emit(harness.contract, "BallotCast")
          .withArgs(statement.slotKey, 7n, hexlify(bytes));
        expect(await read(harness.contract, "slots", statement.slotKey)).to.equal(ballotHash);
      });
    }

    it("accepts one ballot for several questions of all kinds", async () => {
      const harness = await deploy([
        questionOf(3),
        questionOf(5, { approval: true, groups: 2 }),
        questionOf(2, { groups: 2 }),
      ]);
      const statement = harness.statement();
      const { bytes, ballotHash } = ballotOf(statement);
      await cast(harness, withHints(statement, bytes));
      expect(await read(harness.contract, "slots", statement.slotKey)).to.equal(ballotHash);
    });

    it("accepts what an honest stranger's prover made", async () => {
      const { bytes } = forge(packed.statement(), { m: [0n, 0n, 1n] });
      await cast(packed, withHints(packed.statement(), bytes));
    });
  });

  describe("a forged ballot", () => {
    const lies: [what: string, lie: Lie, error: string][] = [
      ["two votes for one option", { m: [2n, -1n, 0n] }, "BallotProofWrong"],
      ["two votes that are called one", { m: [2n, 0n, 0n], shown: [1n, 0n, 0n] }, "BallotProofWrong"],
      ["two votes where one is due", { m: [1n, 1n, 0n] }, "BallotSelectionsWrong"],
      ["no vote where one is due", { m: [0n, 0n, 0n] }, "BallotSelectionsWrong"],
      ["a vote taken away and two given", { m: [-1n, 2n, 0n] }, "BallotProofWrong"],
      ["half votes", { m: [(ORDER + 1n) / 2n, (ORDER + 1n) / 2n, 0n] }, "BallotProofWrong"],
      ["a response changed at the end", { m: [1n, 0n, 0n], shift: [1n, -1n, 0n] }, "BallotProofWrong"],
      [
        "a thousand votes by trustees who know the key",
        { m: [1_000n, 0n, 0n], shown: [1n, 0n, 0n], late: "z", keyLogarithm: KEY_LOGARITHM },
        "BallotCommitmentWrong",
      ],
    ];
    for (const [what, lie, error] of lies) {
      it(`is refused: ${what}`, async () => {
        for (const harness of [packed, split]) {
          const statement = harness.statement();
          const forged = withHints(statement, forge(statement, lie).bytes);
          await expect(cast(harness, forged)).to.be.revertedWithCustomError(harness.contract, error);
        }
      });
    }

    const breaks: [what: string, lie: Lie][] = [
      ["ciphertexts chosen after the challenge", { m: [1n, 0n, 0n], late: "c1c2", unhashed: ["ciphertexts"] }],
      ["A2 chosen after it", { m: [1_000n, 0n, 0n], shown: [1n, 0n, 0n], late: "a2", unhashed: ["a2"] }],
      ["D chosen after it", { m: [-1n, 2n, 0n], late: "d", unhashed: ["d"] }],
      ["E chosen after it", { m: [-1n, 2n, 0n], late: "e", unhashed: ["e"] }],
    ];
    const parts: Part[] = ["chainId", "contract", "configuration", "question", "slotKey", "weight"];
    parts.push("options", "groups", "selections", "approval", "ciphertexts", "a1", "a2", "d", "e");
    for (const part of parts) breaks.push([`no ${part} in the challenge`, { m: [1n, 0n, 0n], unhashed: [part] }]);
    for (const [what, lie] of breaks) {
      it(`is refused: ${what}`, async () => {
        // In approval voting equation (4) does not catch the other challenge before equation (1) does.
        for (const [harness, error] of [
          [packed, "BallotSelectionsWrong"],
          [split, "BallotSelectionsWrong"],
          [approval, "BallotCommitmentWrong"],
        ] as const) {
          const statement = harness.statement();
          const forged = withHints(statement, forge(statement, lie).bytes);
          await expect(cast(harness, forged)).to.be.revertedWithCustomError(harness.contract, error);
        }
      });
    }

    it("is refused: two votes for one option in approval voting", async () => {
      const forged = withHints(approval.statement(), forge(approval.statement(), { m: [2n, 0n, 0n] }).bytes);
      await expect(cast(approval, forged)).to.be.revertedWithCustomError(approval.contract, "BallotProofWrong");
    });
  });

  describe("a copied ballot", () => {
    const copies: [what: string, change: Partial<BallotStatement>][] = [
      ["another voter", { slotKey: id("another") }],
      ["another election", { configuration: id("another") }],
      ["another chain", { chainId: 1n }],
      ["another contract", { contract: `0x${"12".repeat(20)}` }],
      ["another weight", { weight: 2n }],
      ["another key", { key: Point.BASE.multiply(5n).toAffine() }],
    ];
    for (const [what, change] of copies) {
      it(`is refused: from ${what}`, async () => {
        for (const harness of [packed, approval]) {
          const { bytes } = ballotOf(harness.statement(change));
          const statement = harness.statement();
          const error =
            change.key !== undefined
              ? "BallotProofWrong"
              : harness === packed
                ? "BallotSelectionsWrong"
                : "BallotCommitmentWrong";
          await expect(cast(harness, withHints(statement, bytes))).to.be.revertedWithCustomError(
            harness.contract,
            error,
          );
        }
      });
    }

    it("is refused: from another question of the election", async () => {
      const harness = await deploy([questionOf(2, { approval: true }), questionOf(2, { approval: true })]);
      const statement = harness.statement();
      const { bytes } = ballotOf(statement);
      const half = bytes.length / 2;
      const swapped = new Uint8Array([...bytes.slice(half), ...bytes.slice(0, half)]);
      await expect(cast(harness, withHints(statement, swapped)))
        .to.be.revertedWithCustomError(harness.contract, "BallotCommitmentWrong")
        .withArgs(0, 0, 0);
    });
  });

  describe("a word in another encoding", () => {
    const RESPONSES = 7 + 4;
    const PRIME = Point.Fp.ORDER;
    const refused: [what: string, change: (bytes: Uint8Array) => Uint8Array, error: string][] = [
      ["a response of the order", (bytes) => withWord(bytes, RESPONSES, ORDER), "BallotScalarInvalid"],
      ["the largest response z", (bytes) => withWord(bytes, RESPONSES + 3, 2n ** 256n - 1n), "BallotScalarInvalid"],
      ["a response w of the order", (bytes) => withWord(bytes, RESPONSES + 4, ORDER), "BallotScalarInvalid"],
      ["an x-coordinate with the prime added", (bytes) => withWord(bytes, 0, PRIME + 1n), "BallotPointInvalid"],
      [
        "a y-coordinate of another sign",
        (bytes) => withWord(bytes, 3, PRIME - wordAt(bytes, 3)),
        "BallotSelectionsWrong",
      ],
      ["a point off the curve", (bytes) => withWord(bytes, 5, wordAt(bytes, 5) ^ 1n), "BallotPointInvalid"],
      ["the point (0, 0)", (bytes) => withWord(withWord(bytes, 7, 0n), 8, 0n), "BallotPointInvalid"],
    ];
    for (const [what, change, error] of refused) {
      it(`is refused: ${what}`, async () => {
        const statement = packed.statement();
        const { bytes } = ballotOf(statement);
        const { hints } = withHints(statement, bytes);
        const changed = { statement, bytes: change(bytes), hints };
        await expect(cast(packed, changed)).to.be.revertedWithCustomError(packed.contract, error);
      });
    }

    it("is refused: a response with the order added, where the same response below the order is right", async () => {
      const statement = packed.statement();
      const { bytes } = forge(statement, { m: [1n, 0n, 0n], masks: [-12n, 5n, 7n] });
      const right = withHints(statement, bytes);
      await cast(packed, right);
      const again = { ...right, bytes: withWord(bytes, RESPONSES + 1, ORDER + 5n) };
      await expect(cast(packed, again))
        .to.be.revertedWithCustomError(packed.contract, "BallotScalarInvalid")
        .withArgs(0, 0, RESPONSES + 1);
    });

    it("is refused: an address with more than 20 bytes", async () => {
      const statement = approval.statement();
      const { bytes } = ballotOf(statement);
      const { hints } = withHints(statement, bytes);
      const changed = { statement, bytes: withWord(bytes, 4, wordAt(bytes, 4) + 2n ** 160n), hints };
      await expect(cast(approval, changed)).to.be.revertedWithCustomError(approval.contract, "BallotCommitmentWrong");
    });

    for (const [what, change] of [
      ["a word too few", (bytes: Uint8Array) => bytes.slice(32)],
      ["a byte too many", (bytes: Uint8Array) => new Uint8Array([...bytes, 0])],
      ["nothing", () => new Uint8Array()],
    ] as const) {
      it(`is refused: ${what}`, async () => {
        const statement = packed.statement();
        const { bytes, hints } = withHints(statement, ballotOf(statement).bytes);
        const changed = { statement, bytes: change(bytes), hints };
        await expect(cast(packed, changed)).to.be.revertedWithCustomError(packed.contract, "BallotLengthWrong");
      });
    }
  });

  describe("hints", () => {
    const POINTS = 2 * 1 + 2 + 2;
    const pointAt = (hints: Uint8Array, hint: number) => {
      return Point.fromAffine({ x: wordAt(hints, 2 * hint), y: wordAt(hints, 2 * hint + 1) });
    };
    // After the selector: four arguments, the ballot's length, the ballot, the length of the hints.
    const positionOf = ({ bytes }: { bytes: Uint8Array }, hint: number) =>
      4 + 4 * 32 + 32 + bytes.length + 32 + 64 * hint;
    const withHint = (hints: Uint8Array, hint: number, point: Point) => {
      const { x, y } = point.toAffine();
      return withWord(withWord(hints, 2 * hint, x), 2 * hint + 1, y);
    };

    it("must each be the product that they stand for", async () => {
      const right = withHints(packed.statement(), ballotOf(packed.statement()).bytes);
      for (let hint = 0; hint < POINTS; hint++) {
        for (const point of [Point.BASE, pointAt(right.hints, hint).negate()]) {
          const wrong = { ...right, hints: withHint(right.hints, hint, point) };
          await expect(cast(packed, wrong))
            .to.be.revertedWithCustomError(packed.contract, "HintWrong")
            .withArgs(positionOf(right, hint));
        }
      }
    });

    it("must not balance each other", async () => {
      const right = withHints(packed.statement(), ballotOf(packed.statement()).bytes);
      const [first, last] = [pointAt(right.hints, 0), pointAt(right.hints, POINTS - 1)];
      const moved = withHint(right.hints, 0, first.add(Point.BASE));
      const balanced = withHint(moved, POINTS - 1, last.subtract(Point.BASE));
      await expect(cast(packed, { ...right, hints: balanced }))
        .to.be.revertedWithCustomError(packed.contract, "HintWrong")
        .withArgs(positionOf(right, 0));

      const swapped = withHint(withHint(right.hints, 0, pointAt(right.hints, 1)), 1, first);
      await expect(cast(packed, { ...right, hints: swapped })).to.be.revertedWithCustomError(
        packed.contract,
        "HintWrong",
      );
    });

    it("must end with the inverse of the sum's Z", async () => {
      const right = withHints(packed.statement(), ballotOf(packed.statement()).bytes);
      const inverse = wordAt(right.hints, 2 * POINTS);
      for (const wrong of [0n, 1n, inverse + 1n, Point.Fp.ORDER - inverse]) {
        await expect(cast(packed, { ...right, hints: withWord(right.hints, 2 * POINTS, wrong) }))
          .to.be.revertedWithCustomError(packed.contract, "HintInverseWrong")
          .withArgs(wrong);
      }
    });

    it("must be as many as there are terms", async () => {
      const right = withHints(packed.statement(), ballotOf(packed.statement()).bytes);
      for (const hints of [right.hints.slice(64), new Uint8Array([...right.hints, 0]), new Uint8Array()]) {
        await expect(cast(packed, { ...right, hints }))
          .to.be.revertedWithCustomError(packed.contract, "BallotHintsLengthWrong")
          .withArgs(hints.length, right.hints.length);
      }
    });

    it("must be of this ballot", async () => {
      const statement = packed.statement();
      const other = withHints(statement, ballotOf(statement, 2).bytes);
      await expect(cast(packed, { ...other, bytes: ballotOf(statement, 3).bytes })).to.be.revertedWithCustomError(
        packed.contract,
        "HintWrong",
      );
    });
  });

  describe("castBatch", () => {
    for (const size of [1, 2, 7]) {
      it(`accepts a batch of ${size}`, async () => {
        for (const harness of [packed, split, approval]) {
          const batch = batchFor(harness, size);
          await castBatch(harness, batch, foldHints(batch).hints);
          for (const { statement, ballotHash } of batch) {
            expect(await read(harness.contract, "slots", statement.slotKey)).to.equal(ballotHash);
          }
        }
      });
    }

    it("accepts a batch of ballots with several questions of different length", async () => {
      const harness = await deploy([questionOf(2), questionOf(6, { groups: 2 })]);
      const batch = batchFor(harness, 3);
      await castBatch(harness, batch, foldHints(batch).hints);
    });

    it("refuses a batch in another order than its hints", async () => {
      const batch = batchFor(packed, 3);
      const { hints } = computeHints(batch);
      await expect(castBatch(packed, [batch[1]!, batch[0]!, batch[2]!], hints)).to.be.revertedWithCustomError(
        packed.contract,
        "HintWrong",
      );
    });

    it("refuses a batch whose voters changed places", async () => {
      const batch = batchFor(approval, 2);
      const turned = batch.map((ballot, i) => ({ ...ballot, statement: batch[1 - i]!.statement }));
      await expect(castBatch(approval, turned, computeHints(turned).hints))
        .to.be.revertedWithCustomError(approval.contract, "BallotCommitmentWrong")
        .withArgs(0, 0, 0);
    });

    it("refuses a batch with one bad ballot, wherever it is, and accepts it without", async () => {
      for (const bad of [0, 1, 3]) {
        const batch = batchFor(packed, 4);
        batch[bad]!.bytes = forge(batch[bad]!.statement, { m: [2n, -1n, 0n] }).bytes;
        await expect(castBatch(packed, batch, computeHints(batch).hints)).to.be.revertedWithCustomError(
          packed.contract,
          "BallotProofWrong",
        );
        const { accepted, hints } = foldHints(batch);
        expect(accepted).to.deep.equal([0, 1, 2, 3].filter((index) => index !== bad));
        await castBatch(
          packed,
          accepted.map((index) => batch[index]!),
          hints,
        );
      }
    });

    it("refuses two bad ballots whose errors cancel each other", async () => {
      const batch = batchFor(packed, 2);
      const lies = [{ shift: [1n, -1n, 0n] }, { shift: [-1n, 1n, 0n] }];
      for (const [i, lie] of lies.entries()) {
        batch[i]!.bytes = forge(batch[i]!.statement, { m: [1n, 0n, 0n], ...lie }).bytes;
      }
      await expect(castBatch(packed, batch, computeHints(batch).hints)).to.be.revertedWithCustomError(
        packed.contract,
        "BallotProofWrong",
      );
    });

    it("names the ballot that is wrong by itself", async () => {
      const batch = batchFor(packed, 3);
      const { hints } = computeHints(batch);
      batch[2]!.bytes = batch[2]!.bytes.slice(32);
      await expect(castBatch(packed, batch, hints))
        .to.be.revertedWithCustomError(packed.contract, "BallotLengthWrong")
        .withArgs(2, batch[2]!.bytes.length, batch[1]!.bytes.length);
    });

    it("refuses an empty batch", async () => {
      await expect(castBatch(packed, [], new Uint8Array(32)))
        .to.be.revertedWithCustomError(packed.contract, "BallotFoldIncomplete")
        .withArgs(0);
    });
  });
});
