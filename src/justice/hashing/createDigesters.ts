import type { createHash } from "node:crypto";

import { createSHA256, createSHA3, createSHA512 } from "hash-wasm";

import { type DigestAlgorithm, type NamedDigest, requireAlgorithms } from "./algorithms.js";

/** Some hash functions that are fed the same bytes. */
export interface Digesters {
  /** Feeds all of them; the bytes may be reused afterwards. */
  update: (bytes: Uint8Array) => void;
  /** Ends them; to be called once. */
  digests: () => NamedDigest[];
}

interface Incremental {
  update: (bytes: Uint8Array) => unknown;
  digest: (encoding: "hex") => string;
}

const NATIVE: Readonly<Record<DigestAlgorithm, string>> = {
  "sha-256": "sha256",
  "sha-512": "sha512",
  "sha3-512": "sha3-512",
};

const WASM: Readonly<Record<DigestAlgorithm, () => Promise<Incremental & { init: () => Incremental }>>> = {
  "sha-256": createSHA256,
  "sha-512": createSHA512,
  "sha3-512": () => createSHA3(512),
};

/**
 * Makes hash functions that take bytes piece by piece: Node's own where there is Node, else WebAssembly (`hash-wasm`; in a
 * page whose Content-Security-Policy names script sources it needs `'wasm-unsafe-eval'`).
 *
 * @param algorithms Distinct.
 * @param engine "wasm" takes WebAssembly under Node too.
 * @throws HashingError ALGORITHM_UNKNOWN
 * @example
 * ```ts
 * const digesters = await createDigesters(["sha-256", "sha3-512"]);
 * for (const piece of pieces) digesters.update(piece);
 * const [sha256, sha3] = digesters.digests();
 * ```
 */
export async function createDigesters(
  algorithms: readonly DigestAlgorithm[],
  engine: "fastest" | "wasm" = "fastest",
): Promise<Digesters> {
  requireAlgorithms(algorithms);
  const native = engine === "fastest" ? nodeCrypto() : undefined;
  const hashes: Incremental[] =
    native === undefined
      ? await Promise.all(algorithms.map(async (name) => (await WASM[name]()).init()))
      : algorithms.map((name) => native.createHash(NATIVE[name]));
  return {
    update: (bytes) => {
      for (const hash of hashes) hash.update(bytes);
    },
    digests: () => algorithms.map((algorithm, i) => ({ algorithm, value: hashes[i]!.digest("hex") })),
  };
}

/** Asked for at run time and by no import, so that bundles for browsers name no module of Node's. */
function nodeCrypto(): { createHash: typeof createHash } | undefined {
  return globalThis.process?.getBuiltinModule?.("node:crypto");
}
