import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";

/** What this process has locked: in a container the process that crashed had the same number as the one after it. */
const held = new Set<string>();

/**
 * The name of a file's lock, for Node alone.
 *
 * @param path The file.
 * @example
 * ```ts
 * console.error(`where no program has it open, remove ${lockPath("keys.json")}`);
 * ```
 */
export function lockPath(path: string): string {
  return `${resolve(path)}.lock`;
}

/**
 * Locks a file for one program, for Node alone. The lock is a file beside it that names its machine and process, so that one
 * which a crash left behind is told from one that counts; another machine's always counts. It appears with its content, by a
 * link, and a stale one is moved away before it is looked at again, since another program may have taken its place.
 *
 * @param path The file, which need not be there; its folder must be.
 * @returns What unlocks it, or undefined when it is locked.
 * @throws What the file system throws.
 * @example
 * ```ts
 * const unlock = await lockFile("keys.json");
 * if (unlock === undefined) throw new Error("another program has it open");
 * ```
 */
export async function lockFile(path: string): Promise<(() => Promise<void>) | undefined> {
  const lock = lockPath(path);
  if (held.has(lock)) return undefined;
  // Before anything is waited for, so that this process never takes from itself.
  held.add(lock);
  let isMine = false;
  try {
    isMine = await take(lock);
  } finally {
    if (!isMine) held.delete(lock);
  }
  if (!isMine) return undefined;
  return async () => {
    await rm(lock, { force: true });
    held.delete(lock);
  };
}

async function take(lock: string): Promise<boolean> {
  const draft = `${lock}.${randomUUID()}`;
  await writeFile(draft, `${hostname()} ${process.pid} ${randomUUID()}`, { mode: 0o600, flag: "wx" });
  try {
    for (let tries = 0; tries < 2; tries++) {
      if (await linked(draft, lock)) return true;
      if (isTaken(await read(lock))) return false;
      const aside = `${lock}.${randomUUID()}`;
      if (!(await renamed(lock, aside))) continue;
      const isStale = !isTaken(await read(aside));
      // Not for long, and only where nobody has taken the lock meanwhile.
      if (!isStale) await linked(aside, lock);
      await rm(aside, { force: true });
      if (!isStale) return false;
    }
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether a lock counts: one of another machine, of a process that runs, or of none that can be told. */
function isTaken(content: string | undefined): boolean {
  if (content === undefined) return false;
  const [host, pid, nonce] = content.split(" ");
  if (host !== hostname() || nonce === undefined || !/^[0-9]+$/.test(pid ?? "")) return true;
  return Number(pid) !== process.pid && isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function linked(from: string, to: string): Promise<boolean> {
  return succeeds(link(from, to), "EEXIST");
}

function renamed(from: string, to: string): Promise<boolean> {
  return succeeds(rename(from, to), "ENOENT");
}

/** Whether it is done; false when it failed with the code that is reckoned with. */
async function succeeds(step: Promise<void>, code: string): Promise<boolean> {
  try {
    await step;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return false;
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  });
}
