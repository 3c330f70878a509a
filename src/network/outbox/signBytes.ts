import { BaseWallet, dataLength, keccak256, toUtf8Bytes, type TransactionLike } from "ethers";

import { checkSigned } from "../rpc/checkSigned.js";
import type { TransactionSigner } from "../rpc/rpcSigner.js";
import type { OutboxCall, OutboxEntry } from "./OutboxEntry.js";

/** A call that was made fit for a network that wants more around it. */
export interface WrappedCall {
  readonly to: string;
  readonly data: string;
  /** In Unix seconds, when the bytes lose their force. */
  readonly expiresAt: number;
}

/** All that signing a call needs besides it. */
export interface SigningTerms {
  readonly signer: TransactionSigner;
  readonly key: string;
  readonly chainId: bigint;
  readonly gasPrice: bigint;
  /** For networks whose transactions hold an expiry; left out, the call goes as it is. */
  readonly wrap?: (call: OutboxCall) => WrappedCall;
}

/** The part of an entry that hangs on its bytes. */
export type SignedPart = Pick<OutboxEntry, "nonce" | "raw" | "hash" | "to" | "dataLength" | "expiresAt">;

/** An empty transaction costs this and no more. */
export const EMPTY_CALL_GAS = 21_000n;
/** One more than is used, which tells the empty transaction in a call's place from any other of the key. */
export const GIVING_UP_GAS = EMPTY_CALL_GAS + 1n;

/**
 * Signs a call as a legacy transaction with a nonce, and checks what the signer made of it.
 *
 * @throws NetworkError SIGNER_WRONG; what the signer throws.
 * @example
 * ```ts
 * const { raw, hash } = await signBytes({ to, data, gasLimit: 100_000n }, 7, terms);
 * ```
 */
export async function signBytes(call: OutboxCall, nonce: number, terms: SigningTerms): Promise<SignedPart> {
  const { signer, key, chainId, gasPrice, wrap } = terms;
  const { to, data, expiresAt } = wrap?.(call) ?? { ...call, expiresAt: null };
  const asked: TransactionLike = {
    ...{ type: 0, chainId, nonce, gasPrice, gasLimit: call.gasLimit, to, data, value: call.value ?? 0n },
  };
  const raw = await signer.signTransaction(asked);
  // A key of ethers in this process signs what it is asked to; any other may be another key, or wrong.
  if (!(signer instanceof BaseWallet)) checkSigned(raw, asked, key);
  return { nonce, raw, hash: keccak256(raw), to, dataLength: dataLength(data), expiresAt };
}

/**
 * What makes two calls the same under one id.
 *
 * @example
 * ```ts
 * hashOfCall({ to, data: "0x01", gasLimit: 100_000n });
 * ```
 */
export function hashOfCall({ to, data, value = 0n, gasLimit }: OutboxCall): string {
  return keccak256(toUtf8Bytes(`${to} ${value} ${gasLimit} ${data}`.toLowerCase()));
}
