import type { LogDescription } from "ethers";

import { readEvents, type EventSource, type ReadEventsOptions } from "../chain/readEvents.js";
import { bitstringFromWords } from "../ledger/bitstringFromWords.js";
import type { StatusBits } from "../ledger/statusBits.js";
import { IAttestationRegistry__factory } from "../typechain/factories/contracts/identity/IAttestationRegistry__factory.js";
import { StatusList__factory } from "../typechain/factories/contracts/ledger/StatusList__factory.js";
import { LEAF_CODES, type LeafMark } from "./change.js";
import { IdentityError } from "./IdentityError.js";
import { REASONS, type Reason } from "./verdict.js";

/** Something that happened to a record after its issue. */
export interface RegisterChange {
  what: "REVOKED" | "SUSPENDED" | "REINSTATED" | "SUPERSEDED";
  reason: Reason;
  /** The block in which it happened. */
  block: number;
  /** What stands in its place, if superseded. */
  replacement?: string;
}

/** An attestation or a Merkle batch, as the events tell of it. */
export interface RegisterEntry {
  /** Its record. */
  uid: string;
  /** What kind it is. */
  schema: string;
  /** The issuing body's index in the trust list. */
  issuer: number;
  /** The block in which it was issued. */
  block: number;
  /** What happened to it since, oldest first. */
  changes: RegisterChange[];
}

/** An attestation that was issued singly. Its subject and claims are with its holder. */
export interface RegisterAttestation extends RegisterEntry {
  /** First second no longer valid, in Unix seconds. */
  expiresAt: number;
}

/** A change of leaves of a batch. */
export interface RegisterLeavesChange {
  what: LeafMark | "REINSTATED";
  reason: Reason;
  /** The block in which it happened. */
  block: number;
}

/** A Merkle batch. */
export interface RegisterBatch extends RegisterEntry {
  /** Root over the leaves, 32 bytes in hex. */
  root: string;
  /** Number of leaves. */
  size: number;
  /** Bits a leaf in the status list. */
  bits: StatusBits;
  /** Changes of leaves, oldest first. */
  leavesChanges: RegisterLeavesChange[];
  /** The status list as it is now, first entry left-most. */
  statusList: Uint8Array;
}

/** All that the events of an attestation registry tell. */
export interface Register {
  /** The last block that was read. */
  block: number;
  /** Attestations that were issued singly, by uid, in the order of their issue. */
  attestations: Map<string, RegisterAttestation>;
  /** Merkle batches, by uid, in the order of their issue. */
  batches: Map<string, RegisterBatch>;
}

const registryEvents = IAttestationRegistry__factory.createInterface();
const listEvents = StatusList__factory.createInterface();

/**
 * Reads all attestations, batches and their changes from the registry's events. The registry's record (`recordOf`) adds
 * which key signed and the times.
 *
 * @param provider Where to read.
 * @param address The attestation registry.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; IdentityError EVENT_MISSING when a record changed whose issue is not among the
 * events, as when `fromBlock` is too late.
 * @example
 * ```ts
 * const register = await readRegister(provider, address, { fromBlock: deployedAt, cache });
 * const revoked = [...register.attestations.values()].filter(({ changes }) => changes.at(-1)?.what === "REVOKED");
 * ```
 */
export async function readRegister(
  provider: EventSource,
  address: string,
  options: ReadEventsOptions,
): Promise<Register> {
  const toBlock = options.toBlock ?? (await provider.getBlockNumber());
  const register: Register = { block: toBlock, attestations: new Map(), batches: new Map() };
  const words = new Map<string, Map<bigint, bigint>>();

  for (const event of await readEvents(provider, { address, topics: [] }, { ...options, toBlock })) {
    const parsed = registryEvents.parseLog(event) ?? listEvents.parseLog(event);
    if (parsed === null) continue; // the council's stops
    if (parsed.name === "StatusWordChanged") {
      const { list, wordIndex, word } = parsed.args as unknown as { list: string; wordIndex: bigint; word: bigint };
      words.set(list, (words.get(list) ?? new Map<bigint, bigint>()).set(wordIndex, word));
    } else {
      add(register, parsed, event.blockNumber);
    }
  }
  for (const batch of register.batches.values()) {
    batch.statusList = bitstringFromWords(words.get(batch.uid) ?? [], batch.bits, batch.size);
  }
  return register;
}

function add({ attestations, batches }: Register, { name, args }: LogDescription, block: number): void {
  const uid = args[0] as string;
  if (name === "AttestationIssued" || name === "BatchIssued") {
    const entry = { uid, schema: args.schema as string, issuer: Number(args.issuer), block, changes: [] };
    if (name === "AttestationIssued") {
      attestations.set(uid, { ...entry, expiresAt: Number(args.expiresAt) });
    } else {
      const shape = { root: args.root as string, size: Number(args.size), bits: Number(args.bits) as StatusBits };
      batches.set(uid, { ...entry, ...shape, leavesChanges: [], statusList: new Uint8Array() });
    }
    return;
  }

  const entry = attestations.get(uid) ?? batches.get(uid);
  if (entry === undefined) throw new IdentityError("EVENT_MISSING", `the issue of ${uid} is not among the events`);
  const reason = REASONS[Number(args.reason)]!;
  switch (name) {
    case "AttestationRevoked":
      entry.changes.push({ what: "REVOKED", reason, block });
      break;
    case "AttestationSuspended":
      entry.changes.push({ what: "SUSPENDED", reason, block });
      break;
    case "AttestationReinstated":
      entry.changes.push({ what: "REINSTATED", reason, block });
      break;
    case "AttestationSuperseded":
      entry.changes.push({ what: "SUPERSEDED", reason, block, replacement: args.replacement as string });
      break;
    case "LeavesChanged": {
      const marks = Object.entries(LEAF_CODES) as [LeafMark, number][];
      const mark = marks.find(([, code]) => code === Number(args.code))?.[0];
      batches.get(uid)?.leavesChanges.push({ what: mark ?? "REINSTATED", reason, block });
      break;
    }
  }
}
