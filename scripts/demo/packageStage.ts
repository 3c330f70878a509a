import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { getBytes } from "ethers";

import { blockNote } from "../../src/justice/anchors/blockNote.js";
import { createCosignature } from "../../src/justice/anchors/createCosignature.js";
import { encodeVerifierKey } from "../../src/justice/anchors/verifierKey.js";
import { certificateData } from "../../src/justice/certificate/certificateData.js";
import { loadCertificateFonts } from "../../src/justice/certificate/loadCertificateFonts.js";
import { renderCertificateHtml } from "../../src/justice/certificate/renderCertificateHtml.js";
import { renderCertificatePdf } from "../../src/justice/certificate/renderCertificatePdf.js";
import { toCaseUco } from "../../src/justice/exports/toCaseUco.js";
import { toCoseReceipt } from "../../src/justice/exports/toCoseReceipt.js";
import { verifyCoseReceipt } from "../../src/justice/exports/verifyCoseReceipt.js";
import { hashFile } from "../../src/justice/hashing/hashFile.js";
import { buildPackage, type PackageWanted } from "../../src/justice/package/buildPackage.js";
import { certificateInput } from "../../src/justice/package/certificateInput.js";
import { type EvidencePackage, PACKAGE_PARTS } from "../../src/justice/package/EvidencePackage.js";
import { PackageError } from "../../src/justice/package/PackageError.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import { checkPackage, encodePackage, zipPackage } from "../../src/justice/package/readPackage.js";
import { readTrustAnchor, TRUST_ANCHOR_SCHEMA, type TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { verifyPackage } from "../../src/justice/package/verifyPackage.js";
import { runScript } from "../tooling/run-command.js";

import { JUSTICE_ROLES } from "./cast.js";
import type { Deposited, Exhibit } from "./evidenceStage.js";
import type { Job } from "./job.js";

const VERIFIER = fileURLToPath(new URL("../verify-package.ts", import.meta.url));
const WITNESS = "witness.test";

/** What a court is given of one exhibit. */
interface Handed {
  file: string;
  package: string;
}

/** Packages are exported and checked by processes that know no chain; a byte changed in any part is found. */
export async function exportPackages(job: Job, deposited: Deposited, caseSalt: Uint8Array): Promise<void> {
  const { checks, options, chain } = job;
  const folder = join(options.out, "justice", "court");
  await mkdir(folder, { recursive: true });
  const { clique } = chain;
  const { number, hash } = (await chain.provider.getBlock("latest")) as { number: number; hash: string };
  const secretKey = ed25519.utils.randomSecretKey();
  const anchor: TrustAnchor = {
    schema: TRUST_ANCHOR_SCHEMA,
    chainId: Number(job.chainId),
    registry: job.suite.addresses.evidenceRegistry.toLowerCase(),
    trustList: job.suite.addresses.trustList.toLowerCase(),
    ...(clique === undefined
      ? { kind: "block", number, hash }
      : { kind: "clique", hash: clique.genesisHash, period: clique.period, epoch: clique.epoch }),
    witnessKeys: [
      encodeVerifierKey({ name: WITNESS, algorithm: "cosignature-v1", publicKey: ed25519.getPublicKey(secretKey) }),
    ],
  };
  const trust = join(folder, "trust-anchor.json");
  await writeFile(trust, `${JSON.stringify(anchor, null, 1)}\n`);
  const text = blockNote({ chainId: job.chainId, number: BigInt(number), hash: getBytes(hash) });
  const note = `${text}\n${createCosignature(text, { name: WITNESS, secretKey, time: await chain.now() })}`;
  const depth = clique === undefined ? 0 : await waitForDepth(job, number, clique.signers);

  const handed: Handed[] = [];
  let first: EvidencePackage | undefined;
  for (const [name, exhibit] of [
    ["admitted", deposited.files[0]!],
    ["logged", deposited.logged[1]!],
    ["batched", deposited.batched[2]!],
  ] as const) {
    const built = await build(job, exhibit, { anchor, block: number, depth }, caseSalt);
    const found = withManifest({ ...built, anchors: [{ kind: "cosignature", note }] });
    first ??= found;
    const file = join(folder, `${name}.bin`);
    await writeFile(file, "path" in exhibit.source ? await readFile(exhibit.source.path) : exhibit.source.bytes);
    const path = join(folder, `${name}.diwan`);
    await writeFile(path, zipPackage(found));
    handed.push({ file, package: path });
  }

  const answers = await Promise.all(handed.map((one) => verify(one, trust)));
  checks.equal(
    "package.proved",
    "Three exhibits, checked from their files in processes of their own that know no chain",
    "PROVED, PROVED, PROVED, cosignature PROVED",
    [...new Set(answers)].join("; "),
  );
  await alterParts(job, first!, handed[0]!, trust);
  if (clique !== undefined) await alterSeals(job, first!, handed[0]!, trust);
  await writeCertificates(job, first!, handed[0]!, await readFile(trust, "utf8"));
  await exportReceipt(job, deposited.logged[1]!);
}

/** Waits for as many blocks on top of one as its network takes to be enough: 2·(⌊N/2⌋+1), where N seal in turn. */
async function waitForDepth({ chain }: Job, number: number, signers: number): Promise<number> {
  const depth = 2 * (Math.floor(signers / 2) + 1);
  while ((await chain.provider.getBlockNumber()) < number + depth) await chain.waitUntil((await chain.now()) + 1);
  return depth;
}

/** A package of one block; how the chain is sealed, be it this process's own or a node's, is found in that block. */
function build(
  job: Job,
  exhibit: Exhibit,
  of: Pick<PackageWanted, "anchor" | "block" | "depth">,
  caseSalt: Uint8Array,
): Promise<EvidencePackage> {
  const { chain, suite } = job;
  const { statement, salt, member } = exhibit;
  return buildPackage(chain.provider, {
    ...{ statement, salt: getBytes(salt), caseSalt, fromBlock: suite.fromBlock, ...of },
    ...{ registry: suite.addresses.evidenceRegistry, trustList: suite.addresses.trustList },
    ...(member !== undefined && { place: member.place }),
  });
}

/** What a process of its own says: integrity, status, who, and the second anchors; or what was wrong with which part. */
async function verify({ file, package: path }: Handed, trust: string): Promise<string> {
  const { code, output } = await runScript(VERIFIER, [file, path, "--trust", trust, "--json"]);
  if (code === 2) return output.trim();
  const report = JSON.parse(output) as Awaited<ReturnType<typeof verifyPackage>>;
  if (code === 1) return [...new Set(report.problems.map(({ part }) => part))].join();
  const anchors = report.anchors.map(({ kind, state }) => `${kind} ${state}`);
  return [report.integrity, report.status, report.who, ...anchors].join(", ");
}

/** One byte of each part is changed, and of the file: each is found, and named. */
async function alterParts(job: Job, found: EvidencePackage, handed: Handed, trust: string): Promise<void> {
  const anchor = readTrustAnchor(await readFile(trust, "utf8"));
  const algorithms = found.statement.digests.map(({ algorithm }) => algorithm);
  const file = await hashFile(handed.file, { algorithms });
  const missed: string[] = [];
  let tried = 0;
  const filled = PACKAGE_PARTS.filter((part) => {
    const value: unknown = found[part];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
  for (const part of filled) {
    tried += 1;
    const altered = { ...found, [part]: alterByte(found[part]) };
    let named: string[];
    try {
      const { problems } = await verifyPackage(checkPackage(altered), { file, anchor });
      named = problems.map((problem) => problem.part);
    } catch (error) {
      if (!(error instanceof PackageError)) throw error;
      // Such as one of another schema: it is not read at all.
      named = [error.part];
    }
    if (!named.includes(part)) missed.push(`${part}: ${named.join() || "nothing"}`);
  }
  job.checks.equal(
    "package.tampered",
    `One byte is changed in each of ${tried} parts: each is found, and named`,
    "none missed",
    missed.join("; ") || "none missed",
  );
  const other = await readFile(handed.file);
  if (other.length > 0) other[0]! ^= 1;
  const path = `${handed.file}.altered`;
  // A file without a byte is altered by one.
  await writeFile(path, other.length > 0 ? other : "\0");
  job.checks.equal(
    "package.file",
    "and one in the file itself",
    "file",
    await verify({ file: path, package: handed.package }, trust),
  );
  await writeFile(`${handed.package}.json`, encodePackage(found));
}

/** The network's own seals vouch for the first exhibit's block; they do not where a header is altered, or too few built on it. */
async function alterSeals(job: Job, found: EvidencePackage, handed: Handed, trust: string): Promise<void> {
  const { checks, chain } = job;
  const anchor = readTrustAnchor(await readFile(trust, "utf8"));
  const algorithms = found.statement.digests.map(({ algorithm }) => algorithm);
  const file = await hashFile(handed.file, { algorithms });
  const { headers } = found.sealing;
  const verifyBy = (other: string[]) =>
    verifyPackage(withManifest({ ...found, sealing: { ...found.sealing, headers: other } }), { file, anchor });

  const { sealing } = await verifyBy(headers);
  const { quorum = Infinity, distinctSealers = [], validators = [] } = sealing ?? {};
  checks.equal(
    "package.seals",
    "The network's own seals prove the block, from the genesis block on",
    `${chain.clique?.signers} seal by clique, more than half vouch for it`,
    `${validators.length} seal by ${sealing?.sealing}, ${distinctSealers.length < quorum ? "too few" : "more than half"} vouch for it`,
  );
  const middle = Math.floor(headers.length / 2);
  const altered = await verifyBy(headers.with(middle, alterByte(headers[middle]) as string));
  checks.equal(
    "package.header",
    "One byte is changed in one of the headers between them",
    "FAILED: sealing",
    // What hangs on the headers is no longer proved either.
    `${altered.integrity}: ${altered.problems.find(({ part }) => part === "sealing")?.part ?? "nothing"}`,
  );
  const few = await verifyBy(headers.slice(0, headers.indexOf(found.header) + quorum - 1));
  checks.equal(
    "package.few",
    "With the block and those on top of it sealed by half of the signers at most, nothing is proved",
    "NOT_PROVED: SEALERS_TOO_FEW",
    `${few.integrity}: ${few.notProved.includes("SEALERS_TOO_FEW") ? "SEALERS_TOO_FEW" : "sealers enough"}`,
  );
}

/** The same value with one character of its first long text changed. */
function alterByte(value: unknown): unknown {
  let isDone = false;
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) => {
    if (isDone || typeof inner !== "string" || inner.length < 8) return inner;
    isDone = true;
    const at = inner.length - 3;
    return `${inner.slice(0, at)}${inner[at] === "1" ? "2" : "1"}${inner.slice(at + 1)}`;
  });
}

/** Certificates of the first exhibit, in English and Arabic, to print; and the custody chain for case management. */
async function writeCertificates(job: Job, found: EvidencePackage, handed: Handed, trust: string): Promise<void> {
  const algorithms = found.statement.digests.map(({ algorithm }) => algorithm);
  const file = await hashFile(handed.file, { algorithms });
  const report = await verifyPackage(found, { file, anchor: readTrustAnchor(trust) });
  const [packageDigest] = (await hashFile(handed.package, { algorithms: ["sha-256"] })).digests;
  const issuedAt = await job.chain.now();
  const command = "npm run verify:package -- admitted.bin admitted.diwan --trust trust-anchor.json";
  // Whoever reads a certificate knows no body by its number.
  const names = new Map(
    Object.entries(job.courthouse ?? {}).map(([name, { index }]) => {
      return [index, JUSTICE_ROLES[name as keyof typeof JUSTICE_ROLES].title];
    }),
  );
  const fonts = await loadCertificateFonts();
  const folder = join(job.options.out, "justice", "court");
  const sizes: string[] = [];
  for (const language of ["en", "ar"] as const) {
    const wanted = { issuedAt, packageDigest: packageDigest!.value, command, language, names };
    const input = certificateInput(found, report, wanted);
    const data = certificateData(input, language);
    const pdf = await renderCertificatePdf(data, { fonts });
    await writeFile(join(folder, `certificate.${language}.pdf`), pdf);
    await writeFile(join(folder, `certificate.${language}.html`), renderCertificateHtml(data, { fonts }));
    sizes.push(Buffer.from(pdf.subarray(0, 5)).toString("latin1"));
    if (language === "en") {
      await writeFile(join(folder, "case.jsonld"), `${JSON.stringify(toCaseUco(input), null, 1)}\n`);
    }
  }
  job.checks.equal(
    "package.certificates",
    "Certificates to print, in English and Arabic",
    "%PDF-, %PDF-",
    sizes.join(", "),
  );
}

/** A COSE receipt (RFC 9942) of an entry of the log, signed by a key of the custodian's. */
async function exportReceipt(job: Job, { commitment, member }: Exhibit): Promise<void> {
  const { path, root, size, index } = member!.place;
  const secretKey = p256.utils.randomSecretKey();
  const entry = getBytes(commitment);
  const proof = {
    entry,
    index,
    size,
    path: path.map((node) => getBytes(node)),
    root: getBytes(root),
  };
  const receipt = await toCoseReceipt(proof, { algorithm: "ES256", sign: (bytes) => p256.sign(bytes, secretKey) });
  await writeFile(join(job.options.out, "justice", "court", "logged.cose"), receipt);
  const isOf = (bytes: Uint8Array) =>
    verifyCoseReceipt(receipt, bytes, { algorithm: "ES256", publicKey: p256.getPublicKey(secretKey, false) });
  const other = entry.slice();
  other[0]! ^= 1;
  job.checks.equal(
    "package.cose",
    "A COSE receipt of an entry of the log, and of no other",
    "true, false",
    `${isOf(entry)}, ${isOf(other)}`,
  );
}
