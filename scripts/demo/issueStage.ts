import { itemOf } from "../../src/identity/attestation.js";
import { type BuiltBatch, buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { issue, issueBatch, issueMany, relayIssueMany, signIssueMany } from "../../src/identity/issue.js";
import type { StatusBits } from "../../src/ledger/statusBits.js";

import type { Job } from "./job.js";
import { type Licence, makeLicence, type Period, PRACTITIONER_IDS } from "./licence.js";
import { refusalOf } from "./refusal.js";
import { LICENCE } from "./schemas.js";
import { together } from "./together.js";

/** Leaves of the large batch that something happens to; all others stay valid. */
export const LEAF = { revoked: 1, suspended: 2, superseded: 3, reinstated: 4, expiring: 5, early: 6 } as const;

/** Licences in the batch whose status list has one bit a leaf, and in the one that is revoked as a whole. */
const SMALL_BATCH = 32;

const YEAR = 366 * 86_400;

/** A Merkle batch that was issued. */
export interface IssuedBatch {
  name: string;
  uid: string;
  issuer: number;
  schema: string;
  root: string;
  size: number;
  bits: StatusBits;
  built: BuiltBatch;
  licences: Licence[];
}

/** Issues one attestation, many, many by one signature, and three Merkle batches. */
export async function issueLicences(job: Job): Promise<void> {
  const now = await job.chain.now();
  const expiresAt = now + job.options.lifetime;
  const early = { validFrom: now + YEAR };

  // HL7's own addresses have these practitioners at these two hospitals.
  const many = [
    ["suspended", "f002", { validFrom: now }],
    ["reinstated", "f003", { validFrom: now }],
    ["revoked", "f004", { validFrom: now }],
    ["superseded", "f005", { validFrom: now }],
    ["expired", "f006", { validFrom: now, expiresAt }],
    ["notYetValid", "f007", early],
  ] as const;
  const issueSix = async () => {
    const six = many.map(([name, practitioner, period], i) => {
      return job.keep(makeLicence(job, name, "f001", practitioner, 2 + i, period)).attestation;
    });
    job.sawIssued((await issueMany(job.registry("f001"), six)).issued);
  };
  const { batch } = job.options;
  const acts = [
    () => issueOne(job, "single", "f001", "f001", 1, { validFrom: now }),
    issueSix,
    () => issueBySignature(job, now),
    () => issueOne(job, "byUnit", "f002", "example", 12, { validFrom: now }),
    () => {
      job.progress.note(`a Merkle batch of ${batch}`);
      return issueLeaves(job, "large", "2.16.840.1.113883.19.5", batch, 2, 1_000, (index) => {
        if (index === LEAF.expiring) return { validFrom: now, expiresAt };
        return index === LEAF.early ? early : { validFrom: now };
      });
    },
    () => issueLeaves(job, "oneBit", "f203", SMALL_BATCH, 1, 200_000, () => ({ validFrom: now })),
    () => issueLeaves(job, "whole", "f203", SMALL_BATCH, 2, 300_000, () => ({ validFrom: now })),
  ];
  await together<() => Promise<unknown>, unknown>(job.chain, acts, (act) => act());
}

/** Issues one licence by a body's own key. */
export async function issueOne(
  job: Job,
  name: string,
  organization: string,
  practitioner: string,
  number: number,
  period: Period,
): Promise<Licence> {
  const licence = job.keep(makeLicence(job, name, organization, practitioner, number, period));
  job.sawIssued([await issue(job.registry(organization), licence.attestation)]);
  return licence;
}

/** The hospital signs once, a relayer carries it; the signature counts once. */
async function issueBySignature(job: Job, now: number): Promise<void> {
  const { cast, checks } = job;
  const attestations = ["f201", "f202", "f203", "f204"].map((practitioner, i) => {
    const name = `signed.${practitioner}`;
    return job.keep(makeLicence(job, name, "f201", practitioner, 8 + i, { validFrom: now })).attestation;
  });
  const deadline = BigInt(now + 86_400);
  const signed = await signIssueMany(job.registry("f201"), job.operator("f201"), attestations, { deadline });
  const relayed = job.suite.contracts.attestationRegistry.connect(cast.relayer);
  const { issued } = await relayIssueMany(relayed, attestations, signed);
  job.sawIssued(issued);

  const { schema, items, operator, nonce, signature } = signed;
  checks.equal(
    "refused.replay",
    "A signature that issued many cannot be used again",
    "InvalidAccountNonce",
    await refusalOf(relayed.attestManyBySignature.staticCall(schema, items, operator, nonce, deadline, signature)),
  );
}

async function issueLeaves(
  job: Job,
  name: string,
  organization: string,
  size: number,
  bits: StatusBits,
  firstNumber: number,
  periodOf: (index: number) => Period,
): Promise<void> {
  const licences = Array.from({ length: size }, (_, index) => {
    const practitioner = PRACTITIONER_IDS[index % PRACTITIONER_IDS.length]!;
    const number = firstNumber + index;
    return job.keep(makeLicence(job, `${name}.${index}`, organization, practitioner, number, periodOf(index)));
  });
  const built = await buildBatch(
    licences.map(({ attestation }) => itemOf(attestation)),
    bits,
  );
  const { root } = built;
  const { uid, issuer } = await issueBatch(job.registry(organization), { schema: LICENCE, ...built });
  for (const [index, licence] of licences.entries()) {
    licence.membership = membershipOf(built, index);
    licence.uid = uid;
  }
  job.batches.set(name, { name, uid, issuer, schema: LICENCE, root, size, bits, built, licences });
}

/** Those who may not issue are told why. */
export async function tryToIssue(job: Job): Promise<void> {
  const { suite, cast, checks } = job;
  const { attestation } = makeLicence(job, "never", "f001", "f001", 90, { validFrom: await job.chain.now() });
  const attempts = [
    ["stranger", "A stranger cannot issue", "KeyNotInForce: NONE", cast.stranger],
    ["scope", "A body accredited as an insurer cannot issue licences", "NotAccredited: NONE", job.operator("hl7pay")],
  ] as const;
  for (const [name, title, expected, signer] of attempts) {
    const registry = suite.contracts.attestationRegistry.connect(signer);
    const { content, expiresAt } = itemOf(attestation);
    checks.equal(
      `refused.${name}`,
      title,
      expected,
      await refusalOf(registry.attest.staticCall(LICENCE, content, expiresAt)),
    );
  }
}
