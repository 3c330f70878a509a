import type { TableFacts } from "./checkTables.js";
import { quoteIdentifier as quote, quoteTable, type RecordTables } from "./recordTables.js";

/** Bodies of up to this many bytes come with their row; longer ones are read in pieces, so that a page stays small. */
const INLINE_BYTES = 65_536;

/**
 * Names and whatever else is short come so long at most, in characters, whoever made them longer: more than a record's id has, so
 * that what is cut is no record's.
 */
const SHORT = 1_100;

/** The statements of a comparison. Their columns are in the order in which `monitorRecords` takes them. */
export interface RecordQueries {
  /** Every row: id, version, patient, kind, body if short, where it lies if long, whether it is current, what the index has. */
  readonly rows: string;
  /** A piece of a long body: its row's place is $1, the piece's start $2 and length $3. */
  readonly piece: string;
  /** Of the versions in a JSON array of {n, id, version}, $1: the n of those that a row of a later version follows. */
  readonly followed: string;
  /** What the index names and no row has: id, version, commitment. */
  readonly dangling: string;
}

/**
 * Writes the statements, the same for every driver.
 *
 * @example
 * ```ts
 * const { rows } = recordQueries(RECORD_TABLES, await checkTables(sql, RECORD_TABLES));
 * ```
 */
export function recordQueries(tables: RecordTables, facts: TableFacts): RecordQueries {
  const records = quoteTable(tables.records.table);
  const anchors = quoteTable(tables.anchors.table);
  const { recordId, version, patient, kind, body: bodyColumn, current } = tables.records;
  const id = `r.${quote(recordId)}`;
  const number = `r.${quote(version)}`;
  const body = `r.${quote(bodyColumn)}${facts.body === "bytea" ? "" : "::text"}`;
  const sameVersion = `a.${quote(tables.anchors.recordId)} = ${id} AND a.${quote(tables.anchors.version)} = ${number}`;
  const stored = `a.${quote(tables.anchors.commitment)}`;
  const commitment = `substring(${stored} FROM 1 FOR ${SHORT})`;
  // An index that is not unique may name a version twice: then all of it comes, and nothing fails.
  const all = facts.commitment === "bytea" ? `string_agg(${commitment}, '')` : `string_agg(${commitment}, ',')`;

  return {
    rows: `SELECT ${short(id)}, ${number}::text, ${short(`r.${quote(patient)}`)}, ${short(`r.${quote(kind)}`)},
      CASE WHEN octet_length(${body}) <= ${INLINE_BYTES} THEN ${body} END,
      CASE WHEN octet_length(${body}) > ${INLINE_BYTES} THEN r.tableoid::text || ' ' || r.ctid::text END,
      ${current === undefined ? "NULL::text" : `r.${quote(current)}::text`},
      (SELECT ${facts.isUnique ? commitment : all} FROM ${anchors} a WHERE ${sameVersion})
      FROM ${records} r`,
    piece: `SELECT substring(${body} FROM $2::int4 FOR $3::int4) FROM ${records} r
      WHERE r.ctid = split_part($1, ' ', 2)::tid AND r.tableoid = split_part($1, ' ', 1)::oid`,
    followed: `SELECT k.n::text FROM json_to_recordset($1::json) k (n int8, id text, version int8)
      WHERE EXISTS (SELECT FROM ${records} r WHERE ${id} = k.id AND ${number} > k.version)`,
    dangling: `SELECT ${short(`a.${quote(tables.anchors.recordId)}`)}, a.${quote(tables.anchors.version)}::text, ${commitment}
      FROM ${anchors} a WHERE NOT EXISTS (SELECT FROM ${records} r WHERE ${sameVersion})`,
  };
}

function short(column: string): string {
  return `left(${column}::text, ${SHORT})`;
}
