import type { TrustHistory } from "../../trust/history.js";
import { purposeBit } from "../purposes.js";
import type { BatchedAccess } from "./batchedAccess.js";
import { judgeConsent } from "./judgeConsent.js";
import type { ListedAccess } from "./listAccesses.js";
import type { ConsentHistory } from "./readConsents.js";

/** How a batched access is covered. */
export type BatchedJudgement = Pick<ListedAccess, "isCovered" | "status" | "grant">;

/**
 * Whether a consent covered a batched access at the time that its recipient gives. A change of the consent in that same
 * second counts as before it, and so does not cover what it ended.
 *
 * @param history The patient's consents, as `readConsents` gives them.
 * @param recipient The body that accessed the data.
 * @param access The access, from a list that `verifyBatchedAccesses` went over.
 * @param how.trust The trust list, by which guardians are judged.
 * @throws HealthError PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const uncovered = list.accesses.filter((access) => !judgeBatchedAccess(history, list.recipient, access).isCovered);
 * ```
 */
export function judgeBatchedAccess(
  history: ConsentHistory,
  recipient: number,
  access: BatchedAccess,
  how: { trust?: TrustHistory } = {},
): BatchedJudgement {
  const { scope, time } = access;
  const purpose = purposeBit(access.purpose);
  const judgement = judgeConsent(history, { grantee: recipient, scope, purpose, time, ...how });
  if (judgement.status === "IN_FORCE" && judgement.grant!.uses !== 0) {
    return { ...judgement, status: "USES_LIMITED", isCovered: false };
  }
  return { ...judgement, isCovered: judgement.status === "IN_FORCE" };
}
