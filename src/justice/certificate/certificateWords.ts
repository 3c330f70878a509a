import type {
  AnchorEntry,
  CertificateInput,
  CustodyEntry,
  Finding,
  Instant,
  WitnessEntry,
} from "./certificateInput.js";
import type { ExhibitRefusal } from "../evidence/exhibitState.js";
import { ARABIC } from "./wordsArabic.js";
import { ENGLISH } from "./wordsEnglish.js";

/** The languages that certificates are made in, by BCP 47. */
export type CertificateLanguage = "en" | "ar";

type Label =
  | "exhibitNumber"
  | "caseId"
  | "commitment"
  | "name"
  | "kind"
  | "mediaType"
  | "size"
  | "issuedAt"
  | "algorithm"
  | "digest"
  | "make"
  | "model"
  | "serialNumber"
  | "imei"
  | "mac"
  | "tool"
  | "programHash"
  | "toolStanding"
  | "depositor"
  | "operatorRole"
  | "place"
  | "produced"
  | "notBefore"
  | "notAfter"
  | "claimed"
  | "chainId"
  | "registry"
  | "block"
  | "sealing"
  | "quorum"
  | "depth"
  | "validators"
  | "signers"
  | "anchors"
  | "integrity"
  | "status"
  | "state"
  | "who"
  | "notProved"
  | "hop"
  | "from"
  | "to"
  | "when"
  | "outcome"
  | "receipt"
  | "witness"
  | "role"
  | "standing"
  | "command"
  | "packageDigest"
  | "qrContent"
  | "personName"
  | "designation"
  | "date"
  | "hour"
  | "signedAt"
  | "signature";

/** Every word of a certificate in one language. */
export interface CertificateWords {
  title: string;
  subtitle: string;
  footer: string;
  page: (page: number, pages: number) => string;
  qr: string;
  none: string;
  body: string;
  bytes: string;
  sealed: string;
  held: string;
  notProved: string;
  onlyClaimed: string;
  /** Before the block whose state has the deposit's time. */
  stateOfBlock: string;
  labels: Record<Label, string>;
  sections: Record<Section, string>;
  verdicts: Record<Finding["verdict"], string>;
  /** By the contract's names; a name that is not here is printed as it is. */
  states: Record<string, string>;
  standings: Record<string, string>;
  kinds: Record<CertificateInput["exhibit"]["kind"], string>;
  sources: Record<Instant["source"], string>;
  sealings: Record<CertificateInput["sealing"]["kind"], string>;
  anchorKinds: Record<AnchorEntry["kind"], string>;
  anchored: Record<"block" | "file", string>;
  outcomes: Record<CustodyEntry["outcome"], string>;
  refusals: Record<ExhibitRefusal, string>;
  /** By the short names of the trust list's roles. */
  roles: Record<string, string>;
  witnessRoles: Record<WitnessEntry["role"], string>;
  notes: {
    findings: string;
    origin: string;
    time: string;
    seals: string;
    clique: string;
    custody: string;
    verifyFirst: Record<CertificateInput["exhibit"]["kind"], string>;
    verify: readonly string[];
  };
  standard: Record<"note" | "identifier" | "who" | "whoNote" | "where" | "changes", string>;
  china: Record<
    | "note"
    | "after"
    | "afterNote"
    | "qualification"
    | "qualificationNote"
    | "system"
    | "systemNote"
    | "process"
    | "processNote"
    | "source"
    | "collection"
    | "notary"
    | "crossCheck"
    | "expert",
    string
  >;
  europe: Record<
    "note" | "origin" | "originNote" | "order" | "orderNote" | "change" | "changeNote" | "timeStamp" | "timeStampNote",
    string
  >;
  unitedStates: Record<"note" | "statement", string>;
  india: Record<"note" | "statementA" | "statementB", string>;
}

type Section =
  | "findings"
  | "exhibit"
  | "digests"
  | "origin"
  | "time"
  | "chain"
  | "custody"
  | "witnesses"
  | "verify"
  | "standard"
  | "china"
  | "europe"
  | "unitedStates"
  | "partA"
  | "partB";

/** The words of a language. */
export function wordsOf(language: CertificateLanguage): CertificateWords {
  return language === "ar" ? ARABIC : ENGLISH;
}
