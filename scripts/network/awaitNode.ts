import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

import type { KeptProcess } from "./openWarden.js";

const START_SECONDS = 60;
const LINES = 15;

/**
 * Waits until a node that was just started answers.
 *
 * @param ask Throws as long as it does not.
 * @param log File with what it prints.
 * @throws Error with its last words, when it ends, or is silent for a minute: it is ended then.
 */
export async function awaitNode(
  client: string,
  kept: KeptProcess,
  ask: () => Promise<unknown>,
  log: string,
): Promise<void> {
  for (const end = Date.now() + START_SECONDS * 1_000; Date.now() < end && kept.endedBy === undefined;) {
    try {
      await ask();
      return;
    } catch {
      await setTimeout(50);
    }
  }
  const why = kept.endedBy ?? `silent for ${START_SECONDS} s`;
  await kept.signal("SIGKILL");
  throw new Error(`${client} did not start (${why}):\n${lastLines(log)}`);
}

/** The last lines of what a node printed. */
export function lastLines(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-LINES).join("\n") : "";
}
