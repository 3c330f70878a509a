import type { HashOptions, HashResult } from "./algorithms.js";
import { createDigesters } from "./createDigesters.js";
import { HashingError } from "./HashingError.js";

/** Bytes in whatever form a program has them. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | Blob | Uint8Array;

/** Hashed without a pause: some 10 ms of work. */
const PIECE = 1 << 20;

/**
 * Hashes bytes by some functions in one pass, in the memory of one piece, in browsers and in Node: a `File` that a person
 * chose, a response's body, a stream of Node's, or bytes.
 *
 * @throws HashingError ALGORITHM_UNKNOWN; SOURCE_MALFORMED when a stream gives something else than bytes; the signal's reason
 * when it is aborted
 * @example
 * ```ts
 * const { size, digests } = await hashStream(input.files[0], { algorithms: ["sha-256", "sha3-512"] });
 * ```
 */
export async function hashStream(source: ByteSource, options: HashOptions): Promise<HashResult> {
  const { algorithms, onProgress, signal } = options;
  signal?.throwIfAborted();
  const digesters = await createDigesters(algorithms);
  const total = sizeOf(source);
  let size = 0;
  for await (const chunk of chunksOf(source)) {
    // Node's streams with an encoding give text, those in object mode anything.
    if (!(chunk instanceof Uint8Array)) throw new HashingError("SOURCE_MALFORMED", "the stream gives no bytes");
    for (let start = 0; start < chunk.length; start += PIECE) {
      const piece = chunk.subarray(start, start + PIECE);
      signal?.throwIfAborted();
      digesters.update(piece);
      size += piece.length;
      onProgress?.(size, total);
      if (chunk.length > PIECE) await breathe();
    }
  }
  signal?.throwIfAborted();
  return { size, digests: digesters.digests() };
}

function sizeOf(source: ByteSource): number | undefined {
  if (source instanceof Uint8Array) return source.length;
  return source instanceof Blob ? source.size : undefined;
}

function chunksOf(source: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  const stream = source instanceof Blob ? source.stream() : source;
  // Not every browser iterates over web streams.
  return "getReader" in stream ? readAll(stream) : stream;
}

async function* readAll(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    ended = true;
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** Lets the page or the server do something else, such as abort. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
