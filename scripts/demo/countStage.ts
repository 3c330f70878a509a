import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { toUtf8String } from "ethers";

import { verifiedReader } from "../../src/voting/ceremony/verifiedReader.js";
import { readElection, type ReadElection } from "../../src/voting/election/readElection.js";
import { publishResults } from "../../src/voting/publishResults.js";
import { sumUp } from "../../src/voting/sumUp.js";
import { exportTranscript } from "../../src/voting/verifier/exportTranscript.js";
import { parseRoll } from "../../src/voting/verifier/parseRoll.js";
import { verifyElection } from "../../src/voting/verifier/verifyElection.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";

import { type DemoElection, step } from "./electionStage.js";
import type { Job } from "./job.js";
import type { PlainVotes } from "./votingStage.js";
import { refusalOf } from "./refusal.js";
import { together } from "./together.js";

/** The trustees who open the sums: any three of five, the silent one among them. */
const OPENING = [1, 3, 5];

/** In how many blocks the job takes its chain to be final. */
const FINALITY = 2;

/** Closes the election: sums up, lets three trustees open the sums, and publishes the result. */
export async function countElection(
  job: Job,
  held: DemoElection,
  opened: ReadElection,
  votes: PlainVotes,
): Promise<void> {
  const { chain, checks } = job;
  const { election, fromBlock } = held;
  await chain.waitUntil(Number(opened.closesAt));
  const anyone = election.connect(job.cast.stranger);
  const tooEarly = refusalOf(anyone.finalize.staticCall([]));
  checks.equal(
    "election.early",
    "Nothing is opened before all ballots are summed up",
    "ElectionStateWrong",
    await tooEarly,
  );
  await sumUp(anyone, { fromBlock, size: 60 });
  const summed = await readElection(election);
  checks.equal(
    "election.summed",
    "Anyone sums the ballots up, and the trustees may open the sums",
    "TALLYING",
    summed.state,
  );

  for (let block = 1; block < FINALITY; block++) await chain.waitUntil((await chain.now()) + 1);
  await together(chain, OPENING, async (index) => {
    // Each verifies every ballot for itself.
    const { configuration: expected } = opened.frozen!;
    const reader = await verifiedReader(election, { fromBlock, finality: FINALITY, expected });
    while ((await step(held, index, reader)) !== "WAITING");
  });
  const results = await publishResults(anyone, { fromBlock });
  opened.questions.forEach(({ options }, q) => {
    const plain = Array<number>(options).fill(0);
    for (const choice of votes.values()) plain[choice[q as 0 | 1]]!++;
    checks.equal(
      `election.result.${q}`,
      `The result of question ${q + 1} is what was voted, as the job kept it aside`,
      plain.join(", "),
      results[q]?.counts.join(", ") ?? "none",
    );
  });
  const { state } = await readElection(election);
  checks.equal("election.final", "and the election is final", "FINAL", state);
  for (const file of held.files) await file.close();
  await verifyAgain(job, held);
}

/** The independent verifier takes the election's events, and computes everything again; the files stay for others to do so. */
async function verifyAgain(job: Job, { election, roll, fromBlock }: DemoElection): Promise<void> {
  const { checks, chain, suite, options } = job;
  const transcript = await exportTranscript(chain.provider, await election.getAddress(), {
    factory: suite.addresses.electionFactory,
    fromBlock,
  });
  const file = toUtf8String(serializeRoll(roll.entries).bytes);
  const folder = join(options.out, "election");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "transcript.json"), `${JSON.stringify(transcript)}\n`);
  await writeFile(join(folder, "roll.json"), file);
  const report = await verifyElection(transcript, { roll: parseRoll(file) });
  for (const { step: name, ok, detail } of report.steps) {
    checks.equal(
      `election.verify.${name}`,
      `The independent verifier on the ${name}: ${detail}`,
      "right",
      ok ? "right" : "wrong",
    );
  }
  checks.equal("election.outcome", "and on the outcome", "FINAL", report.outcome);
}
