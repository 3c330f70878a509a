import { createHash, createHmac } from "node:crypto";

import { expect } from "chai";
import { concat, hexlify, id as keccakOf, keccak256 } from "ethers";

import { canonicalizeFhir } from "../../src/health/canonicalizeFhir.js";
import { commitRecord } from "../../src/health/commitRecord.js";
import { HealthError } from "../../src/health/HealthError.js";
import { recordCommitment } from "../../src/health/recordCommitment.js";
import { loadRecordHashes, NOBLE_HASHES } from "../../src/health/recordHashes.js";
import { RECORD_KINDS, recordKindName, recordKindOf } from "../../src/health/recordKinds.js";
import { recordSalt, type RecordVersion } from "../../src/health/recordSalt.js";
import { readExample } from "./fhirExamples.js";

const KEY = createHash("sha256").update("a patient's key").digest();
const OTHER_KEY = createHash("sha256").update("another patient's key").digest();
const VERSION = { id: "Observation/f001", version: 1 };

function codeOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (!(error instanceof HealthError)) throw error;
    return error.code;
  }
}

/** The salt by another route: Node's HMAC over bytes put together by hand. */
function plainSalt(key: Uint8Array, { id, version }: RecordVersion): Buffer {
  const number = Buffer.from([0, 0, version >> 8, version & 0xff]);
  return createHmac("sha256", key)
    .update(Buffer.concat([Buffer.from("diwan.health.salt"), Buffer.from([0]), number, Buffer.from(id)]))
    .digest();
}

/** The commitment by another route: ethers' keccak256 and Node's SHA-256. */
function plainCommitment(salt: Uint8Array, canonical: string): string {
  const ids = ["diwan.health.record", "sha-256", "fhir-json-lossless-1"].map(keccakOf);
  return keccak256(concat([...ids, salt, createHash("sha256").update(canonical).digest()]));
}

describe("commitRecord", () => {
  describe("recordSalt", () => {
    it("is Node's HMAC of label, version and id", () => {
      for (const record of [
        VERSION,
        { id: "x", version: 65_535 },
        { id: "é😀", version: 256 },
        { id: "9".repeat(1_024), version: 7 },
      ]) {
        expect(hexlify(recordSalt(KEY, record))).to.equal(hexlify(plainSalt(KEY, record)));
      }
    });

    it("is what Python's hmac module finds", () => {
      const salt = "0x5a5f5507e8f903eeeab0a106109ae6f781f811ba7b2d96758a16eb8cf3f77386";
      expect(hexlify(recordSalt(new Uint8Array(32).fill(1), { id: "Patient/example", version: 1 }))).to.equal(salt);
    });

    it("differs for every key, id and version, also where these look alike when they are joined", () => {
      const records = [
        { id: "a", version: 1 },
        { id: "a", version: 11 },
        { id: "a1", version: 1 },
        { id: "1a", version: 1 },
        { id: "a\u0000", version: 1 },
        { id: "\u0000a", version: 1 },
        { id: "A", version: 1 },
        { id: "é", version: 1 },
        { id: "e\u0301", version: 1 },
        { id: "a", version: 256 },
        { id: "\u0001a", version: 1 },
        { id: "\u0000\u0000\u0000\u0001a", version: 1 },
      ];
      const salts = [KEY, OTHER_KEY].flatMap((key) => records.map((record) => hexlify(recordSalt(key, record))));
      expect(new Set(salts).size).to.equal(2 * records.length);
    });

    it("refuses a key that is none, a version that the chain cannot count, and an id that is no text", () => {
      for (const key of [new Uint8Array(31), new Uint8Array(33), new Uint8Array(0), new Uint8Array(32)]) {
        expect(codeOf(() => recordSalt(key, VERSION))).to.equal("RECORD_MALFORMED");
      }
      for (const version of [0, -1, 1.5, 65_536, Number.NaN, 2 ** 32 + 1]) {
        expect(codeOf(() => recordSalt(KEY, { id: "a", version }))).to.equal("RECORD_MALFORMED");
      }
      for (const id of ["", "x".repeat(1_025), "é".repeat(513), "\ud800", "a\udc00"]) {
        expect(codeOf(() => recordSalt(KEY, { id, version: 1 }))).to.equal("RECORD_MALFORMED");
      }
    });
  });

  describe("recordCommitment", () => {
    it("is ethers' keccak256 of the ids, the salt and the digest", () => {
      const salt = plainSalt(KEY, VERSION);
      const digest = createHash("sha256").update("{}").digest();
      expect(hexlify(recordCommitment(salt, digest))).to.equal(plainCommitment(salt, "{}"));
    });

    it("refuses what has not 32 bytes: a part could be taken from one and given to the other", () => {
      for (const [salt, digest] of [
        [31, 33],
        [33, 31],
        [0, 64],
        [32, 0],
        [64, 32],
      ] as const) {
        expect(codeOf(() => recordCommitment(new Uint8Array(salt), new Uint8Array(digest)))).to.equal(
          "RECORD_MALFORMED",
        );
      }
    });
  });

  describe("commitRecord", () => {
    const source = readExample("Observation-f001.json");

    it("commits to the canonical form, with the salt of the version and the number of the type", () => {
      const made = commitRecord(source, KEY, VERSION);
      const canonical = Buffer.from(canonicalizeFhir(source)).toString();
      expect(Buffer.from(made.canonical).toString()).to.equal(canonical);
      expect(made.salt).to.equal(hexlify(plainSalt(KEY, VERSION)));
      expect(made.commitment).to.equal(plainCommitment(plainSalt(KEY, VERSION), canonical));
      expect(made).to.include({ ...VERSION, kind: 97 });
    });

    it("finds the same commitment whatever white space, order and escapes the text has, and whatever hashes", async () => {
      const first = commitRecord(source, KEY, VERSION).commitment;
      const hashes = await loadRecordHashes();
      const pretty = JSON.stringify(JSON.parse(source.toString()), null, 7);
      const respelled = pretty.replace(/"(?:[^"\\]|\\.)*"/g, (string) => string.replaceAll("e", "\\u0065"));
      expect(respelled).to.include("\\u0065");
      const others = [source.toString(), canonicalizeFhir(source), respelled];
      for (const other of others) {
        expect(commitRecord(other, KEY, VERSION).commitment).to.equal(first);
        expect(commitRecord(other, KEY, VERSION, hashes).commitment).to.equal(first);
      }
    });

    it("finds another one for another digit, key, id or version", () => {
      const text = '{"resourceType":"Observation","valueQuantity":{"value":0.50}}';
      const commitments = [
        commitRecord(text, KEY, VERSION),
        commitRecord(text.replace("0.50", "0.5"), KEY, VERSION),
        commitRecord(text, OTHER_KEY, VERSION),
        commitRecord(text, KEY, { ...VERSION, version: 2 }),
        commitRecord(text, KEY, { ...VERSION, id: "Observation/f002" }),
      ].map(({ commitment }) => commitment);
      expect(new Set(commitments).size).to.equal(5);
    });

    it("refuses what is no FHIR R4 resource, and says nothing of it", () => {
      for (const text of [
        "{}",
        "[]",
        '{"resourceType":"Secret"}',
        '{"resourceType":1}',
        '{"resourceType":"Resource"}',
      ]) {
        expect(codeOf(() => commitRecord(text, KEY, VERSION))).to.equal("RECORD_KIND_UNKNOWN");
      }
      expect(() => commitRecord('{"resourceType":"Secret"}', KEY, VERSION)).to.throw(/^(?!.*Secret).*$/);
      expect(codeOf(() => commitRecord('{"a":1,"a":2}', KEY, VERSION))).to.equal("FHIR_DUPLICATE_KEY");
    });

    it("the hash functions of both kinds are those of Node and ethers", async () => {
      for (const { sha256, keccak } of [NOBLE_HASHES, await loadRecordHashes()]) {
        for (const length of [0, 1, 55, 56, 64, 135, 136, 137, 10_000]) {
          const bytes = new Uint8Array(length).fill(length);
          expect(hexlify(sha256(bytes))).to.equal(`0x${createHash("sha256").update(bytes).digest("hex")}`);
          expect(hexlify(keccak(bytes))).to.equal(keccak256(bytes));
        }
      }
    });
  });

  describe("recordKinds", () => {
    it("numbers the types from 1, for good", () => {
      expect(RECORD_KINDS).to.have.lengthOf(148);
      for (const [name, kind] of [
        ["Account", 1],
        ["Consent", 29],
        ["MedicationRequest", 80],
        ["Observation", 97],
        ["Patient", 104],
        ["VisionPrescription", 148],
      ] as const) {
        expect(recordKindOf(name)).to.equal(kind);
        expect(recordKindName(kind)).to.equal(name);
        expect(recordKindName(BigInt(kind))).to.equal(name);
      }
    });

    it("knows no others, and none that no resource has", () => {
      for (const name of ["", "patient", "Resource", "DomainResource", "constructor", "__proto__", "Patient "]) {
        expect(
          codeOf(() => recordKindOf(name)),
          name,
        ).to.equal("RECORD_KIND_UNKNOWN");
      }
      const abstract = [RECORD_KINDS.indexOf("Resource") + 1, RECORD_KINDS.indexOf("DomainResource") + 1];
      for (const kind of [0, -1, 149, 1.5, Number.NaN, ...abstract]) {
        expect(
          codeOf(() => recordKindName(kind)),
          `${kind}`,
        ).to.equal("RECORD_KIND_UNKNOWN");
      }
    });
  });
});
