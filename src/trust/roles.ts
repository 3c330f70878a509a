/** Role of the AccessManager that decides everything which is given to no other role; the council waits for its delay. */
export const ADMIN_ROLE = 0n;

/**
 * Role of the AccessManager for what only takes power away and may not wait: stopping new writes of a contract (and
 * lifting that), suspending a body, retiring a key or reporting it compromised.
 */
export const EMERGENCY_ROLE = 1n;
