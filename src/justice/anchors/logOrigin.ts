import { AnchorError } from "./AnchorError.js";

/** Where a registry's log is. */
export interface LogPlace {
  chainId: bigint;
  /** The contract's address, 20 bytes in hex. */
  registry: string;
  /** The log's id in it, 32 bytes in hex: of a depositor's log, the body's number. */
  log: string;
}

/**
 * The first line of a log's checkpoint, which names the log among all others in the world: no two chains, contracts or logs
 * have the same, whoever runs them. Chain and contract stand in it as CAIP-10 writes an account, in lower case.
 *
 * @throws AnchorError CHECKPOINT_MALFORMED
 * @example
 * ```ts
 * const origin = logOrigin({ chainId: 2018n, registry: await registry.getAddress(), log: toBeHex(7, 32) });
 * ```
 */
export function logOrigin({ chainId, registry, log }: LogPlace): string {
  if (chainId <= 0n || !/^0x[0-9a-fA-F]{40}$/.test(registry) || !/^0x[0-9a-fA-F]{64}$/.test(log))
    throw new AnchorError("CHECKPOINT_MALFORMED", `no log: ${log} of ${registry} on the chain ${chainId}`);
  return `diwan.log/eip155:${chainId}:${registry.toLowerCase()}/${log.toLowerCase()}`;
}
