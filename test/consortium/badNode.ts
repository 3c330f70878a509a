import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

/** One question, as JSON-RPC puts it. */
export interface Question {
  id: unknown;
  method: string;
  params: unknown[];
}

/** How a node in front of a good one misbehaves. */
export interface Misbehaviour {
  /** What to answer in place of the good node's answer; undefined leaves that as it is. */
  answer?: (question: Question, asked: (question: Question) => Promise<unknown>) => Promise<unknown>;
  /** What to do to a request before it is passed on: its status, or nothing. */
  refuse?: () => number | "hang up" | undefined;
  /** Milliseconds before it answers. */
  delay?: number;
  /** Passes each request on twice, and gives back the second answer. */
  twice?: boolean;
}

/** A node that passes on to a good one, and misbehaves as it is told. */
export interface BadNode {
  readonly url: string;
  behave(how: Misbehaviour): void;
  close(): Promise<void>;
}

/** Starts it, in front of a good node. */
export async function startBadNode(good: string): Promise<BadNode> {
  let how: Misbehaviour = {};
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  const pass = async (body: string): Promise<unknown> => {
    const answer = await fetch(good, { method: "POST", body, headers: { "content-type": "application/json" } });
    return answer.json();
  };
  const askGood = async (question: Question): Promise<unknown> => {
    const { result } = (await pass(JSON.stringify({ jsonrpc: "2.0", ...question }))) as { result?: unknown };
    return result;
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const part of request) body += String(part);
    const { answer, refuse, delay = 0, twice = false } = how;
    const refusal = refuse?.();
    if (delay > 0) await setTimeout(delay);
    if (refusal === "hang up") {
      response.destroy();
      return;
    }
    if (refusal !== undefined) {
      response.writeHead(refusal).end("no");
      return;
    }
    if (twice) await pass(body);
    const asked = JSON.parse(body) as Question | Question[];
    const one = async (question: Question): Promise<unknown> => {
      const own = await answer?.(question, askGood);
      if (own !== undefined) return { jsonrpc: "2.0", id: question.id, result: own };
      return pass(JSON.stringify(question));
    };
    const answers = Array.isArray(asked) ? await Promise.all(asked.map(one)) : await one(asked);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers));
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    behave: (next) => {
      how = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
