import { AbiCoder, getBytes, id, keccak256, ZeroHash } from "ethers";

import { leafHash } from "../../ledger/logHashes.js";
import { verifyInclusion } from "../../ledger/verifyInclusion.js";
import { HealthError } from "../HealthError.js";
import { type Purpose, purposeBit } from "../purposes.js";
import type { ConsentPlace } from "./consentTypedData.js";

/** Whose accesses to whose data a list is of. */
export interface AccessParties extends ConsentPlace {
  /** The body that accessed the data: its log holds the entries. */
  recipient: number;
  patient: string;
}

/** One access that a recipient logged in a batch. Plain JSON. */
export interface BatchedAccess {
  /** Its number among the recipient's batched accesses to this patient's data, from 1 without a gap. */
  sequence: number;
  /** The entry before it in that sequence, as `accessEntry` gives it: 32 bytes in hex; zero for the first. */
  previous: string;
  /** When, in Unix seconds, as the recipient's system says: `judgeBatchedAccess` holds it against the time of the log. */
  time: number;
  purpose: Purpose;
  /** The consent's scope: 32 bytes in hex. */
  scope: string;
  /** As `accessCommitment` gives it: 32 bytes in hex. Its salt is what keeps the entry from being guessed. */
  commitment: string;
}

/** An entry's place in the recipient's log. Plain JSON. */
export interface AccessProof {
  index: number;
  /** Siblings from the leaf to the root (RFC 9162), 32 bytes in hex each. */
  path: string[];
}

/** What a recipient hands a patient: all its batched accesses to the patient's data, with their proofs. Plain JSON. */
export interface BatchedAccessList extends AccessParties {
  /** In the order of their sequence. */
  accesses: BatchedAccess[];
  /** The place of each, in the same order. */
  proofs: AccessProof[];
  /** The state of the log that the proofs are for: its number of entries and root. */
  size: number;
  root: string;
}

/**
 * The entry that stands for a batched access in the recipient's log.
 *
 * It names its number in the sequence of the recipient's accesses to this patient's data, and the entry before: none in
 * between can be left out of a list, and none put in later, without the hashes coming out otherwise.
 *
 * @param parties The registry, whose access it was and to whose data.
 * @param access The access.
 * @returns `keccak256(abi.encode(keccak256("diwan/access-entry/v1"), uint256 chainId, address registry, uint32 recipient,
 * address patient, uint64 sequence, bytes32 previous, uint40 time, uint8 purpose, bytes32 scope, bytes32 commitment))`, 32
 * bytes in hex.
 * @throws HealthError ACCESS_MALFORMED, PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const entries = accesses.map((access) => accessEntry(parties, access));
 * await registry.logAccesses(entries);
 * ```
 */
export function accessEntry(parties: AccessParties, access: BatchedAccess): string {
  const { chainId, registry, recipient, patient } = parties;
  const { sequence, previous, time, scope, commitment } = access;
  const purpose = purposeBit(access.purpose);
  const types = ["bytes32", "uint256", "address", "uint32", "address", "uint64", "bytes32", "uint40", "uint8"];
  const who = [id("diwan/access-entry/v1"), chainId, registry, recipient, patient];
  const what = [sequence, previous, time, purpose, scope, commitment];
  try {
    const encoded = AbiCoder.defaultAbiCoder().encode([...types, "bytes32", "bytes32"], [...who, ...what]);
    return keccak256(encoded);
  } catch (error) {
    throw new HealthError("ACCESS_MALFORMED", "a field of the access has another form or is out of its range", {
      cause: error,
    });
  }
}

/**
 * Gives accesses their numbers and links, behind those that were logged before.
 *
 * @param parties The registry, whose accesses they are and to whose data.
 * @param accesses New ones, oldest first.
 * @param last The last one that was logged before, if there was any.
 * @returns The accesses, ready for `accessEntry`.
 * @throws HealthError ACCESS_MALFORMED, PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const linked = linkAccesses(parties, today, yesterday.at(-1));
 * await registry.logAccesses(linked.map((access) => accessEntry(parties, access)));
 * ```
 */
export function linkAccesses(
  parties: AccessParties,
  accesses: readonly Omit<BatchedAccess, "sequence" | "previous">[],
  last?: BatchedAccess,
): BatchedAccess[] {
  const linked: BatchedAccess[] = [];
  for (const access of accesses) {
    const before = linked.at(-1) ?? last;
    const previous = before === undefined ? ZeroHash : accessEntry(parties, before);
    linked.push({ ...access, sequence: (before?.sequence ?? 0) + 1, previous });
  }
  return linked;
}

/**
 * Makes sure that a recipient's list is whole up to its last access, and that all of it stands in the recipient's log.
 *
 * What it cannot show is what comes after the last access, or was never logged: a patient keeps each list and compares it
 * with the next, of which it must be the beginning (`before`).
 *
 * @param list As the recipient handed it over, or its file.
 * @param expected.parties The registry, recipient and patient that are asked about.
 * @param expected.checkpoint Size and root of the recipient's log, from the chain: `accessCheckpoint`, or a tree that
 * `readLog` built.
 * @param expected.before An earlier list of the same.
 * @throws HealthError ACCESS_LIST_MALFORMED when the list is of others or its proofs of another state of the log,
 * ACCESS_LOG_INCOMPLETE when an access is missing, altered, out of order or not in the log, or the earlier list is not its
 * beginning; ACCESS_MALFORMED, PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const [size, root] = await registry.accessCheckpoint(2);
 * verifyBatchedAccesses(list, { parties, checkpoint: { size, root } });
 * ```
 */
export function verifyBatchedAccesses(
  list: BatchedAccessList,
  expected: {
    parties: AccessParties;
    checkpoint: { size: number | bigint; root: string };
    before?: Pick<BatchedAccessList, "accesses">;
  },
): void {
  const { parties, checkpoint, before } = expected;
  const { accesses, proofs } = list;
  const isOfThem = (["chainId", "recipient"] as const).every((name) => list[name] === parties[name]);
  const isOfIt = (["registry", "patient"] as const).every((name) => {
    return list[name].toLowerCase() === parties[name].toLowerCase();
  });
  if (!isOfThem || !isOfIt) throw malformed("it is of another registry, recipient or patient");
  if (proofs.length !== accesses.length) throw malformed("it has not a proof for each access");
  if (BigInt(list.size) !== BigInt(checkpoint.size) || list.root.toLowerCase() !== checkpoint.root.toLowerCase()) {
    throw malformed("its proofs are for another state of the log");
  }

  const root = getBytes(checkpoint.root);
  let [previous, time, index] = [ZeroHash, 0, -1];
  for (const [i, access] of accesses.entries()) {
    const number = i + 1;
    if (access.sequence !== number) throw incomplete(`access ${number} has the number ${access.sequence}`);
    if (access.previous.toLowerCase() !== previous) throw incomplete(`access ${number} follows another than ${i}`);
    if (access.time < time) throw incomplete(`access ${number} is said to be earlier than the one before`);
    const proof = proofs[i]!;
    if (proof.index <= index) throw incomplete(`access ${number} was logged before the one before it`);
    const entry = accessEntry(parties, access);
    const leaf = leafHash(getBytes(entry));
    const path = proof.path.map((node) => getBytes(node));
    if (!verifyInclusion({ leaf, index: proof.index, size: list.size, path, root })) {
      throw incomplete(`access ${number} is not in the log`);
    }
    [previous, time, index] = [entry, access.time, proof.index];
  }

  const earlier = before?.accesses ?? [];
  for (const [i, access] of earlier.entries()) {
    const same = accesses[i];
    if (same === undefined || accessEntry(parties, same) !== accessEntry(parties, access)) {
      throw incomplete(`access ${i + 1} of the earlier list is missing or another`);
    }
  }
}

function malformed(problem: string): HealthError {
  return new HealthError("ACCESS_LIST_MALFORMED", `the list of accesses cannot be used: ${problem}`);
}

function incomplete(problem: string): HealthError {
  return new HealthError("ACCESS_LOG_INCOMPLETE", `the list of accesses is not what was logged: ${problem}`);
}
