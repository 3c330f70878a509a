import { Transaction } from "ethers";

import { NetworkError } from "./NetworkError.js";

/** What was given to a signer. */
export interface UnsignedTransaction {
  readonly from: string;
  /** Left out where a contract is made. */
  readonly to?: string;
  readonly data: string;
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly chainId: bigint;
}

/**
 * Whether bytes that a signer gave back are what it was asked to sign: by the right key, with every field as it was, legacy
 * and free, for this chain. A high `s`, which another can turn into a second hash of the same transaction, is refused.
 *
 * @returns Hash of the transaction.
 * @throws NetworkError SIGNED_BYTES_WRONG, which names the field.
 * @example
 * ```ts
 * const hash = checkSignedBytes(raw, asked);
 * ```
 */
export function checkSignedBytes(raw: string, asked: UnsignedTransaction): string {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new NetworkError(
      "SIGNED_BYTES_WRONG",
      `what the signer gave back is not what it was asked to sign: ${problem}`,
      {
        cause,
      },
    );
  };
  let signed: Transaction;
  try {
    signed = Transaction.from(raw);
  } catch (error) {
    return refuse("the bytes are no transaction that can be read", error);
  }
  const { signature } = signed;
  if (signature === null) return refuse("it is not signed");
  if (!signature.isValid()) return refuse("the signature's s is high");
  const { from, hash } = signed;
  if (from === null || hash === null) return refuse("it is not signed");
  if (signed.serialized !== raw.toLowerCase()) refuse("the bytes are written in a second way");
  const fields: readonly (readonly [string, unknown, unknown])[] = [
    ["type", signed.type, 0],
    ["from", from.toLowerCase(), asked.from.toLowerCase()],
    ["to", signed.to?.toLowerCase(), asked.to?.toLowerCase()],
    ["data", signed.data, asked.data.toLowerCase()],
    ["nonce", signed.nonce, asked.nonce],
    ["gasLimit", signed.gasLimit, asked.gasLimit],
    ["gasPrice", signed.gasPrice, 0n],
    ["value", signed.value, 0n],
    ["chainId", signed.chainId, asked.chainId],
  ];
  for (const [name, found, wanted] of fields) {
    if (found !== wanted) refuse(`${name} is ${String(found)}, not ${String(wanted)}`);
  }
  return hash;
}
