import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { readRegistry } from "../readRegistry.js";

/**
 * The judgments that were registered under a case's commitment, oldest first.
 *
 * @param registry Connected to a node.
 * @param caseCommitment As `commitCase` gives it.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @returns Their commitments.
 * @throws ChainError as `readEvents` does; JusticeError PROVIDER_MISSING, EVENT_MISSING
 * @example
 * ```ts
 * const commitments = await findJudgments(registry, commitCase("2026/1187", caseSalt), { fromBlock: deployedAt });
 * ```
 */
export async function findJudgments(
  registry: JudgmentRegistry,
  caseCommitment: string,
  options: ReadEventsOptions,
): Promise<string[]> {
  const registered = registry.interface.getEvent("JudgmentRegistered").topicHash;
  const events = await readRegistry(registry, [registered, null, caseCommitment], options);
  return events.map(({ args }) => args.commitment as string);
}
