/** The values of a row, in the columns' order: text for `text`, bytes for `bytea`, null for NULL. */
export type SqlRow = readonly (string | Uint8Array | null)[];

/** What runs inside one transaction. */
export interface SqlTransaction {
  /**
   * Runs one statement, whose columns are all `text` or `bytea`.
   *
   * @param text The statement; parameters are `$1`, `$2` …
   * @param values The parameters, as text.
   * @returns All rows. They stay as they are when further statements run.
   */
  query(text: string, values?: readonly string[]): Promise<readonly SqlRow[]>;
  /**
   * Reads the rows of a query page by page through a cursor, so that the memory they take does not grow with their number. Other
   * statements may run between two pages, but no second such reading.
   *
   * @param text A SELECT without parameters, whose columns are all `text` or `bytea`.
   * @returns Pages of at least one row. The bytes of a page are overwritten once the next is asked for.
   */
  pages(text: string): AsyncIterable<readonly SqlRow[]>;
}

/** The database of a controller, whichever driver reaches it: `pgliteDatabase` and `postgresDatabase` make one. */
export interface SqlDatabase {
  /**
   * Runs work in a transaction, which is committed when the work ends and rolled back when it throws.
   *
   * @param work Gets what runs statements; not to be used once it ended.
   * @returns What the work returns.
   */
  transaction<T>(work: (sql: SqlTransaction) => Promise<T>): Promise<T>;
}
