import { once } from "node:events";
import { createServer } from "node:net";

/** Where chains are served: for this machine alone. */
export const HOST = "127.0.0.1";

/** A chain cannot be served, for a reason that a person can mend. */
export class ServeError extends Error {}

/**
 * Makes sure of a port early: Hardhat's server tells only once the chain is there, and in its own way.
 *
 * @throws ServeError
 */
export async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  probe.listen(port, HOST);
  try {
    await once(probe, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new ServeError(`port ${port} is in use on ${HOST}; take another: npm run node -- --port ${port + 1}`);
    }
    throw new ServeError(`cannot listen on ${HOST}:${port}: ${code ?? String(error)}`);
  }
  probe.close();
  await once(probe, "close");
}
