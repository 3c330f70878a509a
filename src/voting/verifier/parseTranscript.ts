import { TRANSCRIPT_FORMAT, type Transcript, type TranscriptCall } from "./Transcript.js";
import type { TranscriptLog } from "./electionEvents.js";
import { VerifierError } from "./VerifierError.js";

const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;
const BYTES = /^0x(?:[0-9a-f]{2})*$/;
/** At most 77 digits: below 2^256. */
const NUMBER = /^(?:0|[1-9][0-9]{0,76})$/;
const MOST_TOPICS = 4;

/**
 * Reads a transcript that somebody else wrote: no member may be missing, added, or of another kind. Hexadecimal is lower case.
 *
 * @throws VerifierError TRANSCRIPT_MALFORMED
 * @example
 * ```ts
 * const report = await verifyElection(parseTranscript(readFileSync(file, "utf8")));
 * ```
 */
export function parseTranscript(text: string): Transcript {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new VerifierError("TRANSCRIPT_MALFORMED", "the transcript is no JSON", { cause });
  }
  const own = members(value, "transcript", [
    ...["format", "chainId", "factory", "election", "trustees", "electionCode", "trusteesCode"],
    ...["block", "blockHash", "time", "wallets", "logs", "calls"],
  ]);
  if (own["format"] !== TRANSCRIPT_FORMAT) refuse("format", `is not ${TRANSCRIPT_FORMAT}`);
  return {
    format: TRANSCRIPT_FORMAT,
    chainId: string(own, "chainId", NUMBER),
    factory: string(own, "factory", ADDRESS),
    election: string(own, "election", ADDRESS),
    trustees: string(own, "trustees", ADDRESS),
    electionCode: string(own, "electionCode", BYTES),
    trusteesCode: string(own, "trusteesCode", BYTES),
    block: count(own, "block"),
    blockHash: string(own, "blockHash", HASH),
    time: count(own, "time"),
    wallets: addresses(own["wallets"], "wallets"),
    logs: list(own["logs"], "logs").map(parseLog),
    calls: list(own["calls"], "calls").map(parseCall),
  };
}

function addresses(value: unknown, path: string): string[] {
  const all = list(value, path);
  return all.map((_, i) => string(all, i, ADDRESS, path));
}

function parseLog(value: unknown, place: number): TranscriptLog {
  const path = `logs[${place}]`;
  const own = members(value, path, ["address", "topics", "data", "blockNumber", "index", "transactionHash", "time"]);
  const topics = list(own["topics"], `${path}.topics`);
  if (topics.length > MOST_TOPICS) refuse(`${path}.topics`, "are more than four");
  return {
    address: string(own, "address", ADDRESS, path),
    topics: topics.map((_, i) => string(topics, i, HASH, `${path}.topics`)),
    data: string(own, "data", BYTES, path),
    blockNumber: count(own, "blockNumber", path),
    index: count(own, "index", path),
    transactionHash: string(own, "transactionHash", HASH, path),
    time: count(own, "time", path),
  };
}

function parseCall(value: unknown, place: number): TranscriptCall {
  const path = `calls[${place}]`;
  const own = members(value, path, ["transactionHash", "to", "input"]);
  return {
    transactionHash: string(own, "transactionHash", HASH, path),
    to: string(own, "to", ADDRESS, path),
    input: string(own, "input", BYTES, path),
  };
}

function members(value: unknown, path: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, "is no object");
  const own = Object.keys(value);
  const strange = own.find((name) => !names.includes(name));
  if (strange !== undefined) refuse(path, `has a strange member, ${JSON.stringify(strange.slice(0, 40))}`);
  const missing = names.find((name) => !own.includes(name));
  if (missing !== undefined) refuse(path, `lacks ${missing}`);
  return value as Record<string, unknown>;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) return refuse(path, "is no list");
  return value;
}

function string(
  of: Readonly<Record<string, unknown>> | readonly unknown[],
  name: string | number,
  pattern: RegExp,
  path = "transcript",
): string {
  const value = (of as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== "string" || !pattern.test(value)) refuse(`${path}.${name}`, `does not match ${pattern.source}`);
  return value;
}

function count(of: Readonly<Record<string, unknown>>, name: string, path = "transcript"): number {
  const value = of[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0) refuse(`${path}.${name}`, "is no whole number");
  return value as number;
}

function refuse(path: string, problem: string): never {
  throw new VerifierError("TRANSCRIPT_MALFORMED", `${path} ${problem}`);
}
