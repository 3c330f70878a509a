import { once } from "node:events";
import { createServer } from "node:net";

import { openNode } from "../../src/network/rpc/openNode.js";

/** Something that a person can mend stands in the way; the message says what. */
export class ObstacleError extends Error {}

/** Where chains are served: for this machine alone. */
export const HOST = "127.0.0.1";

/**
 * Makes sure of a port early: servers tell only once they are started, and each in its own way.
 *
 * @param advice What to do where it is in use.
 * @throws ObstacleError
 */
export async function requireFreePort(port: number, advice: string): Promise<void> {
  const probe = createServer();
  probe.listen(port, HOST);
  try {
    await once(probe, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new ObstacleError(`port ${port} is in use on ${HOST}; ${advice}`);
    }
    throw new ObstacleError(`cannot listen on ${HOST}:${port}: ${code ?? String(error)}`);
  }
  probe.close();
  await once(probe, "close");
}

/**
 * Makes sure of a node early: Hardhat tells of one that does not answer in forty lines.
 *
 * @throws ObstacleError
 */
export async function requireNode(url: string): Promise<void> {
  const answer = await openNode(url)
    .send("eth_chainId", [])
    .catch(() => undefined);
  // A server that is no node is told as none.
  if (typeof answer !== "string") throw new ObstacleError(`no Ethereum node answers at ${url}`);
}
