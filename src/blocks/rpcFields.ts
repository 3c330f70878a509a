import { ChainProofError, type ChainProofErrorCode } from "./ChainProofError.js";

/** An object out of an answer of a node's JSON-RPC interface. */
export type RpcObject = Readonly<Record<string, unknown>>;

/** Readers of the fields of an answer. */
export interface RpcReaders {
  readonly data: (name: string) => string;
  readonly quantity: (name: string) => bigint;
  /** A quantity that a JavaScript number holds. */
  readonly count: (name: string) => number;
  readonly has: (name: string) => boolean;
}

/**
 * Readers of the fields of a node's answer, each of which refuses what is not of its shape with the code given.
 *
 * @example
 * ```ts
 * const { data, quantity } = rpcReaders(block, "HEADER_MALFORMED");
 * ```
 */
export function rpcReaders(object: RpcObject, code: ChainProofErrorCode): RpcReaders {
  const text = (name: string): string => {
    const value = object[name];
    if (typeof value === "string" && /^0x[0-9a-fA-F]*$/.test(value)) return value.toLowerCase();
    throw new ChainProofError(code, `the answer's ${name} is not 0x and hexadecimal digits`);
  };
  const readers: RpcReaders = {
    data: text,
    quantity: (name) => {
      const digits = text(name);
      if (digits.length === 2) throw new ChainProofError(code, `the answer's ${name} has no digits`);
      return BigInt(digits);
    },
    count: (name) => {
      const value = readers.quantity(name);
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ChainProofError(code, `the answer's ${name} is past 2^53`);
      return Number(value);
    },
    has: (name) => object[name] !== undefined && object[name] !== null,
  };
  return readers;
}
