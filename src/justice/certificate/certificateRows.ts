import type { CertificateBody } from "./certificateInput.js";
import type { CertificateWords } from "./certificateWords.js";
import { visibleText } from "./visibleText.js";

/**
 * Words of the document's language; a text that was given, in whatever language; or a code (a hash, an address, a time, a
 * command), which reads left to right in any language.
 */
export interface CertificateText {
  kind: "words" | "given" | "code";
  text: string;
}

/** A label and its values; each value is a paragraph. No value: a line that a person fills in. */
export interface CertificateRow {
  label: string;
  values: readonly (readonly CertificateText[])[];
}

/** A part of a certificate. */
export interface CertificateSection {
  /** A name for programs, the same in every language. */
  id: string;
  title: string;
  notes: readonly string[];
  rows: readonly CertificateRow[];
  /** A cell is a list of paragraphs. */
  table?: { head: readonly string[]; rows: readonly (readonly CertificateRow["values"][])[] };
  /** Whether it begins a page. */
  newPage: boolean;
  /** Whether the QR code stands in it. */
  hasQr: boolean;
}

/**
 * A part of a certificate, with nothing in it but what is given.
 *
 * @example
 * ```ts
 * section("europe", words.sections.europe, { notes: [words.europe.note] });
 * ```
 */
export function section(
  id: string,
  title: string,
  parts: Partial<Omit<CertificateSection, "id" | "title">>,
): CertificateSection {
  return { id, title, notes: [], rows: [], newPage: false, hasQr: false, ...parts };
}

/**
 * A label and its values; without values, a line that a person fills in.
 *
 * @example
 * ```ts
 * row(words.labels.commitment, code(exhibit.commitment));
 * ```
 */
export function row(label: string, ...values: readonly CertificateText[][]): CertificateRow {
  return { label, values };
}

/**
 * A row, where there is a value to show.
 *
 * @example
 * ```ts
 * const rows = optional(words.labels.name, exhibit.name, given);
 * ```
 */
export function optional<T>(
  label: string,
  value: T | undefined,
  show: (value: T) => CertificateText[],
): CertificateRow[] {
  return value === undefined ? [] : [row(label, show(value))];
}

/**
 * The values, or the word that there are none.
 *
 * @example
 * ```ts
 * row(words.labels.signers, ...orNone(sealing.signers.map(code), words));
 * ```
 */
export function orNone(values: CertificateText[][], words: CertificateWords): CertificateText[][] {
  return values.length > 0 ? values : [said(words.none)];
}

/**
 * The word for one of the contract's names, or the name itself.
 *
 * @example
 * ```ts
 * translated(words.standings, depositor.standing);
 * ```
 */
export function translated(known: Record<string, string>, name: string): CertificateText[] {
  return Object.hasOwn(known, name) ? said(known[name]!) : given(name);
}

/**
 * A body by its name, where it has one, and its index.
 *
 * @example
 * ```ts
 * row(words.labels.depositor, named(depositor, words));
 * ```
 */
export function named(body: CertificateBody, words: CertificateWords): CertificateText[] {
  return [...(body.name === undefined ? [] : [...given(body.name), ...said(" ")]), ...bodyText(body, words)];
}

/**
 * A body by its index alone.
 *
 * @example
 * ```ts
 * bodyText({ body: 7 }, words);
 * ```
 */
export function bodyText({ body }: CertificateBody, words: CertificateWords): CertificateText[] {
  return [...said(`(${words.body} `), ...code(String(body)), ...said(")")];
}

/**
 * Words of the document's language.
 *
 * @example
 * ```ts
 * said(words.notProved);
 * ```
 */
export function said(text: string): CertificateText[] {
  return [{ kind: "words", text: visibleText(text) }];
}

/**
 * A text that was given, in whatever language.
 *
 * @example
 * ```ts
 * given(exhibit.name);
 * ```
 */
export function given(text: string): CertificateText[] {
  return [{ kind: "given", text: visibleText(text) }];
}

/**
 * A hash, an address, a time or a command, which reads left to right in any language.
 *
 * @example
 * ```ts
 * code(block.hash);
 * ```
 */
export function code(text: string): CertificateText[] {
  return [{ kind: "code", text: visibleText(text) }];
}

/**
 * The time as anybody reads it: no calendar or clock of a place, no month's name.
 *
 * @param time Unix seconds.
 * @example
 * ```ts
 * utc(1_767_225_600); // "2026-01-01 00:00:00 UTC"
 * ```
 */
export function utc(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, -5).replace("T", " ")} UTC`;
}
