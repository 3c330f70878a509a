import type { JsonRpc } from "../../src/network/JsonRpc.js";
import { ObstacleError } from "../demo/obstacles.js";

/** Milliseconds that a node may take for an answer. */
const TIMEOUT = 30_000;
/** How often a node that is silent is asked again, and how long after. */
const [TRIES, PAUSE] = [5, 500];

/** What a node refused, with the data of a reverted call, as Ignition reads it. */
export class NodeRefusal extends Error {
  readonly code: number | undefined;
  readonly data: unknown;

  constructor(method: string, { code, message, data }: { code?: number; message?: string; data?: unknown }) {
    super(`${method}: ${message ?? "refused"}`);
    this.code = code;
    this.data = data;
  }
}

/**
 * A node by HTTP, one call a request. A silent node is asked again some times, since reading twice does no harm and the bytes
 * of a transaction are the same each time.
 *
 * @throws ObstacleError, from each call, when nobody answers
 */
export function openNode(url: string): JsonRpc {
  let id = 0;
  const ask = async (method: string, params: unknown[]): Promise<unknown> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const answer = (await response.json()) as { result?: unknown; error?: { code?: number; message?: string } };
    if (answer.error !== undefined) throw new NodeRefusal(method, answer.error);
    if (answer.result === undefined) throw new Error("an answer without a result");
    return answer.result;
  };
  return {
    async send(method, params: unknown[]) {
      for (let tries = 1; ; tries++) {
        try {
          return await ask(method, params);
        } catch (error) {
          if (error instanceof NodeRefusal) throw error;
          if (tries < TRIES) {
            await new Promise((resolve) => setTimeout(resolve, PAUSE));
            continue;
          }
          // An address may hold a password.
          const { host } = new URL(url);
          throw new ObstacleError(`no Ethereum node answers at ${host} (${(error as Error).message})`, {
            cause: error,
          });
        }
      }
    },
  };
}
