/** Letters, marks, and the two joiners that Arabic and Indian scripts need: everything else that has no picture. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * A text of which every character can be seen: controls, overrides of the direction, lone surrogates and code points that
 * nothing is assigned to are written as their numbers, as in `\u{202e}`.
 *
 * @example
 * ```ts
 * visibleText("invoice\u202efdp.exe"); // "invoice\\u{202e}fdp.exe"
 * ```
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
