import { globSync } from "node:fs";

/** The test files of each runner. The gas suite is apart: its figures hold on one fork, without instrumentation. */
export interface TestFiles {
  solidity: string[];
  mocha: string[];
}

/** Lists the test files under `test/`, with forward slashes, sorted, without the gas suite. */
export function listTestFiles(): TestFiles {
  return sortByRunner(globSync("test/**/*.{t.sol,test.ts}").filter((file) => !isGasTest(file)));
}

/**
 * Leaves out what waits in real seconds, as a chain whose clock nobody moves has it. The same job runs on moved clocks in the
 * other journeys, so that forks and coverage lose nothing by it.
 */
export function withoutWaiting({ solidity, mocha }: TestFiles): TestFiles {
  return { solidity, mocha: mocha.filter((file) => file !== "test/journeys/remote.test.ts") };
}

/** Lists the TypeScript tests that measure gas. */
export function listGasTests(): string[] {
  return globSync("test/gas/**/*.test.ts").map(withSlashes).sort();
}

/** Splits test files by the runner that takes them. */
export function sortByRunner(files: readonly string[]): TestFiles {
  const sorted = files.map(withSlashes).sort();
  return {
    solidity: sorted.filter((file) => file.endsWith(".t.sol")),
    mocha: sorted.filter((file) => file.endsWith(".test.ts")),
  };
}

function isGasTest(file: string): boolean {
  return withSlashes(file).startsWith("test/gas/");
}

function withSlashes(file: string): string {
  return file.replaceAll("\\", "/");
}
