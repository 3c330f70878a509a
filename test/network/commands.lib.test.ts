import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { runScript } from "../../scripts/tooling/run-command.js";

import { NETWORK_MANIFEST_SCHEMA } from "../../src/network/manifest/NetworkManifest.js";

import { serveEdr } from "./edrServer.js";
import type { RpcServer } from "./serveRpc.js";

/** Nobody listens there. */
const NOBODY = "http://127.0.0.1:9";
const NODE = `0x${"12".repeat(20)}`;
const [RBB, FIVE] = [
  ["--network", "rbb"],
  ["--expect-chain-id", "5"],
];
const LOCAL = ["--parameters", "ignition/parameters/local.json"];

/** A node before another, which refuses a method as a permissioned Besu does. */
async function refusing(good: string, method: string) {
  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const part of request.setEncoding("utf8")) body += part as string;
      const { id, method: asked } = JSON.parse(body) as { id: number; method: string };
      const error = { code: -32_007, message: "Sender account not authorized to send transactions" };
      if (asked === method) return JSON.stringify({ jsonrpc: "2.0", id, error });
      const headers = { "content-type": "application/json" };
      return (await fetch(good, { method: "POST", headers, body })).text();
    })().then((text) => response.end(text));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

describe("npm run preflight, deploy and manifest", () => {
  let server: RpcServer;

  before(async () => {
    server = await serveEdr();
  });
  after(() => server.close());

  const cases: readonly (readonly [number, RegExp, string, () => string[]])[] = [
    [0, /^OK {4}Chain/m, "preflight", () => ["--rpc", server.url, "--expect-chain-id", "31337"]],
    [0, /"ok": true/, "preflight", () => ["--network", "local", "--rpc", server.url, "--json"]],
    [1, /^FAIL {2}Chain/m, "preflight", () => ["--network", "rbb", "--rpc", server.url]],
    [2, /--network or --rpc is missing/, "preflight", () => []],
    [2, /takes one of local/, "preflight", () => ["--network", "mainnet"]],
    [2, /127\.0\.0\.1:9 cannot be used/, "preflight", () => ["--rpc", NOBODY]],
    [0, /Exit codes/, "manifest", () => ["--help"]],
    [2, /verify or show/, "manifest", () => ["publish", "x"]],
    [2, /cannot be read/, "manifest", () => ["show", "nowhere.json"]],
    [2, /--expect-chain-id 5 is not 12120014/, "preflight", () => [...RBB, "--rpc", server.url, ...FIVE]],
    [2, /--expect-chain-id 5 is not 12120014/, "deploy", () => [...RBB, "--rpc", server.url, ...FIVE, ...LOCAL]],
    [2, /--writer-node is missing/, "deploy", () => ["--network", "lacchain", ...LOCAL]],
    [2, /--writer-node is for LACChain/, "deploy", () => ["--network", "local", "--writer-node", NODE]],
  ];
  for (const [code, text, script, args] of cases) {
    it(`${script} ends with ${code} and says ${text.source}`, async () => {
      const outcome = await runScript(`scripts/${script}.ts`, args());
      expect(outcome.output).to.match(text);
      expect(outcome.code).to.equal(code);
    });
  }

  it("refuse a password in an option, take it from the environment, and print none", async () => {
    const withPassword = server.url.replace("//", "//clerk:hunter2@");
    const refused: [string, string[]][] = [
      ["preflight", ["--rpc", withPassword]],
      ["preflight", [withPassword]],
      ["manifest", ["verify", "ignition/parameters/local.json", "--rpc", withPassword]],
      ["manifest", ["show", withPassword]],
      ["deploy", ["--network", withPassword]],
    ];
    for (const [script, args] of refused) {
      const { code, output } = await runScript(`scripts/${script}.ts`, args);
      expect(code, `${script} ${args.join(" ")}: ${output}`).to.equal(2);
      expect(output).not.to.include("hunter2");
    }

    const ask = (url: string) =>
      runScript("scripts/preflight.ts", ["--expect-chain-id", "31337", "--json"], { env: { DIWAN_RPC_URL: url } });
    const asked = await ask(withPassword);
    expect(asked.code, asked.output).to.equal(0);
    expect(asked.output)
      .to.match(/"ok": true/)
      .and.not.match(/hunter2|clerk/);
    for (const wrong of ["http://clerk:hunter2@127.0.0.1:9", "http://clerk:hun/ter2@127.0.0.1:9"]) {
      const { code, output } = await ask(wrong);
      expect(code, output).to.equal(2);
      expect(output).not.to.match(/ter2/);
    }
  });

  /** A manifest, as far as is asked for before a node refuses. */
  const BARE = {
    ...{ schema: NETWORK_MANIFEST_SCHEMA, name: "bare", chainId: 31_337, genesisHash: `0x${"ab".repeat(32)}` },
    ...{ consensus: "none", validators: [], relay: "forwarder", contracts: {}, implementations: {}, schemas: [] },
  };

  const refusals: readonly (readonly [number, string, string, (folder: string) => string[]])[] = [
    [2, "manifest", "eth_chainId", (folder) => ["verify", join(folder, "manifest.json")]],
    [1, "deploy", "eth_sendRawTransaction", (folder) => ["--network", "local", "--built", "--out", folder]],
  ];
  for (const [code, script, method, args] of refusals) {
    it(`${script} ends with ${code} where a node refuses ${method}, and says so without a stack`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "diwan-refusal-"));
      const node = await refusing(server.url, method);
      try {
        await writeFile(join(folder, "manifest.json"), JSON.stringify(BARE));
        const outcome = await runScript(`scripts/${script}.ts`, [...args(folder), "--rpc", node.url]);
        expect(outcome.output)
          .to.include("Sender account not authorized")
          .and.to.not.match(/^ {4}at /m);
        expect(outcome.code).to.equal(code);
      } finally {
        await node.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  it("manifest show refuses a file that is no manifest", async () => {
    const folder = await mkdtemp(join(tmpdir(), "diwan-manifest-"));
    try {
      const path = join(folder, "manifest.json");
      await writeFile(path, "{}");
      const outcome = await runScript("scripts/manifest.ts", ["show", path]);
      expect(outcome.code).to.equal(2);
      expect(outcome.output).to.match(/lacks schema/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
