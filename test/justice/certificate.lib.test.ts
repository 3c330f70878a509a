import { expect } from "chai";
import { getDocument, OPS } from "pdfjs-dist/legacy/build/pdf.mjs";
import decodeQR from "qr/decode.js";

import { certificateData } from "../../src/justice/certificate/certificateData.js";
import type { CertificateInput } from "../../src/justice/certificate/certificateInput.js";
import type { CertificateRow } from "../../src/justice/certificate/certificateRows.js";
import { loadCertificateFonts } from "../../src/justice/certificate/loadCertificateFonts.js";
import { renderCertificateHtml } from "../../src/justice/certificate/renderCertificateHtml.js";
import { renderCertificatePdf } from "../../src/justice/certificate/renderCertificatePdf.js";
import { setLines } from "../../src/justice/certificate/setLines.js";
import { visibleText } from "../../src/justice/certificate/visibleText.js";
import { EXHIBIT_REFUSALS } from "../../src/justice/evidence/exhibitState.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { certificateInput } from "../helpers/certificates.js";

interface TextItem {
  str: string;
  transform: number[];
  width: number;
}

/** The pages as pdf.js reads them: where each piece of text stands. */
async function read(pdf: Uint8Array) {
  const document = await getDocument({ data: pdf.slice(), verbosity: 0 }).promise;
  const pages: TextItem[][] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.filter((item): item is typeof item & TextItem => "str" in item && item.str.trim() !== ""));
  }
  const { info } = (await document.getMetadata()) as { info: Record<string, unknown> };
  return { pages, info, marks: await document.getMarkInfo() };
}

/** What a reader of QR codes finds in dark squares, given as x, y and side. */
function readQr(squares: readonly (readonly [number, number, number])[]): string {
  const left = Math.min(...squares.map(([x]) => x));
  const top = Math.min(...squares.map(([, y]) => y));
  const [, , module] = squares[0]!;
  const [dots, border] = [4, 16];
  const place = (at: number, from: number) => border + Math.round((at - from) / module) * dots;
  const side = Math.max(...squares.map(([x]) => place(x, left))) + dots + border;
  const data = new Uint8Array(4 * side * side).fill(255);
  for (const [x, y] of squares) {
    for (let line = 0; line < dots; line++) {
      const start = 4 * ((place(y, top) + line) * side + place(x, left));
      data.fill(0, start, start + 4 * dots);
    }
  }
  return decodeQR({ width: side, height: side, data });
}

/** The squares of the QR code, which is the longest path of a PDF. */
async function qrSquares(pdf: Uint8Array): Promise<(readonly [number, number, number])[]> {
  const document = await getDocument({ data: pdf.slice(), verbosity: 0 }).promise;
  let longest = new Float32Array();
  for (let number = 1; number <= document.numPages; number++) {
    const { argsArray, fnArray } = await (await document.getPage(number)).getOperatorList();
    for (const [at, args] of (argsArray as [number, Float32Array[]][]).entries()) {
      const path = fnArray[at] === OPS.constructPath ? args[1][0] : undefined;
      if (path !== undefined && path.length > longest.length) longest = Float32Array.from(path);
    }
  }
  // A rectangle is: move (0, x, y), three lines (1, x, y), close (4).
  return Array.from({ length: longest.length / 13 }, (_, square) => {
    const [, left = 0, top = 0, , right = 0] = longest.subarray(13 * square);
    return [left, top, right - left] as const;
  });
}

async function pdfOf(language: "en" | "ar", input = certificateInput()) {
  return renderCertificatePdf(certificateData(input, language), { fonts: await loadCertificateFonts() });
}

function textOf({ values }: CertificateRow): string {
  return values.map((texts) => texts.map(({ text }) => text).join("")).join("\n");
}

function rowOf(section: string, label: string, change: Partial<CertificateInput>): string {
  const { sections } = certificateData({ ...certificateInput(), ...change }, "en");
  return textOf(sections.find(({ id }) => id === section)!.rows.find((row) => row.label === label)!);
}

function refusal(change: Partial<CertificateInput>): string | undefined {
  try {
    certificateData({ ...certificateInput(), ...change }, "en");
  } catch (error) {
    if (error instanceof JusticeError) return error.code;
  }
  return undefined;
}

describe("certificate", function () {
  describe("certificateData", () => {
    it("has the same sections and rows in both languages", () => {
      const shape = (language: "en" | "ar") =>
        certificateData(certificateInput(), language).sections.map(({ id, rows, table }) => [
          id,
          rows.map(({ values }) => values.length),
          table?.rows.length,
        ]);
      expect(shape("ar")).to.deep.equal(shape("en"));
    });

    it("leaves blank what a person swears to", () => {
      const { sections } = certificateData(certificateInput(), "en");
      for (const id of ["part-a", "part-b"]) {
        const blank = sections.find((section) => section.id === id)!.rows.filter(({ values }) => values.length === 0);
        expect(blank.map(({ label }) => label)).to.include.members([
          "Name",
          "Designation",
          "Date",
          "Place",
          "Signature",
        ]);
        expect(blank.map(({ label }) => label).join()).to.match(/Statement of the/);
      }
    });

    it("says nothing of how the record was produced: that is for the party", () => {
      const rows = certificateData(certificateInput(), "en").sections.find(({ id }) => id === "part-a")!.rows;
      expect(rows.find(({ label }) => label === "How the record was produced")!.values).to.deep.equal([]);
    });

    it("leaves room for what ISO/IEC 27037 asks and no chain knows", () => {
      const { rows } = certificateData(certificateInput(), "en").sections.find(({ id }) => id === "iso-27037")!;
      const blank = rows.filter(({ values }) => values.length === 0).map(({ label }) => label);
      expect(blank).to.include.members(["Where the exhibit was kept", "Unavoidable changes to it, and why"]);
      expect(textOf(rows[0]!)).to.include(certificateInput().exhibit.commitment);
    });

    it("calls an anchor without a time not proved, and says what each is over", () => {
      const anchor = { kind: "OPENTIMESTAMPS", by: "https://calendar.example", digest: "44".repeat(32) } as const;
      const anchors = (change: object) => rowOf("chain", "Other anchors", { anchors: [{ ...anchor, ...change }] });
      expect(anchors({})).to.match(/^OpenTimestamps, of the block: .*\nNot proved\n/);
      expect(anchors({ of: "file", time: 0 })).to.match(/, of the file: .*\n1970-01-01 00:00:00 UTC\n/);
    });

    it("does not take the block that proves a deposit for the block of the deposit", () => {
      const { time } = certificateInput();
      const notAfter = { time: time.notAfter.time, source: "BLOCK", reference: "0x33" } as const;
      const shown = rowOf("time", "Not after", { time: { ...time, notAfter } });
      expect(shown).to.match(/\nTime of the deposit, as the registry's state at this block has it: 0x33$/);
    });

    it("prints no name of the contract's where it has words", () => {
      const custody = EXHIBIT_REFUSALS.slice(1).map((reason) => {
        return { ...certificateInput(1).custody[0]!, outcome: "REJECTED" as const, reason };
      });
      const { sections } = certificateData({ ...certificateInput(), custody }, "ar");
      const texts = JSON.stringify(sections);
      for (const name of [...EXHIBIT_REFUSALS.slice(1), "evidence-custodian"])
        expect(texts).not.to.include(`"${name}"`);
    });

    it("says of a directory that its manifest is what was hashed", () => {
      const { exhibit } = certificateInput();
      const { sections } = certificateData({ ...certificateInput(), exhibit: { ...exhibit, kind: "directory" } }, "en");
      expect(sections.find(({ id }) => id === "verify")!.notes[0]).to.match(/^1\. Make the directory's manifest/);
    });

    it("says under Clique, and there alone, that no block is final", () => {
      const notesOf = (kind: "clique" | "qbft") => {
        const sealing = { ...certificateInput().sealing, kind };
        const { sections } = certificateData({ ...certificateInput(), sealing }, "en");
        return sections.find(({ id }) => id === "chain")!.notes.join(" ");
      };
      expect(notesOf("clique")).to.match(/Under Clique no block is final/);
      expect(notesOf("qbft")).not.to.match(/Clique/);
    });

    it("calls a claimed time claimed", () => {
      const { sections } = certificateData(certificateInput(), "en");
      const claimed = sections
        .find(({ id }) => id === "time")!
        .rows.at(-1)!
        .values.flat();
      expect(claimed.map(({ text }) => text).join("")).to.match(/UTC \(claimed by the depositor; nothing proves it\)$/);
    });

    it("refuses what no calendar, interval or QR code can be", () => {
      const { time, verification } = certificateInput();
      expect(refusal({ issuedAt: NaN })).to.equal("CERTIFICATE_MALFORMED");
      expect(refusal({ claimedCapturedAt: 1e15 })).to.equal("CERTIFICATE_MALFORMED");
      const notBefore = { ...time.notAfter, time: time.notAfter.time + 1 };
      expect(refusal({ time: { ...time, notBefore } })).to.equal("CERTIFICATE_MALFORMED");
      expect(refusal({ digests: [] })).to.equal("CERTIFICATE_MALFORMED");
      expect(refusal({ verification: { ...verification, qr: "" } })).to.equal("CERTIFICATE_MALFORMED");
      expect(refusal({ verification: { ...verification, qr: "x".repeat(1_001) } })).to.equal("CERTIFICATE_MALFORMED");
      expect(refusal({ verification: { ...verification, qr: "x".repeat(1_000) } })).to.equal(undefined);
    });
  });

  describe("visibleText", () => {
    it("shows what would turn a line around or hide, and keeps the joiners of scripts", () => {
      expect(visibleText("a\u202eb\u0000\ud800\n")).to.equal("a\\u{202e}b\\u{0}\\u{d800}\\u{a}");
      expect(visibleText("می\u200cخواهم")).to.equal("می\u200cخواهم");
    });
  });

  describe("setLines", () => {
    // A font in which each character is one wide.
    const set = (text: string, width: number, direction: "ltr" | "rtl" = "rtl") =>
      setLines([{ kind: "words", text }], {
        ...{ direction, width, fontOf: () => "font", widthOf: (run: string) => run.length },
      }).map(({ runs }) => runs.map((run) => run.text));

    it("puts an Arabic line's parts in the order in which they are seen", () => {
      expect(set("رقم 12 (abc) نص", 99)).to.deep.equal([[") نص", "abc", " (", "12", "رقم "].map(shown)]);
    });

    it("breaks at spaces, and a long word where the line is full", () => {
      expect(set("aa bbb", 4, "ltr")).to.deep.equal([["aa"], ["bbb"]]);
      expect(set("aaaaaaaaaa", 4, "ltr")).to.deep.equal([["aaaa"], ["aaaa"], ["aa"]]);
    });

    it("writes the number of a character that no font has", () => {
      const options = { direction: "ltr", width: 99, widthOf: (run: string) => run.length } as const;
      const fontOf = (characters: string) => (characters === "𐀀" ? undefined : "font");
      const [line] = setLines([{ kind: "given", text: "a𐀀b" }], { ...options, fontOf });
      expect(line!.runs.map(({ text }) => text).join("")).to.equal("a\\u{10000}b");
    });

    it("loses no character of a very long value", () => {
      const long = "0x" + "ab".repeat(20_000);
      expect(set(long, 60, "ltr").flat().join("")).to.equal(long);
    });

    /** Brackets in a right-to-left run are mirrored, and one without letters is turned. */
    function shown(text: string): string {
      return text === ") نص" ? "( نص" : text === " (" ? ") " : text;
    }
  });

  describe("renderCertificateHtml", () => {
    it("shows a QR code that a reader reads", () => {
      const input = certificateInput();
      const html = renderCertificateHtml(certificateData(input, "ar"));
      const squares = [...html.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y), 1] as const);
      expect(readQr(squares)).to.equal(input.verification.qr);
    });

    it("carries its fonts, if asked to, and Arabic ones for Arabic letters alone", async () => {
      const fonts = await loadCertificateFonts();
      const html = renderCertificateHtml(certificateData(certificateInput(), "ar"), { fonts });
      const faces = [
        ...html.matchAll(
          /@font-face \{ font-family: "([^"]+)"; font-weight: (\d+); (.*?)src: url\(data:font\/ttf;base64,([^)]+)\)/g,
        ),
      ];
      expect(faces.map(([, family, weight, range]) => [family, weight, range!.trim() !== ""])).to.deep.equal([
        ["Diwan Text", "400", false],
        ["Diwan Text", "700", false],
        ["Diwan Text", "400", true],
        ["Diwan Text", "700", true],
        ["Diwan Code", "400", false],
      ]);
      const bytes = faces.map(([, , , , base64]) => Buffer.from(base64!, "base64"));
      const given = [fonts.latin, fonts.latinBold, fonts.arabic, fonts.arabicBold, fonts.code];
      for (const [i, font] of given.entries()) expect(bytes[i]!.equals(font), `font ${i}`).to.equal(true);
    });

    it("escapes what was given and runs nothing", () => {
      const input = certificateInput();
      const name = `<script>alert("1")</script>&'`;
      const html = renderCertificateHtml(certificateData({ ...input, exhibit: { ...input.exhibit, name } }, "ar"));
      expect(html).to.include("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
      expect(html).not.to.match(/<script|<img|<link|https?:/);
      expect(html).to.match(/^<!DOCTYPE html>\n<html lang="ar" dir="rtl">/);
      expect(html).to.include(`<bdi dir="ltr" class="code">${input.exhibit.commitment}</bdi>`);
    });
  });

  describe("renderCertificatePdf", () => {
    it("gives the same bytes for the same input", async () => {
      expect(Buffer.compare(await pdfOf("ar"), await pdfOf("ar"))).to.equal(0);
    });

    it("is tagged, dated by its input, and says its language and title", async () => {
      const { info, marks } = await read(await pdfOf("ar"));
      expect(info).to.include({ Title: "شهادة سجل إلكتروني", Language: "ar", CreationDate: "D:20261118110640Z" });
      expect((marks as unknown as Map<string, boolean>).get("Marked")).to.equal(true);
    });

    it("keeps each hash whole and to be selected", async () => {
      const input = certificateInput();
      for (const language of ["en", "ar"] as const) {
        const { pages } = await read(await pdfOf(language, input));
        const text = pages.flat().map(({ str }) => str);
        expect(text).to.include(input.exhibit.commitment);
        expect(text).to.include(input.digests[0]!.value);
      }
    });

    it("reads from right to left, with words whose letters a reader finds in order", async () => {
      const { pages } = await read(await pdfOf("ar"));
      const find = (text: string) => pages.flat().find(({ str }) => str === text)!;
      const [label, value] = [find("رقم المضبوط"), find("EX-2026/17")];
      expect(label.transform[4]).to.be.greaterThan(value.transform[4]!);
    });

    it("joins letters: a word is narrower than its letters apart", async () => {
      const input = certificateInput();
      const widthOf = async (place: string) => {
        const items = (await read(await pdfOf("ar", { ...input, place }))).pages.flat();
        const label = items.findIndex(({ str }) => str === "المكان");
        const line = items.slice(label + 1).filter(({ transform }) => transform[5] === items[label]!.transform[5]);
        return line.reduce((sum, { width }) => sum + width, 0);
      };
      const word = "مستشفى";
      expect(await widthOf(word)).to.be.greaterThan(10);
      expect(await widthOf(word)).to.be.lessThan(0.9 * (await widthOf(Array.from(word).join("\u200c"))));
    });

    it("lets nobody sign on a page that does not show the name", async () => {
      for (const [language, name, signature] of [
        ["en", "Name", "Signature"],
        ["ar", "الاسم", "التوقيع"],
      ] as const) {
        for (let custody = 0; custody < 8; custody += 2) {
          const { pages } = await read(await pdfOf(language, certificateInput(custody)));
          const count = (label: string) => pages.map((page) => page.filter(({ str }) => str === label).length);
          expect(count(signature), `${custody} hand-overs`).to.deep.equal(count(name));
          expect(count(signature).reduce((sum, found) => sum + found)).to.equal(4);
        }
      }
    });

    it("shows a QR code that a reader reads", async () => {
      const { qr } = certificateInput().verification;
      for (const language of ["en", "ar"] as const) {
        expect(readQr(await qrSquares(await pdfOf(language)))).to.equal(qr);
      }
    });

    it("carries a custody list over pages, with its heads and every entry", async () => {
      const { pages } = await read(await pdfOf("en", certificateInput(60)));
      const heads = pages.filter((page) => page.some(({ str }) => str.startsWith("Outcome")));
      expect(heads.length).to.be.greaterThan(2);
      const hops = pages.flat().filter(({ str }) => str === "60");
      expect(hops).to.have.length(1);
      for (const { transform } of pages.flat()) expect(transform[5]).to.be.within(20, 820);
    });

    it("sets a value longer than a page", async () => {
      const input = certificateInput();
      const name = "x".repeat(9_000);
      const { pages } = await read(await pdfOf("en", { ...input, exhibit: { ...input.exhibit, name } }));
      const set = pages.flat().filter(({ str }) => /^x+$/.test(str));
      expect(set.reduce((sum, { str }) => sum + str.length, 0)).to.equal(9_000);
    });
  });
});
