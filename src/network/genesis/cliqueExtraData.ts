import { concat } from "ethers";

import { sortedValidators } from "./sortedValidators.js";

const [VANITY, SEAL] = [new Uint8Array(32), new Uint8Array(65)];

/**
 * `extraData` of a Clique genesis (EIP-225): 32 bytes of no meaning, the signers in ascending order, and room for a seal,
 * which a genesis has not.
 *
 * @throws {@link NetworkError} `VALIDATORS_INVALID`.
 *
 * @example
 * ```ts
 * genesis.extraData === cliqueExtraData(signers);
 * ```
 */
export function cliqueExtraData(signers: readonly string[]): string {
  return concat([VANITY, ...sortedValidators(signers), SEAL]);
}
