import { expect } from "chai";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

import { certificateData } from "../../src/justice/certificate/certificateData.js";
import type { CertificateInput } from "../../src/justice/certificate/certificateInput.js";
import { loadCertificateFonts } from "../../src/justice/certificate/loadCertificateFonts.js";
import { renderCertificateHtml } from "../../src/justice/certificate/renderCertificateHtml.js";
import { renderCertificatePdf } from "../../src/justice/certificate/renderCertificatePdf.js";
import { setLines } from "../../src/justice/certificate/setLines.js";
import { visibleText } from "../../src/justice/certificate/visibleText.js";
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

async function pdfOf(language: "en" | "ar", input = certificateInput()) {
  return renderCertificatePdf(certificateData(input, language), { fonts: await loadCertificateFonts() });
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
  this.timeout(20_000);

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
