import type { EvidencePackage } from "./EvidencePackage.js";
import type { NotProved, PackageReport } from "./PackageReport.js";
import type { TrustAnchor } from "./readTrustAnchor.js";

/** What was found, as far as it tells what is missing. */
export interface ProofsFound extends Pick<PackageReport, "otherRecord" | "custody" | "anchors"> {
  anchoredBy: TrustAnchor["kind"];
  /** What the registry keeps of the exhibit. */
  record: PackageReport["exhibit"];
  hasFile: boolean;
  /** Of Clique: by no more than half of those who may. */
  isSealedByFew: boolean;
  isCaseProved: boolean;
  /** Whether the block that the statement names is on the checked chain. */
  isNamedBlockProved: boolean;
  /** As `timeInterval` answers. */
  isContradicted: boolean;
}

/**
 * The codes of what a package does not prove, whatever it does prove.
 *
 * @example
 * ```ts
 * const sentences = listNotProved(found, proofs).map((code) => reportWords("ar").notProved[code]);
 * ```
 */
export function listNotProved(found: EvidencePackage, proofs: ProofsFound): NotProved[] {
  const { statement, sealing, timestampToken } = found;
  const { record, custody, anchors } = proofs;
  const notProved: NotProved[] = ["CLAIMS", "LATER_CHANGES", "EVENTS_MAY_BE_MISSING"];
  if (proofs.anchoredBy !== "block") notProved.push("OTHER_BLOCKS_SIGNED");
  if (sealing.kind === "clique") notProved.push("CLIQUE_NOT_FINAL");
  if (proofs.isSealedByFew) notProved.push("SEALERS_TOO_FEW");
  if (proofs.otherRecord !== undefined) notProved.push("OTHER_RECORD");
  if (!proofs.hasFile) notProved.push("FILE_NOT_GIVEN");
  if (record !== undefined && custody.length !== record.hop) notProved.push("CUSTODY_INCOMPLETE");
  if (record !== undefined && record.court !== 0) notProved.push("COURT_KEY");
  if (!proofs.isCaseProved) notProved.push("CASE_NOT_PROVED");
  if (proofs.isContradicted) notProved.push("CLOCKS_DISAGREE");
  if (statement.notBefore !== undefined && !proofs.isNamedBlockProved) notProved.push("NOT_BEFORE_UNPROVED");
  if (statement.timestampToken !== undefined && timestampToken === undefined) notProved.push("TOKEN_NOT_GIVEN");
  if (!anchors.some(({ notAfter, of }) => of === "block" && notAfter !== undefined)) notProved.push("NO_SECOND_ANCHOR");
  const isStamp = found.anchors.some(({ kind }) => kind !== "cosignature");
  if (isStamp) notProved.push("ANCHOR_OPEN_BYTES");
  if (anchors.some(({ kind, state }) => kind === "rfc3161" && state === "PROVED")) {
    notProved.push("REVOCATION_NOT_CHECKED");
  }
  return notProved;
}
