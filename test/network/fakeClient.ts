// node --import tsx test/network/fakeClient.ts <a client's arguments>
// Stands for a Besu or GoQuorum that cannot be had here: it reads what they would be given, prints it, and serves their block 0.
import { copyFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import type { Genesis } from "../../src/network/genesis/Genesis.js";
import { genesisHeader } from "../../src/network/genesis/genesisHeader.js";

const args = process.argv.slice(2);
/** The value of an option, in either client's way to write it. */
const option = (name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ??
  (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined);

console.log(JSON.stringify([...args, `PRIVATE_CONFIG=${process.env["PRIVATE_CONFIG"] ?? ""}`]));
if (args[2] === "init") copyFileSync(args[3]!, join(option("datadir")!, "taken.json"));
else if (process.env["DIWAN_FAKE_CLIENT"] === "ends") {
  console.error("Invalid value for option '--p2p-interface'");
  process.exitCode = 3;
} else serve();

function serve(): void {
  const folder = /DataDir = "(.*)"/.exec(readFileSync(option("config") ?? option("config-file")!, "utf8"))?.[1];
  const file = option("genesis-file") ?? join(folder!, "taken.json");
  const { hash } = genesisHeader(JSON.parse(readFileSync(file, "utf8")) as Genesis);
  const key = readFileSync(option("node-private-key-file") ?? option("nodekey")!, "utf8");
  if (!/^[0-9a-f]{64}$/.test(key)) throw new Error("the node's key is not 64 hexadecimal digits");
  const shown = process.env["DIWAN_FAKE_CLIENT"] === "other block" ? `0x${"11".repeat(32)}` : hash;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () => {
      const asked = JSON.parse(body) as { id: number; method: string } | { id: number; method: string }[];
      const answer = ({ id, method }: { id: number; method: string }) => ({
        ...{ jsonrpc: "2.0", id },
        result: method === "eth_blockNumber" ? "0x0" : { hash: shown },
      });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked)));
    });
  });
  server.listen(Number(option("rpc-http-port") ?? option("http.port")), option("rpc-http-host") ?? option("http.addr"));
}
