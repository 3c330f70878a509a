import { fileURLToPath } from "node:url";

import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import config from "../../hardhat.config.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the build of contracts/ alone lies, relative to the project's root. */
export const PRODUCTION_ARTIFACTS = ".cache/production/artifacts";

/**
 * Compiles contracts/ without the tests, into a folder of its own: what is published, measured and analysed must not
 * hold test contracts, and the everyday build must not be thrown away for it. Does nothing when all is up to date.
 */
export async function buildProduction(): Promise<void> {
  const hre = await createHardhatRuntimeEnvironment(
    {
      ...config,
      plugins: (config.plugins ?? []).filter((plugin) => plugin !== hardhatTypechain),
      paths: { ...config.paths, artifacts: PRODUCTION_ARTIFACTS, cache: ".cache/production/cache" },
    },
    {},
    root,
  );
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
}
