/** What a trustee must not forget. Plain JSON: numbers above 2^53 are in hexadecimal, with 0x. */
export interface TrusteeState {
  /** The chain of the trustees' contract, in decimal. */
  readonly chainId: string;
  /** The trustees' contract. One file serves one election, whose share is used nowhere else. */
  readonly contract: string;
  /** The trustee's index, from 1. */
  readonly index: number;
  /** By round, what the trustee made for it. */
  readonly rounds: Readonly<Record<string, TrusteeRound>>;
  /** By question, the one sum that the trustee ever opens of it. */
  readonly signed: Readonly<Record<string, SignedSum>>;
}

/** What a trustee made for a round. */
export interface TrusteeRound {
  /** The secret key that its shares are encrypted to. */
  readonly encryptionKey: string;
  /** Its polynomial, constant term first. There is never a second one in a round. */
  readonly polynomial?: readonly string[];
  /** What it dealt: sent again byte by byte. */
  readonly dealing?: KeptDealing;
  /** To whose complaints it revealed shares, by index: fewer than decrypt, over all runs. */
  readonly answered?: readonly number[];
}

/** A dealing as it was sent. */
export interface KeptDealing {
  /** The hash of the keys that the shares were encrypted to. */
  readonly receivers: string;
  readonly commitments: readonly string[];
  readonly proof: readonly [string, string];
  readonly shares: string;
}

/** A sum that was opened, or is about to be. */
export interface SignedSum {
  /** The election. */
  readonly election: string;
  /** The election's configuration. */
  readonly configuration: string;
  /** The coordinates of the sum of C1 of each group. */
  readonly sums: readonly string[];
  /** The partial decryption, once it was made. */
  readonly partials?: readonly string[];
  /** Its proof. */
  readonly proof?: readonly string[];
}
