import { setImmediate } from "node:timers/promises";

import type { SqlRow, SqlTransaction } from "./SqlDatabase.js";

/** Rows a page. */
const PAGE_ROWS = 500;

/**
 * Reads a query's rows page by page through a cursor, so that the memory they take does not grow with their number. The next page is
 * asked for while this one is worked on. Other statements may run in between.
 *
 * @param sql The transaction, in which no other cursor of this name may be open.
 * @param query A SELECT without parameters.
 * @param signal Ends the reading with its reason.
 * @example
 * ```ts
 * for await (const page of readPages(sql, "SELECT record_id FROM public.anchor", signal)) count += page.length;
 * ```
 */
export async function* readPages(
  sql: SqlTransaction,
  query: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly SqlRow[], void> {
  const fetch = (): Promise<readonly SqlRow[]> => sql.query(`FETCH ${PAGE_ROWS} FROM diwan_rows`);
  await sql.query(`DECLARE diwan_rows NO SCROLL CURSOR FOR ${query}`);
  let page = await fetch();
  while (page.length > 0) {
    // PGlite answers within this thread: without a turn of the loop nothing else would run, not even what aborts.
    await setImmediate();
    signal?.throwIfAborted();
    const next = fetch();
    // Where the work on this page fails, nobody waits for the next any more.
    next.catch(() => undefined);
    yield page;
    page = await next;
  }
  await sql.query("CLOSE diwan_rows");
}
