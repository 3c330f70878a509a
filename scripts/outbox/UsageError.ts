/** What is wrong with the arguments. */
export class UsageError extends Error {}
