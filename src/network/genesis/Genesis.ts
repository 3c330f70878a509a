import type { SealingKind } from "../../blocks/BlockHeader.js";

/** The node's program that a genesis is for: geth up to 1.13, Besu, or GoQuorum. */
export type GenesisClient = "geth" | "besu" | "goquorum";

/** The newest fork whose rules hold from block 0 on. */
export type GenesisRules = "berlin" | "london";

/** How blocks come about. */
export interface GenesisConsensus {
  readonly kind: Exclude<SealingKind, "none">;
  /** Seconds from one block to the next, 1 to 3,600. */
  readonly periodSeconds: number;
  /** After so many blocks, pending votes are forgotten; Clique writes its signers down then. 2 to 100,000,000. */
  readonly epochLength: number;
  /**
   * Seconds of the first round; each further one lasts twice as long. 1 to 3,600; twice the period, if left out. Clique has
   * none.
   */
  readonly requestTimeoutSeconds?: number;
}

/** What a network is to be. */
export interface GenesisOptions {
  readonly consensus: GenesisConsensus;
  readonly client: GenesisClient;
  /** 1 to 2^53 - 1. */
  readonly chainId: number;
  /** Addresses of the first validators, in any order. */
  readonly validators: readonly string[];
  readonly rules: GenesisRules;
  /** Gas of a block, 5,000 to 2^63 - 1. Half of what the slowest validator executes in a period is enough. */
  readonly gasLimit: bigint;
  /**
   * Block 0's time, in seconds since 1970; 0, if left out. Clique's signers all seal block 1 at once when it is long past: give
   * a time by which all of them are connected.
   */
  readonly timestamp?: number;
  /** Wei that accounts have from the start. With free gas nobody needs any. */
  readonly alloc?: Readonly<Record<string, bigint>>;
}

/** A genesis file's content. Quantities are `0x` and digits. */
export interface Genesis {
  /** Forks, consensus, and what a client has of its own. */
  readonly config: { readonly chainId: number } & Readonly<Record<string, unknown>>;
  readonly nonce: string;
  readonly timestamp: string;
  readonly extraData: string;
  readonly gasLimit: string;
  readonly difficulty: string;
  readonly mixHash: string;
  readonly coinbase: string;
  /** From London on. */
  readonly baseFeePerGas?: string;
  readonly alloc: Readonly<Record<string, { readonly balance: string }>>;
}
