import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { getBytes, hexlify } from "ethers";

import { batchUidOf, leafOf, uidOf } from "../../src/identity/attestation.js";
import { claimProof, commitmentOf, verifyClaim } from "../../src/identity/claims.js";
import { makeMerkleTree, merkleRoot } from "../../src/ledger/merkleTree.js";
import { schemaIdOf } from "../../src/identity/schema.js";
import { verifyAttestation } from "../../src/identity/verifyAttestation.js";
import type { Verdict } from "../../src/identity/verdict.js";
import { type BitstringStatusListCredential, decodeBitstringStatusList } from "../../src/ledger/bitstringStatusList.js";
import { sameBytes } from "../../src/ledger/sameBytes.js";
import { decodeTokenStatusList, type StatusListTokenClaims } from "../../src/ledger/tokenStatusList.js";
import { verifyConsistency } from "../../src/ledger/verifyConsistency.js";
import { standingAt, trustHistory } from "../../src/trust/history.js";
import { verifySnapshot } from "../../src/trust/snapshot.js";

import type { Check } from "./checks.js";
import {
  type BatchFile,
  type BodiesFile,
  type CheckpointJson,
  FILES,
  FOLDERS,
  HOLDERS,
  type HoldersFile,
  type ManifestFile,
  type RecordEntry,
  type RecordsFile,
  type SchemasFile,
  type TrustListFile,
  type VerdictsFile,
} from "./exportFormat.js";
import { profileDigest } from "./trustStage.js";

/** What was found in the files, and the state of the trust list that it all rests on. */
export interface FilesVerdict {
  checks: Check[];
  /** Compare it with one from the chain, or from whoever else keeps it; undefined when the file cannot be read. */
  checkpoint?: CheckpointJson;
}

/** For each thing looked at, what is wrong with it; undefined when nothing is. */
type Problems = readonly (string | undefined)[];

/**
 * Verifies an export from its files alone: no chain is asked. Files that anyone may have are checked by their digests,
 * and then by what they say: uids, Merkle roots, the trust list's RFC 9162 log, status lists. What the holders have is
 * checked against them, and every verdict and standing that the chain gave is computed again and compared.
 *
 * Warning: a whole export that was forged consistently, down to its digests and checkpoint, is found only by comparing
 * the checkpoint with one from elsewhere, and the records with the chain.
 *
 * @param folder The folder that holds `public` and `private`.
 * @returns a check for each file and each rule; the file at fault is named
 */
export async function verifyFiles(folder: string): Promise<FilesVerdict> {
  const files = new ExportFolder(folder);
  const checks = [
    ...(await checkDigests(files)),
    await files.check("manifest", FILES.manifest, "The files are of one chain and one block", checkManifest),
    await files.check("schemas", FILES.schemas, "Schemas have the ids that their definitions give", checkSchemas),
    await files.check("log", FILES.trustList, "The trust list's changes make its log's RFC 9162 root", checkLog),
    await files.check("bodies", FILES.bodies, "Profiles of bodies have the digests in the trust list", checkBodies),
    await files.check("records", FILES.records, "Records agree with what the events tell of them", checkRecords),
  ];
  const records = await files.records().catch((): RecordsFile => []);
  for (const entry of records) {
    if (entry.batch === undefined) continue;
    const { leaves, bitstring } = entry.batch;
    checks.push(
      await files.check(`batch.${leaves}`, leaves, "The leaves make the root, the root the uid", () =>
        checkBatch(files, entry, leaves),
      ),
      await files.check(`list.${bitstring}`, bitstring, "The W3C and the IETF status list are the same", () =>
        checkLists(files, entry),
      ),
    );
  }
  checks.push(
    await files.check("holders", HOLDERS, "What holders have is in the records, or in the batches", checkHolders),
    await files.check(
      "claims",
      HOLDERS,
      "Claims and their salts make the commitments; one can be shown alone",
      checkClaims,
    ),
    await files.check("standings", FILES.verdicts, "Standings computed from files are the chain's", checkStandings),
    await files.check("verdicts", FILES.verdicts, "Verdicts computed from files are the chain's", checkVerdicts),
  );
  const checkpoint = await files.trustList().then(
    (file) => file.checkpoint,
    () => undefined,
  );
  return { checks, ...(checkpoint && { checkpoint }) };
}

/** Reads the files, and turns what is wrong with them into checks. */
class ExportFolder {
  constructor(readonly folder: string) {}

  readonly manifest = () => this.#json<ManifestFile>(FILES.manifest);
  readonly schemas = () => this.#json<SchemasFile>(FILES.schemas);
  readonly bodies = () => this.#json<BodiesFile>(FILES.bodies);
  readonly trustList = () => this.#json<TrustListFile>(FILES.trustList);
  readonly records = () => this.#json<RecordsFile>(FILES.records);
  readonly verdicts = () => this.#json<VerdictsFile>(FILES.verdicts);
  readonly batch = (name: string) => this.#json<BatchFile>(name);
  readonly credential = (name: string) => this.#json<BitstringStatusListCredential>(name);
  readonly token = (name: string) => this.#json<StatusListTokenClaims>(name);
  readonly holders = () => this.#json<HoldersFile>(HOLDERS, FOLDERS.private);

  async bytes(name: string, part: string = FOLDERS.public): Promise<Buffer> {
    return readFile(join(this.folder, part, name));
  }

  async names(): Promise<string[]> {
    return (await readdir(join(this.folder, FOLDERS.public))).filter((name) => name !== FILES.sums).sort();
  }

  /** A check that holds when something was looked at and nothing is wrong. A file that cannot be read is wrong. */
  async check(
    id: string,
    file: string,
    title: string,
    find: (files: ExportFolder) => Promise<Problems>,
  ): Promise<Check> {
    const check = { id: `files.${id}`, title: `${file}: ${title}` };
    try {
      const problems = await find(this);
      const found = problems.filter((problem) => problem !== undefined);
      const expected = `${Math.max(1, problems.length)} agree`;
      const agree = `${problems.length - found.length} agree`;
      const actual = found.length === 0 ? agree : `${agree}; ${file}: ${found[0]!}`;
      return { ...check, expected, actual, ok: expected === actual };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...check, expected: "readable", actual: `${file}: ${reason}`, ok: false };
    }
  }

  async #json<T>(name: string, part: string = FOLDERS.public): Promise<T> {
    try {
      return JSON.parse((await this.bytes(name, part)).toString("utf8")) as T;
    } catch (error) {
      throw new Error(`${name} cannot be read`, { cause: error });
    }
  }
}

async function checkDigests(files: ExportFolder): Promise<Check[]> {
  const sums = (await files.bytes(FILES.sums).catch(() => Buffer.of())).toString("utf8");
  const listed = new Map(sums.split("\n").map((line): [string, string] => [line.slice(66), line.slice(0, 64)]));
  listed.delete("");
  const present = await files.names().catch((): string[] => []);
  const names = [...new Set([...listed.keys(), ...present])].sort();
  const checks = await Promise.all(
    names.map(async (name) => {
      const bytes = present.includes(name) ? await files.bytes(name) : undefined;
      const actual = bytes === undefined ? `${name} is missing` : createHash("sha256").update(bytes).digest("hex");
      const expected = listed.get(name) ?? `listed in ${FILES.sums}`;
      return {
        id: `file.${name}`,
        title: `${name} has the digest in ${FILES.sums}`,
        expected,
        actual,
        ok: expected === actual,
      };
    }),
  );
  const form = sums !== "" && sums.split("\n").every((line) => line === "" || /^[0-9a-f]{64} {2}\S+$/.test(line));
  return [
    ...checks,
    {
      id: `file.${FILES.sums}`,
      title: `${FILES.sums} lists the digests`,
      expected: "well formed",
      actual: form ? "well formed" : `${FILES.sums} is malformed or missing`,
      ok: form,
    },
  ];
}

/** A problem, when two things that should be the same are not. */
function differ(what: string, expected: unknown, actual: unknown): string | undefined {
  return expected === actual ? undefined : `${what} is ${String(actual)}, not ${String(expected)}`;
}

async function checkManifest(files: ExportFolder): Promise<Problems> {
  const { format, chainId, addresses, block } = await files.manifest();
  const { snapshot } = await files.trustList();
  return [
    differ("the format", "diwan-export-1", format),
    differ("the chain", snapshot.chainId, chainId),
    differ("the trust list", snapshot.trustList, addresses.trustList),
    differ("the block", snapshot.block, block.number),
    differ("the block's time", snapshot.time, block.time),
  ];
}

async function checkSchemas(files: ExportFolder): Promise<Problems> {
  return (await files.schemas()).map(({ id, definition }) => differ("a schema's id", schemaIdOf(definition), id));
}

async function checkLog(files: ExportFolder): Promise<Problems> {
  const { checkpoint, earlier, snapshot } = await files.trustList();
  const isWhole = verifySnapshot(snapshot, checkpoint);
  const isConsistent = verifyConsistency({
    firstSize: earlier.size,
    firstRoot: getBytes(earlier.root),
    secondSize: checkpoint.size,
    secondRoot: getBytes(checkpoint.root),
    path: earlier.consistency.map((node) => getBytes(node)),
  });
  return [
    isWhole ? undefined : `its ${snapshot.changes.length} changes do not make the root ${checkpoint.root}`,
    isConsistent ? undefined : "it is not shown that the log was only added to",
  ];
}

async function checkBodies(files: ExportFolder): Promise<Problems> {
  const { bodies } = trustHistory((await files.trustList()).snapshot);
  const profiles = await files.bodies();
  return [
    differ("the number of bodies", bodies.size, profiles.length),
    ...profiles.map(({ body, profile }) => {
      return differ(`the profile's digest of body ${body}`, bodies.get(body)?.profile, profileDigest(profile));
    }),
  ];
}

async function checkRecords(files: ExportFolder): Promise<Problems> {
  const { bodies } = trustHistory((await files.trustList()).snapshot);
  return (await files.records()).map(({ record, changes }) => {
    const last = changes.at(-1);
    const hasEnded = last?.what === "REVOKED" || last?.what === "SUPERSEDED";
    return (
      differ(`the reason of ${record.uid}`, last?.reason ?? "UNSPECIFIED", record.reason) ??
      differ(`the end of ${record.uid}`, hasEnded, record.endedAt !== 0) ??
      differ(`the suspension of ${record.uid}`, last?.what === "SUSPENDED", record.suspendedAt !== 0) ??
      differ(`whether ${record.uid} was superseded`, last?.what === "SUPERSEDED", record.superseded) ??
      (bodies.get(record.issuer)?.keys.has(record.key) === true ? undefined : `no key issued ${record.uid}`)
    );
  });
}

async function checkBatch(files: ExportFolder, { record }: RecordEntry, name: string): Promise<Problems> {
  const { leaves, uid, ...batch } = await files.batch(name);
  const bytes = leaves.flatMap((leaf) => [...getBytes(leaf)]);
  return [
    differ("the number of leaves", batch.size, leaves.length),
    differ("the root", hexlify(merkleRoot(makeMerkleTree(Uint8Array.from(bytes)))), batch.root),
    differ("the uid", batchUidOf(batch), uid),
    differ("the record's uid", record.uid, uid),
    differ("the issuer", record.issuer, batch.issuer),
  ];
}

/** A batch's status list from both of its forms. */
async function readLists(files: ExportFolder, { batch }: RecordEntry) {
  if (batch === undefined) throw new Error("the record is of no batch");
  const { bits, size } = await files.batch(batch.leaves);
  const { credentialSubject } = await files.credential(batch.bitstring);
  const token = (await files.token(batch.token)).status_list;
  const bytes = Math.ceil((size * bits) / 8);
  const bitstring = await decodeBitstringStatusList(credentialSubject.encodedList, bits).catch((error: unknown) => {
    throw new Error(`${batch.bitstring} holds no status list`, { cause: error });
  });
  const tokenBits = await decodeTokenStatusList(token).catch((error: unknown) => {
    throw new Error(`${batch.token} holds no status list`, { cause: error });
  });
  return { batch, bits, token, bitstring: bitstring.slice(0, bytes), tokenBits };
}

async function checkLists(files: ExportFolder, entry: RecordEntry): Promise<Problems> {
  const { batch, bits, token, bitstring, tokenBits } = await readLists(files, entry);
  const isSame = sameBytes(bitstring, tokenBits);
  return [
    differ("the bits of an entry", bits, token.bits),
    isSame ? undefined : `it says other than ${batch.token}`,
    differ(
      "the list",
      `urn:diwan:${(await files.manifest()).chainId}:status-list:${entry.record.uid}`,
      (await files.credential(batch.bitstring)).id,
    ),
    differ(
      `the list in ${batch.token}`,
      (await files.credential(batch.bitstring)).id,
      (await files.token(batch.token)).sub,
    ),
  ];
}

async function checkHolders(files: ExportFolder): Promise<Problems> {
  const known = new Map((await files.records()).map((entry) => [entry.record.uid, entry]));
  const leaves = new Map<string, string[]>();
  for (const { batch, record } of known.values()) {
    if (batch !== undefined) leaves.set(record.uid, (await files.batch(batch.leaves)).leaves);
  }
  return (await files.holders()).map(({ source, uid, attestation, membership }) => {
    if (!known.has(uid)) return `there is no record of ${source}'s ${uid}`;
    if (membership === undefined) return differ(`the uid of ${source}`, uidOf(attestation), uid);
    const leaf = leafOf(attestation, membership.index);
    return (
      differ(`the batch of ${source}`, batchUidOf({ ...attestation, ...membership }), uid) ??
      differ(`leaf ${membership.index} of ${source}`, leaves.get(uid)?.[membership.index], leaf)
    );
  });
}

async function checkClaims(files: ExportFolder): Promise<Problems> {
  return (await files.holders()).map(({ source, attestation: { commitment }, claims }) => {
    const [disclosed] = claims;
    if (disclosed === undefined) return `${source} has no claims`;
    const isProven = verifyClaim(commitment, disclosed, claimProof(claims, disclosed.name));
    return (
      differ(`the commitment of ${source}`, commitmentOf(claims), commitment) ??
      (isProven ? undefined : `a claim of ${source} cannot be shown alone`)
    );
  });
}

async function checkStandings(files: ExportFolder): Promise<Problems> {
  const { block } = await files.manifest();
  const trust = trustHistory((await files.trustList()).snapshot);
  return (await files.verdicts()).standings.map(({ scope, body, standing, decidedBy }) => {
    const computed = standingAt(trust, scope, body, block.time);
    return (
      differ(`the standing of body ${body}`, computed.standing, standing) ??
      differ(`the body that decided on ${body}`, computed.decidedBy, decidedBy)
    );
  });
}

async function checkVerdicts(files: ExportFolder): Promise<Problems> {
  const { block } = await files.manifest();
  const trust = trustHistory((await files.trustList()).snapshot);
  const records = new Map((await files.records()).map((entry) => [entry.record.uid, entry]));
  const lists = new Map<string, Uint8Array>();
  for (const entry of records.values()) {
    if (entry.batch !== undefined) lists.set(entry.record.uid, (await readLists(files, entry)).bitstring);
  }
  const place = (uid: string, index: number | undefined) => `${uid}${index === undefined ? "" : `, leaf ${index}`}`;
  const answered = (await files.verdicts()).attestations;
  const told = new Map(answered.map(({ uid, index, ...verdict }) => [place(uid, index), verdict]));
  const holders = await files.holders();
  const problems = holders.map(({ uid, attestation, membership }) => {
    const where = place(uid, membership?.index);
    const record = records.get(uid)?.record;
    const statusList = lists.get(uid);
    const verdict = verifyAttestation({
      attestation,
      trust,
      time: block.time,
      ...(membership && { membership }),
      ...(record && { record }),
      ...(statusList && { statusList }),
    });
    return differ(`the verdict on ${where}`, verdictText(told.get(where)), verdictText(verdict));
  });
  return [differ("the number of verdicts", holders.length, told.size), ...problems];
}

function verdictText(verdict: Verdict | undefined): string {
  if (verdict === undefined) return "none";
  return `${verdict.status}, ${verdict.reason}, since ${verdict.since}, issuer ${verdict.issuerNow}`;
}
