import { expect } from "chai";
import { getBytes } from "ethers";

import { followValidators } from "../../src/blocks/followValidators.js";
import { startValidators } from "../../src/blocks/startValidators.js";
import { stepValidators } from "../../src/blocks/stepValidators.js";
import type { ValidatorsState } from "../../src/blocks/ValidatorsState.js";
import { addressOf, codeOf, flip, makeHeader, QBFT, QBFT_CHAIN, sorted, type MadeHeader } from "./blocks.fixtures.js";

const GENESIS = QBFT.headers[0]!;
const ANCHOR = { genesisHash: GENESIS.block.hash, epochLength: 50 };

/** A made chain of validators that go by letters. */
function startMade(names: string, epochLength = 30_000): ValidatorsState {
  const { rlp, hash } = makeHeader({
    number: 0,
    parentHash: `0x${"00".repeat(32)}`,
    proposer: `0x${"00".repeat(20)}`,
    validators: sorted(Array.from(names, addressOf)),
    sealers: [],
  });
  return startValidators(rlp, { genesisHash: hash, epochLength });
}

/** The next header of a made chain, sealed by all in charge, with a vote such as "A+C", "B-C" or "B" for none. */
function nextMade(state: ValidatorsState, vote: string, changes: Partial<MadeHeader> = {}): string {
  const [by, sign, name] = Array.from(vote);
  return makeHeader({
    number: state.number + 1,
    parentHash: state.hash,
    proposer: addressOf(by!),
    validators: state.validators,
    sealers: Array.from("ABCDEFG").filter((letter) => state.validators.includes(addressOf(letter))),
    ...(name !== undefined && { vote: { name, isToAdd: sign === "+" } }),
    ...changes,
  }).rlp;
}

function run(names: string, votes: string, epochLength?: number): string {
  let state = startMade(names, epochLength);
  for (const vote of votes.split(" ")) state = stepValidators(state, nextMade(state, vote));
  return Array.from("ABCDEFG")
    .filter((name) => state.validators.includes(addressOf(name)))
    .join("");
}

describe("followValidators", () => {
  describe("the recorded chain", () => {
    it("knows the set after each recorded header, from the genesis block on", () => {
      const after = new Map<string, readonly string[]>();
      const last = followValidators(QBFT_CHAIN, ANCHOR, ({ hash, validators }) => after.set(hash, validators));
      expect(after.size).to.equal(125);
      for (const { block, validatorsAfter } of QBFT.headers)
        expect(after.get(block.hash)).to.deep.equal(validatorsAfter);
      expect(last.number).to.equal(124);
      expect(last.sealed?.hash).to.equal(QBFT.headers.at(-1)!.block.hash);
      expect(new Set([...after.values()].map(({ length }) => length))).to.deep.equal(new Set([4, 5]));
    });

    it("goes on from where it was followed to", () => {
      const half = followValidators(QBFT_CHAIN.slice(0, 57), ANCHOR);
      const rest = followValidators(QBFT_CHAIN.slice(57), half);
      expect(rest).to.deep.equal(followValidators(QBFT_CHAIN, ANCHOR));
    });

    it("drops the lone vote at the epoch block, which another epoch length would not", () => {
      const votes = (epochLength: number) =>
        followValidators(QBFT_CHAIN.slice(0, 51), { ...ANCHOR, epochLength }).votes;
      const lapsing = QBFT.headers.find(({ name }) => name === "vote-that-lapses")!;
      expect(votes(50)).to.deep.equal([]);
      expect(votes(1_000)).to.deep.equal([{ by: lapsing.proposer, validator: lapsing.vote!.recipient, isToAdd: true }]);
      const tooEarly = codeOf(() => followValidators(QBFT_CHAIN, { ...ANCHOR, epochLength: 1_000 }));
      expect(tooEarly).to.equal("VALIDATORS_DIFFER");
    });

    it("comes to the same with the seals of changes only", () => {
      const sealed: number[] = [];
      const visit = (state: ValidatorsState) => state.sealed && sealed.push(state.number);
      const last = followValidators(QBFT_CHAIN, ANCHOR, visit, "changes");
      expect(last).to.deep.equal(followValidators(QBFT_CHAIN, ANCHOR));
      const changes = QBFT.headers.filter((header) => header.validators.join() !== header.validatorsAfter.join());
      expect(sealed).to.deep.equal(changes.map(({ block }) => Number(block["number"])));
      expect(sealed).to.have.length(2);
    });

    it("refuses another genesis, and what is none", () => {
      const other = { ...ANCHOR, genesisHash: QBFT.headers[1]!.block.hash };
      expect(codeOf(() => followValidators(QBFT_CHAIN, other))).to.equal("ANCHOR_MISMATCH");
      expect(codeOf(() => followValidators(QBFT_CHAIN.slice(2), other))).to.equal("ANCHOR_MISMATCH");
      expect(codeOf(() => followValidators([], ANCHOR))).to.equal("ANCHOR_MISMATCH");
      for (const epochLength of [0, -1, 1.5, Number.NaN]) {
        expect(codeOf(() => followValidators(QBFT_CHAIN, { ...ANCHOR, epochLength }))).to.equal("INPUT_MALFORMED");
      }
    });

    it("refuses a header left out, doubled, out of order or changed", () => {
      const follow = (headers: readonly (string | Uint8Array)[]) => codeOf(() => followValidators(headers, ANCHOR));
      expect(follow(QBFT_CHAIN.toSpliced(30, 1))).to.equal("CHAIN_BROKEN");
      expect(follow(QBFT_CHAIN.toSpliced(30, 0, QBFT_CHAIN[30]!))).to.equal("CHAIN_BROKEN");
      expect(follow(QBFT_CHAIN.with(30, QBFT_CHAIN[31]!))).to.equal("CHAIN_BROKEN");
      expect(follow([QBFT_CHAIN[0]!, flip(getBytes(QBFT_CHAIN[1]!), 100)])).to.equal("SEAL_FOREIGN");
    });
  });

  // The table of tests of EIP-225 (CC0), by which GoQuorum tests its own tally too, as far as it is of votes.
  const table: [string, string, string, string, number?][] = [
    ["one validator, no votes", "A", "A", "A"],
    ["one adds a second, who must agree to a third", "A", "A+B B A+C", "AB"],
    ["two add two; a third needs three votes already", "AB", "A+C B+C A+D B+D C A+E B+E", "ABCD"],
    ["one drops itself", "A", "A-A", ""],
    ["two need both to drop either", "AB", "A-B", "AB"],
    ["two agree to drop one", "AB", "A-B B-B", "A"],
    ["two of three drop the third", "ABC", "A-C B-C", "AB"],
    ["two of four are not enough", "ABCD", "A-C B-C", "ABCD"],
    ["three of four are enough", "ABCD", "A-D B-D C-D", "ABC"],
    ["votes to add count once", "AB", "A+C B A+C B A+C", "AB"],
    ["several are added at a time", "AB", "A+C B A+D B A B+D A B+C", "ABCD"],
    ["votes to drop count once", "AB", "A-B B A-B B A-B", "AB"],
    ["several are dropped at a time", "ABCD", "A-C B C A-D B C A B-D C-D A B-C", "AB"],
    ["the votes of the dropped lapse", "ABC", "C-B A-C B-C A-B", "AB"],
    ["the votes of the dropped lapse, to add", "ABC", "C+D A-C B-C A+D", "AB"],
    ["a change brings no other about", "ABCD", "A-C B C A-D B-C C A B-D C-D", "ABC"],
    ["votes that became enough count when touched", "ABCD", "A-C B C A-D B-C C A B-D C-D A C+C", "AB"],
    ["or cease to be enough by that touch", "ABCD", "A-C B C A-D B-C C A B-D C-D A B+C", "ABC"],
    ["earlier votes do not outlive a change", "ABCDE", "A+F B+F C+F D-F E-F B-F C-F D+F E+F B-A C-A D-A B+F", "BCDEF"],
    ["an epoch block clears the votes", "AB", "A+C B A B+C", "AB", 3],
    ["without the epoch they would count", "AB", "A+C B A B+C", "ABC"],
    ["an epoch block's own vote counts", "AB", "B A A+C B+C", "ABC", 3],
  ];
  describe("votes", () => {
    for (const [what, names, votes, result, epochLength] of table) {
      it(`${what}: ${names}, ${votes}`, () => {
        expect(run(names, votes, epochLength)).to.equal(result);
      });
    }

    it("leave nobody in charge of the block after the last drops itself", () => {
      const state = startMade("A");
      const empty = stepValidators(state, nextMade(state, "A-A"));
      expect(codeOf(() => stepValidators(empty, nextMade(empty, "A")))).to.equal("VALIDATORS_MALFORMED");
    });
  });

  describe("with the seals of changes only", () => {
    function follow(names: string, votes: [string, Partial<MadeHeader>?][]) {
      const start = startMade(names);
      let state = start;
      const headers = votes.map(([vote, changes]) => {
        const rlp = nextMade(state, vote, changes);
        state = stepValidators(state, rlp, "changes");
        return rlp;
      });
      return () => followValidators(headers, start, undefined, "changes");
    }

    it("a header between needs no seals of its own", () => {
      const { sealed, number } = follow("ABCD", [["A", { sealers: [] }], ["B", { sealers: ["E"] }], ["C"]])();
      expect(number).to.equal(3);
      expect(sealed?.signers).to.deep.equal(["A", "B", "C", "D"].map(addressOf));
    });

    it("the last header needs a quorum", () => {
      expect(codeOf(follow("ABCD", [["A"], ["B", { sealers: ["A", "B"] }]]))).to.equal("SEALS_TOO_FEW");
      expect(codeOf(follow("ABCD", [["A"], ["B", { sealers: ["A", "B", "E"] }]]))).to.equal("SEAL_FOREIGN");
    });

    it("strangers cannot vote themselves in by headers that nobody sealed", () => {
      const none = { sealers: [] };
      const votes: [string, Partial<MadeHeader>][] = [
        ["A+E", none],
        ["B+E", none],
      ];
      const enough: [string, Partial<MadeHeader>] = ["C+E", { sealers: ["E"] }];
      expect(codeOf(() => follow("ABCD", [...votes, enough]))).to.equal("SEALS_TOO_FEW");
      expect(codeOf(() => follow("ABCD", [...votes, ["C+E", { sealers: ["E", "F", "G"] }]]))).to.equal("SEAL_FOREIGN");
      expect(follow("ABCD", [...votes, ["C+E", { sealers: ["A", "B", "C"] }]])().validators).to.have.length(5);
    });

    it("from where it was followed to, with no further header, is where it was", () => {
      const start = startMade("ABCD");
      expect(followValidators([], start, undefined, "changes")).to.equal(start);
    });
  });

  describe("a next header", () => {
    const state = startMade("ABCD");
    const cases: [string, string, Partial<MadeHeader>][] = [
      ["of another number", "CHAIN_BROKEN", { number: 2 }],
      ["of another parent", "CHAIN_BROKEN", { parentHash: `0x${"11".repeat(32)}` }],
      ["by a proposer who was voted out or never in", "PROPOSER_FOREIGN", { proposer: addressOf("E") }],
      ["that lists no validators", "VALIDATORS_DIFFER", { validators: [] }],
      ["with a list of its own", "VALIDATORS_DIFFER", { validators: sorted(["A", "B"].map(addressOf)) }],
    ];
    for (const [what, code, changes] of cases) {
      it(`is refused ${what}`, () => {
        expect(codeOf(() => stepValidators(state, nextMade(state, "A", changes)))).to.equal(code);
      });
    }

    it("is refused earlier than its parent, and taken in the same second", () => {
      const later = stepValidators(state, nextMade(state, "A", { timestamp: 100 }));
      expect(codeOf(() => stepValidators(later, nextMade(later, "A", { timestamp: 99 })))).to.equal("CHAIN_BROKEN");
      expect(stepValidators(later, nextMade(later, "A", { timestamp: 100 })).number).to.equal(2);
    });

    it("is refused with a quorum of those voted out", () => {
      let five = startMade("ABCDE");
      for (const vote of ["A-E", "B-E", "C-E"]) five = stepValidators(five, nextMade(five, vote));
      expect(codeOf(() => stepValidators(five, nextMade(five, "A", { sealers: ["A", "B", "E"] })))).to.equal(
        "SEAL_FOREIGN",
      );
    });
  });
});
