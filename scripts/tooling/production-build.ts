import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import type { ContractArtifact } from "../../src/network/manifest/ContractArtifact.js";

import config from "../../hardhat.config.js";

import { immutableNames } from "./immutable-names.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

const FOLDER = ".cache/production";
const MARKER = `${FOLDER}/.built`;

/** Where the build of contracts/ alone lies, relative to the project's root. */
export const PRODUCTION_ARTIFACTS = `${FOLDER}/artifacts`;

/** Where the library is compiled, beside the types of that build and not those of test contracts. */
export const PRODUCTION_LIBRARY = `${FOLDER}/src`;

/**
 * Compiles contracts/ without the tests, into a folder of its own: what is published, measured and analysed must not
 * hold test contracts, and the everyday build must not be thrown away for it. Does nothing when nothing changed, and
 * else compiles all at once: a build in parts keeps old sources beside new ones, on which Slither breaks.
 */
export async function buildProduction(): Promise<void> {
  const wanted = fingerprint();
  if (existsSync(MARKER) && readFileSync(MARKER, "utf8") === wanted) return;
  rmSync(FOLDER, { recursive: true, force: true });

  const hre = await createHardhatRuntimeEnvironment(
    {
      ...config,
      typechain: { ...config.typechain, outDir: `${PRODUCTION_LIBRARY}/typechain` },
      paths: { artifacts: PRODUCTION_ARTIFACTS, cache: `${FOLDER}/cache`, tests: { solidity: `${FOLDER}/no-tests` } },
    },
    {},
    root,
  );
  await hre.tasks.getTask("build").run({ quiet: true });
  writeFileSync(MARKER, wanted);
}

/** All that a build depends on. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const files = ["hardhat.config.ts", "package-lock.json", ...globSync("contracts/**/*.sol").sort()];
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** An artifact as Hardhat writes it, as far as it is published, with the names of its immutables. */
export interface Artifact extends ContractArtifact {
  sourceName: string;
  /** The source's name in the compiler's input. */
  inputSourceName: string;
  /** Which {@link CompilerInput} gave it. */
  buildInfoId: string;
  abi: unknown[];
}

/** The artifacts of contracts/ and of the npm contracts that are deployed with them. */
export function listProductionArtifacts(): Artifact[] {
  return globSync(`${PRODUCTION_ARTIFACTS}/{contracts,@*}/**/*.json`)
    .sort()
    .map((file) => {
      const artifact = JSON.parse(readFileSync(file, "utf8")) as Omit<Artifact, "immutableNames">;
      const { buildInfoId, immutableReferences } = artifact;
      const output = `${PRODUCTION_ARTIFACTS}/build-info/${buildInfoId}.output.json`;
      return { ...artifact, immutableNames: immutableNames(output, immutableReferences) };
    });
}

/** What was given to the compiler: the standard JSON that an explorer compiles again to verify a contract's source. */
export interface CompilerInput {
  id: string;
  solcLongVersion: string;
  input: { sources: Record<string, { content: string }>; settings: unknown };
}

/** The compiler's input of each compilation of the build. */
export function listCompilerInputs(): CompilerInput[] {
  return globSync(`${PRODUCTION_ARTIFACTS}/build-info/*.json`)
    .filter((file) => !file.endsWith(".output.json"))
    .sort()
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as CompilerInput);
}
