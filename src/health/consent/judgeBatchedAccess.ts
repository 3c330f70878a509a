import type { TrustHistory } from "../../trust/history.js";
import { purposeBit } from "../purposes.js";
import type { BatchedAccess } from "./batchedAccess.js";
import { judgeConsent } from "./judgeConsent.js";
import type { ListedAccess } from "./listAccesses.js";
import type { ConsentHistory } from "./readConsents.js";

/** How a batched access is covered. */
export type BatchedJudgement = Pick<ListedAccess, "isCovered" | "status" | "grant">;

/** What a batched access is judged by, besides the consents. */
export interface JudgeBatchedOptions {
  /** When its entry was logged, in Unix seconds, as `loggedAt` gives it. */
  loggedAt: number;
  /** How long after the access its entry may be logged, in seconds; a day, if left out. */
  maxDelay?: number;
  /** The trust list, by which guardians are judged. */
  trust?: TrustHistory;
}

const DAY = 86_400;

/**
 * Whether a consent covered a batched access at the time that its recipient gives. A change of the consent in that same
 * second counts as before it, and so does not cover what it ended.
 *
 * The time that the recipient gives is first held against that of the log: an access that is said to be later than its
 * entry was logged (DATED_LATER), or earlier by more than `maxDelay` (LOGGED_LATE), is not covered, whatever the patient
 * granted. Nothing proves when the access itself took place: a recipient that logs it later can give any time from
 * `maxDelay` before that on, be it before a revocation or after a grant that came too late.
 *
 * @param history The patient's consents, as `readConsents` gives them, up to the last block of the log's runs or a later one.
 * @param recipient The body that accessed the data.
 * @param access The access, from a list that `verifyBatchedAccesses` went over.
 * @param how When it was logged, and how late that may be.
 * @throws HealthError PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const runs = await readAccessLog(registry, list.recipient, { fromBlock: deployedAt, toBlock: history.block });
 * const uncovered = list.accesses.filter((access, i) => {
 *   const how = { loggedAt: loggedAt(runs, list.proofs[i]!.index) };
 *   return !judgeBatchedAccess(history, list.recipient, access, how).isCovered;
 * });
 * ```
 */
export function judgeBatchedAccess(
  history: ConsentHistory,
  recipient: number,
  access: BatchedAccess,
  { loggedAt, maxDelay = DAY, ...how }: JudgeBatchedOptions,
): BatchedJudgement {
  const { scope, time } = access;
  const purpose = purposeBit(access.purpose);
  // Asked for what must be so: a time or delay that is no number covers nothing.
  if (!(time <= loggedAt)) return { status: "DATED_LATER", isCovered: false };
  if (!(loggedAt - time <= maxDelay)) return { status: "LOGGED_LATE", isCovered: false };
  const judgement = judgeConsent(history, { grantee: recipient, scope, purpose, time, ...how });
  if (judgement.status === "IN_FORCE" && judgement.grant!.uses !== 0) {
    return { ...judgement, status: "USES_LIMITED", isCovered: false };
  }
  return { ...judgement, isCovered: judgement.status === "IN_FORCE" };
}
