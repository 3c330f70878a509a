import { ZeroHash } from "ethers";

import { ask } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import type { ConsentHistory, ConsentVersions } from "./readConsents.js";

/** `IConsentRegistry.State.USED_UP`. */
const USED_UP = 3n;

/**
 * Makes sure that a history is what the registry's state says it is: the last version of each consent and what it allows,
 * how many times objections and delegates were set and to what at last, and how each guardian stands.
 *
 * @param registry Connected to a node that has the state of the history's last block.
 * @param history The history.
 * @throws HealthError EVENT_MISSING when an event was left out, added or altered
 * @example
 * ```ts
 * await requireWhole(registry, history);
 * ```
 */
export async function requireWhole(registry: ConsentRegistry, history: ConsentHistory): Promise<void> {
  const accesses = countAccesses(history);
  for (const slot of history.consents) {
    await requireVersions(registry, history, slot);
    await requireLast(registry, history, slot, accesses);
  }
  await requireSettings(registry, history);
  await requireGuardians(registry, history);
}

/** A revocation goes one version further when it ends a grant that was never carried; a grant left out looks the same. */
async function requireVersions(registry: ConsentRegistry, { patient }: ConsentHistory, slot: ConsentVersions) {
  const { grantee, scope, changes } = slot;
  for (const [i, { version, block }] of changes.entries()) {
    const before = changes[i - 1];
    const known = before?.version ?? 0;
    if (version !== known + 2 || before?.block === block) continue;
    const was = await ask(() => registry.consentOf(patient, grantee, scope, { blockTag: block - 1 }));
    if (Number(was.version) !== known) throw missing(slot, `had version ${was.version} before it went to ${version}`);
  }
}

/** How many accesses went by each version of each consent. */
function countAccesses({ events }: ConsentHistory): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.what !== "ACCESS") continue;
    const version = `${event.recipient} ${event.basis} ${event.version}`;
    counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return counts;
}

async function requireLast(
  registry: ConsentRegistry,
  { patient, block }: ConsentHistory,
  slot: ConsentVersions,
  accesses: ReadonlyMap<string, number>,
) {
  const { grantee, scope, changes } = slot;
  const last = changes.at(-1)!;
  const now = await ask(() => registry.consentOf(patient, grantee, scope, { blockTag: block }));
  if (Number(now.version) !== last.version) {
    throw missing(slot, `ends with version ${last.version}, the registry's is ${now.version}`);
  }
  if (last.what !== "GRANTED") return;
  const isSame = (["purposes", "from", "until"] as const).every((name) => Number(now[name]) === last[name]);
  const taken = last.uses === 0 ? 0 : (accesses.get(`${grantee} ${scope} ${last.version}`) ?? 0);
  // 0 uses are any number, and none left are 0 too: the state tells the one from the other.
  const isUsedUp = now.state === USED_UP;
  const isLeft = Number(now.uses) === last.uses - taken && isUsedUp === (last.uses !== 0 && taken === last.uses);
  if (!isSame || !isLeft) throw missing(slot, "ends with another grant than the registry has");
}

/** Setting objections or delegates uses up a nonce each time. */
async function requireSettings(registry: ConsentRegistry, { patient, block, events }: ConsentHistory) {
  const at = { blockTag: block };
  const objections = events.filter((event) => event.what === "OBJECTIONS_SET");
  const delegates = events.filter((event) => event.what === "DELEGATES_SET");
  const [count, purposes, commitment] = await ask(() => {
    return Promise.all([
      registry.nonces(patient, at),
      registry.objectionsOf(patient, at),
      registry.delegatesOf(patient, at),
    ]);
  });
  const isSo =
    Number(count) === objections.length + delegates.length &&
    Number(purposes) === (objections.at(-1)?.purposes ?? 0) &&
    commitment === (delegates.at(-1)?.commitment ?? ZeroHash);
  if (isSo) return;
  throw new HealthError("EVENT_MISSING", "the events of objections and delegates are not those that the registry had");
}

async function requireGuardians(registry: ConsentRegistry, { patient, block, events }: ConsentHistory) {
  const changes = events.flatMap((event) => {
    return event.what === "GUARDIAN_APPOINTED" || event.what === "GUARDIANSHIP_ENDED" ? [event] : [];
  });
  for (const guardian of new Set(changes.map((event) => event.guardian))) {
    const last = changes.findLast((event) => event.guardian === guardian)!;
    const now = await ask(() => registry.guardianshipOf(patient, guardian, { blockTag: block }));
    const isSo =
      last.what === "GUARDIAN_APPOINTED"
        ? Number(now.from) === last.time && Number(now.until) === last.until && now.endedAt === 0n
        : Number(now.endedAt) === last.time;
    if (!isSo) throw new HealthError("EVENT_MISSING", `the events of the guardian ${guardian} are not all there are`);
  }
}

function missing({ grantee, scope }: ConsentVersions, problem: string): HealthError {
  return new HealthError("EVENT_MISSING", `the consent for body ${grantee} and scope ${scope} ${problem}`);
}
