import { hexToBytes } from "@noble/hashes/utils.js";

import { leafHash } from "../../ledger/logHashes.js";
import { verifyInclusion } from "../../ledger/verifyInclusion.js";
import type { BlockHeader } from "../../blocks/BlockHeader.js";
import type { Fail, ProblemsFound } from "./collectProblems.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import { decodeDepositSlot, decodeExhibitSlot, type ExhibitRecord } from "./exhibitSlot.js";
import { registryKeys } from "./storageSlots.js";
import { verifyStorage } from "./verifyStorage.js";

/** What the registry keeps of a package's exhibit. */
export interface RecordsFound {
  record?: ExhibitRecord | undefined;
  /** Of another deposit of the same commitment. */
  otherRecord?: ExhibitRecord | undefined;
}

/**
 * What the registry had of the exhibit at the block, and whether a member stands in the batch that it names.
 *
 * @param header Undefined where it cannot be read: then nothing is proved of the registry.
 * @example
 * ```ts
 * const { record } = checkRecord(found, decodeHeader(found.header), collectProblems());
 * ```
 */
export function checkRecord(
  found: EvidencePackage,
  header: BlockHeader | undefined,
  { problems, fail, attempt }: ProblemsFound,
): RecordsFound {
  const { exhibit, registryProof } = found;
  const words =
    header &&
    attempt("registryProof", () =>
      verifyStorage(header.stateRoot, exhibit.registry, registryKeys(exhibit), registryProof),
    );
  const records = (words && attempt("registryProof", () => recordsOf(words, found))) ?? {};
  if (words !== undefined && records.record === undefined && !problems.some(({ part }) => part === "registryProof")) {
    fail("registryProof", "EXHIBIT_UNKNOWN", "the registry had no such exhibit at the block");
  }
  if (exhibit.place !== undefined && problems.some(({ part }) => part === "registryProof")) {
    // The proof is of another batch than the place names: which of the two was altered only the manifest tells.
    fail("exhibit", "BATCH_UNPROVED", "its batch is not the one that the registry's proof is of");
  }
  if (exhibit.place !== undefined) checkPlace(exhibit.commitment, exhibit.place, words?.[1], fail);
  return records;
}

/**
 * The exhibit's own slot, or what its batch says; as `EvidenceRegistry.statusOfMember` judges. A slot that was not made of the
 * batch is another deposit of the same commitment, by whomever.
 */
function recordsOf(words: readonly string[], { exhibit }: EvidencePackage): RecordsFound {
  const own = decodeExhibitSlot(words[0]!);
  if (exhibit.place === undefined) return { record: own };
  const batch = decodeDepositSlot(words[1]!);
  if (batch === undefined) return { record: undefined };
  const isOfBatch = (["depositedAt", "depositor", "key", "tool"] as const).every((name) => own?.[name] === batch[name]);
  if (own !== undefined && isOfBatch) return { record: own };
  const { depositedAt, depositor, key, tool, role } = batch;
  const record: ExhibitRecord = {
    depositedAt,
    depositor,
    key,
    tool,
    custodian: depositor,
    custodianRole: role,
    court: 0,
    hop: 0,
    state: "DEPOSITED",
    isSealed: false,
    isHeld: false,
  };
  return { record, otherRecord: own };
}

function checkPlace(
  commitment: string,
  { index, size, path, root }: NonNullable<EvidencePackage["exhibit"]["place"]>,
  word: string | undefined,
  fail: Fail,
): void {
  const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
  const isMember = verifyInclusion({
    leaf: leafHash(bytes(commitment)),
    index,
    size,
    path: path.map(bytes),
    root: bytes(root),
  });
  if (!isMember) fail("exhibit", "NOT_MEMBER", "the path does not lead from the commitment to the batch's root");
  if (word === undefined || BigInt(word) >> 208n !== 0n) return;
  const batch = decodeDepositSlot(word);
  if (batch !== undefined && BigInt(index) < batch.first) {
    fail("exhibit", "NOT_MEMBER", "the exhibit stands before the first of its batch");
  }
}
