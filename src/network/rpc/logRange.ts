/**
 * As many blocks as nodes tell the logs of at once.
 *
 * @example
 * ```ts
 * const toBlock = Math.min(from + LOG_RANGE - 1, head);
 * ```
 */
export const LOG_RANGE = 5_000;
