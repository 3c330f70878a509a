import { trustHistory } from "../../trust/history.js";
import { decodeHeader } from "../../blocks/decodeHeader.js";
import { loadSealRecovery } from "../../blocks/recoverKey.js";
import type { HashResult } from "../hashing/algorithms.js";
import { checkAnchors } from "./checkAnchors.js";
import { checkCase } from "./checkCase.js";
import { checkCustody } from "./checkCustody.js";
import { checkManifest } from "./checkManifest.js";
import { checkRecord } from "./checkRecord.js";
import { checkStatement } from "./checkStatement.js";
import { checkTrust } from "./checkTrust.js";
import { collectProblems } from "./collectProblems.js";
import { compareOther } from "./compareOther.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import { findStandings } from "./findStandings.js";
import { findWitnesses } from "./findWitnesses.js";
import { listNotProved } from "./listNotProved.js";
import type { Answer, PackageProblem, PackageReport } from "./PackageReport.js";
import { readHistory } from "./readHistory.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import { timeInterval } from "./timeInterval.js";
import { verifySealing } from "./verifySealing.js";
import { whyNotNamed } from "./whyNotNamed.js";

/** What to check a package against. */
export interface VerifyOptions {
  /** The exhibit's digests, as `hashFile` gives them; without, its integrity is not proved. */
  file?: HashResult | undefined;
  anchor: TrustAnchor;
  /** Other packages that somebody shows, each checked by its own sealing: do they hold another block of the same height? */
  others?: readonly EvidencePackage[];
}

/**
 * Checks a package with no network: the exhibit's digests against the statement, the statement against the commitment, that
 * against the state of a block, and the block against the trust anchor. What fails is named by its part and does not stop the
 * rest.
 *
 * @param found As `readPackage` gives it.
 * @example
 * ```ts
 * const file = await hashFile("image.dd", { algorithms: found.statement.digests.map(({ algorithm }) => algorithm) });
 * const report = await verifyPackage(found, { file, anchor });
 * ```
 */
export async function verifyPackage(
  found: EvidencePackage,
  { file, anchor, others = [] }: VerifyOptions,
): Promise<PackageReport> {
  const collected = collectProblems();
  const { problems, fail, attempt } = collected;
  const { statement, exhibit } = found;
  // A package holds the seals of each block that something of it lies in.
  await loadSealRecovery();

  checkManifest(found, fail);
  checkStatement(found, { file, anchor }, collected);

  const sealing = attempt("sealing", () => verifySealing(found.header, found.sealing, anchor));
  const compared = others.map((other) => compareOther(other, anchor, sealing));
  const conflict = compared.find(({ result }) => result === "CONFLICT");
  if (conflict !== undefined) fail("conflict", "SEAL_CONFLICT", conflict.message);
  const header = attempt("header", () => decodeHeader(found.header));
  const { record, otherRecord } = checkRecord(found, header, collected);
  checkTrust(found, header, collected);

  const history = sealing === undefined ? [] : readHistory(found, sealing, { anchor, otherRecord }, fail);
  const custody = checkCustody(history, exhibit, record, fail);
  const isCaseProved = checkCase(found, history, record, fail);
  const anchors = await checkAnchors(found, anchor, fail);

  const trusted = trustHistory({ changes: found.trust });
  const standings = header && record && findStandings(trusted, record, { history, block: header.timestamp });
  const whoReasons = record && standings ? whyNotNamed(found, record, standings) : [];

  const bad = new Set(problems.map(({ part }) => part));
  const isAnchored = sealing !== undefined && !bad.has("header") && !bad.has("exhibit");
  // One signer of Clique alone can seal whatever it likes: a block counts when as many vouch for it as make more than half.
  const isByFew = sealing?.anchoredBy === "clique" && sealing.distinctSealers.length < (sealing.quorum ?? Infinity);
  const isCalm = conflict === undefined && !isByFew;
  const isTied = isAnchored && isCalm && record !== undefined && !bad.has("registryProof");
  const isCommitted = !bad.has("statement") && !bad.has("salt");
  const hasFailed = (...parts: PackageProblem["part"][]): boolean => parts.some((part) => bad.has(part));
  const answer = (failed: boolean, proved: boolean): Answer => (failed ? "FAILED" : proved ? "PROVED" : "NOT_PROVED");
  const chainFailed = hasFailed("sealing", "header", "exhibit", "registryProof");
  const isNamed = whoReasons.length === 0;

  const block = statement.notBefore && sealing?.known.get(statement.notBefore.blockHash);
  const named = block?.number === statement.notBefore?.blockNumber ? block?.timestamp : undefined;
  const interval = timeInterval({ named, deposited: isTied ? record.depositedAt : undefined }, anchors);
  const { notBefore, notAfter, fileNotAfter } = interval;

  return {
    integrity: answer(
      chainFailed || hasFailed("file", "statement", "salt", "timestampToken"),
      isTied && isCommitted && file !== undefined,
    ),
    status: answer(chainFailed || hasFailed("custody"), isTied),
    who: answer(
      chainFailed || hasFailed("trust", "trustProof", "statement") || !isNamed,
      isTied && isNamed && !hasFailed("trust", "trustProof"),
    ),
    whoReasons,
    commitment: exhibit.commitment,
    statement,
    time: { notBefore, notAfter, fileNotAfter, claimedCapturedAt: statement.claimedCapturedAt },
    block: sealing && { number: sealing.header.number, hash: sealing.hash, timestamp: sealing.header.timestamp },
    sealing: sealing && {
      sealing: sealing.sealing,
      anchoredBy: sealing.anchoredBy,
      signers: sealing.signers,
      quorum: sealing.quorum,
      validators: sealing.validators,
      depth: sealing.depth,
      distinctSealers: sealing.distinctSealers,
    },
    exhibit: record,
    otherRecord,
    depositor: standings?.depositor,
    tool: standings?.tool,
    court: standings?.court,
    custody,
    witnesses: findWitnesses(history, exhibit, trusted),
    history,
    others: compared,
    anchors,
    notProved: listNotProved(found, {
      ...{ record, otherRecord, custody, anchors, isCaseProved },
      anchoredBy: anchor.kind,
      hasFile: file !== undefined,
      isSealedByFew: isByFew,
      isNamedBlockProved: named !== undefined,
      isContradicted: interval.isContradicted,
    }),
    problems,
  };
}
