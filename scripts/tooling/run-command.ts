import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** How a command ended: its exit code and everything it printed, in order. */
export interface Outcome {
  code: number;
  output: string;
}

/** Where to run, what to add to the environment, and whether to show the output as it comes. */
export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  show?: boolean;
}

/** Runs a program without a shell and collects its output; a program that cannot be started has code 127. */
export function runCommand(
  program: string,
  args: readonly string[],
  { cwd, env, show = false }: CommandOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        output += text;
        if (show) process.stderr.write(text);
      });
    }
    child.on("error", (error) => {
      resolve({ code: 127, output: error.message });
    });
    child.on("close", (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs one of our TypeScript files with this Node. */
export function runScript(file: string, args: readonly string[] = [], options?: CommandOptions): Promise<Outcome> {
  return runCommand(process.execPath, ["--import", "tsx", file, ...args], options);
}

/** Runs the program that an installed package names in `bin`, with this Node: the links in `.bin` differ on Windows. */
export function runPackage(name: string, args: readonly string[], options?: CommandOptions): Promise<Outcome> {
  return runCommand(process.execPath, [findBin(name), ...args], options);
}

/**
 * Runs npm: under npm as the script of this Node that it is, also where `npm` is a batch file that cannot be started so;
 * else as the program on the PATH.
 */
export function runNpm(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
  const cli = process.env["npm_execpath"];
  return cli === undefined ? runCommand("npm", args, options) : runCommand(process.execPath, [cli, ...args], options);
}

function findBin(name: string): string {
  const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: string | Record<string, string> };
  const path = typeof bin === "string" ? bin : (bin[name] ?? Object.values(bin)[0]);
  if (path === undefined) throw new Error(`the package ${name} has no program`);
  return fileURLToPath(new URL(path, manifest));
}
