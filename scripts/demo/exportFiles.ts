import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { dataSlice, hexlify } from "ethers";

import { readEvents } from "../../src/chain/readEvents.js";
import { leafOf } from "../../src/identity/attestation.js";
import { formatDid } from "../../src/identity/did/did.js";
import { readDid } from "../../src/identity/did/readDid.js";
import { readRegister, type RegisterBatch } from "../../src/identity/readRegister.js";
import { recordOf } from "../../src/identity/status.js";
import { bitstringStatusListCredential } from "../../src/ledger/bitstringStatusList.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { statusListTokenClaims } from "../../src/ledger/tokenStatusList.js";
import { readTrustSnapshot, trustLogEntries } from "../../src/trust/snapshot.js";

import {
  type BatchFile,
  type BodiesFile,
  type DidsFile,
  FILES,
  FOLDERS,
  HOLDERS,
  type HoldersFile,
  type ManifestFile,
  type RecordsFile,
  type SchemasFile,
  type TrustListFile,
  type VerdictsFile,
} from "./exportFormat.js";
import type { IssuedBatch } from "./issueStage.js";
import type { Job } from "./job.js";
import type { Answers, Moment } from "./readBack.js";
import { LICENCE, SCHEMAS } from "./schemas.js";

/**
 * Writes everything that was issued to files: what anyone may have, and apart from it what is the holders'.
 *
 * @returns the names of the public files
 */
export async function exportFiles(job: Job, answers: Answers): Promise<string[]> {
  const folder = (name: keyof typeof FOLDERS) => join(job.options.out, FOLDERS[name]);
  for (const name of ["public", "private"] as const) {
    await rm(folder(name), { recursive: true, force: true });
    await mkdir(folder(name), { recursive: true });
  }
  const files = new Map<string, unknown>([
    [FILES.manifest, manifestOf(job, answers.at)],
    [FILES.schemas, SCHEMAS satisfies SchemasFile],
    [
      FILES.bodies,
      [...job.bodies.values(), ...Object.values(job.courthouse ?? {})].map(({ index, profile }) => ({
        body: index,
        profile,
      })) satisfies BodiesFile,
    ],
    [FILES.trustList, await trustListOf(job, answers.at)],
    ...(await recordsOf(job, answers.at)),
    [FILES.dids, await didsOf(job, answers.at)],
    [FILES.verdicts, verdictsOf(job, answers)],
  ]);
  let sums = "";
  for (const [name, content] of files) {
    const text = `${JSON.stringify(content, null, 1)}\n`;
    await writeFile(join(folder("public"), name), text);
    sums += `${createHash("sha256").update(text).digest("hex")}  ${name}\n`;
  }
  await writeFile(join(folder("public"), FILES.sums), sums);
  await writeFile(join(folder("private"), HOLDERS), `${JSON.stringify(holdersOf(job), null, 1)}\n`);
  return [...files.keys(), FILES.sums];
}

function manifestOf({ chainId, suite, cast, options }: Job, at: Moment): ManifestFile {
  return {
    format: "diwan-export-1",
    chainId: Number(chainId),
    addresses: suite.addresses,
    fromBlock: suite.fromBlock,
    block: at,
    council: { members: cast.members.map(({ address }) => address), threshold: 2, delay: options.delay },
    recovery: { members: cast.recoverers.map(({ address }) => address), threshold: 1, delay: options.recoveryDelay },
  };
}

async function trustListOf({ chain, suite, earlier }: Job, at: Moment): Promise<TrustListFile> {
  const { fromBlock, addresses, contracts } = suite;
  const snapshot = await readTrustSnapshot(chain.provider, addresses.trustList, { fromBlock, toBlock: at.number });
  const [size, root] = await contracts.trustList.checkpoint({ blockTag: at.number });
  const tree = new LogTree();
  for (const entry of trustLogEntries(snapshot)) tree.append(entry);
  const consistency = tree.consistencyProof(earlier.size, Number(size)).map((node) => hexlify(node));
  return { checkpoint: { size: Number(size), root }, earlier: { ...earlier, consistency }, snapshot };
}

/** How each DID stands that the registry's events name. */
async function didsOf({ chain, chainId, suite }: Job, at: Moment): Promise<DidsFile> {
  const { fromBlock, addresses } = suite;
  const filter = { address: addresses.didRegistry, topics: [] };
  const events = await readEvents(chain.provider, filter, { fromBlock, toBlock: at.number });
  // Of all other events of the registry, none has one more topic: the identity.
  const identities = new Set(events.flatMap(({ topics: [, identity] }) => identity ?? []));
  const dids: DidsFile = [];
  for (const identity of identities) {
    const did = formatDid(chainId, dataSlice(identity, 12));
    const options = { fromBlock, block: at.number };
    dids.push((await readDid(chain.provider, addresses.didRegistry, did, options)).keys);
  }
  return dids;
}

/** The records of all that was issued, and of each batch its leaves and its status list in both standard forms. */
async function recordsOf({ chain, chainId, suite, batches }: Job, at: Moment): Promise<[string, unknown][]> {
  const { fromBlock, addresses, contracts } = suite;
  const { attestationRegistry } = addresses;
  const register = await readRegister(chain.provider, attestationRegistry, { fromBlock, toBlock: at.number });
  const recordAt = (uid: string) => recordOf(contracts.attestationRegistry, uid, { blockTag: at.number });

  const records: RecordsFile = [];
  for (const { uid, schema, changes } of register.attestations.values()) {
    records.push({ record: await recordAt(uid), schema, changes });
  }
  const files: [string, unknown][] = [];
  for (const issued of batches.values()) {
    const { uid, name, schema } = issued;
    const told = register.batches.get(uid);
    if (told === undefined) throw new Error(`the events do not tell of the batch "${name}"`);
    const names = {
      leaves: `batch-${name}.json`,
      bitstring: `status-${name}.w3c.json`,
      token: `status-${name}.ietf.json`,
    };
    records.push({ record: await recordAt(uid), schema, changes: told.changes, batch: names });
    files.push([names.leaves, batchOf(issued)]);
    files.push(...(await statusListsOf(told, names, Number(chainId), at)));
  }
  return [[FILES.records, records], ...files];
}

function batchOf({ uid, issuer, schema, root, size, bits, licences }: IssuedBatch): BatchFile {
  const leaves = licences.map(({ attestation }, index) => leafOf(attestation, index));
  return { uid, issuer, schema, root, size, bits, leaves };
}

async function statusListsOf(
  { uid, issuer, bits, statusList: bitstring }: RegisterBatch,
  names: { bitstring: string; token: string },
  chainId: number,
  at: Moment,
): Promise<[string, unknown][]> {
  const id = `urn:diwan:${chainId}:status-list:${uid}`;
  const credential = await bitstringStatusListCredential({
    id,
    issuer: `urn:diwan:${chainId}:body:${issuer}`,
    statusPurpose: bits === 1 ? "revocation" : "message",
    bitstring,
    bits,
    validFrom: new Date(at.time * 1_000),
  });
  return [
    [names.bitstring, credential],
    [names.token, await statusListTokenClaims({ sub: id, bitstring, bits, iat: at.time })],
  ];
}

function verdictsOf(job: Job, { verdicts, standings }: Answers): VerdictsFile {
  return {
    attestations: [...job.licences.values()].map(({ name, uid, membership }) => ({
      uid,
      ...(membership && { index: membership.index }),
      ...verdicts.get(name)!,
    })),
    standings: [...standings].map(([organization, standing]) => ({
      scope: LICENCE,
      body: job.body(organization).index,
      ...standing,
    })),
  };
}

function holdersOf(job: Job): HoldersFile {
  return [...job.licences.values()].map(({ source, uid, attestation, membership, subjectSalt, claims }) => ({
    source,
    uid,
    attestation,
    ...(membership && { membership }),
    subjectSalt,
    claims,
  }));
}
