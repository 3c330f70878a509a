import { once } from "node:events";
import { createServer } from "node:net";

/** A port that was asked for is in use. */
export class PortInUse extends Error {}

/** From here on the system gives ports to connections that it opens itself. */
const LEAST_EPHEMERAL = 32_768;
const LEAST_FREE = 20_000;

/**
 * Ports on the loopback interface that nobody listens on.
 *
 * @param count How many, one after another.
 * @param first The first of them; any, if left out.
 * @throws PortInUse names the one that is taken.
 */
export async function freePorts(count: number, first?: number): Promise<number[]> {
  if (first !== undefined) {
    const ports = Array.from({ length: count }, (_, i) => first + i);
    for (const port of ports) {
      if (!(await isFree(port))) {
        throw new PortInUse(`port ${port} of 127.0.0.1 is in use: is a network running? Choose others by --port`);
      }
    }
    return ports;
  }
  for (let attempt = 0; attempt < 50; attempt++) {
    const start = LEAST_FREE + Math.floor(Math.random() * (LEAST_EPHEMERAL - LEAST_FREE - count));
    try {
      return await freePorts(count, start);
    } catch (error) {
      if (!(error instanceof PortInUse)) throw error;
    }
  }
  throw new PortInUse(`there are no ${count} free ports of 127.0.0.1 between ${LEAST_FREE} and ${LEAST_EPHEMERAL}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
