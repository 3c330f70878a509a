import type { Standing } from "../../trust/standing.js";
import type { ExhibitState } from "../evidence/exhibitState.js";
import type { AnchorFound, Answer, NotProved, OtherFound, WhoReason, WitnessFound } from "./PackageReport.js";
import type { TrustAnchor } from "./readTrustAnchor.js";

/** Languages that reports are written in. */
export type ReportLanguage = "ar" | "en";

/** All words of a report. */
export interface ReportWords {
  exhibit: string;
  /** What the statement says of the exhibit, under its heading. */
  says: string;
  caseId: string;
  fileName: string;
  mediaType: string;
  toolNamed: string;
  /** That package and trust anchor do not belong together. */
  anchorForeign: string;
  questions: Record<"integrity" | "status" | "who", string>;
  answers: Record<Answer, string>;
  since: string;
  fileBy: string;
  claimed: string;
  unknown: string;
  states: Record<ExhibitState, string>;
  sealed: string;
  held: string;
  custodian: string;
  otherRecord: string;
  body: string;
  to: string;
  comma: string;
  depositor: string;
  tool: string;
  court: string;
  witness: Record<WitnessFound["of"], string>;
  then: string;
  atBlock: string;
  standings: Record<Standing, string>;
  because: string;
  /** Why it is not proved who deposited; a standing is said by its own words. */
  whoReasons: Record<Exclude<WhoReason, `${"DEPOSITOR" | "TOOL"}_${Standing}`>, string>;
  block: string;
  anchoredBy: Record<TrustAnchor["kind"], string>;
  depth: string;
  sealers: string;
  seals: string;
  anchors: string;
  none: string;
  notAfter: string;
  of: Record<AnchorFound["of"], string>;
  anchorStates: Record<AnchorFound["state"], string>;
  others: Record<OtherFound["result"], string>;
  wrong: string;
  notProvedTitle: string;
  /** Whole sentences. */
  notProved: Record<NotProved, string>;
}
