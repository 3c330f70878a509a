import type { ReportWords } from "./reportWords.js";

/**
 * A report's words in English.
 *
 * @example
 * ```ts
 * const sentence = reportWordsEnglish.notProved.CLAIMS;
 * ```
 */
export const reportWordsEnglish: ReportWords = {
  exhibit: "Exhibit",
  says: "What the depositor says of it",
  caseId: "Case",
  fileName: "Name",
  mediaType: "Media type",
  toolNamed: "Captured with",
  anchorForeign:
    "Package and trust anchor are of different chains or contracts. Nothing below speaks against the exhibit: ask for the anchor of the package's chain.",
  questions: {
    integrity: "1. Is the file what was deposited",
    status: "2. How the exhibit stood at the block",
    who: "3. Was who deposited it, and the tool, accredited then",
  },
  answers: { PROVED: "PROVED", FAILED: "FAILED", NOT_PROVED: "NOT PROVED" },
  since: "The statement came to be between",
  fileBy: "The file existed, as its time stamp proves, not after",
  claimed: "Captured, as the depositor claims and nothing proves",
  unknown: "unknown",
  states: {
    UNKNOWN: "unknown",
    DEPOSITED: "deposited",
    TENDERED: "tendered",
    CHALLENGED: "challenged",
    REBUTTED: "challenge answered",
    ADMITTED: "admitted",
    EXCLUDED: "excluded",
    RETURNED: "returned",
    DESTROYED: "destroyed",
  },
  sealed: "sealed",
  held: "under legal hold",
  custodian: "Held by",
  otherRecord: "The same commitment has a record of its own, which is not of this batch",
  body: "body",
  to: "to",
  comma: ", ",
  depositor: "Depositor",
  tool: "Capture tool",
  court: "Court",
  witness: { exhibit: "Witness of the deposit", batch: "Witness of the deposit of its batch" },
  then: "then",
  atBlock: "at the block",
  standings: {
    NONE: "never accredited",
    IN_FORCE: "in force",
    PENDING: "not yet in force",
    EXPIRED: "expired",
    SUSPENDED: "suspended",
    WITHDRAWN: "withdrawn",
    COMPROMISED: "by a compromised key",
  },
  because: "Because",
  whoReasons: {
    KEY_NOT_IN_FORCE: "the depositor's key was not in force",
    KEY_UNKNOWN: "the trust list has no such key of the depositor",
    ROLE_MISMATCH: "whoever holds the exhibit was never accredited in the role in which it is held",
    TOOL_DIFFERS: "the statement names another tool than the deposit",
  },
  block: "Block",
  anchoredBy: {
    block: "It is the trusted block, or before it by parent hashes.",
    validators: "A quorum of the pinned validators sealed it.",
    genesis: "A quorum sealed it of the validators that votes lead to from the trusted genesis block.",
    clique: "Signers sealed it on the trusted checkpoint. That is strong evidence and never final.",
  },
  depth: "Blocks on top",
  sealers: "distinct sealers",
  seals: "Seals, and needed",
  anchors: "Second anchors",
  none: "none",
  notAfter: "not after",
  of: { block: "of the block", file: "of the file" },
  anchorStates: {
    PROVED: "proved",
    UNPROVED: "names a Bitcoin block that is not in the trust anchor",
    PENDING: "only promised by a calendar",
    UNKNOWN: "of an unknown kind",
  },
  others: {
    SAME_BLOCK: "The other package is of the same block",
    OTHER_HEIGHT: "The other package is of another height",
    CONFLICT: "The other package CONTRADICTS this one",
    UNCHECKED: "The other package proves nothing",
  },
  wrong: "Wrong",
  notProvedTitle: "Not proved",
  notProved: {
    ANCHOR_OPEN_BYTES:
      "Bytes of a time stamp that no signature covers, and names of calendars: only the manifest shows that they changed.",
    CASE_NOT_PROVED: "That the deposit was made for this case: the case's salt or the deposit's receipt is not there.",
    CLAIMS:
      "That what the statement claims is true: the capture's time, the device, the place, how the file came to be.",
    CLIQUE_NOT_FINAL: "That the block stays: Clique is never final, and another branch may replace it.",
    CLOCKS_DISAGREE:
      "Which clock is right: by a second anchor the statement would be younger than its deposit. The times are the blocks'.",
    CUSTODY_INCOMPLETE: "The whole custody: the registry counts more changes than there are receipts.",
    COURT_KEY: "By which key the court acted: the registry keeps the court and not its key.",
    EVENTS_MAY_BE_MISSING:
      "That nothing else was offered, refused or decided: only the state and the number of changes are whole.",
    FILE_NOT_GIVEN: "That a file is the exhibit: none was given.",
    LATER_CHANGES: "What happened after the block.",
    NOT_BEFORE_UNPROVED:
      "That the statement is not older than the block that it names: that block is not among the checked headers.",
    NO_SECOND_ANCHOR: "When the block came to be, by anybody but those who seal: there is no second anchor.",
    OTHER_BLOCKS_SIGNED: "That validators signed nothing else: seals prove what they signed, and no more.",
    OTHER_RECORD:
      "That the exhibit has no other fate: the same commitment has a record of its own, from another deposit than this batch.",
    SEALERS_TOO_FEW:
      "That more than a few signers vouch for the block: not more than half of them sealed it or built on it, and one alone can forge one.",
    REVOCATION_NOT_CHECKED:
      "That the time-stamping authority's certificate was not revoked: no list of revoked ones is asked, since none is at hand.",
    TOKEN_NOT_GIVEN: "The time stamp that the statement names: the package does not hold it.",
  },
};
