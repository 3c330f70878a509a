// node --import tsx bench/consortium.ts [--quick] [--json] [--gas-limit GAS] [--period SECONDS] [--out DIR]
// Measures the suite on five validators that run on this machine: what they write a second and a block, what the outbox costs and
// saves; and, without them, whether a write's gas and the writer's memory stay as they are, and how long a package takes to verify.
// Writes consortium-bench.md and its drawings to DIR: docs, or nowhere with --quick, which takes a minute or two and proves little.
// Exit codes: 0 all was measured, whatever the figures are, 1 something was lost or refused or failed, 2 the arguments were wrong.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { chartsOf } from "./consortium/chartsOf.js";
import { flatGas } from "./consortium/flatGas.js";
import { machineNow } from "./consortium/machineNow.js";
import { networkFigures } from "./consortium/networkFigures.js";
import { packageTimes } from "./consortium/packageTimes.js";
import { reportOf, type ConsortiumFigures } from "./consortium/reportOf.js";
import { targetsOf } from "./consortium/targetsOf.js";
import { writerMemory } from "./consortium/writerMemory.js";
import { drawChart } from "./tooling/drawChart.js";

const WHOLE = { blocks: 10, voters: 1_200, writes: 2_500, rounds: 3, lost: 300, most: 100_000, runs: 100 };
const QUICK = { blocks: 3, voters: 60, writes: 300, rounds: 1, lost: 60, most: 2_000, runs: 20 };

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    "gas-limit": { type: "string", default: "15000000" },
    period: { type: "string", default: "2" },
    out: { type: "string" },
  },
});
const [gasLimit, period] = [Number(values["gas-limit"]), Number(values.period)];
if (!Number.isSafeInteger(gasLimit) || gasLimit < 10_000_000 || !Number.isSafeInteger(period) || period < 1) {
  console.error(
    "usage: bench/consortium.ts [--quick] [--json] [--gas-limit GAS, from 10,000,000 on] [--period SECONDS] [--out DIR]",
  );
  process.exit(2);
}
const size = values.quick ? QUICK : WHOLE;
const began = Date.now();
const note = (text: string): void => {
  console.error(`${((Date.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${text}`);
};

const machine = machineNow();
const sizes = [size.most / 100, ...[1, 2, 3, 4, 5].map((fifth) => (size.most * fifth) / 5)];
const network = await networkFigures({ ...size, gasLimit, period, note });
const packages = await packageTimes(size.runs);
// Neither is of time, so that they may disturb each other.
const [gas, memory] = await Promise.all([flatGas(sizes, note), writerMemory(size.most)]);
const figures: ConsortiumFigures = {
  ...{ machine, isQuick: values.quick, gasLimit, period },
  ...{ network, gas, packages, memory },
};
note("done");

const targets = targetsOf(figures);
const out = values.out ?? (values.quick ? undefined : "docs");
const charts = chartsOf(figures);
if (out !== undefined) {
  mkdirSync(out, { recursive: true });
  for (const { file, ...chart } of charts) writeFileSync(join(out, `${file}.svg`), drawChart(chart));
  writeFileSync(join(out, "consortium-bench.md"), reportOf(figures, targets, charts));
}
if (values.json) console.log(JSON.stringify({ targets, ...figures }, null, 2));
else console.log(reportOf(figures, targets, []));
// Hardhat's chain would keep the process.
process.exit();
