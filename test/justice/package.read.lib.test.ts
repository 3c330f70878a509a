import assert from "node:assert/strict";

import { PACKAGE_SCHEMA } from "../../src/justice/package/EvidencePackage.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import { PackageError } from "../../src/justice/package/PackageError.js";
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
