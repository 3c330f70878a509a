import { AbiCoder, encodeBytes32String, keccak256, toBeHex } from "ethers";

import type { PackageExhibit, PackagePlace } from "./EvidencePackage.js";

/**
 * Where the contracts keep what a package proves: the numbers of their storage slots, as solc lays them out. A test compares
 * them with the compiler's answer.
 *
 * @example
 * ```ts
 * const slot = STORAGE_SLOTS.exhibits;
 * ```
 */
export const STORAGE_SLOTS = { exhibits: 3, deposits: 4, trustLogs: 10 } as const;

const PEAKS = 64;
const coder = AbiCoder.defaultAbiCoder();

/**
 * A batch's id, as `IEvidenceRegistry.batchIdOf` answers.
 *
 * @example
 * ```ts
 * const id = batchIdOf(place);
 * ```
 */
export function batchIdOf({ depositor, inLog, root, size }: Omit<PackagePlace, "path" | "index">): string {
  return keccak256(coder.encode(["uint32", "bool", "bytes32", "uint64"], [depositor, inLog, root, size]));
}

/**
 * The storage keys of the registry that a package proves: the exhibit's slot, and for a member its batch's too. The exhibit's
 * is proved for a member as well, so that nobody hides what was decided after it was singled out.
 *
 * @example
 * ```ts
 * await provider.send("eth_getProof", [registry, registryKeys(exhibit), "latest"]);
 * ```
 */
export function registryKeys({ commitment, place }: PackageExhibit): string[] {
  const exhibit = mappingKey(commitment, STORAGE_SLOTS.exhibits);
  return place === undefined ? [exhibit] : [exhibit, mappingKey(batchIdOf(place), STORAGE_SLOTS.deposits)];
}

/**
 * The storage keys of the trust list that a package proves: its log's size, and each peak that is live at that size.
 *
 * @param size The log's entries.
 * @example
 * ```ts
 * await provider.send("eth_getProof", [trustList, trustKeys(12), "latest"]);
 * ```
 */
export function trustKeys(size: number): string[] {
  const base = BigInt(mappingKey(encodeBytes32String("changes"), STORAGE_SLOTS.trustLogs));
  const keys = [toWord(base)];
  for (let level = 0; level < PEAKS; ++level) {
    if ((BigInt(size) >> BigInt(level)) & 1n) keys.push(toWord(base + 1n + BigInt(level)));
  }
  return keys;
}

function mappingKey(key: string, slot: number): string {
  return keccak256(coder.encode(["bytes32", "uint256"], [key, slot]));
}

function toWord(value: bigint): string {
  return toBeHex(BigInt.asUintN(256, value), 32);
}
