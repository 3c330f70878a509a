import type { Provider } from "ethers";

import { ask } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { VotingError } from "../VotingError.js";
import { type InclusionPromise, isPromise } from "./promiseOfInclusion.js";

/** How a promise turned out: kept, or the voter's client is to cast directly now, by `closesAt` at the latest. */
export type Inclusion =
  { readonly outcome: "recorded" } | { readonly outcome: "castDirectly"; readonly closesAt: bigint };

/**
 * Waits until a promised ballot is recorded, or it is time to cast it directly: when the promise is broken, or the close is near.
 * It goes by the chain's time.
 *
 * @param election The election, connected to a node of the voter's choice.
 * @param promise The relayer's promise.
 * @param options.relayer The relayer that the voter chose.
 * @param options.margin Seconds before the close at which the voter casts directly in any case; 3,600 if left out.
 * @param options.interval Milliseconds between two looks; 5,000 if left out.
 * @param options.signal Ends the waiting.
 * @throws VotingError PROMISE_INVALID; the signal's reason, which is an AbortError unless another was given
 * @example
 * ```ts
 * const { outcome } = await watchInclusion(election, promise, { relayer });
 * if (outcome === "castDirectly") await castBallot(election.connect(voter), { entry, proof, ballot, journal });
 * ```
 */
export async function watchInclusion(
  election: Election,
  promise: InclusionPromise,
  options: { relayer: string; margin?: bigint; interval?: number; signal?: AbortSignal },
): Promise<Inclusion> {
  const { relayer, margin = 3_600n, interval = 5_000, signal } = options;
  const isOfRelayer = promise.relayer.toLowerCase() === relayer.toLowerCase();
  if (!isOfRelayer || !(await isPromise(election, promise))) {
    throw new VotingError("PROMISE_INVALID", `it is no promise of ${relayer} for this election`);
  }
  const provider = election.runner!.provider as Provider;
  for (;;) {
    signal?.throwIfAborted();
    const block = (await provider.getBlock("latest"))!;
    const at = { blockTag: block.number };
    const isRecorded = await ask(() => election.isRecorded(promise.slotKey, promise.ballotHash, at));
    if (isRecorded) return { outcome: "recorded" };
    const { closesAt } = await ask(() => election.votingPeriod(at));
    const now = BigInt(block.timestamp);
    if (now > promise.until || now + margin >= closesAt) return { outcome: "castDirectly", closesAt };
    await sleep(interval, signal);
  }
}

/** With what browsers have too. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
