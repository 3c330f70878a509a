import { gunzipSync, gzipSync, inflateSync } from "node:zlib";

import { createList, decodeList } from "@digitalbazaar/vc-bitstring-status-list";
import { getListFromStatusListJWT, StatusList } from "@sd-jwt/jwt-status-list";
import { expect } from "chai";
import { hexlify, id } from "ethers";
import { network } from "hardhat";

import {
  bitstringStatusListCredential,
  bitstringStatusListEntry,
  decodeBitstringStatusList,
  encodeBitstringStatusList,
} from "../../src/ledger/bitstringStatusList.js";
import { bitstringFromWords } from "../../src/ledger/bitstringFromWords.js";
import { getStatus, setStatus, StatusCode, type StatusBits } from "../../src/ledger/statusBits.js";
import {
  decodeTokenStatusList,
  encodeTokenStatusList,
  statusListReference,
  statusListTokenClaims,
} from "../../src/ledger/tokenStatusList.js";
import { rejection } from "../helpers/events.js";
import { read } from "../helpers/harness.js";

const LIST = id("list");
const LENGTH = 1_000;

/** A list that a contract wrote, and the values that it was told to write. */
async function writtenByContract(bits: StatusBits) {
  const { ethers } = await network.create();
  const harness = await ethers.deployContract("StatusListHarness");
  const values = Array<number>(LENGTH).fill(0);
  for (const index of [0, 1, 5, 8, 127, 128, 131, 255, 256, 300, 511, 512, 640, 998, 999]) {
    values[index] = bits === 1 ? 1 : (index % 3) + 1;
    await harness.getFunction("set")(LIST, bits, LENGTH, index, values[index]);
  }
  const words: [number, bigint][] = [];
  for (let index = 0; index * 256 < LENGTH * bits; index++) {
    words.push([index, await read<bigint>(harness, "wordAt", LIST, index)]);
  }
  return { values, bitstring: bitstringFromWords(words, bits, LENGTH) };
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

describe("statusBits", () => {
  it("sets and reads each value, and leaves the neighbours alone", () => {
    const bitstring = new Uint8Array(2);
    for (const [index, value] of [1, 2, 0, 3, 0, 1, 2, 1].entries()) setStatus(bitstring, 2, index, value);
    expect(hexlify(bitstring)).to.equal("0x6319");
    setStatus(bitstring, 2, 3, StatusCode.VALID);
    expect([2, 3, 4].map((index) => getStatus(bitstring, 2, index))).to.deep.equal([0, 0, 0]);
    expect(hexlify(bitstring)).to.equal("0x6019");
  });

  for (const index of [-1, 0.5, 8, Number.NaN]) {
    it(`refuses the index ${index} of a list of 8`, () => {
      const code = "STATUS_INDEX_OUT_OF_RANGE";
      expect(() => getStatus(new Uint8Array(1), 1, index))
        .to.throw()
        .with.property("code", code);
      expect(() => {
        setStatus(new Uint8Array(1), 1, index, 1);
      })
        .to.throw()
        .with.property("code", code);
    });
  }

  for (const value of [-1, 4, 1.5]) {
    it(`refuses the value ${value} for two bits`, () => {
      const set = () => {
        setStatus(new Uint8Array(1), 2, 0, value);
      };
      expect(set).to.throw().with.property("code", "STATUS_VALUE_TOO_LARGE");
    });
  }
});

describe("bitstringFromWords", () => {
  it("cuts the last word to the bytes that the entries fill", () => {
    const bitstring = bitstringFromWords([[0n, (1n << 255n) | 1n]], 1, 9);
    expect(hexlify(bitstring)).to.equal("0x8000");
  });

  it("refuses a word past the end", () => {
    const join = () => bitstringFromWords([[1, 1n]], 1, 256);
    expect(join).to.throw().with.property("code", "STATUS_INDEX_OUT_OF_RANGE");
  });
});

describe("W3C Bitstring Status List", () => {
  it("of one bit, written by a contract, is read by @digitalbazaar/vc-bitstring-status-list", async () => {
    const { values, bitstring } = await writtenByContract(1);
    const credential = await bitstringStatusListCredential({
      id: "https://example.org/status/3",
      issuer: "did:example:office",
      statusPurpose: "revocation",
      bitstring,
      bits: 1,
    });
    const list = await decodeList({ encodedList: credential.credentialSubject.encodedList });
    expect(list.length).to.equal(131_072);
    const read = values.map((_, index) => Number(list.getStatus(index)));
    expect(read).to.deep.equal(values);
    const padding = Array.from({ length: list.length - LENGTH }, (_, i) => list.getStatus(LENGTH + i));
    expect(padding.includes(true)).to.equal(false);
  });

  it("of one bit, written by @digitalbazaar/vc-bitstring-status-list, is read here", async () => {
    const list = await createList({ length: 131_072 });
    const revoked = [0, 7, 8, 1_023, 131_071];
    for (const index of revoked) list.setStatus(index, true);
    const bitstring = await decodeBitstringStatusList(await list.encode(), 1);
    const read = Array.from({ length: 131_072 }, (_, index) => index).filter((i) => getStatus(bitstring, 1, i) === 1);
    expect(read).to.deep.equal(revoked);
  });

  it("of two bits, written by a contract, is the vector computed by hand", async () => {
    const { ethers } = await network.create();
    const harness = await ethers.deployContract("StatusListHarness");
    // Entry: 0  1  2  3 | 4  5  6  7 | 8  9 10 11 | … | 128        (each two bits, the first left-most)
    //       01 10 11 00 |00 01 00 10 |11 11 00 00 |     | 10 00 00 00
    //            0x6c   |    0x12    |    0xf0    |     |    0x80, byte 32
    const values = new Map([
      [0, 1],
      [1, 2],
      [2, 3],
      [5, 1],
      [7, 2],
      [8, 3],
      [9, 3],
      [128, 2],
    ]);
    for (const [index, value] of values) await harness.getFunction("set")(LIST, 2, 132, index, value);
    const words = [0, 1].map(async (index) => [index, await read<bigint>(harness, "wordAt", LIST, index)] as const);
    const bitstring = bitstringFromWords(await Promise.all(words), 2, 132);
    expect(hexlify(bitstring)).to.equal(`0x6c12f0${"00".repeat(29)}80`);

    // 131,072 entries of two bits are 32,768 bytes. Node's own zlib, not the library, reads them.
    const encoded = await encodeBitstringStatusList(bitstring, 2);
    expect(encoded[0]).to.equal("u");
    const raw = gunzipSync(Buffer.from(encoded.slice(1), "base64url"));
    expect(raw).to.have.length(32_768);
    expect(raw.subarray(0, 33).toString("hex")).to.equal(`6c12f0${"00".repeat(29)}80`);
    expect(raw.subarray(33).every((byte) => byte === 0)).to.equal(true);
  });

  for (const bits of [1, 2] as const) {
    it(`of ${bits} bit survives encoding and decoding`, async () => {
      const { values, bitstring } = await writtenByContract(bits);
      const decoded = await decodeBitstringStatusList(await encodeBitstringStatusList(bitstring, bits), bits);
      expect(values.map((_, index) => getStatus(decoded, bits, index))).to.deep.equal(values);
    });
  }

  it("longer than the least is not cut", async () => {
    const bitstring = new Uint8Array(20_000).fill(0xa5);
    expect(await decodeBitstringStatusList(await encodeBitstringStatusList(bitstring, 1), 1)).to.deep.equal(bitstring);
  });

  it("is published with purpose, validity and time to live", async () => {
    const credential = await bitstringStatusListCredential({
      id: "https://example.org/status/3",
      issuer: "did:example:office",
      statusPurpose: "message",
      bitstring: new Uint8Array(1),
      bits: 2,
      validFrom: new Date("2026-01-01T00:00:00Z"),
      validUntil: new Date("2026-02-01T00:00:00Z"),
      ttl: 300_000,
    });
    const { encodedList } = credential.credentialSubject;
    expect(credential).to.deep.equal({
      "@context": ["https://www.w3.org/ns/credentials/v2"],
      id: "https://example.org/status/3",
      type: ["VerifiableCredential", "BitstringStatusListCredential"],
      issuer: "did:example:office",
      validFrom: "2026-01-01T00:00:00.000Z",
      validUntil: "2026-02-01T00:00:00.000Z",
      credentialSubject: {
        id: "https://example.org/status/3#list",
        type: "BitstringStatusList",
        statusPurpose: "message",
        encodedList,
        ttl: 300_000,
      },
    });
  });

  it("is referred to by an entry, which names the values when there are four", () => {
    const one = bitstringStatusListEntry("https://example.org/status/3", 94_567, "revocation", 1);
    expect(one).to.deep.equal({
      id: "https://example.org/status/3#94567",
      type: "BitstringStatusListEntry",
      statusPurpose: "revocation",
      statusListIndex: "94567",
      statusListCredential: "https://example.org/status/3",
    });
    const two = bitstringStatusListEntry("https://example.org/status/3", 7, "message", 2);
    expect(two.statusSize).to.equal(2);
    expect(two.statusMessage?.map(({ status }) => status)).to.deep.equal(["0x0", "0x1", "0x2", "0x3"]);
  });

  const gzipped = (bytes: number) => `u${base64url(gzipSync(new Uint8Array(bytes)))}`;
  const whole = gzipped(16_384);
  const corrupt = Buffer.from(gzipSync(new Uint8Array(16_384)));
  corrupt.writeUInt8(corrupt.readUInt8(corrupt.length - 5) ^ 1, corrupt.length - 5); // in the checksum
  const refused: [what: string, list: string, code: string][] = [
    ["without its multibase prefix", whole.slice(1), "STATUS_LIST_MALFORMED"],
    ["in base58", `z${whole.slice(1)}`, "STATUS_LIST_MALFORMED"],
    ["that is empty", "u", "STATUS_LIST_MALFORMED"],
    ["with padding", `${whole}=`, "STATUS_LIST_MALFORMED"],
    ["that is not compressed", `u${base64url(new Uint8Array(16_384))}`, "STATUS_LIST_MALFORMED"],
    ["cut short", whole.slice(0, -8), "STATUS_LIST_MALFORMED"],
    ["with a wrong checksum", `u${base64url(corrupt)}`, "STATUS_LIST_MALFORMED"],
    ["with fewer than 131,072 entries", gzipped(16_383), "STATUS_LIST_TOO_SHORT"],
    ["that inflates past the limit", gzipped(2 ** 24 + 1), "STATUS_LIST_TOO_LARGE"],
  ];
  for (const [what, list, code] of refused) {
    it(`${what} is refused`, async () => {
      expect(await rejection(decodeBitstringStatusList(list, 1))).to.have.property("code", code);
    });
  }

  it("of two bits needs twice the bytes", async () => {
    expect(await rejection(decodeBitstringStatusList(whole, 2))).to.have.property("code", "STATUS_LIST_TOO_SHORT");
  });
});

describe("IETF Token Status List", () => {
  for (const bits of [1, 2] as const) {
    it(`of ${bits} bit, written by a contract, is read by @sd-jwt/jwt-status-list`, async () => {
      const { values, bitstring } = await writtenByContract(bits);
      const claims = await statusListTokenClaims({ sub: "https://example.org/status/3", bitstring, bits, iat: 1 });
      const list = StatusList.decompressStatusList(claims.status_list.lst, bits);
      expect(values.map((_, index) => list.getStatus(index))).to.deep.equal(values);

      const jwt = [{ alg: "ES256", typ: "statuslist+jwt" }, claims].map((part) =>
        base64url(Buffer.from(JSON.stringify(part))),
      );
      const fromJwt = getListFromStatusListJWT(`${jwt.join(".")}.`);
      expect(fromJwt.getBitsPerStatus()).to.equal(bits);
      expect(values.map((_, index) => fromJwt.getStatus(index))).to.deep.equal(values);
    });

    it(`of ${bits} bit, written by @sd-jwt/jwt-status-list, is read here`, async () => {
      const { values } = await writtenByContract(bits);
      const lst = new StatusList(values, bits).compressStatusList();
      const bitstring = await decodeTokenStatusList({ bits, lst });
      expect(values.map((_, index) => getStatus(bitstring, bits, index))).to.deep.equal(values);
    });
  }

  // The examples of the specification, sections 4.1 and 4.2.
  const examples: [bits: StatusBits, values: number[], bytes: string, lst: string][] = [
    [1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1], "b9a3", "eNrbuRgAAhcBXQ"],
    [2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3], "c944f9", "eNo76fITAAPfAgc"],
  ];
  for (const [bits, values, bytes, lst] of examples) {
    it(`reads and writes the specification's example of ${bits} bit`, async () => {
      const decoded = await decodeTokenStatusList({ bits, lst });
      expect(values.map((_, index) => getStatus(decoded, bits, index))).to.deep.equal(values);

      const bitstring = new Uint8Array((values.length * bits) / 8);
      for (const [index, value] of values.entries()) setStatus(bitstring, bits, index, value);
      const list = await encodeTokenStatusList(bitstring, bits);
      expect(list.bits).to.equal(bits);
      expect(inflateSync(Buffer.from(list.lst, "base64url")).toString("hex")).to.equal(bytes);
    });
  }

  it("is published with its times, and referred to by index and address", async () => {
    const sub = "https://example.org/status/3";
    const claims = await statusListTokenClaims({ sub, bitstring: new Uint8Array(1), bits: 2, iat: 1, exp: 2, ttl: 3 });
    const { lst } = claims.status_list;
    expect(claims).to.deep.equal({ sub, iat: 1, exp: 2, ttl: 3, status_list: { bits: 2, lst } });
    expect(statusListReference(sub, 7)).to.deep.equal({ status_list: { idx: 7, uri: sub } });
  });

  const refused: [what: string, list: unknown, code: string][] = [
    ["of four bits", { bits: 4, lst: "eNrbuRgAAhcBXQ" }, "STATUS_LIST_MALFORMED"],
    ["without data", { bits: 1 }, "STATUS_LIST_MALFORMED"],
    ["in GZIP", { bits: 1, lst: base64url(gzipSync(new Uint8Array(4))) }, "STATUS_LIST_MALFORMED"],
    ["in plain base64", { bits: 1, lst: "eNrbuRgAAhcBXQ==" }, "STATUS_LIST_MALFORMED"],
    ["cut short", { bits: 1, lst: "eNrbuRgAAhcB" }, "STATUS_LIST_MALFORMED"],
  ];
  for (const [what, list, code] of refused) {
    it(`${what} is refused`, async () => {
      expect(await rejection(decodeTokenStatusList(list as never))).to.have.property("code", code);
    });
  }

  it("that inflates past the limit is refused", async () => {
    const list = await encodeTokenStatusList(new Uint8Array(1_001), 1);
    expect(await rejection(decodeTokenStatusList(list, 1_000))).to.have.property("code", "STATUS_LIST_TOO_LARGE");
  });
});
