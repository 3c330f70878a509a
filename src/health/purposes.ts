import { HealthError } from "./HealthError.js";

/**
 * HL7's code system of the purposes of use, a part of which the chain knows.
 *
 * @example
 * ```ts
 * const coding = { system: ACT_REASON_SYSTEM, code: "TREAT", display: PURPOSE_NAMES.TREAT };
 * ```
 */
export const ACT_REASON_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

/**
 * The purposes of use that the chain knows, by their bits: `PURPOSES[0]`, TREAT, is the lowest. The codes are those of HL7
 * v3 ActReason, each below PurposeOfUse there; their places here never change.
 *
 * @example
 * ```ts
 * const purpose = PURPOSES.indexOf("HRESCH"); // 5, as the contracts take it
 * ```
 */
export const PURPOSES = [
  ...(["TREAT", "ETREAT", "BTG", "HPAYMT", "HOPERAT", "HRESCH", "PUBHLTH", "PATRQT"] as const),
  ...(["FAMRQT", "CAREMGT", "COC", "CLINTRL", "HMARKT", "HLEGAL", "PATSFTY", "HQUALIMP"] as const),
  ...(["COVERAGE", "ELIGDTRM", "CLMATTCH", "DISASTER", "THREAT", "POPHLTH", "DONAT", "GOV"] as const),
  ...(["FRAUD", "TRAIN", "HTEST", "PWATRNY", "SUPNWK", "PATADMIN", "RECORDMGT", "METAMGT"] as const),
] as const;

/** A purpose of use, as HL7 v3 ActReason codes it. */
export type Purpose = (typeof PURPOSES)[number];

/**
 * What HL7 calls each purpose.
 *
 * @example
 * ```ts
 * console.log(PURPOSE_NAMES.BTG); // "break the glass"
 * ```
 */
export const PURPOSE_NAMES: Readonly<Record<Purpose, string>> = {
  TREAT: "treatment",
  ETREAT: "Emergency Treatment",
  BTG: "break the glass",
  HPAYMT: "healthcare payment",
  HOPERAT: "healthcare operations",
  HRESCH: "healthcare research",
  PUBHLTH: "public health",
  PATRQT: "patient requested",
  FAMRQT: "family requested",
  CAREMGT: "care management",
  COC: "coordination of care",
  CLINTRL: "clinical trial",
  HMARKT: "healthcare marketing",
  HLEGAL: "legal",
  PATSFTY: "patient safety",
  HQUALIMP: "health quality improvement",
  COVERAGE: "coverage under policy or program",
  ELIGDTRM: "eligibility determination",
  CLMATTCH: "claim attachment",
  DISASTER: "disaster",
  THREAT: "threat",
  POPHLTH: "population health",
  DONAT: "donation",
  GOV: "government",
  FRAUD: "fraud",
  TRAIN: "training",
  HTEST: "test health data",
  PWATRNY: "power of attorney",
  SUPNWK: "support network",
  PATADMIN: "patient administration",
  RECORDMGT: "records management",
  METAMGT: "metadata management",
};

/**
 * The bitmap of purposes, as a grant or an objection has it.
 *
 * The chain compares bits and knows no hierarchy: HL7 has ETREAT below TREAT and BTG below ETREAT, yet a consent to TREAT
 * covers neither. A patient who means the narrower purposes too is asked for each, and sees each in what is signed;
 * otherwise a code that HL7 files elsewhere tomorrow would change what was agreed to.
 *
 * @param purposes Codes of HL7 v3 ActReason, in any order, each once; none gives 0.
 * @returns A whole number below 2^32.
 * @throws HealthError PURPOSE_UNKNOWN for a code that the chain has no bit for, or one that is named twice
 * @example
 * ```ts
 * const purposes = purposesOf(["TREAT", "COC"]); // 1025
 * ```
 */
export function purposesOf(purposes: readonly string[]): number {
  let bits = 0;
  for (const code of purposes) {
    const bit = PURPOSES.indexOf(code as Purpose);
    if (bit === -1) throw new HealthError("PURPOSE_UNKNOWN", `the chain knows no purpose ${JSON.stringify(code)}`);
    const flag = 2 ** bit;
    if ((bits & flag) !== 0) throw new HealthError("PURPOSE_UNKNOWN", `the purpose ${code} is named twice`);
    bits = (bits | flag) >>> 0;
  }
  return bits;
}

/**
 * The purposes of a bitmap, lowest bit first.
 *
 * @param purposes From 0 to 2^32 - 1.
 * @returns Codes of HL7 v3 ActReason.
 * @throws HealthError PURPOSE_UNKNOWN for a number that is no such bitmap
 * @example
 * ```ts
 * const codes = purposeCodes(1025); // ["TREAT", "COC"]
 * ```
 */
export function purposeCodes(purposes: number | bigint): Purpose[] {
  const bits = Number(purposes);
  if (!Number.isInteger(bits) || bits < 0 || bits >= 2 ** 32) {
    throw new HealthError("PURPOSE_UNKNOWN", `${purposes} is no bitmap of 32 purposes`);
  }
  return PURPOSES.filter((_, bit) => (bits & (2 ** bit)) !== 0);
}

/**
 * The bit of one purpose, as the access log has it.
 *
 * @param purpose A code of HL7 v3 ActReason.
 * @returns From 0 to 31.
 * @throws HealthError PURPOSE_UNKNOWN
 * @example
 * ```ts
 * await registry.logAccess(patient, scope, purposeBit("TREAT"), commitment);
 * ```
 */
export function purposeBit(purpose: string): number {
  const bit = PURPOSES.indexOf(purpose as Purpose);
  if (bit === -1) throw new HealthError("PURPOSE_UNKNOWN", `the chain knows no purpose ${JSON.stringify(purpose)}`);
  return bit;
}
