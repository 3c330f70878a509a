import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { hexlify, randomBytes } from "ethers";

import { eventsOf, send } from "../../src/chain/send.js";
import { itemOf, NO_END } from "../../src/identity/attestation.js";
import { buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { newSalt } from "../../src/identity/claims.js";
import { issueBatch } from "../../src/identity/issue.js";
import { type Election, Election__factory, type Trustees, Trustees__factory } from "../../src/typechain/index.js";
import { dealShares } from "../../src/voting/ceremony/dealShares.js";
import { newPolynomial } from "../../src/voting/ceremony/newPolynomial.js";
import { readCeremony } from "../../src/voting/ceremony/readCeremony.js";
import { type ElectionReader, runTrustee, type TrusteeStep } from "../../src/voting/ceremony/runTrustee.js";
import { createTrusteeFile, type TrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { createElection } from "../../src/voting/election/createElection.js";
import { checkElectionTexts, type QuestionTexts } from "../../src/voting/election/electionTexts.js";
import { gateEvidence, gateScope, gateSubject } from "../../src/voting/election/gateEvidence.js";
import { type BallotJournal, memoryJournal } from "../../src/voting/election/memoryJournal.js";
import { readElection, type ReadElection } from "../../src/voting/election/readElection.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";
import { buildRoll, type Roll, type RollEntry } from "../../src/voting/election/roll.js";
import { VotingError } from "../../src/voting/VotingError.js";

import { MINISTRY } from "./cast.js";
import { type FreeAccount, freeAccount } from "./freeAccount.js";
import type { Job } from "./job.js";
import { VOTER } from "./schemas.js";
import { together } from "./together.js";

/** A voter of the job's election. */
export interface Voter {
  account: FreeAccount;
  entry: RollEntry;
  /** What shows at the gate that the voter is eligible; nothing for a voter on the roll. */
  evidence?: string;
  /** What the voter's device used its ballots for, throughout the election. */
  journal: BallotJournal;
}

/** The job's election, and the people in it. */
export interface DemoElection {
  election: Election;
  trustees: Trustees;
  fromBlock: number;
  roll: Roll;
  voters: Voter[];
  members: FreeAccount[];
  officers: FreeAccount[];
  files: TrusteeFile[];
}

/** Voters on the roll, and those whom an attestation makes eligible: 200 together. */
const ON_ROLL = 190;
const ATTESTED = 10;

/** Those of the five trustees who deal nothing, and whose share one other cannot read. */
const SILENT = 5;
const CHEAT = 4;
const VICTIM = 2;

/** How costly guessing a trustee's password is made here: the passwords are thrown away. */
const SEAL = { scryptN: 1_024 };

const TEXTS: readonly QuestionTexts[] = [
  {
    en: {
      question: "Which project shall the district fund?",
      options: ["Library", "Playground", "Cycle path"],
    },
  },
  { en: { question: "Shall the market move to Saturday?", options: ["Yes", "No"] } },
];

/** The ministry holds an election: 200 voters, five trustees, two questions, one packed and one not. */
export async function makeElection(job: Job): Promise<DemoElection> {
  const { chain, suite, checks, options } = job;
  const { electionFactory } = suite.contracts;
  const fromBlock = await chain.provider.getBlockNumber();
  const people = Array.from({ length: ON_ROLL + ATTESTED }, () => {
    const account = freeAccount(chain);
    const entry = { slotKey: hexlify(randomBytes(32)), voter: account.address, weight: 1n };
    return { account, entry, journal: memoryJournal() };
  });
  const roll = buildRoll(
    people.slice(0, ON_ROLL).map(({ entry }) => entry),
    { minimum: 50 },
  );
  const members = [freeAccount(chain), freeAccount(chain), freeAccount(chain)];
  const officers = Array.from({ length: 5 }, () => freeAccount(chain));
  const opensAt = BigInt((await chain.now()) + Math.ceil(4.5 * options.step));
  const made = await createElection(electionFactory.connect(job.operator(MINISTRY)), {
    questions: [
      { texts: TEXTS[0]!, choose: 1, atMost: true, groups: 1 },
      { texts: TEXTS[1]!, choose: 1, atMost: true, groups: 3 },
    ],
    electorate: BigInt(people.length),
    commission: members.map(({ address }) => address),
    quorum: 2,
    trustees: {
      trustees: officers.map(({ address }) => address),
      threshold: 3,
      registrationPeriod: options.step,
      dealingPeriod: options.step,
      complaintPeriod: options.step,
      answerPeriod: options.step,
    },
    roll: { root: roll.root, voters: ON_ROLL, weight: roll.weight, file: serializeRoll(roll.entries).hash },
    gate: {
      address: suite.addresses.attestationGate,
      scope: gateScope(VOTER, job.body(MINISTRY).index),
      freeze: opensAt,
    },
    opensAt,
    closesAt: opensAt + BigInt(options.voting),
    challengePeriod: options.step,
    tallyPeriod: 10 * options.voting,
    minimumBallots: 50,
  });
  const address = made.election;
  const election = Election__factory.connect(address, chain.provider);
  const trustees = Trustees__factory.connect(made.trustees, chain.provider);
  const known = await electionFactory.isElection(address);
  checks.equal("election.made", "The ministry, an accredited authority, holds an election", "true", String(known));

  const [created] = await eventsOf(made.receipt, electionFactory, "ElectionCreated");
  const { voters: onRoll } = (created!.args as unknown as { roll: { voters: bigint } }).roll;

  const voters: Voter[] = await attestVoters(job, address, people);
  checks.equal(
    "election.voters",
    "Who may vote: those on the roll, and those whom the ministry attested",
    "190 and 10",
    `${onRoll} and ${voters.filter(({ evidence }) => evidence !== undefined).length}`,
  );
  const files = await openFiles(job, made.trustees);
  return { election, trustees, fromBlock, roll, voters, members, officers, files };
}

/** The ministry attests ten voters who are not on the roll, in one batch; each under a pseudonym of this election alone. */
async function attestVoters(job: Job, election: string, people: readonly Voter[]): Promise<Voter[]> {
  const attestations = people.slice(ON_ROLL).map(({ entry: { slotKey, voter } }) => ({
    issuer: job.body(MINISTRY).index,
    schema: VOTER,
    subject: gateSubject(job.chainId, election, slotKey, voter),
    commitment: newSalt(),
    validFrom: 0,
    expiresAt: NO_END,
  }));
  const batch = await buildBatch(attestations.map(itemOf), 1);
  await issueBatch(job.registry(MINISTRY), { schema: VOTER, ...batch });
  return people.map((one, i) => {
    const attestation = attestations[i - ON_ROLL];
    if (attestation === undefined) return one;
    return { ...one, evidence: gateEvidence(attestation, membershipOf(batch, i - ON_ROLL)) };
  });
}

async function openFiles(job: Job, contract: string): Promise<TrusteeFile[]> {
  const folder = join(job.options.out, "trustees");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files: TrusteeFile[] = [];
  for (let index = 1; index <= 5; index++) {
    const trustee = { chainId: job.chainId, contract, index };
    files.push(await createTrusteeFile(join(folder, `${index}.json`), trustee, hexlify(randomBytes(16)), SEAL));
  }
  return files;
}

/** What one trustee does next. */
export async function step(
  { trustees, files, officers, fromBlock }: DemoElection,
  index: number,
  election?: ElectionReader,
): Promise<TrusteeStep> {
  return runTrustee({
    ...{ trustees: trustees.connect(officers[index - 1]), file: files[index - 1]!, fromBlock },
    ...(election !== undefined && { election }),
  });
}

/** The trustees register and deal: one of them is silent, and one cheats. Each period is over soon. */
export async function dealKey(held: DemoElection): Promise<void> {
  const { trustees, fromBlock, officers, files } = held;
  const all = [1, 2, 3, 4, 5];
  // At the same time, as people would: each period holds a few blocks only, where blocks are slow.
  await Promise.all(all.map((index) => step(held, index)));
  await Promise.all(all.filter((one) => one !== SILENT && one !== CHEAT).map((index) => step(held, index)));

  // The cheat encrypts one share to a key that nobody has.
  const { round, registered } = await readCeremony(trustees, { fromBlock });
  const { address } = officers[CHEAT - 1]!;
  const secret = BigInt(files[CHEAT - 1]!.state.rounds[0]!.encryptionKey);
  const polynomial = newPolynomial({ round, dealer: CHEAT, threshold: 3, secret });
  const stranger = registered.find(({ trustee }) => trustee === SILENT)!.key;
  const keys = registered.map((one) => (one.trustee === VICTIM ? { ...one, key: stranger } : one));
  const statement = { round, dealer: CHEAT, address, trustees: 5, threshold: 3 };
  const { commitments, proof, shares } = await dealShares(statement, polynomial, keys);
  await send(() => trustees.connect(officers[CHEAT - 1]).deal(CHEAT, commitments, proof, shares));
}

/** Whom the cheat cheated complains, and the key is made without the cheat. */
export async function makeKey(job: Job, held: DemoElection): Promise<ReadElection> {
  const { chain, checks } = job;
  const { election, trustees, fromBlock } = held;
  const [, complaints, answers, finishing] = await trustees.schedule();
  await chain.waitUntil(Number(complaints));
  const others = [1, 2, 3, 4, 5].filter((one) => one !== CHEAT);
  const complained = await together(chain, others, (index) => step(held, index));
  checks.equal(
    "election.complaint",
    "A trustee who cannot read its share complains, and nobody else",
    "WAITING, COMPLAINED, WAITING, WAITING",
    complained.join(", "),
  );
  await chain.waitUntil(Number(answers));
  await chain.waitUntil(Number(finishing));
  checks.equal("election.finished", "Anyone finishes the ceremony", "FINISHED", await step(held, 1));
  while ((await step(held, 1)) === "DERIVED");
  const { made } = await readCeremony(trustees, { fromBlock });
  checks.equal(
    "election.qualified",
    "The key is made of the dealings of those who dealt rightly",
    "1, 2, 3",
    made?.qualified.join(", ") ?? "no key",
  );
  await send(() => election.connect(job.cast.stranger).open());
  return readElection(election);
}

/** Puts the texts that the voters were shown beside the election's other files, and holds them against its terms. */
export async function exportTexts(job: Job, { terms }: ReadElection): Promise<void> {
  const folder = join(job.options.out, "election");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "texts.json");
  await writeFile(path, `${JSON.stringify(TEXTS, null, 1)}\n`);
  const texts = JSON.parse(await readFile(path, "utf8")) as QuestionTexts[];
  const verdict = (shown: readonly QuestionTexts[]) => {
    try {
      checkElectionTexts(shown, terms.texts);
      return "as fixed";
    } catch (error) {
      if (!(error instanceof VotingError)) throw error;
      return error.code;
    }
  };
  job.checks.equal(
    "election.texts",
    "The exported texts are those that the election fixed",
    "as fixed",
    verdict(texts),
  );
  const { question, options } = texts[1]!["en"]!;
  const turned = [texts[0]!, { en: { question, options: [...options].reverse() } }];
  job.checks.equal(
    "election.texts.turned",
    "and with two answers exchanged they are not",
    "TEXTS_DIFFER",
    verdict(turned),
  );
}
