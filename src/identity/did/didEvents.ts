import { zeroPadValue } from "ethers";

import { readEvents, type EventSource, type ReadEventsOptions } from "../../chain/readEvents.js";
import { IDidRecovery__factory } from "../../typechain/factories/contracts/identity/IDidRecovery__factory.js";
import { IDidRegistry__factory } from "../../typechain/factories/contracts/identity/IDidRegistry__factory.js";
import { IdentityError } from "../IdentityError.js";

/** Where in the chain an event of a DID is. */
interface DidEventPlace {
  block: number;
  /** The block's time, in Unix seconds. */
  time: number;
}

/** One of ERC-1056's three events. */
export type DidChangeEvent = DidEventPlace & {
  /** Block of the change before, that resolvers go back to; 0 for none. */
  previousChange: number;
} & (
    | { what: "OWNER"; owner: string }
    | { what: "DELEGATE"; type: string; delegate: string; validTo: bigint }
    | { what: "ATTRIBUTE"; name: string; value: string; validTo: bigint }
  );

/** One of the registry's own events: what waits, who guards, what ended. */
export type DidStepEvent = DidEventPlace &
  (
    | { what: "THAWED" | "DEACTIVATED" | "EXIT_CANCELLED" | "GUARDIANS_CANCELLED" | "RECOVERY_VETOED" }
    | { what: "EXIT_SCHEDULED"; plan: "THAW" | "DEACTIVATION"; dueAt: number }
    | { what: "GUARDIANS_SET"; commitment: string }
    | { what: "GUARDIANS_SCHEDULED"; commitment: string; dueAt: number }
    | { what: "RECOVERY_STARTED"; newOwner: string; dueAt: number }
    | { what: "RECOVERY_EXECUTED"; newOwner: string }
  );

/** Any event of a DID. */
export type DidEvent = DidChangeEvent | DidStepEvent;

const changes = IDidRegistry__factory.createInterface();
const steps = IDidRecovery__factory.createInterface();

/**
 * All events of a DID, oldest first.
 *
 * @param provider Where to read.
 * @param address The DID registry.
 * @param identity The DID's address.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; IdentityError EVENT_MISSING when a block of an event is gone.
 * @example
 * ```ts
 * const events = await readDidEvents(provider, address, identity, { fromBlock: deployedAt });
 * ```
 */
export async function readDidEvents(
  provider: EventSource,
  address: string,
  identity: string,
  options: ReadEventsOptions,
): Promise<DidEvent[]> {
  const topics = [null, zeroPadValue(identity.toLowerCase(), 32)];
  const events = await readEvents(provider, { address, topics }, options);
  const blocks = [...new Set(events.map(({ blockNumber }) => blockNumber))];
  const timeOf = async (block: number) => {
    const found = await provider.getBlock(block);
    if (found === null) throw new IdentityError("EVENT_MISSING", `block ${block} of an event is gone`);
    return [block, found.timestamp] as const;
  };
  const times = new Map(await Promise.all(blocks.map(timeOf)));
  return events.flatMap((event) => {
    const parsed = changes.parseLog(event) ?? steps.parseLog(event);
    if (parsed === null) return [];
    const place = { block: event.blockNumber, time: times.get(event.blockNumber)! };
    return [{ ...place, ...eventOf(parsed.name, parsed.args) } as DidEvent];
  });
}

function eventOf(name: string, args: Record<string, unknown>): object {
  const previousChange = Number(args.previousChange);
  const dueAt = Number(args.dueAt);
  switch (name) {
    case "DIDOwnerChanged":
      return { what: "OWNER", owner: args.owner, previousChange };
    case "DIDDelegateChanged":
      return {
        ...{ what: "DELEGATE", type: args.delegateType, delegate: args.delegate },
        ...{ validTo: args.validTo, previousChange },
      };
    case "DIDAttributeChanged":
      return { what: "ATTRIBUTE", name: args.name, value: args.value, validTo: args.validTo, previousChange };
    case "DidThawed":
      return { what: "THAWED" };
    case "DidDeactivated":
      return { what: "DEACTIVATED" };
    case "ExitScheduled":
      return { what: "EXIT_SCHEDULED", plan: Number(args.plan) === 2 ? "THAW" : "DEACTIVATION", dueAt };
    case "ExitCancelled":
      return { what: "EXIT_CANCELLED" };
    case "GuardiansSet":
      return { what: "GUARDIANS_SET", commitment: args.commitment };
    case "GuardiansScheduled":
      return { what: "GUARDIANS_SCHEDULED", commitment: args.commitment, dueAt };
    case "GuardiansCancelled":
      return { what: "GUARDIANS_CANCELLED" };
    case "RecoveryStarted":
      return { what: "RECOVERY_STARTED", newOwner: args.newOwner, dueAt };
    case "RecoveryVetoed":
      return { what: "RECOVERY_VETOED" };
    default:
      return { what: "RECOVERY_EXECUTED", newOwner: args.newOwner };
  }
}
