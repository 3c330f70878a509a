import { globSync, readFileSync } from "node:fs";

import type { CompiledCode } from "./opcodes.js";

/** One compiled contract of the build, with where it comes from (`contracts/…`, `test/…` or `npm/…`). */
export interface CompiledContract {
  source: string;
  name: string;
  creation: CompiledCode;
  deployed: CompiledCode;
}

export interface SolcOutput {
  errors?: { errorCode?: string; severity: string; formattedMessage: string; sourceLocation?: { file: string } }[];
  sources: Record<string, { ast?: SyntaxNode }>;
  contracts: Record<string, Record<string, { evm: { bytecode: CompiledCode; deployedBytecode: CompiledCode } }>>;
}

/** A node of solc's syntax tree, as far as it is used here. */
interface SyntaxNode {
  id?: number;
  nodeType: string;
  name?: string;
  /** Of a variable. */
  mutability?: string;
  documentation?: unknown;
  nodes?: SyntaxNode[];
}

/** What solc said in the last build: Hardhat keeps its raw output beside the artifacts. */
export function readSolcOutputs(artifacts: string): SolcOutput[] {
  const files = globSync(`${artifacts}/build-info/*.output.json`);
  if (files.length === 0) throw new Error(`there is no build in ${artifacts}`);
  return files.map((file) => (JSON.parse(readFileSync(file, "utf8")) as { output: SolcOutput }).output);
}

/** Every contract and library with code, each once. */
export function listContracts(outputs: readonly SolcOutput[]): CompiledContract[] {
  const contracts = new Map<string, CompiledContract>();
  for (const { contracts: sources } of outputs) {
    for (const [path, named] of Object.entries(sources)) {
      const source = path.replace(/^project\//, "");
      for (const [name, { evm }] of Object.entries(named)) {
        if (evm.bytecode.object === "") continue;
        const { bytecode: creation, deployedBytecode: deployed } = evm;
        contracts.set(`${source}:${name}`, { source, name, creation, deployed });
      }
    }
  }
  return [...contracts.values()];
}

/** solc's warnings of code, and of creation code, above the size that a public chain takes. */
const SIZE_WARNINGS = ["5574", "3860"];

/**
 * The compiler's warnings about our own files; those about other people's are theirs to mend. A Solidity test may be of
 * any size, since it runs inside the test runner and is deployed to no chain.
 */
export function listWarnings(outputs: readonly SolcOutput[]): string[] {
  const warnings = outputs
    .flatMap(({ errors = [] }) => errors)
    .filter(({ errorCode = "", sourceLocation }) => {
      const file = sourceLocation?.file ?? "";
      const isSizeOfTest = file.endsWith(".t.sol") && SIZE_WARNINGS.includes(errorCode);
      return !file.startsWith("npm/") && !isSizeOfTest;
    });
  return [...new Set(warnings.map(({ formattedMessage }) => formattedMessage))];
}

/** Custom errors of contracts/ that do not say when they are raised, or that share a name with another one. */
export function listErrorProblems(outputs: readonly Pick<SolcOutput, "sources">[]): string[] {
  const places = new Map<string, Set<string>>();
  const problems = new Set<string>();
  for (const [path, { ast }] of outputs.flatMap(({ sources }) => Object.entries(sources))) {
    if (!path.startsWith("project/contracts/") || ast === undefined) continue;
    const source = path.replace(/^project\//, "");
    for (const { name = "", documentation } of findNodes(ast, "ErrorDefinition")) {
      if (documentation === undefined) problems.add(`${source}: ${name} has no comment that says when it is raised`);
      places.set(name, (places.get(name) ?? new Set()).add(source));
    }
  }
  for (const [name, sources] of places) {
    if (sources.size > 1) problems.add(`${name} is declared in ${[...sources].sort().join(" and ")}`);
  }
  return [...problems];
}

function findNodes(node: SyntaxNode, nodeType: string): SyntaxNode[] {
  const found = (node.nodes ?? []).flatMap((child) => findNodes(child, nodeType));
  return node.nodeType === nodeType ? [node, ...found] : found;
}
