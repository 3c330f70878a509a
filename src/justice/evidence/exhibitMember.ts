import { AbiCoder, hexlify, keccak256 } from "ethers";

import type { LogTree } from "../../ledger/LogTree.js";

/** Where an exhibit stands in a batch: `IEvidenceRegistry.Place`. */
export interface ExhibitPlace {
  /** The depositor's index in the trust list. */
  depositor: number;
  /** Whether the batch is in the depositor's log. */
  inLog: boolean;
  /** The tree's root, 32 bytes in hex: the log's as of the batch's end, or the batch's own. */
  root: string;
  /** The tree's entries. */
  size: number;
  /** The exhibit's index in the tree, from 0. */
  index: number;
  /** Siblings from the leaf up, 32 bytes in hex each. */
  path: string[];
}

/** An exhibit of a batch, with its proof: `IEvidenceRegistry.BatchedExhibit`. */
export interface ExhibitMember {
  /** 32 bytes in hex. */
  commitment: string;
  place: ExhibitPlace;
}

/**
 * The last exhibits of a tree, each with its proof; nothing is sent.
 *
 * @param tree The tree as it was when they were deposited, or one that was so at `batch.size`.
 * @param batch Whose batch it is, whether in the log, and the tree's size after the last of them; its present size, if left out.
 * @param commitments The exhibits, in their order; the last has the index before `batch.size`.
 * @throws LedgerError LOG_SIZE_OUT_OF_RANGE, LOG_INDEX_OUT_OF_RANGE
 * @example
 * ```ts
 * const [member] = exhibitMembersOf(tree, { depositor, inLog: true, size: 1_000 }, [commitment]);
 * ```
 */
export function exhibitMembersOf(
  tree: LogTree,
  batch: { depositor: number; inLog: boolean; size?: number },
  commitments: readonly string[],
): ExhibitMember[] {
  const { depositor, inLog, size = tree.size } = batch;
  const root = hexlify(tree.root(size));
  const first = size - commitments.length;
  return commitments.map((commitment, i) => {
    const path = tree.inclusionProof(first + i, size).map((node) => hexlify(node));
    return { commitment, place: { depositor, inLog, root, size, index: first + i, path } };
  });
}

/**
 * A batch's id, by which witnesses co-attest it and the registry keeps it.
 *
 * @param batch Its depositor, root and size, and whether it is in the depositor's log.
 * @returns 32 bytes in hex.
 * @example
 * ```ts
 * const signed = await signCoAttestation(registry, notary, { subject: batchIdOf(member.place), role: "notary" }, { deadline });
 * ```
 */
export function batchIdOf({
  depositor,
  inLog,
  root,
  size,
}: Pick<ExhibitPlace, "depositor" | "inLog" | "root"> & { size: number | bigint }): string {
  const words = AbiCoder.defaultAbiCoder().encode(
    ["uint32", "bool", "bytes32", "uint64"],
    [depositor, inLog, root, size],
  );
  return keccak256(words);
}
