import { JusticeError } from "../JusticeError.js";

/** What a chain allows a transaction. */
export interface DepositLimits {
  /** The block's gas limit. */
  blockGas: number;
  /** The most that a transaction may take; 2^24 since Osaka (EIP-7825), if left out. */
  transactionGas?: number;
  /** The most bytes that nodes pass on; 131,072, if left out. */
  transactionBytes?: number;
  /** Whether the chain's fork is older than Berlin, where each hash costs a call of 700 gas; false, if left out. */
  isBeforeBerlin?: boolean;
  /** The numbers in the transaction's envelope, whose bytes count too; as long as any is likely to be, if left out. */
  fields?: { chainId: number; nonce: number; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint };
}

/** How exhibits are spread over transactions of `depositMany`. */
export interface DepositPlan {
  /** How many go into each, in order. */
  sizes: number[];
  /** The most that one may hold. */
  most: number;
  /** What bounds that. */
  boundBy: "BYTES" | "TRANSACTION_GAS" | "BLOCK_GAS";
}

const WORD = 32;
/** A selector, and the words of tool, tag, offset and length. */
const HEAD_BYTES = 4 + 4 * WORD;
const TRANSACTION_GAS = 2 ** 24;
const TRANSACTION_BYTES = 131_072;
const BASE_GAS = 21_000;
const LIKELY_FIELDS = { chainId: 2 ** 48 - 1, nonce: 2 ** 32 - 1, maxFeePerGas: 2n ** 64n - 1n };
/** More than any limit in bytes lets through. */
const MOST = 2 ** 24;

/**
 * A bound on the gas of a `depositMany`, whatever the log's size: what its test measured, rounded up. A run reads each of the log's
 * peaks at most once and writes one a level of its own; memory costs the square of its size (EVM, appendix H). Never less than
 * the floor for calldata (EIP-7623).
 *
 * @param count How many exhibits.
 * @param isBeforeBerlin As `DepositLimits` has it.
 * @example
 * ```ts
 * await registry.depositMany(tool, commitments, caseTag, { gasLimit: gasOfDeposits(commitments.length) });
 * ```
 */
export function gasOfDeposits(count: number, isBeforeBerlin = false): number {
  const levels = Math.floor(Math.log2(Math.max(count, 1))) + 1;
  const run = 240_000 + 22_100 * levels + (isBeforeBerlin ? 2_600 : 1_370) * count + Math.ceil(count ** 2 / 128);
  const floor = BASE_GAS + 40 * (HEAD_BYTES + WORD * count);
  return Math.max(run, floor);
}

/**
 * The length of a signed transaction (EIP-1559) that calls `depositMany`, at most.
 *
 * @param count How many exhibits.
 * @param fields The numbers in its envelope, as `DepositLimits` has them.
 * @example
 * ```ts
 * const isShort = bytesOfDeposits(4_000) <= 131_072;
 * ```
 */
export function bytesOfDeposits(count: number, fields: DepositLimits["fields"]): number {
  const { chainId, nonce, maxFeePerGas } = fields ?? LIKELY_FIELDS;
  const tip = fields?.maxPriorityFeePerGas ?? maxFeePerGas;
  const numbers = [BigInt(chainId), BigInt(nonce), tip, maxFeePerGas, BigInt(gasOfDeposits(count))];
  const data = HEAD_BYTES + WORD * count;
  // To whom is 20 bytes after one; no value, an empty access list and the parity are one byte each; r and s 32 after one each.
  const rest = 21 + 1 + 1 + 1 + 2 * (WORD + 1);
  const payload = numbers.reduce((sum, number) => sum + rlpLength(bytesOf(number)), rest) + prefixed(data);
  return 1 + prefixed(payload);
}

/**
 * Spreads exhibits over as few transactions of `depositMany` as the chain's limits allow.
 *
 * @param count How many there are.
 * @param limits What the chain allows.
 * @throws JusticeError LIMITS_TOO_LOW when not even one exhibit fits, or a limit or `count` is no whole number
 * @example
 * ```ts
 * const { gasLimit } = (await provider.getBlock("latest"))!;
 * const { sizes } = planDeposits(10_000, { blockGas: Number(gasLimit) }); // [4087, 4087, 1826]
 * ```
 */
export function planDeposits(count: number, limits: DepositLimits): DepositPlan {
  const { blockGas, transactionGas = TRANSACTION_GAS, transactionBytes = TRANSACTION_BYTES } = limits;
  const { fields, isBeforeBerlin } = limits;
  const isWhole = [count, blockGas, transactionGas, transactionBytes].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isWhole) throw new JusticeError("LIMITS_TOO_LOW", "a limit and a count must be whole numbers from 0");
  const bounds = [
    { boundBy: "BYTES", most: mostWithin((n) => bytesOfDeposits(n, fields) <= transactionBytes) },
    { boundBy: "TRANSACTION_GAS", most: mostWithin((n) => gasOfDeposits(n, isBeforeBerlin) <= transactionGas) },
    { boundBy: "BLOCK_GAS", most: mostWithin((n) => gasOfDeposits(n, isBeforeBerlin) <= blockGas) },
  ] as const;
  const { boundBy, most } = bounds.reduce((least, bound) => (bound.most < least.most ? bound : least));
  if (most === 0) {
    const message = `one exhibit needs ${gasOfDeposits(1, isBeforeBerlin)} gas and ${bytesOfDeposits(1, fields)} bytes, more than the limits`;
    throw new JusticeError("LIMITS_TOO_LOW", message);
  }
  const sizes: number[] = [];
  for (let left = count; left > 0; left -= most) sizes.push(Math.min(left, most));
  return { sizes, most, boundBy };
}

/** The largest number that fits, where each below one that fits does too. */
function mostWithin(fits: (n: number) => boolean): number {
  let [low, high] = [0, MOST];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function bytesOf(number: bigint): number {
  return number < 0x80n ? 0 : Math.ceil(number.toString(16).length / 2);
}

/** Of a number: what is below 0x80 is its own byte, and zero is one byte too. */
function rlpLength(bytes: number): number {
  return bytes + 1;
}

/** The length of a string or list of so many bytes, more than one, with its RLP prefix. */
function prefixed(bytes: number): number {
  return bytes + (bytes < 56 ? 1 : 1 + Math.ceil(bytes.toString(16).length / 2));
}
