import assert from "node:assert/strict";

import { PACKAGE_SCHEMA } from "../../src/justice/package/EvidencePackage.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import { PackageError } from "../../src/justice/package/PackageError.js";
import { readTrustAnchor, TRUST_ANCHOR_SCHEMA } from "../../src/justice/package/readTrustAnchor.js";
import { encodePackage, readPackage, zipPackage } from "../../src/justice/package/readPackage.js";

const ADDRESS = `0x${"11".repeat(20)}`;
const WORD = `0x${"22".repeat(32)}`;
const SAMPLE = withManifest({
  schema: PACKAGE_SCHEMA,
  statement: {
    schema: "diwan.evidence.statement.v1",
    chainId: 7,
    registry: ADDRESS,
    digests: [{ algorithm: "sha-256", value: "33".repeat(32) }],
    size: 3,
    kind: "file",
    tool: { body: 2, name: "imager", version: "1.0" },
    caseId: "2026/1",
  },
  salt: WORD,
  exhibit: { chainId: 7, registry: ADDRESS, trustList: ADDRESS, commitment: WORD },
  header: "0x00",
  registryProof: { accountProof: [], storageProofs: [] },
  trustProof: { accountProof: [], storageProofs: [] },
  trust: [],
  sealing: { kind: "none", headers: [], ancestors: [] },
  custody: [],
  anchors: [],
});

function codeOf(bytes: Uint8Array): string {
  try {
    readPackage(bytes);
  } catch (error) {
    assert(error instanceof PackageError, String(error));
    return error.code;
  }
  return "NONE";
}

describe("readPackage", () => {
  const zip = zipPackage(SAMPLE);

  it("reads what it writes, in both forms", () => {
    assert.deepEqual(readPackage(zip), SAMPLE);
    assert.deepEqual(readPackage(encodePackage(SAMPLE)), SAMPLE);
  });

  it("refuses the zip with any byte changed", () => {
    for (let at = 1; at < zip.length; ++at) {
      const altered = Uint8Array.from(zip);
      altered[at]! ^= 1;
      assert.equal(codeOf(altered), "ZIP_MALFORMED", `byte ${at}`);
    }
  });

  it("refuses the zip cut at any byte", () => {
    for (let size = 1; size < zip.length; ++size) assert.equal(codeOf(zip.subarray(0, size)), "ZIP_MALFORMED");
  });

  it("refuses an empty file, one that is too large, bytes after the end and another form of JSON", () => {
    assert.equal(codeOf(new Uint8Array()), "PACKAGE_MALFORMED");
    assert.equal(codeOf(new Uint8Array(2 ** 26 + 1)), "PACKAGE_TOO_LARGE");
    assert.equal(codeOf(Uint8Array.from([...zip, 0])), "ZIP_MALFORMED");
    assert.equal(codeOf(new TextEncoder().encode(JSON.stringify(SAMPLE, null, 1))), "PACKAGE_MALFORMED");
  });
});

describe("readTrustAnchor", () => {
  const COMMON = { schema: TRUST_ANCHOR_SCHEMA, chainId: 7, registry: ADDRESS, trustList: ADDRESS };
  const GOOD = [
    { ...COMMON, kind: "block", number: 1, hash: WORD },
    { ...COMMON, kind: "validators", validators: [ADDRESS] },
    { ...COMMON, kind: "genesis", hash: WORD, epoch: 30_000 },
    { ...COMMON, kind: "clique", hash: WORD, period: 1, epoch: 30_000, tsaCertificates: ["0x30"] },
  ];
  const codeOfText = (text: string): string => {
    try {
      readTrustAnchor(text);
    } catch (error) {
      assert(error instanceof PackageError, String(error));
      return error.code;
    }
    return "NONE";
  };

  it("reads each kind as it is", () => {
    for (const anchor of GOOD) assert.deepEqual(readTrustAnchor(JSON.stringify(anchor)), anchor);
  });

  it("refuses any other text as ANCHOR_MALFORMED", () => {
    const bad: [string, string][] = [
      ["no JSON", "{"],
      ["empty", ""],
      ["null", "null"],
      ["a list", "[]"],
      ["too long", " ".repeat(2 ** 22 + 1)],
      ...["hash", "toString", "", 7].map((kind): [string, string] => [
        `kind ${kind}`,
        JSON.stringify({ ...GOOD[0], kind }),
      ]),
      ...GOOD.flatMap((anchor) =>
        Object.keys(anchor).flatMap((name): [string, string][] => {
          const lists = ["validators", "tsaCertificates"].includes(name);
          const without = Object.fromEntries(Object.entries(anchor).filter(([key]) => key !== name));
          const altered: [string, string] = [name, JSON.stringify({ ...anchor, [name]: lists ? ["0xZZ"] : [] })];
          const isOptional = name === "tsaCertificates";
          return isOptional ? [altered] : [altered, [`no ${name}`, JSON.stringify(without)]];
        }),
      ),
      ["a strange member", JSON.stringify({ ...GOOD[0], more: 1 })],
      ["a member of another kind", JSON.stringify({ ...GOOD[0], validators: [ADDRESS] })],
      ["upper case", JSON.stringify({ ...GOOD[0], registry: `0x${"AB".repeat(20)}` })],
      ["a key of a witness", JSON.stringify({ ...GOOD[0], witnessKeys: ["no key"] })],
    ];
    assert(bad.length > 40);
    for (const [what, text] of bad) assert.equal(codeOfText(text), "ANCHOR_MALFORMED", what);
  });
});
