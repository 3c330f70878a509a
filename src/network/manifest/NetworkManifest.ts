import type { SealingKind } from "../../blocks/BlockHeader.js";
import type { SuiteName } from "../suite/suiteContracts.js";

/**
 * Names the form of a network manifest; another form gets another number.
 *
 * @example
 * ```ts
 * if (manifest.schema !== NETWORK_MANIFEST_SCHEMA) updateDiwan();
 * ```
 */
export const NETWORK_MANIFEST_SCHEMA = "diwan.network-manifest.v1";

/** A contract, where it is and since when. */
export interface ManifestContract {
  readonly address: string;
  /** The block that made it. */
  readonly deployBlock: number;
  /** The transaction that made it. */
  readonly transaction: string;
  /** Keccak-256 of its code on the chain. */
  readonly codeHash: string;
}

/** Through what transactions reach the contracts: directly and by the forwarder, or by LACChain's hub too. */
export type RelayKind = "forwarder" | "lacchain-hub";

/** What deploys clones, beside the suite's own contracts. */
export const IMPLEMENTATIONS = ["election", "trustees"] as const;

/** The name of one of these. */
export type ImplementationName = (typeof IMPLEMENTATIONS)[number];

/** A node that answers. What runs on this machine tells its sealer, process and log, too. */
export interface ManifestNode {
  readonly rpcUrl: string;
  /** The address that it seals as. */
  readonly signer?: string;
  readonly pid?: number;
  /** Path of its log. */
  readonly log?: string;
}

/** A network, and what is deployed on it: the whole suite, or nothing yet. Hex is in lower case. */
export interface NetworkManifest {
  readonly schema: typeof NETWORK_MANIFEST_SCHEMA;
  /** The network's name among people. */
  readonly name: string;
  readonly chainId: number;
  /** Hash of block 0: a chain made anew has another, even where it has the old id. */
  readonly genesisHash: string;
  readonly consensus: SealingKind;
  /** In ascending order; empty where the node did not tell. */
  readonly validators: readonly string[];
  readonly relay: RelayKind;
  /** LACChain's hub, where `relay` says so. */
  readonly hub?: string;
  readonly nodes?: readonly ManifestNode[];
  /** All, or none: `requireSuite` tells. */
  readonly contracts: Readonly<Partial<Record<SuiteName, ManifestContract>>>;
  /** What elections and their trustees are clones of. */
  readonly implementations: Readonly<Partial<Record<ImplementationName, ManifestContract>>>;
  /** Ids in the schema registry, in ascending order. */
  readonly schemas: readonly string[];
  /** Of what is deployed. */
  readonly versions?: SuiteVersions;
}

/** What was deployed, by the deployer's word. */
export interface SuiteVersions {
  readonly suite: string;
  readonly compiler: string;
}

/** A network with the suite on it. */
export interface SuiteManifest extends NetworkManifest {
  readonly contracts: Readonly<Record<SuiteName, ManifestContract>>;
  readonly implementations: Readonly<Record<ImplementationName, ManifestContract>>;
  readonly versions: SuiteVersions;
}
