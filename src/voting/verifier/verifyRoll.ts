import { AbiCoder, concat, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { eventsNamed } from "./electionEvents.js";
import type { RollFile } from "./parseRoll.js";
import type { Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** The roll that the election was held with. */
export interface FrozenRoll {
  readonly root: string;
  readonly publishedAt: bigint;
  /** Each slot's weight; undefined where the roll's entries are not known, or are others. */
  readonly weights: ReadonlyMap<string, bigint> | undefined;
}

const coder = AbiCoder.defaultAbiCoder();

/**
 * Verifies when rolls were published, and that the entries that are at hand are those of the last one.
 *
 * @example
 * ```ts
 * const roll = verifyRoll(replay, file, beginStep(steps, "roll"));
 * ```
 */
export function verifyRoll(replay: Replay, file: RollFile | undefined, report: StepReport): FrozenRoll {
  const { events, terms, created, createdAt } = replay;
  let current = { ...created.args.roll, revision: 0n };
  let publishedAt = createdAt;
  let objections = 0;
  const [opened] = eventsNamed(events, "ElectionOpened");
  for (const event of events) {
    if (event.name === "RollObjected") {
      const isInTime = BigInt(event.log.time) < terms.opensAt && (opened === undefined || event.place < opened.place);
      report.require(isInTime, `${event.args.objector} objected to the roll after all was frozen`);
      report.require(event.args.root === current.root, `${event.args.objector} objected to another roll`);
      objections++;
    }
    if (event.name !== "RollPublished") continue;
    const { args, log, place } = event;
    const where = `revision ${args.revision} of the roll`;
    const isPlanned = terms.roll !== ZeroHash || terms.gate === ZeroAddress;
    report.require(isPlanned, `${where} was published for an election that was made with a gate alone`);
    report.require(args.revision === current.revision + 1n, `${where} does not follow the one before it`);
    const isPublic = BigInt(log.time) + terms.challengePeriod < terms.opensAt;
    report.require(isPublic, `${where} was published too late to be objected to`);
    report.require(opened === undefined || place < opened.place, `${where} was published after all was frozen`);
    current = { ...args };
    publishedAt = BigInt(log.time);
  }
  const { root, revision } = current;
  const objected = objections === 0 ? "" : `; ${objections} objections`;
  if (file === undefined || root === ZeroHash) {
    const what =
      root === ZeroHash ? "no roll: voters come by a gate" : `roll ${root}, its entries not at hand: unchecked`;
    report.conclude(`revision ${revision} since ${publishedAt}: ${what}${objected}`);
    return { root, publishedAt, weights: undefined };
  }

  const weights = new Map(file.entries.map(({ slotKey, weight }) => [slotKey, weight] as const));
  const total = file.entries.reduce((sum, { weight }) => sum + weight, 0n);
  const voters = new Set(file.entries.map(({ voter }) => voter));
  report.require(weights.size === file.entries.length, "a slot is on the roll twice");
  report.require(voters.size === file.entries.length, "an address is on the roll twice");
  report.require(file.hash === current.file, "the file at hand has another hash than the one that was published");
  report.require(rootOf(file) === root, "the entries at hand are not those of the roll");
  const isCounted = BigInt(file.entries.length) === current.voters && total === current.weight;
  report.require(isCounted, `the roll has ${file.entries.length} entries of weight ${total}, not as published`);
  report.conclude(
    `revision ${revision} since ${publishedAt}: ${file.entries.length} entries of weight ${total}, as published${objected}`,
  );
  return { root, publishedAt, weights };
}

/** Of the tree that stands in one array: children of i at 2i + 1 and 2i + 2, leaves last and in reverse. */
function rootOf({ entries }: RollFile): string | undefined {
  const nodes = entries.map(({ slotKey, voter, weight }) =>
    weight < 2n ** 64n
      ? keccak256(keccak256(coder.encode(["bytes32", "address", "uint64"], [slotKey, voter, weight])))
      : ZeroHash,
  );
  nodes.reverse();
  const tree = [...Array.from({ length: Math.max(nodes.length - 1, 0) }, () => ""), ...nodes];
  for (let i = nodes.length - 2; i >= 0; i--) {
    const pair = [tree[2 * i + 1]!, tree[2 * i + 2]!];
    tree[i] = keccak256(concat(pair.sort()));
  }
  return tree[0];
}
