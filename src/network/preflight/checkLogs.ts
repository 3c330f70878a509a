import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/**
 * Whether the node tells the logs of as many blocks at once as the library asks for.
 *
 * @example
 * ```ts
 * const finding = checkLogs(answers);
 * ```
 */
export function checkLogs({ logs: { blocks, answer } }: NodeAnswers): Finding {
  const about = { id: "logs", title: "Log range" };
  if ("value" in answer) return { ...about, level: "ok", found: `${blocks} blocks a query` };
  const remedy =
    "logs are read 5,000 blocks a query: raise the node's limit (Besu --rpc-max-logs-range), or give readEvents a smaller range";
  return { ...about, level: "fail", found: `${blocks} blocks are refused: ${answer.refusal}`, remedy };
}
