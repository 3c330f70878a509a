import { createHash } from "node:crypto";

import { expect } from "chai";
import { concat, id as keccakOf, keccak256 } from "ethers";

import { caseTag, commitCase } from "../../src/justice/evidence/commitCase.js";
import { commitExhibit } from "../../src/justice/evidence/commitExhibit.js";
import { randomSalt } from "../../src/justice/evidence/randomSalt.js";
import {
  checkStatement,
  decodeStatement,
  encodeStatement,
  type EvidenceStatement,
} from "../../src/justice/evidence/statement.js";
import { JusticeError } from "../../src/justice/JusticeError.js";

const SALT = createHash("sha256").update("a salt").digest();
const HEX64 = "ab".repeat(32);
const LEAST: EvidenceStatement = {
  schema: "diwan.evidence.statement.v1",
  chainId: 31337,
  registry: `0x${"c0".repeat(20)}`,
  digests: [{ algorithm: "sha-256", value: HEX64 }],
  size: 0,
  kind: "file",
  tool: { body: 7, name: "Imager", version: "4.2" },
  caseId: "2026/1187",
};
const WHOLE: EvidenceStatement = {
  ...LEAST,
  digests: [...LEAST.digests, { algorithm: "sha3-512", value: "cd".repeat(64) }],
  exhibitNumber: "E-1",
  mediaType: "video/x-matroska",
  name: "كاميرا ٧.mkv",
  device: { make: "Acme", model: "C7", serialNumber: "0042", imei: "490154203237518", mac: "00:1a:2b:3c:4d:5e" },
  operatorRole: "forensic examiner",
  place: "laboratory 2",
  claimedCapturedAt: 1_764_288_000,
  notBefore: { blockNumber: 12, blockHash: `0x${HEX64}` },
  timestampToken: { algorithm: "sha-512", value: "ef".repeat(64) },
};

/** LEAST as RFC 8785 writes it, by hand. */
const LEAST_CANONICAL =
  `{"caseId":"2026/1187","chainId":31337,"digests":[{"algorithm":"sha-256","value":"${HEX64}"}],"kind":"file",` +
  `"registry":"0x${"c0".repeat(20)}","schema":"diwan.evidence.statement.v1","size":0,` +
  `"tool":{"body":7,"name":"Imager","version":"4.2"}}`;

function without(statement: EvidenceStatement, name: string): EvidenceStatement {
  const rest = Object.entries(statement).filter(([member]) => member !== name);
  return Object.fromEntries(rest) as unknown as EvidenceStatement;
}

function problemOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (!(error instanceof JusticeError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe("evidence statements", () => {
  describe("encodeStatement", () => {
    it("writes RFC 8785", () => {
      expect(new TextDecoder().decode(encodeStatement(LEAST))).to.equal(LEAST_CANONICAL);
    });

    it("does not depend on the order of members", () => {
      const turned = Object.fromEntries(Object.entries(WHOLE).reverse()) as unknown as EvidenceStatement;
      expect(encodeStatement(turned)).to.deep.equal(encodeStatement(WHOLE));
    });
  });

  describe("decodeStatement", () => {
    it("reads what encodeStatement wrote", () => {
      for (const statement of [LEAST, WHOLE])
        expect(decodeStatement(encodeStatement(statement))).to.deep.equal(statement);
    });

    it("refuses every other text of the same statement", () => {
      for (const text of [
        ` ${LEAST_CANONICAL}`,
        `\ufeff${LEAST_CANONICAL}`,
        LEAST_CANONICAL.replace('"size":0', '"size":0.0'),
        LEAST_CANONICAL.replace('"size":0', '"size":-0'),
        LEAST_CANONICAL.replace('"size":0', '"size":1,"size":0'),
        LEAST_CANONICAL.replace("Imager", "\\u0049mager"),
      ]) {
        expect(problemOf(() => decodeStatement(Buffer.from(text)))).to.match(/^STATEMENT_MALFORMED/);
      }
    });

    it("refuses what is empty, huge, no UTF-8 or no JSON, and quotes none of it", () => {
      for (const bytes of [Buffer.alloc(0), Buffer.alloc(65_537, " "), Buffer.from([0xff]), Buffer.from("secret")]) {
        expect(problemOf(() => decodeStatement(bytes)))
          .to.match(/^STATEMENT_MALFORMED/)
          .and.not.contain("secret");
      }
    });
  });

  describe("checkStatement", () => {
    const digest = LEAST.digests[0]!;
    const cases: [string, unknown, RegExp][] = [
      ["no object", null, /is no object/],
      ["a strange member", { ...LEAST, caseID: "x" }, /strange member, "caseID"/],
      ["a strange member within", { ...LEAST, tool: { ...LEAST.tool, key: 1 } }, /tool has a strange member, "key"/],
      ["another version", { ...LEAST, schema: "diwan.evidence.statement.v2" }, /schema is none of diwan/],
      ["an optional member that is undefined", { ...LEAST, place: undefined }, /place must be one line/],
      ["chain 0", { ...LEAST, chainId: 0 }, /chainId must be above 0/],
      [
        "an address with capitals",
        { ...LEAST, registry: `0x${"C0".repeat(20)}` },
        /registry must be an address in lower/,
      ],
      ["no digest", { ...LEAST, digests: [] }, /digests must have one digest or two, not none/],
      ["three digests", { ...LEAST, digests: [digest, digest, digest] }, /digests has more than 2/],
      ["two digests by one function", { ...LEAST, digests: [digest, digest] }, /not twice sha-256/],
      [
        "an unknown function",
        { ...LEAST, digests: [{ ...digest, algorithm: "md5" }] },
        /none of sha-256, sha-512, sha3-512/,
      ],
      ["a digest with 0x", { ...LEAST, digests: [{ ...digest, value: `0x${HEX64}` }] }, /hex without prefix/],
      [
        "a digest too short",
        { ...LEAST, digests: [{ algorithm: "sha-512", value: HEX64 }] },
        /must have 128 hex digits for sha-512, not 64/,
      ],
      ["half a byte", { ...LEAST, size: 0.5 }, /size is no whole number/],
      ["a negative size", { ...LEAST, size: -1 }, /size is no whole number/],
      ["a size no double can tell", { ...LEAST, size: 2 ** 53 }, /size is no whole number/],
      ["another kind", { ...LEAST, kind: "link" }, /kind is none of file, directory/],
      ["a body past 32 bits", { ...LEAST, tool: { ...LEAST.tool, body: 2 ** 32 } }, /tool.body is no whole number/],
      ["an empty case", { ...LEAST, caseId: "" }, /caseId must be one line/],
      ["a line break", { ...LEAST, place: "a\nb" }, /place must be one line/],
      ["text that turns its direction", { ...LEAST, name: "a\u202egpj.exe" }, /name must be one line/],
      ["half a surrogate pair", { ...LEAST, name: "\ud800" }, /name must be one line/],
      ["501 characters", { ...LEAST, name: "x".repeat(501) }, /name must be one line/],
      ["an empty device", { ...LEAST, device: {} }, /device must say something/],
      ["a bad MAC", { ...LEAST, device: { mac: "001a2b3c4d5e" } }, /device.mac must be six bytes/],
      ["a bad IMEI", { ...LEAST, device: { imei: "1" } }, /device.imei must be 14 to 16 digits/],
      ["a media type without subtype", { ...LEAST, mediaType: "video" }, /mediaType must be type\/subtype/],
      [
        "a time in milliseconds past 40 bits",
        { ...LEAST, claimedCapturedAt: 2 ** 40 },
        /claimedCapturedAt is no whole/,
      ],
      ["a block without hash", { ...LEAST, notBefore: { blockNumber: 1 } }, /notBefore lacks blockHash/],
      [
        "a token's digest of another length",
        { ...LEAST, timestampToken: { ...digest, value: "" } },
        /timestampToken.value must have 64/,
      ],
    ];
    for (const [name, value, problem] of cases) {
      it(`refuses ${name}`, () => {
        const said = problemOf(() => checkStatement(value));
        expect(said).to.match(/^STATEMENT_MALFORMED/);
        expect(said).to.match(problem);
      });
    }

    it("refuses each required member's absence, by its name", () => {
      for (const name of Object.keys(LEAST)) {
        const rest = without(LEAST, name);
        expect(problemOf(() => checkStatement(rest))).to.equal(`STATEMENT_MALFORMED: the statement lacks ${name}`);
      }
    });
  });

  describe("commitExhibit", () => {
    it("is ethers' keccak256 over Node's SHA-256 of the canonical text", () => {
      const digest = createHash("sha256").update(LEAST_CANONICAL).digest();
      const expected = keccak256(concat([keccakOf("diwan.justice.exhibit.v1"), SALT, digest]));
      expect(commitExhibit(LEAST, SALT)).to.equal(expected);
    });

    it("differs for every member changed", () => {
      const all = new Set([commitExhibit(WHOLE, SALT), commitExhibit(WHOLE, randomSalt())]);
      const optional = Object.keys(WHOLE).filter((name) => !(name in LEAST));
      for (const name of optional) {
        const rest = without(WHOLE, name);
        all.add(commitExhibit(rest, SALT));
      }
      expect(all.size).to.equal(2 + optional.length);
      expect(optional).to.have.length(9);
    });

    it("refuses a salt that is short, long or all zero", () => {
      for (const salt of [new Uint8Array(), SALT.subarray(1), Buffer.concat([SALT, SALT]), new Uint8Array(32)]) {
        expect(problemOf(() => commitExhibit(LEAST, salt))).to.match(/^SALT_MALFORMED/);
      }
    });
  });

  describe("commitCase", () => {
    it("is ethers' keccak256 over Node's SHA-256 of the number in UTF-8", () => {
      for (const caseId of ["2026/1187", "القضية ٧"]) {
        const digest = createHash("sha256").update(Buffer.from(caseId, "utf8")).digest();
        const expected = keccak256(concat([keccakOf("diwan.justice.case.v1"), SALT, digest]));
        expect(commitCase(caseId, SALT)).to.equal(expected);
        expect(caseTag(expected)).to.equal(expected.slice(0, 10));
      }
    });

    it("refuses what is no number or no commitment", () => {
      for (const caseId of ["", "a\nb", "x".repeat(501), "\udc00"]) {
        expect(problemOf(() => commitCase(caseId, SALT))).to.match(/^CASE_MALFORMED/);
      }
      for (const tag of ["", "0x", `0x${"AB".repeat(32)}`]) {
        expect(problemOf(() => caseTag(tag))).to.match(/^CASE_MALFORMED/);
      }
    });
  });
});
