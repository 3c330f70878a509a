import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { zipSync } from "fflate";

import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { hashFile } from "../../src/justice/hashing/hashFile.js";
import type { EvidencePackage } from "../../src/justice/package/EvidencePackage.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import type { PackageReport } from "../../src/justice/package/PackageReport.js";
import { readPackage, zipPackage } from "../../src/justice/package/readPackage.js";
import type { TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { renderReport } from "../../src/justice/package/renderReport.js";
import { verifyPackage } from "../../src/justice/package/verifyPackage.js";
import { addressOf, CLIQUE, QBFT, QBFT_CHAIN, sorted, type MadeHeader } from "../blocks/blocks.fixtures.js";
import { addresses, followAnew, packageFixture, sealAnew, VALIDATORS, verify, wrong } from "./package.fixtures.js";

const run = promisify(execFile);
const lower = (list: readonly string[]) => list.map((one) => one.toLowerCase());
const PROVED = ["PROVED", "PROVED", "PROVED"];
const FAILED = ["FAILED", "FAILED", "FAILED"];
const three = ({ integrity, status, who }: PackageReport) => [integrity, status, who];

/** A package of a chain that four pinned validators seal, and what it is checked against. */
async function sealed() {
  const suite = await packageFixture();
  await suite.deposit(1);
  await suite.deposit(2);
  const plain = await suite.build(1);
  const named = { schema: "diwan.trust-anchor.v1" as const, ...suite.names };
  const anchor: TrustAnchor = { ...named, kind: "validators", validators: lower(addresses(VALIDATORS)) };
  assert.deepEqual(three(await verify(sealAnew(plain), anchor)), PROVED);
  return { ...suite, plain, named, anchor };
}

/** Somebody who has no node runs the verifier. */
async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, ["--import", "tsx", "scripts/verify-package.ts", ...args])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

/** Runs in a folder of its own, with a function that writes a file there. */
async function inFolder(work: (put: (name: string, content: string | Uint8Array) => string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), "diwan-hostile-"));
  try {
    await work((name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a hostile package", () => {
  const seals: Record<string, [Partial<MadeHeader>, string]> = {
    "a forged seal": [
      { change: (seal) => Uint8Array.from(seal, (byte, i) => (i === 40 ? byte ^ 1 : byte)) },
      "sealing SEAL_FOREIGN",
    ],
    "too few seals": [{ sealers: ["a", "b"] }, "sealing SEALS_TOO_FEW"],
    "one seal twice in place of a third": [{ sealers: ["a", "b", "b"] }, "sealing SEAL_DOUBLED"],
    "a validator outside the set": [{ sealers: ["a", "b", "x"] }, "sealing SEAL_FOREIGN"],
    "a header that lists another set, which sealed it": [
      { validators: addresses(["x", "y", "z", "a"]), sealers: ["x", "y", "z"] },
      "sealing VALIDATORS_DIFFER",
    ],
  };
  for (const [name, [change, code]] of Object.entries(seals)) {
    it(`${name}: ${code}, and nothing is proved`, async () => {
      const { plain, anchor } = await sealed();
      const report = await verify(sealAnew(plain, change), anchor);
      assert.equal(wrong(report)[0], code);
      assert.deepEqual(three(report), FAILED);
    });
  }

  it("a validator that was voted out before: sealing SEAL_FOREIGN", async () => {
    const { plain, named } = await sealed();
    const votes = ["a", "b", "c"].map((name) => ({ proposer: addressOf(name), vote: { name: "d", isToAdd: false } }));
    const validators = addresses(["a", "b", "c"]);
    for (const [sealers, problem] of [
      [["a", "b"], undefined],
      [["a", "d"], "sealing SEAL_FOREIGN"],
    ] as const) {
      const { found, genesis } = followAnew(plain, [...votes, { validators, sealers }]);
      const report = await verify(found, { ...named, kind: "genesis", hash: genesis, epoch: 1000 });
      assert.equal(wrong(report)[0], problem);
      assert.deepEqual(three(report), problem === undefined ? PROVED : FAILED);
    }
  });

  it("two conflicting sealed blocks of one height, as a real network's validators made them: conflict SEAL_CONFLICT", async () => {
    const { plain, named } = await sealed();
    const [first, second] = QBFT.conflict.headers;
    const anchor: TrustAnchor = { ...named, kind: "validators", validators: lower(first!.validators) };
    const sealing = { kind: "qbft" as const, headers: [], ancestors: [] };
    const of = ({ block }: (typeof QBFT.headers)[0]): EvidencePackage => {
      const header = fromRpcBlock(block, "qbft").rlp;
      return withManifest({ ...plain, header, sealing, custody: [] });
    };
    const report = await verify(of(first!), anchor, [of(second!)]);
    const [other] = report.others;
    assert.equal(other!.result, "CONFLICT", other!.message);
    assert.equal(other!.conflict!.number, 5);
    assert.deepEqual(new Set(other!.conflict!.hashes), new Set([first!.block.hash, second!.block.hash]));
    assert(other!.conflict!.signedBoth.length >= 2);
    assert(wrong(report).includes("conflict SEAL_CONFLICT"));
    assert.match(renderReport(report), /The other package CONTRADICTS this one: block 5 was sealed twice/);
    // Each of the two is perfect by itself.
    for (const one of [first!, second!]) {
      const alone = await verify(of(one), anchor);
      assert(!alone.problems.some(({ part }) => part === "sealing" || part === "conflict"));
      assert(alone.notProved.includes("OTHER_BLOCKS_SIGNED"));
    }
  });

  it("a header of another chain, sealed by the validators of that one", async () => {
    const { plain, anchor, named, anchorOf, build } = await sealed();
    const { rawHeader, validators } = QBFT.headers.find(({ name }) => name === "last")!;
    const sealing = { kind: "qbft" as const, headers: [], ancestors: [] };
    const foreign = withManifest({ ...plain, header: rawHeader, sealing, custody: [] });
    const pinned = await verify(foreign, anchor);
    assert.equal(wrong(pinned)[0], "sealing VALIDATORS_DIFFER");
    assert.deepEqual(three(pinned), FAILED);
    // Even where that chain is the one trusted, the exhibit is not in its state.
    const there = await verify(foreign, { ...named, kind: "validators", validators: lower(validators) });
    assert(there.sealing !== undefined);
    assert(wrong(there).some((one) => one.startsWith("registryProof ")));
    assert.deepEqual(three(there), FAILED);
    const headers = QBFT_CHAIN.slice(0, -1);
    const genesis: TrustAnchor = { ...named, kind: "genesis", hash: QBFT.headers[0]!.block.hash, epoch: 50 };
    const followed = await verify(withManifest({ ...foreign, sealing: { ...sealing, headers } }), genesis);
    assert.equal(followed.sealing?.anchoredBy, "genesis");
    assert.deepEqual(three(followed), FAILED);
    const block = { ...(await build(1)), header: rawHeader };
    assert.match(wrong(await verify(withManifest(block), await anchorOf()))[0]!, /^sealing /);
  });

  it("a proof for another slot: registryProof, of the exhibit, of its batch and of the trust list", async () => {
    const { plain, anchor, build, batch } = await sealed();
    const numbers = [3, 4, 5, 6];
    const members = await batch(numbers, false);
    const one = await build(1);
    const two = await build(2);
    const all = [];
    for (const [i, { place }] of members.entries()) all.push(await build(numbers[i]!, { place }));
    // That no exhibit stands in a slot may be proved by the very leaf of the batch, where their paths part there; one proof is both then.
    const batched = all.find(
      ({
        registryProof: {
          storageProofs: [own, ofBatch],
        },
      }) => !own!.includes(ofBatch!.at(-1)!),
    )!;
    const swapped = (found: EvidencePackage, by: string[][]) =>
      sealAnew({ ...found, registryProof: { ...found.registryProof, storageProofs: by } });
    const [own, ofBatch] = batched.registryProof.storageProofs;
    const cases = [
      swapped(one, two.registryProof.storageProofs),
      swapped(one, [ofBatch!]),
      swapped(one, batched.registryProof.storageProofs),
      swapped(batched, [own!, own!]),
      swapped(batched, [ofBatch!, own!]),
      swapped(batched, [own!]),
      sealAnew({ ...one, registryProof: one.trustProof }),
      // The same slot, of another block's state.
      sealAnew({ ...one, registryProof: plain.registryProof }),
    ];
    for (const [i, found] of cases.entries()) {
      const report = await verify(found, anchor);
      assert(
        wrong(report).some((problem) => problem.startsWith("registryProof ")),
        `case ${i}: ${wrong(report).join()}`,
      );
      assert.deepEqual(three(report), FAILED);
    }
    const trust = await verify(sealAnew({ ...one, trustProof: one.registryProof }), anchor);
    assert.deepEqual([wrong(trust)[0]!.split(" ")[0], trust.who], ["trustProof", "FAILED"]);
  });

  it("a truncated zip, a zip bomb and a 0-byte package: refused by the verifier with exit code 2", async () => {
    const { plain, anchor } = await sealed();
    const zip = zipPackage(sealAnew(plain));
    await inFolder(async (put) => {
      const file = put("abc", "abc");
      const trust = put("anchor.json", JSON.stringify(anchor));
      const cases: [string, Uint8Array, RegExp][] = [
        ["truncated", zip.subarray(0, zip.length - 1), /directory/],
        ["half", zip.subarray(0, zip.length >> 1), /the zip ends within it/],
        ["bomb", zipSync({ "schema.json": [new Uint8Array(2 ** 25), { level: 9 }] }), /stored without compression/],
        ["empty", new Uint8Array(), /the file is empty/],
      ];
      const answers = cases.map(([name, bytes]) => cli(file, put(`${name}.diwan`, bytes), "--trust", trust));
      for (const [i, { code, stdout, stderr }] of (await Promise.all(answers)).entries()) {
        assert.deepEqual([code, stdout], [2, ""], cases[i]![0]);
        assert.match(stderr, cases[i]![2]);
      }
    });
  });

  it("files that a clerk confuses: told by their names, in the report's language, with exit code 2", async () => {
    const { plain, anchor } = await sealed();
    await inFolder(async (put) => {
      const file = put("صورة المشهد.jpg", "abc");
      const source = put("حزمة.diwan", zipPackage(sealAnew(plain)));
      const trust = put("anchor.json", JSON.stringify(anchor));
      const [none, folder] = [`${file}.lost`, dirname(file)];
      const cases: [string[], string][] = [
        [[file, source], "It takes one file, its package and, after --trust, the trust anchor."],
        [[file, source, trust], "It takes one file, its package and, after --trust, the trust anchor."],
        [[none, source, "--trust", trust], `There is no ${none}, which should be the exhibit's file.`],
        [[file, none, "--trust", trust], `There is no ${none}, which should be the package.`],
        [[file, source, "--trust", none], `There is no ${none}, which should be the trust anchor.`],
        [[file, folder, "--trust", trust], `${folder} is a folder; the package is one file.`],
        [[file, source, "--trust", folder], `${folder} is a folder; the trust anchor is one file.`],
        [[source, file, "--trust", trust], `${file} is no evidence package, or a damaged one: `],
        [[file, source, "--trust", trust, "--other", trust], `${trust} is no evidence package, or a damaged one: `],
        [[file, source, "--trust", source], `${source} is no trust anchor: it is no JSON`],
        [
          [none, source, "--trust", trust, "--lang", "ar"],
          `لا يوجد \u2066${none}\u2069، وكان يجب أن يكون ملف المضبوط.`,
        ],
        [[source, file, "--trust", trust, "--lang", "ar"], `\u2066${file}\u2069 ليس حزمة أدلة، أو حزمة تالفة: `],
        [[folder, source, "--trust", trust, "--lang", "ar"], `الحزمة لملف، و\u2066${folder}\u2069 مجلد.`],
      ];
      for (const [args, expected] of cases) {
        const { code, stdout, stderr } = await cli(...args);
        assert.deepEqual([code, stdout], [2, ""], expected);
        assert(stderr.startsWith(expected), stderr);
      }
    });
  });

  it("files are looked for where npm was called, and not in the project's folder", async () => {
    const { plain, anchor } = await sealed();
    await inFolder(async (put) => {
      const folder = dirname(put("abc", "abc"));
      put("elsewhere.diwan", zipPackage(sealAnew(plain)));
      put("anchor.json", JSON.stringify(anchor));
      const args = ["--import", "tsx", "scripts/verify-package.ts", "abc", "elsewhere.diwan", "--trust", "anchor.json"];
      const env = { ...process.env, npm_lifecycle_event: "verify:package", INIT_CWD: folder };
      const { stdout } = await run(process.execPath, args, { env });
      assert.match(stdout, /Is the file what was deposited: PROVED/);
      await assert.rejects(
        run(process.execPath, args, { env: { ...env, npm_lifecycle_event: "start" } }),
        /There is no elsewhere\.diwan/,
      );
    });
  });

  it("an anchor that an editor saved with a byte order mark is read as any other", async () => {
    const { plain, anchor } = await sealed();
    await inFolder(async (put) => {
      const source = put("exhibit.diwan", zipPackage(sealAnew(plain)));
      const trust = put("anchor.json", `\ufeff${JSON.stringify(anchor)}`);
      const { code, stderr } = await cli(put("abc", "abc"), source, "--trust", trust);
      assert.equal(code, 0, stderr);
    });
  });
});

describe("a 0-byte exhibit", () => {
  it("is deposited, packed and verified as any other, and another file is not it", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    const more = { size: 0, digests: [{ algorithm: "sha-256" as const, value: createHash("sha256").digest("hex") }] };
    await deposit(1, more);
    const zip = zipPackage(await build(1, { more }));
    const anchor = await anchorOf();
    await inFolder(async (put) => {
      const empty = put("empty.bin", "");
      const found = readPackage(zip);
      const file = await hashFile(empty, { algorithms: ["sha-256"] });
      const report = await verifyPackage(found, { file, anchor });
      assert.deepEqual(report.problems, []);
      assert.deepEqual(three(report), PROVED);
      const [source, trust] = [put("empty.diwan", zip), put("anchor.json", JSON.stringify(anchor))];
      const good = await cli(empty, source, "--trust", trust);
      assert.equal(good.code, 0, good.stdout);
      assert.match(good.stdout, /Is the file what was deposited: PROVED/);
      const other = await cli(put("one.bin", "\0"), source, "--trust", trust, "--json");
      assert.equal(other.code, 1);
      const { problems } = JSON.parse(other.stdout) as PackageReport;
      assert.deepEqual(
        problems.map(({ part, code }) => `${part} ${code}`),
        ["file SIZE_MISMATCH", "file DIGEST_MISMATCH"],
      );
    });
  });
});

describe("a package with headers of a real network of Clique", () => {
  for (const { name, headers: answers, anchorHash, period, epoch, signers } of CLIQUE) {
    it(`states depth and distinct sealers, and takes older headers by their parents (${name})`, async () => {
      const { plain, named } = await sealed();
      const rlps = answers.map((answer) => fromRpcBlock(answer, "clique").rlp);
      const anchor: TrustAnchor = { ...named, kind: "clique", hash: anchorHash, period, epoch };
      const of = (at: number, ancestors: string[] = []) =>
        withManifest({
          ...plain,
          ...{ header: rlps[at]!, sealing: { kind: "clique" as const, headers: rlps, ancestors }, custody: [] },
        });
      for (const at of [1, 7, rlps.length - 1]) {
        const { sealing, notProved } = await verify(of(at), anchor);
        assert.equal(sealing!.depth, rlps.length - 1 - at);
        assert.equal(sealing!.quorum, Math.floor(signers.length / 2) + 1);
        assert.deepEqual([...sealing!.validators], sorted(signers));
        const distinct = sealing!.distinctSealers.length;
        assert(distinct >= 1 && distinct <= Math.min(signers.length, sealing!.depth + 1));
        assert(notProved.includes("CLIQUE_NOT_FINAL"));
      }
      const fork = await verify(of(1, [rlps[3]!]), anchor);
      assert.equal(wrong(fork)[0], "sealing CHAIN_BROKEN");
    });
  }
});
