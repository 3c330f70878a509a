import { secp256k1 } from "@noble/curves/secp256k1.js";

/** 65 bytes of the key whose signature it is: 4, x and y. Throws where there is none. */
type RecoverKey = (hash: Uint8Array, compact: Uint8Array, v: 0 | 1) => Uint8Array;

const byNoble: RecoverKey = (hash, compact, v) =>
  secp256k1.Signature.fromBytes(compact, "compact").addRecoveryBit(v).recoverPublicKey(hash).toBytes(false);

let inUse = byNoble;
let loading: Promise<boolean> | undefined;

/**
 * The key that made a signature of secp256k1, by whichever of two libraries is loaded; both answer the same.
 *
 * @param hash 32 bytes.
 * @param compact 64 bytes, r and s.
 * @param v 1 if the y of the point R is odd, else 0.
 * @returns 65 bytes.
 * @throws Error if no key can have made it.
 * @example
 * ```ts
 * const key = recoverKey(sealHash, seal.subarray(0, 64), 1);
 * ```
 */
export function recoverKey(hash: Uint8Array, compact: Uint8Array, v: 0 | 1): Uint8Array {
  return inUse(hash, compact, v);
}

/**
 * Has seals be recovered by libsecp256k1 in WebAssembly from now on, about ten times faster. `verifyPackage` does so by itself;
 * before following the headers of a whole chain it is worth its few hundredths of a second.
 *
 * @returns Whether it is loaded. It is not where WebAssembly may not run, as under a page's content security policy without
 * 'wasm-unsafe-eval': seals are then recovered in JavaScript as before.
 * @example
 * ```ts
 * await loadSealRecovery();
 * const { validators } = followValidators(rawHeaders, { genesisHash, epochLength: 30_000 });
 * ```
 */
export function loadSealRecovery(): Promise<boolean> {
  loading ??= load().catch(() => false);
  return loading;
}

async function load(): Promise<boolean> {
  // Of the package this file alone: the rest of it is for Bitcoin Cash, and would be read with it.
  const { instantiateSecp256k1 } = await import("@bitauth/libauth/build/lib/crypto/secp256k1.js");
  const { recoverPublicKeyUncompressed } = await instantiateSecp256k1();
  inUse = (hash, compact, v) => {
    const key = recoverPublicKeyUncompressed(compact, v, hash);
    if (typeof key === "string") throw new Error(key);
    return key;
  };
  return true;
}
