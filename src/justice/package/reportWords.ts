import type { Standing } from "../../trust/standing.js";
import type { ExhibitState } from "./exhibitSlot.js";
import type { TrustAnchor } from "./readTrustAnchor.js";
import type { AnchorFound, Answer, NotProved, OtherFound, WitnessFound } from "./verifyPackage.js";

/** Languages that reports are written in. */
export type ReportLanguage = "ar" | "en";

/** All words of a report. */
export interface ReportWords {
  exhibit: string;
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
