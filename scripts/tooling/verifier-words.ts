import { visibleText } from "../../src/justice/certificate/visibleText.js";
import type { ReportLanguage } from "../../src/justice/package/reportWords.js";

/** What the verifier of packages says when it cannot get as far as a report. */
export interface VerifierWords {
  /** Not all three were named, or more. */
  arguments: string;
  /** What each of the named files should be. */
  what: Record<"file" | "package" | "anchor", string>;
  missing: (what: string, path: string) => string;
  /** A folder stands where one file must. */
  folder: (what: string, path: string) => string;
  unreadable: (path: string, why: string) => string;
  noPackage: (path: string, why: string) => string;
  noAnchor: (path: string, why: string) => string;
  /** The exhibit is the other of file and folder. */
  ofFile: (path: string) => string;
  ofDirectory: (path: string) => string;
}

/** Of Unicode: a path or a foreign sentence that goes from left to right, whatever is around it. */
const [LEFT_TO_RIGHT, END] = ["\u2066", "\u2069"];

const ORDER = "npm run verify:package -- FILE PACKAGE --trust ANCHOR";

const english: VerifierWords = {
  arguments: "It takes one file, its package and, after --trust, the trust anchor.",
  what: { file: "the exhibit's file", package: "the package", anchor: "the trust anchor" },
  missing: (what, path) => `There is no ${visibleText(path)}, which should be ${what}.`,
  folder: (what, path) => `${visibleText(path)} is a folder; ${what} is one file.`,
  unreadable: (path, why) => `${visibleText(path)} cannot be read: ${visibleText(why)}`,
  noPackage: (path, why) =>
    `${visibleText(path)} is no evidence package, or a damaged one: ${visibleText(why)}\nThe order is: ${ORDER}`,
  noAnchor: (path, why) => `${visibleText(path)} is no trust anchor: ${visibleText(why)}`,
  ofFile: (path) => `The package is of a file; ${visibleText(path)} is a directory.`,
  ofDirectory: (path) => `The package is of a directory; ${visibleText(path)} is a file.`,
};

const arabic: VerifierWords = {
  arguments: `المطلوب ملف واحد وحزمته، ثم مرساة الثقة بعد ${leftToRight("--trust")}.`,
  what: { file: "ملف المضبوط", package: "الحزمة", anchor: "مرساة الثقة" },
  missing: (what, path) => `لا يوجد ${leftToRight(path)}، وكان يجب أن يكون ${what}.`,
  folder: (what, path) => `${leftToRight(path)} مجلد، والمطلوب في موضع ${what} ملف واحد.`,
  unreadable: (path, why) => `تعذرت قراءة ${leftToRight(path)}: ${leftToRight(why)}`,
  noPackage: (path, why) =>
    `${leftToRight(path)} ليس حزمة أدلة، أو حزمة تالفة: ${leftToRight(why)}\nالترتيب: ${leftToRight(ORDER)}`,
  noAnchor: (path, why) => `${leftToRight(path)} ليس مرساة ثقة: ${leftToRight(why)}`,
  ofFile: (path) => `الحزمة لملف، و${leftToRight(path)} مجلد.`,
  ofDirectory: (path) => `الحزمة لمجلد، و${leftToRight(path)} ملف.`,
};

/** The verifier's own sentences, in the language of its report; what they quote cannot move a terminal's cursor. */
export const verifierWords: Record<ReportLanguage, VerifierWords> = { en: english, ar: arabic };

function leftToRight(text: string): string {
  return `${LEFT_TO_RIGHT}${visibleText(text)}${END}`;
}
