import { keccak256 } from "ethers";

import type { SealingKind } from "../../blocks/BlockHeader.js";
import { SchemaRegistry__factory } from "../../typechain/index.js";
import { askValidators } from "../consensus/askValidators.js";
import { sealingOf } from "../consensus/sealingOf.js";
import { NetworkError } from "../NetworkError.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { readLogs } from "../rpc/readLogs.js";
import { SUITE_NAMES, type SuiteName } from "../suite/suiteContracts.js";

import {
  type ImplementationName,
  IMPLEMENTATIONS,
  type ManifestContract,
  NETWORK_MANIFEST_SCHEMA,
  type SuiteManifest,
  type SuiteVersions,
} from "./NetworkManifest.js";

/** What a deployment knows and a chain does not tell. */
export interface DeploymentFacts {
  readonly name: string;
  /** By its name, where each contract is and the transaction that made it. */
  readonly created: Readonly<Record<SuiteName | ImplementationName, { address: string; transaction: string }>>;
  readonly hub?: string;
  readonly versions: SuiteVersions;
}

/**
 * Describes a deployed suite by what its chain says of it.
 *
 * @throws NetworkError NODE_UNREADABLE when the chain lacks a contract, or the transaction that made it.
 * @example
 * ```ts
 * const manifest = await makeManifest(node, { name: "consortium", created, versions });
 * ```
 */
export async function makeManifest(node: JsonRpc, facts: DeploymentFacts): Promise<SuiteManifest> {
  const { name, created, hub, versions } = facts;
  const chainId = Number(BigInt((await node.send("eth_chainId", [])) as string));
  const genesis = (await node.send("eth_getBlockByNumber", ["0x0", false])) as Record<string, unknown>;
  const head = (await node.send("eth_getBlockByNumber", ["latest", false])) as Record<string, unknown>;
  const describe = async <Name extends keyof typeof created>(names: readonly Name[]) => {
    const entries = names.map(async (one) => [one, await describeContract(node, one, created[one])] as const);
    return Object.fromEntries(await Promise.all(entries)) as Record<Name, ManifestContract>;
  };
  const consensus = sealingOf(head);
  const contracts = await describe(SUITE_NAMES);
  return {
    schema: NETWORK_MANIFEST_SCHEMA,
    name,
    chainId,
    genesisHash: genesis.hash as string,
    consensus,
    validators: await validatorsOf(node, consensus),
    relay: hub === undefined ? "forwarder" : "lacchain-hub",
    ...(hub !== undefined && { hub: hub.toLowerCase() }),
    contracts,
    implementations: await describe(IMPLEMENTATIONS),
    schemas: await schemasOf(node, contracts.schemaRegistry),
    versions,
  };
}

async function describeContract(
  node: JsonRpc,
  name: string,
  { address, transaction }: { address: string; transaction: string },
): Promise<ManifestContract> {
  const code = (await node.send("eth_getCode", [address, "latest"])) as string;
  const receipt = (await node.send("eth_getTransactionReceipt", [transaction])) as { blockNumber: string } | null;
  if (code === "0x" || receipt === null) {
    throw new NetworkError("NODE_UNREADABLE", `the chain has no ${name} at ${address}, made by ${transaction}`);
  }
  return {
    address: address.toLowerCase(),
    deployBlock: Number(receipt.blockNumber),
    transaction,
    codeHash: keccak256(code),
  };
}

async function validatorsOf(node: JsonRpc, consensus: SealingKind): Promise<string[]> {
  try {
    return (await askValidators(node, consensus)).map((validator) => validator.toLowerCase());
  } catch (error) {
    // Preflight has told that the node keeps them to itself.
    if (error instanceof NetworkError) return [];
    throw error;
  }
}

async function schemasOf(node: JsonRpc, { address, deployBlock }: ManifestContract): Promise<string[]> {
  const { topicHash } = SchemaRegistry__factory.createInterface().getEvent("SchemaRegistered");
  const logs = await readLogs(node, { address, topics: [topicHash] }, deployBlock);
  return [...new Set(logs.map(({ topics }) => topics[1]!))].sort();
}
