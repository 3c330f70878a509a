import { availableParallelism } from "node:os";

import { doAtOnce } from "../../src/chain/doAtOnce.js";

/** One step of a run: a name for its line, and a function that returns what is wrong (nothing when all is well). */
export interface Step {
  name: string;
  run: () => Promise<readonly string[]>;
  /** Whether it works in a process of its own and needs nothing of its neighbours that do so too: those run at the same time. */
  isApart?: boolean;
}

/** Thrown by a step that this machine cannot run; it fails in CI, and is only told elsewhere. */
export class CannotRun extends Error {}

/**
 * Runs steps one after the other, those that are apart several at a time, prints a line with the time for each, goes on after a
 * failure and lists all failures at the end.
 *
 * @param ci Whether a step that cannot run here is a failure.
 * @returns true when no step failed
 */
export async function runSteps(steps: readonly Step[], ci = process.env["CI"] === "true"): Promise<boolean> {
  const remarks: { name: string; lines: readonly string[] }[] = [];
  const counts = { passed: 0, failed: 0, "not run": 0 };
  const runStep = async ({ name, run }: Step): Promise<void> => {
    const started = performance.now();
    let outcome: keyof typeof counts;
    try {
      const problems = await run();
      outcome = problems.length === 0 ? "passed" : "failed";
      if (problems.length > 0) remarks.push({ name, lines: problems });
    } catch (error) {
      outcome = error instanceof CannotRun && !ci ? "not run" : "failed";
      remarks.push({ name, lines: [error instanceof Error ? error.message : String(error)] });
    }
    counts[outcome] += 1;
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`${outcome.padEnd(7)} ${name.padEnd(34)} ${seconds.padStart(6)} s`);
  };

  for (let start = 0; start < steps.length;) {
    const next = steps.findIndex(({ isApart }, i) => i > start && (isApart !== true || steps[start]!.isApart !== true));
    const end = next === -1 ? steps.length : next;
    await doAtOnce(steps.slice(start, end), runStep, availableParallelism());
    start = end;
  }
  const place = new Map(steps.map(({ name }, i) => [name, i]));
  remarks.sort((a, b) => place.get(a.name)! - place.get(b.name)!);

  for (const { name, lines } of remarks) {
    console.log(`\n── ${name}`);
    for (const line of lines) console.log(line.trimEnd());
  }
  const sums = Object.entries(counts).filter(([outcome, count]) => outcome === "passed" || count > 0);
  console.log(`\nChecks: ${sums.map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`);
  return counts.failed === 0;
}
