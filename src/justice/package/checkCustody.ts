import type { Fail } from "./collectProblems.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { HistoryEntry, PackageReport } from "./PackageReport.js";

/**
 * The changes of custody: each begins where the one before ended, and the last ends where the slot says.
 *
 * @example
 * ```ts
 * const custody = checkCustody(history, found.exhibit, record, collectProblems().fail);
 * ```
 */
export function checkCustody(
  history: readonly HistoryEntry[],
  { commitment }: EvidencePackage["exhibit"],
  record: ExhibitRecord | undefined,
  fail: Fail,
): PackageReport["custody"] {
  const changes = history
    .filter(({ event, args }) => event === "CustodyChanged" && args["commitment"] === commitment)
    .map(({ args, time }) => ({ from: Number(args["from"]), to: Number(args["to"]), time }));
  const isWhole = changes.length === record?.hop;
  const custody = changes.map((change, i) => ({ hop: isWhole ? i + 1 : undefined, ...change }));
  if (record === undefined || changes.length === 0) return custody;
  const breaks = changes.findIndex(({ from }, i) => from !== (i === 0 ? record.depositor : changes[i - 1]!.to));
  if (changes.length > record.hop || (isWhole && (breaks !== -1 || changes.at(-1)!.to !== record.custodian))) {
    const held = `the registry says ${record.hop} changes, from body ${record.depositor} to ${record.custodian}`;
    fail("custody", "CUSTODY_BROKEN", `the receipts' ${changes.length} changes do not lead there: ${held}`);
  }
  return custody;
}
