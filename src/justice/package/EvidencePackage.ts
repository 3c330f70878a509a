import type { TrustChange } from "../../trust/snapshot.js";
import type { SealingKind } from "../chain/BlockHeader.js";
import type { ReceiptProof } from "../chain/proveReceipt.js";
import type { EvidenceStatement } from "../evidence/statement.js";

/** Where an exhibit stands in a batch; as `IEvidenceRegistry.Place`. */
export interface PackagePlace {
  depositor: number;
  inLog: boolean;
  root: string;
  size: number;
  index: number;
  path: string[];
}

/** Which exhibit of which registry. Addresses and words are in lower case. */
export interface PackageExhibit {
  chainId: number;
  registry: string;
  trustList: string;
  commitment: string;
  /** Of a member of a batch that was not singled out. */
  place?: PackagePlace;
}

/** An account and words of its storage, as `eth_getProof` proves them; keys and order follow from the exhibit and are not repeated. */
export interface PackageProof {
  accountProof: string[];
  storageProofs: string[][];
}

/** A change of custody: the receipt that holds its event, in a block of the same chain. */
export interface PackageCustody {
  /** The header's RLP. */
  header: string;
  receipt: ReceiptProof;
}

/** Something besides the seals that shows by when the block existed; what is bound is `anchorDigest` of its hash. */
export type PackageAnchor =
  | { kind: "rfc3161"; token: string }
  | { kind: "opentimestamps"; proof: string }
  | { kind: "cosignature"; note: string };

/** All that a court needs, with the file and a trust anchor, to check an exhibit with no node. */
export interface EvidencePackage {
  schema: typeof PACKAGE_SCHEMA;
  statement: EvidenceStatement;
  salt: string;
  exhibit: PackageExhibit;
  /** The RLP of the header whose state is proved. */
  header: string;
  registryProof: PackageProof;
  trustProof: PackageProof;
  /** All changes of the trust list up to the header. */
  trust: TrustChange[];
  /** Headers that lead from the trust anchor to the header; see docs/evidence-package.md. */
  sealing: { kind: SealingKind; headers: string[] };
  custody: PackageCustody[];
  anchors: PackageAnchor[];
}

/**
 * Names the form of a package.
 *
 * @example
 * ```ts
 * const isPackage = JSON.parse(text).schema === PACKAGE_SCHEMA;
 * ```
 */
export const PACKAGE_SCHEMA = "diwan.evidence.package.v1";

/**
 * A package's parts in the order in which a zip holds them, each in a file `<part>.json`.
 *
 * @example
 * ```ts
 * for (const part of PACKAGE_PARTS) console.log(`${part}.json`);
 * ```
 */
export const PACKAGE_PARTS = [
  "schema",
  "statement",
  "salt",
  "exhibit",
  "header",
  "registryProof",
  "trustProof",
  "trust",
  "sealing",
  "custody",
  "anchors",
] as const satisfies readonly (keyof EvidencePackage)[];
