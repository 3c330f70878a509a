import bidiFactory, { type Bidi } from "bidi-js";

import type { CertificateText } from "./certificateRows.js";

/** A stretch of one line in one font: its characters are in the order in which a shaper wants them, its place is from the line's left. */
export interface LineRun {
  text: string;
  font: string;
  x: number;
  width: number;
}

/** A line, ready to be drawn. */
export interface SetLine {
  runs: readonly LineRun[];
  width: number;
}

/** What lines are set with. */
export interface LineOptions {
  direction: "ltr" | "rtl";
  /** The most that a line may be wide. */
  width: number;
  /** The font of some characters that are drawn together, or undefined where no font has them. */
  fontOf: (characters: string, kind: CertificateText["kind"]) => string | undefined;
  /** How wide a text is, once shaped. */
  widthOf: (text: string, font: string) => number;
}

/** The controls of Unicode's bidirectional algorithm that keep a part's direction to itself (UAX 9, section 2.4). */
const ISOLATE = { code: "\u2066", given: "\u2068", end: "\u2069" } as const;
const CONTROLS = /[\u2066-\u2069]/g;

// The package declares an ES module and is, for Node, a CommonJS one: its default export is the factory itself.
const bidi = (bidiFactory as unknown as () => Bidi)();
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A paragraph in logical order: each code unit has an embedding level, and belongs to a grapheme with a font. */
interface Paragraph {
  text: string;
  levels: Uint8Array;
  /** A font for each code unit. */
  fonts: readonly string[];
  /** Where a grapheme begins, and the end. */
  bounds: readonly number[];
  /** Code units after which a line may end. */
  breaks: ReadonlySet<number>;
}

/**
 * Breaks a paragraph into lines and puts each in the order in which it is seen (Unicode Standard Annex 9). Codes and given
 * texts are isolated from what stands around them; a word or a hash that is wider than a line is broken where the line is
 * full.
 */
export function setLines(texts: readonly CertificateText[], options: LineOptions): SetLine[] {
  const paragraph = analyze(texts, options);
  const lines: SetLine[] = [];
  const { bounds } = paragraph;
  for (let first = 0; first < bounds.length - 1;) {
    const next = lineEnd(paragraph, first, options);
    lines.push(setLine(paragraph, bounds[first]!, bounds[next]!, options));
    first = next;
  }
  return lines;
}

function analyze(texts: readonly CertificateText[], { direction, fontOf }: LineOptions): Paragraph {
  let text = "";
  const fonts: string[] = [];
  const bounds: number[] = [];
  const breaks = new Set<number>();
  const append = (characters: string, font: string) => {
    bounds.push(text.length);
    text += characters;
    for (let unit = 0; unit < characters.length; unit++) fonts.push(font);
  };
  for (const { kind, text: part } of texts) {
    let font = fontOf(" ", kind) ?? "";
    if (kind !== "words") append(ISOLATE[kind], font);
    for (const { segment } of graphemes.segment(part)) {
      const own = fontOf(segment, kind);
      // A space goes with the word before it: words of one font and direction are shaped together.
      if (segment !== " ") font = own ?? fontOf("0", kind) ?? "";
      append(own === undefined ? numbersOf(segment) : segment, font);
      if (segment === " ") breaks.add(text.length);
    }
    if (kind !== "words") append(ISOLATE.end, font);
  }
  bounds.push(text.length);
  const { levels } = bidi.getEmbeddingLevels(text, direction);
  return { text, levels, fonts, bounds, breaks };
}

/** What stands for characters that no font has. */
function numbersOf(characters: string): string {
  return Array.from(characters)
    .map((character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .join("");
}

/** Where the line that begins with a grapheme ends: at the last place that allows it, or where the line is full. */
function lineEnd(paragraph: Paragraph, start: number, options: LineOptions): number {
  const { text, bounds, breaks } = paragraph;
  const last = bounds.length - 1;
  const isFull = (place: number) => measure(paragraph, bounds[start]!, bounds[place]!, options) > options.width;
  // A line is short though its paragraph be long: twice as far each time, and then between the last two.
  let [fits, tooFar] = [start + 1, start + 32];
  while (tooFar < last && !isFull(tooFar)) [fits, tooFar] = [tooFar, tooFar + (tooFar - start)];
  if (tooFar >= last) {
    if (!isFull(last)) return last;
    tooFar = last;
  }
  while (tooFar - fits > 1) {
    const middle = (fits + tooFar) >> 1;
    if (isFull(middle)) tooFar = middle;
    else fits = middle;
  }
  for (let place = tooFar; place > start + 1; place--) {
    const end = bounds[place]!;
    // A space at the end of a line takes no room.
    if (breaks.has(end) && (place <= fits || text[end - 1] === " ")) return place;
  }
  return Math.max(fits, start + 1);
}

function measure(paragraph: Paragraph, start: number, end: number, options: LineOptions): number {
  return visualRuns(paragraph, start, end).reduce((sum, { text, font }) => sum + options.widthOf(text, font), 0);
}

function setLine(paragraph: Paragraph, start: number, end: number, { widthOf }: LineOptions): SetLine {
  let width = 0;
  const runs = visualRuns(paragraph, start, end).map(({ text, font }) => {
    const run = { text, font, x: width, width: widthOf(text, font) };
    width += run.width;
    return run;
  });
  return { runs, width };
}

/** The line's runs from left to right (UAX 9, rule L2), without the spaces at its end (rule L1) and without controls. */
function visualRuns({ text, levels, fonts }: Paragraph, start: number, end: number): { text: string; font: string }[] {
  const trimmed = start + text.slice(start, end).replace(/[ \u2066-\u2069]+$/, "").length;
  const runs: { text: string; font: string; level: number }[] = [];
  for (let unit = start; unit < trimmed; unit++) {
    const character = text[unit]!;
    if (/[\u2066-\u2069]/.test(character)) continue;
    const [level, font, last] = [levels[unit]!, fonts[unit]!, runs.at(-1)];
    if (last?.level === level && last.font === font) last.text += character;
    else runs.push({ text: character, font, level });
  }
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level--) reverseFrom(runs, level);
  return runs.map((run) => ({ text: inShapingOrder(run.text, run.level), font: run.font }));
}

/** Reverses each sequence of runs of a level or a higher one. */
function reverseFrom(runs: { level: number }[], level: number): void {
  for (let start = 0; start < runs.length; start++) {
    let end = start;
    while (end < runs.length && runs[end]!.level >= level) end++;
    if (end > start) runs.splice(start, end - start, ...runs.slice(start, end).reverse());
    start = Math.max(start, end);
  }
}

/** Shapers turn letters of right-to-left scripts themselves; what stands there without letters is turned here. */
function inShapingOrder(text: string, level: number): string {
  const shown = text.replace(CONTROLS, "");
  if (level % 2 === 0) return shown;
  const mirrored = Array.from(shown, (character) => bidi.getMirroredCharacter(character) ?? character);
  return /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}]/u.test(shown)
    ? mirrored.join("")
    : mirrored.reverse().join("");
}
