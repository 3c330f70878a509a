/**
 * What a node is asked by; each of ethers' `JsonRpcApiProvider`s is one.
 *
 * @example
 * ```ts
 * const node: JsonRpc = new JsonRpcProvider("http://127.0.0.1:8545");
 * ```
 */
export interface JsonRpc {
  /**
   * @returns what the node answered
   * @throws when it refuses, or cannot be reached
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- ethers' own type of it
  send(method: string, params: any[]): Promise<unknown>;
}
