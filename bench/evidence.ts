// node --import tsx bench/evidence.ts [--json] [exhibits]
// Proves each of 1,000,000 exhibits of one batch, as after a bulk deposit, and verifies one proof in 1,000.
// A benchmark, not a test: the figures are those of the machine it runs on.
// Exit codes: 0 all proofs that were verified held, 1 one did not, 2 the arguments were wrong.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

import { proveAll } from "../src/justice/evidence/proveAll.js";
import { leafHash } from "../src/ledger/logHashes.js";
import { LogTree } from "../src/ledger/LogTree.js";
import { verifyInclusion } from "../src/ledger/verifyInclusion.js";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const size = Number(positionals[0] ?? 1_000_000);
if (!Number.isSafeInteger(size) || size < 1) {
  console.error("usage: bench/evidence.ts [--json] [exhibits]");
  process.exit(2);
}

/** The same commitments on every machine. */
function commitment(index: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setFloat64(24, index);
  return bytes;
}

const rss = () => process.memoryUsage().rss / 2 ** 20;

console.error(`Building a tree of ${size.toLocaleString("en")} …`);
const start = performance.now();
const tree = new LogTree();
for (let index = 0; index < size; index++) tree.append(commitment(index));
const root = tree.root();
const buildSeconds = (performance.now() - start) / 1_000;
const treeMiB = rss();

console.error("Proving each …");
const before = performance.now();
let [proofs, siblings, verified, refused, mostMiB] = [0, 0, 0, 0, treeMiB];
for (const { index, path } of proveAll(tree)) {
  proofs++;
  siblings += path.length;
  if (index % 1_000 !== 0) continue;
  verified++;
  if (!verifyInclusion({ leaf: leafHash(commitment(index)), index, size, path, root })) refused++;
  if (index % 10_000 === 0) mostMiB = Math.max(mostMiB, rss());
}
const proveSeconds = (performance.now() - before) / 1_000;

const report = { exhibits: size, buildSeconds, treeMiB, proofs, siblings, proveSeconds, mostMiB, verified, refused };
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  console.log(`Building a tree of ${size.toLocaleString("en")}   ${buildSeconds.toFixed(1)} s`);
  console.log(`Proving each of them          ${proveSeconds.toFixed(1)} s`);
  console.log(`Memory of the process         ${treeMiB.toFixed(0)} MiB before, ${mostMiB.toFixed(0)} MiB at most`);
  console.log(`Proofs refused                ${refused} of ${verified.toLocaleString("en")} verified`);
}
process.exitCode = refused === 0 && proofs === size ? 0 : 1;
