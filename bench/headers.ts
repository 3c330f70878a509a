// node --import tsx bench/headers.ts [--json]
// Headers checked a second, on the recorded chains of test/vectors, each gone through again and again for some seconds:
// QBFT followed from its genesis block with every seal, and with those of changes only; Clique from a checkpoint. First with seals
// recovered in JavaScript, then by libsecp256k1 in WebAssembly.
// A benchmark, not a test: the figures are those of the machine it runs on.
// Exit codes: 0 all headers were right, 1 one was not or the arguments were wrong.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";

import { getBytes } from "ethers";

import { followValidators } from "../src/blocks/followValidators.js";
import { fromRpcBlock } from "../src/blocks/fromRpcBlock.js";
import { headerHash } from "../src/blocks/headerHash.js";
import { loadSealRecovery } from "../src/blocks/recoverKey.js";
import type { RpcObject } from "../src/blocks/rpcFields.js";
import { verifyClique } from "../src/blocks/verifyClique.js";

const MIN_MILLISECONDS = 3_000;

const { values } = parseArgs({ options: { json: { type: "boolean" } } });

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../test/vectors/${name}`, import.meta.url), "utf8"));
}

const qbft = (read("qbft-chain.json") as { headers: string[] }).headers.map((header) => getBytes(header));
const anchor = { genesisHash: headerHash(qbft[0]!, "qbft"), epochLength: 50 };
const { series } = read("clique.json") as {
  series: { headers: RpcObject[]; anchorHash: string; period: number; epoch: number }[];
};
const [recorded] = series;
if (recorded === undefined) throw new Error("clique.json has no series");
const clique = recorded.headers.map((header) => getBytes(fromRpcBlock(header, "clique").rlp));
const { anchorHash: hash, period, epoch } = recorded;

const runs: [string, number, () => unknown][] = [
  ["QBFT, every seal (3 or 4 a header)", qbft.length, () => followValidators(qbft, anchor)],
  ["QBFT, seals of changes only", qbft.length, () => followValidators(qbft, anchor, undefined, "changes")],
  ["Clique", clique.length, () => verifyClique(clique, { hash, period, epoch })],
];

function measure(): number[] {
  return runs.map(([, headers, run]) => {
    run();
    const start = performance.now();
    let checked = 0;
    while (performance.now() - start < MIN_MILLISECONDS) {
      run();
      checked += headers;
    }
    return Math.round((checked * 1_000) / (performance.now() - start));
  });
}

const inJavaScript = measure();
if (!(await loadSealRecovery())) throw new Error("WebAssembly does not run here");
const inWebAssembly = measure();
// Headers a second.
const results = runs.map(([name], i) => ({ name, inJavaScript: inJavaScript[i], inWebAssembly: inWebAssembly[i] }));
if (values.json) console.log(JSON.stringify(results, null, 2));
else console.table(results);
