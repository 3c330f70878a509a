import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";

import { PEER_CACHE } from "./fetchPeer.js";
import { PeerError } from "./PeerError.js";
import type { Artifact } from "./readArtifact.js";

/** How a peer's sources are compiled: with its own published settings, where those are known; else as ours are. */
export interface CompileOptions {
  /** Folders of imports that begin with a package's name; the others are looked for in node_modules. */
  packages?: Readonly<Record<string, string>>;
  evmVersion?: string;
  viaIR?: boolean;
  runs?: number;
}

interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, { abi: Artifact["abi"]; evm: { bytecode: { object: string } } }>>;
}

const require = createRequire(import.meta.url);

/**
 * Compiles a contract of other people, or of this benchmark, that no package holds compiled, with the project's solc; once, since
 * what came of it is kept by the hash of all that went in.
 *
 * @param file The source file; its contract of the same name is meant.
 * @throws {PeerError} PEER_NOT_COMPILED with the compiler's words, or when a source is not there.
 * @example const consumer = compilePeer("bench/peers/contracts/EasConsumer.sol");
 */
export function compilePeer(file: string, options: CompileOptions = {}): Artifact {
  const { packages = {}, evmVersion = "paris", viaIR = true, runs = 20_000 } = options;
  const sources: Record<string, { content: string }> = {};
  collect(file, file, packages, sources);
  const input = JSON.stringify({
    language: "Solidity",
    sources,
    settings: {
      evmVersion,
      viaIR,
      optimizer: { enabled: true, runs },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  });
  const kept = join(
    PEER_CACHE,
    `compiled-${createHash("sha256").update(input).update(compilerVersion()).digest("hex")}.json`,
  );
  if (!existsSync(kept)) {
    mkdirSync(PEER_CACHE, { recursive: true });
    // Moved to its place, since the processes of other forks may be looking for it.
    const partial = `${kept}.${process.pid}`;
    writeFileSync(partial, compile(input));
    renameSync(partial, kept);
  }
  const name = posix.basename(file, ".sol");
  const contract = (JSON.parse(readFileSync(kept, "utf8")) as Output).contracts?.[file]?.[name];
  if (contract === undefined) throw new PeerError("PEER_NOT_COMPILED", `${file} has no contract ${name}`);
  return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
}

/** A file and all that it imports, by the names that the imports come to. */
function collect(
  unit: string,
  path: string,
  packages: Readonly<Record<string, string>>,
  sources: Record<string, { content: string }>,
): void {
  if (unit in sources) return;
  if (!existsSync(path)) throw new PeerError("PEER_NOT_COMPILED", `${unit} is not there: ${path}`);
  const content = readFileSync(path, "utf8");
  sources[unit] = { content };
  for (const [, imported = ""] of content.matchAll(/^\s*import\s[^"';]*["']([^"']+)["']/gm)) {
    if (imported.startsWith(".")) {
      const next = posix.join(posix.dirname(unit), imported);
      collect(next, join(dirname(path), imported), packages, sources);
      continue;
    }
    const known = Object.entries(packages).find(([prefix]) => imported.startsWith(`${prefix}/`));
    const next = known === undefined ? `node_modules/${imported}` : join(known[1], imported.slice(known[0].length + 1));
    collect(imported, next, packages, sources);
  }
}

function compile(input: string): string {
  const solc = require("solc") as { compile(input: string): string };
  const output = solc.compile(input);
  const errors = ((JSON.parse(output) as Output).errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return output;
  throw new PeerError("PEER_NOT_COMPILED", errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
}

function compilerVersion(): string {
  return (require("solc/package.json") as { version: string }).version;
}
