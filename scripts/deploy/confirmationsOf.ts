import type { NodeAnswers } from "../../src/network/preflight/NodeAnswers.js";
import { ObstacleError } from "../demo/obstacles.js";

/**
 * How many blocks a transaction must be in and under before it is believed. A BFT block is final; Clique's are not, and were
 * never seen to change under twice as many as make a majority of the signers.
 */
export function confirmationsOf({ sealing, validators }: Pick<NodeAnswers, "sealing" | "validators">): number {
  if (sealing !== "clique") return 1;
  if ("refusal" in validators) {
    throw new ObstacleError(
      `the node does not tell Clique's signers (${validators.refusal}), and how deep is deep enough hangs on them`,
    );
  }
  return 2 * (Math.floor(validators.value.length / 2) + 1);
}
