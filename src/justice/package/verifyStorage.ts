import { verifyAccountProof } from "../../blocks/verifyAccountProof.js";
import { verifyStorageProof } from "../../blocks/verifyStorageProof.js";
import type { PackageProof } from "./EvidencePackage.js";

/**
 * Words of a contract's storage, proved against the state of a block.
 *
 * @param keys Which words, in the order of the proofs.
 * @returns A word a key, in hex.
 * @throws ChainProofError for a proof that does not hold
 * @throws RangeError for no such account, or when it proves more or fewer words
 * @example
 * ```ts
 * const [word] = verifyStorage(header.stateRoot, exhibit.registry, registryKeys(exhibit), found.registryProof);
 * ```
 */
export function verifyStorage(
  stateRoot: string,
  address: string,
  keys: readonly string[],
  proof: PackageProof,
): string[] {
  const account = verifyAccountProof(stateRoot, address, proof.accountProof);
  if (account === undefined) throw new RangeError(`${address} has no account at the block`);
  if (proof.storageProofs.length !== keys.length) {
    throw new RangeError(`it proves ${proof.storageProofs.length} words, not ${keys.length}`);
  }
  return keys.map((key, i) => verifyStorageProof(account.storageRoot, key, proof.storageProofs[i]!));
}
