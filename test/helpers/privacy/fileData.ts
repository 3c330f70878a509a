import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { isShort } from "./patterns.js";
import type { PersonalValue } from "./personalValues.js";
import type { Blob, Hit } from "./search.js";

/** Digits of a hash or a key, in which any short number could stand by chance; what they stand for is looked at. */
const LONG_HEX = /(?:0x)?(?=\d*[a-f])[0-9a-f]{40,}/gi;

/** Encodings within encodings that are undone: a digest in hex in a token in a string is at 3. */
const DEPTH = 4;

/** Files as bytes: their text, also in lower case, and whatever in it is in hex or base64, decoded, again and again. */
export function fileBlobs(folder: string): Blob[] {
  return filesIn(folder).flatMap((name) => {
    const where = `file ${name}`;
    return [...partsOf(readFileSync(join(folder, name), "utf8"))].flatMap((part): Blob[] => {
      if (typeof part !== "string") return [{ where, bytes: part, words: 0 }];
      const rest = part.replaceAll(LONG_HEX, "#");
      return [rest, rest.toLowerCase()].map((text) => ({ where, bytes: Buffer.from(text), words: -1, isText: true }));
    });
  });
}

/** Short values that stand in files as whole strings, encoded or not. */
export function shortValuesInFiles(folder: string, values: readonly PersonalValue[]): Hit[] {
  const short = new Map(values.filter(({ text }) => isShort(text)).map((value) => [value.text.toLowerCase(), value]));
  return filesIn(folder).flatMap((name) =>
    [...partsOf(readFileSync(join(folder, name), "utf8"))].flatMap((part) =>
      (typeof part === "string" ? stringsIn(part) : []).flatMap((string, at) => {
        const value = short.get(string.toLowerCase());
        return value === undefined
          ? []
          : [{ name: `${value.source}: ${value.text} (a string)`, where: `file ${name}`, at }];
      }),
    ),
  );
}

/** A text, the strings in it that are escaped, and what in it is encoded: bytes, and the texts that they are, likewise. */
function* partsOf(text: string, depth = DEPTH): Generator<string | Uint8Array> {
  yield text;
  if (depth === 0) return;
  const strings = [...stringsIn(text), text.trim()];
  // As they are, and with the escapes undone.
  if (text.includes("\\")) for (const string of strings) if (!text.includes(string)) yield* partsOf(string, depth - 1);
  const inHex = [...(text.match(LONG_HEX) ?? []), ...strings.filter((part) => /^0x([0-9a-f]{2})+$/i.test(part))];
  const inBase64 = strings.flatMap((part) => part.split(".")).filter((part) => /^[\w+/-]{8,}={0,2}$/.test(part));
  for (const bytes of [
    ...inHex.map((part) => Buffer.from(part.replace(/^0x/i, ""), "hex")),
    ...inBase64.map((part) => Buffer.from(part, "base64")),
  ]) {
    yield bytes;
    if (isUtf8(bytes)) yield* partsOf(bytes.toString("utf8"), depth - 1);
  }
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** All names and values in quotes, whatever the format; escapes undone where they are JSON's. */
function stringsIn(text: string): string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((quoted) => {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return quoted.slice(1, -1);
    }
  });
}
