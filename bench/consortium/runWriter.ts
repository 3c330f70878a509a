import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { WriterPlan } from "./writer.js";

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));

/**
 * Runs a writer in a process of its own.
 *
 * @param begin Awaited when it is ready, before it writes.
 * @param heard Told what it says.
 * @throws Error when it fails.
 */
export async function runWriter(
  plan: WriterPlan,
  begin: () => Promise<void>,
  heard: (what: unknown) => void,
): Promise<void> {
  const args = ["--expose-gc", "--import", "tsx", WRITER, JSON.stringify(plan)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  try {
    for await (const line of createInterface(child.stdout)) {
      if (line === "ready") {
        await begin();
        child.stdin.write("begin\n");
      } else heard(JSON.parse(line));
    }
  } catch (error) {
    child.kill();
    throw error;
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`the writer ended with ${code ?? "a signal"}`);
}
