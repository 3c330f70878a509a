import { Lane, type Office } from "../../test/consortium/office.js";

import type { Kind } from "./kinds.js";

/** Transactions that fill some blocks, signed, in the order of their keys' nonces. */
export interface Load {
  readonly kind: Kind;
  readonly raws: readonly string[];
}

/** What a client adds to an estimate, in percent: a log's entry costs more or less by where it comes to stand. */
const SPARE = 20n;

/** Signs as many transactions of a kind as fill so many blocks; one is written before, as a register's first costs more. */
export async function signLoad(
  office: Office,
  chainId: number,
  blockGas: number,
  kind: Kind,
  blocks: number,
): Promise<Load> {
  const { to, callOf, keyOf, most = Infinity } = kind;
  const estimateOf = (n: number) =>
    office.provider.estimateGas({ from: keyOf(n).address, to, data: callOf(n), gasPrice: 0n });
  const withSpare = (estimate: bigint) => (callOf(0) === "0x" ? estimate : (estimate * (100n + SPARE)) / 100n);
  const first = new Lane(keyOf(0), office.provider);
  await first.send(to, callOf(0), withSpare(await estimateOf(0)));
  await first.settle();

  const estimate = await estimateOf(1);
  const gasLimit = withSpare(estimate);
  const count = Math.min(most - 1, Math.ceil((blocks * blockGas) / Number(estimate)));
  const nonces = new Map([[keyOf(0).address, 1]]);
  const raws: string[] = [];
  for (let n = 1; n <= count; n++) {
    const key = keyOf(n);
    const nonce = nonces.get(key.address) ?? 0;
    nonces.set(key.address, nonce + 1);
    raws.push(await key.signTransaction({ type: 0, chainId, nonce, gasPrice: 0n, gasLimit, to, data: callOf(n) }));
  }
  return { kind, raws };
}
