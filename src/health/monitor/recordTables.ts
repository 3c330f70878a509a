import { HealthError } from "../HealthError.js";

/** What the controller's tables and columns are called. A table's name may have its schema before it: `ehr.health_record`. */
export interface RecordTables {
  /** One row a version of a record that is kept. */
  readonly records: {
    readonly table: string;
    /** The record's id: text. */
    readonly recordId: string;
    /** The version: a whole number. */
    readonly version: string;
    /** The patient, as the key store names it: text. */
    readonly patient: string;
    /** The resource type: its name, or its number on the chain. */
    readonly kind: string;
    /** The canonical text that was committed to: `bytea`, `text` or `json`. */
    readonly body: string;
    /** Whether the row is what the record says now: boolean. Without it, the row of the highest version is. */
    readonly current?: string;
  };
  /** What was anchored of each version. */
  readonly anchors: {
    readonly table: string;
    /** As in the records. */
    readonly recordId: string;
    /** As in the records. */
    readonly version: string;
    /** The commitment: 32 bytes in `bytea`, or in hex as text. */
    readonly commitment: string;
  };
}

/**
 * The names if none are given.
 *
 * @example
 * ```ts
 * const tables = { ...RECORD_TABLES, records: { ...RECORD_TABLES.records, table: "ehr.document" } };
 * ```
 */
export const RECORD_TABLES: RecordTables = {
  records: {
    table: "health_record",
    recordId: "record_id",
    version: "version",
    patient: "patient",
    kind: "kind",
    body: "body",
  },
  anchors: { table: "anchor", recordId: "record_id", version: "version", commitment: "commitment" },
};

/** As PostgreSQL allows it without quotes, at most as long as it keeps. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * Quotes a name for SQL. Only letters of ASCII, digits and `_` are taken, so that nothing given as a name can be more than one;
 * upper case is kept, as PostgreSQL does within quotes.
 *
 * @param name A column's name.
 * @throws HealthError IDENTIFIER_INVALID
 * @example
 * ```ts
 * const column = quoteIdentifier("record_id"); // "record_id" with quotes
 * ```
 */
export function quoteIdentifier(name: string): string {
  if (!IDENTIFIER.test(name)) {
    throw new HealthError("IDENTIFIER_INVALID", `${JSON.stringify(name)} is no name of a table or column`);
  }
  return `"${name}"`;
}

/**
 * Quotes a table's name, with its schema: `public`, if it has none before it.
 *
 * @param name `table` or `schema.table`.
 * @throws HealthError IDENTIFIER_INVALID
 * @example
 * ```ts
 * const table = quoteTable("ehr.document");
 * ```
 */
export function quoteTable(name: string): string {
  const [table = "", schema = "public", ...more] = name.split(".").reverse();
  // A third part makes the whole no name.
  return more.length > 0 ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}
