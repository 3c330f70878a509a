import type { ContractTransactionReceipt } from "ethers";

import { ask, send } from "../../chain/send.js";
import { type Standing, STANDINGS } from "../../trust/standing.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";

/** A guardian of a patient. */
export interface Guardianship {
  patient: string;
  guardian: string;
}

/**
 * Appoints a guardian until a time: a minor's until majority.
 *
 * @param registry Connected to a key of an accredited court.
 * @param appointment.until First second at which it is over, in Unix seconds.
 * @throws ContractError GuardianshipInPast, GuardianInvalid, KeyNotInForce, NotAccredited, …
 * @example
 * ```ts
 * await appointGuardian(registry.connect(court), { patient: child, guardian: mother, until: majorityAt });
 * ```
 */
export async function appointGuardian(
  registry: ConsentRegistry,
  { patient, guardian, until }: Guardianship & { until: number },
): Promise<ContractTransactionReceipt> {
  return send(() => registry.appointGuardian(patient, guardian, until));
}

/**
 * Ends a guardianship before its time; what the guardian granted is no longer in force then.
 *
 * @param registry Connected to the guardian, or to a key of the court that appointed.
 * @throws ContractError GuardianshipNotRunning, KeyNotInForce, KeyOfAnotherBody, …
 * @example
 * ```ts
 * await endGuardianship(registry.connect(court), { patient: child, guardian: mother });
 * ```
 */
export async function endGuardianship(
  registry: ConsentRegistry,
  { patient, guardian }: Guardianship,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.endGuardianship(patient, guardian));
}

/**
 * How a guardian stands now: asked before anything is signed or sent for a patient.
 *
 * @param registry Connected to a node.
 * @returns IN_FORCE when the guardian may act; EXPIRED after majority, WITHDRAWN once ended, NONE when never appointed,
 * COMPROMISED when the court's key was no longer the court's alone.
 * @example
 * ```ts
 * if ((await guardianStanding(registry, { patient: child, guardian: mother })) !== "IN_FORCE") askTheCourt();
 * ```
 */
export async function guardianStanding(
  registry: ConsentRegistry,
  { patient, guardian }: Guardianship,
): Promise<Standing> {
  return STANDINGS[Number(await ask(() => registry.guardianStandingOf(patient, guardian)))]!;
}
