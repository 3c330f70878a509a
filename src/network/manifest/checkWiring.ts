import type { Interface } from "ethers";
import { ZeroAddress } from "ethers";

import { ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE } from "../../trust/roles.js";
import {
  AccessManager__factory,
  Council__factory,
  ElectionFactory__factory,
  Inauguration__factory,
} from "../../typechain/index.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { callOrRefused } from "../rpc/callOrRefused.js";
import { SUITE_CONTRACTS, SUITE_NAMES } from "../suite/suiteContracts.js";

import type { ManifestProblem } from "./ManifestProblem.js";
import { IMPLEMENTATIONS, type SuiteManifest } from "./NetworkManifest.js";

const [RELAYS, MANAGER] = [Council__factory.createInterface(), AccessManager__factory.createInterface()];
const OFFICE = Inauguration__factory.createInterface();

/**
 * Whether the contracts trust the manager, the forwarder and the hub that the manifest names, the manager the councils, and whether the factory
 * clones what the manifest names.
 *
 * @param creators Accounts that sent the creations: none of them may have any power left.
 * @returns What is wrong, by the manifest's members.
 * @throws what the node throws when it cannot be reached
 * @example
 * ```ts
 * const problems = await checkWiring(manifest, node, [deployer]);
 * ```
 */
export async function checkWiring(
  manifest: SuiteManifest,
  node: JsonRpc,
  creators: readonly string[],
): Promise<ManifestProblem[]> {
  const { contracts, hub = ZeroAddress } = manifest;
  const problems: ManifestProblem[] = [];
  const ask = async (to: string, of: Interface, name: string, args: readonly unknown[] = []) => {
    const answer = await callOrRefused(node, to, of.encodeFunctionData(name, args));
    try {
      return answer === undefined ? undefined : of.decodeFunctionResult(name, answer);
    } catch {
      // What cannot be read is no answer that is right.
      return undefined;
    }
  };
  const expectAddress = async (path: string, to: string, name: string, wanted: string) => {
    const answer = String((await ask(to, RELAYS, name))?.[0]);
    if (answer.toLowerCase() === wanted) return;
    problems.push({ path, problem: `its ${name} is ${answer}, not ${wanted}` });
  };
  for (const name of SUITE_NAMES) {
    const { address } = contracts[name];
    const functions = SUITE_CONTRACTS[name].createInterface();
    const has = (wanted: string) => functions.getFunction(wanted as never) !== null;
    const path = `contracts.${name}`;
    if (has("authority")) await expectAddress(path, address, "authority", contracts.manager.address);
    if (has("trustedForwarder")) await expectAddress(path, address, "trustedForwarder", contracts.forwarder.address);
    if (has("relayHub")) await expectAddress(path, address, "relayHub", hub);
  }
  const manager = contracts.manager.address;
  const membership = async (role: bigint, account: string) => {
    return (await ask(manager, MANAGER, "hasRole", [role, account]))?.isMember as boolean | undefined;
  };
  const holders: readonly (readonly ["council" | "recovery", bigint, string])[] = [
    ["council", ADMIN_ROLE, "admin"],
    ["council", EMERGENCY_ROLE, "emergency"],
    ["council", RECOVERY_ROLE, "recovery"],
    ["recovery", RECOVERY_ROLE, "recovery"],
  ];
  for (const [name, role, title] of holders) {
    if ((await membership(role, contracts[name].address)) === true) continue;
    problems.push({ path: `contracts.${name}`, problem: `it does not hold the manager's ${title} role` });
  }
  const factory = ElectionFactory__factory.createInterface();
  const cloned = await ask(contracts.electionFactory.address, factory, "implementations");
  for (const name of IMPLEMENTATIONS) {
    const found = String(cloned?.[name]).toLowerCase();
    if (found === manifest.implementations[name].address) continue;
    problems.push({ path: `implementations.${name}`, problem: `the election factory clones ${found}` });
  }
  const office = contracts.inauguration.address;
  const [deployer, inaugurated] = await Promise.all(
    ["deployer", "inaugurated"].map(async (name) => String((await ask(office, OFFICE, name))?.[0]).toLowerCase()),
  );
  if (inaugurated !== manager) {
    const problem = `it gave ${String(inaugurated)} to its council, not ${manager}`;
    problems.push({ path: "contracts.inauguration", problem });
  }
  // Through a relay, the deployer is not who sent.
  for (const account of new Set([office, String(deployer), ...creators])) {
    const isAdmin = await membership(ADMIN_ROLE, account);
    if (isAdmin === false) continue;
    const who = account === office ? "the contract that put the council in office" : `the deployer ${account}`;
    problems.push({
      path: "contracts.manager",
      problem: `${who} ${isAdmin === undefined ? "may hold its admin role, and it does not tell" : "still holds its admin role"}`,
    });
  }
  return problems;
}
