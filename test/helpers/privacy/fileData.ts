import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { isShort } from "./patterns.js";
import type { PersonalValue } from "./personalValues.js";
import type { Blob, Hit } from "./search.js";

/** Digits of a hash or a key, in which any short number could stand by chance; what they stand for is looked at. */
const LONG_HEX = /(?:0x)?(?=\d*[a-f])[0-9a-f]{40,}/gi;

/** Files as bytes: their text, also in lower case, and whatever in it is in hex or base64, decoded. */
export function fileBlobs(folder: string): Blob[] {
  return filesIn(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const inHex = [
      ...(text.match(LONG_HEX) ?? []),
      ...stringsIn(text).filter((part) => /^0x([0-9a-f]{2})+$/i.test(part)),
    ];
    const inBase64 = stringsIn(text).filter((part) => /^[\w+/-]{8,}={0,2}$/.test(part));
    const decoded = [
      ...inHex.map((part) => Buffer.from(part.replace(/^0x/i, ""), "hex")),
      ...inBase64.map((part) => Buffer.from(part, "base64")),
    ];
    const rest = text.replaceAll(LONG_HEX, "#");
    const where = `file ${name}`;
    return [
      { where, bytes: Buffer.from(rest), words: -1, isText: true },
      { where, bytes: Buffer.from(rest.toLowerCase()), words: -1, isText: true },
      ...decoded.map((bytes) => ({ where, bytes, words: 0 })),
    ];
  });
}

/** Short values that stand in files as whole strings. */
export function shortValuesInFiles(folder: string, values: readonly PersonalValue[]): Hit[] {
  const short = new Map(values.filter(({ text }) => isShort(text)).map((value) => [value.text.toLowerCase(), value]));
  return filesIn(folder).flatMap((name) =>
    stringsIn(readFileSync(join(folder, name), "utf8")).flatMap((string, at) => {
      const value = short.get(string.toLowerCase());
      return value === undefined
        ? []
        : [{ name: `${value.source}: ${value.text} (a string)`, where: `file ${name}`, at }];
    }),
  );
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** All names and values in quotes, whatever the format. */
function stringsIn(text: string): string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((quoted) => quoted.slice(1, -1));
}
