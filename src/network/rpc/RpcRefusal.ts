/**
 * A node understood a call and refused it. It is no `DiwanError`, so that `decodeContractError` looks into its data.
 *
 * @example
 * ```ts
 * if (error instanceof RpcRefusal && /nonce too low/.test(error.message)) lookForTheReceipt();
 * ```
 */
export class RpcRefusal extends Error {
  override readonly name = "RpcRefusal";
  /** JSON-RPC's code, such as -32000. */
  readonly code: number;
  /** What the node said beside, such as the data of a revert. */
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
