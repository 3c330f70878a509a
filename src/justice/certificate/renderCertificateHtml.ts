import { encodeQR } from "qr";

import type { CertificateData } from "./certificateData.js";
import type { CertificateRow, CertificateSection, CertificateText } from "./certificateRows.js";
import type { CertificateFonts } from "./loadCertificateFonts.js";

const STYLE = `
@page { size: A4; margin: 18mm 16mm; }
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 48rem; padding: 1rem; font: 10.5pt/1.5 "Diwan Text", "Noto Sans", "Noto Naskh Arabic", sans-serif; color: #111; background: #fff; }
:lang(ar) { font-family: "Diwan Text", "Noto Naskh Arabic", "Amiri", "Noto Sans", serif; line-height: 1.7; }
h1 { font-size: 1.6em; margin: 0; }
h2 { font-size: 1.15em; margin: 1.4em 0 0.3em; padding-bottom: 0.15em; border-bottom: 1px solid #111; break-after: avoid; }
.subtitle, .note { color: #444; margin: 0.3em 0; }
.new-page { break-before: page; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { text-align: start; vertical-align: top; padding: 0.25em 0.4em; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
.facts th { width: 30%; font-weight: 600; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td p { margin: 0; }
.code { font-family: "Diwan Code", "Noto Sans Mono", monospace; font-size: 0.88em; overflow-wrap: anywhere; }
.blank { height: 2.2em; }
.qr { margin: 0.8em 0; width: 38mm; }
.qr svg { display: block; width: 100%; height: auto; }
.qr figcaption { font-size: 0.85em; }
footer { margin-top: 2em; font-size: 0.85em; color: #444; }
`;

/** What a browser may load for the document: nothing from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

/**
 * The certificate as one file of HTML: no scripts, nothing loaded from elsewhere, laid out for print. What is given in a
 * package is escaped, and each code is isolated so that it reads left to right in an Arabic line too.
 *
 * @param options `fonts` embeds them, so that it looks the same anywhere; without them the reader's own are used.
 * @example
 * ```ts
 * await writeFile("certificate.html", renderCertificateHtml(certificateData(input, "ar")));
 * ```
 */
export function renderCertificateHtml(data: CertificateData, options: { fonts?: CertificateFonts } = {}): string {
  const { language, direction, title, subtitle, sections, footer } = data;
  return `<!DOCTYPE html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${options.fonts === undefined ? "" : fontFaces(options.fonts)}${STYLE}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p class="subtitle">${escape(subtitle)}</p>
</header>
<main>
${sections.map((section) => renderSection(section, data)).join("\n")}
</main>
<footer>${escape(footer)}</footer>
</body>
</html>
`;
}

function renderSection(
  { id, title, notes, rows, table, newPage, hasQr }: CertificateSection,
  data: CertificateData,
): string {
  return [
    `<section id="${id}"${newPage ? ' class="new-page"' : ""}>`,
    `<h2>${escape(title)}</h2>`,
    ...notes.map((note) => `<p class="note">${escape(note)}</p>`),
    ...(rows.length > 0 ? [`<table class="facts"><tbody>`, ...rows.map(renderRow), `</tbody></table>`] : []),
    ...(table === undefined ? [] : [renderTable(table)]),
    ...(hasQr ? [renderQr(data.qr)] : []),
    `</section>`,
  ].join("\n");
}

function renderRow({ label, values }: CertificateRow): string {
  const cell = values.length === 0 ? `<td class="blank"></td>` : `<td>${values.map(paragraph).join("")}</td>`;
  return `<tr><th scope="row">${escape(label)}</th>${cell}</tr>`;
}

function renderTable({ head, rows }: NonNullable<CertificateSection["table"]>): string {
  const titles = head.map((label) => `<th scope="col">${escape(label)}</th>`).join("");
  const lines = rows.map(
    (cells) => `<tr>${cells.map((cell) => `<td>${cell.map(paragraph).join("")}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr>${titles}</tr></thead><tbody>\n${lines.join("\n")}\n</tbody></table>`;
}

function paragraph(texts: readonly CertificateText[]): string {
  const spans = texts.map(({ kind, text }) => {
    if (kind === "code") return `<bdi dir="ltr" class="code">${escape(text)}</bdi>`;
    return kind === "given" ? `<bdi>${escape(text)}</bdi>` : escape(text);
  });
  return `<p>${spans.join("")}</p>`;
}

function renderQr({ content, label }: CertificateData["qr"]): string {
  const cells = encodeQR(content, "raw", { ecc: "medium", border: 4 });
  const squares = cells.flatMap((line, y) => line.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const picture = `<svg viewBox="0 0 ${cells.length} ${cells.length}" role="img" aria-label="${escape(label)}" shape-rendering="crispEdges"><path d="${squares.join("")}"/></svg>`;
  return `<figure class="qr">${picture}<figcaption>${escape(label)}</figcaption></figure>`;
}

function fontFaces({ latin, arabic, latinBold, arabicBold, code }: CertificateFonts): string {
  const arabicRange = "unicode-range: U+0600-06FF, U+0750-077F, U+FB50-FDFF, U+FE70-FEFF;";
  return [
    fontFace("Diwan Text", 400, latin),
    fontFace("Diwan Text", 700, latinBold),
    fontFace("Diwan Text", 400, arabic, arabicRange),
    fontFace("Diwan Text", 700, arabicBold, arabicRange),
    fontFace("Diwan Code", 400, code),
  ].join("\n");
}

function fontFace(family: string, weight: number, font: Uint8Array, range = ""): string {
  let binary = "";
  for (const byte of font) binary += String.fromCharCode(byte);
  return `@font-face { font-family: "${family}"; font-weight: ${weight}; ${range} src: url(data:font/ttf;base64,${btoa(binary)}); }`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
