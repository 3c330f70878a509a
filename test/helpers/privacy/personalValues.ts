import { stripVTControlCharacters } from "node:util";

/** A personal value of the input, and where it comes from. */
export interface PersonalValue {
  /** Such as `Patient/f001 name.family`. */
  source: string;
  text: string;
}

/** A value of the input that is not searched for, and why. */
export interface LeftOut extends PersonalValue {
  why: "a word of FHIR's own" | "a body publishes it" | "a number or truth of fewer than 5 digits" | "empty";
}

interface Resource {
  resourceType: string;
  id: string;
  name?: { family?: string; given?: string[] }[];
  identifier?: { system?: string; value?: string }[];
}

/** Smaller numbers are counts, sizes and offsets of the ABI. */
const LEAST_NUMBER = 999n;

/** Names of members whose values FHIR fixes, or which name a kind of thing and no person. */
const VOCABULARY =
  /^(contained\.)?(resourceType|use|status|intent|outcome)$|^text\.status$|(^|\.)((clinicalStatus|verificationStatus)\.coding\.code|extension\.url|(coding|valueCoding|identifier|telecom)\.system|(name|identifier|telecom|address)\.use|identifier\.type\.coding\.(code|display))$/;

/**
 * Every leaf of the people's resources, and what is made of several: the reference to each, which is theirs whatever body
 * has the same id, full names, given names, and identifiers with their systems. What is left out is told apart.
 *
 * @param people Patients and Practitioners.
 * @param published Texts that public bodies publish of themselves.
 */
export function personalValuesOf(
  people: readonly Resource[],
  published: ReadonlySet<string>,
): { values: PersonalValue[]; leftOut: LeftOut[] } {
  const values: PersonalValue[] = [];
  const leftOut: LeftOut[] = [];
  for (const person of people) {
    const from = `${person.resourceType}/${person.id}`;
    for (const [path, leaf] of leavesOf(person)) {
      const value = { source: `${from} ${path}`, text: String(leaf) };
      const why = reasonToLeaveOut(path, leaf, published);
      if (why === undefined) values.push(value);
      else leftOut.push({ ...value, why });
    }
    values.push({ source: `${from} reference`, text: from });
    for (const { system = "", value = "" } of person.identifier ?? []) {
      if (value !== "") values.push({ source: `${from} identifier in its system`, text: `${system}|${value}` });
    }
    for (const { family, given = [] } of person.name ?? []) {
      if (given.length > 1) values.push({ source: `${from} given names`, text: given.join(" ") });
      if (family === undefined || given.length === 0) continue;
      for (const text of [`${given.join(" ")} ${family}`, `${family}, ${given.join(" ")}`, `${given[0]!} ${family}`]) {
        values.push({ source: `${from} full name`, text });
      }
    }
  }
  return { values, leftOut };
}

function* leavesOf(value: unknown, path = ""): Generator<[string, string | number | boolean]> {
  if (Array.isArray(value)) for (const item of value) yield* leavesOf(item, path);
  else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) yield* leavesOf(item, path === "" ? name : `${path}.${name}`);
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") yield [path, value];
}

function reasonToLeaveOut(path: string, leaf: unknown, published: ReadonlySet<string>): LeftOut["why"] | undefined {
  if (VOCABULARY.test(path)) return "a word of FHIR's own";
  if (published.has(String(leaf))) return "a body publishes it";
  if (typeof leaf === "boolean" || (typeof leaf === "number" && leaf < 10_000)) {
    return "a number or truth of fewer than 5 digits";
  }
  return stripVTControlCharacters(String(leaf)).trim() === "" ? "empty" : undefined;
}

/** The ways in which a value may be written: case, spaces, diacritics, the order of a date, a number's digits alone. */
export function writingsOf(text: string): Set<string> {
  const writings = new Set<string>();
  const bare = text.trim().replaceAll(/\s+/g, " ");
  for (const spaced of [text, bare, bare.replaceAll(" ", ""), bare.replaceAll(/[^\p{L}\p{N}]/gu, "")]) {
    for (const form of [spaced.normalize("NFC"), spaced.normalize("NFD"), withoutMarks(spaced)]) {
      for (const cased of [form, form.toLowerCase(), form.toUpperCase()]) writings.add(cased);
    }
  }
  const date = /^(\d{4})-(\d\d)-(\d\d)/.exec(text);
  if (date !== null) for (const form of datesOf(date)) writings.add(form);
  const digits = text.replaceAll(/\D/g, "");
  if (/^[+()\d\s./-]+$/.test(text) && digits.length >= 5) {
    writings.add(digits).add(digits.replace(/^0+/, "")).add(`+${digits}`);
  }
  writings.delete("");
  return writings;
}

function withoutMarks(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "");
}

function datesOf([, year, month, day]: RegExpExecArray): string[] {
  const iso = `${year!}-${month!}-${day!}`;
  const forms = [
    iso,
    `${iso}T00:00:00Z`,
    `${iso}T00:00:00.000Z`,
    `${year!}${month!}${day!}`,
    `${day!}${month!}${year!}`,
  ];
  for (const separator of [".", "/", "-"]) {
    forms.push([day, month, year].join(separator), [month, day, year].join(separator));
    forms.push([Number(day), Number(month), year].join(separator), [year, month, day].join(separator));
  }
  return forms;
}

/** The numbers that a value may be kept as: its digits, or a date's seconds, milliseconds, days and `yyyymmdd`. */
export function numbersOf(text: string): bigint[] {
  const numbers: bigint[] = [];
  if (/^\d{5,60}$/.test(text)) numbers.push(BigInt(text));
  const date = /^\d{4}-\d\d-\d\d/.exec(text);
  const time = date === null ? NaN : Date.parse(date[0]);
  if (!Number.isNaN(time)) {
    const digits = Number(date![0].replaceAll("-", ""));
    numbers.push(...[time / 86_400_000, time / 1_000, time, digits].map(BigInt));
  }
  return numbers.filter((number) => number > LEAST_NUMBER || number < -LEAST_NUMBER);
}
