import type { ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/index.js";
import { HealthError } from "../HealthError.js";
import { purposeBit } from "../purposes.js";
import { accessCommitment, type AccessOpening } from "./accessCommitment.js";
import { accessEntry, type AccessParties, type BatchedAccess } from "./batchedAccess.js";

/** What a recipient accesses, and on what ground. */
export interface AccessGround {
  /** Whose data, by the address that the grant is of. */
  patient: string;
  /** The consent's scope, exactly as it was granted: 32 bytes in hex. */
  scope: string;
  /** What for: a code of `PURPOSES`. */
  purpose: string;
}

/**
 * Logs an access before it happens: the contract refuses it where no consent in force covers it. Read the data once this
 * has returned, and show the patient the opening.
 *
 * @param registry Connected to a key that is accredited as health-recipient, of the consent's grantee.
 * @param ground Whose data, on what ground and what for.
 * @param opening What is accessed and by whom; its salt must be used for nothing else.
 * @throws ContractError ConsentNotInForce, NotAccredited, KeyNotInForce, RoleNotListed; HealthError PURPOSE_UNKNOWN,
 * ACCESS_MALFORMED
 * @example
 * ```ts
 * const opening = { salt: newSalt(), professional: "1234567", records: ["obs-1"], reason: "follow-up" };
 * await logAccess(registry, { patient, scope, purpose: "TREAT" }, opening);
 * ```
 */
export async function logAccess(
  registry: ConsentRegistry,
  { patient, scope, purpose }: AccessGround,
  opening: AccessOpening,
): Promise<ContractTransactionReceipt> {
  const [bit, commitment] = [purposeBit(purpose), accessCommitment(opening)];
  return send(() => registry.logAccess(patient, scope, bit, commitment));
}

/**
 * Logs an access under a broken glass, before it happens.
 *
 * @param registry Connected to a key that is accredited as emergency-care, of the body that broke the glass.
 * @param use Whose data, and when the glass was broken, as `breakGlass` gives it.
 * @param opening What is accessed and by whom.
 * @throws ContractError BreakGlassNotOpen, NotAccredited, KeyNotInForce, RoleNotListed; HealthError ACCESS_MALFORMED
 * @example
 * ```ts
 * const use = await breakGlass(registry, { patient, window: 3_600, reason: "UNABLE_TO_CONSENT", commitment });
 * await logEmergencyAccess(registry, use, opening);
 * ```
 */
export async function logEmergencyAccess(
  registry: ConsentRegistry,
  { patient, openedAt }: { patient: string; openedAt: number },
  opening: AccessOpening,
): Promise<ContractTransactionReceipt> {
  const commitment = accessCommitment(opening);
  return send(() => registry.logEmergencyAccess(patient, openedAt, commitment));
}

/**
 * Logs accesses to several patients' data in one transaction; the contract checks no consent of theirs. An access that is
 * logged more than a day after it happened counts as not covered (`judgeBatchedAccess`).
 *
 * @param registry Connected to a key that is accredited as health-recipient.
 * @param accesses Each with whose it is, numbered and linked by `linkAccesses`.
 * @returns The index of the first of them in the recipient's log, in their order from there on.
 * @throws ContractError LogBatchEmpty, NotAccredited, KeyNotInForce, RoleNotListed; HealthError ACCESS_MALFORMED,
 * PURPOSE_UNKNOWN, EVENT_MISSING
 * @example
 * ```ts
 * const linked = linkAccesses(parties, today, last).map((access) => ({ parties, access }));
 * const { firstIndex } = await logAccesses(registry, linked);
 * ```
 */
export async function logAccesses(
  registry: ConsentRegistry,
  accesses: readonly { parties: AccessParties; access: BatchedAccess }[],
): Promise<{ firstIndex: number; receipt: ContractTransactionReceipt }> {
  const entries = accesses.map(({ parties, access }) => accessEntry(parties, access));
  const receipt = await send(() => registry.logAccesses(entries));
  const [logged] = await eventsOf(receipt, registry, "AccessesLogged");
  if (logged === undefined) throw new HealthError("EVENT_MISSING", "the receipt holds no event of the accesses");
  return { firstIndex: Number(logged.args.firstIndex), receipt };
}
