// node --import tsx bench/log.ts [--json] [entries]
// Loads a log of 1,000,000 entries and proves entries of it at random; each proof is verified. A benchmark, not a test:
// the figures are those of the machine it runs on.
// Exit codes: 0 all proofs verified, 1 one did not, 2 the arguments were wrong.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

import { leafHash } from "../src/ledger/logHashes.js";
import { LogTree } from "../src/ledger/LogTree.js";
import { verifyInclusion } from "../src/ledger/verifyInclusion.js";

const PROOFS = 10_000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const size = Number(positionals[0] ?? 1_000_000);
if (!Number.isSafeInteger(size) || size < 1) {
  console.error("usage: bench/log.ts [--json] [entries]");
  process.exit(2);
}

/** The same entries on every machine. */
function entry(index: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setFloat64(24, index);
  return bytes;
}

console.error(`Loading ${size.toLocaleString("en")} entries …`);
const start = performance.now();
const tree = new LogTree();
for (let index = 0; index < size; index++) tree.append(entry(index));
const loadSeconds = (performance.now() - start) / 1_000;
const memoryMiB = process.memoryUsage().rss / 2 ** 20;

console.error(`Proving ${PROOFS.toLocaleString("en")} of them …`);
const root = tree.root();
const times: number[] = [];
let refused = 0;
for (let i = 0; i < PROOFS; i++) {
  const index = Math.floor(Math.random() * size);
  const before = performance.now();
  const path = tree.inclusionProof(index);
  times.push(performance.now() - before);
  if (!verifyInclusion({ leaf: leafHash(entry(index)), index, size, path, root })) refused++;
}
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.min(PROOFS - 1, Math.floor(PROOFS * share))] ?? Number.NaN;

const report = {
  entries: size,
  loadSeconds,
  memoryMiB,
  proofs: PROOFS,
  refused,
  proofMilliseconds: { median: at(0.5), p99: at(0.99), longest: at(1) },
};
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  console.log(`Loading ${size.toLocaleString("en")} entries   ${loadSeconds.toFixed(1)} s`);
  console.log(`Memory of the process       ${memoryMiB.toFixed(0)} MiB`);
  console.log(`An inclusion proof, median  ${at(0.5).toFixed(4)} ms`);
  console.log(`  99 of 100 within          ${at(0.99).toFixed(4)} ms`);
  console.log(`  longest                   ${at(1).toFixed(4)} ms`);
  console.log(`Proofs refused              ${refused} of ${PROOFS.toLocaleString("en")}`);
}
process.exitCode = refused === 0 ? 0 : 1;
