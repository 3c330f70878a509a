import { createHash } from "node:crypto";

import canonicalize from "canonicalize";
import { expect } from "chai";

import { canonicalizeFhir } from "../../src/health/canonicalizeFhir.js";
import { FhirJsonError, type FhirJsonErrorCode } from "../../src/health/FhirJsonError.js";
import { MAX_FHIR_BYTES } from "../../src/health/fhirSource.js";
import { MAX_FHIR_DEPTH, scanFhir } from "../../src/health/scanFhir.js";
import { randomOf } from "../helpers/random.js";

function canonical(source: string | Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(canonicalizeFhir(source));
}

function errorOf(source: unknown): FhirJsonError | undefined {
  try {
    canonicalizeFhir(source as string);
    return undefined;
  } catch (error) {
    if (!(error instanceof FhirJsonError)) throw error;
    return error;
  }
}

function codeOf(source: unknown): FhirJsonErrorCode | "none" {
  return errorOf(source)?.code ?? "none";
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));

describe("canonicalizeFhir", () => {
  describe("as RFC 8785", () => {
    it("writes the example of section 3.2.2, but leaves its numbers", () => {
      const example = String.raw`{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }`;
      const numbers = "333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001";
      const string = String.raw`"€$\u000f\nA'B\"\\\\\"/"`;
      expect(canonical(example)).to.equal(`{"literals":[null,true,false],"numbers":[${numbers}],"string":${string}}`);
    });

    it("orders the keys of section 3.2.3 by their UTF-16 code units", () => {
      const example = String.raw`{
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
      }`;
      const order = [...canonical(example).matchAll(/:"([^"]*)"/g)].map(([, value]) => value);
      expect(order).to.deep.equal([
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
      ]);
    });

    it("escapes each of the first 65,536 characters as JSON.stringify does, however it was escaped", () => {
      for (let unit = 0; unit < 0x10000; unit++) {
        if (unit >= 0xd800 && unit < 0xe000) continue;
        const text = JSON.stringify(String.fromCharCode(unit));
        const hex = unit.toString(16).padStart(4, "0");
        if (canonical(`"\\u${hex}"`) !== text || canonical(`"\\u${hex.toUpperCase()}"`) !== text) {
          expect(canonical(`"\\u${hex}"`), hex).to.equal(text);
        }
        if (canonical(text) !== text) expect(canonical(text), hex).to.equal(text);
      }
    });

    it("reads pairs of escapes, and characters beyond the basic plane, alike", () => {
      for (const point of [0x10000, 0x1f600, 0xfffff, 0x10ffff]) {
        const character = String.fromCodePoint(point);
        const escapes = [0, 1].map((at) => character.charCodeAt(at).toString(16));
        expect(canonical(`["\\u${escapes.join("\\u")}"]`)).to.equal(`["${character}"]`);
        expect(canonical(`["${character}"]`)).to.equal(`["${character}"]`);
      }
    });

    it("agrees with another implementation about random documents whose numbers it does not rewrite", () => {
      const random = randomOf(8_785);
      for (let i = 0; i < 3_000; i++) {
        const value = randomValue(random, 0);
        const expected = canonicalize(value)!;
        expect(canonical(spelled(random, value))).to.equal(expected);
        expect(canonical(utf8(spelled(random, value)))).to.equal(expected);
        expect(canonical(expected)).to.equal(expected);
      }
    });
  });

  describe("without loss", () => {
    const numbers =
      `0 -0 0.0 0.5 0.50 0.500 5e-1 5E-1 5E-01 50e-2 -1 1 1.0 10 1e1 1E1 1e+1 1e+01 12345678901234567890 12345678901234567891
      0.1 0.10000000000000000000000000001 1e400 -1e400 1e-400 9007199254740993 9007199254740992 66.899999999999991`.split(
        /\s+/,
      );

    it("leaves every number as it is written", () => {
      for (const number of numbers) {
        for (const text of [number, `[${number}]`, `[0,${number},0]`, `{"a":${number}}`, `{"a":${number},"b":0}`]) {
          expect(canonical(text)).to.equal(text);
          const spaced = text.replace(/[[\]{},:]/g, " $& ");
          expect(canonical(spaced)).to.equal(text);
        }
      }
    });

    it("gives texts that differ in a number different forms", () => {
      expect(new Set(numbers.map((number) => canonical(`{"value":${number}}`))).size).to.equal(numbers.length);
    });

    it("does not take what looks alike for the same", () => {
      const texts = [
        '"1"',
        "1",
        '"true"',
        "true",
        '"null"',
        "null",
        "[]",
        "{}",
        '""',
        '"é"',
        '"e\u0301"',
        "[[]]",
        '{"":{}}',
      ];
      expect(new Set(texts.map(canonical)).size).to.equal(texts.length);
    });

    it("reads numbers of a hundred thousand digits", () => {
      const text = `{"value":-${"9".repeat(100_000)}.${"0".repeat(100_000)}e+${"1".repeat(100_000)}}`;
      expect(canonical(text)).to.equal(text);
    });
  });

  describe("its result", () => {
    it("is the same whether text or bytes were given, of a part of a buffer too", () => {
      const text = ' {"b" : "é😀", "a" : [ 1.0 ] } ';
      const around = bytes("{{{", text, "}}}");
      expect(canonical(text)).to.equal('{"a":[1.0],"b":"é😀"}');
      expect(canonical(utf8(text))).to.equal(canonical(text));
      expect(canonical(around.subarray(3, -3))).to.equal(canonical(text));
    });

    it("leaves the source as it is, and is another array each time", () => {
      const source = utf8('{ "b": "\\u0041", "a": 1 }');
      const before = [...source];
      const first = canonicalizeFhir(source);
      expect([...source]).to.deep.equal(before);
      const sorted = utf8('{"a":1}');
      expect(canonicalizeFhir(sorted).buffer).not.to.equal(sorted.buffer);
      first.fill(0);
      expect(canonical(source)).to.equal('{"a":1,"b":"A"}');
    });

    it("tells the type of the resource, and not of one within", () => {
      const type = (text: string) => scanFhir(text).resourceType;
      expect(type('{"resourceType":"Patient"}')).to.equal("Patient");
      expect(type('{"resourceT\\u0079pe" : "Pat\\u0069ent" , "a":1}')).to.equal("Patient");
      expect(
        type('{"contained":[{"resourceType":"Device"}],"resourceType":"Bundle","z":{"resourceType":"Group"}}'),
      ).to.equal("Bundle");
      for (const none of [
        '{"contained":[{"resourceType":"Device"}]}',
        '{"resourceType":1.0}',
        '"resourceType"',
        "[]",
      ]) {
        expect(type(none)).to.equal(undefined);
      }
      expect(type('{"resourceType":{"resourceType":"Device"}}')).to.equal(undefined);
      expect(type('[{"resourceType":"Device"}]')).to.equal(undefined);
    });
  });

  describe("refuses", () => {
    it("a key twice, also where escapes hide it, and wherever it stands", () => {
      for (const text of [
        '{"a":1,"a":1}',
        '{"a":1,"\\u0061":2}',
        '{"\\n":1,"\\u000a":2}',
        '{"\\"":1,"\\u0022":2}',
        '{"\\/":1,"/":2}',
        '{"😀":1,"\\ud83d\\ude00":2}',
        '{"":1,"":2}',
        '{"b":1,"a":2,"b":3}',
        '{"c":1,"a":2,"b":3,"a":4}',
        '[{"x":{"b":0,"a":{"q":1,"q":2}}}]',
        `{${Array.from({ length: 40 }, (_, i) => `"k${39 - i}":0`).join()},"k7":1}`,
      ]) {
        expect(codeOf(text), text).to.equal("FHIR_DUPLICATE_KEY");
      }
      expect(errorOf('{"b":1,"a":2,"b":3}')).to.include({ offset: 13, line: 1, column: 14 });
      expect(errorOf('{"c":1,"a":2,\n"b":3,"a":4}')).to.include({ offset: 20, line: 2, column: 7 });
      expect(codeOf('{"a":{"a":{"a":1}},"A":[{"a":1},{"a":1}],"á":"a"}')).to.equal("none");
    });

    it("more than 256 levels, at once, however many", () => {
      const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
      expect(canonical(nested(MAX_FHIR_DEPTH))).to.equal(nested(MAX_FHIR_DEPTH));
      expect(errorOf(nested(MAX_FHIR_DEPTH + 1))).to.include({ code: "FHIR_TOO_DEEP", offset: MAX_FHIR_DEPTH });
      for (const open of ["[", '{"a":', '[{"":']) {
        const deep = open.repeat(2_000_000);
        const started = process.cpuUsage();
        expect(codeOf(deep)).to.equal("FHIR_TOO_DEEP");
        expect(process.cpuUsage(started).user / 1e6).to.be.lessThan(60);
      }
      const objects = (levels: number) => '{"a":'.repeat(levels) + "0" + "}".repeat(levels);
      expect(canonical(objects(MAX_FHIR_DEPTH))).to.equal(objects(MAX_FHIR_DEPTH));
      expect(codeOf(objects(MAX_FHIR_DEPTH + 1))).to.equal("FHIR_TOO_DEEP");
    });

    it("half a surrogate pair, written or escaped, in keys too", () => {
      for (const half of [
        "\\ud800",
        "\\udc00",
        "\\uD83D",
        "\\ud83dx",
        "\\ud83d\\n",
        "\\ud83d\\u0041",
        "\\ud83d\\ud83d",
      ]) {
        expect(codeOf(`["${half}"]`), half).to.equal("FHIR_ENCODING");
        expect(codeOf(`{"${half}":1}`), half).to.equal("FHIR_ENCODING");
      }
      for (const half of ["\ud800", "\udfff", "\ude00\ud83d", "x\ud83dy"]) {
        expect(codeOf(`["${half}"]`)).to.equal("FHIR_ENCODING");
      }
      expect(errorOf('["ab😀\ud83d"]')).to.include({ offset: 6, column: 7 });
    });

    it("bytes that are no UTF-8, where TextDecoder does, and points at them", () => {
      const wrong = [
        [[0x80], 2],
        [[0xbf], 2],
        [[0xc0, 0xaf], 2],
        [[0xc1, 0x81], 2],
        [[0xc3], 2],
        [[0xe0, 0x9f, 0xbf], 2],
        [[0xe2, 0x82], 2],
        [[0xed, 0xa0, 0x80], 2],
        [[0xed, 0xbf, 0xbf], 2],
        [[0xf0, 0x8f, 0xbf, 0xbf], 2],
        [[0xf0, 0x9f, 0x98], 2],
        [[0xf4, 0x90, 0x80, 0x80], 2],
        [[0xf5, 0x80, 0x80, 0x80], 2],
        [[0xff], 2],
        [[0xc3, 0xa9, 0xff], 4],
      ] as const;
      for (const [sequence, offset] of wrong) {
        const text = bytes('["', [...sequence], '"]');
        expect(() => new TextDecoder("utf-8", { fatal: true }).decode(text)).to.throw();
        expect(errorOf(text), sequence.join()).to.include({ code: "FHIR_ENCODING", offset });
      }
    });

    it("UTF-8 as TextDecoder does, for random sequences", function () {
      const random = randomOf(3_629);
      const leads = [
        0x41, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5,
        0xff,
      ];
      const tails = [0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0x7f, 0xc0];
      const text = Buffer.from('"....."');
      for (let i = 0; i < 60_000; i++) {
        for (let j = 1; j < 6; j++) text[j] = random.below(3) === 0 ? random.of(leads) : random.of(tails);
        const isUtf8 = isWellFormed(text);
        if (isUtf8 !== (codeOf(text) === "none")) expect(codeOf(text), text.toString("hex")).to.equal(isUtf8);
      }
    });

    it("a byte order mark, UTF-16 and NUL", () => {
      expect(codeOf("\ufeff{}")).to.equal("FHIR_ENCODING");
      expect(codeOf(bytes([0xef, 0xbb, 0xbf], "{}"))).to.equal("FHIR_ENCODING");
      expect(errorOf("\ufeff{}")!.message).to.include("byte order mark");
      for (const encoding of [Buffer.from("\ufeff{}", "utf16le"), Buffer.from("\ufeff{}", "utf16le").swap16()]) {
        expect(errorOf(encoding)!.message).to.include("UTF-16");
      }
      for (const text of ["\0{}", "{}\0", "{\0}", Buffer.from("{}", "utf16le")]) {
        expect(codeOf(text)).to.equal("FHIR_MALFORMED");
      }
    });

    it("XML, in a sentence that says what was expected", () => {
      for (const xml of [
        '<?xml version="1.0"?><Patient/>',
        "\n  <Patient xmlns='http://hl7.org/fhir'/>",
        utf8("<Bundle/>"),
      ]) {
        expect(errorOf(xml)).to.include({ code: "FHIR_NOT_JSON" });
        expect(errorOf(xml)!.message).to.include("a resource in JSON (application/fhir+json)").and.include("XML");
      }
    });

    it("what a parser made of the text, and what is no text", () => {
      for (const value of [
        { resourceType: "Patient" },
        null,
        undefined,
        1,
        [],
        new Uint16Array(1),
        new ArrayBuffer(2),
      ]) {
        expect(codeOf(value)).to.equal("FHIR_NOT_JSON");
      }
    });

    it("more than 1 GiB, before it is copied", () => {
      const text = new Uint8Array(MAX_FHIR_BYTES + 1);
      expect(codeOf(text)).to.equal("FHIR_TOO_LARGE");
    });

    it("what RFC 8259 does not allow, and points at it", () => {
      for (const [text, offset] of [
        ["", 0],
        ["  \n ", 4],
        ["{", 1],
        ["[", 1],
        ["{]", 1],
        ["[}", 1],
        ["[1", 2],
        ["[1,", 3],
        ["[1,]", 3],
        ["[,1]", 1],
        ["[1 2]", 3],
        ["[1]]", 3],
        ["{}{}", 2],
        ["{}\n{}", 3],
        ["{} x", 3],
        ['{"a"}', 4],
        ['{"a":}', 5],
        ['{"a":1,}', 7],
        ['{"a":1,,"b":2}', 7],
        ['{"a":1 "b":2}', 7],
        ['{"a" 1}', 5],
        ["{a:1}", 1],
        ["{'a':1}", 1],
        ['{1:"a"}', 1],
        ['{null:"a"}', 1],
        ['{"a":1', 6],
        ['{"a', 3],
        ['"a', 2],
        ["'a'", 0],
        ['"a\nb"', 2],
        ['"a\tb"', 2],
        ['"a\u0000b"', 2],
        ['"a\u001fb"', 2],
        ['"\\x41"', 2],
        ['"\\\'"', 2],
        ['"\\', 2],
        ['"\\"', 3],
        ['"\\u"', 3],
        ['"\\u12"', 5],
        ['"\\u12g4"', 5],
        ['"\\U0041"', 2],
        ['"\\ud83d\\u12"', 11],
        ["01", 1],
        ["-01", 2],
        ["00", 1],
        ["+1", 0],
        ["-", 1],
        ["--1", 1],
        [".5", 0],
        ["5.", 2],
        ["-.5", 1],
        ["5.e1", 2],
        ["1e", 2],
        ["1e+", 3],
        ["1e1.5", 3],
        ["1_000", 1],
        ["0x10", 1],
        ["1.2.3", 3],
        ["NaN", 0],
        ["-NaN", 1],
        ["Infinity", 0],
        ["-Infinity", 1],
        ["nul", 3],
        ["nulL", 3],
        ["nulll", 4],
        ["True", 0],
        ["tru e", 3],
        ["undefined", 0],
        ["// x\n{}", 0],
        ["/* x */{}", 0],
        ["{}//", 2],
        ['{"a":1/**/}', 6],
        ["\u00a0{}", 0],
        ["{}\u2028", 2],
        ["[1\u000b]", 2],
        ["[\f1]", 1],
        ["\ud83d\ude00", 0],
      ] as const) {
        expect(() => JSON.parse(text) as unknown, text).to.throw(SyntaxError);
        expect(errorOf(text), text).to.include({ code: "FHIR_MALFORMED", offset });
      }
    });

    it("what JSON.parse refuses and nothing else, for texts with random damage", function () {
      const random = randomOf(8_259);
      const seeds = [
        String.raw`{"b":[1.50,-0,{"x\n":"\u00e9\/😀"}],"a":{"d":true,"c":null},"":"","e":-12.5E+3}`,
        String.raw` [ {"z" : "\ud83d\ude00" , "y" : [ ] } , { } , false , 10 , 0.25e-2 ] `,
      ];
      const pieces = [
        "",
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        "1",
        "-",
        "+",
        ".",
        "e",
        "u",
        "\n",
        " ",
        "\t",
        "é",
        "\0",
        "true",
        "/",
      ];
      let accepted = 0;
      for (let i = 0; i < 60_000; i++) {
        let text = random.of(seeds);
        for (let damage = 1 + random.below(2); damage > 0; damage--) {
          const at = random.below(text.length + 1);
          text = text.slice(0, at) + random.of(pieces) + text.slice(at + random.below(3));
        }
        const code = codeOf(text);
        // Stricter than JSON.parse on purpose.
        if (code === "FHIR_DUPLICATE_KEY" || code === "FHIR_ENCODING") continue;
        const isJson = succeeds(() => JSON.parse(text) as unknown);
        if (isJson !== (code === "none")) expect(code, text).to.equal(isJson ? "none" : "FHIR_MALFORMED");
        if (!isJson) continue;
        accepted++;
        expect(JSON.parse(canonical(text))).to.deep.equal(JSON.parse(text));
      }
      expect(accepted).to.be.greaterThan(1_000);
    });
  });

  describe("its errors", () => {
    it("say where: in code units of a string, in bytes of bytes, lines and columns from 1", () => {
      const text = '{\n  "é😀": [1,\n    "😀" x]\n}';
      const offset = text.indexOf("x");
      expect(errorOf(text)).to.include({ offset, line: 3, column: 10 });
      expect(errorOf(utf8(text))).to.include({ offset: offset + 5, line: 3, column: 12 });
    });

    it("say what was expected and what is there, of the record no more than one character", () => {
      const secret = "hiv-positive";
      for (const text of [
        `{"${secret}":1,"${secret}":2}`,
        `{"a":"${secret}\n"}`,
        `{"a":${secret}}`,
        `["${secret}" "${secret}"]`,
      ]) {
        const error = errorOf(text)!;
        expect(error.message).to.include(error.expected);
        expect(JSON.stringify(error, Object.getOwnPropertyNames(error)))
          .not.to.include(secret)
          .and.not.to.include("iv-pos");
      }
      expect(errorOf("[1;2]")!.message).to.equal('line 1, column 3: expected "," or "]" after an element; found ;');
      expect(errorOf("[")!.message).to.match(/found the end of the text$/);
      expect(errorOf('["\u0007"]')!.message).to.match(/found U\+0007$/);
      expect(errorOf("[€]")!.message).to.match(/found U\+20AC$/);
      expect(errorOf(bytes("[", [0xff], "]"))!.message).to.match(/found the byte 0xFF$/);
    });
  });

  describe("50 MB", () => {
    const LENGTH = 50_000_000;
    const SECONDS = 120;

    /** In bounded time, and right: as a plain route finds it. */
    function timed(text: string, expected: string): void {
      const source = utf8(text);
      expect(source.length).to.be.greaterThan(LENGTH * 0.9);
      const started = process.cpuUsage();
      let found: string;
      try {
        found = createHash("sha256").update(canonicalizeFhir(source)).digest("hex");
      } catch (error) {
        found = (error as FhirJsonError).code;
      }
      const { user } = process.cpuUsage(started);
      expect(user / 1e6).to.be.lessThan(SECONDS);
      const isCode = expected.startsWith("FHIR_");
      expect(found).to.equal(isCode ? expected : createHash("sha256").update(expected).digest("hex"));
    }

    it("of one record after the other, out of order", function () {
      const entry = (i: number) => `{"value":${i}.0,"unit":"kg","code":{"text":"é","coding":[]}}`;
      const sorted = (i: number) => `{"code":{"coding":[],"text":"é"},"unit":"kg","value":${i}.0}`;
      const list = (of: (i: number) => string) => `[${Array.from({ length: 850_000 }, (_, i) => of(i)).join()}]`;
      timed(list(entry), list(sorted));
    });

    it("of one string of escapes", function () {
      timed(`"${"\\u00e9\\/".repeat(6_250_000)}"`, `"${"é/".repeat(6_250_000)}"`);
      timed(`"${"\\u000A\\u0001".repeat(4_200_000)}"`, `"${"\\n\\u0001".repeat(4_200_000)}"`);
    });

    it("of one object of 1,800,000 keys that begin alike, from the last to the first", function () {
      const count = 1_800_000;
      const member = (i: number) => `"a-long-prefix-${String(i).padStart(9, "0")}":${i % 10}`;
      const members = Array.from({ length: count }, (_, i) => member(i));
      const expected = `{${members.join()}}`;
      timed(`{${members.reverse().join()}}`, expected);
    });

    it("of white space, of brackets without end, and of a string without end", function () {
      timed(`${" \n".repeat(LENGTH / 2)}{}`, "{}");
      timed("[".repeat(LENGTH), "FHIR_TOO_DEEP");
      timed(`"${"a".repeat(LENGTH)}`, "FHIR_MALFORMED");
    });

    it("of objects out of order at each of 256 levels", function () {
      const load = `"${"x".repeat(195_000)}"`;
      const levels = MAX_FHIR_DEPTH;
      const text = `{"z":${load},"a":`.repeat(levels) + "0" + "}".repeat(levels);
      timed(text, '{"a":'.repeat(levels) + "0" + `,"z":${load}}`.repeat(levels));
    });
  });
});

type Random = ReturnType<typeof randomOf>;
type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** What is hard about strings: controls, quotes, what UTF-16 and UTF-8 order differently. */
const CHARACTERS = Array.from(
  '\u0000\u0008\u001f "/\\abz{}~\u007f\u0080é\u07ff\u0800€\ud7ff\ue000\uffff😀\u{10000}\u{10ffff}',
);

function randomText(random: Random): string {
  return Array.from({ length: random.below(5) }, () => random.of(CHARACTERS)).join("");
}

function randomValue(random: Random, depth: number): Value {
  const kind = random.below(depth > 4 ? 4 : 6);
  if (kind === 0) return random.of([null, true, false]);
  if (kind === 1) return random.below(2_000_000) - 1_000_000;
  if (kind < 4) return randomText(random);
  const children = Array.from({ length: random.below(random.below(8) === 0 ? 40 : 6) }, () =>
    randomValue(random, depth + 1),
  );
  return kind === 4 ? children : Object.fromEntries(children.map((child) => [randomText(random), child]));
}

/** The same value in other words: with white space, keys in any order, and escapes at random. */
function spelled(random: Random, value: Value): string {
  const space = () => random.of(["", "", " ", "\n\t", "\r\n  "]);
  const text = (string: string) => {
    const units = Array.from({ length: string.length }, (_, i) => string.charAt(i)).map((unit) => {
      // A pair stays a pair.
      if (/[\ud800-\udfff]/.test(unit)) return unit;
      const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
      if (random.below(3) === 0) return `\\u${random.of([hex, hex.toUpperCase()])}`;
      return unit === "/" && random.below(2) === 0 ? "\\/" : JSON.stringify(unit).slice(1, -1);
    });
    return `"${units.join("")}"`;
  };
  const list = (items: string[]) => items.map((item) => space() + item + space()).join(",");
  if (typeof value === "string") return text(value);
  if (Array.isArray(value))
    return `[${list(value.map((item) => spelled(random, item)))}${value.length === 0 ? space() : ""}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${text(key)}${space()}:${space()}${spelled(random, item)}`,
    );
    for (let i = members.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [members[i], members[j]] = [members[j]!, members[i]!];
    }
    return `{${list(members)}}`;
  }
  return String(value);
}

function isWellFormed(text: Uint8Array): boolean {
  return succeeds(() => new TextDecoder("utf-8", { fatal: true }).decode(text));
}

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
