import { expect } from "chai";
import { concat, toQuantity } from "ethers";

import type { SealingKind } from "../../src/blocks/BlockHeader.js";
import { decodeHeader } from "../../src/blocks/decodeHeader.js";
import { encodeHeader } from "../../src/blocks/encodeHeader.js";
import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import { detectSealing } from "../../src/blocks/detectSealing.js";
import { addressOf, CLIQUE, codeOf, makeHeader, QBFT, sorted, type MadeHeader } from "./blocks.fixtures.js";
import { answerOf } from "../justice/package.fixtures.js";

/** A header without seals, as clients after London write it. */
const PLAIN = {
  parentHash: `0x${"11".repeat(32)}`,
  sha3Uncles: "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
  miner: `0x${"22".repeat(20)}`,
  stateRoot: `0x${"33".repeat(32)}`,
  transactionsRoot: `0x${"44".repeat(32)}`,
  receiptsRoot: `0x${"55".repeat(32)}`,
  logsBloom: `0x${"00".repeat(256)}`,
  difficulty: 0n,
  number: 17,
  gasLimit: 30_000_000n,
  gasUsed: 0n,
  timestamp: 1_700_000_000,
  extraData: "0x6265617665726275696c642e6f7267",
  mixHash: `0x${"66".repeat(32)}`,
  nonce: "0x0000000000000000",
  baseFeePerGas: 7n,
};

/** The genesis block of Ethereum's main network, whose hash everybody knows. */
const GENESIS = answerOf(
  encodeHeader({
    parentHash: `0x${"00".repeat(32)}`,
    sha3Uncles: "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    miner: `0x${"00".repeat(20)}`,
    stateRoot: "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
    transactionsRoot: "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    receiptsRoot: "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    logsBloom: `0x${"00".repeat(256)}`,
    difficulty: 0x400000000n,
    number: 0,
    gasLimit: 5_000n,
    gasUsed: 0n,
    timestamp: 0,
    extraData: "0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
    mixHash: `0x${"00".repeat(32)}`,
    nonce: "0x0000000000000042",
  }),
  "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
);

const plain = (change: Partial<typeof PLAIN> = {}) => {
  const rlp = encodeHeader({ ...PLAIN, ...change });
  return answerOf(rlp, headerHash(rlp, "none"));
};

const made = (kind: "qbft" | "ibft2", change: Partial<MadeHeader> = {}) => {
  const validators = sorted(["a", "b", "c", "d"].map(addressOf));
  const base = { kind, number: 5, parentHash: PLAIN.parentHash, proposer: addressOf("a"), validators };
  const { rlp, hash } = makeHeader({ ...base, sealers: ["a", "b", "c"], ...change });
  return answerOf(rlp, hash);
};

describe("detectSealing", () => {
  it("finds QBFT in each recorded header, the genesis block and those with votes among them", () => {
    expect(QBFT.headers.length).to.be.greaterThan(15);
    for (const { name, block } of [...QBFT.headers, ...QBFT.conflict.headers]) {
      expect(detectSealing(block), name).to.equal("qbft");
    }
  });

  it("finds Clique in each recorded header, checkpoints and the genesis block among them", () => {
    for (const { name, headers, genesis } of CLIQUE) {
      for (const block of [genesis, ...headers])
        expect(detectSealing(block), `${name} ${block.hash}`).to.equal("clique");
    }
  });

  it("tells IBFT 2.0 from QBFT, with and without votes and later rounds", () => {
    const vote = { name: "e", isToAdd: true };
    for (const change of [
      {},
      { vote },
      { vote: { ...vote, isToAdd: false } },
      { round: 3 },
      { round: 2 ** 24, vote },
    ]) {
      for (const kind of ["qbft", "ibft2"] as const) expect(detectSealing(made(kind, change))).to.equal(kind);
    }
  });

  it("goes by the block's hash where a header has the form of both", () => {
    const answer = made("ibft2", { round: 2 ** 24, vote: { name: "e", isToAdd: true } });
    const { rlp } = fromRpcBlock(answer, "ibft2");
    const read = (kind: SealingKind) => codeOf(() => headerHash(rlp, kind));
    expect([read("qbft"), read("ibft2")]).to.deep.equal(["none", "none"]);
    for (const kind of ["qbft", "ibft2"] as const) {
      expect(detectSealing({ ...answer, hash: headerHash(rlp, kind) })).to.equal(kind);
    }
  });

  it("finds no seals in a plain header, and in one that only resembles Clique's", () => {
    expect(detectSealing(GENESIS)).to.equal("none");
    expect(detectSealing(plain())).to.equal("none");
    const sealed = CLIQUE[0]!.headers[1]!;
    const header = decodeHeader(fromRpcBlock(sealed, "clique").rlp);
    const changes = [
      { difficulty: 131_072n },
      { nonce: "0x0000000000000001" },
      { mixHash: PLAIN.mixHash },
      { extraData: concat([header.extraData, "0x00"]) },
      { extraData: "0x" },
    ];
    for (const change of changes) {
      const rlp = encodeHeader({ ...header, ...change });
      expect(detectSealing(answerOf(rlp, headerHash(rlp, "none"))), JSON.stringify(Object.keys(change))).to.equal(
        "none",
      );
    }
  });

  it("refuses a block whose hash no rule gives, and what is no block", () => {
    const other = { ...made("qbft"), hash: PLAIN.parentHash };
    expect(codeOf(() => detectSealing(other))).to.equal("HEADER_HASH_MISMATCH");
    expect(codeOf(() => detectSealing({ ...plain(), gasUsed: toQuantity(1) }))).to.equal("HEADER_HASH_MISMATCH");
    expect(codeOf(() => detectSealing({}))).to.equal("HEADER_MALFORMED");
  });
});
