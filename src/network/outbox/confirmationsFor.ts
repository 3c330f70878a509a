import { NetworkError } from "../NetworkError.js";

/** How a chain agrees on blocks. */
export type Consensus = "qbft" | "ibft2" | "clique";

/**
 * How many confirmations make a block final: 1, the block itself, where validators agree on each block (QBFT, IBFT 2.0), and
 * 2·(⌊N/2⌋+1) blocks on top of it under Clique, which drops blocks after a cut. Fewer were seen to be wrong there, also with a
 * majority of distinct sealers on top.
 *
 * @throws NetworkError VALIDATORS_INVALID, when there is none.
 * @example
 * ```ts
 * const confirmations = confirmationsFor({ kind: "clique", validators: 5 }); // 6
 * ```
 */
export function confirmationsFor({ kind, validators }: { kind: Consensus; validators: number }): number {
  if (!Number.isSafeInteger(validators) || validators < 1) {
    throw new NetworkError("VALIDATORS_INVALID", `${validators} is no number of validators`);
  }
  return kind === "clique" ? 2 * (Math.floor(validators / 2) + 1) : 1;
}
