// node scripts/network/warden.ts
// Keeps other programs as its children, and sees to it that none outlives whoever asked for them: it reads its orders, a
// line of JSON each, from a pipe, and when that pipe ends, for whatever reason, it kills what still runs and ends.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";

import type { WardenEvent, WardenOrder } from "./wardenMessages.js";

const children = new Map<number, ChildProcess>();

// An interrupt at the terminal reaches the whole group of processes: this one has to outlast it, to kill the others.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
// Who asked may be gone before it is told of an end.
process.stdout.on("error", () => undefined);

const orders = createInterface({ input: process.stdin });
orders.on("line", (line) => {
  const order = JSON.parse(line) as WardenOrder;
  if (order.kind === "start") start(order);
  else children.get(order.id)?.kill(order.signal);
});
orders.on("close", () => {
  for (const child of children.values()) child.kill("SIGKILL");
  if (children.size === 0) process.exit();
});

function start({ id, program, args, log }: Extract<WardenOrder, { kind: "start" }>): void {
  const output = openSync(log, "a");
  // A group of its own: an interrupt at the terminal is for whoever asked, who then stops it in order.
  const child = spawn(program, args, { stdio: ["ignore", output, output], detached: true });
  closeSync(output);
  children.set(id, child);
  if (child.pid !== undefined) tell({ kind: "started", id, pid: child.pid });
  child.on("error", (error) => {
    if (child.pid === undefined) ended(id, { kind: "ended", id, why: error.message });
  });
  child.on("exit", (code, signal) => {
    ended(id, { kind: "ended", id, why: signal ?? `exit code ${code}` });
  });
}

function ended(id: number, event: WardenEvent): void {
  children.delete(id);
  tell(event);
  if (process.stdin.readableEnded && children.size === 0) process.exit();
}

function tell(event: WardenEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
