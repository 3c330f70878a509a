import { spawnSync } from "node:child_process";

/**
 * Whether this machine has a program that some tests hold the library against. `npm test` needs Node alone: without it these tests
 * are left out, which is said; `.ci/run` sets DIWAN_ALL_TESTS, and then it is a failure.
 *
 * @param args With which it ends with 0; none, if it is enough that it starts.
 */
export function hasProgram(program: string, args: readonly string[] = []): boolean {
  const { error, status } = spawnSync(program, args);
  if (error === undefined && (args.length === 0 || status === 0)) return true;
  const missing = `${[program, ...args].join(" ")} does not run here`;
  if (process.env["DIWAN_ALL_TESTS"] === "1") throw new Error(`${missing}, and all tests are to run`);
  console.error(`${missing}: what is held against it is left out`);
  return false;
}
