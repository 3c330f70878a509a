import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { getAddress } from "ethers";

import { VotingError } from "../VotingError.js";
import type { RollEntry } from "./roll.js";

/** A roll's file. */
export interface RollFile {
  readonly bytes: Uint8Array;
  /** Its SHA-256, the `file` of a roll: 32 bytes in hexadecimal, with 0x. */
  readonly hash: string;
}

const TYPE = "diwan/roll/v1";
const MOST_BYTES = 512 * 2 ** 20;

/**
 * Writes a roll's file: `{"type":"diwan/roll/v1","entries":[[slotKey,voter,weight],…]}`, in UTF-8 with a line an entry; slots in
 * lower case, addresses with their checksum, weights as decimal strings. Equal rolls have equal files.
 *
 * @param entries The entries, in the order of the tree.
 * @throws VotingError ROLL_FILE_MALFORMED when an entry can't be written
 * @example
 * ```ts
 * const { bytes, hash } = serializeRoll(roll.entries);
 * ```
 */
export function serializeRoll(entries: readonly RollEntry[]): RollFile {
  const lines = entries.map(({ slotKey, voter, weight }, i) => {
    const fits =
      /^0x[0-9a-f]{64}$/i.test(slotKey) && /^0x[0-9a-f]{40}$/i.test(voter) && weight > 0n && weight < 2n ** 64n;
    if (!fits) throw malformed(`entry ${i} is malformed`);
    return JSON.stringify([slotKey.toLowerCase(), getAddress(voter.toLowerCase()), String(weight)]);
  });
  const bytes = utf8ToBytes(`{"type":${JSON.stringify(TYPE)},"entries":[\n${lines.join(",\n")}\n]}\n`);
  return { bytes, hash: `0x${bytesToHex(sha256(bytes))}` };
}

/**
 * Reads a roll's file. Only the one form that `serializeRoll` writes is taken, so no two files stand for one roll and nothing
 * hides in one. `buildRoll` then checks the roll itself.
 *
 * @param bytes The file, from anywhere.
 * @param expected Its SHA-256, as the election has it.
 * @throws VotingError ROLL_FILE_MALFORMED
 * @example
 * ```ts
 * const roll = buildRoll(parseRoll(bytes, event.args.file), { minimum });
 * ```
 */
export function parseRoll(bytes: Uint8Array, expected?: string): RollEntry[] {
  if (bytes.length > MOST_BYTES) throw malformed("the file is too large");
  if (expected !== undefined && `0x${bytesToHex(sha256(bytes))}` !== expected.toLowerCase()) {
    throw malformed("its hash is not the expected one");
  }
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw malformed("it is no JSON in UTF-8", { cause: error });
  }
  const { type, entries } = (content ?? {}) as { type?: unknown; entries?: unknown };
  if (type !== TYPE || !Array.isArray(entries)) throw malformed(`it is no file of the type ${TYPE}`);
  const read = entries.map(entryOf);
  const written = serializeRoll(read).bytes;
  const isSame = written.length === bytes.length && written.every((byte, i) => byte === bytes[i]);
  if (!isSame) throw malformed("it is written in another form");
  return read;
}

function entryOf(entry: unknown, i: number): RollEntry {
  if (!Array.isArray(entry) || entry.length !== 3) throw malformed(`entry ${i} has not three parts`);
  const [slotKey, voter, weight] = entry as unknown[];
  const isText = typeof slotKey === "string" && typeof voter === "string" && typeof weight === "string";
  if (!isText || !/^[1-9][0-9]{0,19}$/.test(weight)) throw malformed(`entry ${i} is malformed`);
  return { slotKey, voter, weight: BigInt(weight) };
}

function malformed(message: string, options?: ErrorOptions): VotingError {
  return new VotingError("ROLL_FILE_MALFORMED", `the roll's file cannot be read: ${message}`, options);
}
