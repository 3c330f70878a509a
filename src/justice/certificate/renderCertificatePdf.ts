import { encodeQR } from "qr";

import { JusticeError } from "../JusticeError.js";
import type { CertificateData } from "./certificateData.js";
import type { CertificateRow, CertificateSection, CertificateText } from "./certificateRows.js";
import type { CertificateFonts } from "./loadCertificateFonts.js";
import { type SetLine, setLines } from "./setLines.js";

/** Points: A4, and what is left free around the text. */
const PAGE = { width: 595.28, height: 841.89, side: 46, top: 48, bottom: 60 };
const CONTENT = PAGE.width - 2 * PAGE.side;
const BOTTOM = PAGE.height - PAGE.bottom;
const GAP = 8;
const LABEL_WIDTH = CONTENT * 0.3 - GAP;
const CELL_GAP = 5;
const BLANK = 24;
/** What a line under a row takes. */
const RULED = 5;
const QR_SIZE = 108;
/** Least room that a heading leaves for what it heads. */
const HEADED = 60;

const SIZE = { title: 18, heading: 11.5, text: 9.5, small: 8.5 } as const;
const LEADING = { ltr: 1.45, rtl: 1.65 } as const;
/** Where in a line's height the letters stand. */
const BASELINE = 0.72;
const INK = { text: "#111111", soft: "#444444", line: "#bbbbbb" } as const;

/** Relative widths of a table's columns, by the number of them. */
const COLUMNS: Record<number, readonly number[]> = { 6: [5, 16, 16, 23, 17, 23], 4: [34, 22, 24, 20] };

type Pdf = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

/** A block of text that is ready to be drawn: lines, and how. */
interface Block {
  lines: readonly SetLine[];
  size: number;
  leading: number;
  x: number;
  width: number;
  element: Element;
  ink: string;
}

/**
 * The certificate as a PDF: A4, tagged with its language and structure, the fonts embedded in part, the text selectable.
 * Arabic is shaped by the font's own rules and ordered by Unicode's bidirectional algorithm. The same input gives the same
 * bytes: the only date is the input's.
 *
 * @param options The fonts: `loadCertificateFonts()` in Node.
 * @throws JusticeError CERTIFICATE_PDF_MISSING when the package `pdfkit`, which is optional, is not installed.
 * @example
 * ```ts
 * const pdf = await renderCertificatePdf(certificateData(input, "en"), { fonts: await loadCertificateFonts() });
 * ```
 */
export async function renderCertificatePdf(
  data: CertificateData,
  options: { fonts: CertificateFonts },
): Promise<Uint8Array> {
  const date = new Date(data.issuedAt * 1000);
  const pdf = new (await loadPdfKit())({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: "1.7",
    tagged: true,
    displayTitle: true,
    lang: data.language,
    info: { Title: data.title, Creator: "Diwan", Producer: "Diwan", CreationDate: date, ModDate: date },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on("end", () => {
      resolve(join(chunks));
    });
    pdf.on("error", reject);
  });
  new Certificate(pdf, data, options.fonts).draw();
  pdf.end();
  return done;
}

async function loadPdfKit(): Promise<new (options: PDFKit.PDFDocumentOptions) => Pdf> {
  try {
    return (await import("pdfkit")).default;
  } catch (cause) {
    throw new JusticeError("CERTIFICATE_PDF_MISSING", "no PDF without the package: npm i pdfkit", { cause });
  }
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** A document while it is drawn: the place that is reached, and the structure that goes with it. */
class Certificate {
  readonly #pdf: Pdf;
  readonly #data: CertificateData;
  readonly #root: Element;
  readonly #coverage = new Map<string, { hasGlyphForCodePoint(codePoint: number): boolean }>();
  readonly #widths = new Map<string, number>();
  #y = PAGE.top;

  constructor(pdf: Pdf, data: CertificateData, fonts: CertificateFonts) {
    this.#pdf = pdf;
    this.#data = data;
    for (const [name, bytes] of Object.entries(fonts) as [string, Uint8Array][]) {
      pdf.registerFont(name, bytes);
      // pdfkit keeps the font's reader to itself, though only that says which characters the font has.
      this.#coverage.set(name, (pdf.font(name) as unknown as { _font: { font: FontReader } })._font.font);
    }
    this.#root = pdf.struct("Document");
    pdf.addStructure(this.#root);
  }

  draw(): void {
    this.#pdf.addPage();
    this.#paragraph(this.#root, "H1", this.#data.title, { size: SIZE.title, bold: true });
    this.#paragraph(this.#root, "P", this.#data.subtitle, { size: SIZE.small, ink: INK.soft });
    for (const section of this.#data.sections) this.#section(section);
    this.#root.end();
    this.#footers();
  }

  #section({ title, notes, rows, table, newPage, hasQr }: CertificateSection): void {
    const element = this.#child(this.#root, "Sect");
    if (newPage) this.#newPage();
    else this.#y += 12;
    this.#reserve(HEADED + this.#blankHeight(rows, 0));
    this.#paragraph(element, "H2", title, { size: SIZE.heading, bold: true });
    this.#rule(INK.text);
    for (const note of notes) this.#paragraph(element, "P", note, { size: SIZE.small, ink: INK.soft });
    if (notes.length > 0) this.#y += 4;
    if (rows.length > 0) {
      const facts = this.#child(element, "Table");
      for (const [at, row] of rows.entries()) {
        // Nobody signs on a page that does not show what is signed.
        if (rows[at - 1]?.values.length !== 0) this.#reserve(this.#blankHeight(rows, at));
        this.#row(facts, row);
      }
      facts.end();
    }
    if (table !== undefined) this.#table(element, table);
    if (hasQr) this.#qr(element);
    element.end();
  }

  #paragraph(parent: Element, tag: string, text: string, style: { size: number; bold?: boolean; ink?: string }): void {
    const block = this.#block(parent, tag, [[{ kind: "words", text }]], { x: 0, width: CONTENT, ...style });
    this.#drawTogether([block]);
    block.element.end();
  }

  /** How high the rows are, from one on, that a person fills in; as much as a page holds, if they are higher. */
  #blankHeight(rows: readonly CertificateRow[], from: number): number {
    let height = 0;
    for (const { label, values } of rows.slice(from)) {
      if (values.length > 0) break;
      const lines = this.#lines([{ kind: "words", text: label }], LABEL_WIDTH, { size: SIZE.text, bold: true });
      height += Math.max(BLANK, lines.length * SIZE.text * LEADING[this.#data.direction]) + RULED;
    }
    return Math.min(height, BOTTOM - PAGE.top - HEADED);
  }

  #row(table: Element, { label, values }: CertificateRow): void {
    const element = this.#child(table, "TR");
    const head = this.#block(element, "TH", [[{ kind: "words", text: label }]], {
      ...{ x: 0, width: LABEL_WIDTH, size: SIZE.text, bold: true },
    });
    const place = { x: LABEL_WIDTH + GAP, width: CONTENT - LABEL_WIDTH - GAP };
    const cell = this.#block(element, "TD", values, { ...place, size: SIZE.text });
    const top = values.length === 0 ? this.#reserve(Math.max(BLANK, heightOf(head))) : undefined;
    this.#drawTogether([head, cell]);
    if (top !== undefined) this.#y = Math.max(this.#y, top + BLANK);
    for (const { element: part } of [head, cell]) part.end();
    element.end();
    this.#rule(INK.line);
  }

  #table(parent: Element, { head, rows }: NonNullable<CertificateSection["table"]>): void {
    const element = this.#child(parent, "Table");
    const shares = COLUMNS[head.length] ?? head.map(() => 1);
    const unit = CONTENT / shares.reduce((sum, share) => sum + share, 0);
    const places = shares.map((share, column) => ({
      x: unit * shares.slice(0, column).reduce((sum, before) => sum + before, 0),
      width: unit * share - CELL_GAP,
      size: SIZE.small,
    }));
    const drawHead = () => {
      this.#cells(
        element,
        "TH",
        head.map((label) => [[{ kind: "words", text: label }]]),
        places,
      );
    };
    this.#reserve(HEADED);
    drawHead();
    for (const cells of rows) this.#cells(element, "TD", cells, places, drawHead);
    element.end();
  }

  #cells(
    table: Element,
    tag: "TH" | "TD",
    cells: readonly CertificateRow["values"][],
    places: readonly { x: number; width: number; size: number }[],
    onNewPage?: () => void,
  ): void {
    const element = this.#child(table, "TR");
    const blocks = cells.map((cell, column) =>
      this.#block(element, tag, cell, { ...places[column]!, bold: tag === "TH" }),
    );
    this.#drawTogether(blocks, onNewPage);
    for (const { element: part } of blocks) part.end();
    element.end();
    this.#rule(INK.line);
  }

  #qr(parent: Element): void {
    const { content, label } = this.#data.qr;
    this.#y += 6;
    this.#reserve(QR_SIZE + 24);
    const figure = this.#pdf.struct("Figure", { alt: label });
    parent.add(figure);
    figure.add(this.#pdf.markStructureContent("Figure"));
    const cells = encodeQR(content, "raw", { ecc: "medium", border: 4 });
    const module = QR_SIZE / cells.length;
    const left = this.#data.direction === "rtl" ? PAGE.width - PAGE.side - QR_SIZE : PAGE.side;
    for (const [line, squares] of cells.entries()) {
      for (const [column, dark] of squares.entries()) {
        if (dark) this.#pdf.rect(left + column * module, this.#y + line * module, module, module);
      }
    }
    this.#pdf.fill("#000000");
    this.#pdf.endMarkedContent();
    figure.end();
    this.#y += QR_SIZE;
    this.#paragraph(parent, "Caption", label, { size: SIZE.small, ink: INK.soft });
  }

  /** Draws blocks side by side: on one page if they fit on one, else line by line over as many as they need. */
  #drawTogether(blocks: readonly Block[], onNewPage?: () => void): void {
    const height = Math.max(...blocks.map(heightOf));
    if (height <= BOTTOM - PAGE.top - HEADED) this.#reserve(height, onNewPage);
    const count = Math.max(...blocks.map(({ lines }) => lines.length));
    for (let index = 0; index < count; index++) {
      const leading = Math.max(...blocks.map((block) => block.leading));
      this.#reserve(leading, onNewPage);
      for (const block of blocks) {
        const line = block.lines[index];
        if (line !== undefined) this.#line(block, line);
      }
      this.#y += leading;
    }
  }

  #line({ x, width, size, leading, element, ink }: Block, line: SetLine): void {
    const isRtl = this.#data.direction === "rtl";
    const left = isRtl ? PAGE.width - PAGE.side - x - line.width : PAGE.side + x;
    if (line.width > width + 1) throw new RangeError(`a line of ${line.width} points is wider than ${width}`);
    element.add(this.#pdf.markStructureContent("Span"));
    this.#runs(line, left, this.#y + leading * BASELINE, size, ink);
    this.#pdf.endMarkedContent();
  }

  #runs(line: SetLine, left: number, baseline: number, size: number, ink: string): void {
    for (const { text, font, x } of line.runs) {
      const options = { lineBreak: false, baseline: "alphabetic" as const, features: SHAPED };
      this.#pdf
        .font(font)
        .fontSize(sizeIn(font, size))
        .fillColor(ink)
        .text(text, left + x, baseline, options);
    }
  }

  #block(
    parent: Element,
    tag: string,
    paragraphs: readonly (readonly CertificateText[])[],
    style: { x: number; width: number; size: number; bold?: boolean; ink?: string },
  ): Block {
    const { x, width, size, bold = false, ink = INK.text } = style;
    const { direction } = this.#data;
    // Glyphs stand in the order in which they are seen: the text in the order in which it is read goes beside them.
    const actual = paragraphs.map((texts) => texts.map(({ text }) => text).join("")).join("\n");
    const element = this.#pdf.struct(tag, actual === "" ? {} : { actual });
    parent.add(element);
    const lines = paragraphs.flatMap((texts) => this.#lines(texts, width, { size, bold }));
    return { lines, size, leading: size * LEADING[direction], x, width, element, ink };
  }

  #lines(texts: readonly CertificateText[], width: number, style: { size: number; bold: boolean }): SetLine[] {
    return setLines(texts, {
      direction: this.#data.direction,
      width,
      fontOf: (characters, kind) => this.#fontOf(characters, kind, style.bold),
      widthOf: (text, font) => this.#widthOf(text, font, style.size),
    });
  }

  #fontOf(characters: string, kind: CertificateText["kind"], bold: boolean): string | undefined {
    const [latin, arabic] = bold ? ["latinBold", "arabicBold"] : ["latin", "arabic"];
    const order = this.#data.language === "ar" ? [arabic, latin, "code"] : [latin, arabic, "code"];
    return (kind === "code" ? ["code", ...order] : order).find((font) => {
      const reader = this.#coverage.get(font)!;
      return Array.from(characters).every((character) => reader.hasGlyphForCodePoint(character.codePointAt(0)!));
    });
  }

  #widthOf(text: string, font: string, size: number): number {
    const key = `${size} ${font} ${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      width = this.#pdf.font(font).fontSize(sizeIn(font, size)).widthOfString(text, { features: SHAPED });
      this.#widths.set(key, width);
    }
    return width;
  }

  /** Makes room, on a new page if it must be, and returns the place. */
  #reserve(height: number, onNewPage?: () => void): number {
    if (this.#y + height > BOTTOM) {
      this.#newPage();
      onNewPage?.();
    }
    return this.#y;
  }

  #newPage(): void {
    this.#pdf.addPage();
    this.#y = PAGE.top;
  }

  #rule(ink: string): void {
    this.#artifact("Layout", () => {
      const right = PAGE.width - PAGE.side;
      this.#pdf
        .moveTo(PAGE.side, this.#y + 2)
        .lineTo(right, this.#y + 2)
        .lineWidth(0.5)
        .stroke(ink);
    });
    this.#y += RULED;
  }

  #footers(): void {
    const { start, count } = this.#pdf.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.#pdf.switchToPage(page);
      this.#artifact("Pagination", () => {
        this.#foot(this.#data.footer, "start");
        this.#foot(this.#data.page(page + 1, count), "end");
      });
    }
  }

  #foot(text: string, side: "start" | "end"): void {
    const [line] = this.#lines([{ kind: "words", text }], CONTENT, { size: SIZE.small, bold: false });
    const isLeft = (side === "start") === (this.#data.direction === "ltr");
    const left = isLeft ? PAGE.side : PAGE.width - PAGE.side - line!.width;
    this.#runs(line!, left, PAGE.height - PAGE.bottom / 2, SIZE.small, INK.soft);
  }

  /** Draws what is no part of the text. */
  #artifact(type: "Layout" | "Pagination", draw: () => void): void {
    this.#pdf.markContent("Artifact", { type });
    draw();
    this.#pdf.endMarkedContent();
  }

  #child(parent: Element, tag: string): Element {
    const element = this.#pdf.struct(tag);
    parent.add(element);
    return element;
  }
}

interface FontReader {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** None beyond those that a script needs; given at all, a run is shaped whole and not word by word. */
const SHAPED: PDFKit.Mixins.OpenTypeFeatures[] = [];

/** A code is set smaller, so that 32 bytes in hex fill a line beside their label; Amiri's letters are small for their size. */
function sizeIn(font: string, size: number): number {
  if (font === "code") return size * 0.9;
  return font.startsWith("arabic") ? size * 1.15 : size;
}

function heightOf({ lines, leading }: Block): number {
  return lines.length * leading;
}
