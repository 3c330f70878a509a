import {
  ADDRESS,
  BYTES32,
  type JsonReader,
  LINE,
  listOf,
  objectOf,
  oneOf,
  readJson,
  textLike,
  wholeBelow,
} from "../../ledger/readJson.js";
import { NetworkError } from "../NetworkError.js";
import { SUITE_NAMES, type SuiteName } from "../suite/suiteContracts.js";

import {
  IMPLEMENTATIONS,
  type ManifestContract,
  type ManifestNode,
  NETWORK_MANIFEST_SCHEMA,
  type NetworkManifest,
} from "./NetworkManifest.js";

const address = textLike(ADDRESS);
const hash = textLike(BYTES32);
const whole = wholeBelow(Number.MAX_SAFE_INTEGER);
const contract = objectOf<ManifestContract>({ address, deployBlock: whole, transaction: hash, codeHash: hash });

/** A contract for each name, or nothing at all. */
function eachOrNone<Name extends string>(names: readonly Name[]): JsonReader<Partial<Record<Name, ManifestContract>>> {
  const readers = Object.fromEntries(names.map((name) => [name, contract])) as Record<Name, typeof contract>;
  const each = objectOf<Record<Name, ManifestContract>>(readers);
  return (value, path, refuse) => (isEmpty(value) ? {} : each(value, path, refuse));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

const node = objectOf<{ rpcUrl: string }, Required<Omit<ManifestNode, "rpcUrl">>>(
  { rpcUrl: textLike(LINE) },
  { signer: address, pid: whole, log: textLike(LINE) },
);

const READER = objectOf(
  {
    schema: oneOf([NETWORK_MANIFEST_SCHEMA]),
    name: textLike(LINE),
    chainId: whole,
    genesisHash: hash,
    consensus: oneOf(["qbft", "ibft2", "clique", "none"]),
    validators: listOf(address, 1_000),
    relay: oneOf(["forwarder", "lacchain-hub"]),
    contracts: eachOrNone<SuiteName>(SUITE_NAMES),
    implementations: eachOrNone(IMPLEMENTATIONS),
    schemas: listOf(hash, 100_000),
  },
  {
    hub: address,
    nodes: listOf(node, 1_000),
    versions: objectOf({ suite: textLike(LINE), compiler: textLike(LINE) }),
  },
);

/**
 * Reads a network manifest's JSON, to the letter: a member more or less is refused.
 *
 * @throws NetworkError MANIFEST_INVALID, which names the member.
 * @example
 * ```ts
 * const manifest = readManifest(await readFile("manifest.json", "utf8"));
 * ```
 */
export function readManifest(text: string): NetworkManifest {
  const fail = (problem: string) => new NetworkError("MANIFEST_INVALID", `the network manifest: ${problem}`);
  const manifest = readJson(text, READER, fail);
  if ((manifest.relay === "lacchain-hub") !== (manifest.hub !== undefined)) {
    throw fail("the file cannot be read: hub goes with the relay lacchain-hub, and with no other");
  }
  const { contracts, implementations, versions, schemas } = manifest;
  const there = [!isEmpty(contracts), !isEmpty(implementations), versions !== undefined];
  if (there.includes(true) && there.includes(false)) {
    throw fail("the file cannot be read: contracts, implementations and versions go together");
  }
  if (isEmpty(contracts) && schemas.length > 0) {
    throw fail("the file cannot be read: schemas has ids where nothing is deployed");
  }
  return manifest as NetworkManifest;
}
