import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { toUtf8String } from "ethers";

import { accumulationChunks } from "../../src/voting/accumulationChunks.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { countArguments } from "../../src/voting/countArguments.js";
import { decodeCounts } from "../../src/voting/decodeCounts.js";
import { readBallots } from "../../src/voting/election/readBallots.js";
import { readElection, type ReadElection } from "../../src/voting/election/readElection.js";
import { readCeremony } from "../../src/voting/ceremony/readCeremony.js";
import { send } from "../../src/chain/send.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { exportTranscript } from "../../src/voting/verifier/exportTranscript.js";
import { parseRoll } from "../../src/voting/verifier/parseRoll.js";
import { verifyElection } from "../../src/voting/verifier/verifyElection.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";

import { type DemoElection, step } from "./electionStage.js";
import type { Job } from "./job.js";
import type { PlainVotes } from "./votingStage.js";
import { refusalOf } from "./refusal.js";

/** The trustees who open the sums: any three of five, the silent one among them. */
const OPENING = [1, 3, 5];

/** Closes the election: sums up, lets three trustees open the sums, and publishes the result. */
export async function countElection(
  job: Job,
  held: DemoElection,
  opened: ReadElection,
  votes: PlainVotes,
): Promise<void> {
  const { chain, checks } = job;
  const { election, trustees, fromBlock } = held;
  await chain.waitUntil(Number(opened.closesAt));
  const anyone = election.connect(job.cast.stranger);
  const ballots = await readBallots(election, opened.questions, { fromBlock });
  const tooEarly = refusalOf(anyone.finalize.staticCall([]));
  checks.equal(
    "election.early",
    "Nothing is opened before all ballots are summed up",
    "ElectionStateWrong",
    await tooEarly,
  );
  for (const { progress, entries } of accumulationChunks({ questions: opened.questions, ballots, size: 60 })) {
    await send(() => anyone.accumulate({ ...progress, sums: [...progress.sums] }, entries));
  }
  const summed = await readElection(election);
  checks.equal(
    "election.summed",
    "Anyone sums the ballots up, and the trustees may open the sums",
    "TALLYING",
    summed.state,
  );

  const reader = {
    questions: opened.questions,
    minimum: Number(opened.terms.minimumBallots),
    finality: 1,
    ballots: async () => ballots,
  };
  for (const index of OPENING) while ((await step(held, index, reader)) !== "WAITING");
  const { posted } = await readCeremony(trustees, { fromBlock });
  const { questions: sums, weight } = sumBallots(ballots, opened.questions);
  const counts = opened.questions.map((question, q) => {
    const partials = posted
      .filter((one) => one.question === q)
      .map(({ trustee, partials: words }) => ({ index: trustee, partials: words }));
    const found = decodeCounts({ question, totalWeight: weight, sums: combinePartials(sums[q]!, partials) });
    return countArguments({ question, counts: found, partials, sums: sums[q]! });
  });
  await send(() =>
    anyone.finalize(
      counts.map((count) => ({
        counts: [...count.counts],
        partials: count.partials.map(({ index, partials }) => ({ index, partials: [...partials] })),
        sums: [...count.sums],
        hints: [...count.hints],
      })),
    ),
  );
  const results = await election.queryFilter(election.filters.ResultPublished, fromBlock);
  opened.questions.forEach(({ options }, q) => {
    const plain = Array<number>(options).fill(0);
    for (const choice of votes.values()) plain[choice[q as 0 | 1]]!++;
    checks.equal(
      `election.result.${q}`,
      `The result of question ${q + 1} is what was voted, as the job kept it aside`,
      plain.join(", "),
      results[q]?.args.counts.join(", ") ?? "none",
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
