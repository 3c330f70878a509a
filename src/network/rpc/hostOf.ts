/**
 * What may be said of a node's address in messages: the rest of it may hold a password or a key.
 *
 * @example
 * ```ts
 * hostOf("https://node.example/v3/secret"); // "node.example"
 * ```
 */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the node";
}
