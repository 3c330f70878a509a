import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { runCommand } from "../../../scripts/tooling/run-command.js";
import { PEER_CACHE } from "../fetchPeer.js";
import { PeerError } from "../PeerError.js";

const SOURCE = "bench/peers/prover";
const FILES = ["package.json", "package-lock.json", "prove.mjs"];

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
 * @throws {PeerError} PEER_NOT_FETCHED when it cannot be installed or does not run.
 * @example const [small, large] = await runProver(5);
 */
export async function runProver(rounds: number): Promise<ProverTimes[]> {
  const folder = join(PEER_CACHE, "prover");
  if (!existsSync(folder)) await install(folder);
  for (const file of FILES) copyFileSync(join(SOURCE, file), join(folder, file));
  const { code, output } = await runCommand(process.execPath, ["prove.mjs", `${rounds}`], { cwd: folder });
  const json = output.split("\n").find((line) => line.startsWith("{"));
  if (code !== 0 || json === undefined) throw new PeerError("PEER_NOT_FETCHED", `the prover did not run\n${output}`);
  return (JSON.parse(json) as { proofs: ProverTimes[] }).proofs;
}

async function install(folder: string): Promise<void> {
  const partial = `${folder}-installing`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const file of FILES) copyFileSync(join(SOURCE, file), join(partial, file));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  // Under npm, npm itself is a script of this Node, also where `npm` is a batch file that cannot be started so.
  const npm = process.env["npm_execpath"];
  const { code, output } = await (npm === undefined
    ? runCommand("npm", args, { cwd: partial })
    : runCommand(process.execPath, [npm, ...args], { cwd: partial }));
  if (code !== 0) throw new PeerError("PEER_NOT_FETCHED", `npm ci in ${SOURCE} did not work\n${output}`);
  renameSync(partial, folder);
}
