import { HOST, ObstacleError, requireFreePort } from "../console/obstacles.js";

/** From here on the system gives ports to connections that it opens itself. */
const LEAST_EPHEMERAL = 32_768;
const LEAST_FREE = 20_000;

/**
 * Ports on the loopback interface that nobody listens on.
 *
 * @param count How many, one after another.
 * @param first The first of them; any, if left out.
 * @throws ObstacleError names the one that is taken.
 */
export async function freePorts(count: number, first?: number): Promise<number[]> {
  if (first !== undefined) {
    const ports = Array.from({ length: count }, (_, i) => first + i);
    for (const port of ports) await requireFreePort(port, "is a network running? Choose others by --port");
    return ports;
  }
  for (let attempt = 0; attempt < 50; attempt++) {
    const start = LEAST_FREE + Math.floor(Math.random() * (LEAST_EPHEMERAL - LEAST_FREE - count));
    try {
      return await freePorts(count, start);
    } catch (error) {
      if (!(error instanceof ObstacleError)) throw error;
    }
  }
  throw new ObstacleError(`there are no ${count} free ports on ${HOST} between ${LEAST_FREE} and ${LEAST_EPHEMERAL}`);
}
