import { readEvents, type EventSource, type ReadEventsOptions } from "../../chain/readEvents.js";
import { IBenefits__factory } from "../../typechain/factories/contracts/identity/IBenefits__factory.js";
import { IdentityError } from "../IdentityError.js";
import { BENEFIT_REASONS, type BenefitReason } from "./benefitState.js";

/** A claim, as the events tell of it. */
export interface BenefitClaim {
  /** The policy's hash. */
  policy: string;
  /** The period. */
  number: number;
  nullifier: string;
  commitment: string;
  /** The block in which it was claimed. */
  block: number;
  /** When and why it was revoked, if it was. */
  revoked?: { block: number; reason: BenefitReason };
}

const benefitEvents = IBenefits__factory.createInterface();

interface EventArguments {
  policy: string;
  nullifier: string;
  number: bigint;
  commitment: string;
  reason: bigint;
}

/**
 * Reads all claims and revocations from the contract's events, oldest first. A claim made anew after a revocation is
 * another entry.
 *
 * @param provider The chain.
 * @param address The contract.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @returns Each claim, with its revocation if it was revoked.
 * @throws ChainError as `readEvents` does; IdentityError EVENT_MISSING when a claim was revoked that is not among the
 * events, as when `fromBlock` is too late.
 * @example
 * ```ts
 * const claims = await readBenefitClaims(provider, address, { fromBlock: deployedAt });
 * const standing = claims.filter(({ revoked }) => revoked === undefined);
 * ```
 */
export async function readBenefitClaims(
  provider: EventSource,
  address: string,
  options: ReadEventsOptions,
): Promise<BenefitClaim[]> {
  const claims: BenefitClaim[] = [];
  for (const event of await readEvents(provider, { address, topics: [] }, options)) {
    const parsed = benefitEvents.parseLog(event);
    if (parsed === null) continue; // the council's stops
    const { policy, nullifier, number, commitment, reason } = parsed.args as unknown as EventArguments;
    const at = { policy, nullifier, number: Number(number) };
    if (parsed.name === "BenefitClaimed") {
      claims.push({ ...at, commitment, block: event.blockNumber });
      continue;
    }
    const revoked = claims.findLast((claim) => {
      return claim.policy === policy && claim.nullifier === nullifier && claim.number === at.number;
    });
    if (revoked === undefined) throw new IdentityError("EVENT_MISSING", `the claim of ${nullifier} is not here`);
    revoked.revoked = { block: event.blockNumber, reason: BENEFIT_REASONS[Number(reason)]! };
  }
  return claims;
}
