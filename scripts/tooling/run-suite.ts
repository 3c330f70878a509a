import { availableParallelism } from "node:os";
import { stripVTControlCharacters } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import Mocha from "mocha";

import { doAtOnce } from "../../src/chain/doAtOnce.js";
import { runScript } from "./run-command.js";
import type { TestFiles } from "./test-files.js";

/** What ran and how it ended, over both runners. */
export interface Count {
  passed: number;
  failed: number;
}

/** How to run the suite. */
export interface SuiteOptions {
  /** A Solidity test profile of hardhat.config.ts. */
  profile?: string;
  /** A pattern of the Solidity test names to leave out. */
  exclude?: string;
}

interface Summary {
  passed: number;
  failed: number;
  skipped?: number;
}

/**
 * Runs Solidity tests, then Mocha tests, of what is built. A skipped test counts as failed: nothing here is skipped on purpose.
 * Mocha's own figures are taken from its reporter, since Hardhat's summary counts pending tests as passed.
 */
export async function runSuite(
  hre: HardhatRuntimeEnvironment,
  files: TestFiles,
  { profile = "default", exclude = "" }: SuiteOptions = {},
): Promise<Count> {
  const total: Count = { passed: 0, failed: 0 };
  const add = ({ passed, failed, skipped = 0 }: Summary): void => {
    total.passed += passed;
    total.failed += failed + skipped;
  };

  if (files.solidity.length > 0) {
    const task = hre.tasks.getTask(["test", "solidity"]);
    const result: unknown = await task.run({
      testFiles: files.solidity,
      noCompile: true,
      testProfile: profile,
      grepExclude: exclude,
      // Any index but 0 makes the task hand its summary back instead of printing it.
      testSummaryIndex: 1,
    });
    const { summary, ok } = readResult(result);
    if (summary.failed > 0) console.log(summary.failureOutput);
    add(summary);
    // A run that broke without a failed test (a runner's error) must not pass.
    if (!ok && summary.failed === 0) add({ passed: 0, failed: 1 });
  }
  if (files.mocha.length > 0) {
    const stats: Mocha.Stats[] = [];
    hre.config.test.mocha.reporter = class extends Mocha.reporters.Spec {
      constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
        super(runner, options);
        stats.push(this.stats);
      }
    };
    hre.config.test.mocha.forbidOnly = true;
    await hre.tasks.getTask(["test", "mocha"]).run({ testFiles: files.mocha, noCompile: true });
    for (const { passes, failures, pending } of stats) add({ passed: passes, failed: failures, skipped: pending });
  }
  return total;
}

/** How many Mocha files share a process, whose start takes some seconds. */
const FILES_A_PROCESS = 16;

/**
 * The same in processes of their own, as many at once as there are processors: the Solidity tests in one, the Mocha tests in parts
 * of {@link FILES_A_PROCESS} files. A part's output is printed when the part has ended.
 */
export async function runInParts(
  { solidity, mocha }: TestFiles,
  { profile = "default", exclude = "" }: SuiteOptions,
): Promise<Count> {
  const parts = Array.from({ length: Math.ceil(mocha.length / FILES_A_PROCESS) }, (_, part) =>
    mocha.slice(part * FILES_A_PROCESS, (part + 1) * FILES_A_PROCESS),
  );
  const all = solidity.length > 0 ? [solidity, ...parts] : parts;
  const flows = exclude === "" ? [] : ["--flows", "--long"];
  console.error(`Running ${solidity.length + mocha.length} test files, ${FILES_A_PROCESS} a process …`);
  const failures: string[] = [];
  const counts = await doAtOnce(
    all,
    async (files) => {
      const args = ["--built", "--one-process", "--profile", profile, ...flows, ...files];
      const { code, output } = await runScript("scripts/run-tests.ts", args);
      console.log(output.trimEnd());
      const count = readCount(code, output);
      if (count.failed > 0) failures.push(failuresIn(output));
      return count;
    },
    availableParallelism(),
  );
  // Once more at the end, where they are not lost among what thousands of others print.
  for (const said of failures) console.log(`\n${said}`);
  return addCount(...counts);
}

/** What a run printed of its failures: Mocha's list, or, where it has none, its last lines. */
export function failuresIn(output: string): string {
  const lines = output.trimEnd().split("\n");
  const list = lines.findIndex((line) => /^\s+\d+ failing/.test(stripVTControlCharacters(line)));
  return lines.slice(list < 0 ? -40 : list).join("\n");
}

/** What a run printed as its closing line; one that printed none, or broke after it, has failed once at least. */
export function readCount(code: number, output: string): Count {
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const [, passed = "0", failed = "0"] = closing ?? [];
  const isWhole = code === 0 && closing !== undefined;
  return { passed: Number(passed), failed: isWhole ? Number(failed) : Math.max(1, Number(failed)) };
}

/** Of several runs together. */
export function addCount(...counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function readResult(result: unknown): { summary: Summary & { failureOutput: string }; ok: boolean } {
  const { success, value, error } = result as {
    success: boolean;
    value?: { summary: Summary & { failureOutput: string } };
    error?: { summary: Summary & { failureOutput: string } };
  };
  const run = value ?? error;
  if (run === undefined) throw new Error("Hardhat's Solidity test task gave no summary");
  return { summary: run.summary, ok: success };
}

/** Ends a test script: prints the closing line and sets the exit code (1 when a test failed, or none ran). */
export function closeSuite({ passed, failed }: Count): void {
  console.log(`\n${passed} passed, ${failed} failed`);
  if (passed + failed === 0) console.error("No test ran.");
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
