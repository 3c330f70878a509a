import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { hexlify, randomBytes, toBeHex } from "ethers";

import { send } from "../../src/chain/send.js";
import { Election__factory, Trustees__factory } from "../../src/typechain/index.js";
import { runTrustee } from "../../src/voting/ceremony/runTrustee.js";
import { createTrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { createElection } from "../../src/voting/election/createElection.js";
import type { QuestionTexts } from "../../src/voting/election/electionTexts.js";
import { readElection } from "../../src/voting/election/readElection.js";
import { buildRoll } from "../../src/voting/election/roll.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";
import { ObstacleError } from "../console/obstacles.js";

import { MINISTRY } from "./cast.js";
import type { Account } from "./freeAccount.js";
import type { Job } from "./job.js";

/** How a front end finds an election that is open, and what it may do there. Files are named from the manifest's folder. */
export interface OpenElection {
  factory: string;
  election: string;
  fromBlock: number;
  /** The hash of all that the election fixed, to hold the node against. */
  configuration: string;
  key: { x: string; y: string };
  /** In Unix seconds. */
  opensAt: number;
  closesAt: number;
  minimumBallots: number;
  /** The texts of each question, by language. */
  texts: readonly QuestionTexts[];
  /** The entries are in the order of the tree, each a slot, a voter and a weight, as in the file. */
  roll: { root: string; file: string; entries: [string, string, string][] };
  /** The accounts that vote: all on the roll. */
  voters: string[];
  commission: { members: string[]; quorum: number };
  /** A real trustee tells nobody its password: this chain is for trying things out. */
  trustees: { contract: string; threshold: number; list: { account: string; file: string; password: string }[] };
}

/** Seconds of the chain's time that it takes until it is open. */
export const OPENING = 600;

const FOLDER = "open-election";
const STEP = 60;
const DAY = 86_400;
const MINIMUM = 3;
const THRESHOLD = 2;

const TEXTS: readonly QuestionTexts[] = [
  {
    en: { question: "Which day shall the office stay open late?", options: ["Tuesday", "Wednesday", "Thursday"] },
    ar: { question: "في أي يوم يبقى المكتب مفتوحًا حتى المساء؟", options: ["الثلاثاء", "الأربعاء", "الخميس"] },
  },
  {
    en: { question: "Shall the counter take requests by post?", options: ["Yes", "No"] },
    ar: { question: "هل يقبل الشباك الطلبات بالبريد؟", options: ["نعم", "لا"] },
  },
];

/** Leaves an election open for five years, in which the controllers of the bodies may vote, for front ends to try. */
export async function openElection(job: Job): Promise<OpenElection> {
  const { chain, suite, cast } = job;
  const { electionFactory } = suite.contracts;
  const fromBlock = await chain.provider.getBlockNumber();
  const voters = [...cast.controllers.values()].map(({ address }) => address);
  const roll = buildRoll(
    voters.map((voter) => ({ slotKey: hexlify(randomBytes(32)), voter, weight: 1n })),
    { minimum: MINIMUM },
  );
  const file = serializeRoll(roll.entries);
  const officers = [...cast.operators.values()].slice(0, 3);
  const commission = { members: cast.members.map(({ address }) => address), quorum: 2 };
  const opensAt = (await chain.now()) + OPENING - STEP;
  const closesAt = opensAt + 5 * 365 * DAY;
  const made = await createElection(electionFactory.connect(job.operator(MINISTRY)), {
    questions: TEXTS.map((texts) => ({ texts, choose: 1, atMost: true })),
    electorate: roll.weight,
    commission: commission.members,
    quorum: commission.quorum,
    trustees: {
      trustees: officers.map(({ address }) => address),
      threshold: THRESHOLD,
      ...{ registrationPeriod: STEP, dealingPeriod: STEP, complaintPeriod: STEP, answerPeriod: STEP },
    },
    roll: { root: roll.root, voters: voters.length, weight: roll.weight, file: file.hash },
    opensAt: BigInt(opensAt),
    closesAt: BigInt(closesAt),
    challengePeriod: STEP,
    tallyPeriod: 30 * DAY,
    minimumBallots: MINIMUM,
  });

  const folder = join(job.options.out, FOLDER);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "roll.json"), file.bytes);
  const list = await makeKey(job, made.trustees, officers, fromBlock);
  const election = Election__factory.connect(made.election, chain.provider);
  await send(() => election.connect(cast.stranger).open());
  await chain.waitUntil(opensAt);
  const { frozen, state } = await readElection(election, { fromBlock });
  if (frozen === undefined || state !== "OPEN") throw new ObstacleError(`the election for front ends is ${state}`);
  return {
    ...{ factory: suite.addresses.electionFactory, election: made.election, fromBlock },
    configuration: frozen.configuration,
    key: { x: toBeHex(frozen.key.x, 32), y: toBeHex(frozen.key.y, 32) },
    ...{ opensAt, closesAt, minimumBallots: MINIMUM, texts: TEXTS },
    roll: {
      root: roll.root,
      file: `${FOLDER}/roll.json`,
      entries: roll.entries.map(({ slotKey, voter, weight }) => [slotKey, voter, String(weight)]),
    },
    ...{ voters, commission },
    trustees: { contract: made.trustees, threshold: THRESHOLD, list },
  };
}

/** All trustees do their part; their files stay, so that the election can be counted some day. */
async function makeKey(
  { chain, chainId, options }: Job,
  contract: string,
  officers: readonly Account[],
  fromBlock: number,
): Promise<OpenElection["trustees"]["list"]> {
  const held = [];
  for (const [i, officer] of officers.entries()) {
    const name = `${FOLDER}/trustee-${i + 1}.json`;
    const password = hexlify(randomBytes(16));
    const file = await createTrusteeFile(join(options.out, name), { chainId, contract, index: i + 1 }, password);
    held.push({ file, password, name, officer, trustees: Trustees__factory.connect(contract, officer) });
  }
  const { trustees } = held[0]!;
  // Registering and dealing end once all have; a key is made only after the time for complaints and answers.
  for (let round = 0; round < 2; round++) {
    for (const { trustees: own, file } of held) await runTrustee({ trustees: own, file, fromBlock });
  }
  const [, , , finishing] = await trustees.schedule();
  await chain.waitUntil(Number(finishing));
  while ((await runTrustee({ trustees, file: held[0]!.file, fromBlock })) !== "WAITING");
  for (const { file } of held) await file.close();
  return held.map(({ name, password, officer }) => ({ account: officer.address, file: name, password }));
}
