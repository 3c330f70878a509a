import type { Office } from "../../test/consortium/office.js";

import type { Kind } from "./kinds.js";

/** Transactions that fill some blocks, signed, in the order of their keys' nonces. */
export interface Load {
  readonly kind: Kind;
  readonly raws: readonly string[];
}

/** What a client adds to an estimate, in percent: a log's entry costs more or less by where it comes to stand. */
const SPARE = 20n;

/** Signs as many transactions of a kind as fill so many blocks. */
export async function signLoad(
  office: Office,
  chainId: number,
  blockGas: number,
  kind: Kind,
  blocks: number,
): Promise<Load> {
  const { to, callOf, keyOf, most = Infinity } = kind;
  const from = keyOf(0).address;
  const isTransfer = callOf(0) === "0x";
  const estimate = await office.provider.estimateGas({ from, to, data: callOf(0), gasPrice: 0n });
  const gasLimit = isTransfer ? estimate : (estimate * (100n + SPARE)) / 100n;
  const count = Math.min(most, Math.ceil((blocks * blockGas) / Number(estimate)));
  const nonces = new Map<string, number>();
  const raws: string[] = [];
  for (let n = 0; n < count; n++) {
    const key = keyOf(n);
    const nonce = nonces.get(key.address) ?? 0;
    nonces.set(key.address, nonce + 1);
    raws.push(await key.signTransaction({ type: 0, chainId, nonce, gasPrice: 0n, gasLimit, to, data: callOf(n) }));
  }
  return { kind, raws };
}
