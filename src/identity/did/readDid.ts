import { ZeroAddress } from "ethers";

import { ChainError } from "../../chain/ChainError.js";
import type { EventSource, ReadEventsOptions } from "../../chain/readEvents.js";
import { IdentityError } from "../IdentityError.js";
import { parseDid, SIG_AUTH, type DidKeys, type DidState } from "./did.js";
import { didDocument, isNamed, linkedEvents, type DidDocument } from "./didDocument.js";
import { readDidEvents, type DidChangeEvent, type DidEvent } from "./didEvents.js";

/** How to read a DID, and for when. */
export interface ReadDidOptions extends Omit<ReadEventsOptions, "toBlock"> {
  /** How the DID stood at the end of this block; the newest one, if left out. */
  block?: number;
  /** How the DID stood at the end of this second, in Unix seconds; the block's time, if left out. */
  time?: number;
}

/** A DID as the registry's events tell of it. */
export interface DidRecord {
  /** The DID's address. */
  identity: string;
  state: DidState;
  /** Who controls it, even while it is frozen; the zero address once it is deactivated. */
  owner: string;
  /** The W3C document: what an unmodified did:ethr resolver gives. Without any key while frozen, and once deactivated. */
  document: DidDocument;
  /** Block of the last change of the document; 0 for none. */
  versionId: number;
  /** Block of the next change of the document after the moment asked about, where there is one. */
  nextVersionId?: number;
  /** A recovery that waits. */
  recovery?: { newOwner: string; dueAt: number };
  /** The end of a freeze that waits. */
  exit?: { plan: "THAW" | "DEACTIVATION"; dueAt: number };
  /** The commitment to the guardians, where there are any. */
  guardians?: string;
  /** Other guardians that wait. */
  nextGuardians?: { commitment: string; dueAt: number };
  /** Who may sign in as the DID; what `verifyPresentationFiles` takes. */
  keys: DidKeys;
  /** All events up to the moment asked about, oldest first. */
  events: DidEvent[];
  /** The moment asked about, in Unix seconds. */
  time: number;
}

/**
 * Reads a DID from the registry's events, for now or for any time past.
 *
 * The document equals that of an unmodified resolver for the same moment, but inside a freeze that was lifted since: a
 * resolver goes past it and shows the keys that stood, this shows none.
 *
 * @param provider Where to read.
 * @param address The DID registry.
 * @param did The DID, of the registry's chain.
 * @param options For when; and blocks, cache and progress, as `readEvents` takes them.
 * @returns How the DID stood, its document, what waited, who could sign in as it, and all events up to then.
 * @throws IdentityError DID_MALFORMED, also when it is of another chain; EVENT_MISSING; ChainError as `readEvents` does
 * @example
 * ```ts
 * const { state, document } = await readDid(provider, address, did, { fromBlock: deployedAt });
 * ```
 */
export async function readDid(
  provider: EventSource,
  address: string,
  did: string,
  options: ReadDidOptions,
): Promise<DidRecord> {
  const { chainId, identity } = parseDid(did);
  if (chainId !== (await provider.getNetwork()).chainId) {
    throw new IdentityError("DID_MALFORMED", `${did} is of another chain than the registry`);
  }
  const { block, time, ...how } = options;
  const all = await readDidEvents(provider, address, identity, how);
  const moment = time ?? (await timeOf(provider, block ?? (await provider.getBlockNumber())));
  const isPast = (event: DidEvent) => event.time <= moment && (block === undefined || event.block <= block);

  const events = all.filter(isPast);
  const chain = linkedEvents(events.filter(isChange));
  const next = all.filter(isChange).find((event) => !isPast(event) && isNamed(event));
  const document = didDocument(did, chainId, identity, chain, moment);
  const { state, owner, ...waiting } = replay(identity, events);
  const delegates = state === "ACTIVE" ? validDelegates(events, moment).filter(({ type }) => type === SIG_AUTH) : [];
  return {
    ...{ identity, state, owner, document, versionId: chain.findLast(isNamed)?.block ?? 0 },
    ...(next && { nextVersionId: next.block }),
    ...waiting,
    keys: { identity, state, owner, delegates: delegates.map(({ delegate, validTo }) => ({ delegate, validTo })) },
    ...{ events, time: moment },
  };
}

async function timeOf(provider: EventSource, block: number): Promise<number> {
  const found = await provider.getBlock(block);
  if (found === null) throw new ChainError("BLOCK_NOT_FOUND", `the chain has no block ${block}`);
  return found.timestamp;
}

/**
 * Whether an event is one of ERC-1056's own.
 *
 * @param event Any event of a DID.
 * @example
 * ```ts
 * const changes = record.events.filter(isChange);
 * ```
 */
export function isChange(event: DidEvent): event is DidChangeEvent {
  return event.what === "OWNER" || event.what === "DELEGATE" || event.what === "ATTRIBUTE";
}

type Waiting = Pick<DidRecord, "recovery" | "exit" | "guardians" | "nextGuardians">;
type Standing = Waiting & Pick<DidRecord, "state" | "owner">;

/** How the DID stands after all events, and what waits. */
function replay(identity: string, events: readonly DidEvent[]): Standing {
  let now: Standing = { state: "ACTIVE", owner: identity };
  for (const event of events) now = after(now, event);
  return now;
}

function after(before: Standing, event: DidEvent): Standing {
  const { recovery, exit, nextGuardians, guardians, ...rest } = before;
  const guard = { ...(guardians && { guardians }) };
  const change = { ...(nextGuardians && { nextGuardians }) };
  const plan = { ...(recovery && { recovery }), ...(exit && { exit }) };
  switch (event.what) {
    case "OWNER":
      return event.owner === ZeroAddress
        ? { ...before, state: "FROZEN" }
        : { ...before, state: "ACTIVE", owner: event.owner };
    case "DEACTIVATED":
      return { state: "DEACTIVATED", owner: ZeroAddress, ...guard };
    case "THAWED":
    case "EXIT_CANCELLED":
    case "RECOVERY_VETOED":
      return { ...rest, ...guard, ...change };
    case "EXIT_SCHEDULED":
      return { ...rest, ...guard, ...change, exit: { plan: event.plan, dueAt: event.dueAt } };
    case "RECOVERY_STARTED":
      return { ...rest, ...guard, ...change, recovery: { newOwner: event.newOwner, dueAt: event.dueAt } };
    case "RECOVERY_EXECUTED":
      return { ...rest, ...guard };
    case "GUARDIANS_SCHEDULED":
      return { ...before, nextGuardians: { commitment: event.commitment, dueAt: event.dueAt } };
    case "GUARDIANS_SET":
      return { ...rest, ...plan, ...(BigInt(event.commitment) !== 0n && { guardians: event.commitment }) };
    case "GUARDIANS_CANCELLED":
      return { ...rest, ...plan, ...guard };
    default:
      return before;
  }
}

function validDelegates(events: readonly DidEvent[], time: number) {
  const delegates = new Map<string, { type: string; delegate: string; validTo: number }>();
  for (const event of events) {
    if (event.what !== "DELEGATE") continue;
    const { type, delegate } = event;
    delegates.set(`${type}${delegate}`, { type, delegate, validTo: Number(event.validTo) });
  }
  return [...delegates.values()].filter(({ validTo }) => time < validTo);
}
