import { getAddress, getCreateAddress, type Provider, zeroPadValue } from "ethers";

import { type EventCache, readEvents, type RecordedEvent } from "../../chain/readEvents.js";
import { ELECTION_INTERFACES, readElectionEvent, type TranscriptLog } from "./electionEvents.js";
import { TRANSCRIPT_FORMAT, type Transcript } from "./Transcript.js";
import { VerifierError } from "./VerifierError.js";

/** How a chain is read. */
export interface ExportOptions {
  /** The factory that made the election; found by the election's address, if left out. */
  readonly factory?: string | undefined;
  /** A block before the election was made; the first, if left out. */
  readonly fromBlock?: number | undefined;
  /** The last block; the newest, if left out. */
  readonly toBlock?: number | undefined;
  /** Blocks a query; 5,000, if left out. */
  readonly range?: number | undefined;
  /** Where events are kept. */
  readonly cache?: EventCache | undefined;
  readonly onProgress?: ((progress: { done: number; total: number; what: string }) => void) | undefined;
}

/** The part of a provider that a transcript is made with. */
export type TranscriptSource = Pick<
  Provider,
  "getBlock" | "getBlockNumber" | "getLogs" | "getNetwork" | "getCode" | "getTransaction" | "getTransactionCount"
>;

const RANGE = 5_000;
/** Events whose transactions are kept. */
const CALLS_KEPT = [
  "ResultPublished",
  "RollPublished",
  "ElectionExtended",
  "ElectionAnnulled",
  "PaperRecorded",
] as const;
/** How many blocks or transactions are asked for at once. */
const AT_ONCE = 20;

/**
 * Reads all that a chain recorded of an election, as verifyElection takes it. Written with JSON.stringify it is a file that can
 * be verified without the chain.
 *
 * @throws VerifierError ELECTION_NOT_FOUND when no factory made it up to the last block
 * @throws ChainError what readEvents throws
 * @example
 * ```ts
 * writeFileSync(file, JSON.stringify(await exportTranscript(provider, election, { factory })));
 * ```
 */
export async function exportTranscript(
  provider: TranscriptSource,
  election: string,
  options: ExportOptions = {},
): Promise<Transcript> {
  const { range = RANGE, onProgress, cache } = options;
  const { chainId } = await provider.getNetwork();
  const block = options.toBlock ?? (await provider.getBlockNumber());
  const created = await findCreation(provider, election, { ...options, range, toBlock: block });
  const event = readElectionEvent("factory", { ...created, time: 0 }, 0);
  if (event?.name !== "ElectionCreated")
    throw new VerifierError("ELECTION_NOT_FOUND", "the factory's log is unreadable");
  const { trustees, commission } = event.args;

  const parts: RecordedEvent[][] = [[created]];
  const reading = { fromBlock: created.blockNumber, toBlock: block, range, ...(cache === undefined ? {} : { cache }) };
  for (const address of [election, trustees]) {
    const part = await readEvents(
      provider,
      { address, topics: [] },
      { ...reading, onProgress: ({ block: at }) => onProgress?.({ done: at, total: block, what: "blocks" }) },
    );
    parts.push(part);
  }
  const events = parts.flat();
  events.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);

  const blocks = [...new Set(events.map(({ blockNumber }) => blockNumber))];
  const times = new Map<number, number>();
  await inParts(blocks, async (number) => {
    const found = await provider.getBlock(number);
    if (found === null) throw new VerifierError("ELECTION_NOT_FOUND", `the chain has no block ${number}`);
    times.set(number, found.timestamp);
    onProgress?.({ done: times.size, total: blocks.length, what: "times of blocks" });
  });
  const kept = new Set(CALLS_KEPT.map((name) => ELECTION_INTERFACES.election.getEvent(name)!.topicHash));
  const transactions = events.filter(({ topics }) => kept.has(topics[0] ?? "")).map((one) => one.transactionHash);
  const calls = await inParts([...new Set(transactions)], async (transactionHash) => {
    const found = await provider.getTransaction(transactionHash);
    if (found === null) return [];
    return [{ transactionHash, to: (found.to ?? election).toLowerCase(), input: found.data.toLowerCase() }];
  });
  const codes = await inParts(commission, (member) => provider.getCode(member, block));
  const last = await provider.getBlock(block);
  if (last === null) throw new VerifierError("ELECTION_NOT_FOUND", `the chain has no block ${block}`);
  return {
    format: TRANSCRIPT_FORMAT,
    chainId: chainId.toString(),
    factory: created.address.toLowerCase(),
    election: election.toLowerCase(),
    trustees: trustees.toLowerCase(),
    electionCode: (await provider.getCode(election, block)).toLowerCase(),
    trusteesCode: (await provider.getCode(trustees, block)).toLowerCase(),
    block,
    blockHash: last.hash ?? "",
    time: last.timestamp,
    wallets: commission.filter((_, i) => codes[i] !== "0x").map((member) => member.toLowerCase()),
    logs: events.map((one) => toLog(one, times.get(one.blockNumber)!)),
    calls: calls.flat(),
  };
}

/**
 * Finds the factory's event. Any contract can record one like it, before the election is made too, since a clone's address is
 * known before: of them the event counts whose contract made the election's account (the address is a hash of its maker's and
 * a nonce).
 */
async function findCreation(
  provider: TranscriptSource,
  election: string,
  { factory, fromBlock = 0, toBlock, range, onProgress }: ExportOptions & { toBlock: number; range: number },
): Promise<RecordedEvent> {
  const topic = ELECTION_INTERFACES.factory.getEvent("ElectionCreated")!.topicHash;
  const topics = [topic, zeroPadValue(getAddress(election.toLowerCase()), 32)];
  const made = new Map<string, boolean>();
  for (let from = fromBlock; from <= toBlock; from += range) {
    const query = { topics, fromBlock: from, toBlock: Math.min(from + range - 1, toBlock) };
    const logs = await provider.getLogs(factory === undefined ? query : { ...query, address: factory });
    onProgress?.({ done: query.toBlock, total: toBlock, what: "blocks, for the factory's event" });
    for (const { address, data, blockNumber, blockHash, transactionHash, index, topics: found } of logs) {
      if (!made.has(address)) made.set(address, await hasMade(provider, address, election));
      if (made.get(address) !== true) continue;
      return { address, data, blockNumber, blockHash, transactionHash, index, topics: [...found] };
    }
  }
  throw new VerifierError("ELECTION_NOT_FOUND", `no factory made the election ${election} up to block ${toBlock}`);
}

async function hasMade(provider: TranscriptSource, maker: string, election: string): Promise<boolean> {
  const wanted = getAddress(election.toLowerCase());
  // The newest count, since nodes forget the state of old blocks.
  for (let nonce = (await provider.getTransactionCount(maker)) - 1; nonce > 0; --nonce) {
    if (getCreateAddress({ from: maker, nonce }) === wanted) return true;
  }
  return false;
}

function toLog(
  { address, topics, data, blockNumber, index, transactionHash }: RecordedEvent,
  time: number,
): TranscriptLog {
  const plain = {
    address: address.toLowerCase(),
    topics: topics.map((one) => one.toLowerCase()),
    data: data.toLowerCase(),
  };
  return { ...plain, blockNumber, index, transactionHash: transactionHash.toLowerCase(), time };
}

async function inParts<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
