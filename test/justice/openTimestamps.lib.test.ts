import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";

import { anchorDigest } from "../../src/justice/anchors/anchorDigest.js";
import { decodeOpenTimestamps } from "../../src/justice/anchors/decodeOpenTimestamps.js";
import { type BitcoinBlock, verifyOpenTimestamps } from "../../src/justice/anchors/verifyOpenTimestamps.js";
import { codeOf } from "./anchorErrors.js";

const FOLDER = "test/vectors/opentimestamps";

interface Expected {
  file_hash_op?: string;
  digest?: string;
  attestations: { kind: string; msg?: string; height?: number; uri?: string; tag?: string }[];
}

const expected = JSON.parse(readFileSync(`${FOLDER}/expected.json`, "utf8")) as Record<string, Expected>;
const { headers } = JSON.parse(readFileSync(`${FOLDER}/headers.json`, "utf8")) as {
  headers: Record<string, { block_hash: string; header: string }>;
};
const BLOCKS: BitcoinBlock[] = Object.entries(headers).map(([height, { block_hash, header }]) => ({
  height: Number(height),
  hash: block_hash,
  header: hexToBytes(header),
}));
const HELLO = readProof("hello-world.txt");
const HELLO_DIGEST = new Uint8Array(
  createHash("sha256")
    .update(readFileSync(`${FOLDER}/hello-world.txt`))
    .digest(),
);

function readProof(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${FOLDER}/${name}.ots`));
}

function verifyFile(name: string, blocks: readonly BitcoinBlock[] = BLOCKS) {
  const proof = readProof(name);
  const { digest, algorithm } = decodeOpenTimestamps(proof);
  return verifyOpenTimestamps(proof, { digest, algorithm, blocks });
}

/** A proof of the digest of nothing with a body of its own. */
function proofOf(...body: number[]): Uint8Array {
  return concatBytes(HELLO.slice(0, 33), sha256(new Uint8Array()), Uint8Array.from(body));
}

const PENDING = [0x00, ...hexToBytes("83dfe30d2ef90c8e")];

describe("verifyOpenTimestamps", () => {
  for (const [file, { attestations, digest }] of Object.entries(expected)) {
    it(`reads in ${file} what the reference reads`, () => {
      const read = decodeOpenTimestamps(new Uint8Array(readFileSync(`${FOLDER}/${file}`)));
      if (digest !== undefined) expect(bytesToHex(read.digest)).to.equal(digest);
      const inWords = (one: Expected["attestations"][number]) =>
        [one.kind, one.height ?? one.uri ?? one.tag, one.msg].join(" ");
      const found = read.attestations.map((one) => inWords({ ...one, msg: bytesToHex(one.message) }));
      const wanted = attestations.map((one) => ({ ...one, msg: one.msg ?? "" }));
      expect(found.map((text, i) => (wanted[i]?.msg === "" ? text.replace(/ \w+$/, " ") : text))).to.have.members(
        wanted.map(inWords),
      );
    });
  }

  it("proves the project's first example by Bitcoin's block 358,391", () => {
    const result = verifyOpenTimestamps(HELLO, { digest: HELLO_DIGEST, blocks: BLOCKS });
    expect(result.state).to.equal("PROVED");
    expect(result.proved).to.deep.equal([
      {
        height: 358391,
        hash: "000000000000000003e892881a8cdcdc117c06d444057c98b6f04a9ee75a2319",
        time: Date.parse("2015-05-28T15:41:18Z") / 1000,
      },
    ]);
  });

  it("proves by each calendar's block, the earliest first", () => {
    const { state, proved } = verifyFile("two-calendars.txt.upgraded");
    expect(state).to.equal("PROVED");
    expect(proved.map(({ height }) => height)).to.deep.equal([429172, 429355]);
  });

  it("says that a calendar's promise proves nothing yet", () => {
    expect(verifyFile("incomplete.txt")).to.deep.equal({
      ...{ state: "PENDING", proved: [], unproved: [], unknown: [] },
      pending: ["https://alice.btc.calendar.opentimestamps.org"],
    });
  });

  it("says of attestations of other kinds that they are unknown", () => {
    expect(verifyFile("unknown-notary.txt")).to.include({ state: "UNKNOWN" });
    expect(verifyFile("known-and-unknown-notary.txt")).to.include({ state: "PENDING" });
  });

  it("names the block and its Merkle root when it was not given", () => {
    const { state, unproved } = verifyFile("hello-world.txt", []);
    expect(state).to.equal("UNPROVED");
    expect(unproved).to.deep.equal([
      { height: 358391, merkleRoot: "007ee445d23ad061af4a36b809501fab1ac4f2d7e7a739817dd0cbb7ec661b8a" },
    ]);
  });

  it("refuses the example that leads to another Merkle root", async () => {
    expect(await codeOf(() => verifyFile("bad-stamp.txt"))).to.equal("OTS_CONTRADICTED");
  });

  it("takes proofs of files hashed by SHA-1 and RIPEMD-160 when asked for those", () => {
    expect(decodeOpenTimestamps(readProof("a_or_b")).algorithm).to.equal("sha-1");
    expect(decodeOpenTimestamps(readProof("ripemd160-readme")).algorithm).to.equal("ripemd-160");
  });

  it("refuses a proof of another digest, or of the same by another function", async () => {
    const digest = anchorDigest(HELLO_DIGEST);
    expect(await codeOf(() => verifyOpenTimestamps(HELLO, { digest, blocks: BLOCKS }))).to.equal("OTS_FOREIGN");
    const asOther = { digest: HELLO_DIGEST, algorithm: "sha-1" as const, blocks: BLOCKS };
    expect(await codeOf(() => verifyOpenTimestamps(HELLO, asOther))).to.equal("OTS_FOREIGN");
  });

  it("refuses headers that have not the trusted hash, are cut, or are given twice", async () => {
    const block = BLOCKS.find(({ height }) => height === 358391)!;
    const altered = block.header.slice();
    altered[70]! ^= 1;
    const bad: BitcoinBlock[][] = [
      [{ ...block, header: altered }],
      [{ ...block, header: block.header.slice(1) }],
      [{ ...block, hash: `1${block.hash.slice(1)}` }],
      [block, block],
    ];
    for (const blocks of bad)
      expect(await codeOf(() => verifyOpenTimestamps(HELLO, { digest: HELLO_DIGEST, blocks }))).to.equal(
        "OTS_BLOCK_MALFORMED",
      );
  });

  it("proves nothing when any byte of a proof is altered, cut off or added", async () => {
    const harmless: string[] = [];
    for (let at = 0; at < HELLO.length; at++)
      for (const flip of [0x01, 0x80, 0xff]) {
        const altered = HELLO.slice();
        altered[at]! ^= flip;
        if ((await stateOf(altered)) === "PROVED") harmless.push(`${at}: ${HELLO[at]} to ${altered[at]}`);
      }
    // Bitcoin pairs the last node of an odd row with itself: there, to prepend it is to append it.
    expect(harmless).to.deep.equal(["603: 240 to 241"]);
    for (let length = 0; length < HELLO.length; length++)
      expect(await stateOf(HELLO.slice(0, length)), `first ${length}`).to.equal("OTS_MALFORMED");
    expect(await stateOf(concatBytes(HELLO, Uint8Array.of(0)))).to.equal("OTS_MALFORMED");
  });

  it("refuses what the format forbids, and what would cost more than a proof can", async () => {
    const deep = Array.from({ length: 300 }, () => 0x08);
    const bad: Record<string, number[]> = {
      "nothing said": [],
      "an unknown operation": [0x42, ...PENDING, 1, 0],
      "reverse, which no calendar uses": [0xf2, ...PENDING, 1, 0],
      "appending nothing": [0xf0, 0, ...PENDING, 1, 0],
      "a number with a leading zero": [0xf0, 0x81, 0x00, 1, ...PENDING, 1, 0],
      "an endless number": [0xf0, ...Array.from({ length: 9 }, () => 0xff)],
      "a space in a calendar's address": [...PENDING, 2, 1, 0x20],
      "a rest in an attestation": [...PENDING, 3, 1, 0x61, 0x61],
      "a Merkle root of 33 bytes": [0xf0, 1, 1, 0, ...hexToBytes("0588960d73d71901"), 1, 5],
      "more operations than the reference takes": [...deep, ...PENDING, 1, 0],
      "a message of more than 4096 bytes": [
        0xf0,
        0xff,
        0x1f,
        ...Array.from({ length: 4095 }, () => 1),
        ...PENDING,
        1,
        0,
      ],
    };
    for (const [what, body] of Object.entries(bad))
      expect(await codeOf(() => decodeOpenTimestamps(proofOf(...body))), what).to.equal("OTS_MALFORMED");
    expect(await codeOf(() => decodeOpenTimestamps(new Uint8Array(1 << 17)))).to.equal("OTS_MALFORMED");
    expect(decodeOpenTimestamps(proofOf(...PENDING, 2, 1, 0x61)).attestations).to.have.length(1);
  });

  it("carries out every operation as other implementations do", () => {
    const message = sha256(new Uint8Array());
    const by = (name: string) => new Uint8Array(createHash(name).update(message).digest());
    const cases: [number, Uint8Array][] = [
      [0x02, by("sha1")],
      [0x03, by("ripemd160")],
      [0x08, by("sha256")],
    ];
    for (const [tag, result] of cases)
      expect(decodeOpenTimestamps(proofOf(tag, ...PENDING, 2, 1, 0x61)).attestations[0]!.message).to.deep.equal(result);
  });

  async function stateOf(proof: Uint8Array): Promise<string> {
    let state = "";
    const code = await codeOf(() => {
      ({ state } = verifyOpenTimestamps(proof, { digest: HELLO_DIGEST, blocks: BLOCKS }));
    });
    return code === "none" ? state : code;
  }
});
