import { AbiCoder, getAddress, hexlify, keccak256, randomBytes, ZeroAddress } from "ethers";

import { IdentityError } from "../IdentityError.js";

/** Who can bring back a DID, as the registry takes it. The holder and each guardian keep it; the chain its hash. */
export interface Guardians {
  /** The guardians' accounts, ascending. */
  members: string[];
  /** How many must sign a recovery. */
  threshold: number;
  /** Seconds between a recovery's start and its execution. */
  delay: number;
  /** Who may veto a recovery at any time; the zero address for nobody. */
  veto: string;
  /** 32 random bytes in hex: without them nobody can guess the list. */
  salt: string;
}

const TYPE = "tuple(address[] members,uint8 threshold,uint40 delay,address veto,bytes32 salt)";

/**
 * Makes a list of guardians, in the order that the registry wants, with a fresh salt.
 *
 * Warning: whoever has too few guardians, or guardians who know each other too well, gives them the DID. Keep the delay
 * well under the registry's own (`delays`), or a thief can exchange the guardians before they are done.
 *
 * @param chosen The guardians, how many of them, the delay in seconds, and the account for vetoes.
 * @throws IdentityError GUARDIANS_MALFORMED, GUARDIANS_DELAY when there is none: guardians could freeze an active DID and
 * take it in one block, before its owner can veto
 * @example
 * ```ts
 * const guardians = makeGuardians({ members: [sister, notary, bank], threshold: 2, delay: 172_800, veto: coldKey });
 * await registry.setGuardians(identity, guardiansCommitment(guardians));
 * ```
 */
export function makeGuardians(
  chosen: Pick<Guardians, "members" | "threshold" | "delay"> & Partial<Guardians>,
): Guardians {
  const { threshold, delay, veto = ZeroAddress, salt = hexlify(randomBytes(32)) } = chosen;
  if (delay === 0) {
    const message =
      "without a delay guardians could freeze and take the DID in one block, and no veto would come in time";
    throw new IdentityError("GUARDIANS_DELAY", message);
  }
  try {
    const members = chosen.members.map((member) => getAddress(member));
    members.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    const guardians = { members, threshold, delay, veto: getAddress(veto), salt };
    guardiansCommitment(guardians);
    const isPossible = new Set(members).size === members.length && threshold > 0 && threshold <= members.length;
    if (isPossible && !members.includes(ZeroAddress)) return guardians;
  } catch (error) {
    throw malformed(error);
  }
  const message = `the threshold is ${threshold} of ${chosen.members.length}: it must be from 1 to the number of guardians, each of them another account and none the zero address`;
  throw new IdentityError("GUARDIANS_MALFORMED", message);
}

/**
 * What the registry keeps of guardians.
 *
 * @param guardians The list.
 * @returns `keccak256(abi.encode(guardians))`, 32 bytes in hex.
 * @throws IdentityError GUARDIANS_MALFORMED when a field is of another form or out of its range
 * @example
 * ```ts
 * const commitment = guardiansCommitment(guardians);
 * ```
 */
export function guardiansCommitment(guardians: Guardians): string {
  try {
    return keccak256(AbiCoder.defaultAbiCoder().encode([TYPE], [guardians]));
  } catch (error) {
    throw malformed(error);
  }
}

/** Without the cause's own text: it can hold the salt. */
function malformed(error: unknown): IdentityError {
  if (error instanceof IdentityError) return error;
  const form =
    "members and veto are addresses, threshold is below 256, delay in seconds below 2^40, salt 32 bytes in hex";
  return new IdentityError("GUARDIANS_MALFORMED", `a field of the guardians has another form: ${form}`);
}
