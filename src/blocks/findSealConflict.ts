import type { SealedHeader, SealingKind } from "./BlockHeader.js";

/** Two different blocks of one height, both sealed. */
export interface SealConflict {
  readonly number: number;
  readonly sealing: SealingKind;
  /** Of the two blocks, in the order given. */
  readonly hashes: readonly [string, string];
  readonly haveOneParent: boolean;
  /** Who sealed both. Of QBFT's or IBFT 2.0's quorums of one set at least a third did, by fault or by failure. */
  readonly signedBoth: readonly string[];
}

/**
 * Whether two headers, whose seals were checked before, contradict each other: two blocks of one height. It is for whoever is
 * shown both, since no single header tells. Validators that crash can sign so too, so a conflict is a finding and blames
 * nobody; which block the chain kept, the seals do not say. In Clique it is how branches look.
 *
 * @returns Nothing if the two are one block, though with other seals, or of different heights.
 *
 * @example
 * ```ts
 * const conflict = findSealConflict(verifyQbft(theirs, validators), verifyQbft(ours, validators));
 * if (conflict) report(conflict.number, conflict.signedBoth);
 * ```
 */
export function findSealConflict(first: SealedHeader, second: SealedHeader): SealConflict | undefined {
  if (first.sealing !== second.sealing || first.header.number !== second.header.number) return undefined;
  if (first.hash === second.hash) return undefined;
  return {
    number: first.header.number,
    sealing: first.sealing,
    hashes: [first.hash, second.hash],
    haveOneParent: first.header.parentHash === second.header.parentHash,
    signedBoth: first.signers.filter((signer) => second.signers.includes(signer)),
  };
}
