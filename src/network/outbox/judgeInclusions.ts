import type { RpcNode } from "../rpc/openNodes.js";
import { type Inclusion, inspectEntries } from "./inspectEntries.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/** What the nodes say of one write together. */
export type InclusionJudgment =
  | { readonly state: "final" | "included"; readonly inclusion: Inclusion }
  /** It might be final, but the nodes say different things of it. */
  | { readonly state: "disputed"; readonly inclusion: Inclusion }
  /** Every node was asked, and none has it. */
  | { readonly state: "nowhere" };

/** How many blocks on top, and nodes of one opinion, make a write final. */
export interface FinalityTerms {
  readonly depth: number;
  readonly agreeing: number;
}

/**
 * Asks nodes in turn about writes, until enough of them say the same or all were asked.
 *
 * @param heads The nodes, each with its newest block.
 * @returns A judgment for each entry; none for those about which a node that failed might know.
 * @example
 * ```ts
 * const judgments = await judgeInclusions(heads, entries, { depth: 6, agreeing: 2 });
 * ```
 */
export async function judgeInclusions(
  heads: readonly { readonly node: RpcNode; readonly head: number }[],
  entries: readonly OutboxEntry[],
  { depth, agreeing }: FinalityTerms,
): Promise<Map<OutboxEntry, InclusionJudgment>> {
  const needed = Math.min(agreeing, heads.length);
  const judgments = new Map<OutboxEntry, InclusionJudgment>();
  const opinions = new Map<OutboxEntry, Map<string, number>>(entries.map((entry) => [entry, new Map()]));
  let isEveryoneHeard = true;
  for (const { node, head } of heads) {
    const left = entries.filter((entry) => !isSettled(entry, judgments.get(entry)));
    if (left.length === 0) break;
    const found = await inspectEntries(node, head, left).catch(() => undefined);
    isEveryoneHeard &&= found !== undefined;
    for (const [i, inclusion] of found?.entries() ?? []) {
      const entry = left[i]!;
      const isDeep = inclusion !== undefined && head - inclusion.blockNumber >= depth;
      const count = isDeep ? voteFor(opinions.get(entry)!, inclusion) : 0;
      if (count >= needed && isDeep) judgments.set(entry, { state: "final", inclusion });
      else if (inclusion !== undefined && !judgments.has(entry)) judgments.set(entry, { state: "included", inclusion });
    }
  }
  for (const entry of entries) {
    const judgment = judgments.get(entry);
    if (judgment === undefined && isEveryoneHeard) judgments.set(entry, { state: "nowhere" });
    const isDisputed = judgment?.state === "included" && opinions.get(entry)!.size > 1;
    if (isDisputed) judgments.set(entry, { ...judgment, state: "disputed" });
  }
  return judgments;
}

/** A first sight of a write needs no second opinion; one that moved, or may be final, does. */
function isSettled(entry: OutboxEntry, judgment: InclusionJudgment | undefined): boolean {
  return judgment?.state === "final" || (judgment?.state === "included" && entry.state !== "included");
}

function voteFor(opinions: Map<string, number>, inclusion: Inclusion): number {
  const opinion = `${inclusion.hash} ${inclusion.blockHash} ${inclusion.succeeded}`;
  const count = (opinions.get(opinion) ?? 0) + 1;
  opinions.set(opinion, count);
  return count;
}
