import type { PolicyEvidence } from "./decide.js";
import type { PresentationVerdict } from "../verifyPresentation.js";

/**
 * Makes evidence for a policy of what its holder presented to the decider. It takes a verified presentation alone: an
 * attestation that somebody else was shown has no signature of its holder on the decider's challenge.
 *
 * @param requirement The number of the requirement that it is to meet, from 0.
 * @param presented As `verifyPresentation` or `verifyPresentationFiles` gave it; `decide` judges its validity.
 * @example
 * ```ts
 * const presented = await verifyPresentation(presentation, expected, registry);
 * const decision = await decide(eligibility, policy, [evidenceOf(0, presented)]);
 * ```
 */
export function evidenceOf(requirement: number, presented: PresentationVerdict): PolicyEvidence {
  const { attestation, membership, disclosure } = presented;
  return { requirement, attestation, ...(membership && { membership }), disclosure };
}
