const AT_ONCE = 200;

/** Asks a node many questions of one method, many a request: answers in their order. @throws Error for the first that is refused. */
export async function askAtOnce<T>(url: string, method: string, params: readonly (readonly unknown[])[]): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < params.length; from += AT_ONCE) {
    const some = params.slice(from, from + AT_ONCE);
    const body = JSON.stringify(some.map((one, i) => ({ jsonrpc: "2.0", id: i, method, params: one })));
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const answers = (await response.json()) as { id: number; result?: T; error?: { message: string } }[];
    for (const { result, error } of answers.sort((a, b) => a.id - b.id)) {
      if (error !== undefined && error.message !== "already known") throw new Error(`${method}: ${error.message}`);
      results.push(result as T);
    }
  }
  return results;
}
