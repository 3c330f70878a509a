import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { runCommand, runNpm } from "../../../scripts/tooling/run-command.js";
import { PEER_CACHE } from "../fetchPeer.js";
import { PeerError } from "../PeerError.js";

const SOURCE = "bench/peers/prover";
const LOCK = "package-lock.json";
const MANIFEST = "package.json";
const PROGRAM = "prove.mjs";

/** Milliseconds of each round, for a tree of some depth. */
export interface ProverTimes {
  depth: number;
  proving: number[];
  verifying: number[];
}

/**
 * Has Semaphore's own prover prove and verify, in a process and an install of its own, which is made the first time.
 *
 * @param rounds How often, for each depth.
 * @returns Milliseconds, for a tree of 3 levels and one of 20.
 * @throws {PeerError} PEER_NOT_FETCHED when it cannot be installed or does not run.
 * @example const [small, large] = await runProver(5);
 */
export async function runProver(rounds: number): Promise<ProverTimes[]> {
  // Other versions are another install.
  const versions = createHash("sha256")
    .update(readFileSync(join(SOURCE, LOCK)))
    .digest("hex");
  const folder = join(PEER_CACHE, `prover-${versions.slice(0, 16)}`);
  if (!existsSync(folder)) await install(folder);
  copyFileSync(join(SOURCE, PROGRAM), join(folder, PROGRAM));
  const { code, output } = await runCommand(process.execPath, [PROGRAM, `${rounds}`], { cwd: folder });
  const json = output.split("\n").find((line) => line.startsWith("{"));
  if (code !== 0 || json === undefined) throw new PeerError("PEER_NOT_FETCHED", `the prover did not run\n${output}`);
  return (JSON.parse(json) as { proofs: ProverTimes[] }).proofs;
}

async function install(folder: string): Promise<void> {
  const partial = `${folder}-installing`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const file of [MANIFEST, LOCK]) copyFileSync(join(SOURCE, file), join(partial, file));
  const { code, output } = await runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: partial });
  if (code !== 0) throw new PeerError("PEER_NOT_FETCHED", `npm ci in ${SOURCE} did not work\n${output}`);
  renameSync(partial, folder);
}
