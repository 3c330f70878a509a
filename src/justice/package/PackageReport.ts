import type { Standing } from "../../trust/standing.js";
import type { OpenTimestampsResult } from "../anchors/verifyOpenTimestamps.js";
import type { SealConflict } from "../../blocks/findSealConflict.js";
import type { EvidenceStatement } from "../evidence/statement.js";
import type { EvidencePackage, PackageAnchor } from "./EvidencePackage.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { TimeInterval } from "./timeInterval.js";
import type { SealingFound } from "./verifySealing.js";

/** What is answered to one of the three questions. */
export type Answer = "PROVED" | "FAILED" | "NOT_PROVED";

/** Something wrong, and in which part of the package; `file` is the exhibit itself. */
export interface PackageProblem {
  part: keyof EvidencePackage | "file" | "conflict";
  code: string;
  message: string;
}

/** Something besides seals that shows by when the block existed, or the file. */
export interface AnchorFound {
  kind: PackageAnchor["kind"];
  /** What it is about. */
  of: "block" | "file";
  /**
   * PENDING: a calendar of OpenTimestamps only promised it. UNPROVED: it names a Bitcoin block that the trust anchor does not hold.
   * UNKNOWN: nothing in it is known here.
   */
  state: OpenTimestampsResult["state"];
  /** Who vouches: an authority, a witness, a Bitcoin block or a calendar. */
  by: string;
  /** Unix seconds; nothing when it is not proved. */
  notAfter: number | undefined;
  /** Of a time stamp: no earlier was it made, by its authority's clock. */
  notBefore?: number;
  /** The digest that it is over, in hex. */
  digest: string;
}

/** How somebody stood in the trust list. */
export interface StandingFound {
  body: number;
  /** At the deposit; of a court, in the second of its last decision, where the package holds that. */
  atAct: Standing | undefined;
  atBlock: Standing;
}

/** Something that was done with the exhibit, out of a receipt. */
export interface HistoryEntry {
  /** The event's name in `IEvidenceRegistry`. */
  event: string;
  /** Unix seconds. */
  time: number;
  block: number;
  /** The event's arguments by their names, numbers in decimal. */
  args: Record<string, string>;
  /** SHA-256 of the receipt's encoding, in hex. */
  receipt: string;
}

/** A body that co-attested the deposit. */
export interface WitnessFound {
  /** Of a batch, whoever attested to it attested to its root, and so to each of its members. */
  of: "exhibit" | "batch";
  body: number;
  key: number;
  /** The role's scope, 32 bytes in hex. */
  role: string;
  /** Unix seconds. */
  time: number;
  /** When it attested. */
  standing: Standing;
}

/** Another package of the same chain, beside this one. */
export interface OtherFound {
  /** UNCHECKED: its own seals do not hold, so it says nothing. */
  result: "SAME_BLOCK" | "OTHER_HEIGHT" | "CONFLICT" | "UNCHECKED";
  conflict: SealConflict | undefined;
  message: string;
}

/** Why it is not proved who deposited. */
export type WhoReason =
  | `DEPOSITOR_${Exclude<Standing, "IN_FORCE">}`
  | `TOOL_${Exclude<Standing, "IN_FORCE">}`
  | "KEY_NOT_IN_FORCE"
  | "KEY_UNKNOWN"
  | "ROLE_MISMATCH"
  | "TOOL_DIFFERS";

/** What a package proves. */
export interface PackageReport {
  /** Whether the file is what was deposited, and since when. */
  integrity: Answer;
  /** How the exhibit stood at the block. */
  status: Answer;
  /** Whether who deposited it, and with what, was accredited. */
  who: Answer;
  commitment: string;
  /** What the depositor says of it: as good as its word, but for what the three answers prove. */
  statement: EvidenceStatement;
  /** Why `who` failed, besides problems. */
  whoReasons: WhoReason[];
  /** Unix seconds: what `timeInterval` leaves. */
  time: Pick<TimeInterval, "fileNotAfter" | "notAfter" | "notBefore"> & { claimedCapturedAt: number | undefined };
  block: { number: number; hash: string; timestamp: number } | undefined;
  sealing:
    | Pick<SealingFound, "sealing" | "anchoredBy" | "signers" | "quorum" | "validators" | "depth" | "distinctSealers">
    | undefined;
  exhibit: ExhibitRecord | undefined;
  /** What the registry keeps of the same commitment apart from the batch that the package proves: another deposit of it. */
  otherRecord: ExhibitRecord | undefined;
  depositor: StandingFound | undefined;
  tool: StandingFound | undefined;
  court: StandingFound | undefined;
  /** `hop` counts from 1; undefined where changes are missing, since no event tells its own number. */
  custody: { hop: number | undefined; from: number; to: number; time: number }[];
  /** Who co-attested the deposit, as far as there are receipts. */
  witnesses: WitnessFound[];
  /** All that the receipts tell, oldest first. */
  history: HistoryEntry[];
  others: OtherFound[];
  anchors: AnchorFound[];
  /** Codes of what this does not prove; words are in `renderReport`. */
  notProved: NotProved[];
  problems: PackageProblem[];
}

/** What a package does not prove. */
export type NotProved =
  | "ANCHOR_OPEN_BYTES"
  | "CASE_NOT_PROVED"
  | "CLAIMS"
  | "CLIQUE_NOT_FINAL"
  | "CLOCKS_DISAGREE"
  | "CUSTODY_INCOMPLETE"
  | "COURT_KEY"
  | "EVENTS_MAY_BE_MISSING"
  | "FILE_NOT_GIVEN"
  | "LATER_CHANGES"
  | "NO_SECOND_ANCHOR"
  | "NOT_BEFORE_UNPROVED"
  | "OTHER_BLOCKS_SIGNED"
  | "OTHER_RECORD"
  | "REVOCATION_NOT_CHECKED"
  | "SEALERS_TOO_FEW"
  | "TOKEN_NOT_GIVEN";
