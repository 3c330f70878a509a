import { findSealConflict } from "../../blocks/findSealConflict.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { OtherFound } from "./PackageReport.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import { type SealingFound, verifySealing } from "./verifySealing.js";

/**
 * Whether another package holds another sealed block of the same height; it is checked by its own sealing.
 *
 * @param sealing Of the package itself; undefined where its seals do not hold.
 * @example
 * ```ts
 * const { result } = compareOther(other, anchor, verifySealing(found.header, found.sealing, anchor));
 * ```
 */
export function compareOther(
  other: EvidencePackage,
  anchor: TrustAnchor,
  sealing: SealingFound | undefined,
): OtherFound {
  const none = { conflict: undefined };
  if (sealing === undefined) return { result: "UNCHECKED", ...none, message: "this package's own seals do not hold" };
  let found: SealingFound;
  try {
    found = verifySealing(other.header, other.sealing, anchor);
  } catch (error) {
    // Whoever shows a header that nobody sealed takes nothing from this package.
    return { result: "UNCHECKED", ...none, message: (error as Error).message };
  }
  if (found.hash === sealing.hash) return { result: "SAME_BLOCK", ...none, message: `both are of ${found.hash}` };
  const conflict = findSealConflict(sealing, found);
  if (conflict === undefined) {
    return { result: "OTHER_HEIGHT", ...none, message: `it is of block ${found.header.number}` };
  }
  const by = conflict.signedBoth.length === 0 ? "" : `, both by ${conflict.signedBoth.join(", ")}`;
  const message = `block ${conflict.number} was sealed twice, ${conflict.hashes.join(" and ")}${by}`;
  return { result: "CONFLICT", conflict, message };
}
