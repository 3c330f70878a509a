// node scripts/network/warden.ts
// Keeps other programs as its children, and sees to it that none outlives whoever asked for them: it reads its orders, a
// line of JSON each, from a pipe, and when that pipe ends, for whatever reason, it kills what still runs, removes what it was
// told to, and ends.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";

import type { WardenEvent, WardenOrder } from "./wardenMessages.js";

const children = new Map<number, ChildProcess>();
const leftovers: Extract<WardenOrder, { kind: "remove" }>[] = [];

// An interrupt at the terminal reaches the whole group of processes: this one has to outlast it, to kill the others.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);
// Who asked may be gone before it is told of an end.
process.stdout.on("error", () => undefined);

const orders = createInterface({ input: process.stdin });
orders.on("line", (line) => {
  const order = JSON.parse(line) as WardenOrder;
  if (order.kind === "start") start(order);
  else if (order.kind === "remove") leftovers.push(order);
  else signal(children.get(order.id), order.signal);
});
orders.on("close", () => {
  for (const child of children.values()) signal(child, "SIGKILL");
  if (children.size === 0) leave();
});

function start({ id, program, args, log, env }: Extract<WardenOrder, { kind: "start" }>): void {
  let output: number;
  try {
    output = openSync(log, "a");
  } catch (error) {
    // Thrown, it would end this process before those it keeps.
    tell({ kind: "ended", id, why: String(error) });
    return;
  }
  // A group of its own: an interrupt at the terminal is for whoever asked, who then stops it in order.
  const child = spawn(program, args, {
    stdio: ["ignore", output, output],
    detached: true,
    env: { ...process.env, ...env },
  });
  closeSync(output);
  children.set(id, child);
  if (child.pid !== undefined) tell({ kind: "started", id, pid: child.pid });
  child.on("error", (error) => {
    if (child.pid === undefined) ended(id, { kind: "ended", id, why: error.message });
  });
  child.on("exit", (code, by) => {
    // A script may leave the client that it started.
    signal(child, "SIGKILL");
    ended(id, { kind: "ended", id, why: by ?? `exit code ${code}` });
  });
}

function ended(id: number, event: WardenEvent): void {
  children.delete(id);
  tell(event);
  if (process.stdin.readableEnded && children.size === 0) leave();
}

/** To its whole group: the program may be a script that has started another. */
function signal(child: ChildProcess | undefined, name: "SIGTERM" | "SIGKILL"): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // None of them is left.
  }
}

function leave(): void {
  for (const { path, text } of leftovers) {
    try {
      if (text !== undefined && readFileSync(path, "utf8") !== text) continue;
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // It is gone already, or another's; the rest goes all the same.
    }
  }
  process.exit();
}

function tell(event: WardenEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
