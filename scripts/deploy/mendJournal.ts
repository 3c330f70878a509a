import type { SignedTransaction } from "./signedFolder.js";

/** A line of Ignition's journal, as far as it is looked at here. */
interface Line {
  type: string;
  futureId?: string;
  networkInteractionId?: number;
  nonce?: number;
}

/** Ignition's own way of writing a gas price of 0. */
const FREE = { gasPrice: { _kind: "bigint", value: "0" } };

/**
 * Makes an Ignition journal whole that a killed process left. Ignition writes down that it is going to send, sends, and
 * writes down the hash; killed in between, it refuses to go on, since it cannot tell whether anything was sent. What was
 * signed tells: with bytes for the nonce their hash is added, without any nothing was sent, and the announcement goes.
 * A last line that was cut off goes too.
 *
 * @param text The journal, a JSON object a line.
 * @returns The journal made whole; the same text when it is.
 */
export function mendJournal(text: string, signed: readonly SignedTransaction[]): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && !isJson(lines.at(-1)!)) lines.pop();
  const parsed = lines.map((line) => JSON.parse(line) as Line);
  const isOf = (line: Line, { futureId, networkInteractionId }: Line) =>
    line.futureId === futureId && line.networkInteractionId === networkInteractionId;
  const kept: string[] = [];
  const added: string[] = [];
  for (const [i, line] of parsed.entries()) {
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

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
