/**
 * A salt: 32 bytes from the platform's generator. Who loses it can no longer show what was committed to.
 *
 * @example
 * ```ts
 * const salt = randomSalt();
 * ```
 */
export function randomSalt(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}
