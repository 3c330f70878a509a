import { type Standing, STANDINGS } from "../trust/standing.js";
import type { RecordPlace } from "./erasureCertificate.js";
import { HealthError } from "./HealthError.js";
import type { RecordMembership } from "./recordPackage.js";
import { RECORD_REASONS, RECORD_STATES, type RecordReason, type RecordState } from "./recordStates.js";
import { verifyPackage } from "./verifyPackage.js";

/** What the record registry answers: `IRecordRegistry.Verdict`. */
export interface RecordVerdict {
  readonly state: bigint;
  readonly reason: bigint;
  readonly kind: bigint;
  readonly provider: bigint;
  readonly anchoredAt: bigint;
  readonly changedAt: bigint;
  readonly standing: bigint;
  readonly standingNow: bigint;
}

/** What is asked of the record registry; typechain's `RecordRegistry` is one. */
export interface RecordReader {
  readonly statusOf: (commitment: string) => Promise<RecordVerdict>;
  readonly statusOfMember: (member: RecordMember) => Promise<RecordVerdict>;
}

/** A record of a batch: `IRecordRegistry.Member`. */
export interface RecordMember {
  commitment: string;
  membership: Omit<RecordMembership, "path"> & { path: string[] };
}

/** How a record that was handed out stands on the chain. */
export interface PackageStatus {
  /** UNKNOWN when it was never anchored, so that the package proves nothing. */
  readonly state: RecordState;
  /** Why the state last changed; for a member NONE, as its reasons are in the events. */
  readonly reason: RecordReason;
  /** The provider's index in the trust list; 0 for none. */
  readonly provider: number;
  /** When it was anchored, in Unix seconds. */
  readonly anchoredAt: number;
  /** When the state last changed, 0 for not; for a member 0, as its times are in the events. */
  readonly changedAt: number;
  /** How the anchoring stands: the provider's key may be known to have been compromised then. */
  readonly standing: Standing;
  /** How the provider and its key stand today. */
  readonly standingNow: Standing;
}

/**
 * Verifies a package and asks the chain how its record stands. It verifies after an erasure too: then the state is ERASED.
 *
 * @param registry Connected to a node.
 * @param handed What was handed out; anything may be given.
 * @param expected The registry that the verifier knows, not one that the package names.
 * @throws HealthError as `verifyPackage`; PACKAGE_FOREIGN when the package is of another registry; PACKAGE_ALTERED when it was
 * anchored as a record of another kind.
 * @example
 * ```ts
 * const { state, provider, anchoredAt } = await verifyPackageOnChain(registry, JSON.parse(text), { chainId, registry: address });
 * if (state !== "CURRENT") askForTheNewest();
 * ```
 */
export async function verifyPackageOnChain(
  registry: RecordReader,
  handed: unknown,
  expected: RecordPlace,
): Promise<PackageStatus> {
  const { commitment, kind, membership, ...named } = verifyPackage(handed);
  if (named.chainId !== expected.chainId || named.registry.toLowerCase() !== expected.registry.toLowerCase()) {
    throw new HealthError("PACKAGE_FOREIGN", `it is of ${named.registry} on chain ${named.chainId}`);
  }
  const verdict = await (membership === undefined
    ? registry.statusOf(commitment)
    : registry.statusOfMember({ commitment, membership: { ...membership, path: [...membership.path] } }));
  const state = RECORD_STATES[Number(verdict.state)]!;
  if (state !== "UNKNOWN" && verdict.kind !== BigInt(kind)) {
    throw new HealthError("PACKAGE_ALTERED", "the record was anchored as one of another kind");
  }
  return {
    state,
    reason: RECORD_REASONS[Number(verdict.reason)]!,
    provider: Number(verdict.provider),
    anchoredAt: Number(verdict.anchoredAt),
    changedAt: Number(verdict.changedAt),
    standing: STANDINGS[Number(verdict.standing)]!,
    standingNow: STANDINGS[Number(verdict.standingNow)]!,
  };
}
