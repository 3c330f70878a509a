import { HealthError } from "../HealthError.js";
import { quoteIdentifier, quoteTable, type RecordTables } from "./recordTables.js";
import { toText } from "./recordRow.js";
import type { SqlTransaction } from "./SqlDatabase.js";

/** What the statements of a comparison depend on, beside the names. */
export interface TableFacts {
  /** The type of the records' bodies. */
  readonly body: string;
  /** The type of the index's commitments. */
  readonly commitment: string;
  /** Whether the index can name a version but once. */
  readonly isUnique: boolean;
}

const TEXT = ["text", "character varying"];
const INTEGER = ["smallint", "integer", "bigint"];
// jsonb is not among them: it keeps neither the text that was committed to nor a key that stands there twice.
const BODY = ["bytea", "json", ...TEXT];

/** Ordinary and partitioned tables. */
const TABLE_KINDS = ["r", "p"];

/**
 * Asks the catalogue whether the tables are there, are tables, and have the columns and indexes that the comparison relies on.
 * A view is refused: who may change it decides what the monitor sees while the hospital reads something else.
 *
 * @returns What the statements depend on.
 * @throws HealthError TABLES_UNFIT; IDENTIFIER_INVALID; DATABASE_REFUSES
 * @example
 * ```ts
 * const facts = await checkTables(sql, RECORD_TABLES);
 * ```
 */
export async function checkTables(sql: SqlTransaction, { records, anchors }: RecordTables): Promise<TableFacts> {
  const own = await checkTable(sql, records.table, [records.recordId], {
    [records.recordId]: TEXT,
    [records.version]: INTEGER,
    [records.patient]: TEXT,
    [records.kind]: [...TEXT, ...INTEGER],
    [records.body]: BODY,
    ...(records.current === undefined ? {} : { [records.current]: ["boolean"] }),
  });
  const index = await checkTable(sql, anchors.table, [anchors.recordId, anchors.version], {
    [anchors.recordId]: TEXT,
    [anchors.version]: INTEGER,
    [anchors.commitment]: ["bytea", ...TEXT],
  });
  const [body, commitment] = [own.types.get(records.body)!, index.types.get(anchors.commitment)!];
  return { body, commitment, isUnique: index.isUnique };
}

/** The types of a table's columns, by their names, and whether its index admits each value but once. */
async function checkTable(
  sql: SqlTransaction,
  name: string,
  indexed: readonly string[],
  columns: Readonly<Record<string, readonly string[]>>,
): Promise<{ types: Map<string | null, string | null>; isUnique: boolean }> {
  for (const column of Object.keys(columns)) quoteIdentifier(column);
  const table = quoteTable(name);
  const rows = await sql.query(
    `SELECT c.relkind::text, a.attname::text, format_type(a.atttypid, NULL)
     FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.oid = to_regclass($1)`,
    [table],
  );
  const kind = toText(rows[0]?.[0]);
  if (kind === null) throw new HealthError("TABLES_UNFIT", `there is no table ${table}`);
  if (!TABLE_KINDS.includes(kind)) {
    throw new HealthError("TABLES_UNFIT", `${table} is no table: what is read must be what is stored`);
  }
  const types = new Map(rows.map(([, column, type]) => [toText(column), toText(type)]));
  for (const [column, allowed] of Object.entries(columns)) {
    const type = types.get(column);
    if (type == null) throw new HealthError("TABLES_UNFIT", `${table} has no column ${column}`);
    if (!allowed.includes(type)) {
      throw new HealthError("TABLES_UNFIT", `${column} of ${table} is ${type}; it can be ${allowed.join(", ")}`);
    }
  }
  return { types, isUnique: await checkIndex(sql, table, indexed) };
}

/** Without an index each row would be looked for in the whole table. Returns whether there is one over just these columns that is unique. */
async function checkIndex(sql: SqlTransaction, table: string, columns: readonly string[]): Promise<boolean> {
  const rows = await sql.query(
    `SELECT string_agg(a.attname::text, ',' ORDER BY a.attname::text COLLATE "C"),
       (bool_or(i.indisunique) AND count(*) = max(i.indnkeyatts))::text
     FROM pg_index i
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = to_regclass($1) AND i.indisvalid AND i.indpred IS NULL AND k.place <= $2::int8
     GROUP BY i.indexrelid`,
    [table, String(columns.length)],
  );
  const wanted = [...columns].sort().join(",");
  const fitting = rows.filter(([found]) => found === wanted);
  if (fitting.length === 0) {
    throw new HealthError("TABLES_UNFIT", `${table} has no index that begins with ${columns.join(" and ")}`);
  }
  return fitting.some(([, isUnique]) => isUnique === "true");
}
