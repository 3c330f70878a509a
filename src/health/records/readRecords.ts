import { AbiCoder, getBytes, hexlify, id, keccak256, toBeHex } from "ethers";

import { readEvents, type EventSource, type ReadEventsOptions, type RecordedEvent } from "../../chain/readEvents.js";
import { LogTree } from "../../ledger/LogTree.js";
import { IRecordRegistry__factory } from "../../typechain/factories/contracts/health/IRecordRegistry__factory.js";
import { HealthError } from "../HealthError.js";
import { RECORD_REASONS, RECORD_STATES, type RecordReason, type RecordState } from "../recordStates.js";

/** Where a record stands in a batch: its `RecordMembership`, but for the path. */
export interface RegisteredPlace {
  /** Whether the batch is in the provider's log. */
  inLog: boolean;
  /** The tree's root, 32 bytes in hex. */
  root: string;
  /** The tree's entries. */
  size: number;
  /** The record's index in the tree, from 0. */
  index: number;
}

/** A record, as the events tell of it. */
export interface RegisteredRecord {
  /** 32 bytes in hex. */
  commitment: string;
  /** The provider's index in the trust list. */
  provider: number;
  /** The number of its resource type. */
  kind: number;
  /** From 1. */
  version: number;
  state: RecordState;
  /** Why its state last changed. */
  reason: RecordReason;
  /** The block in which it was anchored. */
  block: number;
  /** The block in which its state last changed; undefined for not. */
  changed: number | undefined;
  /** The professionals that signed it: their indices in the trust list, and the numbers of their keys. */
  authors: { body: number; key: number }[];
  /** Where it stands in a batch; undefined when it was anchored alone. */
  place: RegisteredPlace | undefined;
}

/** Records that were anchored under a root, of whose members the chain names only those that changed. */
export interface RegisteredBatch {
  /** 32 bytes in hex. */
  root: string;
  /** Number of records, as the provider says; above 2^53, which no batch is of, not to the last digit. */
  size: number;
  /** The number of their resource type. */
  kind: number;
  /** The block in which they were anchored. */
  block: number;
}

/** All records of one provider. */
export interface RecordRegister {
  /** The last block that was read. */
  block: number;
  /** Entries of the provider's log. */
  logSize: number;
  /** The batches whose records were not given. */
  unnamed: RegisteredBatch[];
  /**
   * Every record that the chain or what was given names, one by one: those anchored alone, those of the log, those of batches; of
   * an unnamed batch those that changed.
   */
  records: () => Generator<RegisteredRecord, void>;
}

/** How to read. */
export interface ReadRecordsOptions extends ReadEventsOptions {
  /** The commitments of each batch that was anchored under a root, in their order; the provider's own files have them. */
  batches?: Iterable<readonly string[]>;
}

const registryEvents = IRecordRegistry__factory.createInterface();
const ENTRIES_APPENDED = id("EntriesAppended(bytes32,uint256,bytes32[])");
const NAMES = ["RecordAnchored", "RecordAuthored", "RecordsLogged", "RecordBatchAnchored"] as const;
const CHANGES = ["RecordAmended", "RecordEnded", "MemberEnded"] as const;
const TOPICS = [ENTRIES_APPENDED, ...[...NAMES, ...CHANGES].map((name) => registryEvents.getEvent(name).topicHash)];

/** A run of the log: its entries, 32 bytes each, and what is the same for all. */
interface Run {
  first: number;
  entries: Uint8Array;
  block: number;
  kind: number;
  size: number;
  root: string;
}

interface Batch extends RegisteredBatch {
  commitments: readonly string[] | undefined;
}

interface Change {
  commitment: string;
  state: RecordState;
  reason: RecordReason;
  block: number;
}

/**
 * Reads all records of one provider and their states from the registry's events.
 *
 * @param source Where to read.
 * @param address The registry.
 * @param provider The provider's index in the trust list.
 * @param options Blocks, cache and progress, as `readEvents` takes them, and the batches whose records the chain does not name.
 * @throws ChainError as `readEvents` does; HealthError EVENT_MISSING when something follows that is not among the events, as when
 * `fromBlock` is too late; BATCH_UNKNOWN when the provider anchored no batch of records that were given, in that order.
 * @example
 * ```ts
 * const register = await readRecords(node, address, body, { fromBlock: deployedAt, cache, batches });
 * for (const { commitment, state } of register.records()) compare(commitment, state);
 * ```
 */
export async function readRecords(
  source: EventSource,
  address: string,
  provider: number,
  options: ReadRecordsOptions,
): Promise<RecordRegister> {
  const toBlock = options.toBlock ?? (await source.getBlockNumber());
  const register = new Register(provider);
  const topics = [TOPICS, toBeHex(provider, 32)];
  for (const event of await readEvents(source, { address, topics }, { ...options, toBlock })) register.add(event);
  register.requireClosed();
  for (const commitments of options.batches ?? []) register.name(commitments);
  return {
    block: toBlock,
    logSize: register.logSize,
    unnamed: register.unnamed(),
    records: () => register.records(),
  };
}

class Register {
  readonly #provider: number;
  readonly #alone = new Map<string, RegisteredRecord>();
  readonly #runs: Run[] = [];
  /** By their status lists. */
  readonly #batches = new Map<string, Batch>();
  /** Of the log and of the batches, by their status lists, and in them by index. */
  readonly #changes = new Map<string, Map<number, Change>>();
  /** The member that was superseded last, and in which transaction: the amendment that follows is its own. */
  #member: string | undefined;
  logSize = 0;

  constructor(provider: number) {
    this.#provider = provider;
  }

  add(event: RecordedEvent): void {
    const { blockNumber: block, transactionHash } = event;
    if (event.topics[0] === ENTRIES_APPENDED) {
      this.#addRun(event);
      return;
    }
    const parsed = registryEvents.parseLog(event);
    if (parsed === null) return;
    const { name, args } = parsed;
    const commitment = args.commitment as string;
    const [state, reason] = [RECORD_STATES[Number(args.state)]!, RECORD_REASONS[Number(args.reason)]!];
    switch (name) {
      case "RecordAnchored":
        this.#alone.set(commitment, {
          ...{ commitment, provider: this.#provider, kind: Number(args.kind), version: 1, state: "CURRENT" },
          ...{ reason: "NONE", block, changed: undefined, authors: [], place: undefined },
        });
        break;
      case "RecordAuthored":
        this.#known(commitment).authors.push({ body: Number(args.author), key: Number(args.key) });
        break;
      case "RecordsLogged":
        this.#closeRun({ kind: Number(args.kind), size: Number(args.size), root: args.root as string });
        break;
      case "RecordBatchAnchored": {
        const { root, size } = args as unknown as { root: string; size: bigint };
        const batch = { root, size: Number(size), kind: Number(args.kind), block };
        // A size is what the provider says, up to 2^64: the list is named by it to the last digit.
        this.#batches.set(this.#listOf({ root, size }), { ...batch, commitments: undefined });
        break;
      }
      case "RecordAmended": {
        const old = args.old as string;
        this.#known(args.next as string).version = Number(args.version);
        if (this.#member !== `${transactionHash} ${old}`)
          this.#change({ commitment: old, state: "SUPERSEDED", reason, block });
        this.#member = undefined;
        break;
      }
      case "RecordEnded":
        this.#change({ commitment, state, reason, block });
        break;
      case "MemberEnded": {
        const list = args.list as string;
        const changes = this.#changes.get(list) ?? new Map<number, Change>();
        this.#changes.set(list, changes.set(Number(args.index), { commitment, state, reason, block }));
        if (state === "SUPERSEDED") this.#member = `${transactionHash} ${commitment}`;
      }
    }
  }

  name(commitments: readonly string[]): void {
    const tree = new LogTree();
    for (const commitment of commitments) tree.append(getBytes(commitment));
    const [root, size] = [hexlify(tree.root()), tree.size];
    const batch = this.#batches.get(this.#listOf({ root, size }));
    if (batch === undefined) throw new HealthError("BATCH_UNKNOWN", `no batch of ${size} records has the root ${root}`);
    batch.commitments = commitments;
  }

  /** Each run of the log is followed by the event that tells its kind. */
  requireClosed(): void {
    if (this.#runs.at(-1)?.size === 0) throw missing(`the kind of the log's entries before ${this.logSize}`);
  }

  unnamed(): RegisteredBatch[] {
    return [...this.#batches.values()]
      .filter(({ commitments }) => commitments === undefined)
      .map(({ root, size, kind, block }) => ({ root, size, kind, block }));
  }

  *records(): Generator<RegisteredRecord, void> {
    for (const record of this.#alone.values()) yield { ...record, authors: [...record.authors] };
    const inLog = this.#changes.get(toBeHex(this.#provider, 32));
    for (const { first, entries, block, kind, size, root } of this.#runs) {
      for (let at = 0; at < entries.length; at += 32) {
        const index = first + at / 32;
        const commitment = hexlify(entries.subarray(at, at + 32));
        yield this.#memberOf({ commitment, kind, block }, { inLog: true, root, size, index }, inLog?.get(index));
      }
    }
    for (const [list, { root, size, kind, block, commitments }] of this.#batches) {
      const changes = this.#changes.get(list);
      const place = (index: number) => ({ inLog: false, root, size, index });
      if (commitments !== undefined) {
        for (const [index, commitment] of commitments.entries()) {
          yield this.#memberOf({ commitment, kind, block }, place(index), changes?.get(index));
        }
      } else {
        for (const [index, change] of changes ?? []) {
          yield this.#memberOf({ commitment: change.commitment, kind, block }, place(index), change);
        }
      }
    }
  }

  #memberOf(
    { commitment, kind, block }: { commitment: string; kind: number; block: number },
    place: RegisteredPlace,
    change: Change | undefined,
  ): RegisteredRecord {
    const { state, reason } = change ?? { state: "CURRENT", reason: "NONE" };
    return {
      ...{ commitment, provider: this.#provider, kind, version: 1, state, reason, block, changed: change?.block },
      ...{ authors: [], place },
    };
  }

  #addRun({ topics, data, blockNumber: block }: RecordedEvent): void {
    // The ABI encoding of one `bytes32[]`: two words, then the entries.
    const entries = getBytes(data).subarray(64);
    const first = Number(topics[2]);
    this.requireClosed();
    if (first !== this.logSize) throw missing(`the log's entries from ${this.logSize} on`);
    this.logSize += entries.length / 32;
    this.#runs.push({ first, entries, block, kind: 0, size: 0, root: "" });
  }

  #closeRun(run: Pick<Run, "kind" | "size" | "root">): void {
    const last = this.#runs.at(-1);
    if (last?.size !== 0 || run.size !== this.logSize) throw missing(`the log's entries before ${run.size}`);
    Object.assign(last, run);
  }

  #change({ commitment, state, reason, block }: Change): void {
    Object.assign(this.#known(commitment), { state, reason, changed: block });
  }

  #known(commitment: string): RegisteredRecord {
    const record = this.#alone.get(commitment);
    if (record === undefined) throw missing(`the anchoring of ${commitment}`);
    return record;
  }

  #listOf({ root, size }: { root: string; size: number | bigint }): string {
    const fields = [this.#provider, false, root, size];
    return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bool", "bytes32", "uint64"], fields));
  }
}

function missing(what: string): HealthError {
  return new HealthError("EVENT_MISSING", `among the events is not ${what}`);
}
