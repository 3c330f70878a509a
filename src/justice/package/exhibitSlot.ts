import { EXHIBIT_STATES, type ExhibitState } from "../evidence/exhibitState.js";

/** What the registry keeps of an exhibit. */
export interface ExhibitRecord {
  depositedAt: number;
  depositor: number;
  key: number;
  tool: number;
  custodian: number;
  custodianRole: number;
  court: number;
  hop: number;
  state: ExhibitState;
  isSealed: boolean;
  isHeld: boolean;
}

/** What the registry keeps of a batch. `first` is below 2^64. */
export interface DepositRecord {
  depositedAt: number;
  depositor: number;
  first: bigint;
  key: number;
  role: number;
  tool: number;
}

/**
 * Reads the word of contracts/justice/ExhibitSlot.sol.
 *
 * @returns Undefined for an exhibit that has no slot.
 * @throws RangeError for a word that the contract cannot have written.
 * @example
 * ```ts
 * const exhibit = decodeExhibitSlot(word);
 * ```
 */
export function decodeExhibitSlot(word: string): ExhibitRecord | undefined {
  const slot = BigInt(word);
  if (slot === 0n) return undefined;
  const state = EXHIBIT_STATES[numberAt(slot, 224, 8)];
  if (state === undefined || state === "UNKNOWN" || slot >> 234n !== 0n) throw new RangeError("no exhibit's word");
  return {
    depositedAt: numberAt(slot, 0, 40),
    depositor: numberAt(slot, 40, 32),
    key: numberAt(slot, 72, 32),
    tool: numberAt(slot, 104, 32),
    custodian: numberAt(slot, 136, 32),
    custodianRole: numberAt(slot, 168, 8),
    court: numberAt(slot, 176, 32),
    hop: numberAt(slot, 208, 16),
    state,
    isSealed: numberAt(slot, 232, 1) === 1,
    isHeld: numberAt(slot, 233, 1) === 1,
  };
}

/**
 * Reads the word of contracts/justice/DepositSlot.sol.
 *
 * @returns Undefined for a batch that was never deposited.
 * @throws RangeError for a word that the contract cannot have written.
 * @example
 * ```ts
 * const batch = decodeDepositSlot(word);
 * ```
 */
export function decodeDepositSlot(word: string): DepositRecord | undefined {
  const slot = BigInt(word);
  if (slot === 0n) return undefined;
  if (slot >> 208n !== 0n) throw new RangeError("no batch's word");
  return {
    depositedAt: numberAt(slot, 0, 40),
    depositor: numberAt(slot, 40, 32),
    first: BigInt.asUintN(64, slot >> 72n),
    key: numberAt(slot, 136, 32),
    role: numberAt(slot, 168, 8),
    tool: numberAt(slot, 176, 32),
  };
}

function numberAt(slot: bigint, shift: number, bits: number): number {
  return Number(BigInt.asUintN(bits, slot >> BigInt(shift)));
}
