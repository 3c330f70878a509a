// node --import tsx bench/voting.ts [--json]
// Measures how the gas of an election grows: with the options of a question, with trustees, with the number of ballots; and draws
// it (docs/voting-*.svg). Gas is the same on every machine; the drawing is written anew each time.
// Exit codes: 0 all was measured.
import { writeFileSync } from "node:fs";

import { accumulationChunks, NO_PROGRESS } from "../src/voting/accumulationChunks.js";
import { questionOf } from "../test/voting/ballots.js";
import { ceremonyFixture, gasOf } from "../test/voting/ceremonyFixture.js";
import { electionFixture } from "../test/voting/electionFixture.js";
import { type Chart, drawChart, type Line } from "./tooling/drawChart.js";

interface GasChart extends Chart {
  file: string;
}

/** A cast into a slot that was written before. */
async function castGas(options: number, groups: number): Promise<number> {
  const { cast, ballot } = await electionFixture({ questions: [questionOf(options, { groups })] });
  await (await cast(0, ballot(0, 1))).wait();
  return Number(await gasOf(cast(0, ballot(0, 2))));
}

async function byOptions(): Promise<GasChart> {
  const packed: Line = { name: "packed", points: [] };
  const each: Line = { name: "a ciphertext an option", points: [] };
  for (const options of [2, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32]) {
    packed.points.push([options, await castGas(options, 1)]);
    if (options <= 24) each.points.push([options, await castGas(options, options)]);
  }
  return { file: "options", title: "Casting a ballot, one question", x: "options", lines: [packed, each] };
}

async function byTrustees(): Promise<GasChart> {
  const [deal, finish, derive]: [Line, Line, Line] = [
    { name: "deal", points: [] },
    { name: "finish", points: [] },
    { name: "deriveShareKeys, one", points: [] },
  ];
  for (let t = 2; t <= 8; t++) {
    const f = await ceremonyFixture({ n: 2 * t - 1, t });
    await f.register();
    const dealt = await f.dealAll([...f.everyone].slice(1));
    const first = await f.dealing(1);
    deal.points.push([t, Number(await gasOf(f.send(1, first)))]);
    await f.passTo("answers");
    finish.points.push([t, Number(await gasOf(f.finish([first, ...dealt.values()])))]);
    const [made] = await f.trustees.queryFilter(f.trustees.filters.KeyMade());
    derive.points.push([t, Number(await gasOf(f.trustees.deriveShareKeys([...made!.args.commitments], 1)))]);
  }
  const title = "The key ceremony, n = 2t - 1 trustees";
  return { file: "trustees", title, x: "t, how many decrypt", lines: [deal, finish, derive] };
}

async function byBallots(): Promise<GasChart> {
  const [batch, sum]: [Line, Line] = [
    { name: "castBatch, a ballot", points: [] },
    { name: "accumulate, a ballot", points: [] },
  ];
  for (const count of [1, 2, 5, 10, 20, 40, 60, 80]) {
    const f = await electionFixture({ weights: Array<bigint>(count).fill(1n), terms: { minimumBallots: 1n } });
    const first = await Promise.all(f.entries.map(async (_, i) => f.signed(i, f.ballot(i, i))));
    await (await f.election.castBatch(f.publicKey, first, f.batchHints(first))).wait();
    const again = await Promise.all(
      f.entries.map(async (_, i) => f.signed(i, f.ballot(i, i + count), { replaces: f.ballot(i, i).ballotHash })),
    );
    const gas = await gasOf(f.election.castBatch(f.publicKey, again, f.batchHints(again)));
    batch.points.push([count, Math.round(Number(gas) / count)]);
    await f.time.increaseTo(f.terms.closesAt);
    const [chunk] = accumulationChunks({ questions: f.questions, ballots: await f.recorded(), size: count });
    const summing = await gasOf(f.election.accumulate({ ...NO_PROGRESS, sums: [] }, chunk!.entries));
    sum.points.push([count, Math.round(Number(summing) / count)]);
  }
  return {
    file: "ballots",
    title: "Two options, packed: the whole transaction, a ballot",
    x: "ballots in the transaction",
    lines: [batch, sum],
  };
}

const charts = [await byOptions(), await byTrustees(), await byBallots()];
for (const chart of charts) writeFileSync(`docs/voting-${chart.file}.svg`, drawChart(chart));
if (process.argv.includes("--json")) console.log(JSON.stringify(charts, null, 2));
else {
  for (const { title, x, lines } of charts) {
    console.log(`\n${title}`);
    for (const { name, points } of lines) {
      console.log(`  ${name}, by ${x}: ${points.map(([at, gas]) => `${at}: ${gas.toLocaleString("en")}`).join("; ")}`);
    }
  }
}
