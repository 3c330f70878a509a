// node --expose-gc --import tsx bench/peers/trees/buildTree.ts BUILDER LEAVES ROUNDS
// Builds a tree some times and makes proofs of it, in a process of its own, so that nobody pays for another's memory. Prints
// JSON: medians of the processor's milliseconds, which other work on the machine does not lengthen, the most memory of the process, the root.
import { BUILDERS, type BuilderName, type Built } from "./builders.js";
import { median } from "../../tooling/median.js";
import type { TreeFigures } from "./TreeFigures.js";

const PROOFS = 1_000;
const [, , name = "", leaves = "", rounds = ""] = process.argv;
if (!(name in BUILDERS)) {
  console.error(`there is no builder ${name}: ${Object.keys(BUILDERS).join(", ")}`);
  process.exit(2);
}
const size = Number(leaves);
const build: () => Promise<Built> | Built = BUILDERS[name as BuilderName].prepare(size);

/** Of the one thread that builds. */
const milliseconds = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

const building: number[] = [];
const proving: number[] = [];
let root = "";
for (let round = 0; round < Number(rounds); round++) {
  globalThis.gc?.();
  const start = milliseconds();
  const tree = await build();
  const built = milliseconds();
  for (let i = 0; i < PROOFS; i++) tree.proof((i * 7_919) % size);
  building.push(built - start);
  proving.push((milliseconds() - built) / PROOFS);
  root = tree.root;
}
const figures: TreeFigures = {
  buildMs: median(building),
  proofMs: median(proving),
  memoryBytes: process.resourceUsage().maxRSS * 2 ** 10,
  root,
};
console.log(JSON.stringify(figures));
