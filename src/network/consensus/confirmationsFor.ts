import type { SealingKind } from "../../blocks/BlockHeader.js";
import { NetworkError } from "../NetworkError.js";

/**
 * How many confirmations make a block final: 1, the block itself, where validators agree on each block (QBFT, IBFT 2.0) or
 * nobody seals, and 2·(⌊N/2⌋+1) blocks on top of it under Clique, which drops blocks after a cut. Fewer were seen to be wrong
 * there, also with a majority of distinct sealers on top.
 *
 * @param chain.validators How many seal; only Clique's must be known.
 * @throws NetworkError VALIDATORS_INVALID, when Clique's are none, or not known.
 * @example
 * ```ts
 * const confirmations = confirmationsFor({ kind: "clique", validators: 5 }); // 6
 * ```
 */
export function confirmationsFor({ kind, validators }: { kind: SealingKind; validators?: number }): number {
  if (kind !== "clique") return 1;
  if (validators === undefined || !Number.isSafeInteger(validators) || validators < 1) {
    const message = `how deep is deep enough hangs on the number of Clique's signers, which is ${validators ?? "not told"}`;
    throw new NetworkError("VALIDATORS_INVALID", message);
  }
  return 2 * (Math.floor(validators / 2) + 1);
}
