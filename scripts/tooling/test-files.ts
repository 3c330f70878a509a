import { globSync } from "node:fs";

/**
 * The test files of each runner. The gas suite is apart: its figures hold on one fork, without instrumentation; and so are the
 * tests on real validators, which need more than Node.
 */
export interface TestFiles {
  solidity: string[];
  mocha: string[];
}

/** Lists the test files under `test/`, with forward slashes, sorted, without those that are apart. */
export function listTestFiles(): TestFiles {
  return sortByRunner(globSync("test/**/*.{t.sol,test.ts}").filter((file) => !isApart(file)));
}

/**
 * The tests that take longest: whole jobs, one of which waits in real seconds, walks, a thousand ballots, and databases. All that they
 * call, other tests call too.
 */
export const LONG_TESTS: readonly string[] = [
  "test/health/monitor.chain.test.ts",
  "test/health/monitor.test.ts",
  "test/journeys/demo.test.ts",
  "test/journeys/privacy.test.ts",
  "test/journeys/relays.test.ts",
  "test/journeys/remote.test.ts",
  "test/voting/BallotProof.agreement.test.ts",
  "test/voting/Election.model.test.ts",
  "test/voting/verifyElection.decisions.test.ts",
  "test/voting/verifyElection.paths.test.ts",
  "test/voting/verifyElection.test.ts",
];

/**
 * The tests that a further fork or instrumentation can teach something: those of contracts, without the long ones. The tests
 * of the library alone (`X.lib.test.ts`) and of the scripts never ask what an instruction of the machine does.
 */
export function contractTests({ solidity, mocha }: TestFiles): TestFiles {
  const isOfContract = (file: string): boolean =>
    !LONG_TESTS.includes(file) && !file.endsWith(".lib.test.ts") && !file.startsWith("test/scripts/");
  return { solidity, mocha: mocha.filter(isOfContract) };
}

/** Lists the TypeScript tests that measure gas. */
export function listGasTests(): string[] {
  return globSync("test/gas/**/*.test.ts").map(withSlashes).sort();
}

/** Lists the tests that run on real validators; without those that take long, unless they are asked for. */
export function listConsortiumTests({ long }: { long: boolean }): string[] {
  return globSync(`test/consortium/${long ? "**/" : ""}*.test.ts`)
    .map(withSlashes)
    .sort();
}

/** Splits test files by the runner that takes them. */
export function sortByRunner(files: readonly string[]): TestFiles {
  const sorted = files.map(withSlashes).sort();
  return {
    solidity: sorted.filter((file) => file.endsWith(".t.sol")),
    mocha: sorted.filter((file) => file.endsWith(".test.ts")),
  };
}

function isApart(file: string): boolean {
  return /^test\/(gas|consortium)\//.test(withSlashes(file));
}

function withSlashes(file: string): string {
  return file.replaceAll("\\", "/");
}
