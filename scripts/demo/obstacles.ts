import { once } from "node:events";
import { createServer } from "node:net";

/** Something that a person can mend stands in the way; the message says what. */
export class ObstacleError extends Error {}

/** Where chains are served: for this machine alone. */
export const HOST = "127.0.0.1";

/**
 * Makes sure of a port early: Hardhat's server tells only once the chain is there, and in its own way.
 *
 * @throws ObstacleError
 */
export async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  probe.listen(port, HOST);
  try {
    await once(probe, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new ObstacleError(`port ${port} is in use on ${HOST}; take another: npm run node -- --port ${port + 1}`);
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
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
    const { result } = (await answer.json()) as { result?: unknown };
    if (typeof result === "string") return;
  } catch {
    // Told below, as for a server that is no node.
  }
  throw new ObstacleError(`no Ethereum node answers at ${url}`);
}
