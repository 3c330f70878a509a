import type { SealingKind } from "../../blocks/BlockHeader.js";
import type { SuiteName } from "../suiteContracts.js";

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

/** All that this library needs of a deployed network. Hex is in lower case. */
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
  readonly contracts: Readonly<Record<SuiteName, ManifestContract>>;
  /** What elections and their trustees are clones of. */
  readonly implementations: Readonly<Record<(typeof IMPLEMENTATIONS)[number], ManifestContract>>;
  /** Ids in the schema registry, in ascending order. */
  readonly schemas: readonly string[];
  readonly versions: { readonly suite: string; readonly compiler: string };
}
