import { keccak_256 } from "@noble/hashes/sha3.js";
import { getAddress, getBytes, type LogDescription } from "ethers";

import { readEvents, type EventSource, type ReadEventsOptions } from "../chain/readEvents.js";
import { LogTree } from "../ledger/LogTree.js";
import { sameBytes } from "../ledger/sameBytes.js";
import { ITrustList__factory } from "../typechain/factories/contracts/trust/ITrustList__factory.js";
import { trustChangeEncoder } from "./trustChangeEncoder.js";
import { DECISIONS, type Decision } from "./standing.js";
import { TrustError } from "./TrustError.js";

/** A body was registered, or changed hands or its public profile. */
export interface BodyChange {
  kind: "body";
  /** The body's index. */
  body: number;
  /** Who controls it from then on. */
  controller: string;
  /** SHA-256 of its public profile, in hex. */
  profile: string;
}

/** The whole state of an accreditation after a decision. Times are Unix seconds. */
export interface Accreditation {
  /** First second in force. */
  from: number;
  /** First second no longer in force; 2^40 - 1 for no end. */
  until: number;
  /** When this state was decided. */
  since: number;
  /** The earliest time from which a key of the body was known compromised when this was decided, 0 for none. */
  alarm: number;
  /** The accreditor's index, 0 for the council. */
  parent: number;
  /** The scope's ordinal among the body's scopes. */
  role: number;
  /** How many levels of bodies may stand below. */
  levels: number;
  /** The decision. */
  decision: Decision;
  /** Whether only the council may change it. */
  held: boolean;
}

/** An accreditation was given, renewed, suspended, reinstated or withdrawn. */
export interface AccreditationChange {
  kind: "accreditation";
  /** The role or schema, 32 bytes in hex. */
  scope: string;
  /** The body's index. */
  body: number;
  accreditation: Accreditation;
  /** SHA-256 of the published decision, in hex. */
  grounds: string;
}

/** The whole state of an operator key. Times are Unix seconds. */
export interface Key {
  /** The body that it acts for. */
  body: number;
  /** Its number within the body, from 1. */
  index: number;
  /** First second at which it may act. */
  from: number;
  /** First second at which it no longer may. */
  until: number;
  /** The time from which it is known compromised, 0 when it is not. */
  compromisedSince: number;
  /** Bitmap over the body's scopes by their `role`, in hex. */
  roles: string;
}

/** An operator key was authorised, changed, retired or reported compromised. */
export interface KeyChange {
  kind: "key";
  /** The key's address. */
  operator: string;
  /** The body's index. */
  body: number;
  key: Key;
}

/** One change of the trust list: an entry of its transparency log. */
export type TrustChange = BodyChange | AccreditationChange | KeyChange;

/** Every change of a trust list from its first on, as plain JSON: all that is needed to judge any record offline. */
export interface TrustSnapshot {
  /** The chain's id. */
  chainId: number;
  /** The trust list's address. */
  trustList: string;
  /** The last block that was read. */
  block: number;
  /** That block's time, in Unix seconds: what the snapshot is as old as. */
  time: number;
  /** All changes, oldest first. */
  changes: TrustChange[];
}

/** Size and root of the trust list's log, as `TrustList.checkpoint` gives them or somebody published them. */
export interface TrustCheckpoint {
  size: number | bigint;
  /** 32 bytes in hex. */
  root: string;
}

const events = ITrustList__factory.createInterface();

/**
 * Reads the whole trust list from its events. Compare it with a checkpoint (`verifySnapshot`) before relying on it, for a
 * node can leave events out.
 *
 * @param provider Where to read.
 * @param address The trust list.
 * @param options Blocks, cache and progress, as `readEvents` takes them. `fromBlock` is that of the deployment.
 * @throws ChainError as `readEvents` does; TrustError SNAPSHOT_MALFORMED when an event cannot be read.
 * @example
 * ```ts
 * const snapshot = await readTrustSnapshot(provider, address, { fromBlock: deployedAt, cache });
 * const [size, root] = await trustList.checkpoint({ blockTag: snapshot.block });
 * if (!verifySnapshot(snapshot, { size, root })) throw new Error("the node left something out");
 * ```
 */
export async function readTrustSnapshot(
  provider: EventSource,
  address: string,
  options: ReadEventsOptions,
): Promise<TrustSnapshot> {
  const toBlock = options.toBlock ?? (await provider.getBlockNumber());
  const names = ["BodyChanged", "AccreditationChanged", "KeyChanged"] as const;
  const topics = [names.map((name) => events.getEvent(name).topicHash)];
  const recorded = await readEvents(provider, { address, topics }, { ...options, toBlock });
  const changes = recorded.map((event) => {
    const parsed = events.parseLog(event);
    if (parsed === null)
      throw new TrustError("SNAPSHOT_MALFORMED", `block ${event.blockNumber} holds an unknown event`);
    return toChange(parsed);
  });
  const [{ chainId }, block] = await Promise.all([provider.getNetwork(), provider.getBlock(toBlock)]);
  return {
    chainId: Number(chainId),
    trustList: getAddress(address),
    block: toBlock,
    time: block?.timestamp ?? 0,
    changes,
  };
}

/**
 * The entries of the trust list's log that a snapshot stands for, recomputed from its changes:
 * `keccak256(abi.encode(topic0, indexed arguments in order, other arguments))` of each change's event.
 *
 * @returns 32 bytes each, oldest first.
 * @throws TrustError SNAPSHOT_MALFORMED when a change is not what an event can hold, to the letter.
 * @example
 * ```ts
 * const tree = new LogTree();
 * for (const entry of trustLogEntries(snapshot)) tree.append(entry);
 * const proof = tree.inclusionProof(0);
 * ```
 */
export function trustLogEntries(snapshot: Pick<TrustSnapshot, "changes">): Uint8Array[] {
  const encode = trustChangeEncoder();
  return snapshot.changes.map((change, i) => {
    try {
      return keccak_256(encode(change));
    } catch (error) {
      throw new TrustError("SNAPSHOT_MALFORMED", `change ${i} is not what an event can hold`, { cause: error });
    }
  });
}

/**
 * Whether a snapshot is exactly the trust list whose log has a given checkpoint: nothing left out, added, changed or in
 * another order. Its `chainId`, `trustList`, `block` and `time` are not part of the log.
 *
 * @param snapshot The snapshot, from whomever.
 * @param checkpoint From the contract, or from a publication that is trusted.
 * @throws TrustError SNAPSHOT_MALFORMED
 * @example
 * ```ts
 * const isWhole = verifySnapshot(snapshot, checkpoint);
 * ```
 */
export function verifySnapshot(snapshot: TrustSnapshot, checkpoint: TrustCheckpoint): boolean {
  if (BigInt(snapshot.changes.length) !== BigInt(checkpoint.size)) return false;
  const tree = new LogTree();
  for (const entry of trustLogEntries(snapshot)) tree.append(entry);
  return sameBytes(tree.root(), getBytes(checkpoint.root));
}

function toChange({ name, args }: LogDescription): TrustChange {
  if (name === "BodyChanged") {
    return {
      kind: "body",
      body: Number(args.body),
      controller: args.controller as string,
      profile: args.profile as string,
    };
  }
  if (name === "KeyChanged") {
    const { body, index, from, until, compromisedSince, roles } = args.key as Record<string, bigint>;
    return {
      kind: "key",
      operator: args.operator as string,
      body: Number(args.body),
      key: {
        body: Number(body),
        index: Number(index),
        from: Number(from),
        until: Number(until),
        compromisedSince: Number(compromisedSince),
        roles: `0x${roles!.toString(16)}`,
      },
    };
  }
  const { from, until, since, alarm, parent, role, levels, decision } = args.accreditation as Record<string, bigint>;
  return {
    kind: "accreditation",
    scope: args.scope as string,
    body: Number(args.body),
    accreditation: {
      from: Number(from),
      until: Number(until),
      since: Number(since),
      alarm: Number(alarm),
      parent: Number(parent),
      role: Number(role),
      levels: Number(levels),
      decision: DECISIONS[Number(decision)]!,
      held: (args.accreditation as { held: boolean }).held,
    },
    grounds: args.grounds as string,
  };
}
