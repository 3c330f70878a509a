import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import type { PackageSource } from "../../src/justice/package/buildPackage.js";
import { readPackage, zipPackage } from "../../src/justice/package/readPackage.js";
import type { TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import {
  addresses,
  packageFixture,
  sealedNode,
  VALIDATORS,
  verify,
  wrong,
} from "../../test/justice/package.fixtures.js";

import { median } from "../tooling/median.js";

/** How long the proof of one exhibit takes to check offline. */
export interface PackageTimes {
  readonly sealing: string;
  readonly bytes: number;
  readonly headers: number;
  /** Milliseconds from the bytes of the package to the report, in a process that runs: the median, and the longest. */
  readonly milliseconds: number;
  readonly longest: number;
  /** Milliseconds of the processor, in the mean: other work on the machine does not make it longer by much. */
  readonly cpuMilliseconds: number;
  /** Whether the validators are followed from block 0 on, which takes as long as there are blocks. */
  readonly isFollowed: boolean;
  /** Milliseconds of `scripts/verify-package.ts` from its start to its end, its sources being read by tsx. */
  readonly coldMilliseconds: number;
}

/** Every header since block 0 is a part of it, with all its seals. */
const FOLLOWED = "QBFT, followed from block 0";
const EPOCH = 16;
const WARM_UP = 10;

/** Seals a chain with the story of an exhibit by each kind, and verifies its package. @throws Error when one does not hold. */
export async function packageTimes(runs: number): Promise<PackageTimes[]> {
  const suite = await packageFixture();
  await suite.story(1);
  // One by one: of blocks that are mined in bulk, Hardhat proves no state.
  for (let i = 0; i < 2 * EPOCH; ++i) await suite.connection.networkHelpers.mine();
  const named = { schema: "diwan.trust-anchor.v1" as const, ...suite.names };
  const [clique, qbft] = [
    await sealedNode(suite.ethers.provider, "clique", EPOCH),
    await sealedNode(suite.ethers.provider, "qbft"),
  ];
  const checkpoint = EPOCH * Math.floor((clique.hashes.length - 1) / EPOCH - 1);
  const validators = addresses(VALIDATORS).map((one) => one.toLowerCase());
  const cases: [sealing: string, node: PackageSource, anchor: TrustAnchor, where: object][] = [
    [
      "Clique, from a checkpoint",
      clique.node,
      { ...named, kind: "clique", hash: clique.hashes[checkpoint]!, period: 1, epoch: EPOCH },
      { block: checkpoint + 2, depth: 6 },
    ],
    ["QBFT, validators pinned", qbft.node, { ...named, kind: "validators", validators }, {}],
    [FOLLOWED, qbft.node, { ...named, kind: "genesis", hash: qbft.hashes[0]!, epoch: 1_000 }, {}],
  ];
  const times: PackageTimes[] = [];
  for (const [sealing, node, anchor, where] of cases) {
    times.push(await timesOf(sealing, zipPackage(await suite.build(1, { node, anchor, ...where })), anchor, runs));
  }
  return times;
}

async function timesOf(sealing: string, bytes: Uint8Array, anchor: TrustAnchor, runs: number): Promise<PackageTimes> {
  const taken: number[] = [];
  let cpu = process.cpuUsage();
  for (let i = 0; i < WARM_UP + runs; i++) {
    if (i === WARM_UP) cpu = process.cpuUsage();
    const before = performance.now();
    const { problems, ...report } = await verify(readPackage(bytes), anchor);
    if (i >= WARM_UP) taken.push(performance.now() - before);
    if (problems.length > 0 || report.status !== "PROVED") {
      throw new Error(`the ${sealing} package does not hold: ${wrong({ problems, ...report }).join(", ")}`);
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const found = readPackage(bytes);
  const headers = found.sealing.headers.length + found.sealing.ancestors.length;
  return {
    ...{ sealing, bytes: bytes.length, headers, milliseconds: median(taken), longest: Math.max(...taken) },
    ...{ cpuMilliseconds: (user + system) / 1_000 / runs, isFollowed: sealing === FOLLOWED },
    coldMilliseconds: coldTime(bytes, anchor),
  };
}

function coldTime(bytes: Uint8Array, anchor: TrustAnchor): number {
  const folder = mkdtempSync(join(tmpdir(), "diwan-bench-"));
  try {
    const [file, found, trust] = ["abc", "exhibit.diwan", "anchor.json"].map((name) => join(folder, name)) as [
      ...[string, string, string],
    ];
    writeFileSync(file, "abc");
    writeFileSync(found, bytes);
    writeFileSync(trust, JSON.stringify(anchor));
    const args = ["--import", "tsx", "scripts/verify-package.ts", file, found, "--trust", trust];
    const before = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`verify-package ended with ${status ?? "a signal"}: ${stderr}`);
    return performance.now() - before;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
