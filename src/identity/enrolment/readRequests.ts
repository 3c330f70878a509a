import { toBeHex, zeroPadValue } from "ethers";

import { ChainError } from "../../chain/ChainError.js";
import { readEvents, type EventSource, type ReadEventsOptions } from "../../chain/readEvents.js";
import { IEnrolment__factory } from "../../typechain/factories/contracts/identity/IEnrolment__factory.js";
import { REJECTION_GROUNDS, type RejectionGrounds, type RequestState } from "./requestState.js";

/** A request to an office, as the events tell of it: neither its applicant nor its application. */
export interface OfficeRequest {
  id: string;
  /** What kind of attestation: 32 bytes in hex. */
  schema: string;
  /** How it stands at the time of the last block read. */
  state: RequestState;
  /** First second at which it can no longer be confirmed, in Unix seconds. */
  lapsesAt: number;
  /** The block in which it was made last. */
  block: number;
  /** The attestation that confirmed it, if one did. */
  uid?: string;
  /** Why it was rejected, if it was. */
  grounds?: RejectionGrounds;
}

/** All requests to an office. */
export interface OfficeRequests {
  /** The last block that was read. */
  block: number;
  /** Its time, in Unix seconds. */
  time: number;
  /** By id, in the order in which they were first made. */
  requests: Map<string, OfficeRequest>;
}

const events = IEnrolment__factory.createInterface();
const topicOf = (name: "EnrolmentRequested" | "EnrolmentConfirmed" | "EnrolmentRejected" | "EnrolmentWithdrawn") =>
  events.getEvent(name).topicHash;
const DECISIONS = [topicOf("EnrolmentConfirmed"), topicOf("EnrolmentRejected"), topicOf("EnrolmentWithdrawn")];

/**
 * Reads the requests to an office from the enrolment's events.
 *
 * @param provider Where to read.
 * @param address The enrolment contract.
 * @param office The office's index in the trust list.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @returns The requests, and the block and time of which they are.
 * @throws ChainError as `readEvents` does
 * @example
 * ```ts
 * const { requests } = await readRequests(provider, address, office, { fromBlock: deployedAt, cache });
 * const open = [...requests.values()].filter(({ state }) => state === "REQUESTED");
 * ```
 */
export async function readRequests(
  provider: EventSource,
  address: string,
  office: number,
  options: ReadEventsOptions,
): Promise<OfficeRequests> {
  const block = options.toBlock ?? (await provider.getBlockNumber());
  const read = (topics: (string | string[] | null)[]) =>
    readEvents(provider, { address, topics }, { ...options, toBlock: block });
  const made = await read([topicOf("EnrolmentRequested"), null, zeroPadValue(toBeHex(office), 32)]);
  const decided = await read([DECISIONS]);
  const time = (await provider.getBlock(block))?.timestamp;
  if (time === undefined) throw new ChainError("BLOCK_NOT_FOUND", `the chain has no block ${block}`);

  const requests = new Map<string, OfficeRequest>();
  const inOrder = [...made, ...decided].sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  for (const event of inOrder) {
    const { name, args } = events.parseLog(event)!;
    const id = args.id as string;
    const known = requests.get(id);
    if (name === "EnrolmentRequested") {
      const lapsesAt = Number(args.lapsesAt);
      requests.set(id, { id, schema: args.schema as string, state: "REQUESTED", lapsesAt, block: event.blockNumber });
    } else if (known !== undefined) {
      if (name === "EnrolmentConfirmed") Object.assign(known, { state: "CONFIRMED", uid: args.uid as string });
      else if (name === "EnrolmentWithdrawn") known.state = "WITHDRAWN";
      else Object.assign(known, { state: "REJECTED", grounds: REJECTION_GROUNDS[Number(args.grounds)] });
    }
  }
  for (const request of requests.values()) {
    if (request.state === "REQUESTED" && time >= request.lapsesAt) request.state = "LAPSED";
  }
  return { block, time, requests };
}
