import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { PRODUCTION_ARTIFACTS } from "./production-build.js";
import { runCommand } from "./run-command.js";
import { CannotRun } from "./steps.js";

const REQUIREMENTS = fileURLToPath(new URL("slither-requirements.txt", import.meta.url));
const VENV = ".cache/slither";
const BIN = process.platform === "win32" ? `${VENV}/Scripts` : `${VENV}/bin`;

/**
 * Runs Slither over the production build; a finding of medium or high severity fails. What is explained beside the code
 * with `slither-disable-next-line` is no finding.
 */
export async function runSlither(): Promise<string[]> {
  await installSlither();
  const { code, output } = await runCommand(`${BIN}/slither`, [
    ".",
    "--ignore-compile",
    "--compile-force-framework=hardhat",
    `--hardhat-artifacts-directory=${PRODUCTION_ARTIFACTS}`,
    "--filter-paths=node_modules",
    "--exclude-informational",
    "--exclude-optimization",
    "--exclude-low",
    // Meant for balances and times that a stranger can nudge. Here it flags presence marks (`issuedAt == 0`), enumerations
    // and indices, because they share a slot with a time; no balance is compared anywhere.
    "--exclude=incorrect-equality",
    "--fail-medium",
  ]);
  // Slither ends with 0 as well when it found nothing to read.
  const analyzed = /analyzed \((\d+) contracts/.exec(output)?.[1];
  return code === 0 && Number(analyzed) > 0 ? [] : [output];
}

/** Makes a virtual environment with the pinned Slither, once for each list of requirements. */
async function installSlither(): Promise<void> {
  const marker = `${VENV}/.installed`;
  const wanted = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;

  const python = await findPython();
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(VENV, { recursive: true });
  await must(python, ["-m", "venv", VENV], "Python's venv module is needed (Debian: python3-venv)");
  await must(
    `${BIN}/python`,
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS],
    "Slither could not be installed from PyPI",
  );
  writeFileSync(marker, wanted);
}

async function findPython(): Promise<string> {
  for (const name of ["python3", "python"]) {
    const { code, output } = await runCommand(name, ["--version"]);
    if (code === 0 && /Python 3\.(\d{2,})/.test(output)) return name;
  }
  throw new CannotRun("Slither needs Python 3.10 or newer on the PATH, as the only part of this project; CI has it");
}

async function must(program: string, args: readonly string[], hint: string): Promise<void> {
  const { code, output } = await runCommand(program, args);
  if (code === 0) return;
  rmSync(VENV, { recursive: true, force: true });
  throw new Error(`${hint}:\n${output}`);
}
