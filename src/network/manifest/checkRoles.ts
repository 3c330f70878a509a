import { ZeroHash } from "ethers";

import { ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE } from "../../trust/roles.js";
import { AccessManager__factory } from "../../typechain/index.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { readLogs } from "../rpc/readLogs.js";

import type { ManifestProblem } from "./ManifestProblem.js";
import type { SuiteManifest } from "./NetworkManifest.js";

/**
 * Whether anyone but the councils holds a role of the manager, by all that its events tell since it was made: `inaugurate` makes
 * whatever calls its deployer gives it.
 *
 * @returns A problem for each holder who should not be one.
 * @example
 * ```ts
 * const problems = await checkRoles(manifest, node);
 * ```
 */
export async function checkRoles({ contracts }: SuiteManifest, node: JsonRpc): Promise<ManifestProblem[]> {
  const events = AccessManager__factory.createInterface();
  const { address, deployBlock } = contracts.manager;
  const [granted, revoked] = [events.getEvent("RoleGranted").topicHash, events.getEvent("RoleRevoked").topicHash];
  const holders = new Set<string>();
  for (const { topics } of await readLogs(node, { address, topics: [[granted, revoked]] }, deployBlock)) {
    const [event, role = ZeroHash, account = ZeroHash] = topics;
    const holder = `${BigInt(role)} 0x${account.slice(-40).toLowerCase()}`;
    if (event === granted) holders.add(holder);
    else holders.delete(holder);
  }
  const rightly = new Set([
    ...[ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE].map((role) => `${role} ${contracts.council.address}`),
    `${RECOVERY_ROLE} ${contracts.recovery.address}`,
  ]);
  return [...holders]
    .filter((holder) => !rightly.has(holder))
    .map((holder) => {
      const [role, account] = holder.split(" ");
      return { path: "contracts.manager", problem: `its role ${role!} is held by ${account!}, which is no council` };
    });
}
