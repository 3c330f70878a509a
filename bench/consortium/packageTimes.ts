import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { readPackage, zipPackage } from "../../src/justice/package/readPackage.js";
import type { TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { FILE, packageFixture, sealedNode, verify, wrong } from "../../test/justice/package.fixtures.js";

import { median } from "./median.js";

/** How long the proof of one exhibit takes to check offline. */
export interface PackageTimes {
  readonly sealing: string;
  readonly bytes: number;
  readonly headers: number;
  /** Milliseconds from the bytes of the package to the report, in a process that runs: the median, and the longest. */
  readonly milliseconds: number;
  readonly longest: number;
  /** Milliseconds of `scripts/verify-package.ts` from its start to its end, its sources being read by tsx. */
  readonly coldMilliseconds: number;
}

const KINDS = ["clique", "qbft"] as const;
const EPOCH = 16;
const WARM_UP = 10;

/** Seals a chain with the story of an exhibit by each kind, and verifies its package. @throws Error when one does not hold. */
export async function packageTimes(runs: number): Promise<PackageTimes[]> {
  const suite = await packageFixture();
  await suite.story(1);
  // One by one: of blocks that are mined in bulk, Hardhat proves no state.
  for (let i = 0; i < 2 * EPOCH; ++i) await suite.connection.networkHelpers.mine();
  const times: PackageTimes[] = [];
  for (const kind of KINDS) {
    const { node, hashes } = await sealedNode(suite.ethers.provider, kind, EPOCH);
    const named = { schema: "diwan.trust-anchor.v1" as const, ...suite.names };
    const checkpoint = EPOCH * Math.floor((hashes.length - 1) / EPOCH - 1);
    const anchor: TrustAnchor =
      kind === "clique"
        ? { ...named, kind: "clique", hash: hashes[checkpoint]!, period: 1, epoch: EPOCH }
        : { ...named, kind: "genesis", hash: hashes[0]!, epoch: 1_000 };
    const where = kind === "clique" ? { block: checkpoint + 2, depth: 6 } : {};
    const bytes = zipPackage(await suite.build(1, { node, anchor, ...where }));
    times.push(await timesOf(kind, bytes, anchor, runs));
  }
  return times;
}

async function timesOf(sealing: string, bytes: Uint8Array, anchor: TrustAnchor, runs: number): Promise<PackageTimes> {
  const taken: number[] = [];
  for (let i = 0; i < WARM_UP + runs; i++) {
    const before = performance.now();
    const { problems, ...report } = await verify(readPackage(bytes), anchor);
    if (i >= WARM_UP) taken.push(performance.now() - before);
    if (problems.length > 0 || report.status !== "PROVED") {
      throw new Error(`the ${sealing} package does not hold: ${wrong({ problems, ...report }).join(", ")}`);
    }
  }
  const found = readPackage(bytes);
  const headers = found.sealing.headers.length + found.sealing.ancestors.length;
  return {
    ...{ sealing, bytes: bytes.length, headers, milliseconds: median(taken), longest: Math.max(...taken) },
    coldMilliseconds: coldTime(bytes, anchor),
  };
}

function coldTime(bytes: Uint8Array, anchor: TrustAnchor): number {
  const folder = mkdtempSync(join(tmpdir(), "diwan-bench-"));
  try {
    const [file, found, trust] = ["abc", "exhibit.diwan", "anchor.json"].map((name) => join(folder, name)) as [
      ...[string, string, string],
    ];
    writeFileSync(file, "abc".slice(0, Number(FILE.size)));
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
