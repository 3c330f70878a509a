import type { SealingKind } from "../../blocks/BlockHeader.js";

/** What a node answered, or why it refused to. */
export type Answer<T> = { readonly value: T } | { readonly refusal: string };

/** The programs of a few bytes that `preflight` lets a node run. */
export type ProbeName = "plain" | "chainId" | "selfBalance" | "baseFee" | "push0" | "mcopy" | "codeSize";

/** All that the checks of `preflight` look at, as one node answered it. */
export interface NodeAnswers {
  readonly chainId: bigint;
  readonly genesisHash: string;
  /** `web3_clientVersion`. */
  readonly client: Answer<string>;
  readonly sealing: SealingKind;
  /** The newest block. */
  readonly head: {
    readonly number: number;
    readonly timestamp: number;
    readonly gasLimit: bigint;
    readonly baseFee?: bigint;
  };
  /** A block some way before it; the same one on a chain of one block. */
  readonly earlier: { readonly number: number; readonly timestamp: number };
  readonly gasPrice: Answer<bigint>;
  /** A call that offers no price for its gas. */
  readonly freeCall: Answer<string>;
  /** What each program returned. */
  readonly probes: Readonly<Record<ProbeName, Answer<string>>>;
  /** How many blocks were asked for the logs of, and the answer. */
  readonly logs: { readonly blocks: number; readonly answer: Answer<true> };
  /** A proof of state at the newest block, and at an older one. */
  readonly proofs: { readonly latest: Answer<true>; readonly oldBlock: number; readonly old: Answer<true> };
  /** The account that is to deploy, where one is named. */
  readonly deployer?: {
    readonly address: string;
    readonly balance: bigint;
    readonly nonce: number;
    readonly pendingNonce: number;
  };
  /** Addresses of those who seal. */
  readonly validators: Answer<readonly string[]>;
}
