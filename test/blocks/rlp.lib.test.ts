import { expect } from "chai";
import { decodeRlp as ethersDecode, encodeRlp as ethersEncode, getBytes, hexlify } from "ethers";

import { decodeHeader } from "../../src/blocks/decodeHeader.js";
import { decodeRlp, type RlpItem } from "../../src/blocks/decodeRlp.js";
import { encodeHeader } from "../../src/blocks/encodeHeader.js";
import { encodeRlp } from "../../src/blocks/encodeRlp.js";
import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import { CLIQUE, codeOf, makeRandom, QBFT } from "./blocks.fixtures.js";

type Hex = string | Hex[];

/** The same item as ethers has it. */
function hexOf(item: RlpItem): Hex {
  return item instanceof Uint8Array ? hexlify(item) : item.map(hexOf);
}

describe("RLP", () => {
  const LENGTHS = [0, 1, 2, 31, 32, 54, 55, 56, 57, 255, 256, 257, 65_535, 65_536];

  it("is encoded as ethers encodes it, and read back", () => {
    const random = makeRandom("rlp");
    const strings = LENGTHS.map((length) => random(length));
    const singles = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const items: RlpItem[] = [...strings, ...singles, [], [[], [[]]], strings.slice(0, 6), [...singles, [strings[3]!]]];
    for (const length of LENGTHS.slice(0, 12)) items.push(Array.from({ length }, () => Uint8Array.of(1)));
    for (const item of items) {
      const encoded = encodeRlp(item);
      expect(hexlify(encoded)).to.equal(ethersEncode(hexOf(item)));
      expect(hexOf(decodeRlp(encoded))).to.deep.equal(hexOf(item));
    }
  });

  it("is refused in any form but the shortest, cut, or with more after it", () => {
    const refused = [
      ["nothing", "0x"],
      ["a small byte with a length", "0x8100"],
      ["a small byte with a length, 0x7f", "0x817f"],
      ["a long length for a short string", "0xb80101"],
      ["a long length for 55 bytes", `0xb837${"61".repeat(55)}`],
      ["a long length for a short list", "0xf800"],
      ["a zero before a length", `0xb90038${"61".repeat(56)}`],
      ["a zero before a list's length", `0xf90038${"61".repeat(56)}`],
      ["a length longer than the rest", "0xbf"],
      ["a length that is cut", "0xb9ff"],
      ["a length of eight bytes", `0xbfffffffffffffffff`],
      ["a string that is cut", "0x8361"],
      ["a list that is cut", "0xc361"],
      ["an item that ends past its list", "0xc28361"],
      ["a byte after a string", "0x6100"],
      ["an item after a list", "0xc0c0"],
      ["lists nested too deep", ethersEncode(Array.from({ length: 16 }).reduce<Hex[]>((inner) => [inner], []))],
    ] as const;
    for (const [what, bytes] of refused) {
      expect(
        codeOf(() => decodeRlp(getBytes(bytes))),
        what,
      ).to.equal("RLP_MALFORMED");
    }
  });

  it("that is read at all encodes to the same bytes, whatever the bytes, as ethers' does not", () => {
    const random = makeRandom("noise");
    let read = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = random(1 + (random(1)[0]! % 6));
      bytes[0] = 0x80 | bytes[0]!;
      let item: RlpItem | undefined;
      if (codeOf(() => (item = decodeRlp(bytes))) !== "none") continue;
      read++;
      expect(hexlify(encodeRlp(item!))).to.equal(hexlify(bytes));
      expect(ethersDecode(bytes)).to.deep.equal(hexOf(item!));
    }
    expect(read).to.be.greaterThan(100);
    expect(ethersEncode(ethersDecode("0x8100"))).not.to.equal("0x8100");
  });
});

describe("decodeHeader", () => {
  const FIELDS = ethersDecode(QBFT.headers[3]!.rawHeader) as Hex[];
  const ROOT = `0x${"22".repeat(32)}`;
  const LATER = ["0x07", ROOT, "0x0400", "0x", ROOT, ROOT];

  it("reads what the node answered", () => {
    for (const { rawHeader, block } of QBFT.headers) {
      const header = decodeHeader(rawHeader) as unknown as Record<string, unknown>;
      for (const [name, value] of Object.entries(header)) {
        const isNumber = typeof value === "bigint" || typeof value === "number";
        if (isNumber) expect(BigInt(value), name).to.equal(BigInt(block[name] as string));
        else expect((value as string).toLowerCase(), name).to.equal(block[name]);
      }
      expect(Object.keys(header)).to.have.length(15);
    }
  });

  it("reads 15 to 21 fields, and encodes them again", () => {
    for (let count = 0; count <= LATER.length; count++) {
      const rlp = ethersEncode([...FIELDS, ...LATER.slice(0, count)]);
      const header = decodeHeader(rlp);
      expect(Object.keys(header)).to.have.length(15 + count);
      expect(encodeHeader(header)).to.equal(rlp);
    }
    expect(decodeHeader(ethersEncode([...FIELDS, ...LATER]))).to.deep.include({
      baseFeePerGas: 7n,
      withdrawalsRoot: ROOT,
      blobGasUsed: 1_024n,
      excessBlobGas: 0n,
      parentBeaconBlockRoot: ROOT,
      requestsHash: ROOT,
    });
  });

  it("refuses other numbers of fields, and what is no list", () => {
    for (const item of [FIELDS.slice(0, 14), [...FIELDS, ...LATER, ROOT], [], "0x00", ROOT]) {
      expect(codeOf(() => decodeHeader(ethersEncode(item)))).to.equal("HEADER_MALFORMED");
    }
  });

  it("refuses each field in another shape", () => {
    const all = [...FIELDS, ...LATER];
    for (const [i, field] of all.entries()) {
      const isScalar = [7, 8, 9, 10, 11, 15, 17, 18].includes(i);
      const wrong: Hex[] = isScalar
        ? [[], [field], "0x00", "0x0001", `0x01${"00".repeat(32)}`]
        : i === 12
          ? [[], [field]]
          : [[], [field], "0x", `${field as string}00`, (field as string).slice(0, -2)];
      for (const value of wrong) {
        expect(
          codeOf(() => decodeHeader(ethersEncode(all.with(i, value)))),
          `field ${i}`,
        ).to.equal("HEADER_MALFORMED");
      }
    }
  });

  it("refuses numbers and times past 2^53, and gas past 64 bits", () => {
    for (const i of [8, 11]) {
      expect(codeOf(() => decodeHeader(ethersEncode(FIELDS.with(i, "0x20000000000000"))))).to.equal("HEADER_MALFORMED");
      expect(codeOf(() => decodeHeader(ethersEncode(FIELDS.with(i, "0x1fffffffffffff"))))).to.equal("none");
    }
    expect(codeOf(() => decodeHeader(ethersEncode(FIELDS.with(9, `0x01${"00".repeat(8)}`))))).to.equal(
      "HEADER_MALFORMED",
    );
  });

  it("refuses what is not 0x and digits", () => {
    for (const text of ["", "0x0", "0xzz", "f902", "0X00"]) {
      expect(codeOf(() => decodeHeader(text))).to.equal("INPUT_MALFORMED");
    }
  });
});

describe("encodeHeader", () => {
  const header = decodeHeader(QBFT.headers[0]!.rawHeader);

  it("refuses fields of a wrong length and a later fork's field without those before it", () => {
    const root = `0x${"22".repeat(32)}`;
    for (const change of [
      { parentHash: "0x00" },
      { miner: root },
      { logsBloom: "0x" },
      { nonce: "0x" },
      { extraData: "zz" },
      { withdrawalsRoot: root },
      { baseFeePerGas: 0n, blobGasUsed: 0n },
      { baseFeePerGas: 0n, withdrawalsRoot: root, blobGasUsed: 0n, excessBlobGas: 0n, requestsHash: root },
    ]) {
      expect(codeOf(() => encodeHeader({ ...header, ...change }))).to.equal("HEADER_MALFORMED");
    }
  });
});

describe("fromRpcBlock", () => {
  const { block } = QBFT.headers[1]!;

  it("refuses an answer whose hash is not that of its parts, or by another rule", () => {
    for (const change of [{ stateRoot: block.parentHash }, { gasUsed: "0x1" }, { hash: block.parentHash }]) {
      expect(codeOf(() => fromRpcBlock({ ...block, ...change }, "qbft"))).to.equal("HEADER_HASH_MISMATCH");
    }
    for (const kind of ["clique", "none"] as const) {
      expect(codeOf(() => fromRpcBlock(block, kind))).to.equal("HEADER_HASH_MISMATCH");
    }
    expect(codeOf(() => fromRpcBlock(block, "ibft2"))).to.equal("EXTRA_DATA_MALFORMED");
  });

  it("refuses what is no block", () => {
    for (const answer of [{}, { ...block, number: "12" }, { ...block, gasUsed: "0x" }, { ...block, miner: 5 }]) {
      expect(codeOf(() => fromRpcBlock(answer, "qbft"))).to.equal("HEADER_MALFORMED");
    }
    expect(codeOf(() => fromRpcBlock({ ...block, timestamp: "0x20000000000000" }, "qbft"))).to.equal(
      "HEADER_MALFORMED",
    );
  });

  it("takes fields of later forks that a node names but leaves empty as absent", () => {
    const { hash } = fromRpcBlock({ ...block, baseFeePerGas: null, withdrawalsRoot: undefined }, "qbft");
    expect(hash).to.equal(block.hash);
  });

  it("finds the hash of each recorded header of Clique", () => {
    for (const { genesis, headers } of CLIQUE) {
      for (const header of [genesis, ...headers]) {
        const { rlp, hash } = fromRpcBlock(header, "clique");
        expect(hash).to.equal(header.hash);
        expect(headerHash(rlp, "none")).to.equal(header.hash);
      }
    }
  });
});
