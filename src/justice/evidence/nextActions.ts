import { id, ZeroHash } from "ethers";

import { ask } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { EXHIBIT_ACTIONS, type ExhibitAction } from "./exhibitState.js";

/** Something that may be done with an exhibit next. */
export interface NextAction {
  action: ExhibitAction;
  /** As whom: the custodian, accredited or not; or whoever is accredited as an advocate or as a court. */
  role: "custodian" | "advocate" | "court";
  /** The body whose key it must be; undefined for any in that role. */
  body: number | undefined;
  /** What a person reads. */
  label: { en: string; ar: string };
}

/**
 * What each action is called, in English and in Arabic.
 *
 * @example
 * ```ts
 * const text = EXHIBIT_ACTION_LABELS.ADMIT.ar; // "قبول المضبوط"
 * ```
 */
export const EXHIBIT_ACTION_LABELS: Readonly<Record<ExhibitAction, { en: string; ar: string }>> = {
  HAND_OVER: { en: "Hand over", ar: "تسليم المضبوط إلى حائز آخر" },
  SEAL: { en: "Seal", ar: "ختم المضبوط" },
  UNSEAL: { en: "Unseal by order", ar: "فض الختم بأمر" },
  TENDER: { en: "Tender to a court", ar: "تقديم المضبوط إلى محكمة" },
  CHALLENGE: { en: "Challenge", ar: "الطعن في المضبوط" },
  REBUT: { en: "Answer the challenge", ar: "الرد على الطعن" },
  ADMIT: { en: "Admit", ar: "قبول المضبوط" },
  EXCLUDE: { en: "Exclude", ar: "استبعاد المضبوط" },
  RETURN: { en: "Return to the owner", ar: "رد المضبوط إلى صاحبه" },
  DESTROY: { en: "Destroy before two witnesses", ar: "إتلاف المضبوط بحضور شاهدين" },
  HOLD: { en: "Place under legal hold", ar: "وضع المضبوط تحت الحفظ القانوني" },
  LIFT_HOLD: { en: "Lift the legal hold", ar: "رفع الحفظ القانوني" },
};

const ROLES: Readonly<Record<string, NextAction["role"]>> = {
  [ZeroHash]: "custodian",
  [id("diwan.role.advocate")]: "advocate",
  [id("diwan.role.court")]: "court",
};

/**
 * What may be done with an exhibit next and by whom, as far as its state, seal and hold allow.
 *
 * @param registry The registry.
 * @param commitment The exhibit.
 * @param at The block to ask about; the newest one, if left out.
 * @returns In the order of `EXHIBIT_ACTIONS`; none at the end, and for an exhibit that was never deposited.
 * @example
 * ```ts
 * for (const { label, role, body } of await nextActions(registry, commitment)) console.log(label.en, role, body);
 * ```
 */
export async function nextActions(
  registry: EvidenceRegistry,
  commitment: string,
  at: { blockTag?: number } = {},
): Promise<NextAction[]> {
  const steps = await ask(() => registry.nextOf(commitment, at));
  return steps.map(({ action: code, role, body }) => {
    const action = EXHIBIT_ACTIONS[Number(code)]!;
    const whose = body === 0n ? undefined : Number(body);
    return { action, role: ROLES[role]!, body: whose, label: EXHIBIT_ACTION_LABELS[action] };
  });
}
