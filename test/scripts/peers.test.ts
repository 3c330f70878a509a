import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { create } from "tar";

import { compilePeer } from "../../bench/peers/compilePeer.js";
import { fetchPeer } from "../../bench/peers/fetchPeer.js";
import { listProblems } from "../../bench/peers/listProblems.js";
import { PeerError } from "../../bench/peers/PeerError.js";
import { readArtifact } from "../../bench/peers/readArtifact.js";
import { joinForks, type FamilyComparison, type Row } from "../../bench/peers/Results.js";

const comparison = (theirs: number, ours: number, operation = "issue one"): FamilyComparison => ({
  ...{ family: "attestations", operation, peer: "eas", unit: "gas", theirs, ours, basis: "measured" },
  ...{ theyAlso: "", weAlso: "" },
});
const row = (theirs: number, ours: number, operation?: string): Row =>
  joinForks({ berlin: [comparison(theirs, ours, operation)], osaka: [comparison(theirs, ours, operation)] })[0]!;

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PeerError) return error.code;
    throw error;
  }
  return "nothing was wrong";
}

describe("the comparison with other systems", () => {
  describe("rows of forks", () => {
    it("come together by family, operation and peer", () => {
      const rows = joinForks({
        berlin: [comparison(100, 50), comparison(10, 5, "revoke")],
        osaka: [comparison(101, 51)],
      });
      expect(rows.map(({ operation, figures }) => [operation, figures])).to.deep.equal([
        ["issue one", { berlin: { theirs: 100, ours: 50 }, osaka: { theirs: 101, ours: 51 } }],
        ["revoke", { berlin: { theirs: 10, ours: 5 } }],
      ]);
    });

    it("are refused when two have one name, for then one would hide the other", () => {
      expect(() => joinForks({ osaka: [comparison(1, 1), comparison(2, 2)] })).to.throw("was measured twice");
    });

    it("are refused when a figure is none, for its ratio would look as good as can be", () => {
      for (const [theirs, ours] of [
        [1, 0],
        [0, 1],
        [1, NaN],
        [1, JSON.parse(JSON.stringify(NaN)) as number],
      ] as const) {
        expect(() => joinForks({ osaka: [comparison(theirs, ours)] })).to.throw("issue one, against eas came to");
      }
    });
  });

  describe("against what was committed", () => {
    it("has nothing to say of the same, of a better ratio, and of one worse by no more than 2 %", () => {
      expect(listProblems([row(1_000, 500)], [row(1_000, 500)])).to.deep.equal([]);
      expect(listProblems([row(1_000, 500)], [row(1_000, 400)])).to.deep.equal([]);
      expect(listProblems([row(1_000, 500)], [row(1_000, 510)])).to.deep.equal([]);
    });

    it("names each fork on which a ratio is worse by more", () => {
      const after = row(1_000, 500);
      after.figures.osaka = { theirs: 1_000, ours: 511 };
      expect(listProblems([row(1_000, 500)], [after])).to.deep.equal([
        "attestations: issue one, against eas, on osaka: the ratio worsened by 2.2 %, ours was 500 and is 511",
      ]);
    });

    it("names a row that is not measured any more, one that is new, and a fork that one lost", () => {
      const lost = row(1_000, 500, "kept");
      delete lost.figures.berlin;
      const before = [row(1, 1, "gone"), row(1_000, 500, "kept")];
      expect(listProblems(before, [lost, row(1, 1, "new")])).to.deep.equal([
        "attestations: gone, against eas: is committed and was not measured",
        "attestations: kept, against eas, on berlin: is committed and was not measured",
        "attestations: new, against eas: was measured and is not committed",
      ]);
    });

    it("names a peer's figure that is another, even where that makes the ratio better", () => {
      const after = row(1_000, 500);
      after.figures.berlin = { theirs: 1_001, ours: 500 };
      expect(listProblems([row(1_000, 500)], [after])).to.deep.equal([
        "attestations: issue one, against eas, on berlin: the peer's figure was 1000 and is 1001",
      ]);
    });
  });

  describe("packages", () => {
    let cache: string;
    beforeEach(() => {
      cache = mkdtempSync(join(tmpdir(), "diwan-peers-"));
    });
    afterEach(() => {
      rmSync(cache, { recursive: true });
    });

    const installed = { title: "Strange", package: "@strange/package", version: "1.0.0", licence: "MIT", home: "" };
    const strange = { ...installed, integrity: `sha512-${Buffer.alloc(64).toString("base64")}` };

    it("are refused when they are not what was compared, and leave nothing behind", async () => {
      writeFileSync(join(cache, "strange-package-1.0.0.tgz"), "something else");
      expect(await codeOf(() => fetchPeer(strange, cache))).to.equal("PEER_CHANGED");
      expect(readdirSync(cache)).to.deep.equal([]);
    });

    it("are missed with a word about the registry when it cannot be reached", async () => {
      const settings = { npm_config_registry: "http://127.0.0.1:9", npm_config_fetch_retries: "0" };
      const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
      Object.assign(process.env, settings);
      try {
        expect(await codeOf(() => fetchPeer(strange, cache))).to.equal("PEER_NOT_FETCHED");
      } finally {
        for (const [name, value] of before) {
          if (value === undefined) Reflect.deleteProperty(process.env, name);
          else process.env[name] = value;
        }
      }
    });

    it("that are dev dependencies are where npm put them", async () => {
      expect(await fetchPeer(installed, cache)).to.equal("node_modules/@strange/package");
      expect(readdirSync(cache)).to.deep.equal([]);
    });

    it("that lost a file name it, and what to remove", async () => {
      expect(await codeOf(() => readArtifact(cache, "artifacts/EAS.json"))).to.equal("PEER_INCOMPLETE");
    });

    it("that import what is not there do not compile", async () => {
      const file = join(cache, "Alone.sol");
      writeFileSync(file, 'import {Other} from "./Other.sol"; contract Alone is Other {}');
      expect(await codeOf(() => compilePeer(file))).to.equal("PEER_NOT_COMPILED");
    });

    it("that do not compile say why", async () => {
      const file = join(cache, "Broken.sol");
      writeFileSync(file, "pragma solidity ^0.8.0; contract Broken { uint256 x = nothing; }");
      expect(await codeOf(() => compilePeer(file))).to.equal("PEER_NOT_COMPILED");
      expect(() => compilePeer(file)).to.throw("Undeclared identifier");
    });

    it("are unpacked once, and then no registry is asked", async () => {
      const source = join(cache, "source");
      mkdirSync(join(source, "package"), { recursive: true });
      writeFileSync(join(source, "package", "index.js"), "// theirs");
      const tarball = join(cache, "strange-package-1.0.0.tgz");
      await create({ file: tarball, cwd: source, gzip: true }, ["package"]);
      const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
      const folder = await fetchPeer({ ...installed, integrity }, cache);
      expect(readFileSync(join(folder, "index.js"), "utf8")).to.equal("// theirs");
      rmSync(tarball);
      expect(await fetchPeer({ ...installed, integrity }, cache)).to.equal(folder);
      expect(readdirSync(cache).sort()).to.deep.equal(["source", "strange-package-1.0.0"]);
    });
  });
});
