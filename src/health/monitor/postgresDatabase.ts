import { HealthError } from "../HealthError.js";
import { cursorPages } from "./cursorPages.js";
import type { SqlDatabase, SqlRow, SqlTransaction } from "./SqlDatabase.js";

/** A statement as `pg` takes it. */
export interface PostgresStatement {
  readonly text: string;
  readonly values: string[];
  readonly rowMode: "array";
  readonly types: { getTypeParser: (type: number) => (value: string) => unknown };
}

/** The part of a client of `pg` (8) that is used: a `Client`, or one that a `Pool` lent, fits. */
export interface PostgresConnection {
  query(statement: PostgresStatement): Promise<{ rows: unknown[] }>;
}

/**
 * Makes a PostgreSQL server known to the integrity monitor, for Node alone.
 *
 * @param connection A connected client of `pg`, for the monitor alone while it runs; the caller ends it.
 * @throws HealthError DATABASE_REFUSES, from statements that fail.
 * @example
 * ```ts
 * const client = new Client({ connectionString: "postgres://monitor@127.0.0.1/hospital" });
 * await client.connect();
 * const report = await monitorRecords({ database: postgresDatabase(client), provider: 7, chain, keyOf });
 * ```
 */
export function postgresDatabase(connection: PostgresConnection): SqlDatabase {
  const query: SqlTransaction["query"] = async (text, values = []) => {
    const { rows } = await connection.query({ text, values: [...values], ...FORM }).catch(refuse);
    return rows as SqlRow[];
  };
  // The server works on a page while this process does on the one before.
  const sql: SqlTransaction = { query, pages: (text) => cursorPages(query, query, text, true) };
  return {
    transaction: async <T>(work: (sql: SqlTransaction) => Promise<T>) => {
      await sql.query("BEGIN");
      try {
        const result = await work(sql);
        await sql.query("COMMIT");
        return result;
      } catch (error) {
        // Where the connection is lost there is nothing to roll back, and the first error tells more.
        await sql.query("ROLLBACK").catch(() => undefined);
        throw error;
      }
    },
  };
}

const BYTEA = 17;

/** All that `pg` would make numbers, dates and objects of stays text. */
const FORM = {
  rowMode: "array",
  types: { getTypeParser: (type: number) => (type === BYTEA ? decodeBytea : (value: string) => value) },
} as const;

/** Hex behind `\\x`: pg reads all columns as text, also those that come in binary. */
function decodeBytea(value: string): Uint8Array {
  return Buffer.from(value.slice(2), "hex");
}

function refuse(error: unknown): never {
  const { message, code = "no code" } = error as Error & { code?: string };
  throw new HealthError("DATABASE_REFUSES", `${message} (${code})`, { cause: error });
}
