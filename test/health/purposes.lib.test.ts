import { readFileSync } from "node:fs";

import { expect } from "chai";

import {
  ACT_REASON_SYSTEM,
  PURPOSE_NAMES,
  purposeBit,
  purposeCodes,
  PURPOSES,
  purposesOf,
} from "../../src/health/purposes.js";
import { codeOf } from "../helpers/healthErrors.js";

interface CodeSystem {
  package: string;
  url: string;
  concepts: Record<string, { display: string; parents: string[] } | undefined>;
}

const read = readFileSync("test/vectors/hl7-act-reason/purposes-of-use.json", "utf8");
const systems = JSON.parse(read) as CodeSystem[];

/** All that a concept is one of, the nearest first. */
function ancestors({ concepts }: CodeSystem, code: string): string[] {
  return (concepts[code]?.parents ?? []).flatMap((parent) => [
    parent,
    ...ancestors({ concepts } as CodeSystem, parent),
  ]);
}

describe("purposes of use", () => {
  for (const system of systems) {
    it(`are concepts of HL7's code system, below PurposeOfUse and called the same (${system.package})`, () => {
      expect(system.url).to.equal(ACT_REASON_SYSTEM);
      for (const code of PURPOSES) {
        expect(system.concepts[code]?.display, code).to.equal(PURPOSE_NAMES[code]);
        expect(ancestors(system, code), code).to.include("PurposeOfUse");
      }
    });
  }

  it("keep the places that the contracts rely on", () => {
    expect(PURPOSES.length).to.equal(32);
    expect(new Set(PURPOSES).size).to.equal(32);
    // ConsentRegistry logs an emergency as purpose 1.
    expect(purposeBit("ETREAT")).to.equal(1);
    expect([purposeBit("TREAT"), purposeBit("HPAYMT"), purposeBit("HRESCH"), purposeBit("PUBHLTH")]).to.deep.equal([
      0, 3, 5, 6,
    ]);
    expect(purposeBit("METAMGT")).to.equal(31);
  });

  it("become a bitmap and come back, each alone and all together", () => {
    for (const [bit, code] of PURPOSES.entries()) {
      expect(purposesOf([code])).to.equal(2 ** bit);
      expect(purposeCodes(2 ** bit)).to.deep.equal([code]);
    }
    expect(purposesOf(PURPOSES)).to.equal(4_294_967_295);
    expect(purposeCodes(4_294_967_295n)).to.deep.equal([...PURPOSES]);
    expect(purposesOf([])).to.equal(0);
    expect(purposeCodes(0)).to.deep.equal([]);
    expect(purposesOf(["METAMGT", "TREAT"])).to.equal(2_147_483_649);
  });

  it("do not include what HL7 has below them: a consent to TREAT is not one to ETREAT or BTG", () => {
    expect(ancestors(systems[0]!, "BTG")).to.include.members(["ETREAT", "TREAT"]);
    expect(purposeCodes(purposesOf(["TREAT"]))).to.deep.equal(["TREAT"]);
  });

  it("are refused when unknown, named twice, of another case, or no bitmap", () => {
    // Concepts of HL7's that the chain has no bit for.
    for (const code of ["PurposeOfUse", "HSYSADMIN", "treat", "", "__proto__", "toString"]) {
      expect(
        codeOf(() => purposesOf([code])),
        code,
      ).to.equal("PURPOSE_UNKNOWN");
      expect(
        codeOf(() => purposeBit(code)),
        code,
      ).to.equal("PURPOSE_UNKNOWN");
    }
    expect(codeOf(() => purposesOf(["TREAT", "TREAT"]))).to.equal("PURPOSE_UNKNOWN");
    expect(codeOf(() => purposesOf(["METAMGT", "METAMGT"]))).to.equal("PURPOSE_UNKNOWN");
    for (const bits of [-1, 2 ** 32, 0.5, NaN, Infinity, 2n ** 32n]) {
      expect(
        codeOf(() => purposeCodes(bits)),
        String(bits),
      ).to.equal("PURPOSE_UNKNOWN");
    }
  });
});
