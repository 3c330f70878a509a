import { createKeccak } from "hash-wasm";

import type { Keccak } from "./merkleTree.js";

/**
 * Loads keccak256 in WebAssembly (`hash-wasm`), some ten times faster than JavaScript on inputs of a few words: worth it
 * from some thousand hashes on. In a page whose Content-Security-Policy names script sources it needs
 * `'wasm-unsafe-eval'`.
 *
 * @returns The function; not to be used by two that run at once in one thread, which only asynchronous callers could.
 * @example
 * ```ts
 * const keccak = await loadKeccak();
 * const digest = keccak(new TextEncoder().encode("diwan"));
 * ```
 */
export async function loadKeccak(): Promise<Keccak> {
  const hasher = await createKeccak(256);
  return (bytes) => hasher.init().update(bytes).digest("binary");
}
