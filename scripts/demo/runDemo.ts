import { getBytes } from "ethers";

import { newSalt } from "../../src/identity/claims.js";
import type { Progress } from "../console/progress.js";

import { claimBenefit } from "./benefitStage.js";
import { castOf } from "./cast.js";
import { Checks } from "./checks.js";
import { countElection } from "./countStage.js";
import { openCourthouse } from "./courthouse.js";
import { deploySuite } from "./deploySuite.js";
import { dealKey, type DemoElection, exportTexts, makeElection, makeKey } from "./electionStage.js";
import { changeLeaves, changeSingles, compromiseKey, suspendIssuer, withdrawParent } from "./eventStage.js";
import { equipDid, losePhone } from "./didStage.js";
import { readUnderConsent } from "./consentStage.js";
import { keepEvidence } from "./evidenceStage.js";
import { exportFiles } from "./exportFiles.js";
import { issueLicences, tryToIssue } from "./issueStage.js";
import { Job } from "./job.js";
import { erasePatient, monitorDatabase } from "./monitorStage.js";
import { judgeCase } from "./judgmentStage.js";
import { keyTimeNow } from "./keyTimeNow.js";
import type { DemoChain } from "./openChain.js";
import { type DemoOptions, settlePeriods } from "./options.js";
import { enrol, lookAtLapse, registerCitizens } from "./personStage.js";
import { compareDids, presentClaims, verifyShown } from "./presentStage.js";
import { exportPackages } from "./packageStage.js";
import { type Answers, readBack } from "./readBack.js";
import { dispenseAndPay } from "./pharmacyStage.js";
import { anchorHealthRecords } from "./recordStage.js";
import { together } from "./together.js";
import { accreditBodies, accreditMinistry, registerBodies } from "./trustStage.js";
import { verifyFiles } from "./verifyFiles.js";
import { vote } from "./votingStage.js";

/** The job after its end, and what the chain answered. */
export interface DemoResult {
  job: Job;
  answers: Answers;
}

/** About how many seconds of the chain's time the job takes, a second for each transaction among them. */
export function historyOf(options: DemoOptions): number {
  const { delay, lifetime, pause, lapse, didDelay, step, voting } = settlePeriods(options, {
    blockTime: 0,
    sharesBlocks: false,
    keyTime: 0,
  });
  return delay + pause + Math.max(lifetime, lapse, 6 * pause + didDelay + 4.5 * step + voting) + 2_100;
}

/** Runs the whole job on a chain that is open. */
export async function runDemo(chain: DemoChain, chosen: DemoOptions, progress: Progress): Promise<DemoResult> {
  const options = settlePeriods(chosen, { ...chain, keyTime: keyTimeNow() });
  const { chainId } = await chain.provider.getNetwork();
  const cast = castOf(chain.signers);
  const checks = new Checks();

  progress.step("Deploy the suite by Ignition, council 2 of 3");
  const suite = await deploySuite(
    chain,
    { members: cast.members, threshold: 2, delay: options.delay },
    { members: cast.recoverers, threshold: 1, delay: options.recoveryDelay },
    { lapse: options.lapse, didDelay: options.didDelay },
    `${options.out}/ignition`,
  );
  const job = new Job(options, chain, chainId, suite, cast, checks, progress, await chain.now());

  progress.step("The council accredits the ministry");
  await together(chain, [accreditMinistry, registerBodies], (act) => act(job));
  progress.step("The ministry accredits its bodies, and they authorise keys");
  await accreditBodies(job);
  const [size, root] = await suite.contracts.trustList.checkpoint();
  job.earlier = { size: Number(size), root };
  await job.pause();

  // From here on, only the trust list is common to them. The election takes longest, and its first periods are short: where all go
  // on side by side it begins before the others take the machine's time.
  const begun = chain.sharesBlocks ? await beginElection(job, progress) : undefined;
  progress.end();
  const lines = [
    attestAndChange,
    keepHealthRecords,
    doJustice,
    (_: Job, own: Progress) => holdElection(job, own, begun),
  ];
  await together(chain, lines, (line) => line(job, chain.sharesBlocks ? progress.branch() : progress));

  progress.step("Time passes until a licence expires and a request lapses");
  await chain.waitUntil(job.licence("expired").attestation.expiresAt + 1);
  await lookAtLapse(job);

  progress.step("Read every status back");
  const answers = await readBack(job);
  progress.step("Export everything to files");
  await exportFiles(job, answers);
  progress.step("Verify it from the files alone");
  const found = await verifyFiles(options.out);
  checks.add(found.checks);
  await compareDids(job);
  await verifyShown(job);
  const [finalSize, finalRoot] = await suite.contracts.trustList.checkpoint({ blockTag: answers.at.number });
  checks.equal(
    "files.checkpoint",
    "The state of the trust list that the files rest on is the chain's",
    `${finalSize} entries, ${finalRoot}`,
    found.checkpoint === undefined ? "unreadable" : `${found.checkpoint.size} entries, ${found.checkpoint.root}`,
  );
  progress.end();
  return { job, answers };
}

/** Licences and citizens: what is attested, and what becomes of it. */
async function attestAndChange(job: Job, progress: Progress): Promise<void> {
  progress.step("Attest licences: one, many, by one signature, in batches");
  await issueLicences(job);
  await tryToIssue(job);
  progress.step("Citizens are registered, and come to the counter");
  await registerCitizens(job);
  await enrol(job);
  progress.step("A citizen's DID gets a second device and guardians");
  await equipDid(job);
  await job.pause();

  progress.step("Suspend, reinstate, supersede");
  await changeSingles(job);
  progress.step("Change leaves of batches");
  await changeLeaves(job);
  progress.step("A key is stolen and reported");
  await compromiseKey(job);
  progress.step("An issuer is suspended and reinstated");
  await suspendIssuer(job);
  progress.step("A parent is withdrawn");
  await withdrawParent(job);
  progress.step("A phone is lost, and its DID comes back");
  await losePhone(job);
  progress.step("Citizens show single claims");
  await presentClaims(job);
  progress.step("A benefit is decided and claimed");
  await claimBenefit(job);
  progress.end();
}

/** A patient's records: anchored, read, and forgotten. */
async function keepHealthRecords(job: Job, progress: Progress): Promise<void> {
  progress.step("A hospital anchors a patient's whole record");
  const hospital = await anchorHealthRecords(job);
  job.hospital = hospital;
  progress.step("She consents, a doctor reads, the glass is broken");
  const handed = await readUnderConsent(job, hospital);
  job.handed = handed;
  progress.step("A prescription is dispensed, a bill paid");
  await dispenseAndPay(job, hospital);
  progress.step("The monitor compares the hospital's database with the chain");
  await monitorDatabase(job, hospital);
  progress.step("The patient's key is destroyed");
  await erasePatient(job, hospital, handed);
  progress.end();
}

/** Exhibits and judgments. */
async function doJustice(job: Job, progress: Progress): Promise<void> {
  progress.step("Courts, custodians and witnesses are accredited");
  const courthouse = await openCourthouse(job);
  job.courthouse = courthouse;
  const caseSalt = getBytes(newSalt());
  progress.step("Files are deposited, handed on, tendered and admitted");
  const deposited = await keepEvidence(job, courthouse, caseSalt);
  progress.step("A court checks packages with no chain at hand");
  await exportPackages(job, deposited, caseSalt);
  progress.step("A judgment is appealed, reversed and served");
  await judgeCase(job, courthouse, caseSalt);
  progress.end();
}

/** An election is made, and its trustees deal the shares of its key. */
async function beginElection(job: Job, progress: Progress): Promise<DemoElection> {
  progress.step("An election of 200 voters: five trustees deal the key");
  const held = await makeElection(job);
  await dealKey(held);
  return held;
}

/** An election, from its trustees' key to its result. */
async function holdElection(job: Job, progress: Progress, begun?: DemoElection): Promise<void> {
  const held = begun ?? (await beginElection(job, progress));
  progress.step("One of them cheats, and is left out");
  const view = await makeKey(job, held);
  progress.step("Voters cast, directly and relayed, and forgers fail");
  const votes = await vote(job, held, view);
  progress.step("The election closes, and is counted");
  await countElection(job, held, view, votes);
  await exportTexts(job, view);
  progress.end();
}
