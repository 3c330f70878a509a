import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { HOST } from "../../scripts/console/obstacles.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";

/** A node behind HTTP, of this process. */
export interface RpcServer {
  url: string;
  close(): Promise<void>;
}

/** Serves what a test has made of a node; where `send` never ends, nothing is answered. */
export async function serveRpc(node: JsonRpc): Promise<RpcServer> {
  const server = createServer((request, response) => {
    void json(request).then(async (asked) => {
      const { id, method, params } = asked as { id: number; method: string; params: unknown[] };
      const told = await node.send(method, params).then(
        (result) => ({ result }),
        (error: unknown) => ({ error: { code: -32_603, message: String(error) } }),
      );
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...told }));
    });
  }).listen(0, HOST);
  await once(server, "listening");
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
