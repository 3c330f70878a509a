// Installs what is missing, once. Runs before every npm script, on any Node >= 20, with nothing installed yet:
// hence plain JavaScript without dependencies. Exit codes: 0 all is there, 1 the install failed (nothing is left behind).
//
// Hardhat needs Node >= 22.13 and its native package is silently left out by npm when an older Node runs the install,
// so an older Node first fetches the pinned one and lets that run npm.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const marker = join(modules, ".diwan-installed");
const scratch = join(root, ".cache");
const lock = join(scratch, "setup.lock");

/** What an install depends on: the lockfile and the machine. */
function fingerprint() {
  const lockfile = readFileSync(join(root, "package-lock.json"));
  return createHash("sha256").update(lockfile).update(`${process.platform}-${process.arch}`).digest("hex");
}

function isInstalled() {
  return existsSync(marker) && readFileSync(marker, "utf8") === fingerprint();
}

/** npm as a script that any Node can run: on Windows `npm` itself is a batch file, which `spawn` refuses. */
function findNpm() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(modules));
  const candidates = [
    process.env.npm_execpath ?? "",
    ...folders.flatMap((folder) => [
      join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
      join(dirname(folder), "lib", "node_modules", "npm", "bin", "npm-cli.js"),
      join(dirname(folder), "share", "nodejs", "npm", "bin", "npm-cli.js"),
    ]),
  ];
  const found = candidates.find((path) => /npm-cli\.[cm]?js$/.test(path) && existsSync(path));
  if (found === undefined) throw new Error("npm was not found: run this through npm (npm run setup)");
  return found;
}

function isModern(executable) {
  const { stdout } = spawnSync(executable, ["--version"], { encoding: "utf8" });
  const [major = 0, minor = 0] = (stdout ?? "").replace(/^v/, "").split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/** Windows cannot delete a program that runs, and this Node may be the one inside node_modules: set it aside. */
function releaseRunningNode() {
  if (process.platform !== "win32" || !process.execPath.startsWith(modules)) return;
  for (const name of readdirSync(scratch)) {
    if (name.startsWith("node-in-use-")) rmSync(join(scratch, name), { force: true });
  }
  renameSync(process.execPath, join(scratch, `node-in-use-${process.pid}.exe`));
}

/** The package that holds the pinned Node for this machine: unlike `node` itself it needs no install script. */
function pinnedNode() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}@${devDependencies.node}`;
}

function install(npm) {
  // The Node that runs npm now; when it is the one in node_modules, the install would pull it from under itself.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const quiet = [
    "--loglevel=error",
    "--fetch-retries=3",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=10000",
  ];
  const ci = [npm, "ci", "--no-audit", "--no-fund", ...quiet];
  const usable = !node.startsWith(modules) && isModern(node);
  const bootstrap = [npm, "exec", "--yes", ...quiet, `--package=${pinnedNode()}`, "--", "node"];

  releaseRunningNode();
  const result = spawnSync(node, usable ? ci : [...bootstrap, ...ci], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.status !== 0) throw new Error(explain(result));
  verifyNativePackage();
  writeFileSync(marker, fingerprint());
}

/** npm's own words, without the stack traces among them, which are indented. */
function explain({ error, signal, stdout, stderr }) {
  if (error) return `npm could not be started: ${error.message}`;
  if (signal) return `the install was stopped (${signal})`;
  const lines = `${stderr}${stdout}`
    .split("\n")
    .filter((line) => line.trim() && !/^npm error(\s{2,}|\s*}?$)/.test(line));
  return lines.join("\n") || "npm gave no reason";
}

/** npm reports success when it leaves out an optional package, so look for the one that Hardhat cannot do without. */
function verifyNativePackage() {
  const scope = join(modules, "@nomicfoundation");
  const prefix = `edr-${process.platform}-${process.arch}`;
  const found = existsSync(scope) && readdirSync(scope).some((name) => name.startsWith(prefix));
  if (!found)
    throw new Error(
      `the native package @nomicfoundation/${prefix} is missing: Hardhat does not support this machine, or npm was told to omit optional packages`,
    );
}

/** True when another process holds the lock; a lock whose owner died is taken over. */
function isHeldByOther() {
  let owner;
  try {
    owner = Number(readFileSync(join(lock, "pid"), "utf8"));
  } catch {
    // Not yet written, or its owner died between the two steps.
    try {
      return Date.now() - statSync(lock).mtimeMs < 5_000;
    } catch {
      return false;
    }
  }
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function takeLock() {
  mkdirSync(scratch, { recursive: true });
  let announced = false;
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isHeldByOther()) {
      if (!announced) console.error("Waiting for another install of this folder to end …");
      announced = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    } else {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

function main() {
  if (isInstalled()) return;
  takeLock();
  try {
    if (isInstalled()) return;
    const npm = findNpm();
    console.error("Installing the pinned packages with npm ci, once (about a minute, 450 MB) …");
    try {
      install(npm);
    } catch (error) {
      rmSync(modules, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    console.error(`\n${error.message}\n`);
    console.error("The install failed; nothing was left half-installed. Is the npm registry reachable (npm ping)?");
    console.error(
      "Behind a proxy set npm's https-proxy, for a mirror npm's registry; then run the same command again.",
    );
    process.exitCode = 1;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

main();
