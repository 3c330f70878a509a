import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { runScript } from "../../scripts/tooling/run-command.js";

import { type EdrServer, serveEdr } from "./edrServer.js";

/** Nobody listens there. */
const NOBODY = "http://127.0.0.1:9";
const NODE = `0x${"12".repeat(20)}`;
const LOCAL = ["--parameters", "ignition/parameters/local.json"];

describe("npm run preflight, deploy and manifest", () => {
  let server: EdrServer;

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
