import { encodeBase64, toUtf8Bytes } from "ethers";

import { NetworkError } from "../NetworkError.js";
import { hostOf } from "./hostOf.js";
import { RpcRefusal } from "./RpcRefusal.js";

/** A call of JSON-RPC. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a node answered to a call: a result, or that it refuses. */
export type RpcAnswer = { readonly result: unknown } | { readonly refusal: RpcRefusal };

/** How long to wait, and whether several calls may go in one request. */
export interface CallNodeOptions {
  /** Milliseconds for the whole request; 10,000, if left out. */
  readonly timeoutMs?: number;
  /** False sends one call a request, for nodes and proxies that know no batches. */
  readonly inOne?: boolean;
}

/** The code that nodes use for "too many requests", and Besu for a range of blocks that is too long. */
const LIMIT_EXCEEDED = -32005;
const TIMEOUT_MS = 10_000;

/**
 * Asks a node by HTTP. A node that does not answer, answers in another language, has no time (429, 502, …), or whose
 * answer misses a call is unreachable: another may be asked. One that refuses a call has answered.
 *
 * @param url The node; a user and password in it are sent as HTTP's basic authentication.
 * @param calls What is asked; a node works on them in this order.
 * @returns An answer to each call, in the calls' order.
 * @throws NetworkError RPC_UNREACHABLE.
 * @example
 * ```ts
 * const [answer] = await callNode("http://127.0.0.1:8545", [{ method: "eth_chainId", params: [] }]);
 * ```
 */
export async function callNode(
  url: string,
  calls: readonly RpcCall[],
  { timeoutMs = TIMEOUT_MS, inOne = true }: CallNodeOptions = {},
): Promise<RpcAnswer[]> {
  if (calls.length === 0) return [];
  if (calls.length > 1 && inOne) return readBatch(url, calls, await post(url, calls.map(encode), timeoutMs));
  const answers: RpcAnswer[] = [];
  for (const [id, call] of calls.entries()) {
    answers.push(readAnswer(url, call, id, await post(url, encode(call, id), timeoutMs)));
  }
  return answers;
}

function encode({ method, params }: RpcCall, id: number): object {
  return { jsonrpc: "2.0", id, method, params };
}

async function post(url: string, body: object, timeoutMs: number): Promise<unknown> {
  const { address, headers } = splitAddress(url);
  let status: number;
  let text: string;
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw unreachable(url, reasonOf(error), error);
  }
  // Some nodes send refusals with 400; all else is not the node's word, but a proxy's.
  if (status !== 200 && status !== 400) throw unreachable(url, `HTTP ${status}`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreachable(url, "its answer is no JSON", error);
  }
}

/** `fetch` takes no address with a user or password in it, and repeats it where it says so: they go into a header. */
function splitAddress(url: string): { address: string; headers: Record<string, string> } {
  if (!URL.canParse(url)) throw unreachable(url, "its address is no URL");
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address: url, headers: {} };
  Object.assign(address, { username: "", password: "" });
  const credentials = encodeBase64(toUtf8Bytes(`${decode(username)}:${decode(password)}`));
  return { address: address.href, headers: { authorization: `Basic ${credentials}` } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a "%" of its own
  }
}

function readBatch(url: string, calls: readonly RpcCall[], body: unknown): RpcAnswer[] {
  if (!Array.isArray(body)) throw unreachable(url, "it does not answer several calls in one request");
  const byId = new Map(body.map((answer: unknown) => [idOf(answer), answer]));
  return calls.map((call, id) => readAnswer(url, call, id, byId.get(id)));
}

function idOf(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null && "id" in answer ? answer.id : undefined;
}

function readAnswer(url: string, { method }: RpcCall, id: number, answer: unknown): RpcAnswer {
  if (typeof answer !== "object" || answer === null || idOf(answer) !== id) {
    throw unreachable(url, `it does not answer ${method}`);
  }
  if ("error" in answer && answer.error !== null && answer.error !== undefined) {
    const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown };
    if (code === LIMIT_EXCEEDED && !/range/i.test(String(message))) throw unreachable(url, String(message));
    return { refusal: new RpcRefusal(Number(code), String(message), data) };
  }
  if (!("result" in answer)) throw unreachable(url, `its answer to ${method} holds no result`);
  return { result: answer.result };
}

function unreachable(url: string, reason: string, cause?: unknown): NetworkError {
  return new NetworkError("RPC_UNREACHABLE", `${hostOf(url)} cannot be used: ${reason}`, { cause });
}

/** What fetch says itself is "fetch failed"; the reason lies beneath. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return message;
}
