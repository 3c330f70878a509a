import hre from "hardhat";

/** Compiles the contracts, if they are not compiled yet; their tests are left alone. */
export async function buildContracts(): Promise<void> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
}
