import { standingOf, type TrustHistory } from "../../trust/history.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { HistoryEntry, WitnessFound } from "./PackageReport.js";

/**
 * Who co-attested the deposit, out of its events, each with how it stood in the trust list then.
 *
 * @example
 * ```ts
 * const witnesses = findWitnesses(history, found.exhibit, trustHistory({ changes: found.trust }));
 * ```
 */
export function findWitnesses(
  history: readonly HistoryEntry[],
  { commitment }: EvidencePackage["exhibit"],
  trusted: TrustHistory,
): WitnessFound[] {
  return history
    .filter(({ event }) => event === "DepositWitnessed")
    .map(({ args, time }) => {
      const [body, key, role] = [Number(args["body"]), Number(args["key"]), args["role"]!];
      const of = args["subject"] === commitment ? "exhibit" : "batch";
      return { of, body, key, role, time, standing: standingOf(trusted, role, body, key, time) };
    });
}
