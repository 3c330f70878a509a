import type { SqlRow } from "./SqlDatabase.js";

/** A row of the records, as `RecordQueries.rows` gives it. Nothing in it is as it should be: whoever altered it chose it. */
export interface RecordRow {
  readonly recordId: string | null;
  readonly version: number | null;
  readonly patient: string;
  readonly kind: string | null;
  /** Null where there is none, or it is long. */
  readonly body: string | Uint8Array | null;
  /** Where a long body lies. */
  readonly place: string | null;
  /** Null where the table does not tell. */
  readonly isCurrent: boolean | null;
  /** All that the index has for this version. */
  readonly indexed: string | Uint8Array | null;
}

/**
 * Takes a row apart.
 *
 * @example
 * ```ts
 * for (const columns of page) compare(toRecordRow(columns));
 * ```
 */
export function toRecordRow([id, version, patient, kind, body, place, current, indexed]: SqlRow): RecordRow {
  return {
    recordId: toText(id),
    version: toInteger(version),
    patient: toText(patient) ?? "",
    kind: toText(kind),
    body: body ?? null,
    place: toText(place),
    isCurrent: current == null ? null : current === "true",
    indexed: indexed ?? null,
  };
}

/**
 * A column of text.
 *
 * @example
 * ```ts
 * const id = toText(row[0]);
 * ```
 */
export function toText(value: SqlRow[number] | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * A whole number, in a column of text. Beyond 2^53 it is not exact, and no version anyhow.
 *
 * @example
 * ```ts
 * const version = toInteger(row[1]);
 * ```
 */
export function toInteger(value: SqlRow[number] | undefined): number | null {
  return typeof value === "string" ? Number(value) : null;
}
