import type { JsonRpc } from "../rpc/JsonRpc.js";
import { SUITE_NAMES } from "../suite/suiteContracts.js";

import type { ArtifactOf, ContractArtifact } from "./ContractArtifact.js";
import { explainImmutables } from "./explainImmutables.js";
import type { ManifestProblem } from "./ManifestProblem.js";
import { IMPLEMENTATIONS, type SuiteManifest } from "./NetworkManifest.js";
import { type FilledCode, readFilledCode } from "./readFilledCode.js";

/** What the source calls contracts that the suite calls by their task; all others it calls as the suite does. */
const SOURCE_NAMES: Readonly<Record<string, string>> = {
  manager: "AccessManager",
  forwarder: "ERC2771Forwarder",
  recovery: "Council",
};

type Immutables = ReturnType<typeof explainImmutables>;

/**
 * Whether the suite's contracts, and the libraries in them, are the code that the compiler gave; whether what made the contracts is, for it
 * writes storage before any event tells; and whether they were built with what the manifest names.
 *
 * Warning: what made a contract is not compared where LACChain's hub made it: the transaction is then the hub's.
 *
 * @param artifactOf Finds what to compare with, of the version that was deployed.
 * @returns What is wrong, by the manifest's members; nothing of an address without code.
 * @example
 * ```ts
 * const problems = await checkCode(manifest, node, artifactOf);
 * ```
 */
export async function checkCode(
  manifest: SuiteManifest,
  node: JsonRpc,
  artifactOf: ArtifactOf,
): Promise<ManifestProblem[]> {
  const named = [
    ...SUITE_NAMES.map((name) => ["contracts", name, manifest.contracts[name]] as const),
    ...IMPLEMENTATIONS.map((name) => ["implementations", name, manifest.implementations[name]] as const),
  ];
  const problems: ManifestProblem[] = [];
  for (const [member, name, { address, transaction }] of named) {
    const sourceName = SOURCE_NAMES[name] ?? `${name[0]!.toUpperCase()}${name.slice(1)}`;
    const code = await codeAt(node, address);
    if (code === "0x") continue;
    const domain = name === "forwarder" ? "Diwan Forwarder" : `Diwan ${sourceName}`;
    const explain = (at: string) => explainImmutables(manifest, domain, at);
    const artifact = await artifactOf(sourceName);
    const filled = readFilledCode(code, artifact);
    const found =
      filled === undefined
        ? [`its code is not what ${sourceName} is compiled to`]
        : [
            ...checkImmutables(filled, artifact, explain(address)),
            ...(await checkLibraries(filled, node, artifactOf, explain)),
            ...checkCreation(filled, artifact, await node.send("eth_getTransactionByHash", [transaction])),
          ];
    problems.push(...found.map((problem) => ({ path: `${member}.${name}`, problem })));
  }
  return problems;
}

async function codeAt(node: JsonRpc, address: string): Promise<string> {
  return (await node.send("eth_getCode", [address, "latest"])) as string;
}

function checkImmutables(
  { immutables }: FilledCode,
  { immutableNames }: ContractArtifact,
  wanted: Immutables,
): string[] {
  return immutables.flatMap(([id, words]) => {
    // The compiler's own immutables have a name for an id.
    const name = immutableNames[id] ?? id;
    const right = wanted[name];
    const [word = ""] = words;
    const isRight =
      words.length === 1 &&
      (typeof right === "string" ? word === right : right !== undefined && BigInt(word) >> BigInt(right.bits) === 0n);
    if (isRight) return [];
    const found = words.map(shorten).join(" and ");
    return [`it is built with ${found} as its ${name}${typeof right === "string" ? `, not ${shorten(right)}` : ""}`];
  });
}

/** A word that may be an address is shown as one. */
function shorten(word: string): string {
  return word.startsWith(`0x${"0".repeat(24)}`) ? `0x${word.slice(26)}` : word;
}

async function checkLibraries(
  { libraries }: FilledCode,
  node: JsonRpc,
  artifactOf: ArtifactOf,
  explain: (address: string) => Immutables,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, addresses] of libraries) {
    const artifact = await artifactOf(name);
    for (const address of addresses) {
      const filled = readFilledCode(await codeAt(node, address), artifact);
      const found =
        filled === undefined
          ? [`its code is not what ${name} is compiled to`]
          : [
              ...checkImmutables(filled, artifact, explain(address)),
              ...(await checkLibraries(filled, node, artifactOf, explain)),
            ];
      problems.push(...found.map((problem) => `its library ${name} at ${address}: ${problem}`));
    }
  }
  return problems;
}

function checkCreation({ libraries }: FilledCode, artifact: ContractArtifact, answer: unknown): string[] {
  const transaction = answer as { to?: string | null; input: string } | null;
  // Of one that the node does not know, or that made something else, its receipt tells.
  if (transaction === null || (transaction.to ?? null) !== null) return [];
  const addressOf = new Map(libraries.map(([name, [address = ""]]) => [name, address]));
  let bytecode = artifact.bytecode.toLowerCase();
  for (const ofSource of Object.values(artifact.linkReferences)) {
    for (const [name, places] of Object.entries(ofSource)) {
      for (const { start, length } of places) {
        const linked = addressOf.get(name)?.slice(2) ?? "";
        bytecode = bytecode.slice(0, 2 + 2 * start) + linked + bytecode.slice(2 + 2 * (start + length));
      }
    }
  }
  if (transaction.input.toLowerCase().startsWith(bytecode)) return [];
  return [`what made it is not what ${artifact.contractName} is compiled to`];
}
