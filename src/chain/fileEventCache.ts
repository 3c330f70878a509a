import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { EventCache, EventSegment } from "./readEvents.js";

/**
 * Keeps events in a folder, a file a key and a line a segment, for Node alone. A line that a crash cut short is dropped
 * with what follows it. One process at a time may use a folder.
 *
 * @param folder Made when the first segment is kept.
 * @example
 * ```ts
 * const cache = fileEventCache("out/events");
 * const events = await readEvents(provider, filter, { fromBlock, cache });
 * ```
 */
export function fileEventCache(folder: string): EventCache {
  const path = (key: string) => join(folder, `${key}.ndjson`);

  /** All or nothing: a reader sees the old file or the new one. */
  async function replace(key: string, segments: readonly EventSegment[]): Promise<void> {
    const lines = segments.map((segment) => `${JSON.stringify(segment)}\n`).join("");
    await writeFile(`${path(key)}.new`, lines);
    await rename(`${path(key)}.new`, path(key));
  }

  async function load(key: string): Promise<EventSegment[]> {
    const text = await readFile(path(key), "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw error;
    });
    const segments = parseSegments(text);
    const isWhole = text === "" || (text.endsWith("\n") && segments.length === text.split("\n").length - 1);
    if (!isWhole) await replace(key, segments);
    return segments;
  }

  return {
    load,
    async append(key, segment) {
      await mkdir(folder, { recursive: true });
      await appendFile(path(key), `${JSON.stringify(segment)}\n`);
    },
    async truncate(key, count) {
      await replace(key, (await load(key)).slice(0, count));
    },
  };
}

/** The segments up to the first line that is no segment or does not follow the one before. */
function parseSegments(text: string): EventSegment[] {
  const segments: EventSegment[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const segment = parseSegment(line);
    const last = segments.at(-1);
    if (segment === undefined || (last !== undefined && segment.fromBlock !== last.toBlock + 1)) break;
    segments.push(segment);
  }
  return segments;
}

function parseSegment(line: string): EventSegment | undefined {
  try {
    const segment = JSON.parse(line) as Partial<EventSegment> | null;
    const { fromBlock, toBlock, toBlockHash, events } = segment ?? {};
    const isSegment =
      Number.isSafeInteger(fromBlock) &&
      Number.isSafeInteger(toBlock) &&
      typeof toBlockHash === "string" &&
      Array.isArray(events);
    return isSegment ? (segment as EventSegment) : undefined;
  } catch {
    return undefined;
  }
}
