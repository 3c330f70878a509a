import type { Finding } from "../../src/network/preflight/Finding.js";

const WIDTH = 14;

/** The checks for people: a line each, and what to do below it. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ level, title, found, remedy }) => {
      const line = `${level.toUpperCase().padEnd(6)}${title.padEnd(WIDTH)}${oneLine(found)}`;
      return remedy === undefined ? [line] : [line, `${" ".repeat(6 + WIDTH)}-> ${remedy}`];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** What nodes say may hold anything. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
