import type { TextStorage } from "../../src/voting/election/storageJournal.js";

/** What a browser keeps for a page, without the browser. */
export function textStorage(): TextStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value);
    },
  };
}
