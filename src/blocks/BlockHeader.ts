/**
 * A block's header. Hashes and other bytes are `0x` and lower-case digits, addresses in EIP-55's letters. The fields that
 * later forks added stand in their order: one is there only if all before it are.
 */
export interface BlockHeader {
  readonly parentHash: string;
  readonly sha3Uncles: string;
  readonly miner: string;
  readonly stateRoot: string;
  readonly transactionsRoot: string;
  readonly receiptsRoot: string;
  /** 256 bytes. */
  readonly logsBloom: string;
  readonly difficulty: bigint;
  readonly number: number;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Of any length. */
  readonly extraData: string;
  readonly mixHash: string;
  /** 8 bytes. */
  readonly nonce: string;
  /** London (EIP-1559), in wei. */
  readonly baseFeePerGas?: bigint;
  /** Shanghai (EIP-4895). */
  readonly withdrawalsRoot?: string;
  /** Cancun (EIP-4844). */
  readonly blobGasUsed?: bigint;
  /** Cancun (EIP-4844). */
  readonly excessBlobGas?: bigint;
  /** Cancun (EIP-4788). */
  readonly parentBeaconBlockRoot?: string;
  /** Prague (EIP-7685). */
  readonly requestsHash?: string;
}

/** Who sealed a header, and so how its hash is made. `none` is a header that nobody sealed, such as a test network's. */
export type SealingKind = "qbft" | "ibft2" | "clique" | "none";

/** A header that those in charge of it sealed. */
export interface SealedHeader {
  readonly sealing: SealingKind;
  readonly header: BlockHeader;
  /** The block's hash. */
  readonly hash: string;
  /** Who sealed it, in the seals' order. */
  readonly signers: readonly string[];
}
