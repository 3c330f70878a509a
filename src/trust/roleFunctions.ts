/**
 * Functions that a new suite gives to another role than `ADMIN_ROLE`, by their signatures: `RECOVERY_ROLE` sets a council's
 * members, and `EMERGENCY_ROLE` stops what can be stopped, and takes away from the trust list.
 *
 * @example
 * ```ts
 * const selectors = ROLE_FUNCTIONS.stop.map((signature) => id(signature).slice(0, 10));
 * ```
 */
export const ROLE_FUNCTIONS = {
  setMembers: ["setMembers(address[],uint256)"],
  stop: ["stop(uint40,bytes32)", "resume(bytes32)"],
  takeAway: ["suspend(bytes32,uint32,bytes32)", "retireKey(address)"],
} as const;
