import { JusticeError } from "../JusticeError.js";
import type { CertificateInput } from "./certificateInput.js";
import type { CertificateSection } from "./certificateRows.js";
import { type CertificateLanguage, wordsOf } from "./certificateWords.js";
import { factSections } from "./factSections.js";
import { legalSections } from "./legalSections.js";

/** A certificate, ready to be set in type. */
export interface CertificateData {
  language: CertificateLanguage;
  direction: "ltr" | "rtl";
  title: string;
  subtitle: string;
  /** Unix seconds. */
  issuedAt: number;
  sections: readonly CertificateSection[];
  /** What the QR code holds, and what it is, in words. */
  qr: { content: string; label: string };
  /** What stands at the foot of each page. */
  footer: string;
  page: (page: number, pages: number) => string;
}

const LARGEST_TIME = 8_640_000_000_000;

/** The most bytes that a QR code of medium error correction holds, with a margin for the reader's eye. */
const QR_BYTES = 1_000;

/**
 * The fields that courts ask for, from a package's facts and the report of its verification: modelled on India's
 * Bharatiya Sakshya Adhiniyam 2023 (section 63(4), Parts A and B), on China's Online Litigation Rules (2021, articles 16 to
 * 19), on the United States' Federal Rules of Evidence 902(13) and (14), on eIDAS articles 41, 45k and 45l, and on
 * ISO/IEC 27037's record of custody. It claims no conformity, and what a person swears to is left blank. Characters that cannot
 * be seen are shown by their numbers, so that a file's name reorders and hides nothing.
 *
 * @throws JusticeError CERTIFICATE_MALFORMED for a time that no calendar has, an interval that ends before it begins, no
 *   digest, or a QR code of nothing or of more than 1,000 bytes.
 * @example
 * ```ts
 * const html = renderCertificateHtml(certificateData(input, "ar"));
 * ```
 */
export function certificateData(input: CertificateInput, language: CertificateLanguage): CertificateData {
  requireSound(input);
  const words = wordsOf(language);
  return {
    language,
    direction: language === "ar" ? "rtl" : "ltr",
    title: words.title,
    subtitle: words.subtitle,
    issuedAt: input.issuedAt,
    sections: [...factSections(input, words), ...legalSections(input, words)],
    qr: { content: input.verification.qr, label: words.qr },
    footer: words.footer,
    page: words.page,
  };
}

function requireSound(input: CertificateInput): void {
  const { time, verification, digests } = input;
  const times = [
    ...[input.issuedAt, input.block.time, time.notAfter.time, time.notBefore?.time, input.claimedCapturedAt],
    ...input.custody.flatMap(({ at, offeredAt }) => [at, offeredAt]),
    ...input.witnesses.map(({ at }) => at),
    ...input.anchors.map((anchor) => anchor.time),
  ];
  for (const at of times) {
    if (at !== undefined && !(Number.isSafeInteger(at) && at >= 0 && at <= LARGEST_TIME)) {
      throw malformed(`no calendar has the time ${at}`);
    }
  }
  if (time.notBefore !== undefined && time.notBefore.time > time.notAfter.time) {
    throw malformed(`the interval ends at ${time.notAfter.time}, before it begins at ${time.notBefore.time}`);
  }
  if (digests.length === 0) throw malformed("there is no digest");
  const { length } = new TextEncoder().encode(verification.qr);
  if (length === 0 || length > QR_BYTES) throw malformed(`a QR code holds 1 to ${QR_BYTES} bytes, not ${length}`);
}

function malformed(problem: string): JusticeError {
  return new JusticeError("CERTIFICATE_MALFORMED", problem);
}
