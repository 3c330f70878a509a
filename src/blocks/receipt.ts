/** A log that a transaction wrote, as its receipt has it. */
export interface ReceiptLog {
  readonly address: string;
  /** 32 bytes each, four at most. */
  readonly topics: readonly string[];
  readonly data: string;
}

/** A transaction's receipt, as the trie under a header's `receiptsRoot` holds it. */
export interface ChainReceipt {
  /** Of the transaction: 0 for the one before EIP-2718. */
  readonly type: number;
  /** 0x01 if it succeeded, 0x if it failed; before Byzantium (EIP-658) the 32 bytes of the state root after it. */
  readonly outcome: string;
  /** By the block's transactions up to this. */
  readonly cumulativeGasUsed: bigint;
  /** 256 bytes. */
  readonly logsBloom: string;
  readonly logs: readonly ReceiptLog[];
}
