import { HealthError } from "../HealthError.js";
import type { SqlDatabase, SqlRow, SqlTransaction } from "./SqlDatabase.js";

/** A statement as `pg` takes it; `binary` asks for all columns in binary. */
export interface PostgresStatement {
  readonly text: string;
  readonly values: string[];
  readonly rowMode: "array";
  readonly binary: true;
  readonly types: { getTypeParser: () => (value: Uint8Array) => Uint8Array };
}

/** The part of a client of `pg` (8) that is used: a `Client`, or one that a `Pool` lent, fits. */
export interface PostgresConnection {
  query(statement: PostgresStatement): Promise<{ rows: unknown[] }>;
}

/**
 * Makes a PostgreSQL server known to the integrity monitor.
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
  const sql: SqlTransaction = {
    query: async (text, values = []) => {
      const { rows } = await connection.query({ text, values: [...values], ...RAW }).catch(refuse);
      return rows as SqlRow[];
    },
  };
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

/** Columns as they come: `pg` copies each out of what it received. */
const RAW = { rowMode: "array", binary: true, types: { getTypeParser: () => (value: Uint8Array) => value } } as const;

function refuse(error: unknown): never {
  const { message, code = "no code" } = error as Error & { code?: string };
  throw new HealthError("DATABASE_REFUSES", `${message} (${code})`, { cause: error });
}
