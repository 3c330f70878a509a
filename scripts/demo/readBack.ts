import { statusOf, statusOfLeaf } from "../../src/identity/status.js";
import type { Reason, Status, Verdict } from "../../src/identity/verdict.js";
import { type Standing, STANDINGS } from "../../src/trust/standing.js";

import { MINISTRY, PARTS } from "./cast.js";
import { LEAF } from "./issueStage.js";
import type { Job } from "./job.js";
import { type Licence, makeLicence } from "./licence.js";
import { LICENCE } from "./schemas.js";

/** The block at which everything is read. */
export interface Moment {
  number: number;
  hash: string;
  /** Unix seconds. */
  time: number;
}

/** What the chain says of everything, at one block. */
export interface Answers {
  at: Moment;
  /** By the licences' names. */
  verdicts: Map<string, Verdict>;
  /** Standings in the scope of licences, by FHIR ids. */
  standings: Map<string, { standing: Standing; decidedBy: number }>;
}

/** How a licence should stand at the end: status, reason, how its issuer stands now. */
type Expectation = readonly [status: Status, reason: Reason, issuerNow: Standing, title: string];

const SINGLES: Readonly<Record<string, Expectation>> = {
  single: ["VALID", "UNSPECIFIED", "WITHDRAWN", "issued singly; its issuer was withdrawn later"],
  suspended: ["SUSPENDED", "CERTIFICATE_HOLD", "WITHDRAWN", "suspended"],
  reinstated: ["VALID", "REMOVE_FROM_CRL", "WITHDRAWN", "suspended, then reinstated"],
  revoked: ["REVOKED", "PRIVILEGE_WITHDRAWN", "WITHDRAWN", "revoked by its issuer after that was withdrawn"],
  superseded: ["SUPERSEDED", "SUPERSEDED", "WITHDRAWN", "superseded"],
  replacement: ["VALID", "UNSPECIFIED", "WITHDRAWN", "stands in the place of the superseded one"],
  expired: ["EXPIRED", "UNSPECIFIED", "WITHDRAWN", "its end has passed"],
  notYetValid: ["NOT_YET_VALID", "UNSPECIFIED", "WITHDRAWN", "starts in a year"],
  "signed.f201": ["VALID", "UNSPECIFIED", "COMPROMISED", "by one signature, before the key was stolen"],
  "signed.f202": ["VALID", "UNSPECIFIED", "COMPROMISED", "by one signature, before the key was stolen"],
  "signed.f203": ["VALID", "UNSPECIFIED", "COMPROMISED", "by one signature, before the key was stolen"],
  "signed.f204": ["VALID", "UNSPECIFIED", "COMPROMISED", "by one signature, before the key was stolen"],
  forged: ["ISSUER_COMPROMISED", "UNSPECIFIED", "COMPROMISED", "by the stolen key, in the second of the theft"],
  newKey: ["VALID", "UNSPECIFIED", "IN_FORCE", "by the key that took over from the stolen one"],
  beforeSuspension: ["VALID", "UNSPECIFIED", "IN_FORCE", "before its issuer's suspension, now lifted"],
  issuerSuspended: [
    "ISSUER_SUSPENDED",
    "UNSPECIFIED",
    "IN_FORCE",
    "in the second of its issuer's suspension, now lifted",
  ],
  afterReinstatement: ["VALID", "UNSPECIFIED", "IN_FORCE", "after its issuer's suspension"],
  byUnit: ["VALID", "UNSPECIFIED", "WITHDRAWN", "by a unit whose parent was withdrawn later"],
  beforeWithdrawal: ["VALID", "UNSPECIFIED", "WITHDRAWN", "by a unit just before its parent was withdrawn"],
  issuerWithdrawn: [
    "ISSUER_WITHDRAWN",
    "UNSPECIFIED",
    "WITHDRAWN",
    "by a unit in the second of its parent's withdrawal",
  ],
};

/** The leaves that something happened to. Their reasons are in the events, not in the batch's record. */
const LEAVES: Readonly<Record<keyof typeof LEAF, Expectation>> = {
  revoked: ["REVOKED", "UNSPECIFIED", "IN_FORCE", "a leaf, revoked"],
  suspended: ["SUSPENDED", "UNSPECIFIED", "IN_FORCE", "a leaf, suspended"],
  superseded: ["SUPERSEDED", "UNSPECIFIED", "IN_FORCE", "a leaf, superseded"],
  reinstated: ["VALID", "UNSPECIFIED", "IN_FORCE", "a leaf, suspended, then reinstated"],
  expiring: ["EXPIRED", "UNSPECIFIED", "IN_FORCE", "a leaf whose end has passed"],
  early: ["NOT_YET_VALID", "UNSPECIFIED", "IN_FORCE", "a leaf that starts in a year"],
};

/** How each body should stand in the scope of licences at the end. */
const STANDING_AT_END: Readonly<Record<string, Standing>> = {
  [MINISTRY]: "IN_FORCE",
  f001: "WITHDRAWN",
  f002: "WITHDRAWN",
  f003: "WITHDRAWN",
  f201: "IN_FORCE",
  f203: "IN_FORCE",
  "2.16.840.1.113883.19.5": "IN_FORCE",
};

const STEP = 64;

/** Reads how everything stands, at one block, and compares it with what should be. */
export async function readBack(job: Job): Promise<Answers> {
  const block = await job.chain.provider.getBlock("latest");
  if (block?.hash == null) throw new Error("the chain has no block");
  const at: Moment = { number: block.number, hash: block.hash, time: block.timestamp };

  const uids = job.issued.map(({ computed }) => computed).join(" ");
  const title = `The uids of ${job.issued.length} single attestations, computed from what their holders have`;
  job.checks.equal("attestation.uids", title, uids, job.issued.map(({ told }) => told).join(" "));

  const verdicts = await readVerdicts(job, at);
  checkVerdicts(job, verdicts);

  const standings: Answers["standings"] = new Map();
  for (const organization of [MINISTRY, ...Object.keys(PARTS)]) {
    const { index, name } = job.body(organization);
    const { trustList } = job.suite.contracts;
    const [code, decidedBy] = await trustList.standingAt(LICENCE, index, at.time, { blockTag: at.number });
    const standing = STANDINGS[Number(code)]!;
    standings.set(organization, { standing, decidedBy: Number(decidedBy) });
    const expected = STANDING_AT_END[organization] ?? "NONE";
    job.checks.equal(`standing.${organization}`, `${name}, for licences`, expected, standing);
  }
  return { at, verdicts, standings };
}

async function readVerdicts(job: Job, at: Moment): Promise<Map<string, Verdict>> {
  const registry = job.suite.contracts.attestationRegistry;
  const read = ({ attestation, membership }: Licence) => {
    const block = { blockTag: at.number };
    return membership === undefined
      ? statusOf(registry, attestation, block)
      : statusOfLeaf(registry, attestation, membership, block);
  };
  const verdicts = new Map<string, Verdict>();
  const all = [...job.licences.values()];
  for (let start = 0; start < all.length; start += STEP) {
    job.progress.note(`${start} of ${all.length}`);
    const part = all.slice(start, start + STEP);
    const found = await Promise.all(part.map(read));
    for (const [i, { name }] of part.entries()) verdicts.set(name, found[i]!);
  }
  // Never issued, and so no licence of the job.
  verdicts.set("unknown", await read(makeLicence(job, "unknown", "f001", "f001", 99, { validFrom: at.time })));
  return verdicts;
}

function checkVerdicts(job: Job, verdicts: ReadonlyMap<string, Verdict>): void {
  const check = (id: string, name: string, source: string, [status, reason, issuer, title]: Expectation) => {
    const expected = verdictText({ status, reason, issuerNow: issuer });
    job.checks.equal(id, `${source}: ${title}`, expected, verdictText(verdicts.get(name)!));
  };
  for (const [name, expectation] of Object.entries(SINGLES)) {
    check(`attestation.${name}`, name, job.licence(name).source, expectation);
  }
  const unknown = verdictText({ status: "UNKNOWN", reason: "UNSPECIFIED", issuerNow: "NONE" });
  job.checks.equal("attestation.unknown", "Never issued", unknown, verdictText(verdicts.get("unknown")!));

  for (const [name, expectation] of Object.entries(LEAVES)) {
    const leaf = `large.${LEAF[name as keyof typeof LEAF]}`;
    check(`leaf.${name}`, leaf, job.licence(leaf).source, expectation);
  }
  const revoked = `oneBit.${LEAF.revoked}`;
  check("leaf.oneBit", revoked, job.licence(revoked).source, [
    "REVOKED",
    "UNSPECIFIED",
    "IN_FORCE",
    "a leaf of a one-bit batch, revoked",
  ]);

  const changed = new Set<string>([...Object.values(LEAF).map((index) => `large.${index}`), revoked]);
  const rest = (batch: string) => job.batch(batch).licences.filter(({ name }) => !changed.has(name));
  const count = (batch: string, expected: string) => {
    const all = rest(batch);
    const found = all.filter(({ name }) => verdictText(verdicts.get(name)!) === expected).length;
    job.checks.equal(
      `leaves.${batch}`,
      `All other leaves of the batch "${batch}"`,
      `${all.length} ${expected}`,
      `${found} ${expected}`,
    );
  };
  const valid = verdictText({ status: "VALID", reason: "UNSPECIFIED", issuerNow: "IN_FORCE" });
  count("large", valid);
  count("oneBit", valid);
  count("whole", verdictText({ status: "REVOKED", reason: "AFFILIATION_CHANGED", issuerNow: "IN_FORCE" }));
}

function verdictText({ status, reason, issuerNow }: Omit<Verdict, "since">): string {
  const because = reason === "UNSPECIFIED" ? "" : ` (${reason})`;
  return `${status}${because}, issuer ${issuerNow}`;
}
