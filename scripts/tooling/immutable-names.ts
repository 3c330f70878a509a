import { readFileSync } from "node:fs";

import type { SolcOutput } from "./build-output.js";

const read = new Map<string, ReadonlyMap<string, string>>();

/**
 * What the source calls a contract's immutables, by the compiler's ids, which are those of nodes in its syntax tree. An immutable of the
 * compiler's own has no such id, and is left out.
 *
 * @param outputFile The compiler's output that the contract is from, as Hardhat keeps it. It may be some 50 MB, and is read once.
 */
export function immutableNames(
  outputFile: string,
  references: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const names = read.get(outputFile) ?? namesIn(outputFile);
  read.set(outputFile, names);
  return Object.fromEntries(
    Object.keys(references).flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [[id, name]];
    }),
  );
}

function namesIn(outputFile: string): ReadonlyMap<string, string> {
  const { output } = JSON.parse(readFileSync(outputFile, "utf8")) as { output: SolcOutput };
  const variables = Object.values(output.sources)
    .flatMap(({ ast }) => ast?.nodes ?? [])
    .flatMap(({ nodes = [] }) => nodes)
    .filter(({ mutability }) => mutability === "immutable");
  return new Map(variables.map(({ id, name = "" }) => [String(id), name]));
}
