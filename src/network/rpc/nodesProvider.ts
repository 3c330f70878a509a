import { type JsonRpcError, JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult, Network } from "ethers";

import type { Nodes } from "./openNodes.js";

/**
 * Several nodes of one chain as one provider of ethers: what one does not answer, the next is asked.
 *
 * @param pollingInterval Milliseconds between questions for new blocks; 1,000, if left out.
 * @example
 * ```ts
 * const provider = nodesProvider(openNodes({ urls, chainId: 2026n }), 2026n);
 * const trustList = TrustList__factory.connect(address, provider);
 * ```
 */
export function nodesProvider(nodes: Nodes, chainId: bigint, pollingInterval = 1_000): JsonRpcApiProvider {
  return new NodesProvider(nodes, chainId, pollingInterval);
}

class NodesProvider extends JsonRpcApiProvider {
  readonly #nodes: Nodes;

  constructor(nodes: Nodes, chainId: bigint, pollingInterval: number) {
    // Nothing is kept: after a node failed, the next may know more.
    super(Network.from(chainId), { staticNetwork: true, cacheTimeout: -1, pollingInterval });
    this.#nodes = nodes;
    this._start();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    const calls = payloads.map(({ method, params }) => ({ method, params: params as unknown[] }));
    const answers = await this.#nodes.ask((node) => node.callAll(calls));
    return answers.map((answer, i) => {
      const { id } = payloads[i]!;
      if ("result" in answer) return { id, result: answer.result };
      const { code, message, data } = answer.refusal;
      return { id, error: { code, message, data } };
    });
  }
}
