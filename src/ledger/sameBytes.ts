/**
 * Whether two byte strings are the same. They are public here, so it need not take the same time always.
 *
 * @example
 * ```ts
 * const unchanged = sameBytes(tree.root(), checkpoint.root);
 * ```
 */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
