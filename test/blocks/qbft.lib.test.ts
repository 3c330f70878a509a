import { expect } from "chai";
import { getBytes, toBeArray } from "ethers";

import { decodeBftExtra } from "../../src/blocks/bftExtra.js";
import { decodeHeader, headerFields } from "../../src/blocks/decodeHeader.js";
import { encodeHeader } from "../../src/blocks/encodeHeader.js";
import { findSealConflict } from "../../src/blocks/findSealConflict.js";
import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import { verifyIbft2 } from "../../src/blocks/verifyIbft2.js";
import { verifyQbft } from "../../src/blocks/verifyQbft.js";
import { addressOf, codeOf, flip, makeHeader, QBFT, QBFT_CHAIN, sorted, type MadeHeader } from "./blocks.fixtures.js";

const SEALED = QBFT.headers.filter(({ name }) => name !== "genesis");
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const NAMES = ["A", "B", "C", "D"];
const VALIDATORS = sorted(NAMES.map(addressOf));

function made(changes: Partial<MadeHeader> = {}) {
  return makeHeader({
    number: 7,
    parentHash: `0x${"11".repeat(32)}`,
    proposer: addressOf("A"),
    validators: VALIDATORS,
    sealers: ["A", "B", "C"],
    ...changes,
  });
}

function twin(seal: Uint8Array): Uint8Array {
  const s = CURVE_ORDER - BigInt(`0x${Buffer.from(seal.subarray(32, 64)).toString("hex")}`);
  const bytes = toBeArray(s);
  return Uint8Array.of(...seal.subarray(0, 32), ...new Uint8Array(32 - bytes.length), ...bytes, 1 - (seal[64] ?? 0));
}

describe("verifyQbft", () => {
  describe("recorded headers", () => {
    for (const vector of SEALED) {
      it(`accepts "${vector.name}" with the hash, signers, round and vote that the client has`, () => {
        const sealed = verifyQbft(vector.rawHeader, vector.validators);
        expect(sealed.hash).to.equal(vector.block.hash);
        expect(sealed.sealHash).to.equal(vector.commitHash);
        expect(sealed.signers).to.deep.equal(vector.signers);
        expect(sealed.quorum).to.equal(vector.quorum);
        expect(sealed.round).to.equal(vector.round);
        expect(sealed.header.miner).to.equal(vector.proposer);
        const vote = vector.vote && { validator: vector.vote.recipient, isToAdd: vector.vote.add };
        expect(sealed.vote ?? null).to.deep.equal(vote);
      });
    }

    it("encodes each answer of the node as the header that the node stores", () => {
      for (const { block, rawHeader } of QBFT.headers) {
        const { rlp, hash, header } = fromRpcBlock(block, "qbft");
        expect(rlp).to.equal(rawHeader);
        expect(hash).to.equal(block.hash);
        expect(encodeHeader(header)).to.equal(rawHeader);
      }
    });

    it("finds the same hash, and a quorum, in what other nodes store of the same block", () => {
      let others = 0;
      for (const { block, validators, quorum, sameBlockOnOtherNodes = [] } of SEALED) {
        for (const extraData of sameBlockOnOtherNodes) {
          const { rlp, hash } = fromRpcBlock({ ...block, extraData }, "qbft");
          expect(hash).to.equal(block.hash);
          expect(verifyQbft(rlp, validators).signers).to.have.length(quorum);
          others++;
        }
      }
      expect(others).to.be.greaterThan(10);
    });

    it("refuses the genesis block, which nobody sealed", () => {
      const { rawHeader, validators } = QBFT.headers[0]!;
      expect(codeOf(() => verifyQbft(rawHeader, validators))).to.equal("PROPOSER_FOREIGN");
    });

    it("refuses a header of before a change by the set after it, and the other way round", () => {
      for (const { rawHeader, validators, validatorsAfter } of SEALED) {
        if (validators.join() === validatorsAfter.join()) continue;
        expect(codeOf(() => verifyQbft(rawHeader, validatorsAfter))).to.equal("VALIDATORS_DIFFER");
      }
      const { rawHeader } = SEALED.find(({ name }) => name === "after-removed")!;
      const { validators } = SEALED.find(({ name }) => name === "vote-that-drops")!;
      expect(codeOf(() => verifyQbft(rawHeader, validators))).to.equal("VALIDATORS_DIFFER");
    });

    it("finds a change of any byte of a header", () => {
      const { rawHeader, validators } = SEALED.find(({ name }) => name === "vote-to-add")!;
      const bytes = getBytes(rawHeader);
      for (let at = 0; at < bytes.length; at++) {
        for (const mask of [1, 0x80, 0xff]) {
          expect(
            codeOf(() => verifyQbft(flip(bytes, at, mask), validators)),
            `byte ${at}`,
          ).not.to.equal("none");
        }
      }
    });

    it("finds a byte left out or put in at either end or in the middle", () => {
      const { rawHeader, validators } = SEALED[0]!;
      const bytes = [...getBytes(rawHeader)];
      for (const at of [0, 1, 400, bytes.length - 1]) {
        expect(codeOf(() => verifyQbft(Uint8Array.from(bytes.toSpliced(at, 1)), validators))).not.to.equal("none");
        expect(codeOf(() => verifyQbft(Uint8Array.from(bytes.toSpliced(at, 0, 0)), validators))).not.to.equal("none");
      }
      expect(codeOf(() => verifyQbft(Uint8Array.from([...bytes, 0]), validators))).to.equal("RLP_MALFORMED");
    });

    it("leaves open in the hash what the seals' bytes are, and nothing else", () => {
      const { rawHeader, block } = SEALED[0]!;
      const bytes = getBytes(rawHeader);
      const extra = headerFields(bytes)[12] as Uint8Array;
      const { seals } = decodeBftExtra(extra, "qbft");
      const open = new Set(seals.flatMap((seal) => Array.from(seal, (_, i) => seal.byteOffset - bytes.byteOffset + i)));
      for (let at = 0; at < bytes.length; at++) {
        let hash: string | undefined;
        expect(codeOf(() => (hash = headerHash(flip(bytes, at), "qbft")))).to.be.a("string");
        expect(hash === block.hash, `byte ${at}`).to.equal(open.has(at));
      }
      expect(open.size).to.equal(3 * 65);
    });
  });

  describe("the set in charge", () => {
    it("may be given in any order and in any letters", () => {
      const set = VALIDATORS.toReversed().map((address) => address.toLowerCase());
      const { hash, rlp } = made();
      const sealed = verifyQbft(rlp, set);
      expect(sealed.hash).to.equal(hash);
      expect(sealed.signers).to.deep.equal(["A", "B", "C"].map(addressOf));
      expect(sealed.validators).to.deep.equal(VALIDATORS);
    });

    it("is refused if empty, doubled or no addresses", () => {
      const { rlp } = made();
      for (const set of [[], [...VALIDATORS, VALIDATORS[0]!], ["0x12"], ["A"]]) {
        expect(codeOf(() => verifyQbft(rlp, set))).to.equal("VALIDATORS_MALFORMED");
      }
    });

    it("must be the header's own list, in order", () => {
      const others = sorted([...NAMES.slice(1), "E"].map(addressOf));
      for (const validators of [VALIDATORS.toReversed(), VALIDATORS.slice(1), others]) {
        expect(codeOf(() => verifyQbft(made({ validators }).rlp, VALIDATORS))).to.equal("VALIDATORS_DIFFER");
      }
    });

    it("is the pinned one where a contract chooses validators and headers list none", () => {
      const sealed = verifyQbft(made({ validators: [] }).rlp, VALIDATORS);
      expect(sealed.listed).to.deep.equal([]);
      expect(codeOf(() => verifyQbft(made({ validators: [], sealers: ["A", "B", "E"] }).rlp, VALIDATORS))).to.equal(
        "SEAL_FOREIGN",
      );
    });

    it("has the proposer in it", () => {
      expect(codeOf(() => verifyQbft(made({ proposer: addressOf("E") }).rlp, VALIDATORS))).to.equal("PROPOSER_FOREIGN");
    });
  });

  describe("seals", () => {
    const cases: [string, string, Partial<MadeHeader>][] = [
      ["one less than two thirds", "SEALS_TOO_FEW", { sealers: ["A", "B"] }],
      ["none", "SEALS_TOO_FEW", { sealers: [] }],
      ["a stranger's in place of one", "SEAL_FOREIGN", { sealers: ["A", "B", "E"] }],
      ["a stranger's over the quorum", "SEAL_FOREIGN", { sealers: ["A", "B", "C", "E"] }],
      ["one signer's twice", "SEAL_DOUBLED", { sealers: ["A", "B", "B"] }],
      ["one signer's twice, over the quorum", "SEAL_DOUBLED", { sealers: ["A", "B", "C", "C"] }],
      ["v of 27 and 28", "SEAL_MALFORMED", { change: (seal) => seal.with(64, (seal[64] ?? 0) + 27) }],
      ["v of 2", "SEAL_MALFORMED", { change: (seal) => seal.with(64, 2) }],
      ["the other v", "SEAL_FOREIGN", { change: (seal) => seal.with(64, 1 - (seal[64] ?? 0)) }],
      ["r of zero", "SEAL_MALFORMED", { change: (seal) => seal.map((byte, i) => (i < 32 ? 0 : byte)) }],
      ["s of zero", "SEAL_MALFORMED", { change: (seal) => seal.map((byte, i) => (i >= 32 && i < 64 ? 0 : byte)) }],
      [
        "s past the order",
        "SEAL_MALFORMED",
        { change: (seal) => seal.map((byte, i) => (i >= 32 && i < 64 ? 255 : byte)) },
      ],
      ["64 bytes", "SEAL_MALFORMED", { change: (seal) => seal.subarray(0, 64) }],
      ["66 bytes", "SEAL_MALFORMED", { change: (seal) => Uint8Array.of(...seal, 0) }],
      ["another round's", "SEAL_FOREIGN", { round: 1, sealedRound: 0 }],
      ["round 0 of what was sealed in round 1", "SEAL_FOREIGN", { round: 0, sealedRound: 1 }],
    ];
    for (const [what, code, changes] of cases) {
      it(`are refused: ${what}`, () => {
        expect(codeOf(() => verifyQbft(made(changes).rlp, VALIDATORS))).to.equal(code);
      });
    }

    it("are taken with either of s and n - s", () => {
      const high = verifyQbft(made({ change: twin }).rlp, VALIDATORS);
      expect(high.signers).to.deep.equal(["A", "B", "C"].map(addressOf));
      expect(high.hash).to.equal(made().hash);
    });

    it("count once though s and n - s differ", () => {
      let n = 0;
      const { rlp } = made({ sealers: ["A", "B", "B"], change: (seal) => (++n === 3 ? twin(seal) : seal) });
      expect(codeOf(() => verifyQbft(rlp, VALIDATORS))).to.equal("SEAL_DOUBLED");
    });

    it("may be more than enough, in any order", () => {
      expect(verifyQbft(made({ sealers: ["D", "B", "A", "C"] }).rlp, VALIDATORS).signers).to.have.length(4);
    });

    it("are enough from ceil(2N/3) on for 1 to 10 validators", () => {
      const enough = [1, 2, 2, 3, 4, 4, 5, 6, 6, 7];
      for (const [i, quorum] of enough.entries()) {
        const names = Array.from("ABCDEFGHIJ").slice(0, i + 1);
        const validators = sorted(names.map(addressOf));
        const seal = (count: number) => made({ validators, sealers: names.slice(0, count) }).rlp;
        expect(verifyQbft(seal(quorum), validators).quorum).to.equal(quorum);
        expect(codeOf(() => verifyQbft(seal(quorum - 1), validators))).to.equal("SEALS_TOO_FEW");
      }
    });
  });

  describe("a header of QBFT", () => {
    it("has its constants", () => {
      const fields = decodeHeader(made().rlp);
      for (const change of [
        { mixHash: `0x${"00".repeat(32)}` },
        { difficulty: 2n },
        { nonce: "0xffffffffffffffff" },
        { sha3Uncles: `0x${"00".repeat(32)}` },
      ]) {
        const rlp = encodeHeader({ ...fields, ...change });
        expect(codeOf(() => verifyQbft(rlp, VALIDATORS))).to.equal("BFT_CONSTANTS");
      }
    });

    it("may have the fields of London to Prague, which its hash and seals bind", () => {
      const root = `0x${"22".repeat(32)}`;
      const later = ["0x", root, "0x", "0x", root, root];
      for (let count = 1; count <= later.length; count++) {
        const { rlp, hash } = made({ extraFields: later.slice(0, count) });
        expect(verifyQbft(rlp, VALIDATORS).hash).to.equal(hash);
      }
      const { rlp } = made({ extraFields: later });
      expect(codeOf(() => verifyQbft(flip(getBytes(rlp), getBytes(rlp).length - 1), VALIDATORS))).to.equal(
        "SEAL_FOREIGN",
      );
    });

    it("has extraData of five items in QBFT's form", () => {
      const fields = decodeHeader(made().rlp);
      const ibft = decodeHeader(made({ kind: "ibft2" }).rlp);
      expect(codeOf(() => verifyQbft(encodeHeader({ ...fields, extraData: "0xc0" }), VALIDATORS))).to.equal(
        "EXTRA_DATA_MALFORMED",
      );
      expect(codeOf(() => verifyQbft(encodeHeader({ ...fields, extraData: "0x" }), VALIDATORS))).to.equal(
        "RLP_MALFORMED",
      );
      expect(codeOf(() => verifyQbft(encodeHeader(ibft), VALIDATORS))).to.equal("EXTRA_DATA_MALFORMED");
    });
  });
});

describe("verifyIbft2", () => {
  it("accepts a header made by its rules, with and without a vote", () => {
    for (const vote of [undefined, { name: "E", isToAdd: true }, { name: "A", isToAdd: false }]) {
      const { rlp, hash } = made({ kind: "ibft2", round: 3, ...(vote && { vote }) });
      const sealed = verifyIbft2(rlp, VALIDATORS);
      expect(sealed).to.deep.include({ sealing: "ibft2", hash, round: 3, quorum: 3 });
      expect(sealed.vote).to.deep.equal(vote && { validator: addressOf(vote.name), isToAdd: vote.isToAdd });
    }
  });

  it("refuses QBFT's headers, wrong rounds, strangers and too few", () => {
    const cases: [string, Partial<MadeHeader>][] = [
      ["EXTRA_DATA_MALFORMED", { kind: "qbft" }],
      ["SEAL_FOREIGN", { round: 1, sealedRound: 0 }],
      ["SEAL_FOREIGN", { sealers: ["A", "B", "E"] }],
      ["SEALS_TOO_FEW", { sealers: ["A", "B"] }],
    ];
    for (const [code, changes] of cases) {
      expect(codeOf(() => verifyIbft2(made({ kind: "ibft2", ...changes }).rlp, VALIDATORS))).to.equal(code);
    }
  });
});

describe("findSealConflict", () => {
  const [first, second] = QBFT.conflict.headers.map(({ block, validators, signers, commitHash, round }) => {
    const sealed = verifyQbft(fromRpcBlock(block, "qbft").rlp, validators);
    expect(sealed).to.deep.include({ signers, sealHash: commitHash, round });
    return sealed;
  });

  it("tells of two recorded blocks of one height and one parent, both sealed by a quorum", () => {
    const conflict = findSealConflict(first!, second!);
    expect(conflict).to.deep.equal({
      number: 5,
      sealing: "qbft",
      hashes: QBFT.conflict.headers.map(({ block }) => block.hash),
      haveOneParent: true,
      signedBoth: ["0xf6B00ce4b2B47120197be33B526cCDfFB325B1a6", "0x5dE2c44112feA4703da66715cfB7863F6D044D9f"],
    });
  });

  it("tells of none in one block with other seals, in blocks of other heights, or in other protocols", () => {
    const { block, rawHeader, validators, sameBlockOnOtherNodes } = SEALED.find(
      ({ sameBlockOnOtherNodes = [] }) => sameBlockOnOtherNodes.length > 0,
    )!;
    const here = verifyQbft(rawHeader, validators);
    const extraData = sameBlockOnOtherNodes![0]!;
    const there = verifyQbft(fromRpcBlock({ ...block, extraData }, "qbft").rlp, validators);
    expect(findSealConflict(here, there)).to.equal(undefined);
    expect(findSealConflict(here, first!)).to.equal(undefined);
    const { rlp } = made({ kind: "ibft2", number: 5 });
    expect(findSealConflict(first!, verifyIbft2(rlp, VALIDATORS))).to.equal(undefined);
    expect(QBFT_CHAIN).to.have.length(125);
  });
});
