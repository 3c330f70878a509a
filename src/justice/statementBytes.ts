import canonicalize from "canonicalize";

/**
 * The bytes of a statement or a receipt: canonical JSON (RFC 8785) in UTF-8; what is hashed, salted and committed to.
 *
 * @param statement Checked before, so that it holds nothing that JSON cannot.
 * @example
 * ```ts
 * const digest = sha256(statementBytes(checkJudgmentStatement(statement)));
 * ```
 */
export function statementBytes(statement: object): Uint8Array {
  return new TextEncoder().encode(canonicalize(statement));
}
