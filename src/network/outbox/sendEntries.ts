import type { RpcAnswer } from "../rpc/callNode.js";
import type { Nodes, RpcNode } from "../rpc/openNodes.js";
import { judgeRefusal } from "./judgeRefusal.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/** What came of sending: taken by a node, refused by all of them for good, to be sent again, or not sent. */
export interface SendResult {
  readonly outcome: "taken" | "never" | "later" | "unsent";
  /** The node's words, where it refused. */
  readonly reason: string | null;
}

/** Nodes and proxies limit how many calls one request may hold, and how much: a mebibyte, the strictest that are usual. */
const AT_ONCE = 50;
const CHARACTERS_AT_ONCE = 500_000;

/**
 * Sends the bytes of writes, in their order, through the first node that answers. What a node refuses for good is offered to
 * every other node, and counts as refused when all that answer say so.
 *
 * @param isDue Asked again before each request: what was given up meanwhile is not sent.
 * @returns What came of each, in their order; after the first "later" the rest may be missing.
 * @throws NetworkError RPC_UNREACHABLE, RPC_WRONG_CHAIN, when no node answers.
 * @example
 * ```ts
 * const [{ outcome }] = await sendEntries(nodes, [entry]);
 * ```
 */
export async function sendEntries(
  nodes: Nodes,
  entries: readonly OutboxEntry[],
  isDue: (entry: OutboxEntry) => boolean = () => true,
): Promise<SendResult[]> {
  const results: SendResult[] = [];
  for (const part of inRequests(entries)) {
    const { node, answers } = await nodes.ask(async (node) => {
      const some = part.filter(isDue);
      const told = some.length === 0 ? [] : await sendTo(node, some);
      return { node, answers: new Map(some.map((entry, i) => [entry, told[i]!])) };
    });
    for (const entry of part) {
      const answer = answers.get(entry);
      const result: SendResult = answer === undefined ? { outcome: "unsent", reason: null } : resultOf(entry, answer);
      results.push(result.outcome === "never" ? await offerOthers(nodes, node, entry, result) : result);
    }
    if (results.some(({ outcome }) => outcome === "later")) break;
  }
  return results;
}

/** Offers the bytes of writes to every node: one may have taken them and kept them to itself. What they say counts for nothing. */
export async function sendEverywhere(
  nodes: Nodes,
  entries: readonly OutboxEntry[],
  isDue: (entry: OutboxEntry) => boolean = () => true,
): Promise<void> {
  for (const node of await nodes.usable()) {
    for (const part of inRequests(entries)) {
      const some = part.filter(isDue);
      if (some.length > 0) await sendTo(node, some).catch(() => undefined);
    }
  }
}

/** The entries in parts, none of which is too many calls or, unless it is one call, too long for a request. */
function inRequests(entries: readonly OutboxEntry[]): OutboxEntry[][] {
  const parts: OutboxEntry[][] = [];
  let characters = 0;
  for (const entry of entries) {
    const part = parts.at(-1);
    const fits = part !== undefined && part.length < AT_ONCE && characters + entry.raw.length <= CHARACTERS_AT_ONCE;
    if (fits) part.push(entry);
    else parts.push([entry]);
    characters = entry.raw.length + (fits ? characters : 0);
  }
  return parts;
}

function sendTo(node: RpcNode, entries: readonly OutboxEntry[]): Promise<RpcAnswer[]> {
  return node.callAll(entries.map(({ raw }) => ({ method: "eth_sendRawTransaction", params: [raw] })));
}

function resultOf({ hash }: OutboxEntry, answer: RpcAnswer): SendResult {
  if ("result" in answer) {
    if (answer.result === hash) return { outcome: "taken", reason: null };
    return { outcome: "later", reason: `the node took it as ${String(answer.result)}` };
  }
  const reason = answer.refusal.message;
  const judgment = judgeRefusal(reason);
  return judgment === "known" ? { outcome: "taken", reason: null } : { outcome: judgment, reason };
}

/** One node may have other limits than the rest, or lie. */
async function offerOthers(nodes: Nodes, first: RpcNode, entry: OutboxEntry, never: SendResult): Promise<SendResult> {
  for (const node of await nodes.usable()) {
    if (node === first) continue;
    const [answer] = await sendTo(node, [entry]).catch(() => []);
    const result = answer === undefined ? never : resultOf(entry, answer);
    if (result.outcome !== "never") return result;
  }
  return never;
}
