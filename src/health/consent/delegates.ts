import { AbiCoder, getAddress, hexlify, keccak256, randomBytes, ZeroAddress } from "ethers";

import { HealthError } from "../HealthError.js";

/** Who may grant and revoke for a patient: `IDelegation.Delegates`. Patient and delegates keep it; the chain its hash. */
export interface Delegates {
  /** The delegates' accounts, ascending. */
  members: string[];
  /** How many must sign. */
  threshold: number;
  /** First second at which they no longer may; NO_END for none. */
  until: number;
  /** 32 random bytes in hex: without them nobody can guess the list. */
  salt: string;
}

/** A delegate's signature under a grant or a revocation: `IDelegation.Approval`. */
export interface ConsentApproval {
  delegate: string;
  signature: string;
}

const TYPE = "tuple(address[] members,uint8 threshold,uint40 until,bytes32 salt)";

/**
 * Makes a list of delegates, in the order that the registry wants, with a fresh salt.
 *
 * @param chosen The delegates' accounts, how many of them must sign, and until when, in Unix seconds.
 * @throws HealthError DELEGATES_MALFORMED
 * @example
 * ```ts
 * const delegates = makeDelegates({ members: [daughter, son, notary], threshold: 2, until: NO_END });
 * await setDelegates(registry.connect(patient), delegates);
 * ```
 */
export function makeDelegates(chosen: Omit<Delegates, "salt"> & Partial<Delegates>): Delegates {
  const { threshold, until, salt = hexlify(randomBytes(32)) } = chosen;
  let delegates: Delegates;
  try {
    const members = chosen.members.map((member) => getAddress(member));
    members.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    delegates = { members, threshold, until, salt };
  } catch {
    throw malformed();
  }
  delegatesCommitment(delegates);
  const { members } = delegates;
  const isPossible = new Set(members).size === members.length && threshold > 0 && threshold <= members.length;
  if (isPossible && !members.includes(ZeroAddress)) return delegates;
  throw new HealthError(
    "DELEGATES_MALFORMED",
    `${threshold} of ${members.length} delegates cannot be: from 1 to all of them sign, each is another account, none is zero`,
  );
}

/**
 * What the registry keeps of delegates.
 *
 * @param delegates The list.
 * @returns `keccak256(abi.encode(delegates))`, 32 bytes in hex.
 * @throws HealthError DELEGATES_MALFORMED when a field is of another form or out of its range
 * @example
 * ```ts
 * const commitment = delegatesCommitment(delegates);
 * ```
 */
export function delegatesCommitment(delegates: Delegates): string {
  try {
    return keccak256(AbiCoder.defaultAbiCoder().encode([TYPE], [delegates]));
  } catch {
    throw malformed();
  }
}

/** Without the cause: it can hold the salt. */
function malformed(): HealthError {
  return new HealthError(
    "DELEGATES_MALFORMED",
    "a field of the delegates has another form: members are addresses, threshold is below 256, until below 2^40, salt 32 bytes in hex",
  );
}
