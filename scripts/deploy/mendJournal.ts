import type { SignedTransaction } from "./signedFolder.js";

/** A line of Ignition's journal, as far as it is looked at here. */
interface Line {
  type: string;
  /** How a future ended; Ignition goes on after a success alone. */
  result?: { type: string };
  futureId?: string;
  networkInteractionId?: number;
  nonce?: number;
}

/** Where a future needs no transaction, its first line is its last. */
const AT_ONCE = /^(CONTRACT_AT|READ_EVENT_ARGUMENT|ENCODE_FUNCTION_CALL)_EXECUTION_STATE_INITIALIZE$/;

/** Ignition's own way of writing a gas price of 0. */
const FREE = { gasPrice: { _kind: "bigint", value: "0" } };

/**
 * Makes an Ignition journal whole that a killed process left. Ignition writes down that it is going to send, sends, and
 * writes down the hash; killed in between, it refuses to go on, since it cannot tell whether anything was sent. What was
 * signed tells: with bytes for the nonce their hash is added, without any nothing was sent, and the announcement goes.
 * A last line that was cut off goes too. Of a batch of which only a part was over, nothing is left as over: Ignition would
 * make new batches of what remains, in another order, and contracts would stand at other addresses than without the break.
 *
 * @param text The journal, a JSON object a line.
 * @param batches The ids of the module's futures, in the batches that Ignition makes of them when nothing is deployed yet.
 * @returns The journal made whole; the same text when it is.
 */
export function mendJournal(
  text: string,
  signed: readonly SignedTransaction[],
  batches: readonly (readonly string[])[],
): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && !isJson(lines.at(-1)!)) lines.pop();
  const parsed = lines.map((line) => JSON.parse(line) as Line);
  const isReopened = reopen(parsed, batches);
  const isOf = (line: Line, { futureId, networkInteractionId }: Line) =>
    line.futureId === futureId && line.networkInteractionId === networkInteractionId;
  const kept: string[] = [];
  const added: string[] = [];
  for (const [i, line] of parsed.entries()) {
    if (isReopened(line)) continue;
    const isOpen =
      line.type === "TRANSACTION_PREPARE_SEND" &&
      !parsed.slice(i).some((later) => later.type === "TRANSACTION_SEND" && isOf(later, line));
    const bytes = isOpen ? signed.find(({ nonce }) => nonce === line.nonce) : undefined;
    if (!isOpen || bytes !== undefined) kept.push(lines[i]!);
    if (bytes === undefined) continue;
    const { futureId, networkInteractionId, nonce } = line;
    const transaction = { fees: FREE, hash: bytes.hash };
    added.push(JSON.stringify({ futureId, networkInteractionId, nonce, transaction, type: "TRANSACTION_SEND" }));
  }
  const mended = [...kept, ...added];
  return mended.join("\n") === lines.join("\n") && text.trim() === lines.join("\n").trim()
    ? text
    : mended.map((line) => `\n${line}`).join("");
}

/**
 * Tells which lines must go for the batch that was broken off to be whole again. A future that sent something stays as sent, and
 * Ignition looks for its receipt; one that sends nothing goes, and is done again.
 */
function reopen(lines: readonly Line[], batches: readonly (readonly string[])[]): (line: Line) => boolean {
  const over = new Set(lines.filter(isEnd).map(({ futureId }) => futureId));
  const broken = new Set<string | undefined>(batches.find((batch) => batch.some((id) => !over.has(id))));
  const sent = new Set(lines.filter(({ type }) => type === "TRANSACTION_SEND").map(({ futureId }) => futureId));
  return (line) =>
    broken.has(line.futureId) &&
    over.has(line.futureId) &&
    (!sent.has(line.futureId) || isEnd(line) || line.type === "TRANSACTION_CONFIRM");
}

/** Whether it is the line by which a future is over, and well. */
function isEnd({ type, result }: Line): boolean {
  return AT_ONCE.test(type) || (type.endsWith("_EXECUTION_STATE_COMPLETE") && result?.type === "SUCCESS");
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
