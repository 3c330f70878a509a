import { hexToBytes } from "@noble/hashes/utils.js";

import { LogTree } from "../../ledger/LogTree.js";
import { nodeHash } from "../../ledger/logHashes.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import { trustLogEntries } from "../../trust/snapshot.js";
import type { BlockHeader } from "../../blocks/BlockHeader.js";
import type { ProblemsFound } from "./collectProblems.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import { trustKeys } from "./storageSlots.js";
import { verifyStorage } from "./verifyStorage.js";

/**
 * Whether the package's changes of the trust list are all that the list's log had at the block.
 *
 * @param header Undefined where it cannot be read: then nothing is proved of the trust list.
 * @example
 * ```ts
 * const found = collectProblems();
 * checkTrust(shown, decodeHeader(shown.header), found);
 * ```
 */
export function checkTrust(
  { exhibit, trust, trustProof }: EvidencePackage,
  header: BlockHeader | undefined,
  { fail, attempt }: Pick<ProblemsFound, "fail" | "attempt">,
): void {
  const proved =
    header &&
    attempt("trustProof", () => {
      const { accountProof, storageProofs } = trustProof;
      // How many peaks are live the size tells, and that is proved before anything is made of it.
      const first = { accountProof, storageProofs: storageProofs.slice(0, 1) };
      const size = BigInt(verifyStorage(header.stateRoot, exhibit.trustList, trustKeys(0), first)[0]!);
      const keys = trustKeys(Number(size));
      const [, ...peaks] = verifyStorage(header.stateRoot, exhibit.trustList, keys, trustProof);
      return { size, peaks };
    });
  if (proved === undefined) return;
  if (proved.size !== BigInt(trust.length)) {
    fail("trust", "TRUST_STALE", `the trust list had ${proved.size} changes, not ${trust.length}`);
    return;
  }
  const isSame = attempt("trust", () => sameBytes(rootOf(trustLogEntries({ changes: trust })), bag(proved.peaks)));
  if (isSame === false) fail("trust", "TRUST_MISMATCH", "the changes are not those of the trust list's log");
}

function rootOf(entries: readonly Uint8Array[]): Uint8Array {
  const tree = new LogTree();
  for (const entry of entries) tree.append(entry);
  return tree.root();
}

/** The root of a log's peaks, lowest first. */
function bag(peaks: readonly string[]): Uint8Array {
  const [lowest, ...higher] = peaks.map((peak) => hexToBytes(peak.slice(2)));
  return higher.reduce<Uint8Array>((right, left) => nodeHash(left, right), lowest ?? new Uint8Array());
}
