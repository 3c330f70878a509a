import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/** The suite's largest creation takes 4,965,177 gas, and is sent with a fifth more. */
const LEAST_GAS = 7_000_000n;
/** Gas that an ordinary validator executes in a second, roughly; half of it leaves it time to agree on the block. */
const EXECUTED = 100_000_000;

/**
 * Whether the block's gas limit holds the largest contract, and validators can execute a full block within a period: where
 * they cannot, a full pool keeps blocks empty for ever.
 *
 * @example
 * ```ts
 * const finding = checkBlocks(answers);
 * ```
 */
export function checkBlocks({ head, earlier }: NodeAnswers): Finding {
  const about = { id: "blocks", title: "Blocks" };
  const blocks = head.number - earlier.number;
  const period = blocks > 0 ? (head.timestamp - earlier.timestamp) / blocks : undefined;
  const each = period === undefined ? "a period that cannot be measured yet" : `${period.toFixed(1)} s each`;
  const found = `${head.number}, ${each}, gas limit ${head.gasLimit}`;
  if (head.gasLimit < LEAST_GAS) {
    const remedy = `a block must hold ${LEAST_GAS} gas for the largest contract: raise the limit (target-gas-limit)`;
    return { ...about, level: "fail", found, remedy };
  }
  if (period === undefined) {
    return { ...about, level: "warn", found, remedy: "run preflight again when the chain has made a few blocks" };
  }
  if (period > 0 && Number(head.gasLimit) / period > EXECUTED / 2) {
    const remedy =
      "a block may hold more gas than validators execute in time, and then a full pool keeps blocks empty for ever: at most half of what the slowest executes in a period";
    return { ...about, level: "warn", found, remedy };
  }
  return { ...about, level: "ok", found };
}
