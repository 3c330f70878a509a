import { getBytes } from "ethers";

import type { DemoChain } from "../../../scripts/demo/openChain.js";
import type { Blob } from "./search.js";

/** What one transaction made public. */
export interface Traffic {
  hash: string;
  from: string;
  /** Every call in it, the outermost first; a deployment has no target. */
  calls: { from: string; to: string | undefined; input: string }[];
  events: { address: string; topics: string[]; data: string }[];
  /** Words written, by contract. */
  storage: { address: string; slot: string; value: string }[];
}

interface Call {
  from: string;
  to?: string;
  type: string;
  input: string;
  calls?: Call[];
}

type State = Record<string, { storage?: Record<string, string> }>;

/** All that a chain's transactions put there: calls by Geth's `callTracer`, storage by its `prestateTracer`. */
export async function readTraffic({ provider, connection }: DemoChain, fromBlock = 0): Promise<Traffic[]> {
  const trace = async <T>(hash: string, options: object): Promise<T> => {
    const params = [hash, options];
    return (await connection.provider.request({ method: "debug_traceTransaction", params })) as T;
  };
  const traffic: Traffic[] = [];
  const last = await provider.getBlockNumber();
  for (let number = fromBlock; number <= last; number++) {
    const block = await provider.getBlock(number);
    for (const hash of block?.transactions ?? []) {
      const receipt = await provider.getTransactionReceipt(hash);
      const call = await trace<Call>(hash, { tracer: "callTracer" });
      const diff = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
      const { post } = await trace<{ post: State }>(hash, diff);
      traffic.push({
        hash,
        from: call.from,
        calls: [...callsOf(call)],
        events: receipt!.logs.map(({ address, topics, data }) => ({ address, topics: [...topics], data })),
        storage: Object.entries(post).flatMap(([address, { storage = {} }]) =>
          Object.entries(storage).map(([slot, value]) => ({ address, slot, value })),
        ),
      });
    }
  }
  return traffic;
}

function* callsOf(call: Call): Generator<Traffic["calls"][number]> {
  const isDeployment = call.type === "CREATE" || call.type === "CREATE2";
  yield { from: call.from, to: isDeployment ? undefined : call.to, input: call.input };
  for (const inner of call.calls ?? []) yield* callsOf(inner);
}

/** Traffic as bytes. Each call within a call is there for itself, so that its words are where words begin. */
export function blobsOf(traffic: readonly Traffic[]): Blob[] {
  const blobs: Blob[] = [];
  for (const { hash, calls, events, storage } of traffic) {
    for (const { to, input } of calls) {
      // Code has no words, and the digits of every number to write them with.
      const form = to === undefined ? { words: -1, isText: true } : { words: 4 };
      blobs.push({ where: `calldata of ${hash}`, bytes: getBytes(input), ...form });
    }
    for (const { topics, data } of events) {
      for (const part of [...topics, data]) blobs.push({ where: `event of ${hash}`, bytes: getBytes(part), words: 0 });
    }
    for (const { slot, value } of storage) {
      for (const part of [slot, value]) {
        blobs.push({ where: `storage of ${hash}`, bytes: getBytes(part), words: 0, isStored: true });
      }
    }
  }
  return blobs;
}
