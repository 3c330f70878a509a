/** Role of the AccessManager that decides everything: it may do whatever is given to no other role. */
export const ADMIN_ROLE = 0n;

/** Role of the AccessManager that may stop new writes of a contract, and end that, at once. */
export const STOP_ROLE = 1n;
