import { ask } from "../../chain/send.js";
import type { JudgmentRegistry } from "../../typechain/contracts/justice/JudgmentRegistry.js";
import { JusticeError } from "../JusticeError.js";
import { judgmentStatus, type JudgmentVerdict } from "./judgmentStatus.js";
import { nodeOf } from "../placeOf.js";

/** As `JudgmentRegistry` limits it: a node that lies could lead in a circle. */
const MOST_DECISIONS = 15;

/** A judgment of a chain, and how it stands. */
export interface FateStep extends JudgmentVerdict {
  commitment: string;
}

/**
 * A judgment's fate: the judgment itself, the decision upon it, the decision upon that one, down to the one that governs. All
 * are asked of the same block, so that no decision falls in between.
 *
 * @param registry Connected to a node.
 * @param commitment The judgment.
 * @param at The block to ask about; the newest one, if left out.
 * @returns At least one; the last is the one that governs.
 * @throws JusticeError PROVIDER_MISSING; FATE_ENDLESS when the node names more decisions than the registry lets follow one another
 * @example
 * ```ts
 * const steps = await readFate(registry, commitment);
 * console.log(steps.map(({ status }) => status).join(" → ")); // "REVERSED → NOT_FINAL"
 * ```
 */
export async function readFate(
  registry: JudgmentRegistry,
  commitment: string,
  at: { blockTag?: number } = {},
): Promise<FateStep[]> {
  const blockTag = at.blockTag ?? (await ask(() => nodeOf(registry).getBlockNumber()));
  const steps: FateStep[] = [];
  for (let next: string | undefined = commitment; next !== undefined; next = steps.at(-1)!.successor) {
    if (steps.length > MOST_DECISIONS) {
      const problem = `the node names more than ${MOST_DECISIONS} decisions, one upon another`;
      throw new JusticeError("FATE_ENDLESS", problem);
    }
    steps.push({ commitment: next, ...(await judgmentStatus(registry, next, { blockTag })) });
  }
  return steps;
}
