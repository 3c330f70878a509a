// npm run verify:package -- FILE PACKAGE --trust ANCHOR (`--help` explains)
// Checks an exhibit's file by its evidence package and a trust anchor, with no network.
// Exit codes: 0 integrity, status and who are proved and nothing is wrong, 1 something is wrong or not proved, 2 the arguments or files are unusable.
import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";

import { visibleText } from "../src/justice/certificate/visibleText.js";
import type { EvidenceStatement } from "../src/justice/evidence/statement.js";
import type { HashResult } from "../src/justice/hashing/algorithms.js";
import { HashingError } from "../src/justice/hashing/HashingError.js";
import { hashDirectory } from "../src/justice/hashing/hashDirectory.js";
import { hashFile } from "../src/justice/hashing/hashFile.js";
import type { EvidencePackage } from "../src/justice/package/EvidencePackage.js";
import { PackageError } from "../src/justice/package/PackageError.js";
import { readPackage } from "../src/justice/package/readPackage.js";
import { readTrustAnchor, type TrustAnchor } from "../src/justice/package/readTrustAnchor.js";
import { renderReport } from "../src/justice/package/renderReport.js";
import { verifyPackage } from "../src/justice/package/verifyPackage.js";

import { type VerifierWords, verifierWords } from "./tooling/verifier-words.js";

const USAGE = `npm run verify:package -- FILE PACKAGE --trust ANCHOR [options]

Checks an exhibit's file, or directory, by its evidence package and a trust anchor, with no network.

  --other PACKAGE  a second package of the same block's height, to be judged for a conflict
  --lang LANGUAGE  of the report: en or ar
  --json           the report for machines
  -h, --help       this text

Exit codes: 0 all three are proved and nothing is wrong, 1 something is wrong or not proved, 2 arguments or files are unusable.
docs/evidence-package.md says what the package and the trust anchor hold.
`;

/** A sentence for who called, of which every quoted character can be seen already. */
class Complaint extends Error {}

try {
  // npm runs a script in the project's folder; who types names means the folder that they stand in, as on a certificate.
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  if (script === "verify:package" && typedIn !== undefined) process.chdir(typedIn);
  process.exitCode = await main();
} catch (error) {
  // What it quotes may come from a file that was made to move a terminal's cursor.
  const lines = (error instanceof Error ? error.message : String(error)).split("\n");
  console.error((error instanceof Complaint ? lines : lines.map(visibleText)).join("\n"));
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
  const words = verifierWords[lang];
  if (path === undefined || source === undefined || positionals.length > 2 || values.trust === undefined) {
    throw new Complaint(`${words.arguments}\n\n${USAGE}`);
  }
  const found = openPackage(source, words);
  const anchor = openAnchor(values.trust, words);
  const others = values.other.map((other) => openPackage(other, words));
  const report = await verifyPackage(found, { file: await hash(path, found.statement, words), anchor, others });
  const isOk =
    [report.integrity, report.status, report.who].every((one) => one === "PROVED") && report.problems.length === 0;
  if (values.json) {
    console.log(JSON.stringify(report, null, 2));
    return isOk ? 0 : 1;
  }
  process.stdout.write(renderReport(report, lang));
  return isOk ? 0 : 1;
}

function openPackage(path: string, words: VerifierWords): EvidencePackage {
  const bytes = read(path, "package", words);
  try {
    return readPackage(bytes);
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    throw new Complaint(words.noPackage(path, error.message), { cause: error });
  }
}

function openAnchor(path: string, words: VerifierWords): TrustAnchor {
  const bytes = read(path, "anchor", words);
  try {
    // A decoder leaves out the mark that some editors put in front of a text; a court writes this file by hand.
    return readTrustAnchor(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    const why = error.message.replace(/^the trust anchor: /, "");
    throw new Complaint(words.noAnchor(path, why), { cause: error });
  }
}

function read(path: string, what: keyof VerifierWords["what"], words: VerifierWords): Uint8Array {
  if (isDirectory(path, what, words)) throw new Complaint(words.folder(words.what[what], path));
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Complaint(words.unreadable(path, (error as Error).message), { cause: error });
  }
}

function isDirectory(path: string, what: keyof VerifierWords["what"], words: VerifierWords): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const text = code === "ENOENT" ? words.missing(words.what[what], path) : words.unreadable(path, message);
    throw new Complaint(text, { cause: error });
  }
}

async function hash(path: string, statement: EvidenceStatement, words: VerifierWords): Promise<HashResult> {
  const { kind, digests: named } = statement;
  const given = isDirectory(path, "file", words) ? "directory" : "file";
  // A directory's manifest has the digests that its statement names, and says nothing of the files.
  if (given !== kind) throw new Complaint(kind === "file" ? words.ofFile(path) : words.ofDirectory(path));
  const algorithms = named.map(({ algorithm }) => algorithm);
  try {
    if (kind === "file") return await hashFile(path, { algorithms });
    const { bytes, digests } = await hashDirectory(path, { algorithms });
    return { size: bytes.length, digests };
  } catch (error) {
    if (!(error instanceof HashingError)) throw error;
    throw new Complaint(words.unreadable(path, error.message), { cause: error });
  }
}
