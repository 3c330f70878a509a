import canonicalize from "canonicalize";
import { expect } from "chai";
import { isLosslessNumber, parse } from "lossless-json";

import { canonicalizeFhir } from "../../src/health/canonicalizeFhir.js";
import { RECORD_KINDS, recordKindName, recordKindOf } from "../../src/health/recordKinds.js";
import { scanFhir } from "../../src/health/scanFhir.js";
import { sameBytes } from "../../src/ledger/sameBytes.js";
import { exampleNames, readExample } from "./fhirExamples.js";

/** The examples with a number that ends in zeros after the point, which a parser that reads doubles cuts off. */
const TRAILING_ZEROS =
  `Bundle-101 Bundle-72ac8493-52ac-41bd-8d5d-7258c289b5ea Bundle-ghp Bundle-lipids Bundle-profiles-others
  Claim-100151 Claim-100153 Claim-100156 Claim-660150 Claim-660151 Claim-660152 Claim-760150 Claim-760151 Claim-760152
  Claim-860150 Claim-960150 Claim-960151 Claim-MED-00050 ClaimResponse-R3500 ClaimResponse-R3502 ClaimResponse-R3503
  ClaimResponse-UR3503 Contract-C-123 Contract-INS-101 Coverage-7546D CoverageEligibilityResponse-E2502
  DeviceRequest-left-lens DeviceRequest-right-lens ExplanationOfBenefit-EB3500 ExplanationOfBenefit-EB3501 Location-hl7
  MolecularSequence-fda-vcf-comparison Observation-decimal Observation-f003 PaymentNotice-77654 PaymentReconciliation-ER2500
  RiskAssessment-genetic StructureDefinition-ldlcholesterol TestReport-testreport-example VisionPrescription-33123
  VisionPrescription-33124`
    .split(/\s+/)
    .map((name) => `${name}.json`);

/** An example with another number that a double does not hold: 66.899999999999991. */
const REWRITTEN = [...TRAILING_ZEROS, "Observation-body-height.json"].sort();

/** What the examples do not contain; numbers are marked with it. */
const MARK = "\ue000";

/**
 * The canonical form by another route: lossless-json reads the text, `canonicalize` (RFC 8785) writes it with each number as a
 * marked string, and the marks are taken away.
 */
function plainForm(text: string): { form: string; numbers: string[] } {
  expect(text).not.to.include(MARK);
  const numbers: string[] = [];
  const value = parse(text, undefined, (number) => {
    numbers.push(number);
    return MARK + number + MARK;
  });
  return { form: canonicalize(value)!.replace(/"\ue000([^\ue000]*)\ue000"/g, "$1"), numbers };
}

/** The places of the numbers in a text, outside its strings. */
function numbersOf(text: string): { at: number; number: string }[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)]
    .filter(([found]) => !found.startsWith('"'))
    .map(({ 0: number, index }) => ({ at: index, number }));
}

/** The same number to a double, in other digits. */
function respelled(number: string): string[] {
  const [, sign, whole, fraction = "", exponent = ""] = /^(-?)(\d+)(?:\.(\d+))?(e.*)?$/i.exec(number)!;
  const longer = `${sign}${whole}.${fraction}0${exponent}`;
  const shorter = fraction.endsWith("0") ? `.${fraction.slice(0, -1)}`.replace(/\.$/, "") : undefined;
  const moved = exponent === "" ? `${number}e0` : number.replace(/e/i, (e) => (e === "e" ? "E" : "e"));
  return [longer, moved, ...(shorter === undefined ? [] : [`${sign}${whole}${shorter}${exponent}`])];
}

describe("HL7's examples of FHIR R4", () => {
  const names = exampleNames();

  it("are 5,306", () => {
    expect(names).to.have.lengthOf(5_306);
  });

  it("have the canonical form that lossless-json and canonicalize find, which is RFC 8785's but for rewritten numbers", function () {
    this.timeout(300_000);
    const rewritten: string[] = [];
    const trailing: string[] = [];
    for (const name of names) {
      const source = readExample(name);
      const canonical = canonicalizeFhir(source);
      const text = new TextDecoder().decode(canonical);
      const { form, numbers } = plainForm(source.toString());
      if (text !== form) expect(text, name).to.equal(form);
      if (!sameBytes(canonicalizeFhir(canonical), canonical)) expect.fail(`${name} changes again`);
      if (!sameBytes(canonicalizeFhir(source.toString()), canonical)) expect.fail(`${name} as text is another`);

      const isExact = numbers.every((number) => String(Number(number)) === number);
      if (!isExact) rewritten.push(name);
      if (numbers.some((number) => /\.\d*0(?:e|$)/i.test(number))) trailing.push(name);
      if ((canonicalize(JSON.parse(source.toString())) === text) !== isExact) expect.fail(`${name} and RFC 8785`);
    }
    expect(trailing).to.deep.equal(TRAILING_ZEROS);
    expect(rewritten).to.deep.equal(REWRITTEN);
  });

  it("keep the value that lossless-json reads, number by number", function () {
    for (const name of REWRITTEN) {
      const source = readExample(name);
      const same = sameValue(parse(source.toString()), parse(new TextDecoder().decode(canonicalizeFhir(source))));
      expect(same, name).to.equal(true);
    }
    expect(sameValue(parse("[0.50]"), parse("[0.5]"))).to.equal(false);
  });

  it("get another form when a number is written differently, and when a digit is changed", function () {
    this.timeout(300_000);
    for (const name of REWRITTEN) {
      const text = readExample(name).toString();
      const all = numbersOf(text);
      expect(all.map(({ number }) => number).sort()).to.deep.equal(plainForm(text).numbers.sort());
      // Of the two largest files those with trailing zeros.
      const chosen = text.length < 200_000 ? all : all.filter(({ number }) => /\.\d*0$/.test(number));
      expect(chosen).not.to.be.empty;
      const forms = new Set([formOf(text)]);
      let texts = 1;
      for (const { at, number } of chosen) {
        for (const other of [
          ...respelled(number),
          number.replace(/\d(?!.*\d)/, (digit) => String((Number(digit) + 1) % 10)),
        ]) {
          forms.add(formOf(text.slice(0, at) + other + text.slice(at + number.length)));
          texts++;
        }
      }
      expect(forms.size, name).to.equal(texts);
    }
  });

  it("tell their type as JSON.parse does, all of which have a number", () => {
    for (const name of names) {
      const source = readExample(name);
      if (source.length > 100_000) continue;
      const { resourceType } = JSON.parse(source.toString()) as { resourceType: string };
      if (scanFhir(source).resourceType !== resourceType) expect.fail(name);
      expect(recordKindName(recordKindOf(resourceType))).to.equal(resourceType);
    }
  });

  it("list the resource types as they are numbered", () => {
    const { url, version, concept } = JSON.parse(readExample("CodeSystem-resource-types.json").toString()) as {
      url: string;
      version: string;
      concept: { code: string }[];
    };
    expect({ url, version }).to.deep.equal({ url: "http://hl7.org/fhir/resource-types", version: "4.0.1" });
    expect(concept.map(({ code }) => code)).to.deep.equal([...RECORD_KINDS]);
  });
});

function formOf(text: string): string {
  return Buffer.from(canonicalizeFhir(text)).toString();
}

function sameValue(one: unknown, other: unknown): boolean {
  if (isLosslessNumber(one)) return isLosslessNumber(other) && one.value === other.value;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, i) => sameValue(item, other[i]));
  }
  if (typeof one !== "object" || one === null) return one === other;
  if (typeof other !== "object" || other === null || Array.isArray(other) || isLosslessNumber(other)) return false;
  const [members, others] = [Object.entries(one), new Map(Object.entries(other))];
  return (
    members.length === others.size &&
    members.every(([key, item]) => others.has(key) && sameValue(item, others.get(key)))
  );
}
