import { DiwanError } from "../errors.js";

/** What can be wrong with a header, its seals, or a proof against one of its roots. */
export type ChainProofErrorCode =
  | "ACCOUNT_MALFORMED"
  | "ANCHOR_MISMATCH"
  | "BFT_CONSTANTS"
  | "CHAIN_BROKEN"
  | "CLIQUE_DIFFICULTY"
  | "CLIQUE_FIELDS"
  | "CLIQUE_SEALED_RECENTLY"
  | "CLIQUE_SIGNER_LIST"
  | "CLIQUE_STRANGER"
  | "CLIQUE_VOTE"
  | "EXTRA_DATA_MALFORMED"
  | "HEADER_HASH_MISMATCH"
  | "HEADER_MALFORMED"
  | "INPUT_MALFORMED"
  | "PROOF_INCOMPLETE"
  | "PROOF_MALFORMED"
  | "PROOF_MISMATCH"
  | "PROOF_TRAILING"
  | "PROPOSER_FOREIGN"
  | "RECEIPT_ABSENT"
  | "RECEIPT_MALFORMED"
  | "RLP_MALFORMED"
  | "SEAL_DOUBLED"
  | "SEAL_FOREIGN"
  | "SEAL_MALFORMED"
  | "SEALS_TOO_FEW"
  | "SLOT_MALFORMED"
  | "VALIDATORS_DIFFER"
  | "VALIDATORS_MALFORMED"
  | "VOTE_MALFORMED";

/**
 * A problem with what a file says a chain holds: a header, its seals, or a proof.
 *
 * @example
 * ```ts
 * if (error instanceof ChainProofError && error.code === "SEALS_TOO_FEW") report(error.message);
 * ```
 */
export class ChainProofError extends DiwanError {
  declare readonly code: ChainProofErrorCode;

  constructor(code: ChainProofErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
