import type { CertificateInput, Instant } from "./certificateInput.js";
import {
  bodyText,
  type CertificateRow,
  code,
  given,
  named,
  optional,
  row,
  said,
  translated,
  utc,
} from "./certificateRows.js";
import type { CertificateWords } from "./certificateWords.js";

/**
 * The exhibit's digests.
 *
 * @example
 * ```ts
 * section("digests", words.sections.digests, { rows: digestRows(input, words) });
 * ```
 */
export function digestRows({ digests }: CertificateInput, words: CertificateWords): CertificateRow[] {
  return digests.flatMap(({ algorithm, value }) => [
    row(words.labels.algorithm, code(algorithm.toUpperCase())),
    row(words.labels.digest, code(value)),
  ]);
}

/**
 * With what the exhibit was captured, by whom and where.
 *
 * @example
 * ```ts
 * section("origin", words.sections.origin, { rows: originRows(input, words) });
 * ```
 */
export function originRows(input: CertificateInput, words: CertificateWords): CertificateRow[] {
  const { device = {}, tool, depositor, operatorRole, place } = input;
  const { labels } = words;
  return [
    ...optional(labels.make, device.make, given),
    ...optional(labels.model, device.model, given),
    ...optional(labels.serialNumber, device.serialNumber, code),
    ...optional(labels.imei, device.imei, code),
    ...optional(labels.mac, device.mac, code),
    row(labels.tool, [...given(tool.name), ...said(" "), ...code(tool.version)], bodyText(tool, words)),
    ...optional(labels.programHash, tool.programHash, code),
    ...optional(labels.toolStanding, tool.standing, (standing) => translated(words.standings, standing)),
    row(
      labels.depositor,
      named(depositor, words),
      translated(words.roles, depositor.role),
      translated(words.standings, depositor.standing),
    ),
    ...optional(labels.operatorRole, operatorRole, given),
    ...optional(labels.place, place, given),
  ];
}

/**
 * Between which times the statement was made, and what is only claimed.
 *
 * @example
 * ```ts
 * section("time", words.sections.time, { rows: timeRows(input, words) });
 * ```
 */
export function timeRows({ time, claimedCapturedAt }: CertificateInput, words: CertificateWords): CertificateRow[] {
  const instant = ({ time: at, reference }: Instant, source: string) => [
    code(utc(at)),
    [...said(`${source}: `), ...code(reference)],
  ];
  const { notBefore, notAfter } = time;
  // A deposit may be older than the block whose state shows it.
  const shownBy = notAfter.source === "BLOCK" ? words.stateOfBlock : words.sources[notAfter.source];
  return [
    row(
      words.labels.notBefore,
      ...(notBefore ? instant(notBefore, words.sources[notBefore.source]) : [said(words.notProved)]),
    ),
    row(words.labels.notAfter, ...instant(notAfter, shownBy)),
    ...optional(words.labels.claimed, claimedCapturedAt, (at) => [...code(utc(at)), ...said(` ${words.onlyClaimed}`)]),
  ];
}
