import { sha256, toUtf8Bytes } from "ethers";

import { VerifierError } from "./VerifierError.js";

/** A roll as it was published: who may vote, in order. */
export interface RollFile {
  readonly entries: readonly { readonly slotKey: string; readonly voter: string; readonly weight: bigint }[];
  /** SHA-256 of the file. */
  readonly hash: string;
}

/**
 * Reads a roll's file: a JSON array of `{"slotKey": "0x…", "voter": "0x…", "weight": "1"}`, in the order of the tree's leaves.
 *
 * @throws VerifierError ROLL_MALFORMED
 * @example
 * ```ts
 * const report = await verifyElection(transcript, { roll: parseRoll(readFileSync(file, "utf8")) });
 * ```
 */
export function parseRoll(text: string): RollFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new VerifierError("ROLL_MALFORMED", "the roll is no JSON", { cause });
  }
  const { type, entries } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== "diwan/roll/v1" || !Array.isArray(entries)) {
    throw new VerifierError("ROLL_MALFORMED", "the file is no roll of the type diwan/roll/v1");
  }
  return { entries: entries.map(parseEntry), hash: sha256(toUtf8Bytes(text)) };
}

function parseEntry(value: unknown, place: number) {
  const [slotKey, voter, weight, ...rest] = Array.isArray(value) ? (value as unknown[]) : [];
  const isEntry =
    typeof slotKey === "string" &&
    /^0x[0-9a-f]{64}$/i.test(slotKey) &&
    typeof voter === "string" &&
    /^0x[0-9a-f]{40}$/i.test(voter) &&
    typeof weight === "string" &&
    /^[1-9][0-9]{0,19}$/.test(weight) &&
    rest.length === 0;
  if (!isEntry) throw new VerifierError("ROLL_MALFORMED", `entry ${place} of the roll has no slot, voter and weight`);
  return { slotKey: slotKey.toLowerCase(), voter: voter.toLowerCase(), weight: BigInt(weight) };
}
