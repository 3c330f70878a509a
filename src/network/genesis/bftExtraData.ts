import { getBytes, hexlify } from "ethers";

import type { BftKind } from "../../blocks/bftExtra.js";
import type { RlpItem } from "../../blocks/decodeRlp.js";
import { encodeRlp } from "../../blocks/encodeRlp.js";
import { sortedValidators } from "./sortedValidators.js";

const VANITY = new Uint8Array(32);

/** No vote, and round 0. `decodeBftExtra` tells how the two protocols write them. */
const NO_VOTE_ROUND_0: Readonly<Record<BftKind, readonly RlpItem[]>> = {
  qbft: [[], new Uint8Array()],
  ibft2: [new Uint8Array(), new Uint8Array(4)],
};

/**
 * `extraData` of a QBFT or IBFT 2.0 genesis: RLP of 32 bytes of no meaning, the validators in ascending order, no vote,
 * round 0 and no seals.
 *
 * @throws {@link NetworkError} `VALIDATORS_INVALID`.
 *
 * @example
 * ```ts
 * genesis.extraData === bftExtraData(validators, "qbft");
 * ```
 */
export function bftExtraData(validators: readonly string[], kind: BftKind): string {
  const addresses = sortedValidators(validators).map((address) => getBytes(address));
  return hexlify(encodeRlp([VANITY, addresses, ...NO_VOTE_ROUND_0[kind], []]));
}
