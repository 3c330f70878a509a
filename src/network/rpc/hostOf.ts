/**
 * What may be said of a node's address in messages: the rest of it may hold a password or a key.
 *
 * @example
 * ```ts
 * hostOf("https://node.example/v3/secret"); // "node.example"
 * ```
 */
export function hostOf(url: string): string {
  const { host, pathname, search, hash } = URL.canParse(url) ? new URL(url) : new URL("none:");
  // A "/", "?" or "#" in a password ends the host, which is then the user and the password's beginning.
  const isHost = host !== "" && !`${pathname}${search}${hash}`.includes("@");
  return isHost ? host : "the node";
}
