import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** How `npm run deploy` ended. */
export interface DeployRun {
  /** Null where it was killed. */
  code: number | null;
  output: string;
  stderr: string;
}

/** Runs `npm run deploy` on the network `local`, as a process of its own. */
export function startDeploy(url: string, out: string, args: readonly string[] = []) {
  const options = ["--network", "local", "--rpc", url, "--out", out, "--polling", "50", "--built", "--json"];
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/deploy.ts", ...options, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, stderr] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<DeployRun>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, output, stderr });
    });
  });
  return { ended, kill: () => child.kill("SIGKILL") };
}

/** How many transactions a deployment has signed. */
async function countSigned(out: string): Promise<number> {
  const [folder] = await readdir(out).catch(() => []);
  if (folder === undefined) return 0;
  return (await readdir(join(out, folder, "signed")).catch(() => [])).filter((name) => name.endsWith(".json")).length;
}

/** Kills a deployment some time after it has signed so many transactions; false where it ended before. */
export async function killAfter(
  { ended, kill }: ReturnType<typeof startDeploy>,
  out: string,
  { signed, delay }: { signed: number; delay: number },
): Promise<boolean> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && (await countSigned(out)) < signed) await wait(5);
  await wait(delay);
  kill();
  return (await ended).code === null;
}
