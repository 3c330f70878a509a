import type { SqlRow } from "./SqlDatabase.js";

/** A row of the records, as `RecordQueries.rows` gives it. Nothing in it is as it should be: whoever altered it chose it. */
export interface RecordRow {
  /** The id as it is stored. */
  readonly id: Uint8Array;
  readonly recordId: string | null;
  readonly version: number | null;
  readonly patient: string;
  readonly kind: string | null;
  /** Null where there is none, or it is long. */
  readonly body: Uint8Array | null;
  /** Where a long body lies. */
  readonly place: string | null;
  /** Null where the table does not tell. */
  readonly isCurrent: boolean | null;
  /** All that the index has for this version. */
  readonly indexed: Uint8Array | null;
}

/** Takes a row apart. */
export function toRecordRow([id, version, patient, kind, body, place, current, indexed]: SqlRow): RecordRow {
  return {
    id: id ?? new Uint8Array(),
    recordId: toText(id),
    version: toInteger(version),
    patient: toText(patient) ?? "",
    kind: toText(kind),
    body: body ?? null,
    place: toText(place),
    isCurrent: current == null ? null : current[0] === 1,
    indexed: indexed ?? null,
  };
}

/** A `text` as the database sends it. */
export function toText(value: Uint8Array | null | undefined): string | null {
  return value == null ? null : asBuffer(value).toString();
}

/** An `int8` as the database sends it. Beyond 2^53 it is not exact, and no version anyhow. */
export function toInteger(value: Uint8Array | null | undefined): number | null {
  return value == null ? null : Number(asBuffer(value).readBigInt64BE());
}

function asBuffer(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
