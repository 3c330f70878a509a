import { readEvents, type EventSource, type ReadEventsOptions, type RecordedEvent } from "../../chain/readEvents.js";
import { IBillRegistry__factory } from "../../typechain/factories/contracts/health/IBillRegistry__factory.js";
import { HealthError } from "../HealthError.js";
import { REJECT_REASONS, type BillState, type RejectReason } from "./billState.js";

/** A step of a bill, as the events tell of it. */
export interface BillStep {
  /** What the bill came to stand at. */
  to: Exclude<BillState, "UNKNOWN">;
  /** The body that did it: the provider's index in the trust list, or the payer's. */
  by: number;
  /** Why it was rejected, where it was. */
  reason: RejectReason | undefined;
  /** The block in which it happened. */
  block: number;
}

/** A bill with all that happened to it. */
export interface Bill {
  /** 32 bytes in hex. */
  id: string;
  /** The provider's index in the trust list. */
  provider: number;
  /** How it stands after the last step. */
  state: Exclude<BillState, "UNKNOWN">;
  /** Oldest first. */
  steps: BillStep[];
}

const events = IBillRegistry__factory.createInterface();

const STATES: Readonly<Record<string, BillStep["to"]>> = {
  BillSubmitted: "SUBMITTED",
  BillPaid: "PAID",
  BillRejected: "REJECTED",
  BillRefunded: "REFUNDED",
  BillWithdrawn: "WITHDRAWN",
};

/**
 * Reads all bills and what happened to them from the contract's events, in the order of their first submission.
 *
 * @param provider The chain.
 * @param address The registry.
 * @param options Blocks, cache and progress as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; HealthError EVENT_MISSING when something happened to a bill whose submission is not
 * among the events, as when `fromBlock` is too late.
 * @example
 * ```ts
 * const bills = await readBills(node, address, { fromBlock: deployedAt });
 * const open = bills.filter(({ state }) => state !== "PAID" && state !== "WITHDRAWN");
 * ```
 */
export async function readBills(provider: EventSource, address: string, options: ReadEventsOptions): Promise<Bill[]> {
  const bills = new Map<string, Bill>();
  for (const event of await readEvents(provider, { address, topics: [] }, options)) take(bills, event);
  return [...bills.values()];
}

function take(bills: Map<string, Bill>, event: RecordedEvent): void {
  const parsed = events.parseLog(event);
  if (parsed === null) return; // the council's stops
  const args = parsed.args as unknown as { id: string; provider?: bigint; payer?: bigint; reason?: bigint };
  const to = STATES[parsed.name]!;
  let bill = bills.get(args.id);
  if (bill === undefined) {
    if (args.provider === undefined) throw new HealthError("EVENT_MISSING", `the submission of ${args.id} is not here`);
    bill = { id: args.id, provider: Number(args.provider), state: to, steps: [] };
    bills.set(args.id, bill);
  }
  bill.state = to;
  const reason = args.reason === undefined ? undefined : (REJECT_REASONS[Number(args.reason)] as RejectReason);
  bill.steps.push({ to, by: Number(args.payer ?? bill.provider), reason, block: event.blockNumber });
}
