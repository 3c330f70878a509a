import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/**
 * Whether gas is free: transactions offer no price, so a base fee or a node that wants one keeps them out.
 *
 * @example
 * ```ts
 * const finding = checkFees(answers);
 * ```
 */
export function checkFees({ head, gasPrice, freeCall }: NodeAnswers): Finding {
  const about = { id: "fees", title: "Fees" };
  const asked = "value" in gasPrice ? `gas price ${gasPrice.value}` : `no gas price (${gasPrice.refusal})`;
  const found = `${head.baseFee === undefined ? "no base fee" : `base fee ${head.baseFee}`}, ${asked}`;
  if (head.baseFee !== undefined && head.baseFee > 0n) {
    const remedy =
      "gas is not free: fix the base fee at 0 (Besu: zeroBaseFee in the genesis), or stay on Berlin's rules; it rises for ever after one block more than half full";
    return { ...about, level: "fail", found, remedy };
  }
  if ("refusal" in freeCall) {
    const remedy = "the node refuses a gas price of 0: Besu --min-gas-price=0, geth miner.gasprice and gpo defaults 0";
    return { ...about, level: "fail", found: `${found}; ${freeCall.refusal}`, remedy };
  }
  if (!("value" in gasPrice) || gasPrice.value > 0n) {
    const remedy =
      "transactions are sent with price 0 all the same; if none is mined, set the validators' minimum to 0 (geth: miner_setGasPrice 0x0 after each start)";
    return { ...about, level: "warn", found, remedy };
  }
  return { ...about, level: "ok", found };
}
