import { getBytes, hexlify, type ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import { LogTree } from "../../ledger/LogTree.js";
import type { RecordRegistry } from "../../typechain/contracts/health/RecordRegistry.js";
import { HealthError } from "../HealthError.js";
import type { RecordMember } from "../verifyPackageOnChain.js";
import type { SignedAuthorship } from "./authorship.js";

/** Records that were anchored together. */
export interface AnchoredBatch {
  /** The tree's root, 32 bytes in hex: the log's as of the batch's end, or the batch's own. */
  root: string;
  /** Each record with its proof, in their order. The proofs never grow old: hand each out with its record. */
  members: RecordMember[];
  receipt: ContractTransactionReceipt;
}

/**
 * Anchors a record alone.
 *
 * @param registry Connected to a key that is accredited as health-provider.
 * @param commitment The record: 32 bytes in hex, as `commitRecord` gives it.
 * @param kind The number of its resource type, as `recordKindOf` gives it.
 * @throws ContractError RecordExists, KeyNotInForce, NotAccredited, RoleNotListed, WritesAreStopped
 * @example
 * ```ts
 * await anchorRecord(registry, commitment, recordKindOf("Observation"));
 * ```
 */
export function anchorRecord(
  registry: RecordRegistry,
  commitment: string,
  kind: number,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.anchor(commitment, kind));
}

/**
 * Anchors a record alone that a professional signed.
 *
 * @param registry Connected to a key that is accredited as health-provider, of the provider that was named to the author.
 * @param signed As `signAuthorship` gives it.
 * @throws ContractError SignatureInvalid, SignatureExpired, and as for `anchorRecord`
 * @example
 * ```ts
 * await anchorAuthored(registry, signed);
 * ```
 */
export function anchorAuthored(
  registry: RecordRegistry,
  signed: SignedAuthorship,
): Promise<ContractTransactionReceipt> {
  const { commitment, kind, author, deadline, signature } = signed;
  return send(() => registry.anchorAuthored(commitment, kind, author, deadline, signature));
}

/**
 * Anchors many records of one kind in the provider's log, which names them on the chain: about 1,500 gas each.
 *
 * @param registry Connected to a key that is accredited as health-provider.
 * @param tree The provider's whole log so far, as `readLog` gives it for the log whose id is the provider's index; the records are appended to it.
 * @param commitments At least one: 32 bytes in hex each.
 * @param kind The number of their resource type.
 * @throws HealthError LOG_OUT_OF_STEP when the log had another size than the tree: the records are anchored, the tree is
 * left as it was, and `membersOf` proves them by the log read anew; ContractError LogBatchEmpty, and as for `anchorRecord`
 * @example
 * ```ts
 * const tree = await readLog(provider, address, toBeHex(body, 32), { fromBlock, cache });
 * const { members } = await logRecords(registry, tree, commitments, recordKindOf("Observation"));
 * ```
 */
export async function logRecords(
  registry: RecordRegistry,
  tree: LogTree,
  commitments: readonly string[],
  kind: number,
): Promise<AnchoredBatch> {
  const receipt = await send(() => registry.anchorMany([...commitments], kind));
  const [logged] = await eventsOf(receipt, registry, "RecordsLogged");
  if (logged === undefined) throw new HealthError("EVENT_MISSING", "the receipt holds no event of the records");
  const { provider, first, root } = logged.args as unknown as { provider: bigint; first: bigint; root: string };
  if (first !== BigInt(tree.size)) {
    const message = `the log had ${first} entries, the tree ${tree.size}: read the log again`;
    throw new HealthError("LOG_OUT_OF_STEP", message);
  }
  for (const commitment of commitments) tree.append(getBytes(commitment));
  if (hexlify(tree.root()) !== root) throw new HealthError("LOG_OUT_OF_STEP", "the tree is another log's");
  return { root, members: membersOf(tree, { provider: Number(provider), inLog: true }, commitments), receipt };
}

/**
 * Anchors many records of one kind under one root: a transaction, however many they are. The chain does not name them.
 *
 * @param registry Connected to a key that is accredited as health-provider.
 * @param commitments At least one: 32 bytes in hex each. Keep their order with the root: it is needed to prove one.
 * @param kind The number of their resource type.
 * @throws ContractError RecordBatchExists, RecordBatchInvalid, and as for `anchorRecord`
 * @example
 * ```ts
 * const { root, members } = await anchorBatch(registry, commitments, recordKindOf("Observation"));
 * ```
 */
export async function anchorBatch(
  registry: RecordRegistry,
  commitments: readonly string[],
  kind: number,
): Promise<AnchoredBatch> {
  const tree = new LogTree();
  for (const commitment of commitments) tree.append(getBytes(commitment));
  const root = hexlify(tree.root());
  const receipt = await send(() => registry.anchorBatch(root, tree.size, kind));
  const [anchored] = await eventsOf(receipt, registry, "RecordBatchAnchored");
  if (anchored === undefined) throw new HealthError("EVENT_MISSING", "the receipt holds no event of the batch");
  const place = { provider: Number(anchored.args.provider), inLog: false };
  return { root, members: membersOf(tree, place, commitments), receipt };
}

/**
 * The last records of a tree, each with its proof; nothing is sent.
 *
 * @param tree The tree as it was when they were anchored, or one that was so at `place.size`.
 * @param place Whose batch it is, whether in the log, and the tree's size after the last of them; its present size, if left out.
 * @param commitments The records, in their order; the last has the index before `place.size`.
 * @throws LedgerError LOG_SIZE_OUT_OF_RANGE, LOG_INDEX_OUT_OF_RANGE
 * @example
 * ```ts
 * const [member] = membersOf(tree, { provider, inLog: true, size: 1_000 }, [commitment]);
 * ```
 */
export function membersOf(
  tree: LogTree,
  place: { provider: number; inLog: boolean; size?: number },
  commitments: readonly string[],
): RecordMember[] {
  const { provider, inLog, size = tree.size } = place;
  const root = hexlify(tree.root(size));
  const first = size - commitments.length;
  return commitments.map((commitment, i) => {
    const path = tree.inclusionProof(first + i, size).map((node) => hexlify(node));
    return { commitment, membership: { provider, inLog, root, size, index: first + i, path } };
  });
}
