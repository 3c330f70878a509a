import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

import { leafHash } from "../ledger/logHashes.js";
import { verifyInclusion } from "../ledger/verifyInclusion.js";
import { isAddressText, isCount, isObjectOf, isWord } from "./forms.js";
import { HealthError } from "./HealthError.js";
import { recordCommitment } from "./recordCommitment.js";
import { NOBLE_HASHES } from "./recordHashes.js";
import { recordKindOf } from "./recordKinds.js";
import type { RecordMembership, RecordPackage } from "./recordPackage.js";
import { scanFhir } from "./scanFhir.js";

const MEMBERS = "format record kind id version salt commitment chainId registry".split(" ");
const MEMBERSHIP_MEMBERS = "provider inLog root size index path".split(" ");
const LONGEST_PATH = 64;

/**
 * Verifies all of a package that needs no node: that the record is the one that its commitment is of, and of the kind that it
 * says; and, where it names a batch, that the commitment is in it. That the commitment, or the batch's root, was anchored is
 * for `verifyPackageOnChain`, or for whoever knows it from elsewhere: anyone can make a package for a commitment of their own.
 * The id and the version are what the provider calls the record, which only the provider can show to belong to the salt.
 *
 * @param handed What was handed out; anything may be given.
 * @returns The package.
 * @throws HealthError PACKAGE_MALFORMED when it is none, or holds more than is looked at; PACKAGE_ALTERED when the record, its kind
 * or its salt is not that of the commitment; PACKAGE_NOT_IN_BATCH.
 * @example
 * ```ts
 * const { record, commitment } = verifyPackage(JSON.parse(text));
 * ```
 */
export function verifyPackage(handed: unknown): RecordPackage {
  if (!isPackage(handed)) {
    const message = `the members of a package are ${MEMBERS.join(", ")} and perhaps membership, with ${MEMBERSHIP_MEMBERS.join(", ")}; one is missing, of another form, or more`;
    throw new HealthError("PACKAGE_MALFORMED", message);
  }
  const { record, kind, salt, commitment, membership } = handed;
  const { canonical, resourceType } = scanFhir(record);
  if (new TextDecoder().decode(canonical) !== record) {
    throw new HealthError("PACKAGE_ALTERED", "the record is not in its canonical form");
  }
  if (recordKindOf(resourceType ?? "") !== kind)
    throw new HealthError("PACKAGE_ALTERED", "the record is of another kind");
  const made = recordCommitment(bytesOf(salt), NOBLE_HASHES.sha256(canonical));
  if (`0x${bytesToHex(made)}` !== commitment) {
    throw new HealthError("PACKAGE_ALTERED", "the record or its salt is not the commitment's");
  }
  if (membership !== undefined && !isMember(commitment, membership)) {
    throw new HealthError("PACKAGE_NOT_IN_BATCH", "the path does not lead from the commitment to the batch's root");
  }
  return handed;
}

/** An RFC 9162 tree over the commitments, in the log and out of it. */
function isMember(commitment: string, { root, size, index, path }: RecordMembership): boolean {
  const leaf = leafHash(bytesOf(commitment));
  return verifyInclusion({ leaf, index, size, path: path.map(bytesOf), root: bytesOf(root) });
}

function bytesOf(word: string): Uint8Array {
  return hexToBytes(word.slice(2));
}

function isPackage(value: unknown): value is RecordPackage {
  return (
    isObjectOf(value, MEMBERS, ["membership"]) &&
    value.format === "diwan-record-1" &&
    typeof value.record === "string" &&
    isCount(value.kind, 1, 65_535) &&
    typeof value.id === "string" &&
    isCount(value.version, 1, 65_535) &&
    isWord(value.salt) &&
    isWord(value.commitment) &&
    isCount(value.chainId, 1, Number.MAX_SAFE_INTEGER) &&
    isAddressText(value.registry) &&
    (value.membership === undefined || isMembership(value.membership))
  );
}

function isMembership(value: unknown): value is RecordMembership {
  return (
    isObjectOf(value, MEMBERSHIP_MEMBERS) &&
    isCount(value.provider, 1, 2 ** 32 - 1) &&
    typeof value.inLog === "boolean" &&
    isWord(value.root) &&
    isCount(value.size, 1, Number.MAX_SAFE_INTEGER) &&
    isCount(value.index, 0, value.size - 1) &&
    Array.isArray(value.path) &&
    value.path.length <= LONGEST_PATH &&
    value.path.every(isWord)
  );
}
