import { keccak256 } from "ethers";

import { SchemaRegistry__factory } from "../../typechain/index.js";
import { askValidators } from "../consensus/askValidators.js";
import { sealingOf } from "../consensus/sealingOf.js";
import { NetworkError } from "../NetworkError.js";
import { callOrRefused } from "../rpc/callOrRefused.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { requireChain } from "../rpc/requireChain.js";
import { SUITE_NAMES } from "../suite/suiteContracts.js";

import { checkCode } from "./checkCode.js";
import { checkRoles } from "./checkRoles.js";
import { checkWiring } from "./checkWiring.js";
import type { ArtifactOf } from "./ContractArtifact.js";
import type { ManifestProblem } from "./ManifestProblem.js";
import { IMPLEMENTATIONS, type ManifestContract, type NetworkManifest, type SuiteManifest } from "./NetworkManifest.js";
import { requireSuite } from "./requireSuite.js";

/**
 * Compares a manifest with its chain: id, genesis, consensus, validators, and of each contract its code's hash, its creation
 * and whom it trusts, who holds the manager's roles, and the schemas. Of a network with nothing on it, what there is.
 *
 * With `artifactOf`, also that the code is what the compiler gave and what it was built with: `checkCode`. Without it, hashes of code are
 * compared with the manifest's own, and which trust list a registry was built with is in its code alone.
 *
 * Warning: the node is believed, and versions and periods are the deployer's word. Through LACChain's hub, what made a contract is not
 * compared, which may have written into its storage.
 *
 * @param manifest From `readManifest`.
 * @param node A node of the chain, which is believed: ask your own.
 * @param artifactOf Finds the artifacts that code is compared with, of the version that was deployed: a package's own are those of its version.
 * @returns What differs, by the manifest's members; nothing when all is as it says. On another chain that alone is told.
 * @throws what the node throws when it cannot be reached, or has no block 0
 * @example
 * ```ts
 * const folder = new URL(import.meta.resolve("@diwan/contracts/artifacts/TrustList.json"));
 * const artifactOf = async (name: string) => JSON.parse(await readFile(new URL(`${name}.json`, folder), "utf8"));
 * const problems = await verifyManifest(manifest, new JsonRpcProvider(url), artifactOf);
 * ```
 */
export async function verifyManifest(
  manifest: NetworkManifest,
  node: JsonRpc,
  artifactOf?: ArtifactOf,
): Promise<ManifestProblem[]> {
  try {
    await requireChain(manifest, node);
  } catch (error) {
    if (!(error instanceof NetworkError && error.code === "RPC_WRONG_CHAIN")) throw error;
    return [{ path: error.message.includes("genesis") ? "genesisHash" : "chainId", problem: error.message }];
  }
  const problems = await checkSealing(manifest, node);
  if (Object.keys(manifest.contracts).length === 0) return problems;
  const suite = requireSuite(manifest);
  problems.push(...(await checkSuite(suite, node)));
  if (artifactOf !== undefined) problems.push(...(await checkCode(suite, node, artifactOf)));
  return problems;
}

async function checkSuite(manifest: SuiteManifest, node: JsonRpc): Promise<ManifestProblem[]> {
  const creators: string[] = [];
  const problems: ManifestProblem[] = [];
  const named = [
    ...SUITE_NAMES.map((name) => [`contracts.${name}`, manifest.contracts[name]] as const),
    ...IMPLEMENTATIONS.map((name) => [`implementations.${name}`, manifest.implementations[name]] as const),
  ];
  for (const [path, contract] of named) problems.push(...(await checkContract(path, contract, node, creators)));
  problems.push(...(await checkWiring(manifest, node, creators)));
  problems.push(...(await checkRoles(manifest, node)));
  problems.push(...(await checkSchemas(manifest, node)));
  return problems;
}

async function checkSealing(manifest: NetworkManifest, node: JsonRpc): Promise<ManifestProblem[]> {
  const head = (await node.send("eth_getBlockByNumber", ["latest", false])) as Record<string, unknown>;
  const sealing = sealingOf(head);
  if (sealing !== manifest.consensus) {
    return [{ path: "consensus", problem: `the chain's blocks are sealed by ${sealing}, not ${manifest.consensus}` }];
  }
  const validators = await askValidators(node, sealing).catch((error: unknown) => {
    if (error instanceof NetworkError) return undefined;
    throw error;
  });
  const said = manifest.validators.join(", ");
  // A manifest without validators was written where the node did not tell, as this one may not.
  if (validators === undefined) {
    return said === "" ? [] : [{ path: "validators", problem: "this node does not tell who seals: ask one that does" }];
  }
  const found = validators.map((validator) => validator.toLowerCase()).join(", ");
  return found === said ? [] : [{ path: "validators", problem: `those who seal now are ${found || "none"}` }];
}

async function checkContract(
  path: string,
  { address, codeHash, deployBlock, transaction }: ManifestContract,
  node: JsonRpc,
  creators: string[],
): Promise<ManifestProblem[]> {
  const code = (await node.send("eth_getCode", [address, "latest"])) as string;
  if (code === "0x") return [{ path: `${path}.address`, problem: `there is no contract at ${address}` }];
  const problems: ManifestProblem[] = [];
  const found = keccak256(code);
  if (found !== codeHash) problems.push({ path: `${path}.codeHash`, problem: `its code's hash is ${found}` });
  const receipt = (await node.send("eth_getTransactionReceipt", [transaction])) as {
    contractAddress?: string | null;
    blockNumber: string;
    from: string;
  } | null;
  if (receipt?.contractAddress?.toLowerCase() !== address) {
    const made = receipt?.contractAddress ?? "nothing";
    return [...problems, { path: `${path}.transaction`, problem: `this transaction made ${made}, not ${address}` }];
  }
  creators.push(receipt.from.toLowerCase());
  if (Number(receipt.blockNumber) !== deployBlock) {
    problems.push({ path: `${path}.deployBlock`, problem: `it was made in block ${Number(receipt.blockNumber)}` });
  }
  return problems;
}

async function checkSchemas({ schemas, contracts }: SuiteManifest, node: JsonRpc): Promise<ManifestProblem[]> {
  const registry = SchemaRegistry__factory.createInterface();
  const problems: ManifestProblem[] = [];
  for (const [i, id] of schemas.entries()) {
    const call = registry.encodeFunctionData("schemaOf", [id]);
    const answer = await callOrRefused(node, contracts.schemaRegistry.address, call);
    // The registry refuses an id that it does not know.
    if (answer === undefined || answer === "0x")
      problems.push({ path: `schemas[${i}]`, problem: `the schema ${id} is not registered` });
  }
  return problems;
}
