import { standingAt, standingOf, type TrustHistory } from "../../trust/history.js";
import { roleScope } from "../../trust/scopes.js";
import type { Standing } from "../../trust/standing.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { HistoryEntry, StandingFound } from "./PackageReport.js";

/** Those whom a record names, as they stood; nothing where it names nobody. */
export type StandingsFound = Record<"depositor" | "tool" | "court", StandingFound | undefined>;

const DECISIONS = ["ExhibitAdmitted", "ExhibitExcluded", "ExhibitHeld", "ExhibitReleased", "ExhibitUnsealed"];

/**
 * How depositor, tool and court stood in the trust list: when they acted, and at the block.
 *
 * @param times `history`: where the court's last decision is looked for; `block`: the block's time in Unix seconds.
 * @example
 * ```ts
 * const { depositor } = findStandings(trustHistory({ changes: found.trust }), record, { history, block: header.timestamp });
 * ```
 */
export function findStandings(
  trusted: TrustHistory,
  record: ExhibitRecord,
  { history, block }: { history: readonly HistoryEntry[]; block: number },
): StandingsFound {
  const standing = (role: string, body: number, act: number | undefined, key?: number): StandingFound | undefined => {
    if (body === 0) return undefined;
    const scope = roleScope(role);
    const at = (time: number): Standing =>
      key === undefined ? standingAt(trusted, scope, body, time).standing : standingOf(trusted, scope, body, key, time);
    return { body, atAct: act === undefined ? undefined : at(act), atBlock: at(block) };
  };
  return {
    depositor: standing("evidence-custodian", record.depositor, record.depositedAt, record.key),
    // A tool has no key, and the slot does not say by which key a court decided: both are judged as bodies.
    tool: standing("capture-tool", record.tool, record.depositedAt),
    court: standing("court", record.court, lastDecision(history)),
  };
}

function lastDecision(history: readonly HistoryEntry[]): number | undefined {
  return history.findLast(({ event }) => DECISIONS.includes(event))?.time;
}
