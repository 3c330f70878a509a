import { DiwanError } from "../../errors.js";

/** What can be wrong with a second anchor: a time stamp, an OpenTimestamps proof or a cosignature. */
export type AnchorErrorCode =
  | "BLOCK_HASH_MALFORMED"
  | "CHECKPOINT_MALFORMED"
  | "COSIGNATURE_FOREIGN"
  | "COSIGNATURE_FORGED"
  | "COSIGNATURE_MALFORMED"
  | "DIGEST_MALFORMED"
  | "KEY_MALFORMED"
  | "NOTE_FOREIGN"
  | "NOTE_MALFORMED"
  | "OTS_BLOCK_MALFORMED"
  | "OTS_CONTRADICTED"
  | "OTS_FOREIGN"
  | "OTS_MALFORMED"
  | "REQUEST_MALFORMED"
  | "RESPONSE_MALFORMED"
  | "RESPONSE_REFUSED"
  | "TOKEN_CHAIN"
  | "TOKEN_EXPIRED"
  | "TOKEN_FOREIGN"
  | "TOKEN_FORGED"
  | "TOKEN_MALFORMED"
  | "TOKEN_NONCE"
  | "TOKEN_POLICY"
  | "TOKEN_SIGNER"
  | "TOKEN_USAGE";

/**
 * A problem with a second anchor.
 *
 * @example
 * ```ts
 * if (error instanceof AnchorError && error.code === "TOKEN_FOREIGN") say("this time stamp is of something else");
 * ```
 */
export class AnchorError extends DiwanError {
  declare readonly code: AnchorErrorCode;

  constructor(code: AnchorErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
