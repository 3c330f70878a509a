// npm run check:package
// Packs the library and uses it as strangers do, each in an empty folder: a TypeScript project that type-checks and
// runs, one that imports every module and has none of the packages that are optional, a bundle that runs with what a browser has and nothing of Node's, a Solidity project that imports an interface,
// and a verifier that compiles the published standard JSON input again and gets the published bytecode.
// Exit codes: 0 all of it works, 1 otherwise.
import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";

import { build } from "esbuild";

import type { ContractArtifact } from "../src/network/manifest/ContractArtifact.js";

import { type Outcome, runCommand, runNpm, runScript } from "./tooling/run-command.js";
import { runSteps } from "./tooling/steps.js";

/** What scripts/consumers/index.ts prints wherever it runs. */
const EXPECTED = {
  ...{ proven: true, refused: true, deployable: true, typed: "function" },
  ...{ disclosed: true, leaf: 66, judged: "UNKNOWN", changes: 0, decoded: "WritesAreOpen" },
};

const box = mkdtempSync(join(tmpdir(), "diwan-package-"));
const { devDependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

async function must(outcome: Promise<Outcome>): Promise<string> {
  const { code, output } = await outcome;
  if (code !== 0) throw new Error(output);
  return output;
}

function npm(args: readonly string[], cwd: string): Promise<string> {
  return must(runNpm([...args, "--loglevel=error"], { cwd }));
}

async function pack(): Promise<void> {
  await must(runScript("scripts/build.ts"));
  await npm(["pack", "--ignore-scripts", "--pack-destination", box], process.cwd());
  writeFileSync(join(box, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  const [tarball = ""] = globSync("*.tgz", { cwd: box });
  const tools = ["typescript", "solc", "@types/node"].map((name) => `${name}@${devDependencies[name] ?? ""}`);
  await npm(["install", "--no-audit", "--no-fund", `./${tarball}`, ...tools], box);
}

async function useInNode(): Promise<void> {
  copyFileSync("scripts/consumers/index.ts", join(box, "index.ts"));
  await compile("index.ts");
  expectResult(await must(runCommand(process.execPath, [join(box, "index.js")])));
}

/** The databases' drivers are optional: no module needs one before it is given one, nor do the types. */
async function useEachModule(): Promise<void> {
  const optional = Object.keys(peerDependencies).filter((name) => existsSync(join(box, "node_modules", name)));
  if (optional.length > 0) throw new Error(`installed though optional: ${optional.join(", ")}`);
  const modules = globSync("**/*.js", { cwd: join(box, "node_modules/@diwan/contracts/dist") })
    .map((file) => file.replaceAll("\\", "/").replace(/\.js$/, ""))
    .filter((name) => !name.startsWith("typechain/"));
  if (modules.length === 0) throw new Error("the package holds no module");
  const lines = modules.map((name) => `import "@diwan/contracts/${name}";`);
  writeFileSync(join(box, "modules.ts"), [...lines, `console.log(${modules.length});`, ""].join("\n"));
  await compile("modules.ts");
  const printed = await must(runCommand(process.execPath, [join(box, "modules.js")]));
  if (printed.trim() !== String(modules.length)) throw new Error(`importing every module printed ${printed}`);
}

/** Type-checks a file and all that it imports, declarations too, and compiles it. */
async function compile(file: string): Promise<void> {
  const compilerOptions = {
    target: "es2023",
    module: "node20",
    strict: true,
    exactOptionalPropertyTypes: true,
    types: ["node"],
  };
  writeFileSync(join(box, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
  await must(runCommand(process.execPath, [join(box, "node_modules/typescript/bin/tsc"), "--project", box]));
}

async function useInBrowser(): Promise<void> {
  // With platform "browser" esbuild refuses every module of Node's.
  await build({
    entryPoints: [join(box, "index.ts")],
    outfile: join(box, "bundle.js"),
    bundle: true,
    platform: "browser",
    format: "iife",
    logLevel: "silent",
  });
  const printed: string[] = [];
  const page = createContext({
    console: { log: (line: string) => printed.push(line) },
    TextEncoder,
    TextDecoder,
    crypto,
    setTimeout,
    clearTimeout,
    URL,
  });
  runInContext("globalThis.self = globalThis.window = globalThis;", page);
  runInContext(readFileSync(join(box, "bundle.js"), "utf8"), page);
  await runInContext("globalThis.done", page);
  expectResult(printed.join(""));
}

function expectResult(printed: string): void {
  const result = JSON.parse(printed) as Record<string, unknown>;
  for (const [key, value] of Object.entries(EXPECTED)) {
    if (result[key] !== value) throw new Error(`${key} is ${String(result[key])} in ${printed}`);
  }
}

interface Solc {
  compile: (
    input: string,
    callbacks?: { import: (path: string) => { contents: string } | { error: string } },
  ) => string;
}

interface SolcResult {
  errors?: { formattedMessage: string }[];
  contracts: Record<string, Record<string, { evm: Record<"bytecode" | "deployedBytecode", { object: string }> }>>;
}

function loadSolc(): Solc {
  return createRequire(join(box, "package.json"))("solc") as Solc;
}

function useInSolidity(): void {
  const input = {
    language: "Solidity",
    sources: { "Consumer.sol": { content: readFileSync("scripts/consumers/Consumer.sol", "utf8") } },
    settings: { evmVersion: "paris", outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
  };
  const output = loadSolc().compile(JSON.stringify(input), {
    import: (path) => ({ contents: readFileSync(join(box, "node_modules", path), "utf8") }),
  });
  const { errors = [], contracts } = JSON.parse(output) as SolcResult;
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  if ((contracts["Consumer.sol"]?.["Consumer"]?.evm.bytecode.object ?? "") === "")
    throw new Error("Consumer has no code");
}

/** An artifact, which says where its source is verified: a file of `verification/`, and its name in there. */
interface Published extends ContractArtifact {
  verification: { input: string; sourceName: string };
}

function verifySource(): void {
  const dist = join(box, "node_modules/@diwan/contracts/dist");
  const compiled = new Map<string, SolcResult["contracts"]>();
  for (const file of globSync("*.json", { cwd: join(dist, "verification") })) {
    const input = readFileSync(join(dist, "verification", file), "utf8");
    compiled.set(file, (JSON.parse(loadSolc().compile(input)) as SolcResult).contracts);
  }
  const artifacts = globSync("artifacts/*.json", { cwd: dist });
  for (const file of artifacts) {
    const artifact = JSON.parse(readFileSync(join(dist, file), "utf8")) as Published;
    const { contractName, bytecode, deployedBytecode, immutableReferences, immutableNames, verification } = artifact;
    const found = compiled.get(verification.input)?.[verification.sourceName]?.[contractName];
    if (found === undefined) throw new Error(`${contractName}: ${verification.input} has no such source`);
    const { bytecode: made, deployedBytecode: deployed } = found.evm;
    if (`0x${made.object}` !== bytecode || `0x${deployed.object}` !== deployedBytecode)
      throw new Error(`${contractName}: the source gives another bytecode`);
    // An id that is no number is the compiler's own name for what it is.
    const unnamed = Object.keys(immutableReferences).filter((id) => /^\d+$/.test(id) && !(id in immutableNames));
    if (unnamed.length > 0) throw new Error(`${contractName}: immutables have no name: ${unnamed.join(", ")}`);
  }
  if (artifacts.length === 0) throw new Error("the package holds no artifact");
}

function step(name: string, run: () => void | Promise<void>) {
  return {
    name,
    run: async () => {
      await run();
      return [];
    },
  };
}

try {
  const passed = await runSteps([
    step("build, pack and install", pack),
    step("a TypeScript project", useInNode),
    step("every module, with nothing optional", useEachModule),
    step("a browser bundle", useInBrowser),
    step("a Solidity project", useInSolidity),
    step("source verification", verifySource),
  ]);
  process.exitCode = passed ? 0 : 1;
} finally {
  rmSync(box, { recursive: true, force: true });
}
