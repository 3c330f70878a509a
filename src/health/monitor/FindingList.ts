import { type Finding, FINDING_TYPES, type FindingType } from "./finding.js";

/**
 * Collects findings, and keeps the first of them in the order of record, version and type, however many there are and in whatever
 * order they come.
 *
 * @example
 * ```ts
 * const findings = new FindingList(10_000);
 * findings.add({ type: "EXTRA", recordId: "Observation/f001", version: 1, expected: null, found });
 * ```
 */
export class FindingList {
  readonly #limit: number;
  readonly #counts = new Map<FindingType, number>();
  #kept: Finding[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(finding: Finding): void {
    this.#counts.set(finding.type, this.count(finding.type) + 1);
    this.#kept.push(finding);
    if (this.#kept.length >= 2 * this.#limit + 1_000) this.#cut();
  }

  count(type: FindingType): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Those kept, in order. */
  list(): Finding[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort(compareFindings).slice(0, this.#limit);
  }
}

/** Records that have no name any more come last. Ids are compared by UTF-16 code units, alike on every machine. */
function compareFindings(a: Finding, b: Finding): number {
  return (
    compareNullable(a.recordId, b.recordId) ||
    compareNullable(a.version, b.version) ||
    FINDING_TYPES.indexOf(a.type) - FINDING_TYPES.indexOf(b.type) ||
    compareNullable(a.expected, b.expected) ||
    compareNullable(a.found, b.found)
  );
}

function compareNullable(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
