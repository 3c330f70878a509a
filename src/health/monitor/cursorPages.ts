import type { SqlRow } from "./SqlDatabase.js";

/** Runs a statement. */
export type RunStatement = (text: string) => Promise<readonly SqlRow[]>;

/** Rows a page: a page is small, and no statement takes long. */
const PAGE_ROWS = 500;

/**
 * Reads a query's rows through a cursor, for the drivers.
 *
 * @param run Runs a statement.
 * @param fetch Runs one that gives a page.
 * @param text The query.
 * @param isAhead Whether a page is asked for while the one before is worked on.
 * @example
 * ```ts
 * pages: (text) => cursorPages(query, query, text, true),
 * ```
 */
export async function* cursorPages(
  run: RunStatement,
  fetch: RunStatement,
  text: string,
  isAhead: boolean,
): AsyncGenerator<readonly SqlRow[], void> {
  const next = `FETCH ${PAGE_ROWS} FROM diwan_rows`;
  await run(`DECLARE diwan_rows NO SCROLL CURSOR FOR ${text}`);
  let page = await fetch(next);
  while (page.length > 0) {
    const ahead = isAhead ? fetch(next) : undefined;
    // Where the work on this page fails, nobody waits for the next any more.
    ahead?.catch(() => undefined);
    yield page;
    page = await (ahead ?? fetch(next));
  }
  await run("CLOSE diwan_rows");
}
