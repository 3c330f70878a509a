// node --import tsx bench/merkle.ts [--json] [leaves]
// Builds a Merkle batch of 1,000,000 leaves here and with @openzeppelin/merkle-tree, each in a process of its own, one
// after the other, over the same leaves; all of one input must find the same root. OpenZeppelin's trees are told not to
// sort the leaves (sortLeaves: false), which is faster for them and gives the tree that a batch is.
// A benchmark, not a test: the figures are those of the machine it runs on.
// Exit codes: 0 the roots agree, 1 they do not or a build failed, 2 the arguments were wrong.
import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { hexlify } from "ethers";

import { NO_END } from "../src/identity/attestation.js";
import { buildBatch } from "../src/identity/buildBatch.js";
import { loadKeccak } from "../src/ledger/loadKeccak.js";
import { makeMerkleTree, merkleRoot } from "../src/ledger/merkleTree.js";

interface Result {
  seconds: number;
  memoryMiB: number;
  root: string;
}

interface Row extends Result {
  input: Input;
  builder: string;
}

type Input = "hashed leaves" | "items to be hashed";

/** Each prepares its input, which is not timed, and gives what is timed. */
const BUILDERS: Record<string, { input: Input; prepare: (size: number) => () => Promise<string> | string }> = {
  "Diwan makeMerkleTree, WebAssembly": {
    input: "hashed leaves",
    prepare: (size) => {
      const leaves = leafBytes(size);
      return async () => hexlify(merkleRoot(makeMerkleTree(leaves, await loadKeccak())));
    },
  },
  "Diwan makeMerkleTree, JavaScript": {
    input: "hashed leaves",
    prepare: (size) => {
      const leaves = leafBytes(size);
      return () => hexlify(merkleRoot(makeMerkleTree(leaves)));
    },
  },
  "OpenZeppelin SimpleMerkleTree": {
    input: "hashed leaves",
    prepare: (size) => {
      const leaves = Array.from({ length: size }, (_, i) => leaf(i));
      return () => SimpleMerkleTree.of(leaves, { sortLeaves: false }).root;
    },
  },
  "Diwan buildBatch": {
    input: "items to be hashed",
    prepare: (size) => {
      const items = Array.from({ length: size }, (_, i) => ({ content: leaf(i), expiresAt: NO_END }));
      return async () => (await buildBatch(items, 2)).root;
    },
  },
  "OpenZeppelin StandardMerkleTree": {
    input: "items to be hashed",
    prepare: (size) => {
      const rows = Array.from({ length: size }, (_, i) => [i, leaf(i), NO_END]);
      return () => StandardMerkleTree.of(rows, ["uint32", "bytes32", "uint40"], { sortLeaves: false }).root;
    },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, builder: { type: "string" } },
});
const size = Number(positionals[0] ?? 1_000_000);
const isKnown = values.builder === undefined || values.builder in BUILDERS;
if (!Number.isSafeInteger(size) || size < 1 || size >= 2 ** 32 || !isKnown) {
  console.error("usage: bench/merkle.ts [--json] [leaves]");
  process.exit(2);
}
if (values.builder === undefined) compareAll();
else console.log(JSON.stringify(await run(values.builder)));

async function run(builder: string): Promise<Result> {
  const build = BUILDERS[builder]!.prepare(size);
  const start = performance.now();
  const root = await build();
  const seconds = (performance.now() - start) / 1_000;
  return { seconds, memoryMiB: process.resourceUsage().maxRSS / 2 ** 10, root };
}

function compareAll(): void {
  const rows: Row[] = [];
  for (const [builder, { input }] of Object.entries(BUILDERS)) {
    console.error(`${builder}, ${size.toLocaleString("en")} leaves …`);
    // OpenZeppelin's trees of a million leaves need more than Node gives by itself.
    const node = ["--max-old-space-size=12000", "--import", "tsx", fileURLToPath(import.meta.url)];
    const child = spawnSync(process.execPath, [...node, "--builder", builder, String(size)], { encoding: "utf8" });
    if (child.status !== 0) {
      console.error(child.stderr);
      process.exit(1);
    }
    rows.push({ input, builder, ...(JSON.parse(child.stdout) as Result) });
  }

  const secondsOf = (builder: string) => rows.find((row) => row.builder === builder)!.seconds;
  const timesFaster = {
    thanSimpleMerkleTree: secondsOf("OpenZeppelin SimpleMerkleTree") / secondsOf("Diwan makeMerkleTree, WebAssembly"),
    thanStandardMerkleTree: secondsOf("OpenZeppelin StandardMerkleTree") / secondsOf("Diwan buildBatch"),
  };
  const agree = (input: Input) => {
    return new Set(rows.filter((row) => row.input === input).map(({ root }) => root)).size === 1;
  };
  const rootsAgree = agree("hashed leaves") && agree("items to be hashed");

  if (values.json) console.log(JSON.stringify({ leaves: size, rows, timesFaster, rootsAgree }, null, 2));
  else {
    for (const { input, builder, seconds, memoryMiB } of rows) {
      const figures = `${seconds.toFixed(2).padStart(8)} s ${memoryMiB.toFixed(0).padStart(6)} MiB`;
      console.log(`${input.padEnd(19)} ${builder.padEnd(34)} ${figures}`);
    }
    console.log(`${timesFaster.thanSimpleMerkleTree.toFixed(1)} times faster than SimpleMerkleTree`);
    console.log(`${timesFaster.thanStandardMerkleTree.toFixed(1)} times faster than StandardMerkleTree`);
    console.log(rootsAgree ? "The roots agree" : "The roots DISAGREE");
  }
  process.exitCode = rootsAgree ? 0 : 1;
}

/** The same leaves on every machine: numbers multiplied by an odd constant, so that half of the pairs must be turned. */
function leaf(index: number): string {
  const mixed = (BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95n) % 2n ** 256n;
  return `0x${mixed.toString(16).padStart(64, "0")}`;
}

function leafBytes(count: number): Uint8Array {
  const bytes = Buffer.alloc(count * 32);
  for (let i = 0; i < count; i++) bytes.write(leaf(i).slice(2), i * 32, "hex");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
