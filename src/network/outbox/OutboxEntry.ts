/**
 * Where a write stands: `signed` (stored, not sent), `sent`, `included` (in a block that may still be dropped), `final`, or
 * `refused` (never on the chain: its nonce was filled with an empty transaction, which is final).
 */
export type OutboxState = "signed" | "sent" | "included" | "final" | "refused";

/** What a write asks of the chain. */
export interface OutboxCall {
  readonly to: string;
  /** Hex. */
  readonly data: string;
  /** Free gas leaves nothing to send usually: 0, if left out. */
  readonly value?: bigint;
  readonly gasLimit: bigint;
}

/** Bytes that were signed before the present ones, and why others took their place. */
export interface FormerBytes {
  readonly hash: string;
  readonly raw: string;
  readonly nonce: number;
  readonly expiresAt: number | null;
  /** Why they were an empty transaction; null where they were the call. */
  readonly filledBecause: string | null;
  /** In Unix milliseconds, when they were replaced. */
  readonly replacedAt: number;
  readonly reason: string;
}

/** One write, as the store keeps it: plain JSON. */
export interface OutboxEntry {
  /** The caller's name for it, by which writing it again is noticed. */
  readonly id: string;
  /** The address that signs. */
  readonly key: string;
  /** In decimal digits. */
  readonly chainId: string;
  readonly nonce: number;
  readonly state: OutboxState;
  /** The signed transaction, in hex, and its hash. */
  readonly raw: string;
  readonly hash: string;
  readonly to: string;
  /** Bytes of call data, as signed. */
  readonly dataLength: number;
  /** Of the call as the caller gave it, so that another one under the same id is noticed. */
  readonly callHash: string;
  /** The call as the caller gave it, where what is signed is another: wrapped, or an empty one in its place. */
  readonly call: {
    readonly to: string;
    readonly data: string;
    readonly value: string;
    readonly gasLimit: string;
  } | null;
  /** In Unix seconds, when the bytes lose their force; null when they never do. */
  readonly expiresAt: number | null;
  /** An empty transaction to the key itself takes the call's nonce, since nodes refuse the call for good. */
  readonly isFilled: boolean;
  /** In Unix milliseconds, when it was asked to give the write up; null, if it never was. */
  readonly cancelAskedAt: number | null;
  /** The block that holds it, as last seen. */
  readonly blockNumber: number | null;
  readonly blockHash: string | null;
  /** Whether the contract did it; null before it is in a block. */
  readonly succeeded: boolean | null;
  /** Why it was refused or reverted. */
  readonly reason: string | null;
  /** In Unix milliseconds. */
  readonly createdAt: number;
  /** In Unix milliseconds; null before it is final or refused. */
  readonly settledAt: number | null;
  /** The last trouble, which may be over. */
  readonly lastError: string | null;
  readonly history: readonly FormerBytes[];
}
