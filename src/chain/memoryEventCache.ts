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
    async load(key) {
      return [...(kept.get(key) ?? [])];
    },
    async append(key, segment) {
      kept.set(key, [...(kept.get(key) ?? []), segment]);
    },
    async truncate(key, count) {
      kept.set(key, (kept.get(key) ?? []).slice(0, count));
    },
  };
}
