import {
  ADDRESS,
  BYTES32,
  LINE,
  listOf,
  objectOf,
  oneOf,
  readJson,
  textLike,
  wholeBelow,
} from "../../ledger/readJson.js";
import { NetworkError } from "../NetworkError.js";
import { SUITE_NAMES, type SuiteName } from "../suiteContracts.js";

import {
  IMPLEMENTATIONS,
  type ManifestContract,
  NETWORK_MANIFEST_SCHEMA,
  type NetworkManifest,
} from "./NetworkManifest.js";

const address = textLike(ADDRESS);
const hash = textLike(BYTES32);
const whole = wholeBelow(Number.MAX_SAFE_INTEGER);
const contract = objectOf<ManifestContract>({ address, deployBlock: whole, transaction: hash, codeHash: hash });

/** The same reader for each name. */
function each<Name extends string>(names: readonly Name[]) {
  const readers = Object.fromEntries(names.map((name) => [name, contract])) as Record<Name, typeof contract>;
  return objectOf<Record<Name, ManifestContract>>(readers);
}

const READER = objectOf(
  {
    schema: oneOf([NETWORK_MANIFEST_SCHEMA]),
    name: textLike(LINE),
    chainId: whole,
    genesisHash: hash,
    consensus: oneOf(["qbft", "ibft2", "clique", "none"]),
    validators: listOf(address, 1_000),
    relay: oneOf(["forwarder", "lacchain-hub"]),
    contracts: each<SuiteName>(SUITE_NAMES),
    implementations: each(IMPLEMENTATIONS),
    schemas: listOf(hash, 100_000),
    versions: objectOf({ suite: textLike(LINE), compiler: textLike(LINE) }),
  },
  { hub: address },
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
  return manifest as NetworkManifest;
}
