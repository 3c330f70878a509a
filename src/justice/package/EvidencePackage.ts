import type { TrustChange } from "../../trust/snapshot.js";
import type { SealingKind } from "../../blocks/BlockHeader.js";
import type { ReceiptProof } from "../../blocks/proveReceipt.js";
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

/** A transaction's receipt that holds events of the exhibit, in a block of the same chain. */
export interface PackageReceipt {
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
  /** The salt of the case's number, whose tag is in the deposit's event. */
  caseSalt?: string;
  exhibit: PackageExhibit;
  /** The RLP of the header whose state is proved. */
  header: string;
  registryProof: PackageProof;
  trustProof: PackageProof;
  /** All changes of the trust list up to the header. */
  trust: TrustChange[];
  /**
   * Headers that lead from the trust anchor to the header; and those before it, oldest first, that lead from one to the next to
   * the first of these. See docs/evidence-package.md.
   */
  sealing: { kind: SealingKind; headers: string[]; ancestors: string[] };
  /** Receipts with the exhibit's events, oldest first: its deposit, its custody and what was decided. */
  custody: PackageReceipt[];
  anchors: PackageAnchor[];
  /** The RFC 3161 token, over a digest of the file, whose own digest is in the statement. */
  timestampToken?: string;
  /** SHA-256 of each other part's canonical JSON, by which an altered one is named. It is no signature. */
  manifest: PackageManifest;
}

/** Hex digests by the names of parts. */
export type PackageManifest = Record<string, string>;

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
 * A package's parts in the order in which a zip holds them, each in a file `<part>.json`; `caseSalt` and `timestampToken` only
 * where there are any.
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
  "caseSalt",
  "exhibit",
  "header",
  "registryProof",
  "trustProof",
  "trust",
  "sealing",
  "custody",
  "anchors",
  "timestampToken",
  "manifest",
] as const satisfies readonly (keyof EvidencePackage)[];
