import { Transaction } from "ethers";

import { GIVING_UP_GAS } from "./signBytes.js";

/**
 * Whether bytes are the empty transaction that an outbox signs in the place of a call.
 *
 * @param raw The signed transaction.
 * @param key Who signed it.
 * @example
 * ```ts
 * if (isGivingUp(raw, key)) tell("the write was given up");
 * ```
 */
export function isGivingUp(raw: string, key: string): boolean {
  const { to, data, value, gasLimit } = Transaction.from(raw);
  return to?.toLowerCase() === key.toLowerCase() && data === "0x" && value === 0n && gasLimit === GIVING_UP_GAS;
}
