import { hexToBytes } from "@noble/hashes/utils.js";

import { caseTag, commitCase } from "../evidence/commitCase.js";
import { type Fail, problemCode } from "./collectProblems.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { HistoryEntry } from "./PackageReport.js";

const DEPOSITS = ["ExhibitDeposited", "ExhibitsLogged", "ExhibitBatchDeposited"];

/**
 * Whether the case that the statement names is the one whose tag the deposit's event has, and the deposit's receipt is of the
 * second that the registry says.
 *
 * @returns False, and no problem, where the package does not give the case's salt.
 * @example
 * ```ts
 * const isCaseProved = checkCase(found, history, record, collectProblems().fail);
 * ```
 */
export function checkCase(
  { statement, caseSalt }: EvidencePackage,
  history: readonly HistoryEntry[],
  record: ExhibitRecord | undefined,
  fail: Fail,
): boolean {
  const deposit = history.find(({ event }) => DEPOSITS.includes(event));
  if (deposit !== undefined && record !== undefined && deposit.time !== record.depositedAt) {
    fail("custody", "CUSTODY_BROKEN", "the deposit's receipt is of another second than the registry says");
  }
  if (caseSalt === undefined) return false;
  if (deposit === undefined) {
    fail("caseSalt", "DEPOSIT_RECEIPT_MISSING", "without the deposit's receipt the case's salt says nothing");
    return false;
  }
  let tag: string;
  try {
    tag = caseTag(commitCase(statement.caseId, hexToBytes(caseSalt.slice(2))));
  } catch (error) {
    fail("caseSalt", problemCode(error, "MALFORMED"), (error as Error).message);
    return false;
  }
  if (tag === deposit.args["caseTag"]) return true;
  fail("caseSalt", "CASE_MISMATCH", `case and salt make the tag ${tag}; the deposit's is ${deposit.args["caseTag"]}`);
  return false;
}
