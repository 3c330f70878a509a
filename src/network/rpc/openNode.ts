import { NetworkError } from "../NetworkError.js";
import { callNode } from "./callNode.js";
import type { JsonRpc } from "./JsonRpc.js";

/** How long a node may be silent. */
export interface Patience {
  /** Milliseconds for an answer; 10,000, if left out. */
  readonly timeoutMs?: number;
  /** How often it is asked; once, if left out. Only ask again what does no harm when it is done twice. */
  readonly tries?: number;
}

/** Milliseconds after which a silent node is asked again. */
const PAUSE_MS = 500;

/**
 * One node by HTTP, of whatever chain, one call a request: for looking at a node, and for signers. Work on a chain that is known
 * goes through `openNodes`, which keeps to that chain.
 *
 * @throws RpcRefusal; NetworkError RPC_UNREACHABLE when it does not answer; from `send`.
 * @example
 * ```ts
 * const findings = preflight(await askNode(openNode("http://127.0.0.1:8545", { tries: 5 })));
 * ```
 */
export function openNode(url: string, { timeoutMs, tries = 1 }: Patience = {}): JsonRpc {
  const options = timeoutMs === undefined ? {} : { timeoutMs };
  return {
    async send(method, params: unknown[]) {
      for (let left = tries - 1; ; left--) {
        try {
          const [answer] = await callNode(url, [{ method, params }], options);
          if ("refusal" in answer!) throw answer.refusal;
          return answer!.result;
        } catch (error) {
          const isSilent = error instanceof NetworkError && error.code === "RPC_UNREACHABLE";
          if (!isSilent || left <= 0) throw error;
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
      }
    },
  };
}
