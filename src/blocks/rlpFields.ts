import { bytesToHex } from "@noble/hashes/utils.js";
import { getAddress, toBeArray } from "ethers";

import { ChainProofError, type ChainProofErrorCode } from "./ChainProofError.js";
import type { RlpItem } from "./decodeRlp.js";

/** Readers of RLP's fields whose complaints have one code. */
export interface FieldReaders {
  readonly list: (item: RlpItem | undefined, what: string) => readonly RlpItem[];
  readonly bytes: (item: RlpItem | undefined, what: string, length?: number) => Uint8Array;
  /** `0x` and lower-case digits. */
  readonly hex: (item: RlpItem | undefined, what: string, length?: number) => string;
  /** In EIP-55's letters. */
  readonly address: (item: RlpItem | undefined, what: string) => string;
  /** A number with no zero byte before it; of at most so many bytes. */
  readonly scalar: (item: RlpItem | undefined, what: string, maxBytes: number) => bigint;
  /** A scalar that a JavaScript number holds. */
  readonly count: (item: RlpItem | undefined, what: string) => number;
}

/**
 * Readers of the fields of decoded RLP, each of which refuses another shape with the code given.
 *
 * @example
 * ```ts
 * const { address, scalar } = fieldReaders("HEADER_MALFORMED");
 * const miner = address(items[2], "miner");
 * ```
 */
export function fieldReaders(code: ChainProofErrorCode): FieldReaders {
  const refuse = (message: string): never => {
    throw new ChainProofError(code, message);
  };
  const readers: FieldReaders = {
    list: (item, what) => (item === undefined || item instanceof Uint8Array ? refuse(`${what} is not a list`) : item),
    bytes: (item, what, length) => {
      if (!(item instanceof Uint8Array)) return refuse(`${what} is not a string of bytes`);
      if (length !== undefined && item.length !== length) {
        return refuse(`${what} has ${item.length} bytes, not ${length}`);
      }
      return item;
    },
    hex: (item, what, length) => `0x${bytesToHex(readers.bytes(item, what, length))}`,
    address: (item, what) => getAddress(readers.hex(item, what, 20)),
    scalar: (item, what, maxBytes) => {
      const bytes = readers.bytes(item, what);
      if (bytes.length > maxBytes) return refuse(`${what} has ${bytes.length} bytes, more than ${maxBytes}`);
      if (bytes[0] === 0) return refuse(`${what} has a zero byte before it`);
      return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
    },
    count: (item, what) => {
      const value = readers.scalar(item, what, 8);
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) return refuse(`${what} is past 2^53`);
      return Number(value);
    },
  };
  return readers;
}

/**
 * A number as RLP's scalar: big endian with no zero byte before it, zero as no byte.
 *
 * @example
 * ```ts
 * encodeRlp(scalarBytes(1_024n)); // 0x820400
 * ```
 */
export function scalarBytes(value: bigint | number): Uint8Array {
  return toBeArray(value);
}
