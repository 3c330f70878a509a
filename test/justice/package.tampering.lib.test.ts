import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { zipSync } from "fflate";

import { certificateData } from "../../src/justice/certificate/certificateData.js";
import { certificateInput } from "../../src/justice/package/certificateInput.js";
import { PACKAGE_PARTS, type EvidencePackage } from "../../src/justice/package/EvidencePackage.js";
import { PackageError } from "../../src/justice/package/PackageError.js";
import { packageManifest, withManifest } from "../../src/justice/package/packageManifest.js";
import { checkPackage, encodePackage, readPackage, zipPackage } from "../../src/justice/package/readPackage.js";
import { renderReport } from "../../src/justice/package/renderReport.js";
import type { TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { addresses, packageFixture, sealAnew, VALIDATORS, verify } from "./package.fixtures.js";

const run = promisify(execFile);

/** An exhibit of a log with a story, on a chain that pinned validators seal. */
async function sealedPackage(): Promise<{ found: EvidencePackage; anchor: TrustAnchor }> {
  const suite = await packageFixture();
  await suite.story(1);
  const [member] = await suite.batch([2, 3, 4], false);
  await suite.registry.singleOut(member!);
  const more = await suite.build(2, { place: member!.place });
  const found = sealAnew(more);
  const validators = addresses(VALIDATORS).map((one) => one.toLowerCase());
  return { found, anchor: { schema: "diwan.trust-anchor.v1", ...suite.names, kind: "validators", validators } };
}

/** Each text and number of a part, as the way to it. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

function change(found: EvidencePackage, path: string[], alter: (leaf: unknown) => unknown): EvidencePackage {
  const copy = structuredClone(found) as unknown as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[path.at(-1)!] = alter(at[path.at(-1)!]);
  return copy as unknown as EvidencePackage;
}

/** One character made another of its kind, at a place from 0 to 1. */
const altered = (where: number) => (leaf: unknown) => {
  if (typeof leaf === "number") return leaf + 1;
  if (typeof leaf === "boolean") return !leaf;
  const text = leaf as string;
  const start = text.startsWith("0x") ? 2 : 0;
  const at = Math.min(text.length - 1, start + Math.floor((text.length - start) * where));
  const old = text[at]!;
  const other = /[0-9]/.test(old) ? String((Number(old) + 1) % 10) : old === "a" ? "b" : "a";
  return text.slice(0, at) + other + text.slice(at + 1);
};

/** The parts that are found wrong, whether they cannot be read or do not hold. */
async function partsOf(found: EvidencePackage, anchor: TrustAnchor): Promise<string[]> {
  try {
    return (await verify(checkPackage(found), anchor)).problems.map(({ part }) => part);
  } catch (error) {
    assert(error instanceof PackageError, String(error));
    return [error.part];
  }
}

/** Changes of many leaves, but of no more than some hundred a part: lists of changes and nodes are long. */
function* changes(found: EvidencePackage) {
  for (const part of PACKAGE_PARTS) {
    if (found[part] === undefined) continue;
    const all = leaves(found[part], [part]);
    const step = Math.max(1, Math.floor(all.length / 24));
    for (let i = 0; i < all.length; i += step)
      for (const where of [0, 0.37, 0.99]) yield { part, path: all[i]!, where };
  }
}

describe("a package with something changed", () => {
  it("names the part by the manifest, whatever was changed", async () => {
    const { found, anchor } = await sealedPackage();
    assert.deepEqual(await partsOf(found, anchor), []);
    const seen = new Set<string>();
    for (const { part, path, where } of changes(found)) {
      const parts = await partsOf(change(found, path, altered(where)), anchor);
      // A package of another schema is not read at all, so where only that digest differs it is the manifest that was altered.
      const expected = part === "manifest" && path[1] !== "schema" ? path[1]! : part;
      assert(parts.includes(expected), `${path.join(".")} at ${where}: ${parts.join(", ") || "unseen"}`);
      seen.add(part);
    }
    // Parts that are empty have nothing to change.
    const empty = ["anchors", "timestampToken"];
    assert.deepEqual([...seen].sort(), PACKAGE_PARTS.filter((part) => !empty.includes(part)).sort());
  });

  it("is found out without it too: whoever forges makes the manifest anew", async () => {
    const { found, anchor } = await sealedPackage();
    for (const { part, path, where } of changes(found)) {
      if (part === "manifest") continue;
      let forged = change(found, path, altered(where));
      try {
        forged = withManifest(checkPackage(forged));
      } catch (error) {
        assert(error instanceof PackageError && error.part === part, String(error));
        continue;
      }
      const parts = await partsOf(forged, anchor);
      // A header that is not what was proved makes proofs and seals fail; that of a receipt is one of the custody's.
      const blamed = part === "header" ? ["header", "sealing"] : [part];
      assert(
        blamed.some((one) => parts.includes(one)),
        `${path.join(".")} at ${where}: ${parts.join(", ") || "unseen"}`,
      );
    }
  });

  it("names the part of any changed byte of either file", async () => {
    const { found } = await sealedPackage();
    const json = encodePackage(found);
    const text = new TextDecoder().decode(json);
    const zip = zipPackage(found);
    const starts = [...PACKAGE_PARTS]
      .sort()
      .map(
        (part) =>
          [
            part,
            text.search(new RegExp(`${part === "anchors" ? "\\{" : ","}"${part}":(?!"[0-9a-f]{64}")`)) + 1,
          ] as const,
      )
      .filter(([, start]) => start !== 0)
      .sort(([, a], [, b]) => a - b);
    const ofZip = PACKAGE_PARTS.map((part) => [part, Buffer.from(zip).indexOf(`${part}.json`)] as const).filter(
      ([, start]) => start !== -1,
    );
    for (const [bytes, parts] of [
      [json, starts],
      [zip, ofZip],
    ] as const) {
      for (const [i, [part, start]] of parts.entries()) {
        const end = parts[i + 1]?.[1] ?? start + 60;
        for (const where of [0.05, 0.2, 0.5, 0.8]) {
          const at = Math.floor(start + part.length + 7 + (end - start - part.length - 60) * where);
          if (at <= start || at >= end - 31) continue;
          const broken = Uint8Array.from(bytes, (byte, n) => (n === at ? byte ^ 0x80 : byte));
          let blamed = "none";
          try {
            readPackage(broken);
          } catch (error) {
            assert(error instanceof PackageError, String(error));
            blamed = error.part;
          }
          assert.equal(blamed, part, `byte ${at} of the ${bytes === zip ? "zip" : "JSON"}`);
        }
      }
    }
  });
});

describe("every byte of a package", () => {
  /** Where each part's entry begins in a zip, its content, and where it ends; the directory follows the last. */
  function entriesOf(zip: Uint8Array) {
    const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
    const entries: { part: string; start: number; content: number; end: number }[] = [];
    for (let start = 0; view.getUint32(start, true) === 0x04034b50; start = entries.at(-1)!.end) {
      const content = start + 30 + view.getUint16(start + 26, true);
      const name = Buffer.from(zip.subarray(start + 30, content)).toString("latin1");
      entries.push({
        part: name.replace(/\.json$/, ""),
        start,
        content,
        end: content + view.getUint32(start + 18, true),
      });
    }
    return entries;
  }

  /** What a reader says of bytes: the part that it blames, or nothing. */
  function blame(bytes: Uint8Array): string | undefined {
    try {
      readPackage(bytes);
      return undefined;
    } catch (error) {
      assert(error instanceof PackageError, String(error));
      return error.part;
    }
  }

  /** Another character that can stand where this one does, so that as much as can be is still read. */
  function another(byte: number): number {
    const character = String.fromCharCode(byte);
    if (/[0-8a-e]/.test(character)) return byte + 1;
    return /[9f]/.test(character) ? byte - 1 : byte ^ 1;
  }

  it("of the zip, metadata among them: the reader refuses it, and names the part that it is of", async () => {
    const { found } = await sealedPackage();
    const zip = zipPackage(found);
    const entries = entriesOf(zip);
    assert.deepEqual(
      entries.map(({ part }) => part),
      PACKAGE_PARTS.filter((part) => found[part] !== undefined),
    );
    const directory = entries.at(-1)!.end;
    // The first byte tells a zip from JSON, as which it is then refused.
    let i = 0;
    for (let at = 1; at < zip.length; ++at) {
      if (at === entries[i]?.end) ++i;
      const { part, start, content } = entries[i] ?? { part: "", start: directory, content: directory };
      const isName = at >= start + 30 && at < content;
      // A part that may be left out is not there where its name is another, and then the next does not follow.
      const expected = isName && part === "caseSalt" ? "exhibit" : part;
      const bit = 1 << (at % 8);
      zip[at]! ^= bit;
      assert.equal(blame(zip), expected, `byte ${at}, bit ${bit}`);
      zip[at]! ^= bit;
    }
    zip[0]! ^= 1;
    assert.notEqual(blame(zip), undefined);
    zip[0]! ^= 1;
    assert.deepEqual(readPackage(zip), found);
  });

  it("of the zip's parts, with checksums that fit again: refused, or a part is found wrong", async () => {
    const { found, anchor } = await sealedPackage();
    const zip = zipPackage(found);
    const parts = entriesOf(zip).map(({ part, content, end }) => [part, zip.slice(content, end)] as const);
    const files = Object.fromEntries(parts.map(([part, bytes]) => [`${part}.json`, bytes]));
    const rezip = () => zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
    assert.deepEqual(rezip(), zip);
    // A prime, so that texts of one length are met at other places.
    const step = 197;
    const counted = { refused: 0, failed: 0 };
    for (const [part, bytes] of parts) {
      for (let at = 0; at < bytes.length; at += step) {
        const old = bytes[at]!;
        bytes[at] = another(old);
        const altered = rezip();
        bytes[at] = old;
        const where = `${part}, byte ${at}`;
        const refused = blame(altered);
        if (refused !== undefined) {
          assert.equal(refused, part, where);
          counted.refused += 1;
          continue;
        }
        counted.failed += 1;
        const read = readPackage(altered);
        const named = await partsOf(read, anchor);
        assert(part === "manifest" ? named.length > 0 : named.includes(part), `${where}: ${named.join() || "unseen"}`);
        if (part === "manifest") continue;
        // And by whoever makes the manifest anew.
        const { problems, integrity, status, who } = await verify(withManifest(read), anchor);
        const isProved = [integrity, status, who].every((answer) => answer === "PROVED");
        assert(problems.length > 0 && !(isProved && part !== "caseSalt" && part !== "custody"), `${where}: unseen`);
      }
    }
    assert(counted.refused > 5 && counted.failed > 50, JSON.stringify(counted));
  });

  it("of the JSON: refused, or the part's digest is another", async () => {
    const { found, anchor } = await sealedPackage();
    const json = encodePackage(found);
    let full = 0;
    for (let at = 0; at < json.length; at += 101) {
      const old = json[at]!;
      json[at] = another(old);
      const refused = blame(json);
      assert.notEqual(refused, "", `byte ${at}`);
      if (refused === undefined) {
        const read = readPackage(json);
        const made = packageManifest(read);
        const isNoted = PACKAGE_PARTS.some((part) => part !== "manifest" && made[part] !== read.manifest[part]);
        assert(isNoted, `byte ${at}`);
        if (++full % 10 === 0) assert.notDeepEqual(await partsOf(read, anchor), [], `byte ${at}`);
      }
      json[at] = old;
    }
    assert(full > 100);
  });
});

describe("a hostile zip", () => {
  it("is refused: a bomb, another order, doubled entries, names that lead elsewhere, bytes after the end", async () => {
    const { found } = await sealedPackage();
    const zip = zipPackage(found);
    const codeOf = (bytes: Uint8Array) => {
      try {
        readPackage(bytes);
        return "none";
      } catch (error) {
        assert(error instanceof PackageError, String(error));
        return error.code;
      }
    };
    const bomb = zipSync({ "schema.json": [new Uint8Array(2 ** 25), { level: 9 }] });
    assert(bomb.length < 2 ** 16);
    const before = process.memoryUsage().arrayBuffers;
    assert.equal(codeOf(bomb), "ZIP_MALFORMED");
    assert(process.memoryUsage().arrayBuffers - before < 2 ** 22);

    const rename = (from: string, to: string) =>
      Buffer.from(Buffer.from(zip).toString("latin1").replaceAll(from, to), "latin1");
    assert.equal(codeOf(rename("salt.json", "../a.json")), "ZIP_MALFORMED");
    assert.equal(codeOf(rename("trust.json", "salt.json_")), "ZIP_MALFORMED");
    assert.equal(codeOf(zipSync({ "schema.json": new Uint8Array() }, { level: 0 })), "ZIP_MALFORMED");
    assert.equal(codeOf(Buffer.concat([zip, zip])), "ZIP_MALFORMED");
    assert.equal(codeOf(Buffer.concat([zip, Buffer.of(0)])), "ZIP_MALFORMED");
    for (const size of [1, 29, 31, zip.length >> 1, zip.length - 1]) {
      assert.equal(codeOf(zip.subarray(0, size)), "ZIP_MALFORMED", `cut to ${size}`);
    }
    assert.equal(codeOf(new Uint8Array()), "PACKAGE_MALFORMED");
  });
});

describe("a report", () => {
  it("is put in words, in English and Arabic, and on a certificate", async () => {
    const { found, anchor } = await sealedPackage();
    const report = await verify(found, anchor);
    const english = renderReport(report, "en");
    assert.match(english, /Is the file what was deposited: PROVED/);
    assert.match(english, /seals prove what they signed, and no more/);
    assert.match(english, new RegExp(`Case: ${found.statement.caseId}`));
    assert.match(english, new RegExp(`Captured with: ${found.statement.tool.name} ${found.statement.tool.version}`));
    const elsewhere = renderReport(await verify(found, { ...anchor, chainId: 1 }), "en");
    assert.match(elsewhere, /^! Package and trust anchor are of different chains or contracts/m);
    assert(!english.includes("of different chains"));
    const arabic = renderReport(report, "ar");
    for (const line of arabic.trimEnd().split("\n")) assert.match(line, /^\u2067.*\u2069$/u);
    assert.equal(arabic.split("\u2069").length, arabic.split(/[\u2066\u2067]/u).length);
    assert.match(arabic, /ثابت/);
    const wanted = { issuedAt: 1_900_000_000, packageDigest: "00".repeat(32), command: "npm run verify:package" };
    for (const language of ["en", "ar"] as const) {
      const input = certificateInput(found, report, { ...wanted, language });
      assert.equal(input.findings.integrity.verdict, "PROVED");
      assert.equal(input.notProved.length, report.notProved.length);
      const data = certificateData(input, language);
      assert(JSON.stringify(data).includes(found.exhibit.commitment.slice(2, 10)));
    }
    assert.throws(() => certificateInput(found, { ...report, block: undefined }, wanted), PackageError);
  });

  it("comes from a process without a chain, in less than a second", async () => {
    const { found, anchor } = await sealedPackage();
    const folder = mkdtempSync(join(tmpdir(), "diwan-package-"));
    try {
      const [file, source, trust] = ["abc", "exhibit.diwan", "anchor.json"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(file, "abc");
      writeFileSync(source, zipPackage(found));
      writeFileSync(trust, JSON.stringify(anchor));
      const cli = async (...args: string[]) => {
        try {
          const { stdout } = await run(process.execPath, ["--import", "tsx", "scripts/verify-package.ts", ...args]);
          return { code: 0, stdout };
        } catch (error) {
          const { code, stdout } = error as { code: number; stdout: string };
          return { code, stdout };
        }
      };
      const report = await verify(readPackage(zipPackage(found)), anchor);
      assert.equal(report.integrity, "PROVED");

      const good = await cli(file, source, "--trust", trust);
      assert.equal(good.code, 0, good.stdout);
      assert.match(good.stdout, /PROVED/);
      const arabic = await cli(file, source, "--trust", trust, "--lang", "ar", "--other", source);
      assert.equal(arabic.code, 0);
      assert.match(arabic.stdout, /المضبوط/);
      writeFileSync(file, "abd");
      const bad = await cli(file, source, "--trust", trust, "--json");
      assert.equal(bad.code, 1);
      assert.equal((JSON.parse(bad.stdout) as { integrity: string }).integrity, "FAILED");
      assert.equal((await cli(file, source)).code, 2);
      assert.equal((await cli(file, source, "--trust", trust, "--lang", "fr")).code, 2);
      assert.equal((await cli(file, trust, "--trust", trust)).code, 2);
      assert.equal((await cli("--help")).code, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
