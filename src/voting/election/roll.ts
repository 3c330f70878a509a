import { AbiCoder, getAddress, getBytes, hexlify, keccak256 } from "ethers";

import { makeMerkleTree, merkleProof, merkleRoot, type MerkleTree } from "../../ledger/merkleTree.js";
import { VotingError } from "../VotingError.js";

/** An entry of an election's roll: who may vote there, and with what weight. */
export interface RollEntry {
  /** The voter's slot: a pseudonym for this election alone, 32 bytes in hexadecimal, with 0x. One a person. */
  readonly slotKey: string;
  /** The address that casts or signs. */
  readonly voter: string;
  /** From 1 to below 2^64. */
  readonly weight: bigint;
}

/** A roll: the entries in order, and the tree over them. */
export interface Roll {
  readonly entries: readonly RollEntry[];
  readonly tree: MerkleTree;
  /** What the election keeps: 32 bytes in hexadecimal, with 0x. */
  readonly root: string;
  /** The sum of all weights. */
  readonly weight: bigint;
}

/** What a roll is held to. */
export interface RollRules {
  /** The election's minimum number of ballots. Weight classes smaller than it can be told apart in the result. */
  readonly minimum: number;
  /** Whether such classes are let through, where the law wants the weights: the result may show then how they voted. */
  readonly allowSmallClasses?: boolean;
}

const MAX_WEIGHT = 2n ** 64n;
const coder = AbiCoder.defaultAbiCoder();

/**
 * Makes the roll of an election, as OpenZeppelin's StandardMerkleTree over (bytes32 slotKey, address voter, uint64 weight) with
 * the leaves in the order of the entries.
 *
 * @param entries Who may vote: no slot and no address twice.
 * @param rules What the roll is held to.
 * @throws VotingError ROLL_INVALID; ROLL_CLASS_TOO_SMALL
 * @example
 * ```ts
 * const roll = buildRoll(entries, { minimum: 20 });
 * ```
 */
export function buildRoll(entries: readonly RollEntry[], { minimum, allowSmallClasses = false }: RollRules): Roll {
  if (entries.length === 0) throw new VotingError("ROLL_INVALID", "a roll has at least one entry");
  const classes = new Map<bigint, number>();
  const [slots, voters] = [new Set<string>(), new Set<string>()];
  let total = 0n;
  for (const [i, { slotKey, voter, weight }] of entries.entries()) {
    const problem = problemOf(slotKey, voter, weight);
    if (problem !== undefined) throw new VotingError("ROLL_INVALID", `entry ${i}: ${problem}`);
    const [slot, address] = [slotKey.toLowerCase(), getAddress(voter)];
    if (slots.has(slot)) throw new VotingError("ROLL_INVALID", `entry ${i}: the slot ${slot} is there before`);
    if (voters.has(address)) throw new VotingError("ROLL_INVALID", `entry ${i}: ${address} is there before`);
    slots.add(slot);
    voters.add(address);
    classes.set(weight, (classes.get(weight) ?? 0) + 1);
    total += weight;
  }
  if (total >= MAX_WEIGHT) throw new VotingError("ROLL_INVALID", "the weights add up to 2^64 or more");
  if (!allowSmallClasses) {
    for (const [weight, members] of classes) {
      if (members >= minimum) continue;
      const text = `only ${members} of the ${minimum} voters that are the minimum have the weight ${weight}`;
      throw new VotingError("ROLL_CLASS_TOO_SMALL", `${text}: the result may show how they voted`);
    }
  }
  const leaves = new Uint8Array(32 * entries.length);
  for (const [i, entry] of entries.entries()) leaves.set(getBytes(rollLeaf(entry)), 32 * i);
  const tree = makeMerkleTree(leaves);
  return { entries, tree, root: hexlify(merkleRoot(tree)), weight: total };
}

/**
 * The leaf of an entry.
 *
 * @example
 * ```ts
 * const leaf = rollLeaf({ slotKey, voter, weight: 1n });
 * ```
 */
export function rollLeaf({ slotKey, voter, weight }: RollEntry): string {
  return keccak256(keccak256(coder.encode(["bytes32", "address", "uint64"], [slotKey, voter, weight])));
}

/**
 * The proof of a voter's entry, for `cast`.
 *
 * @param roll The roll.
 * @param slotKey The voter's slot.
 * @throws VotingError ROLL_ENTRY_UNKNOWN
 * @example
 * ```ts
 * await election.cast(key, slotKey, weight, rollProof(roll, slotKey), ballot, hints);
 * ```
 */
export function rollProof(roll: Roll, slotKey: string): string[] {
  const index = roll.entries.findIndex((entry) => entry.slotKey.toLowerCase() === slotKey.toLowerCase());
  if (index < 0) throw new VotingError("ROLL_ENTRY_UNKNOWN", `no entry of the roll has the slot ${slotKey}`);
  return merkleProof(roll.tree, index).map((node) => hexlify(node));
}

function problemOf(slotKey: string, voter: string, weight: bigint): string | undefined {
  if (!/^0x[0-9a-f]{64}$/i.test(slotKey)) return "the slot's key has not 32 bytes";
  if (!/^0x[0-9a-f]{40}$/i.test(voter)) return `${voter} is no address`;
  if (weight < 1n || weight >= MAX_WEIGHT) return `the weight ${weight} is not from 1 to below 2^64`;
  return undefined;
}
