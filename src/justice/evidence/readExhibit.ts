import { id, type LogDescription, toBeHex } from "ethers";

import type { ReadEventsOptions } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { EvidenceRegistry, IEvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { nodeOf, placeOf, type RegistryPlace } from "../placeOf.js";
import { readRegistry, type RegistryEvent } from "../readRegistry.js";
import { JusticeError } from "../JusticeError.js";
import { batchIdOf } from "./exhibitMember.js";
import {
  EXHIBIT_REFUSALS,
  EXHIBIT_STATES,
  type ExhibitRefusal,
  WITNESS_ROLES,
  type WitnessRole,
} from "./exhibitState.js";

/** Something that happened to an exhibit. */
export interface ExhibitEvent {
  what: (typeof WHAT)[keyof typeof WHAT];
  block: number;
  /** The block's time, in Unix seconds. */
  time: number;
  transaction: string;
  /** The body that did it: its index in the trust list. Of OFFERED and RECALLED the custodian, of HANDED_OVER who took it. */
  body: number;
  /** The number of the key within that body, where the chain tells it. */
  key?: number;
  /** Of HANDED_OVER, who gave the exhibit. */
  from?: number;
  /** Of an offer and what came of it, to whom it was made; of TENDERED the court. */
  to?: number;
  /** How often custody had changed before. */
  hop: number;
  /** Of OFFERED, the first second at which the offer no longer stands. */
  until?: number;
  refusal?: ExhibitRefusal;
  /** The salted hash of the order, decision, challenge or answer. */
  grounds?: string;
  /** Of WITNESSED, in which role. */
  role?: WitnessRole;
  /** Of WITNESSED, whether the batch was co-attested that the exhibit is of. */
  isOfBatch?: boolean;
  /** Of DESTROYED, the witnesses' bodies. */
  witnesses?: [number, number];
}

/** All that the chain tells of an exhibit with a slot of its own. */
export interface ExhibitHistory extends RegistryPlace {
  commitment: string;
  /** The depositor's index in the trust list, and the number of the key that deposited it. */
  depositor: number;
  key: number;
  /** The capture tool's index in the trust list. */
  tool: number;
  /** When it was deposited, in Unix seconds. */
  depositedAt: number;
  /** The first 32 bits of the case's commitment. */
  caseTag: string;
  /** The batch that it was singled out of. */
  batch?: { id: string; index: number };
  /** Oldest first, the deposit included. */
  events: ExhibitEvent[];
}

const WHAT = {
  ExhibitDeposited: "DEPOSITED",
  ExhibitsLogged: "DEPOSITED",
  ExhibitBatchDeposited: "DEPOSITED",
  ExhibitSingledOut: "SINGLED_OUT",
  DepositWitnessed: "WITNESSED",
  CustodyOffered: "OFFERED",
  OfferRecalled: "RECALLED",
  OfferRejected: "REJECTED",
  CustodyChanged: "HANDED_OVER",
  ExhibitSealed: "SEALED",
  ExhibitUnsealed: "UNSEALED",
  ExhibitTendered: "TENDERED",
  ExhibitChallenged: "CHALLENGED",
  ExhibitRebutted: "REBUTTED",
  ExhibitAdmitted: "ADMITTED",
  ExhibitExcluded: "EXCLUDED",
  ExhibitReturned: "RETURNED",
  ExhibitDestroyed: "DESTROYED",
  ExhibitHeld: "HELD",
  ExhibitReleased: "RELEASED",
} as const;

const ROLE_OF = new Map(WITNESS_ROLES.map((role) => [id(`diwan.role.${role}`), role]));

/**
 * All that happened to an exhibit, from its deposit on; of one that was singled out, also what happened to its batch.
 *
 * @param registry Connected to a node.
 * @param commitment The exhibit.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; JusticeError EXHIBIT_UNKNOWN when it has no slot of its own, EVENT_MISSING when the
 * events do not tell of its deposit and lead to its slot, as when `fromBlock` is too late or the node leaves out a change of custody,
 * a decision, a seal or a hold; EVENT_FOREIGN when it answers with others' events; PROVIDER_MISSING
 * @example
 * ```ts
 * const { depositedAt, events } = await readExhibit(registry, commitment, { fromBlock: deployedAt });
 * for (const { what, time, body } of events) console.log(new Date(time * 1_000).toISOString(), what, body);
 * ```
 */
export async function readExhibit(
  registry: EvidenceRegistry,
  commitment: string,
  options: ReadEventsOptions,
): Promise<ExhibitHistory> {
  // All of one block, so that nothing falls in between.
  const toBlock = options.toBlock ?? (await ask(() => nodeOf(registry).getBlockNumber()));
  const slot = await ask(() => registry.exhibitOf(commitment, { blockTag: toBlock }));
  if (slot.depositedAt === 0n) {
    throw new JusticeError("EXHIBIT_UNKNOWN", `the exhibit ${commitment} has no slot of its own`);
  }
  const within = { ...options, toBlock };
  const own = await readRegistry(registry, [null, commitment], within);
  const singledOut = own.find(({ name }) => name === "ExhibitSingledOut");
  const depositor = Number(slot.depositor);
  const recorded =
    singledOut === undefined
      ? own
      : [...(await readBatch(registry, depositor, singledOut.args.batch as string, within)), ...own];
  const deposit = recorded.find(({ name }) => WHAT[name as keyof typeof WHAT] === "DEPOSITED");
  const events = toEvents(recorded, depositor, Number(slot.key), commitment);
  if (deposit === undefined || !isDepositOf(deposit, slot) || !leadTo(slot, events)) {
    throw new JusticeError(
      "EVENT_MISSING",
      "the events do not tell of the exhibit's deposit, or do not lead to its slot",
    );
  }
  return {
    ...(await placeOf(registry)),
    ...{ commitment, depositor, key: Number(slot.key), tool: Number(slot.tool), depositedAt: Number(slot.depositedAt) },
    caseTag: deposit.args.caseTag as string,
    ...(singledOut === undefined
      ? {}
      : { batch: { id: singledOut.args.batch as string, index: Number(singledOut.args.index) } }),
    events,
  };
}

function isDepositOf({ args, time }: RegistryEvent, slot: IEvidenceRegistry.ExhibitStructOutput): boolean {
  return args.depositor === slot.depositor && args.tool === slot.tool && BigInt(time) === slot.depositedAt;
}

/** Whether what happened to an exhibit makes of its deposit what the registry keeps. */
function leadTo(slot: IEvidenceRegistry.ExhibitStructOutput, events: readonly ExhibitEvent[]): boolean {
  let custodian = Number(slot.depositor);
  let court = 0;
  let [hop, state, isSealed, isHeld, isChain] = [0, "UNKNOWN", false, false, true];
  for (const { what, from, to, body } of events) {
    if ((EXHIBIT_STATES as readonly string[]).includes(what)) state = what;
    if (what === "SEALED" || what === "UNSEALED") isSealed = what === "SEALED";
    if (what === "HELD" || what === "RELEASED") isHeld = what === "HELD";
    if (what === "TENDERED") court = to!;
    if (what === "HELD") court = body;
    if (what !== "HANDED_OVER") continue;
    isChain &&= from === custodian;
    custodian = body;
    hop += 1;
  }
  return (
    isChain &&
    custodian === Number(slot.custodian) &&
    hop === Number(slot.hop) &&
    court === Number(slot.court) &&
    state === EXHIBIT_STATES[Number(slot.state)] &&
    isSealed === slot.isSealed &&
    isHeld === slot.isHeld
  );
}

/** The deposit of a batch, and its co-attestations. */
async function readBatch(
  registry: EvidenceRegistry,
  depositor: number,
  batch: string,
  options: ReadEventsOptions,
): Promise<RegistryEvent[]> {
  const { interface: abi } = registry;
  const names = ["ExhibitsLogged", "ExhibitBatchDeposited"] as const;
  const deposits = await readRegistry(
    registry,
    [names.map((name) => abi.getEvent(name).topicHash), toBeHex(depositor, 32)],
    options,
  );
  const witnessed = await readRegistry(registry, [abi.getEvent("DepositWitnessed").topicHash, batch], options);
  const isOfBatch = ({ name, args }: RegistryEvent) => {
    const { root, size } = args as unknown as { root: string; size: bigint };
    return batchIdOf({ depositor, inLog: name === "ExhibitsLogged", root, size }) === batch;
  };
  return [...deposits.filter(isOfBatch), ...witnessed];
}

function toEvents(
  recorded: readonly RegistryEvent[],
  depositor: number,
  key: number,
  commitment: string,
): ExhibitEvent[] {
  let custodian = depositor;
  let hop = 0;
  // Each of the two readings is in order already; what is of one block stands in the order of the readings.
  return recorded
    .toSorted((a, b) => a.block - b.block)
    .map(({ name, args, block, time, transaction }) => {
      const what = WHAT[name as keyof typeof WHAT];
      const event = { what, block, time, transaction, hop, ...partsOf(what, args, custodian, commitment) };
      if (what === "HANDED_OVER") {
        custodian = event.body;
        hop += 1;
      }
      return what === "DEPOSITED" ? { ...event, key } : event;
    });
}

function partsOf(
  what: ExhibitEvent["what"],
  args: LogDescription["args"],
  custodian: number,
  commitment: string,
): Omit<ExhibitEvent, "what" | "block" | "time" | "transaction" | "hop"> {
  const number = (name: string) => Number(args[name]);
  const grounds = (name: string) => ({ grounds: args[name] as string });
  switch (what) {
    case "DEPOSITED":
    case "SINGLED_OUT":
      return { body: custodian };
    case "WITNESSED": {
      const role = ROLE_OF.get(args.role as string)!;
      return { body: number("body"), key: number("key"), role, isOfBatch: args.subject !== commitment };
    }
    case "OFFERED":
      return { body: custodian, to: number("to"), until: number("until") };
    case "RECALLED":
      return { body: custodian, to: number("to") };
    case "REJECTED": {
      const refusal = EXHIBIT_REFUSALS[number("refusal")] as ExhibitRefusal;
      return { body: number("to"), key: number("key"), from: custodian, to: number("to"), refusal };
    }
    case "HANDED_OVER":
      return { body: number("to"), key: number("toKey"), from: number("from"), to: number("to") };
    case "SEALED":
      return { body: number("custodian") };
    case "TENDERED":
      return { body: custodian, to: number("court") };
    case "CHALLENGED":
      return { body: number("advocate"), ...grounds("grounds") };
    case "REBUTTED":
      return { body: number("body"), ...grounds("answer") };
    case "ADMITTED":
    case "EXCLUDED":
      return { body: number("court"), ...grounds("decision") };
    case "RETURNED":
      return { body: number("custodian"), ...grounds("order") };
    case "DESTROYED":
      return { body: number("custodian"), ...grounds("order"), witnesses: [number("first"), number("second")] };
    case "UNSEALED":
    case "HELD":
    case "RELEASED":
      return { body: number("court"), ...grounds("order") };
  }
}
