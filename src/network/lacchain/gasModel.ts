import { AbiCoder, concat, dataSlice, getAddress, dataLength } from "ethers";

import { NetworkError } from "../NetworkError.js";

/** What LACChain's nodes read at the end of a transaction's data. */
export interface GasModel {
  /** Address of the writer node that the transaction is sent through, which bears its gas. */
  readonly node: string;
  /** Until when it is good, in Unix seconds. */
  readonly expiration: number;
}

const WORDS = ["address", "uint256"];
const LENGTH = 64;

/**
 * Puts the node's address and the expiration behind a call's data or a contract's init code, as LACChain's gas model wants it
 * (the published `@lacchain/gas-model-provider` does the same). A contract that is called never reads it.
 *
 * @example
 * ```ts
 * const data = withGasModel(contract.interface.encodeFunctionData("stop", [until, grounds]), { node, expiration });
 * ```
 */
export function withGasModel(data: string, { node, expiration }: GasModel): string {
  return concat([data, AbiCoder.defaultAbiCoder().encode(WORDS, [node, expiration])]);
}

/**
 * Takes a transaction's data apart again.
 *
 * @throws NetworkError GAS_MODEL_MISSING when nothing of the gas model is at its end.
 * @example
 * ```ts
 * const { expiration } = splitGasModel(transaction.data);
 * ```
 */
export function splitGasModel(data: string): GasModel & { data: string } {
  const at = dataLength(data) - LENGTH;
  try {
    const [node, expiration] = AbiCoder.defaultAbiCoder().decode(WORDS, dataSlice(data, at)) as unknown as [
      string,
      bigint,
    ];
    return { data: dataSlice(data, 0, at), node: getAddress(node), expiration: Number(expiration) };
  } catch (error) {
    const message = "the transaction has no node's address and expiration at the end of its data";
    throw new NetworkError("GAS_MODEL_MISSING", message, { cause: error });
  }
}
