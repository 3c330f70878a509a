import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { batchUidOf, uidOf } from "../../src/identity/attestation.js";
import { DID_STATES, parseDid } from "../../src/identity/did/did.js";
import { IdentityError } from "../../src/identity/IdentityError.js";
import { makePresentation, newChallenge, type Presentation } from "../../src/identity/presentation.js";
import { type Expected, verifyPresentation, verifyPresentationFiles } from "../../src/identity/verifyPresentation.js";
import { type HolderWallet, walletKey } from "../../src/identity/wallet.js";
import { decodeBitstringStatusList } from "../../src/ledger/bitstringStatusList.js";
import { trustHistory } from "../../src/trust/history.js";
import { verifySnapshot } from "../../src/trust/snapshot.js";

import { KEY, WHO } from "./citizens.js";
import {
  type DidsFile,
  FILES,
  FOLDERS,
  type ManifestFile,
  type RecordsFile,
  type TrustListFile,
} from "./exportFormat.js";
import type { Job } from "./job.js";

const AUDIENCE = "https://library.test";

/** What each of them shows, and what they keep to themselves. */
const SHOWN: Readonly<Record<string, { who: string; claims: string[] }>> = {
  counter: { who: WHO.confirmed, claims: ["city"] },
  batch: { who: WHO.parent, claims: ["over18"] },
};

/** Citizens show one claim each to a library, which asks a node; the thief of the phone, and a copy, are refused. */
export async function presentClaims(job: Job): Promise<void> {
  const { checks, suite } = job;
  const folder = join(job.options.out, FOLDERS.shown);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, { who, claims }] of Object.entries(SHOWN)) {
    const { wallet } = job.citizen(who);
    const expected = await expectedOf(job, AUDIENCE);
    const presentation = await present(wallet, claims, expected);
    job.asked.set(name, expected);
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(presentation, null, 1)}\n`);

    const told = await verifyPresentation(presentation, expected, suite.contracts.attestationRegistry);
    const found = `${told.verdict.status}: ${Object.keys(told.claims).join(", ")}`;
    checks.equal(
      `presented.${name}`,
      `Patient/${who} shows one claim to a library, which asks its node`,
      `VALID: ${claims.join(", ")}`,
      found,
    );
    const elsewhere = { ...expected, challenge: newChallenge("https://bank.test", expected.challenge.expiresAt) };
    checks.equal(
      `presented.${name}.replayed`,
      "The library cannot show it to a bank as its own",
      "CHALLENGE_MISMATCH",
      await refused(() => verifyPresentation(presentation, elsewhere, suite.contracts.attestationRegistry)),
    );
  }
  const expected = await expectedOf(job, AUDIENCE);
  const byThief = await present(job.stolen!, ["city"], expected);
  checks.equal(
    "presented.thief",
    "Who has the lost phone cannot show what is on it",
    "KEY_NOT_OF_DID",
    await refused(() => verifyPresentation(byThief, expected, suite.contracts.attestationRegistry)),
  );
}

/** While the DID is frozen, its own key shows nothing. */
export async function presentWhileFrozen(job: Job): Promise<void> {
  const expected = await expectedOf(job, AUDIENCE);
  const presentation = await present(job.citizen(WHO.confirmed).wallet, ["city"], expected);
  job.checks.equal(
    "presented.frozen",
    "Nothing can be shown with a frozen DID",
    "DID_FROZEN",
    await refused(() => verifyPresentation(presentation, expected, job.suite.contracts.attestationRegistry)),
  );
}

/** The library verifies again what it was shown, from the public files alone: no node is asked. */
export async function verifyShown(job: Job): Promise<void> {
  const read = readerOf(job);
  const { block } = await read<ManifestFile>(FILES.manifest);
  const { snapshot, checkpoint } = await read<TrustListFile>(FILES.trustList);
  const records = await read<RecordsFile>(FILES.records);
  const dids = await read<DidsFile>(FILES.dids);
  if (!verifySnapshot(snapshot, checkpoint)) throw new Error("the trust list's file is not whole");
  const trust = trustHistory(snapshot);

  for (const [name, { claims }] of Object.entries(SHOWN)) {
    const presentation = await read<Presentation>(`${name}.json`, FOLDERS.shown);
    const { attestation, membership, did } = presentation;
    const uid = membership === undefined ? uidOf(attestation) : batchUidOf({ ...attestation, ...membership });
    const entry = records.find(({ record }) => record.uid === uid);
    const list = entry?.batch && (await read<{ credentialSubject: { encodedList: string } }>(entry.batch.bitstring));
    const statusList = list && (await decodeBitstringStatusList(list.credentialSubject.encodedList, membership!.bits));
    const expected = { ...job.asked.get(name)!, now: block.time + 60 };
    // It was verified in time when it was shown; the file only has to bear it out.
    expected.now = Math.min(expected.now, expected.challenge.expiresAt - 1);
    const found = await refusedOr(() => {
      const files = {
        trust,
        asOf: block.time,
        did: keysIn(dids, parseDid(did).identity),
        ...(entry && { record: entry.record }),
        ...(statusList && { statusList }),
      };
      const told = verifyPresentationFiles(presentation, expected, files);
      return `${told.verdict.status}: ${Object.keys(told.claims).join(", ")}; files ${told.age} s old`;
    });
    checksEqual(job, name, `VALID: ${claims.join(", ")}; files 60 s old`, found);
  }
}

/** No root binds the file of DIDs, so it is compared with the chain, as whoever relies on it should. */
export async function compareDids(job: Job): Promise<void> {
  const read = readerOf(job);
  const { block } = await read<ManifestFile>(FILES.manifest);
  const dids = await read<DidsFile>(FILES.dids);
  const blockTag = block.number;
  const { didRegistry } = job.suite.contracts;
  const told = await Promise.all(
    dids.map(async ({ identity }) => {
      const [state, owner] = await didRegistry.stateOf(identity, { blockTag });
      return `${identity} ${DID_STATES[Number(state)]!} ${owner}`;
    }),
  );
  const inFile = dids.map(({ identity, state, owner }) => `${identity} ${state} ${owner}`);
  job.checks.equal(
    "files.dids",
    `The ${dids.length} DID that was changed stands in its file as on the chain`,
    told.join(),
    inFile.join(),
  );
}

/** Reads the exported files. */
function readerOf(job: Job) {
  return async <T>(name: string, part: string = FOLDERS.public) => {
    return JSON.parse(await readFile(join(job.options.out, part, name), "utf8")) as T;
  };
}

/** A DID that was never changed is active, and its own owner. */
function keysIn(dids: DidsFile, identity: string): DidsFile[number] {
  const known = dids.find((did) => did.identity === identity);
  return known ?? { identity, state: "ACTIVE", owner: identity, delegates: [] };
}

function checksEqual(job: Job, name: string, expected: string, found: string): void {
  job.checks.equal(`presented.${name}.files`, "What was shown is verified from files alone", expected, found);
}

/** A challenge of a verifier, and what it knows. */
export async function expectedOf(job: Job, audience: string): Promise<Expected> {
  const now = await job.chain.now();
  const challenge = newChallenge(audience, now + job.options.didDelay + 10 * 365 * 86_400);
  return { challenge, now, chainId: Number(job.chainId), didRegistry: job.suite.addresses.didRegistry };
}

function present(wallet: HolderWallet, claims: string[], expected: Expected): Promise<Presentation> {
  const [held] = wallet.attestations;
  if (held === undefined) throw new Error("the wallet holds no attestation");
  return makePresentation(held, claims, expected.challenge, expected, walletKey(wallet, KEY.did));
}

async function refused(act: () => Promise<unknown>): Promise<string> {
  return refusedOr(async () => {
    await act();
    return "accepted";
  });
}

async function refusedOr(act: () => string | Promise<string>): Promise<string> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return error.code;
  }
}
