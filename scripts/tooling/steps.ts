/** One step of a run: a name for its line, and a function that returns what is wrong (nothing when all is well). */
export interface Step {
  name: string;
  run: () => Promise<readonly string[]>;
}

/**
 * Runs steps one after the other, prints a line with the time for each, goes on after a failure and lists all failures
 * at the end.
 *
 * @returns true when every step passed
 */
export async function runSteps(steps: readonly Step[]): Promise<boolean> {
  const failures: { name: string; problems: readonly string[] }[] = [];
  for (const { name, run } of steps) {
    const started = performance.now();
    const problems = await run().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
    const mark = problems.length === 0 ? "ok    " : "FAILED";
    console.log(`${mark} ${name.padEnd(34)} ${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s`);
    if (problems.length > 0) failures.push({ name, problems });
  }
  for (const { name, problems } of failures) {
    console.log(`\n── ${name}`);
    for (const problem of problems) console.log(problem.trimEnd());
  }
  const passed = steps.length - failures.length;
  console.log(`\n${passed} of ${steps.length} checks passed`);
  return failures.length === 0;
}
