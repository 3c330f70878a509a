import type { Check } from "./checks.js";
import { FILES, FOLDERS } from "./exportFormat.js";
import type { DemoResult } from "./runDemo.js";

/** The report for machines. */
export interface DemoReport {
  ok: boolean;
  passed: number;
  failed: number;
  seconds: number;
  chain: { id: number; block: number; hash: string; time: string };
  addresses: Record<string, string>;
  issued: { single: number; inBatches: number; batches: number };
  /** Why the nursery benefit was refused while something was not shown, in words. */
  explained: readonly string[];
  out: string;
  checks: Check[];
}

/** What the groups of checks are about, by the first part of their ids, in the order of the report. */
const GROUPS: Readonly<Record<string, string>> = {
  council: "The council, 2 of 3",
  refused: "Refused, as it must be",
  attestation: "Licences attested singly, read back from the chain",
  leaf: "Leaves of Merkle batches that something happened to",
  leaves: "All other leaves, each read back",
  enrolment: "Citizens at the counter",
  did: "A citizen's DID: lost, frozen, recovered",
  wallet: "The holder's wallet",
  presented: "Claims that citizens showed",
  benefit: "The nursery benefit",
  record: "A hospital's records, of a synthetic patient and of HL7's",
  consent: "What the patient consents to",
  glass: "An emergency, without her consent",
  access: "Who read what: her list",
  prescription: "A prescription, dispensed once",
  bill: "A bill, paid once",
  monitor: "The hospital's database, compared with the chain",
  erasure: "Erased: her key is destroyed",
  exhibit: "Files deposited as evidence",
  custody: "Who holds an exhibit, from hand to hand",
  court: "An exhibit before the court",
  package: "Packages that a court checks with no chain",
  judgment: "A judgment and its fate",
  service: "A decision, served",
  power: "A power of attorney",
  election: "An election of 200 voters, trustees 3 of 5",
  standing: "Bodies, read back from the trust list",
  file: "Exported files",
  files: "Verified again from the files alone",
};

/** Makes the report of a job that ended. */
export function reportOf({ job, answers }: DemoResult, seconds: number): DemoReport {
  const failed = job.checks.failed.length;
  const inBatches = [...job.batches.values()].reduce((sum, batch) => sum + batch.size, 0);
  return {
    ok: failed === 0,
    passed: job.checks.list.length - failed,
    failed,
    seconds: Number(seconds.toFixed(1)),
    chain: {
      id: Number(job.chainId),
      block: answers.at.number,
      hash: answers.at.hash,
      time: new Date(answers.at.time * 1_000).toISOString(),
    },
    addresses: job.suite.addresses,
    issued: { single: job.licences.size - inBatches, inBatches, batches: job.batches.size },
    explained: job.explained,
    out: job.options.out,
    checks: job.checks.list,
  };
}

/** The report for people. */
export function reportText(report: DemoReport): string {
  const { chain, issued, out } = report;
  const lines = [
    "Diwan, the main job",
    "",
    `Chain ${chain.id}, read at block ${chain.block} (${chain.time}).`,
    "HL7's 13 example organizations are the bodies, one of them the ministry. HL7's 14 example practitioners and the 21",
    `of its example patients that are people hold ${issued.single} attestations issued singly or by one signature, and`,
    `${issued.inBatches} in ${issued.batches} Merkle batches: the citizens' entries in the register, and numbered variants of the`,
    "practitioners' licences. A synthetic patient's record of 223 resources is the hospital's. On the chain there are",
    "commitments only.",
  ];
  for (const [group, title] of Object.entries(GROUPS)) {
    const checks = report.checks.filter(({ id }) => id.split(".")[0] === group);
    if (checks.length === 0) continue;
    lines.push("", title);
    const areAllFine = group === "file" && checks.every(({ ok }) => ok);
    if (areAllFine) lines.push(`  ok  ${checks.length} files, each with its digest in ${FILES.sums}`);
    else for (const check of checks) lines.push(...checkLines(check));
    if (group === "benefit")
      lines.push("      The refusal in words:", ...report.explained.map((line) => `        ${line}`));
  }
  lines.push(
    "",
    `${out}/${FOLDERS.public}    for anyone; ${FILES.sums} lists the digests`,
    `${out}/${FOLDERS.private}   for each holder: salts and claims`,
    `${out}/${FOLDERS.wallets}   a holder's wallet, encrypted`,
    `${out}/${FOLDERS.shown}     for the verifier that asked: what a holder showed`,
    `${out}/election  for anyone: an election's transcript and roll, for npm run verify:election`,
    `${out}/trustees  for each trustee: its encrypted file`,
    `${out}/justice   receipts of custody, decisions, exhibits with their salts; in court what a court is given,`,
    `          which this checks again with no network:`,
    `          npm run verify:package -- ${out}/justice/court/admitted.bin ${out}/justice/court/admitted.diwan --trust ${out}/justice/court/trust-anchor.json`,
    `${out}/health    the hospital's encrypted keys; for the patient: a consent receipt, her accesses as FHIR, a certificate of erasure`,
    "",
    `${report.passed} of ${report.passed + report.failed} checks passed in ${report.seconds} s`,
  );
  return `${lines.join("\n")}\n`;
}

function checkLines({ title, expected, actual, ok }: Check): string[] {
  if (!ok) return [`  FAILED  ${title}`, `          expected  ${expected}`, `          found     ${actual}`];
  return [`  ok  ${title}${isTelling(actual) ? `: ${actual}` : ""}`];
}

/** Digests and lists of uids tell a person nothing. */
function isTelling(actual: string): boolean {
  return actual.length < 60;
}
