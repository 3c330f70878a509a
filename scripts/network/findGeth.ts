import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runCommand } from "../tooling/run-command.js";

/** The last geth that seals Clique blocks. */
export const GETH_VERSION = "1.13.15";

/** There is no geth, and none can be built. */
export class GethMissing extends Error {}

/**
 * Finds geth: the one given, or the one in the project's cache, which is built once with Go (about 90 s).
 *
 * @param binary Path of a geth that the user has.
 * @param note Told what takes long.
 * @throws GethMissing with what to do.
 */
export async function findGeth(binary: string | undefined, note: (text: string) => void): Promise<string> {
  if (binary !== undefined) return checkGeth(binary);
  const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
  const folder = join(cache, `geth-${GETH_VERSION}`);
  const built = join(folder, "geth");
  if (existsSync(built)) return built;
  const minor = await requireGo();
  note(`building geth ${GETH_VERSION} with Go, once; about 90 s`);
  await mkdir(cache, { recursive: true });
  // Built beside its place and then moved, so that a build that is interrupted leaves nothing that looks whole.
  const scratch = await mkdtemp(join(cache, "geth-build-"));
  try {
    // Its code reaches into Go's runtime in a way that Go since 1.23 refuses unless told otherwise; before, the flag is unknown.
    const env = { GOBIN: scratch, ...(minor >= 23 && { GOFLAGS: "-ldflags=-checklinkname=0" }) };
    const { code, output } = await runCommand(
      "go",
      ["install", `github.com/ethereum/go-ethereum/cmd/geth@v${GETH_VERSION}`],
      { env },
    );
    if (code !== 0) throw new GethMissing(`geth ${GETH_VERSION} could not be built:\n${output.trimEnd()}`);
    await checkGeth(join(scratch, "geth"));
    await mkdir(folder, { recursive: true });
    await rename(join(scratch, "geth"), built);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return built;
}

/** Later ones start, and never seal a block. */
async function checkGeth(path: string): Promise<string> {
  const { code, output } = await runCommand(path, ["version"]);
  if (code !== 0) throw new GethMissing(`${path} does not run as geth: ${output.trim()}`);
  const version = /^Version:\s*(\d+)\.(\d+)\.(\S+)/m.exec(output);
  if (version?.[1] !== "1" || Number(version[2]) > 13) {
    throw new GethMissing(
      `${path} is ${version === null ? "no geth" : `geth ${version.slice(1).join(".")}`}: ` +
        `geth ${GETH_VERSION} is the last that seals Clique blocks`,
    );
  }
  return path;
}

/** @returns The minor version of Go 1. */
async function requireGo(): Promise<number> {
  const hint =
    `install Go 1.22 or later (https://go.dev/dl), or put a geth ${GETH_VERSION} at .cache/geth-${GETH_VERSION}/geth; ` +
    "npm run network takes one by --binary PATH, too";
  const { code, output } = await runCommand("go", ["version"]);
  if (code !== 0) throw new GethMissing(`there is neither geth ${GETH_VERSION} nor Go to build it with: ${hint}`);
  const version = /go(\d+)\.(\d+)/.exec(output);
  if (version === null || Number(version[1]) < 1 || (version[1] === "1" && Number(version[2]) < 22)) {
    throw new GethMissing(`Go is too old to build geth ${GETH_VERSION} (${output.trim()}): ${hint}`);
  }
  return version[1] === "1" ? Number(version[2]) : Infinity;
}
