import { getBytes } from "ethers";

import type { BlockHeader, SealedHeader } from "../../blocks/BlockHeader.js";
import { decodeBftExtra } from "../../blocks/bftExtra.js";
import { ChainProofError } from "../../blocks/ChainProofError.js";
import { cliqueDepth } from "../../blocks/cliqueDepth.js";
import { decodeHeader } from "../../blocks/decodeHeader.js";
import { followValidators } from "../../blocks/followValidators.js";
import { headerHash } from "../../blocks/headerHash.js";
import type { ValidatorsState } from "../../blocks/ValidatorsState.js";
import { verifyBft } from "../../blocks/verifyBft.js";
import { verifyClique } from "../../blocks/verifyClique.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { TrustAnchor } from "./readTrustAnchor.js";

/** A block of the checked chain. */
export interface KnownBlock {
  readonly number: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** How a block hangs on a trust anchor. */
export interface SealingFound extends SealedHeader {
  readonly anchoredBy: TrustAnchor["kind"];
  /** Seals needed; of Clique, the distinct sealers that make more than half. */
  readonly quorum: number | undefined;
  /** Those who may seal; none where the anchor is a block. */
  readonly validators: readonly string[];
  /** Blocks on top of it that were checked. */
  readonly depth: number;
  readonly distinctSealers: readonly string[];
  /** The blocks that hang on the anchor by the same proof, by their hashes. */
  readonly known: ReadonlyMap<string, KnownBlock>;
}

/**
 * Checks that a package's header hangs on a trust anchor: it is the block trusted or one of its ancestors that the headers lead
 * to, or validators sealed it who are trusted, or whom votes lead to from the genesis block, or signers from a checkpoint. The
 * package's `ancestors` hang on it by their hashes.
 *
 * @param header The header's RLP.
 * @throws ChainProofError
 * @example
 * ```ts
 * const { hash, signers, quorum } = verifySealing(found.header, found.sealing, anchor);
 * ```
 */
export function verifySealing(header: string, sealing: EvidencePackage["sealing"], anchor: TrustAnchor): SealingFound {
  const found = bySeals(header, sealing, anchor);
  const first = anchor.kind === "clique" || anchor.kind === "genesis" ? sealing.headers[0]! : header;
  const known = new Map([...found.known, ...ancestorsOf(first, sealing)]);
  return { ...found, known };
}

/**
 * The hash of another header of the same chain: one that `verifySealing` came across, or that the pinned validators sealed.
 *
 * @throws ChainProofError ANCHOR_MISMATCH, or what `verifyBft` throws
 * @example
 * ```ts
 * const hash = verifyOther(rlp, found.sealing.kind, sealing, anchor);
 * ```
 */
export function verifyOther(
  rlp: string,
  kind: EvidencePackage["sealing"]["kind"],
  found: SealingFound,
  anchor: TrustAnchor,
): string {
  const hash = headerHash(rlp, kind);
  if (!found.known.has(hash)) {
    if (anchor.kind !== "validators" || (kind !== "qbft" && kind !== "ibft2")) {
      return refuse(`block ${decodeHeader(rlp).number} is not on the checked chain`);
    }
    return verifyBft(rlp, anchor.validators, kind).hash;
  }
  ownSigners(rlp, kind);
  return hash;
}

function bySeals(header: string, sealing: EvidencePackage["sealing"], anchor: TrustAnchor): SealingFound {
  const { kind, headers } = sealing;
  if (anchor.kind === "block") return followParents(header, sealing, anchor);
  if (anchor.kind === "validators") {
    if (kind !== "qbft" && kind !== "ibft2") return refuse(`pinned validators seal no block of kind ${kind}`);
    const known = new Map(headers.map((rlp) => placed(verifyBft(rlp, anchor.validators, kind))));
    return bft(verifyBft(header, anchor.validators, kind), anchor.kind, known);
  }
  if (anchor.kind === "genesis") {
    if (kind !== "qbft") return refuse(`validators are followed by votes in qbft, not in ${kind}`);
    if (headers.length === 0) return refuse("there are no headers from the genesis block on");
    const known = new Map<string, KnownBlock>();
    const start = { genesisHash: anchor.hash, epochLength: anchor.epoch };
    const visit = ({ hash, number, timestamp }: ValidatorsState): unknown => known.set(hash, { number, timestamp });
    const { sealed } = followValidators([...headers, header], start, visit, "changes");
    return sealed === undefined ? refuse("the header is the genesis block") : bft(sealed, anchor.kind, known);
  }
  if (kind !== "clique") return refuse(`the anchor is of Clique, the package of ${kind}`);
  const chain = verifyClique(headers, anchor);
  const { block, depth, distinctSealers, majority } = cliqueDepth(chain, decodeHeader(header).number);
  const at = headers[headers.length - 1 - depth];
  if (at !== header) return refuse("the header is none of the checked chain's");
  const known = new Map(chain.blocks.map(placed));
  const { signers: validators } = chain;
  return { ...block, anchoredBy: "clique", quorum: majority, validators, depth, distinctSealers, known };
}

function placed({ hash, header }: Pick<SealedHeader, "hash" | "header">): [string, KnownBlock] {
  return [hash, { number: header.number, timestamp: header.timestamp }];
}

function bft(
  sealed: SealedHeader & { quorum: number; validators: readonly string[] },
  anchoredBy: TrustAnchor["kind"],
  known: Map<string, KnownBlock>,
): SealingFound {
  const { sealing, header, hash, signers, quorum, validators } = sealed;
  known.set(...placed(sealed));
  return { sealing, header, hash, signers, anchoredBy, quorum, validators, depth: 0, distinctSealers: signers, known };
}

/** Each header names its parent by hash, so the block trusted fixes all before it. */
function followParents(
  rlp: string,
  { kind, headers }: EvidencePackage["sealing"],
  anchor: Extract<TrustAnchor, { kind: "block" }>,
): SealingFound {
  const header = decodeHeader(rlp);
  let last: { header: BlockHeader; hash: string } = { header, hash: headerHash(rlp, kind) };
  const known = new Map([placed(last)]);
  const signers = ownSigners(rlp, kind);
  const { hash } = last;
  for (const child of headers) {
    const next = { header: decodeHeader(child), hash: headerHash(child, kind) };
    requireParent(last, next.header);
    ownSigners(child, kind);
    last = next;
    known.set(...placed(last));
  }
  if (last.header.number !== anchor.number || last.hash !== anchor.hash) {
    refuse(
      `the headers lead to block ${last.header.number}, ${last.hash}; trusted is block ${anchor.number}, ${anchor.hash}`,
    );
  }
  const depth = headers.length;
  const rest = { quorum: undefined, validators: [], depth, distinctSealers: signers, known };
  return { sealing: kind, header, hash, signers, anchoredBy: "block", ...rest };
}

/** From a header back, each by the hash that the one after it names. */
function ancestorsOf(first: string, { kind, ancestors }: EvidencePackage["sealing"]): [string, KnownBlock][] {
  let child = decodeHeader(first);
  return ancestors.toReversed().map((rlp) => {
    const parent = { header: decodeHeader(rlp), hash: headerHash(rlp, kind) };
    requireParent(parent, child);
    ownSigners(rlp, kind);
    child = parent.header;
    return placed(parent);
  });
}

function requireParent(parent: Pick<SealedHeader, "header" | "hash">, child: BlockHeader): void {
  if (child.number !== parent.header.number + 1 || child.parentHash !== parent.hash) {
    throw new ChainProofError("CHAIN_BROKEN", `header ${child.number} does not follow header ${parent.header.number}`);
  }
}

/** A BFT block's hash leaves its seals open; they must be those of the validators that it lists, or a byte of them would go unseen. */
function ownSigners(rlp: string, kind: EvidencePackage["sealing"]["kind"]): readonly string[] {
  if (kind !== "qbft" && kind !== "ibft2") return [];
  const header = decodeHeader(rlp);
  // The genesis block is sealed by nobody.
  if (header.number === 0) return [];
  return verifyBft(rlp, decodeBftExtra(getBytes(header.extraData), kind).validators, kind).signers;
}

function refuse(message: string): never {
  throw new ChainProofError("ANCHOR_MISMATCH", message);
}
