import { getBytes } from "ethers";

import type { BlockHeader, SealedHeader } from "../chain/BlockHeader.js";
import { decodeBftExtra } from "../chain/bftExtra.js";
import { ChainProofError } from "../chain/ChainProofError.js";
import { cliqueDepth } from "../chain/cliqueDepth.js";
import { decodeHeader } from "../chain/decodeHeader.js";
import { followValidators } from "../chain/followValidators.js";
import { headerHash } from "../chain/headerHash.js";
import { verifyBft } from "../chain/verifyBft.js";
import { verifyClique } from "../chain/verifyClique.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { TrustAnchor } from "./readTrustAnchor.js";

/** How a block hangs on a trust anchor. */
export interface SealingFound extends SealedHeader {
  readonly anchoredBy: TrustAnchor["kind"];
  /** Seals needed; of Clique, the distinct sealers that make more than half. */
  readonly quorum: number | undefined;
  /** Blocks on top of it that were checked. */
  readonly depth: number;
  readonly distinctSealers: readonly string[];
  /** Blocks that hang on the anchor by the same proof, by their hashes. */
  readonly known: ReadonlySet<string>;
}

/**
 * Checks that a package's header hangs on a trust anchor: it is the block trusted or one of its ancestors that the headers lead
 * to, or validators sealed it who are trusted, or whom votes lead to from the genesis block, or signers from a checkpoint.
 *
 * @param header The header's RLP.
 * @throws ChainProofError
 * @example
 * ```ts
 * const { hash, signers, quorum } = verifySealing(found.header, found.sealing, anchor);
 * ```
 */
export function verifySealing(header: string, sealing: EvidencePackage["sealing"], anchor: TrustAnchor): SealingFound {
  const { kind, headers } = sealing;
  if (anchor.kind === "block") return followParents(header, sealing, anchor);
  if (anchor.kind === "validators") {
    if (kind !== "qbft" && kind !== "ibft2") return refuse(`pinned validators seal no block of kind ${kind}`);
    if (headers.length > 0) return refuse("pinned validators need no further headers");
    return bft(verifyBft(header, anchor.validators, kind), anchor.kind, []);
  }
  if (anchor.kind === "genesis") {
    if (kind !== "qbft") return refuse(`validators are followed by votes in qbft, not in ${kind}`);
    const known: string[] = [];
    const start = { genesisHash: anchor.hash, epochLength: anchor.epoch };
    const { sealed } = followValidators([...headers, header], start, (state) => known.push(state.hash), "changes");
    return sealed === undefined ? refuse("the header is the genesis block") : bft(sealed, anchor.kind, known);
  }
  if (kind !== "clique") return refuse(`the anchor is of Clique, the package of ${kind}`);
  const chain = verifyClique(headers, anchor);
  const { block, depth, distinctSealers, majority } = cliqueDepth(chain, decodeHeader(header).number);
  const at = headers[headers.length - 1 - depth];
  if (at !== header) return refuse("the header is none of the checked chain's");
  const known = new Set(chain.blocks.map(({ hash }) => hash));
  return { ...block, anchoredBy: "clique", quorum: majority, depth, distinctSealers, known };
}

function bft(
  sealed: SealedHeader & { quorum: number },
  anchoredBy: TrustAnchor["kind"],
  known: readonly string[],
): SealingFound {
  const { sealing, header, hash, signers, quorum } = sealed;
  return {
    sealing,
    header,
    hash,
    signers,
    anchoredBy,
    quorum,
    depth: 0,
    distinctSealers: signers,
    known: new Set([...known, hash]),
  };
}

/** Each header names its parent by hash, so the block trusted fixes all before it. */
function followParents(
  rlp: string,
  { kind, headers }: EvidencePackage["sealing"],
  anchor: Extract<TrustAnchor, { kind: "block" }>,
): SealingFound {
  const header = decodeHeader(rlp);
  let last: { header: BlockHeader; hash: string } = { header, hash: headerHash(rlp, kind) };
  const known = new Set([last.hash]);
  const signers = ownSigners(rlp, kind);
  const { hash } = last;
  for (const child of headers) {
    const next = decodeHeader(child);
    if (next.number !== last.header.number + 1 || next.parentHash !== last.hash) {
      throw new ChainProofError("CHAIN_BROKEN", `header ${next.number} does not follow header ${last.header.number}`);
    }
    ownSigners(child, kind);
    last = { header: next, hash: headerHash(child, kind) };
    known.add(last.hash);
  }
  if (last.header.number !== anchor.number || last.hash !== anchor.hash) {
    throw new ChainProofError(
      "ANCHOR_MISMATCH",
      `the headers lead to block ${last.header.number}, ${last.hash}; trusted is block ${anchor.number}, ${anchor.hash}`,
    );
  }
  return {
    sealing: kind,
    header,
    hash,
    signers,
    anchoredBy: "block",
    quorum: undefined,
    depth: headers.length,
    distinctSealers: signers,
    known,
  };
}

/** A BFT block's hash leaves its seals open; they must be those of the validators that it lists, or a byte of them would go unseen. */
function ownSigners(rlp: string, kind: EvidencePackage["sealing"]["kind"]): readonly string[] {
  if (kind !== "qbft" && kind !== "ibft2") return [];
  return verifyBft(rlp, decodeBftExtra(getBytes(decodeHeader(rlp).extraData), kind).validators, kind).signers;
}

function refuse(message: string): never {
  throw new ChainProofError("ANCHOR_MISMATCH", message);
}
