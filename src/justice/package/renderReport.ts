import type { Standing } from "../../trust/standing.js";
import { visibleText } from "../certificate/visibleText.js";
import type { PackageReport, WhoReason } from "./PackageReport.js";
import { reportWordsArabic } from "./reportWordsArabic.js";
import { reportWordsEnglish } from "./reportWordsEnglish.js";
import type { ReportLanguage, ReportWords } from "./reportWords.js";

const WORDS: Record<ReportLanguage, ReportWords> = { en: reportWordsEnglish, ar: reportWordsArabic };

/** Of Unicode: what stands between them goes from left to right, whatever is around it. */
const [LEFT_TO_RIGHT, RIGHT_TO_LEFT, END] = ["\u2066", "\u2067", "\u2069"];

/**
 * The words of a language.
 *
 * @example
 * ```ts
 * const sentences = report.notProved.map((code) => reportWords("ar").notProved[code]);
 * ```
 */
export function reportWords(language: ReportLanguage): ReportWords {
  return WORDS[language];
}

/**
 * A report in words: the three answers apart, each with what it rests on, then what is wrong and what is not proved. Arabic
 * lines are set from right to left, and hashes, addresses and times in them from left to right, by Unicode's isolates, which a
 * terminal needs that does not find the direction by itself.
 *
 * @example
 * ```ts
 * process.stdout.write(renderReport(report, "ar"));
 * ```
 */
export function renderReport(report: PackageReport, language: ReportLanguage = "en"): string {
  const words = WORDS[language];
  const isArabic = language === "ar";
  const plain = (text: string | number): string => (isArabic ? `${LEFT_TO_RIGHT}${clean(text)}${END}` : clean(text));
  const time = (seconds: number): string => plain(new Date(seconds * 1000).toISOString().replace(".000Z", "Z"));
  const lines: string[] = [];
  const add = (text: string, depth = 0): void => {
    const line = `${"  ".repeat(depth)}${text}`;
    lines.push(isArabic ? `${RIGHT_TO_LEFT}${line}${END}` : line);
  };
  const ask = (name: "integrity" | "status" | "who"): void => {
    add(`${words.questions[name]}: ${words.answers[report[name]]}`);
  };

  add(`${words.exhibit}: ${plain(report.commitment)}`);
  const { caseId, name, mediaType, tool } = report.statement;
  const said = [
    [words.caseId, caseId],
    [words.fileName, name],
    [words.mediaType, mediaType],
    [words.toolNamed, `${tool.name} ${tool.version}`],
  ] as const;
  add(`${words.says}:`);
  for (const [label, text] of said) if (text !== undefined) add(`${label}: ${plain(text)}`, 1);
  if (report.problems.some(({ code }) => code === "ANCHOR_FOREIGN")) add(`! ${words.anchorForeign}`);
  add("");

  ask("integrity");
  const { notBefore, notAfter, fileNotAfter, claimedCapturedAt } = report.time;
  add(
    `${words.since}: ${notBefore === undefined ? words.unknown : time(notBefore)} – ${notAfter === undefined ? words.unknown : time(notAfter)}`,
    1,
  );
  if (fileNotAfter !== undefined && fileNotAfter !== notAfter) add(`${words.fileBy}: ${time(fileNotAfter)}`, 1);
  if (claimedCapturedAt !== undefined) add(`${words.claimed}: ${time(claimedCapturedAt)}`, 1);

  ask("status");
  const { exhibit } = report;
  if (exhibit !== undefined) {
    const flags = [exhibit.isSealed && words.sealed, exhibit.isHeld && words.held].filter((flag) => flag !== false);
    add([words.states[exhibit.state], ...flags].join(words.comma), 1);
    add(`${words.custodian}: ${words.body} ${plain(exhibit.custodian)}`, 1);
    const { otherRecord: other } = report;
    if (other !== undefined) {
      const state = words.states[other.state];
      add(`${words.otherRecord}: ${state}${words.comma}${words.body} ${plain(other.depositor)}`, 1);
    }
    for (const { hop, from, to, time: at } of report.custody) {
      add(
        `${plain(hop ?? "–")}. ${words.body} ${plain(from)} ${words.to} ${words.body} ${plain(to)}${words.comma}${time(at)}`,
        2,
      );
    }
  }

  ask("who");
  const named = [
    [words.depositor, report.depositor],
    [words.tool, report.tool],
    [words.court, report.court],
  ] as const;
  for (const [label, found] of named) {
    if (found === undefined) continue;
    const then = found.atAct === undefined ? words.unknown : words.standings[found.atAct];
    const text = `${words.then} ${then}${words.comma}${words.atBlock} ${words.standings[found.atBlock]}`;
    add(`${label}: ${words.body} ${plain(found.body)}${words.comma}${text}`, 1);
  }
  for (const { of, body, time: at, standing } of report.witnesses) {
    const text = `${words.standings[standing]}${words.comma}${time(at)}`;
    add(`${words.witness[of]}: ${words.body} ${plain(body)}${words.comma}${text}`, 1);
  }
  for (const reason of report.whoReasons) add(`${words.because}: ${whoReasonText(words, reason)}`, 1);

  add("");
  const { block, sealing } = report;
  if (block !== undefined && sealing !== undefined) {
    add(
      `${words.block}: ${plain(block.number)}${words.comma}${plain(block.hash)}${words.comma}${time(block.timestamp)}`,
    );
    add(words.anchoredBy[sealing.anchoredBy], 1);
    if (sealing.sealing === "clique") {
      add(
        `${words.depth}: ${plain(sealing.depth)}${words.comma}${words.sealers}: ${plain(sealing.distinctSealers.length)}`,
        1,
      );
    } else if (sealing.signers.length > 0) {
      add(`${words.seals}: ${plain(`${sealing.signers.length} / ${sealing.quorum ?? "–"}`)}`, 1);
    }
  }
  add(`${words.anchors}:${report.anchors.length === 0 ? ` ${words.none}` : ""}`);
  for (const { kind, of, state, by, notAfter: at } of report.anchors) {
    const until = at === undefined ? "" : `${words.comma}${words.notAfter} ${time(at)}`;
    add(`${plain(kind)} (${words.of[of]}): ${words.anchorStates[state]}${words.comma}${plain(by)}${until}`, 1);
  }
  for (const { result, message } of report.others) add(`${words.others[result]}: ${plain(message)}`);

  if (report.problems.length > 0) add(`${words.wrong}:`);
  for (const { part, code, message } of report.problems) add(`${plain(part)}: ${plain(`${message} (${code})`)}`, 1);
  add(`${words.notProvedTitle}:`);
  for (const code of report.notProved) add(`- ${words.notProved[code]}`, 1);
  return `${lines.join("\n")}\n`;
}

/**
 * Why it is not proved who deposited, in words.
 *
 * @example
 * ```ts
 * const sentences = report.whoReasons.map((reason) => whoReasonText(reportWords("ar"), reason));
 * ```
 */
export function whoReasonText(words: ReportWords, reason: WhoReason): string {
  if (reason in words.whoReasons) return words.whoReasons[reason as keyof ReportWords["whoReasons"]];
  const isTool = reason.startsWith("TOOL_");
  const standing = reason.slice(isTool ? 5 : 10) as Standing;
  return `${isTool ? words.tool : words.depositor}: ${words.standings[standing]}`;
}

/** Without what would move a terminal's cursor or turn its direction: names come from strangers. */
function clean(text: string | number): string {
  return visibleText(String(text));
}
