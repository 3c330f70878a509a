// npm run verify:package -- FILE PACKAGE --trust ANCHOR (`--help` explains)
// Checks an exhibit's file by its evidence package and a trust anchor, with no network.
// Exit codes: 0 integrity, status and who are proved and nothing is wrong, 1 something is wrong or not proved, 2 the arguments or files are unusable.
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

import { visibleText } from "../src/justice/certificate/visibleText.js";
import type { EvidenceStatement } from "../src/justice/evidence/statement.js";
import type { HashResult } from "../src/justice/hashing/algorithms.js";
import { hashDirectory } from "../src/justice/hashing/hashDirectory.js";
import { hashFile } from "../src/justice/hashing/hashFile.js";
import { readPackage } from "../src/justice/package/readPackage.js";
import { readTrustAnchor } from "../src/justice/package/readTrustAnchor.js";
import { renderReport } from "../src/justice/package/renderReport.js";
import { verifyPackage } from "../src/justice/package/verifyPackage.js";

const USAGE = `npm run verify:package -- FILE PACKAGE --trust ANCHOR [options]

Checks an exhibit's file, or directory, by its evidence package and a trust anchor, with no network.

  --other PACKAGE  a second package of the same block's height, to be judged for a conflict
  --lang LANGUAGE  of the report: en or ar
  --json           the report for machines
  -h, --help       this text

Exit codes: 0 all three are proved and nothing is wrong, 1 something is wrong or not proved, 2 arguments or files are unusable.
docs/evidence-package.md says what the package and the trust anchor hold.
`;

try {
  process.exitCode = await main();
} catch (error) {
  // What it quotes may come from a file that was made to move a terminal's cursor.
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  console.error(lines.map(visibleText).join("\n"));
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trust: { type: "string" },
      other: { type: "string", multiple: true, default: [] },
      lang: { type: "string", default: "en" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [path, source] = positionals;
  const { lang } = values;
  if (lang !== "en" && lang !== "ar") throw new Error(`There is no report in ${JSON.stringify(lang)}: en or ar.`);
  if (path === undefined || source === undefined || positionals.length > 2 || values.trust === undefined) {
    throw new Error(USAGE);
  }
  const found = readPackage(readFileSync(source));
  const anchor = readTrustAnchor(readFileSync(values.trust, "utf8"));
  const others = values.other.map((other) => readPackage(readFileSync(other)));
  const report = await verifyPackage(found, { file: await hash(path, found.statement), anchor, others });
  const isOk =
    [report.integrity, report.status, report.who].every((one) => one === "PROVED") && report.problems.length === 0;
  if (values.json) {
    console.log(JSON.stringify(report, null, 2));
    return isOk ? 0 : 1;
  }
  process.stdout.write(renderReport(report, lang));
  return isOk ? 0 : 1;
}

async function hash(path: string, { kind, digests: named }: EvidenceStatement): Promise<HashResult> {
  const given = statSync(path).isDirectory() ? "directory" : "file";
  // A directory's manifest has the digests that its statement names, and says nothing of the files.
  if (given !== kind) throw new Error(`The package is of a ${kind}; ${path} is a ${given}.`);
  const algorithms = named.map(({ algorithm }) => algorithm);
  if (kind === "file") return hashFile(path, { algorithms });
  const { bytes, digests } = await hashDirectory(path, { algorithms });
  return { size: bytes.length, digests };
}
