import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { hexlify, randomBytes } from "ethers";

import { approve, execute, operationOf, schedule } from "../../src/trust/council.js";
import { handOut } from "../../src/health/handOut.js";
import type { RecordPackage } from "../../src/health/recordPackage.js";
import { verifyPackageOnChain } from "../../src/health/verifyPackageOnChain.js";
import type { AccessOpening } from "../../src/health/consent/accessCommitment.js";
import { type BatchedAccessList, linkAccesses, verifyBatchedAccesses } from "../../src/health/consent/batchedAccess.js";
import { breakGlass, type BrokenGlass, reviewBreakGlass } from "../../src/health/consent/breakGlass.js";
import { carrySigned } from "../../src/health/consent/carrySigned.js";
import { type Grant, NO_END } from "../../src/health/consent/consentState.js";
import { judgeBatchedAccess } from "../../src/health/consent/judgeBatchedAccess.js";
import { listAccesses } from "../../src/health/consent/listAccesses.js";
import { loggedAt } from "../../src/health/consent/loggedAt.js";
import { logAccess, logAccesses, logEmergencyAccess } from "../../src/health/consent/logAccess.js";
import { placeOf } from "../../src/health/consent/placeOf.js";
import { readAccessLog } from "../../src/health/consent/readAccessLog.js";
import { readConsents } from "../../src/health/consent/readConsents.js";
import { makeReceipt, signReceipt } from "../../src/health/consent/receipt.js";
import { serializeReceipt } from "../../src/health/consent/receiptJson.js";
import { scopeOf } from "../../src/health/consent/scopeOf.js";
import { signGrant, signObjection, signRevocation } from "../../src/health/consent/signConsent.js";
import { toAuditEvent } from "../../src/health/consent/toAuditEvent.js";
import { verifyReceiptOnChain } from "../../src/health/consent/verifyReceipt.js";
import { watchBreakGlass } from "../../src/health/consent/watchBreakGlass.js";
import { purposesOf } from "../../src/health/purposes.js";
import { newSalt } from "../../src/identity/claims.js";
import { readLog } from "../../src/ledger/readLog.js";

import { MINISTRY } from "./cast.js";
import { type Hospital, PATIENT } from "./hospital.js";
import type { Job } from "./job.js";
import { HOSPITAL } from "./recordStage.js";
import { refusalOf } from "./refusal.js";

/** Who is granted a consent, and who is not. */
const READER = "f201";
const OTHER = "2.16.840.1.113883.19.5";

/** What the patient lets the other hospital read. */
const SHARED = "Observation";

/** A patient grants, a doctor reads, others are refused; the glass is broken and reviewed; the patient lists it all. */
export async function readUnderConsent(job: Job, hospital: Hospital): Promise<RecordPackage> {
  await refuseWithoutLimit(job, hospital);
  const salt = newSalt();
  const scope = scopeOf(salt, { categories: [SHARED], records: [] });
  const grantee = job.body(READER).index;
  const until = NO_END;
  const grant: Grant = { grantee, scope, purposes: purposesOf(["TREAT"]), from: await job.chain.now(), until, uses: 0 };

  const { receipt, package: handed, openings } = await grantAndRead(job, hospital, grant, salt);
  await logBatch(job, hospital, grant);
  await revokeAndReplay(job, hospital, grant);
  const opening = await readInEmergency(job, hospital);
  await listAll(job, hospital, [...openings, opening]);
  await writeFile(join(job.options.out, "health", "receipt.json"), `${serializeReceipt(receipt)}\n`);
  return handed;
}

/** As long as the council has set no limit for reviews, nobody can break the glass. */
async function refuseWithoutLimit(job: Job, hospital: Hospital): Promise<void> {
  const { contracts } = job.suite;
  const patient = hospital.patientKey().address;
  const emergency = { patient, window: 3_600, reason: "UNABLE_TO_CONSENT", commitment: newSalt() } as const;
  const early = await refusalOf(breakGlass(consents(job, READER), emergency));
  job.checks.equal(
    "consent.limit",
    "Nobody breaks the glass before the council set a limit",
    "BreakGlassBlocked",
    early,
  );

  const operation = await operationOf(contracts.consentRegistry, "setReviewLimit", [2]);
  const [first, second] = job.cast.members.map((member) => contracts.council.connect(member)) as [
    typeof contracts.council,
    typeof contracts.council,
  ];
  await approve(first, operation);
  await approve(second, operation);
  if (job.options.delay > 0) await job.chain.waitUntil((await schedule(first, operation)).executableAt);
  await execute(first, operation);
}

/** A relayer carries the patient's grant, the other hospital logs an access and gets a record, with all that proves it. */
async function grantAndRead(job: Job, hospital: Hospital, grant: Grant, salt: string) {
  const { checks, suite, chain } = job;
  const [patient, registry] = [hospital.patientKey(), consents(job, READER)];
  const { address } = patient;
  const ground = { patient: address, scope: grant.scope, purpose: "TREAT" };
  const before = await refusalOf(logAccess(registry, ground, openingOf(hospital)));
  checks.equal("consent.before", "Nobody reads before the patient consents", "ConsentNotInForce: NONE", before);

  const deadline = (await chain.now()) + 86_400;
  const signed = await signGrant(suite.contracts.consentRegistry, patient, grant, { deadline });
  const carried = await carrySigned(suite.contracts.consentRegistry.connect(job.cast.relayer), signed);
  const block = (await chain.provider.getBlock(carried.blockNumber))!;
  const opening = openingOf(hospital);
  checks.equal(
    "consent.read",
    "A doctor of whom she let in reads",
    "accepted",
    await refusalOf(logAccess(registry, ground, opening)),
  );
  for (const [name, title, call] of [
    ["other", "another hospital is refused", () => logAccess(consents(job, OTHER), ground, openingOf(hospital))],
    ["purpose", "as is research", () => logAccess(registry, { ...ground, purpose: "HRESCH" }, openingOf(hospital))],
  ] as const) {
    const expected = name === "other" ? "ConsentNotInForce: NONE" : "ConsentNotInForce: PURPOSE_NOT_GRANTED";
    checks.equal(`consent.${name}`, title, expected, await refusalOf(call()));
  }

  const place = await placeOf(suite.contracts.consentRegistry);
  const terms = {
    id: newSalt(),
    controller: { body: job.body(HOSPITAL).index, name: job.body(HOSPITAL).name },
    recipientName: job.body(READER).name,
    data: { categories: [SHARED], records: [], salt },
    legalBasis: "GDPR Art. 9(2)(a)",
    withdrawal: "in the hospital's portal, at any time",
    jurisdiction: "NL",
    operator: job.healthOperator(HOSPITAL).address,
  };
  const facts = { ...place, patient: address, event: "GIVEN", grant, version: 1, time: block.timestamp } as const;
  const receipt = await signReceipt(makeReceipt(facts, terms), job.healthOperator(HOSPITAL));
  const { fromBlock } = suite;
  const { status, isCurrent } = await verifyReceiptOnChain(suite.contracts.consentRegistry, receipt, { fromBlock });
  checks.equal(
    "consent.receipt",
    "She gets a receipt that the chain confirms",
    "VALID, current",
    `${status}, ${isCurrent ? "current" : "past"}`,
  );

  const record = hospital
    .recordsOf(PATIENT)
    .findLast(({ resourceType, version }) => resourceType === SHARED && version === 1)!;
  const { addresses } = suite;
  const at = { chainId: Number(job.chainId), registry: addresses.recordRegistry };
  const request = { patient: PATIENT, source: record.body, id: record.recordId, version: record.version, ...at };
  const membership = record.member!.membership;
  const handed = await handOut(hospital.store, {
    ...request,
    membership,
    recipient: { body: grant.grantee },
    now: await chain.now(),
  });
  const { state, standing } = await verifyPackageOnChain(suite.contracts.recordRegistry, handed, at);
  checks.equal(
    "consent.package",
    "and the doctor a record, with its proof",
    "CURRENT, IN_FORCE",
    `${state}, ${standing}`,
  );
  return { receipt, package: handed, openings: [opening] };
}

/** A revocation holds at once, and what was signed before it counts no more. */
async function revokeAndReplay(job: Job, hospital: Hospital, grant: Grant): Promise<void> {
  const { checks, suite, chain, cast } = job;
  const [patient, carrier] = [hospital.patientKey(), suite.contracts.consentRegistry.connect(cast.relayer)];
  const deadline = (await chain.now()) + 86_400;
  const again = await signGrant(suite.contracts.consentRegistry, patient, grant, { deadline });
  await carrySigned(carrier, await signRevocation(suite.contracts.consentRegistry, patient, grant, { deadline }));
  const ground = { patient: patient.address, scope: grant.scope, purpose: "TREAT" };
  const read = await refusalOf(logAccess(consents(job, READER), ground, openingOf(hospital)));
  checks.equal("consent.revoked", "She revokes it: the same doctor is refused", "ConsentNotInForce: REVOKED", read);
  const replayed = await refusalOf(carrySigned(carrier, again));
  checks.equal(
    "consent.replayed",
    "and a grant that she signed before counts no more",
    "ConsentVersionMismatch",
    replayed,
  );
  await carrySigned(
    carrier,
    await signObjection(suite.contracts.consentRegistry, patient, ["HRESCH", "HMARKT"], { deadline }),
  );
}

/** An emergency: the glass is broken, the patient's client sees it, data is read, another body reviews. */
async function readInEmergency(job: Job, hospital: Hospital): Promise<AccessOpening> {
  const { checks, suite } = job;
  const patient = hospital.patientKey().address;
  const registry = consents(job, READER);
  const use: BrokenGlass = await breakGlass(registry, {
    ...{ patient, window: 3_600, reason: "UNABLE_TO_CONSENT", commitment: newSalt() },
  });
  const opening = openingOf(hospital);
  await logEmergencyAccess(registry, use, opening);
  const own = reviewBreakGlass(registry, use.id, "JUSTIFIED", newSalt());
  checks.equal("glass.own", "Who broke the glass cannot review it", "RoleNotListed", await refusalOf(own));
  await reviewBreakGlass(consents(job, MINISTRY), use.id, "JUSTIFIED", newSalt());

  const notices: string[] = [];
  const end = new AbortController();
  for await (const { what, use: seen } of watchBreakGlass(suite.contracts.consentRegistry, patient, {
    ...{ fromBlock: suite.fromBlock, signal: end.signal, pollMs: 1 },
  })) {
    notices.push(`${what} by ${seen.provider === job.body(READER).index ? "the reader" : "another"}, ${seen.reason}`);
    if (what === "REVIEWED") end.abort();
  }
  checks.equal(
    "glass.seen",
    "The patient's client sees both",
    "OPENED by the reader, UNABLE_TO_CONSENT; REVIEWED by the reader, UNABLE_TO_CONSENT",
    notices.join("; "),
  );
  return opening;
}

/** A reader that reads much logs a day at once; the patient gets her entries with their proofs. */
async function logBatch(job: Job, hospital: Hospital, grant: Grant): Promise<void> {
  const { suite, chain } = job;
  const { consentRegistry } = suite.contracts;
  const parties = {
    ...(await placeOf(consentRegistry)),
    recipient: grant.grantee,
    patient: hospital.patientKey().address,
  };
  const time = await chain.now();
  const day = Array.from(
    { length: 20 },
    () => ({ time, purpose: "TREAT", scope: grant.scope, commitment: newSalt() }) as const,
  );
  const accesses = linkAccesses(parties, day);
  const { firstIndex } = await logAccesses(
    consents(job, READER),
    accesses.map((access) => ({ parties, access })),
  );

  const log = `0x${grant.grantee.toString(16).padStart(64, "0")}`;
  const tree = await readLog(chain.provider, suite.addresses.consentRegistry, log, { fromBlock: suite.fromBlock });
  const proofs = accesses.map((_, i) => {
    return { index: firstIndex + i, path: tree.inclusionProof(firstIndex + i, tree.size).map((node) => hexlify(node)) };
  });
  const list: BatchedAccessList = { ...parties, accesses, proofs, size: tree.size, root: hexlify(tree.root()) };
  const [size, root] = await consentRegistry.accessCheckpoint(grant.grantee);
  const verify = (given: BatchedAccessList) =>
    refusalOf(
      Promise.resolve().then(() => {
        verifyBatchedAccesses(given, { parties, checkpoint: { size, root } });
      }),
    );
  job.checks.equal(
    "access.batch",
    "A day's accesses in one transaction, each proved to the patient",
    "accepted",
    await verify(list),
  );
  const { fromBlock } = suite;
  const [runs, history] = [
    await readAccessLog(consentRegistry, grant.grantee, { fromBlock }),
    await readConsents(consentRegistry, parties.patient, { fromBlock }),
  ];
  const covered = accesses.filter((access, i) => {
    const at = loggedAt(runs, proofs[i]!.index);
    return judgeBatchedAccess(history, grant.grantee, access, { loggedAt: at }).isCovered;
  });
  job.checks.equal(
    "access.covered",
    "her consent covers them all",
    "20 of 20",
    `${covered.length} of ${accesses.length}`,
  );
  const short = { ...list, accesses: accesses.toSpliced(7, 1), proofs: proofs.toSpliced(7, 1) };
  job.checks.equal("access.gap", "one left out of the list is missed", "ACCESS_LOG_INCOMPLETE", await verify(short));
}

/** The patient lists every access, and exports it as FHIR. */
async function listAll(job: Job, hospital: Hospital, openings: readonly AccessOpening[]): Promise<void> {
  const { checks, suite } = job;
  const patient = hospital.patientKey().address;
  const { accesses, history } = await listAccesses(suite.contracts.consentRegistry, patient, {
    ...{ fromBlock: suite.fromBlock, openings },
  });
  const told = accesses.map(
    ({ purpose, status, opening }) => `${purpose} ${status}, by ${opening?.professional ?? "nobody named"}`,
  );
  checks.equal(
    "access.listed",
    "She lists who read what, and why",
    "TREAT IN_FORCE, by Practitioner/f202; ETREAT BREAK_GLASS, by Practitioner/f202",
    told.join("; "),
  );
  const events = accesses.map((access) => toAuditEvent(history, patient, access));
  await writeFile(join(job.options.out, "health", "audit-events.json"), `${JSON.stringify(events, null, 1)}\n`);
}

/** What a doctor of HL7's examples looks at. */
function openingOf(hospital: Hospital): AccessOpening {
  const record = hospital.firstOf(SHARED);
  return {
    salt: hexlify(randomBytes(32)),
    professional: "Practitioner/f202",
    records: [record.recordId],
    reason: "consultation",
  };
}

/** The registry of consents, as a body's key calls it. */
function consents(job: Job, organization: string) {
  return job.suite.contracts.consentRegistry.connect(job.healthOperator(organization));
}
