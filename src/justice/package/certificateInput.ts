import type {
  CertificateInput,
  CustodyEntry,
  Finding,
  Instant,
  WitnessEntry,
} from "../certificate/certificateInput.js";
import { EXHIBIT_REFUSALS, WITNESS_ROLES } from "../evidence/exhibitState.js";
import { roleScope } from "../../trust/scopes.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import { PackageError } from "./PackageError.js";
import type { HistoryEntry, PackageReport, StandingFound } from "./PackageReport.js";
import { reportWords, whoReasonText } from "./renderReport.js";
import type { ReportLanguage } from "./reportWords.js";

/** What a certificate needs besides a package and its report. */
export interface CertificateWanted {
  /** Unix seconds. */
  issuedAt: number;
  /** SHA-256 of the package's file, in hex. */
  packageDigest: string;
  /** The command that verifies, as one would type it. */
  command: string;
  /** What the QR code holds; the exhibit and the package's digest, if left out. */
  qr?: string;
  language?: ReportLanguage;
  /** Names of bodies by their indices, from their public profiles. */
  names?: ReadonlyMap<number, string>;
}

/**
 * What `certificateData` prints, out of a package and the report of its verification.
 *
 * @throws PackageError SOURCE_INCOMPLETE when the report knows no block or no exhibit: there is nothing to certify
 * @example
 * ```ts
 * const data = certificateData(certificateInput(found, report, { issuedAt, packageDigest, command }), "en");
 * ```
 */
export function certificateInput(
  { statement, exhibit: { chainId, registry, commitment } }: EvidencePackage,
  report: PackageReport,
  wanted: CertificateWanted,
): CertificateInput {
  const { block, sealing, exhibit, time } = report;
  if (block === undefined || sealing === undefined || exhibit === undefined || time.notAfter === undefined) {
    throw new PackageError("SOURCE_INCOMPLETE", "header", "the report proves no block and no exhibit");
  }
  const { language = "en", names, issuedAt, packageDigest, command } = wanted;
  const words = reportWords(language);
  const bodyOf = (body: number): { body: number; name?: string } => {
    const name = names?.get(body);
    return { body, ...(name !== undefined && { name }) };
  };
  const whoReasons = report.whoReasons.map((reason) => whoReasonText(words, reason));
  const problems = report.problems.map(({ part, message }) => `${part}: ${message}`);
  const finding = (question: "integrity" | "status" | "who"): Finding => ({
    verdict: report[question],
    reasons: [...problems, ...(question === "who" ? whoReasons : [])].filter(() => report[question] !== "PROVED"),
  });
  // What the trust list says is worth nothing where the list itself does not hold.
  const isTrusted = !report.problems.some(({ part }) => part === "trust" || part === "trustProof");
  const standingOf = (found: StandingFound | undefined): string => (isTrusted && found?.atAct) || "UNKNOWN";
  const isAllProved = [report.integrity, report.status, report.who].every((answer) => answer === "PROVED");
  const { exhibitNumber, name, mediaType, device, operatorRole, place } = statement;
  return {
    issuedAt,
    exhibit: {
      ...{ commitment, chainId, registry, kind: statement.kind, size: statement.size, caseId: statement.caseId },
      ...(exhibitNumber !== undefined && { exhibitNumber }),
      ...(name !== undefined && { name }),
      ...(mediaType !== undefined && { mediaType }),
    },
    digests: statement.digests,
    ...(device && { device }),
    tool: { ...statement.tool, standing: standingOf(report.tool) },
    depositor: {
      ...bodyOf(exhibit.depositor),
      role: "evidence-custodian",
      standing: standingOf(report.depositor),
    },
    ...(operatorRole !== undefined && { operatorRole }),
    ...(place !== undefined && { place }),
    time: {
      ...(time.notBefore !== undefined && { notBefore: startOf(statement, report, time.notBefore) }),
      notAfter: endOf(report, time.notAfter, block.hash),
    },
    ...(time.claimedCapturedAt !== undefined && { claimedCapturedAt: time.claimedCapturedAt }),
    block: { number: block.number, hash: block.hash, time: block.timestamp },
    sealing: {
      ...{ kind: sealing.sealing, validators: sealing.validators, signers: sealing.signers, depth: sealing.depth },
      ...(sealing.quorum !== undefined && { quorum: sealing.quorum }),
    },
    anchors: report.anchors.map(({ kind, of, by, notAfter, digest }) => ({
      kind: ({ rfc3161: "RFC3161", opentimestamps: "OPENTIMESTAMPS", cosignature: "COSIGNATURE" } as const)[kind],
      ...{ of, by, digest },
      ...(notAfter !== undefined && { time: notAfter }),
    })),
    findings: { integrity: finding("integrity"), status: finding("status"), who: finding("who") },
    status: { state: exhibit.state, sealed: exhibit.isSealed, held: exhibit.isHeld },
    custody: custodyOf(report.history, exhibit, bodyOf),
    witnesses: report.witnesses.map(({ body, role: scope, time: at, standing }): WitnessEntry => {
      const role = WITNESS_ROLES.find((name) => roleScope(name) === scope);
      const printed = role?.toUpperCase().replaceAll("-", "_") as WitnessEntry["role"];
      return { ...bodyOf(body), role: printed, at, standing };
    }),
    // No finding shows what is wrong and touches none of them, such as an anchor that was forged.
    notProved: [...(isAllProved ? problems : []), ...report.notProved.map((code) => words.notProved[code])],
    verification: { command, packageDigest, qr: wanted.qr ?? `${commitment} ${packageDigest}` },
  };
}

const SOURCES = { rfc3161: "TIME_STAMP_TOKEN", opentimestamps: "BITCOIN_BLOCK", cosignature: "COSIGNATURE" } as const;

/** What the beginning of the interval comes from: the token that the statement names, or the block. */
function startOf(
  { notBefore, timestampToken }: EvidencePackage["statement"],
  { anchors }: PackageReport,
  time: number,
): Instant {
  const isToken = anchors.some((anchor) => anchor.of === "file" && anchor.notBefore === time);
  return isToken
    ? { time, source: "TIME_STAMP_TOKEN", reference: timestampToken!.value }
    : { time, source: "BLOCK", reference: notBefore!.blockHash };
}

/** What its end comes from: the deposit, or an anchor over the block that is earlier than the block's own clock. */
function endOf({ anchors, exhibit }: PackageReport, time: number, hash: string): Instant {
  const anchor = anchors.find(({ of, notAfter }) => of === "block" && notAfter === time);
  if (anchor === undefined || time === exhibit!.depositedAt) return { time, source: "BLOCK", reference: hash };
  return { time, source: SOURCES[anchor.kind], reference: anchor.digest };
}

/**
 * Each offer with its outcome; a change of custody without an offer was by both signatures. Where a change is missing nobody
 * knows which one the others are, nor who held the exhibit when an offer was refused: then only the changes are there.
 */
function custodyOf(
  history: readonly HistoryEntry[],
  { depositor, hop: hops }: Pick<ExhibitRecord, "depositor" | "hop">,
  bodyOf: (body: number) => CustodyEntry["from"],
): CustodyEntry[] {
  const entries: CustodyEntry[] = [];
  const isWhole = history.filter(({ event }) => event === "CustodyChanged").length === hops;
  let offer: { to: number; at: number } | undefined;
  let [holder, hop] = [depositor, 0];
  for (const { event, args, time: at, receipt } of history) {
    const to = Number(args["to"]);
    const offeredAt = offer?.to === to ? { offeredAt: offer.at } : {};
    const common = { from: bodyOf(holder), to: bodyOf(to), at, receipt, ...offeredAt };
    if (event === "CustodyOffered") offer = { to, at };
    else if (event === "OfferRecalled") entries.push({ ...common, hop, outcome: "RECALLED" });
    else if (event === "OfferRejected") {
      entries.push({
        ...common,
        hop,
        outcome: "REJECTED",
        reason: EXHIBIT_REFUSALS[Number(args["refusal"])] ?? "OTHER",
      });
    } else if (event === "CustodyChanged") {
      // A body can also sign for what it was offered; the events do not tell the two apart.
      const outcome = offer?.to === to ? "ACCEPTED" : "HANDED_OVER";
      const number = isWhole ? { hop: ++hop } : {};
      entries.push({ ...common, ...number, from: bodyOf(Number(args["from"])), outcome });
      holder = to;
    }
    if (event === "OfferRecalled" || event === "OfferRejected" || event === "CustodyChanged") offer = undefined;
  }
  return isWhole ? entries : entries.filter(({ outcome }) => outcome === "ACCEPTED" || outcome === "HANDED_OVER");
}
