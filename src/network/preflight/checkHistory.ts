import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/**
 * Whether the node proves state, now and of old: evidence packages need proofs of the block that they are of.
 *
 * @example
 * ```ts
 * const finding = checkHistory(answers);
 * ```
 */
export function checkHistory({ head, proofs: { latest, old, oldBlock } }: NodeAnswers): Finding {
  const about = { id: "history", title: "State proofs" };
  if ("refusal" in latest) {
    const remedy = "evidence packages need eth_getProof: open it on one node, or export packages from another";
    return { ...about, level: "warn", found: `none: ${latest.refusal}`, remedy };
  }
  if ("refusal" in old) {
    const remedy =
      "the node forgets old state: keep one archive node (geth --gcmode archive, Besu --data-storage-format=FOREST or a long --bonsai-historical-block-limit), or export packages at once";
    return { ...about, level: "warn", found: `not ${head.number - oldBlock} blocks back: ${old.refusal}`, remedy };
  }
  return { ...about, level: "ok", found: `${head.number - oldBlock} blocks back` };
}
