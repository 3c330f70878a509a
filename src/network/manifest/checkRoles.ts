import type { LogDescription } from "ethers";

import { RECOVERY_ROLE } from "../../trust/roles.js";
import { AccessManager__factory, Inauguration__factory } from "../../typechain/index.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { readLogs } from "../rpc/readLogs.js";
import { SUITE_CONTRACTS, SUITE_NAMES } from "../suite/suiteContracts.js";

import { checkInauguration } from "./checkInauguration.js";
import type { ManifestProblem } from "./ManifestProblem.js";
import type { SuiteManifest } from "./NetworkManifest.js";

/** The role that OpenZeppelin's manager takes everybody for a holder of; no event tells so. */
const PUBLIC_ROLE = 2n ** 64n - 1n;

/** Who may do what by the manager, as far as its events tell. */
interface Powers {
  /** Role and account. */
  readonly holders: Set<string>;
  /** Roles, by who may call: contract and selector. */
  readonly functions: Map<string, bigint>;
  /** Which role gives and takes another, and which cancels what its holders have scheduled. */
  readonly admins: Map<bigint, bigint>;
  readonly guardians: Map<bigint, bigint>;
}

/**
 * Whether the inauguration did what a fresh deployment does, and whether anyone but the councils has power by now: holds a role of
 * the manager, or may call a function of the suite's contracts, or is a role's admin or guardian. All by what the manager's
 * events tell since it was made: `inaugurate` makes whatever calls its deployer gives it. What the council decided since is no
 * problem while it is the councils who have the power.
 *
 * @returns A problem for each power that no council has, and for each thing that the inauguration should not have done.
 * @example
 * ```ts
 * const problems = await checkRoles(manifest, node);
 * ```
 */
export async function checkRoles(manifest: SuiteManifest, node: JsonRpc): Promise<ManifestProblem[]> {
  const { manager, inauguration } = manifest.contracts;
  const [of, office] = [AccessManager__factory.createInterface(), Inauguration__factory.createInterface()];
  const topics: string[] = [];
  of.forEachEvent(({ name, topicHash }) => {
    // What was scheduled and done is said by whom it was done to.
    if (/^(Role|Target)/.test(name) && name !== "RoleLabel") topics.push(topicHash);
  });
  const logs = await readLogs(node, { address: manager.address, topics: [topics] }, manager.deployBlock);
  const events = logs.flatMap((log) => of.parseLog(log) ?? []);
  const took = { address: inauguration.address, topics: [office.getEvent("CouncilInaugurated").topicHash] };
  const [first] = await readLogs(node, took, inauguration.deployBlock);
  const powers = powersOf(events);
  const problems = [...strangersOf(manifest, powers), ...openedOf(manifest, powers)];
  // That there was none is told where the wiring is looked at.
  if (first === undefined) return problems;
  const last = logs.findLastIndex(({ transactionHash }) => transactionHash === first.transactionHash);
  return [
    ...problems,
    ...checkInauguration(manifest, events.slice(0, last + 1)),
    ...(await checkActs(manifest, node, first.transactionHash)),
  ];
}

function powersOf(events: readonly LogDescription[]): Powers {
  const powers: Powers = { holders: new Set(), functions: new Map(), admins: new Map(), guardians: new Map() };
  for (const { name, args } of events) {
    const [one, two, three] = [...args] as [unknown, unknown, unknown];
    const holder = `${String(one)} ${String(two).toLowerCase()}`;
    if (name === "RoleGranted") powers.holders.add(holder);
    else if (name === "RoleRevoked") powers.holders.delete(holder);
    else if (name === "TargetFunctionRoleUpdated") powers.functions.set(holder.toLowerCase(), three as bigint);
    else if (name === "RoleAdminChanged") powers.admins.set(one as bigint, two as bigint);
    else if (name === "RoleGuardianChanged") powers.guardians.set(one as bigint, two as bigint);
  }
  return powers;
}

/** Role and account of those who are no council. The council may give itself whatever role; its recovery has one alone. */
function strangersIn({ contracts }: SuiteManifest, { holders }: Powers): [role: string, account: string][] {
  return [...holders]
    .map((holder) => holder.split(" ") as [string, string])
    .filter(
      ([role, account]) =>
        account !== contracts.council.address &&
        !(account === contracts.recovery.address && role === RECOVERY_ROLE.toString()),
    );
}

function strangersOf(manifest: SuiteManifest, powers: Powers): ManifestProblem[] {
  return strangersIn(manifest, powers).map(([role, account]) => {
    return { path: "contracts.manager", problem: `its role ${role} is held by ${account}, which is no council` };
  });
}

/** What everybody may do, or the holders of a role that one who is no council holds. */
function openedOf(manifest: SuiteManifest, powers: Powers): ManifestProblem[] {
  const held = new Set([...strangersIn(manifest, powers).map(([role]) => BigInt(role)), PUBLIC_ROLE]);
  const who = (role: bigint) => (role === PUBLIC_ROLE ? "everybody" : `whoever holds role ${role}`);
  const problems: ManifestProblem[] = [];
  const byAddress = new Map(SUITE_NAMES.map((name) => [manifest.contracts[name].address, name]));
  for (const [key, role] of powers.functions) {
    const [target, selector] = key.split(" ") as [string, string];
    const name = byAddress.get(target);
    // Of what is no part of the suite the council may open whatever it likes.
    if (!held.has(role) || name === undefined) continue;
    const called = SUITE_CONTRACTS[name].createInterface().getFunction(selector as never);
    const title = (called as { format(): string } | null)?.format() ?? selector;
    problems.push({ path: `contracts.${name}`, problem: `${who(role)} may call its ${title}` });
  }
  for (const [does, roles] of [
    ["gives and takes", powers.admins],
    ["cancels what is scheduled by", powers.guardians],
  ] as const) {
    for (const [role, by] of roles) {
      if (!held.has(by)) continue;
      problems.push({ path: "contracts.manager", problem: `${who(by)} ${does} its role ${role}` });
    }
  }
  return problems;
}

/** The manager's first admin could also act at other contracts; then they tell of it. */
async function checkActs(manifest: SuiteManifest, node: JsonRpc, transaction: string): Promise<ManifestProblem[]> {
  const receipt = (await node.send("eth_getTransactionReceipt", [transaction])) as {
    logs: readonly { address: string }[];
  } | null;
  const told = new Set(receipt?.logs.map(({ address }) => address.toLowerCase()));
  const silent = SUITE_NAMES.filter((name) => !["manager", "inauguration", "forwarder"].includes(name));
  return silent
    .filter((name) => told.has(manifest.contracts[name].address))
    .map((name) => ({ path: `contracts.${name}`, problem: "the inauguration already did something to it" }));
}
