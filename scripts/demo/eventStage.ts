import { itemOf } from "../../src/identity/attestation.js";
import { markLeaves, reinstate, reinstateLeaves, revoke, supersede, suspend } from "../../src/identity/change.js";
import { recordOf } from "../../src/identity/status.js";
import { reinstateAccreditation, reportCompromise } from "../../src/trust/bodies.js";

import { MINISTRY } from "./cast.js";
import { issueOne, LEAF } from "./issueStage.js";
import type { Job } from "./job.js";
import { makeLicence } from "./licence.js";
import { refusalOf } from "./refusal.js";
import { relay } from "./relay.js";
import { groundsOf, LICENCE } from "./schemas.js";
import { authorizeKey } from "./trustStage.js";

/** Suspends, reinstates and supersedes single attestations; the revocation comes later, from a withdrawn body. */
export async function changeSingles(job: Job): Promise<void> {
  const registry = job.registry("f001");
  const suspended = job.licence("suspended").uid;
  const reinstated = job.licence("reinstated").uid;
  await suspend(registry, [suspended, reinstated], "CERTIFICATE_HOLD");
  await job.pause();
  await reinstate(registry, LICENCE, reinstated, "REMOVE_FROM_CRL");

  const old = job.licence("superseded").uid;
  const validFrom = await job.chain.now();
  const { attestation: replacement } = job.keep(makeLicence(job, "replacement", "f001", "f005", 50, { validFrom }));
  const { issued } = await supersede(registry, LICENCE, [{ old, replacement }], "SUPERSEDED");
  job.sawIssued(issued);
}

/** Changes single leaves of the batches by their bits, and one batch as a whole. */
export async function changeLeaves(job: Job): Promise<void> {
  const clinic = job.registry("2.16.840.1.113883.19.5");
  const large = job.batch("large");
  await markLeaves(clinic, large, [LEAF.revoked], "REVOKED", "PRIVILEGE_WITHDRAWN");
  await markLeaves(clinic, large, [LEAF.suspended, LEAF.reinstated], "SUSPENDED", "CERTIFICATE_HOLD");
  await markLeaves(clinic, large, [LEAF.superseded], "SUPERSEDED", "SUPERSEDED");
  await job.pause();
  await reinstateLeaves(clinic, large, [LEAF.reinstated], "REMOVE_FROM_CRL");

  const hospital = job.registry("f203");
  await markLeaves(hospital, job.batch("oneBit"), [LEAF.revoked], "REVOKED", "CESSATION_OF_OPERATION");
  await revoke(hospital, job.batch("whole").uid, "AFFILIATION_CHANGED");
}

/** A thief signs with a hospital's key; the hospital reports it, from the second of the theft on, and takes another. */
export async function compromiseKey(job: Job): Promise<void> {
  const { suite, cast, checks, chain } = job;
  const stolen = job.operator("f201");
  const forged = await issueOne(job, "forged", "f201", "f204", 60, { validFrom: await chain.now() });
  await job.pause();

  const since = (await recordOf(suite.contracts.attestationRegistry, forged.uid)).issuedAt;
  const trustList = suite.contracts.trustList.connect(job.body("f201").controller);
  await reportCompromise(trustList, stolen.address, since);
  checks.equal(
    "refused.compromised",
    "A key known compromised cannot issue",
    "KeyNotInForce: COMPROMISED",
    await refusalOfIssue(job, "f201"),
  );

  await authorizeKey(job, "f201", cast.successor);
  cast.operators.set("f201", cast.successor);
  await issueOne(job, "newKey", "f201", "f204", 61, { validFrom: await chain.now() });
}

/** The ministry suspends a hospital in the very second of an issue, by one transaction, and reinstates it later. */
export async function suspendIssuer(job: Job): Promise<void> {
  const { suite, checks, chain } = job;
  await issueOne(job, "beforeSuspension", "f203", "xcda1", 70, { validFrom: await chain.now() });
  await job.pause();

  await endInSameSecond(job, "issuerSuspended", "f203", "xcda1", 71, "suspend", "f203");
  checks.equal(
    "refused.suspended",
    "A suspended body cannot issue",
    "NotAccredited: SUSPENDED",
    await refusalOfIssue(job, "f203"),
  );
  await job.pause();

  const ministry = suite.contracts.trustList.connect(job.body(MINISTRY).controller);
  const { index: body } = job.body("f203");
  await reinstateAccreditation(ministry, { scope: LICENCE, body, grounds: groundsOf("reinstate f203") });
  await issueOne(job, "afterReinstatement", "f203", "xcda1", 72, { validFrom: await chain.now() });
}

/** The ministry withdraws a hospital, and so its units, in the very second in which one of them issues. */
export async function withdrawParent(job: Job): Promise<void> {
  const { checks, chain } = job;
  await issueOne(job, "beforeWithdrawal", "f003", "xcda-author", 80, { validFrom: await chain.now() });
  await job.pause();

  await endInSameSecond(job, "issuerWithdrawn", "f003", "xcda-author", 81, "withdraw", "f001");
  checks.equal(
    "refused.withdrawn",
    "A unit whose parent was withdrawn cannot issue",
    "NotAccredited: WITHDRAWN",
    await refusalOfIssue(job, "f002"),
  );
  // What a withdrawn body issued, it can still take back.
  await revoke(job.registry("f001"), job.licence("revoked").uid, "PRIVILEGE_WITHDRAWN");
}

/** A body issues, and the ministry suspends or withdraws it or its parent: both signed, one transaction carries them. */
async function endInSameSecond(
  job: Job,
  name: string,
  organization: string,
  practitioner: string,
  number: number,
  method: "suspend" | "withdraw",
  target: string,
): Promise<void> {
  const { attestationRegistry, trustList } = job.suite.contracts;
  const validFrom = await job.chain.now();
  const licence = job.keep(makeLicence(job, name, organization, practitioner, number, { validFrom }));
  const { content, expiresAt } = itemOf(licence.attestation);
  await relay(job, [
    {
      signer: job.operator(organization),
      contract: attestationRegistry,
      method: "attest",
      args: [LICENCE, content, expiresAt],
    },
    {
      signer: job.body(MINISTRY).controller,
      contract: trustList,
      method,
      args: [LICENCE, job.body(target).index, groundsOf(`${method} ${target}`)],
    },
  ]);
}

/** What a body that tries to issue is refused with; nothing is sent. */
async function refusalOfIssue(job: Job, organization: string): Promise<string> {
  const { attestation } = makeLicence(job, "never", organization, "f001", 91, { validFrom: await job.chain.now() });
  const { content, expiresAt } = itemOf(attestation);
  return refusalOf(job.registry(organization).attest.staticCall(LICENCE, content, expiresAt));
}
