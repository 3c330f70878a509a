// npm run verify:election -- … (`--help` explains)
// Computes an election again from what the chain recorded, or from a file that --export wrote, and says what it verified.
// Exit codes: 0 nothing was found wrong, 1 a step failed, 2 the arguments or files are unusable or the node does not answer.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { getAddress, JsonRpcProvider } from "ethers";

import { exportTranscript } from "../src/voting/verifier/exportTranscript.js";
import { parseRoll } from "../src/voting/verifier/parseRoll.js";
import { parseTranscript } from "../src/voting/verifier/parseTranscript.js";
import type { Transcript } from "../src/voting/verifier/Transcript.js";
import { verifyElection } from "../src/voting/verifier/verifyElection.js";

const USAGE = `npm run verify:election -- --rpc URL --election ADDRESS [options]
npm run verify:election -- --transcript FILE [options]

Computes an election again from what the chain recorded, or from a file that --export wrote, and says what it verified.

  --roll FILE         the roll's entries, so that each slot and weight is verified too
  --factory ADDRESS   the factory that made the election; found, if left out
  --from, --to BLOCK  the blocks to read; a node answers faster with a --from shortly before the election was made
  --export FILE       keeps what was read, to be verified again without the chain
  --json              the report for machines
  -h, --help          this text
`;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rpc: { type: "string" },
      election: { type: "string" },
      factory: { type: "string" },
      from: { type: "string" },
      to: { type: "string" },
      transcript: { type: "string" },
      roll: { type: "string" },
      export: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const transcript = await load(values);
  if (values.export !== undefined) writeFileSync(values.export, `${JSON.stringify(transcript)}\n`);
  const roll = values.roll === undefined ? undefined : parseRoll(readFileSync(values.roll, "utf8"));
  const report = await verifyElection(transcript, {
    roll,
    onProgress: (done, total) => {
      if (done % 100 === 0 || done === total) console.error(`${done} of ${total} ballots`);
    },
  });
  if (values.json) {
    console.log(
      JSON.stringify(report, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2),
    );
  } else {
    for (const { step, ok, detail } of report.steps)
      console.log(`${ok ? "ok   " : "WRONG"} ${step.padEnd(10)} ${detail}`);
    for (const { question, counts } of report.results) console.log(`question ${question}: ${counts.join(", ")}`);
    console.log(`turnout: ${report.turnout.ballots} ballots of weight ${report.turnout.weight}`);
    if (report.paper !== undefined) {
      const { ballots, counts, record } = report.paper;
      console.log(`apart, and in none of these, ${ballots} ballots on paper; record ${record}`);
      for (const [question, own] of counts.entries()) console.log(`question ${question} on paper: ${own.join(", ")}`);
    }
    console.log(`\nWhat this cannot show:\n${report.unverifiable.map((one) => `- ${one}`).join("\n")}`);
    console.log(`\n${report.isOk ? "Nothing is wrong" : "SOMETHING IS WRONG"}; outcome: ${report.outcome}`);
  }
  return report.isOk ? 0 : 1;
}

async function load(values: {
  readonly [name in "rpc" | "election" | "factory" | "from" | "to" | "transcript"]?: string | undefined;
}): Promise<Transcript> {
  if ((values.transcript === undefined) === (values.rpc === undefined || values.election === undefined)) {
    throw new Error("give either --transcript FILE, or --rpc URL and --election ADDRESS");
  }
  if (values.transcript !== undefined) return parseTranscript(readFileSync(values.transcript, "utf8"));
  const provider = new JsonRpcProvider(values.rpc);
  try {
    return await exportTranscript(provider, getAddress(values.election!), {
      factory: values.factory === undefined ? undefined : getAddress(values.factory),
      fromBlock: blockOf(values.from),
      toBlock: blockOf(values.to),
      onProgress: ({ done, total, what }) => {
        console.error(`${done} of ${total} ${what}`);
      },
    });
  } finally {
    provider.destroy();
  }
}

function blockOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,15}$/.test(text)) throw new Error(`${text} is no block's number`);
  return Number(text);
}
