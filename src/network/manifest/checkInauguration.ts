import { id, type LogDescription } from "ethers";

import { ROLE_FUNCTIONS } from "../../trust/roleFunctions.js";
import { ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE } from "../../trust/roles.js";
import { SUITE_CONTRACTS, SUITE_NAMES } from "../suite/suiteContracts.js";

import type { ManifestProblem } from "./ManifestProblem.js";
import type { SuiteManifest } from "./NetworkManifest.js";

/**
 * Compares what the manager's events tell of its inauguration with what a fresh deployment makes of it. What the council decides
 * later is not its matter.
 *
 * @param events The manager's, from its first one to the last of the inauguration.
 * @returns A problem for each event that is one too many, or missing, and for delays that contradict each other.
 * @example
 * ```ts
 * const problems = checkInauguration(manifest, events);
 * ```
 */
export function checkInauguration(manifest: SuiteManifest, events: readonly LogDescription[]): ManifestProblem[] {
  const awaited = new Set(freshEvents(manifest));
  const strange: string[] = [];
  // Each once: a second grant could change the delay of the first.
  for (const event of events) if (!awaited.delete(describe(event))) strange.push(describe(event));
  return [
    ...strange.map((text) => `its inauguration did what a fresh deployment does not: ${text}`),
    ...[...awaited].map((text) => `its inauguration left out what a fresh deployment does: ${text}`),
    ...delaysOf(manifest, events),
  ].map((problem) => ({ path: "contracts.manager", problem }));
}

function freshEvents({ contracts }: SuiteManifest): string[] {
  const [council, recovery, office] = [contracts.council, contracts.recovery, contracts.inauguration];
  const stoppable = SUITE_NAMES.filter((name) => {
    const functions = SUITE_CONTRACTS[name].createInterface();
    return ROLE_FUNCTIONS.stop.every((signature) => functions.hasFunction(signature));
  });
  const give = (address: string, name: keyof typeof ROLE_FUNCTIONS, role: bigint) =>
    ROLE_FUNCTIONS[name].map(
      (signature) => `TargetFunctionRoleUpdated ${address} ${id(signature).slice(0, 10)} ${role}`,
    );
  return [
    `RoleGranted ${ADMIN_ROLE} ${office.address}`,
    ...[ADMIN_ROLE, RECOVERY_ROLE, EMERGENCY_ROLE].map((role) => `RoleGranted ${role} ${council.address}`),
    `RoleGranted ${RECOVERY_ROLE} ${recovery.address}`,
    ...give(council.address, "setMembers", RECOVERY_ROLE),
    ...stoppable.flatMap((name) => give(contracts[name].address, "stop", EMERGENCY_ROLE)),
    ...give(contracts.trustList.address, "takeAway", EMERGENCY_ROLE),
    `RoleRevoked ${ADMIN_ROLE} ${office.address}`,
  ];
}

/** Of a grant, role and account: its delay is a parameter. */
function describe({ name, args }: LogDescription): string {
  const values = (name === "RoleGranted" ? args.slice(0, 2) : [...args]).map((value) => String(value).toLowerCase());
  return [name, ...values].join(" ");
}

/** The delays are parameters, but the council has one for all that is not urgent, and none for what is. */
function delaysOf({ contracts }: SuiteManifest, events: readonly LogDescription[]): string[] {
  const delayOf = (role: bigint): bigint | undefined => {
    const grant = events.find((event) => describe(event) === `RoleGranted ${role} ${contracts.council.address}`);
    return grant?.args["delay"] as bigint | undefined;
  };
  const [urgent, admin, recovery] = [delayOf(EMERGENCY_ROLE), delayOf(ADMIN_ROLE), delayOf(RECOVERY_ROLE)];
  const problems: string[] = [];
  if (urgent !== undefined && urgent !== 0n) problems.push(`its council waits ${urgent} s in an emergency`);
  if (admin !== recovery) {
    problems.push(
      `its council waits ${String(admin)} s for what it decides, and ${String(recovery)} s to replace its members`,
    );
  }
  return problems;
}
