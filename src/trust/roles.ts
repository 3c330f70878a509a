/** Role of the AccessManager that decides everything which is given to no other role; the council waits for its delay. */
export const ADMIN_ROLE = 0n;

/**
 * Role of the AccessManager for what takes power away, can be undone and may not wait: stopping new writes of a contract
 * (and lifting that), suspending a body, retiring a key.
 */
export const EMERGENCY_ROLE = 1n;

/**
 * Role of the AccessManager for replacing the council's members, which the council may do after its delay and its
 * recovery after a longer one. The recovery has no other role: as an admin it could cancel whatever the council decides.
 */
export const RECOVERY_ROLE = 2n;
