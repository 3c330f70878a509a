import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { WardenEvent, WardenOrder } from "./wardenMessages.js";

/** A program that a warden keeps. */
export interface KeptProcess {
  readonly pid: number;
  /** Resolves when it has ended, with what ended it. */
  readonly ended: Promise<string>;
  /** What ended it; undefined while it runs. */
  readonly endedBy: string | undefined;
  /** Sends it a signal, and resolves when it has ended. */
  signal(signal: "SIGTERM" | "SIGKILL"): Promise<string>;
}

/** Keeps programs that end when this process does, even when it is killed. */
export interface Warden {
  /**
   * Starts a program; what it prints is added to a file.
   *
   * @param env Variables beside this process's.
   *
   * @throws Error when it cannot be started.
   */
  start(
    program: string,
    args: readonly string[],
    log: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<KeptProcess>;
  /** Removes a folder when all has ended, however that comes; or a file, if it still holds this text. */
  remove(path: string, text?: string): void;
  /** Ends all that it keeps, at once, and itself. */
  close(): Promise<void>;
}

/** Starts a warden. */
export function openWarden(): Warden {
  const program = fileURLToPath(new URL("warden.ts", import.meta.url));
  const warden = spawn(process.execPath, ["--no-warnings", program], {
    stdio: ["pipe", "pipe", "inherit"],
    // Not of this process's group, which may be killed whole.
    detached: true,
  });
  const exited = once(warden, "exit");
  warden.stdin.on("error", () => undefined);
  const hears = new Map<number, (event: WardenEvent) => void>();
  createInterface({ input: warden.stdout }).on("line", (line) => {
    const event = JSON.parse(line) as WardenEvent;
    hears.get(event.id)?.(event);
  });
  // Where it was killed itself, its children are left to this process.
  const pids = new Map<number, number>();
  warden.on("exit", () => {
    for (const pid of pids.values()) kill(pid);
    for (const [id, hear] of hears) hear({ kind: "ended", id, why: "its warden ended" });
  });
  const order = (message: WardenOrder) => warden.stdin.write(`${JSON.stringify(message)}\n`);

  let last = 0;
  return {
    start(path, args, log, env = {}) {
      const id = ++last;
      let end: (why: string) => void;
      const ended = new Promise<string>((resolve) => {
        end = resolve;
      });
      return new Promise((resolve, reject) => {
        let endedBy: string | undefined;
        hears.set(id, (event) => {
          if (event.kind === "started") {
            pids.set(id, event.pid);
            resolve({
              pid: event.pid,
              ended,
              get endedBy() {
                return endedBy;
              },
              signal(signal) {
                if (endedBy === undefined) order({ kind: "signal", id, signal });
                return ended;
              },
            });
            return;
          }
          endedBy = event.why;
          pids.delete(id);
          hears.delete(id);
          end(event.why);
          reject(new Error(`${path} could not be started: ${event.why}`));
        });
        order({ kind: "start", id, program: path, args: [...args], log, env: { ...env } });
      });
    },
    remove(path, text) {
      order({ kind: "remove", path, ...(text !== undefined && { text }) });
    },
    async close() {
      warden.stdin.end();
      if (warden.exitCode === null && warden.signalCode === null) await exited;
    },
  };
}

/** Its group, which it leads. */
function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
