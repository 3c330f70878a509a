/** What a refused transaction is: there already, never to be taken, or not now. */
export type RefusalJudgment = "known" | "never" | "later";

const KNOWN = [
  /already known/i,
  /known transaction/i, // geth and GoQuorum before 1.9, Besu
  /already imported/i,
  /already exists/i,
  /nonce (is )?too low/i,
  /nonce_too_low/i,
  /nonce below/i,
  /old nonce/i,
];

/** Each is about the call itself: the key's next transaction is not touched by it. */
const NEVER = [
  /intrinsic gas too low/i,
  /intrinsic_gas_exceeds/i,
  /intrinsic gas exceeds/i,
  /exceeds block gas limit/i,
  /exceeds_block_gas_limit/i,
  /oversized data/i,
  /max initcode size exceeded/i,
  /floor data gas/i,
  /gas limit too high/i, // since Osaka: more than 2^24
  /transaction gas limit too high/i,
];

/**
 * What to do about a node's refusal of a signed transaction. "Already known" and "nonce too low" mean that it was taken before,
 * which its receipt must confirm. What is not known to be for good is tried again.
 *
 * @param message The node's words: geth's, GoQuorum's and Besu's are known.
 * @example
 * ```ts
 * judgeRefusal("intrinsic gas too low: have 21000, want 21624"); // "never"
 * ```
 */
export function judgeRefusal(message: string): RefusalJudgment {
  if (KNOWN.some((words) => words.test(message))) return "known";
  return NEVER.some((words) => words.test(message)) ? "never" : "later";
}
