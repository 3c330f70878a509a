import type { EventCache, EventSegment } from "./readEvents.js";

/**
 * Keeps events for as long as the program runs: for browsers, and for services that read again and again.
 *
 * @example
 * ```ts
 * const cache = memoryEventCache();
 * const events = await readEvents(provider, filter, { fromBlock, cache });
 * ```
 */
export function memoryEventCache(): EventCache {
  const kept = new Map<string, EventSegment[]>();
  return {
    load(key) {
      return Promise.resolve([...(kept.get(key) ?? [])]);
    },
    append(key, segment) {
      kept.set(key, [...(kept.get(key) ?? []), segment]);
      return Promise.resolve();
    },
    truncate(key, count) {
      kept.set(key, (kept.get(key) ?? []).slice(0, count));
      return Promise.resolve();
    },
  };
}
