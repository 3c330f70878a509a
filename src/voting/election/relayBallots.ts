import { isError, type Provider } from "ethers";

import { ask, eventsOf, send } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { foldHints } from "../foldHints.js";
import { VotingError } from "../VotingError.js";
import { SKIP_REASONS, type SkipReason } from "./electionState.js";
import { orderBallots } from "./orderBallots.js";
import { type Refusal, refusalOf } from "./refusalOf.js";
import { readElection, type ReadElectionOptions } from "./readElection.js";
import type { SignedBallot } from "./signBallot.js";
import { statementFor } from "./statementFor.js";

/** What became of a ballot of the queue. */
export type BallotFate = {
  /** Its place in the queue. */
  readonly index: number;
  readonly ballotHash?: string;
} & (
  | /** Recorded by this call's transaction; without one, it was before. */ {
      readonly outcome: "recorded";
      readonly transaction?: string;
    }
  | /** Sent, and not recorded. */ {
      readonly outcome: "skipped";
      readonly reason: SkipReason;
      readonly transaction: string;
    }
  | /** Never sent. */ ({ readonly outcome: "refused" } & Refusal)
  | /** The same ballot as one before it in the queue. */ { readonly outcome: "duplicate"; readonly of: number }
);

/** How ballots are relayed. */
export interface RelayOptions extends ReadElectionOptions {
  /** The most ballots of a transaction; 50 if left out. */
  readonly batchSize?: number;
  /**
   * The most gas of a transaction; 10,000,000 if left out, which the smallest live blocks (10.4 million) hold. What is sent with a
   * batch is its estimate and a fifth, never more than this or a block.
   */
  readonly gasLimit?: bigint;
  /** Called after each batch with the fates of its ballots, to be written down. */
  readonly onProgress?: (progress: { done: number; toSend: number; fates: readonly BallotFate[] }) => void;
}

/**
 * Carries ballots that voters signed to an election. Each is checked first, and one that can't be recorded is refused with the
 * reason; the others go in batches, re-votes behind what they replace. After a crash the same queue can be sent again: what is
 * recorded stays so, once.
 *
 * @param election Connected to whoever pays, who need not be trusted.
 * @param queue The ballots.
 * @param options How they are sent.
 * @returns The fate of each, in the order of the queue.
 * @throws VotingError ELECTION_NOT_OPEN, ELECTION_CONFIGURATION, BATCH_TOO_LARGE when one ballot alone takes more gas;
 * ContractError when a batch is refused, as after the close: `onProgress` has told of those before it
 * @example
 * ```ts
 * const fates = await relayBallots(election.connect(relayer), queue, { batchSize: 40 });
 * ```
 */
export async function relayBallots(
  election: Election,
  queue: readonly SignedBallot[],
  options: RelayOptions = {},
): Promise<BallotFate[]> {
  const { batchSize = 50, gasLimit = 10_000_000n, onProgress } = options;
  const read = await readElection(election, options);
  if (read.state !== "OPEN") throw new VotingError("ELECTION_NOT_OPEN", `the election is ${read.state}`);

  const fates = new Map<number, BallotFate>();
  const good: { index: number; ballotHash: string; signed: SignedBallot }[] = [];
  for (const [index, signed] of queue.entries()) {
    const { ballotHash, refusal } = await refusalOf(election, read, signed);
    const known = ballotHash === undefined ? {} : { ballotHash };
    const twin = good.find((one) => one.ballotHash === ballotHash && isSame(one.signed, signed));
    if (twin !== undefined) fates.set(index, { index, ...known, outcome: "duplicate", of: twin.index });
    else if (refusal?.reason === "SIGNATURE_EXPIRED" && (await isRecorded(election, signed, ballotHash!))) {
      fates.set(index, { index, ...known, outcome: "recorded" });
    } else if (refusal !== undefined) fates.set(index, { index, ...known, outcome: "refused", ...refusal });
    else good.push({ index, ballotHash: ballotHash!, signed });
  }

  const slots = new Map<string, string>();
  for (const { signed } of good) {
    const slotKey = signed.slotKey.toLowerCase();
    if (!slots.has(slotKey)) slots.set(slotKey, await ask(() => election.ballotOf(slotKey)));
  }
  const { recorded, ready, stale } = orderBallots(good, slots);
  for (const { index, ballotHash } of recorded) fates.set(index, { index, ballotHash, outcome: "recorded" });
  for (const { index, ballotHash } of stale) {
    const detail = "its voter signed it over another ballot than the slot holds";
    fates.set(index, { index, ballotHash, outcome: "refused", reason: "SLOT_CHANGED", detail });
  }

  const { key } = statementFor(read, `0x${"0".repeat(64)}`, 1n);
  const brought = { x: key.x, parity: key.y & 1n };
  let size = batchSize;
  for (let done = 0; done < ready.length;) {
    const batch = ready.slice(done, done + size);
    const ballots = batch.map(({ signed }) => signed);
    const { hints } = foldHints(
      ballots.map(({ slotKey, weight, ballot }) => ({ statement: statementFor(read, slotKey, weight), bytes: ballot })),
    );
    const block = (await (election.runner!.provider as Provider).getBlock("latest"))!;
    const most = block.gasLimit < gasLimit ? block.gasLimit : gasLimit;
    const { gas, problem } = await gasOf(election, [brought, ballots, hints]);
    if (gas === undefined || gas > most) {
      if (batch.length === 1) {
        throw new VotingError("BATCH_TOO_LARGE", `one ballot takes more gas than ${most}`, { cause: problem });
      }
      size = Math.ceil(batch.length / 2);
      continue;
    }
    // Others' transactions can make it dearer before it is in a block, as the first audit of all does.
    const ample = (gas * 6n) / 5n;
    const overrides = { gasLimit: ample < most ? ample : most };
    const receipt = await send(() => election.castBatch(brought, ballots, hints, overrides));
    const cast = await eventsOf(receipt, election, "BallotCast");
    const skipped = await eventsOf(receipt, election, "BallotSkipped");
    const told = batch.map(({ index, ballotHash, signed }): BallotFate => {
      const isOf = ({ args }: (typeof cast)[number]) => {
        return args.slotKey === signed.slotKey.toLowerCase() && args.ballotHash === ballotHash;
      };
      const transaction = receipt.hash;
      if (cast.some(isOf)) return { index, ballotHash, outcome: "recorded", transaction };
      const skip = skipped.find(isOf);
      if (skip === undefined) throw new VotingError("EVENT_MISSING", `the receipt says nothing of ballot ${index}`);
      return { index, ballotHash, outcome: "skipped", reason: SKIP_REASONS[Number(skip.args.reason)]!, transaction };
    });
    for (const fate of told) fates.set(fate.index, fate);
    done += batch.length;
    onProgress?.({ done, toSend: ready.length, fates: told });
  }
  return queue.map((_, index) => fates.get(index)!);
}

function isRecorded(election: Election, { slotKey }: SignedBallot, ballotHash: string): Promise<boolean> {
  return ask(() => election.isRecorded(slotKey, ballotHash));
}

function isSame(one: SignedBallot, other: SignedBallot): boolean {
  return one.slotKey.toLowerCase() === other.slotKey.toLowerCase() && one.replaces === other.replaces;
}

/**
 * The node's estimate; none when no gas that it grants is enough. The contract's refusals have data, and are thrown. Without any it
 * was gas that ran out: geth says so, Besu speaks of an internal error.
 */
async function gasOf(
  election: Election,
  call: Parameters<Election["castBatch"]["estimateGas"]>,
): Promise<{ gas?: bigint; problem?: unknown }> {
  try {
    return { gas: await ask(() => election.castBatch.estimateGas(...call)) };
  } catch (error) {
    if (!isError(error, "CALL_EXCEPTION") && !isOfGas(error)) throw error;
    return { problem: error };
  }
}

/** The node's words as they are, which Hardhat's provider gives. */
function isOfGas(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "number" && typeof message === "string" && /gas required|out of gas|gas limit/i.test(message);
}
