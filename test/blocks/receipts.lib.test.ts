import { createMPT } from "@ethereumjs/mpt";
import { expect } from "chai";
import { encodeRlp as ethersEncode, getAddress, getBytes, hexlify, id, keccak256, toBeArray } from "ethers";

import { decodeReceipt } from "../../src/blocks/decodeReceipt.js";
import { encodeReceipt } from "../../src/blocks/encodeReceipt.js";
import { fromRpcReceipt } from "../../src/blocks/fromRpcReceipt.js";
import { logsOf } from "../../src/blocks/logsOf.js";
import { proveReceipt } from "../../src/blocks/proveReceipt.js";
import type { ChainReceipt, ReceiptLog } from "../../src/blocks/receipt.js";
import { EMPTY_TRIE_ROOT } from "../../src/blocks/trieNode.js";
import { verifyReceiptProof } from "../../src/blocks/verifyReceiptProof.js";
import { codeOf, flip, makeRandom, QBFT } from "./blocks.fixtures.js";

/** The bloom by another route: bits of a number 2^2048 wide. */
function bloomOf(logs: readonly ReceiptLog[]): string {
  let bloom = 0n;
  for (const value of logs.flatMap(({ address, topics }) => [address, ...topics])) {
    const hash = keccak256(value);
    for (const at of [2, 6, 10]) bloom |= 1n << (BigInt(`0x${hash.slice(at, at + 4)}`) % 2_048n);
  }
  return `0x${bloom.toString(16).padStart(512, "0")}`;
}

/** The encoding by another route: ethers' RLP. */
function plainEncoding({ type, outcome, cumulativeGasUsed, logsBloom, logs }: ChainReceipt): Uint8Array {
  const payload = getBytes(
    ethersEncode([
      outcome,
      hexlify(toBeArray(cumulativeGasUsed)),
      logsBloom,
      logs.map(({ address, topics, data }) => [address, [...topics], data]),
    ]),
  );
  return type === 0 ? payload : Uint8Array.of(type, ...payload);
}

const random = makeRandom("receipts");

function someReceipt(index: number): ChainReceipt {
  const logs = Array.from({ length: index % 4 }, (_, i) => ({
    address: getAddress(hexlify(random(20))),
    topics: Array.from({ length: (index + i) % 5 }, () => hexlify(random(32))),
    data: hexlify(random((index * 37) % 200)),
  }));
  const outcome = index % 7 === 6 ? hexlify(random(32)) : index % 3 === 2 ? "0x" : "0x01";
  return { type: index % 5, outcome, cumulativeGasUsed: 21_000n * BigInt(index), logsBloom: bloomOf(logs), logs };
}

const RECEIPTS = Array.from({ length: 300 }, (_, i) => someReceipt(i));
const PLAIN: ChainReceipt = {
  type: 0,
  outcome: "0x01",
  cumulativeGasUsed: 21_000n,
  logsBloom: `0x${"00".repeat(256)}`,
  logs: [],
};

describe("receipts", () => {
  it("have the roots of real blocks: one transfer, with an access list and without", () => {
    const { block } = QBFT.conflict.headers[0]!;
    expect(proveReceipt([{ ...PLAIN, type: 1 }], 0).root).to.equal(block.receiptsRoot);
    // Of every block of the public networks since Byzantium that holds nothing but one transfer of the first kind.
    const common = "0x056b23fbba480696b65fe5a59b8f2148a1299103c4f57df839233af2cf4ca2d2";
    expect(proveReceipt([PLAIN], 0).root).to.equal(common);
  });

  it("have the roots that @ethereumjs/mpt finds, and each is proved, for 1 to 300 of them", async () => {
    for (const count of [1, 2, 3, 16, 17, 127, 128, 129, 130, 255, 256, 257, 300]) {
      const receipts = RECEIPTS.slice(0, count);
      const trie = await createMPT();
      for (const [i, receipt] of receipts.entries()) {
        await trie.put(getBytes(ethersEncode(hexlify(toBeArray(i)))), plainEncoding(receipt));
      }
      for (const index of new Set([0, 1, 15, 126, 127, 128, 255, count - 1].filter((at) => at < count))) {
        const { root, proof } = proveReceipt(receipts, index);
        expect(root).to.equal(hexlify(trie.root()));
        expect(verifyReceiptProof(root, proof)).to.deep.equal(receipts[index]);
      }
    }
  });

  it("are encoded and decoded, of every type and outcome", () => {
    for (const receipt of RECEIPTS.slice(0, 70)) {
      expect(encodeReceipt(receipt)).to.equal(hexlify(plainEncoding(receipt)));
      expect(decodeReceipt(encodeReceipt(receipt))).to.deep.equal(receipt);
    }
  });

  it("are refused as malformed", () => {
    const log = RECEIPTS[3]!.logs[0]!;
    const withLog = (changed: Partial<ReceiptLog>) => {
      const logs = [{ ...log, ...changed }];
      return { ...PLAIN, logs, logsBloom: bloomOf(logs) };
    };
    const wrong: ChainReceipt[] = [
      { ...PLAIN, type: -1 },
      { ...PLAIN, type: 128 },
      { ...PLAIN, type: 0.5 },
      { ...PLAIN, outcome: "0x02" },
      { ...PLAIN, outcome: "0x00" },
      { ...PLAIN, outcome: "yes" },
      { ...PLAIN, cumulativeGasUsed: 2n ** 64n },
      { ...PLAIN, logsBloom: "0x" },
      { ...PLAIN, logsBloom: `0x${"00".repeat(255)}01` },
      { ...PLAIN, logs: [log] },
      withLog({ address: "0x12" }),
      withLog({ topics: ["0x12"] }),
      withLog({ topics: Array.from({ length: 5 }, () => id("topic")) }),
      withLog({ data: "0x1" }),
    ];
    for (const [i, receipt] of wrong.entries()) {
      expect(
        codeOf(() => encodeReceipt(receipt)),
        `receipt ${i}`,
      ).to.equal("RECEIPT_MALFORMED");
    }
    for (const bytes of ["0x7e", "0x", "0x01", "0x80", "0xc0", "0x02c0", "0xf8"]) {
      expect(
        codeOf(() => decodeReceipt(bytes)),
        bytes,
      ).to.be.oneOf(["RECEIPT_MALFORMED", "RLP_MALFORMED"]);
    }
  });
});

describe("verifyReceiptProof", () => {
  const receipts = RECEIPTS.slice(0, 140);
  const { root, proof } = proveReceipt(receipts, 131);

  it("finds a change of any byte of any node", () => {
    for (const [i, node] of proof.nodes.entries()) {
      const bytes = getBytes(node);
      for (let at = 0; at < bytes.length; at++) {
        const nodes = proof.nodes.with(i, hexlify(flip(bytes, at)));
        expect(codeOf(() => verifyReceiptProof(root, { ...proof, nodes }))).to.equal("PROOF_MISMATCH");
      }
    }
    expect(proof.nodes.length).to.be.greaterThan(2);
  });

  it("refuses a proof of another receipt, another root, an index out of range, and one that is none", () => {
    const code = (index: number, of = root) => codeOf(() => verifyReceiptProof(of, { ...proof, index }));
    expect(code(131)).to.equal("none");
    expect(code(130)).to.be.oneOf(["PROOF_TRAILING", "PROOF_MISMATCH", "PROOF_INCOMPLETE"]);
    expect(code(131, id("root"))).to.equal("PROOF_MISMATCH");
    for (const index of [-1, 0.5, Number.NaN, 2 ** 53]) expect(code(index)).to.equal("INPUT_MALFORMED");
    expect(codeOf(() => verifyReceiptProof(EMPTY_TRIE_ROOT, { index: 0, nodes: [] }))).to.equal("RECEIPT_ABSENT");
    expect(codeOf(() => proveReceipt(receipts, 140))).to.equal("RECEIPT_ABSENT");
    expect(codeOf(() => proveReceipt([], 0))).to.equal("RECEIPT_ABSENT");
  });
});

describe("logsOf", () => {
  it("gives the logs of one contract, or of one event of it, in order", () => {
    const mine = getAddress(hexlify(random(20)));
    const other = getAddress(hexlify(random(20)));
    const moved = id("CustodyChanged(bytes32)");
    const log = (address: string, topics: string[], data: string) => ({ address, topics, data });
    const logs = [
      log(mine, [moved], "0x01"),
      log(other, [moved], "0x02"),
      log(mine, [], "0x03"),
      log(mine, [moved], "0x"),
    ];
    const receipt = { ...PLAIN, logs, logsBloom: bloomOf(logs) };
    expect(logsOf(receipt, mine.toLowerCase())).to.deep.equal([logs[0], logs[2], logs[3]]);
    expect(logsOf(receipt, mine, getBytes(moved))).to.deep.equal([logs[0], logs[3]]);
    expect(logsOf(receipt, other, id("Other()"))).to.deep.equal([]);
    expect(codeOf(() => logsOf(receipt, mine, "0x12"))).to.equal("INPUT_MALFORMED");
    expect(codeOf(() => logsOf(receipt, "0x12"))).to.equal("INPUT_MALFORMED");
  });
});

describe("fromRpcReceipt", () => {
  const answer = {
    type: "0x2",
    status: "0x1",
    cumulativeGasUsed: "0x5208",
    logsBloom: PLAIN.logsBloom,
    logs: [] as unknown,
  };

  it("reads outcome and type, and takes none for the first type", () => {
    expect(fromRpcReceipt(answer)).to.deep.equal({ ...PLAIN, type: 2 });
    expect(fromRpcReceipt({ ...answer, status: "0x0", type: null })).to.deep.equal({ ...PLAIN, outcome: "0x" });
    const { status, ...before } = answer;
    expect(status).to.equal("0x1");
    expect(fromRpcReceipt({ ...before, root: id("state") }).outcome).to.equal(id("state"));
  });

  it("refuses what is no receipt", () => {
    for (const change of [
      { status: "0x2" },
      { status: undefined },
      { logs: undefined },
      { logs: [null] },
      { logs: [{ address: "0x", topics: "0x", data: "0x" }] },
      { logs: [{ address: "0x", topics: [1], data: "0x" }] },
      { cumulativeGasUsed: 5 },
      { type: "two" },
    ]) {
      expect(codeOf(() => fromRpcReceipt({ ...answer, ...change }))).to.equal("RECEIPT_MALFORMED");
    }
  });
});
