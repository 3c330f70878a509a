import { decodeBase64, encodeBase64 } from "ethers";

import { LedgerError } from "./LedgerError.js";

/** The formats of `CompressionStream`, which Node and browsers share: "deflate" is ZLIB (RFC 1950). */
type Format = "gzip" | "deflate";

/**
 * Compresses bytes and writes them in base64url without padding.
 *
 * @example
 * ```ts
 * const encodedList = `u${await compress(bitstring, "gzip")}`;
 * ```
 */
export async function compress(bytes: Uint8Array, format: Format): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of piped(bytes, new CompressionStream(format))) chunks.push(chunk);
  return encodeBase64(joined(chunks)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Reverses `compress` for text that anyone may have made: what is larger than `maxBytes` is given up on the way.
 *
 * @throws LedgerError STATUS_LIST_MALFORMED, STATUS_LIST_TOO_LARGE
 * @example
 * ```ts
 * const bitstring = await decompress(encodedList.slice(1), "gzip", 16_777_216);
 * ```
 */
export async function decompress(text: string, format: Format, maxBytes: number): Promise<Uint8Array> {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) {
    throw new LedgerError("STATUS_LIST_MALFORMED", "the list is not base64url without padding");
  }
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));

  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of piped(bytes, new DecompressionStream(format))) {
      length += chunk.length;
      if (length > maxBytes) {
        throw new LedgerError("STATUS_LIST_TOO_LARGE", `the list is larger than ${maxBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw new LedgerError("STATUS_LIST_MALFORMED", `the list is not ${format} data`, { cause: error });
  }
  return joined(chunks);
}

/** The stream's output; by a reader, because not every browser iterates streams. */
async function* piped(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): AsyncGenerator<Uint8Array> {
  const writer = stream.writable.getWriter();
  // What fails in writing fails in reading too, and is reported there.
  writer.write(new Uint8Array(bytes)).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value as Uint8Array;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
