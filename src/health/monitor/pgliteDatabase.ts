import { HealthError } from "../HealthError.js";
import { cursorPages } from "./cursorPages.js";
import type { SqlDatabase, SqlRow, SqlTransaction } from "./SqlDatabase.js";

/** The part of PGlite (`@electric-sql/pglite` 0.5) that is used: an instance of it fits. */
export interface PGliteConnection {
  transaction<T>(work: (transaction: unknown) => Promise<T>): Promise<T | undefined>;
  runExclusive<T>(work: () => Promise<T>): Promise<T>;
  execProtocolRawStream(
    message: Uint8Array,
    options: { syncToFs?: boolean; onRawData: (bytes: Uint8Array) => void },
  ): Promise<void>;
}

/** Messages of PostgreSQL's protocol, version 3 (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const MESSAGE = { parse: "P", bind: "B", describe: "D", execute: "E", sync: "S" } as const;
const ANSWER = { columns: 0x54, row: 0x44, error: 0x45 } as const;
const HEADER_BYTES = 5;
const BYTEA = 17;
/**
 * Makes an embedded PostgreSQL (PGlite) known to the integrity monitor, for Node alone. It speaks the wire protocol, since
 * PGlite's own `query` asks for values as text and builds an object for each: a record's bytes would come in hex, and take ten times as long.
 *
 * @param connection An instance of PGlite; the caller closes it.
 * @throws HealthError DATABASE_REFUSES, from statements that fail.
 * @example
 * ```ts
 * const pglite = await PGlite.create("./hospital");
 * const report = await monitorRecords({ database: pgliteDatabase(pglite), provider: 7, chain, keyOf });
 * ```
 */
export function pgliteDatabase(connection: PGliteConnection): SqlDatabase {
  const runInto = (memory: AnswerMemory, text: string, values: readonly string[] = []) =>
    connection.runExclusive(async () => {
      return decodeAnswer(await readAnswer(connection, encodeStatement(text, values), memory));
    });
  const query: SqlTransaction["query"] = (text, values) => runInto({ bytes: Buffer.alloc(0) }, text, values);
  const pages: SqlTransaction["pages"] = (text) => {
    // Each page takes the place of the one before: memory made anew for each would be paid for with garbage collection.
    const memory: AnswerMemory = { bytes: Buffer.alloc(0) };
    // Asked for ahead it would come no sooner: PGlite works in this thread.
    return cursorPages(query, (fetch) => runInto(memory, fetch), text, false);
  };
  const sql: SqlTransaction = { query, pages };
  return {
    transaction: async <T>(work: (sql: SqlTransaction) => Promise<T>) => {
      const done = await connection.transaction(async () => ({ result: await work(sql) }));
      // PGlite gives nothing back where the work itself ended the transaction, which nothing here does.
      return done!.result;
    },
  };
}

/** Where an answer is put. */
interface AnswerMemory {
  bytes: Buffer;
}

async function readAnswer(connection: PGliteConnection, message: Uint8Array, memory: AnswerMemory): Promise<Buffer> {
  let length = 0;
  await connection.execProtocolRawStream(message, {
    // Nothing is written.
    syncToFs: false,
    onRawData: (bytes) => {
      // The bytes are PGlite's memory, which the next ones overwrite.
      if (length + bytes.length > memory.bytes.length) {
        const larger = Buffer.allocUnsafeSlow(2 * (length + bytes.length));
        larger.set(memory.bytes.subarray(0, length));
        memory.bytes = larger;
      }
      memory.bytes.set(bytes, length);
      length += bytes.length;
    },
  });
  return memory.bytes.subarray(0, length);
}

/** Parse, bind, describe, execute and sync in one: parameters as text, and all columns of the answer in binary. */
function encodeStatement(text: string, values: readonly string[]): Uint8Array {
  const parameters = values.flatMap((value) => {
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return Buffer.concat([
    ...message(MESSAGE.parse, cString(""), cString(text), int16(0)),
    ...message(
      MESSAGE.bind,
      cString(""),
      cString(""),
      int16(0),
      int16(values.length),
      ...parameters,
      int16(1),
      int16(1),
    ),
    ...message(MESSAGE.describe, cString("P")),
    ...message(MESSAGE.execute, cString(""), int32(0)),
    ...message(MESSAGE.sync),
  ]);
}

function decodeAnswer(answer: Buffer): SqlRow[] {
  const rows: SqlRow[] = [];
  let isBytes: boolean[] = [];
  let failure: string | undefined;
  for (let at = 0; at < answer.length;) {
    const end = at + 1 + answer.readInt32BE(at + 1);
    if (answer[at] === ANSWER.row) rows.push(decodeRow(answer, at + HEADER_BYTES, isBytes));
    else if (answer[at] === ANSWER.columns) isBytes = decodeColumns(answer, at + HEADER_BYTES);
    else if (answer[at] === ANSWER.error) failure ??= decodeError(answer.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  if (failure !== undefined) throw new HealthError("DATABASE_REFUSES", failure);
  return rows;
}

/** Which columns are bytes: each is described by its name, six bytes on where it is from, its type, and eight bytes more. */
function decodeColumns(answer: Buffer, start: number): boolean[] {
  const isBytes: boolean[] = [];
  let at = start + 2;
  for (let left = answer.readInt16BE(start); left > 0; left--) {
    at = answer.indexOf(0, at) + 1 + 6;
    isBytes.push(answer.readInt32BE(at) === BYTEA);
    at += 12;
  }
  return isBytes;
}

function decodeRow(answer: Buffer, start: number, isBytes: readonly boolean[]): SqlRow {
  let at = start + 2;
  return isBytes.map((bytes) => {
    const length = answer.readInt32BE(at);
    const from = at + 4;
    at = from + Math.max(0, length);
    if (length < 0) return null;
    return bytes ? answer.subarray(from, at) : answer.toString("utf8", from, at);
  });
}

/** Fields of an error are a letter and text each: M is the message, C the code of SQL. */
function decodeError(fields: Buffer): string {
  const texts = new Map(
    fields
      .toString()
      .split("\0")
      .map((field) => [field[0], field.slice(1)]),
  );
  return `${texts.get("M") ?? "the database gave no reason"} (${texts.get("C") ?? "no code"})`;
}

function message(code: string, ...parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return [Buffer.from(code), int32(length), ...parts];
}

function cString(text: string): Uint8Array {
  return Buffer.from(`${text}\0`);
}

function int16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
