import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hexlify } from "ethers";

import { certificateInput } from "../../src/justice/package/certificateInput.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import { encodePackage, readPackage, zipPackage } from "../../src/justice/package/readPackage.js";
import type { TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { renderReport } from "../../src/justice/package/renderReport.js";
import { treeOf } from "../helpers/batches.js";
import { CASE, memberOf, ORDER } from "../helpers/evidence.js";
import { addresses, cliqueAnew, packageFixture, sealAnew, VALIDATORS, verify, wrong } from "./package.fixtures.js";

const NO_END = 2n ** 40n - 1n;
const WANTED = { issuedAt: 1_900_000_000, packageDigest: "00".repeat(32), command: "npm run verify:package" };

describe("a signer of Clique who is alone", () => {
  it("proves nothing by a block of its own, and something once more than half have built on it", async () => {
    const suite = await packageFixture();
    await suite.deposit(1);
    await suite.connection.networkHelpers.mine();
    const plain = await suite.build(1);
    for (const [onTop, answer] of [
      [0, "NOT_PROVED"],
      [1, "NOT_PROVED"],
      [2, "PROVED"],
    ] as const) {
      const { found, checkpoint } = cliqueAnew(plain, onTop);
      const anchor: TrustAnchor = {
        ...{ schema: "diwan.trust-anchor.v1", ...suite.names, kind: "clique", hash: checkpoint, period: 1, epoch: 100 },
      };
      const report = await verify(found, anchor);
      assert.deepEqual(wrong(report), []);
      const { integrity, status, who } = report;
      assert.deepEqual([integrity, status, who], [answer, answer, answer], `${onTop} on top`);
      assert.equal(report.notProved.includes("SEALERS_TOO_FEW"), answer === "NOT_PROVED");
      assert.equal(report.time.notAfter === undefined, answer === "NOT_PROVED");
    }
  });
});

describe("a commitment that has two records", () => {
  it("is judged by its batch, though another body deposits it, moves it and has it excluded", async () => {
    const suite = await packageFixture();
    const { as, parties, tool, commitmentOf } = suite;
    const [member] = await suite.batch([1, 2, 3], false);
    const commitment = commitmentOf(1);
    const thief = as(parties.archive);
    await thief.deposit(tool, commitment, CASE);
    await thief.offer(commitment, parties.laboratory.body, NO_END);
    await as(parties.laboratory).accept(commitment);
    await as(parties.laboratory).tender(parties.court.body, commitment);
    await as(parties.court).decideExclusion(commitment, ORDER);

    const found = await suite.build(1, { place: member!.place });
    const report = await verify(found, await suite.anchorOf());
    assert.deepEqual(wrong(report), []);
    assert.deepEqual([report.integrity, report.status, report.who], ["PROVED", "PROVED", "PROVED"]);
    assert.deepEqual([report.exhibit!.state, report.exhibit!.hop], ["DEPOSITED", 0]);
    assert.deepEqual(report.custody, []);
    assert.deepEqual(
      report.history.map(({ event }) => event),
      ["ExhibitBatchDeposited"],
    );
    // That there is another is said, since its own depositor can make one too.
    assert.equal(report.otherRecord!.state, "EXCLUDED");
    assert.equal(report.otherRecord!.depositor, Number(parties.archive.body));
    assert(report.notProved.includes("OTHER_RECORD"));
    assert.match(renderReport(report), /a record of its own.*excluded.*body \d+/);
    assert.match(renderReport(report, "ar"), /مستبعد/);
    const { custody, notProved } = certificateInput(found, report, WANTED);
    assert.deepEqual(custody, []);
    assert(notProved.some((sentence) => sentence.includes("record of its own")));
  });

  it("does not come out of an exclusion by another batch of the same depositor", async () => {
    const suite = await packageFixture();
    const { as, parties, registry, tool, commitmentOf } = suite;
    const [member] = await suite.batch([1, 2], false);
    await registry.singleOut(member!);
    const commitment = commitmentOf(1);
    await registry.tender(parties.court.body, commitment);
    await as(parties.court).decideExclusion(commitment, ORDER);
    const tree = treeOf([commitment, commitmentOf(9)]);
    await registry.depositBatch(tool, hexlify(tree.root()), tree.size, CASE);
    const again = memberOf(tree, commitment, {
      ...{ depositor: parties.police.body, inLog: false, size: 2n, index: 0n },
    });
    const { caseSalt, ...found } = await suite.build(1, { place: again.place });
    assert(caseSalt !== undefined);
    const report = await verify(withManifest(found), await suite.anchorOf());
    assert.deepEqual(wrong(report), []);
    assert.equal(report.otherRecord!.state, "EXCLUDED");
    assert(report.notProved.includes("OTHER_RECORD"));
    const alone = await verify(await suite.build(1), await suite.anchorOf());
    assert.equal(alone.exhibit!.state, "EXCLUDED");
    assert.equal(alone.otherRecord, undefined);
  });

  it("is told apart in one second by key and tool, as the registry tells it", async () => {
    const suite = await packageFixture();
    const { registry, parties, tool, commitmentOf, time, ethers } = suite;
    const commitment = commitmentOf(1);
    const tree = treeOf([commitment, commitmentOf(2)]);
    await ethers.provider.send("evm_setAutomine", [false]);
    await registry.depositBatch(tool, hexlify(tree.root()), tree.size, CASE);
    await registry.deposit(parties.otherTool.body, commitment, CASE);
    await ethers.provider.send("evm_mine", []);
    await ethers.provider.send("evm_setAutomine", [true]);
    const member = memberOf(tree, commitment, {
      ...{ depositor: parties.police.body, inLog: false, size: 2n, index: 0n },
    });
    const verdict = await registry.statusOfMember(member);
    assert.equal(verdict.exhibit.tool, tool);
    const { caseSalt, ...found } = await suite.build(1, { place: member.place });
    assert(caseSalt !== undefined);
    const report = await verify(withManifest(found), await suite.anchorOf());
    assert.equal(report.exhibit!.depositedAt, await time.latest());
    assert.equal(report.exhibit!.tool, Number(tool));
    assert.equal(report.otherRecord!.tool, Number(parties.otherTool.body));
  });
});

describe("receipts that were left out", () => {
  it("are not made up for: no other body takes a refusal's place on a certificate, and no change another's number", async () => {
    const suite = await packageFixture();
    const { as, parties, commitmentOf } = suite;
    await suite.deposit(1);
    const commitment = commitmentOf(1);
    const { laboratory, archive } = parties;
    await suite.registry.offer(commitment, laboratory.body, NO_END);
    await as(laboratory).accept(commitment);
    await as(laboratory).offer(commitment, archive.body, NO_END);
    await as(archive).reject(commitment, 3);
    await as(laboratory).offer(commitment, archive.body, NO_END);
    await as(archive).accept(commitment);
    const whole = await suite.build(1);
    const anchor = await suite.anchorOf();
    const names = (await verify(whole, anchor)).history.map(({ event }) => event);
    const first = names.indexOf("CustodyChanged");
    const found = withManifest({ ...whole, custody: whole.custody.filter((_, i) => i !== first) });
    const report = await verify(found, anchor);
    assert.deepEqual(wrong(report), []);
    assert(report.notProved.includes("CUSTODY_INCOMPLETE"));
    assert.deepEqual(report.custody, [
      { hop: undefined, from: Number(laboratory.body), to: Number(archive.body), time: report.custody[0]!.time },
    ]);
    const { custody } = certificateInput(found, report, WANTED);
    assert.deepEqual(
      custody.map(({ hop, from, outcome }) => [hop, from.body, outcome]),
      [[undefined, Number(laboratory.body), "ACCEPTED"]],
    );
    const complete = certificateInput(whole, await verify(whole, anchor), WANTED).custody;
    assert.deepEqual(
      complete.map(({ hop, from, outcome }) => [hop, from.body, outcome]),
      [
        [1, Number(parties.police.body), "ACCEPTED"],
        [1, Number(laboratory.body), "REJECTED"],
        [2, Number(laboratory.body), "ACCEPTED"],
      ],
    );
  });
});

describe("a statement that contradicts itself", () => {
  it("does not have a block's time by the hash of one and the number of another", async () => {
    const suite = await packageFixture();
    const before = (await suite.ethers.provider.getBlock("latest"))!;
    await suite.connection.networkHelpers.mine(3);
    const more = { notBefore: { blockNumber: before.number - 1, blockHash: before.hash! } };
    await suite.deposit(1, more);
    const report = await verify(await suite.build(1, { more }), await suite.anchorOf());
    assert.equal(report.time.notBefore, undefined);
    assert(report.notProved.includes("NOT_BEFORE_UNPROVED"));
  });
});

describe("a certificate", () => {
  it("shows what is wrong, also where it touches none of the three answers", async () => {
    const suite = await packageFixture();
    await suite.deposit(1);
    const whole = await suite.build(1);
    const found = withManifest({ ...whole, anchors: [{ kind: "rfc3161", token: "0x3000" }] });
    const report = await verify(found, await suite.anchorOf());
    assert.deepEqual(wrong(report), ["anchors TOKEN_MALFORMED"]);
    assert.equal(report.integrity, "PROVED");
    const { notProved } = certificateInput(found, report, WANTED);
    assert.match(notProved[0]!, /^anchors: anchor 0: /);
  });
});

describe("a trust list's change", () => {
  it("says nothing beside what its event holds, which the log would not bind", async () => {
    const suite = await packageFixture();
    await suite.deposit(1);
    const whole = await suite.build(1);
    assert.deepEqual(readPackage(zipPackage(whole)), whole);
    for (const kind of ["body", "accreditation", "key"]) {
      const at = whole.trust.findIndex((change) => change.kind === kind);
      const change = whole.trust[at]! as unknown as Record<string, object>;
      const inner = kind === "body" ? [] : [{ ...change, [kind]: { ...change[kind], note: "withdrawn since" } }];
      for (const other of [{ ...change, note: "withdrawn since" }, ...inner]) {
        const trust = whole.trust.with(at, other as unknown as (typeof whole.trust)[number]);
        assert.throws(() => readPackage(zipPackage(withManifest({ ...whole, trust }))), {
          ...{ code: "PACKAGE_MALFORMED", part: "trust" },
        });
      }
    }
  });
});

describe("a package that is written for the terminal it is read on", () => {
  const HOSTILE = "\u001b[2J\u009b31m\u202e\u061c\r\nIntegrity: PROVED";
  const readable = (message: string) => !/[\p{Cc}\p{Cf}]/u.test(message);

  it("moves no cursor and turns no line by the names of its members", async () => {
    const suite = await packageFixture();
    await suite.deposit(1);
    const whole = await suite.build(1);
    const hostile = [
      { ...whole, manifest: { ...whole.manifest, [HOSTILE]: "no digest" } },
      { ...whole, exhibit: { ...whole.exhibit, [HOSTILE]: 1 } },
      { ...whole, statement: { ...whole.statement, [HOSTILE]: 1 } },
    ];
    for (const found of hostile) {
      assert.throws(
        () => readPackage(zipPackage(found)),
        ({ message }: Error) => readable(message) && message.length < 1_000,
      );
    }
    const named = { ...whole, manifest: { ...whole.manifest, [HOSTILE]: "00".repeat(32) } };
    const text = renderReport(await verify(named, await suite.anchorOf()));
    assert(text.split("\n").every(readable), JSON.stringify(text));
    const long = { ...whole, manifest: { ["x".repeat(1_000_000)]: "no digest" } };
    assert.throws(
      () => readPackage(zipPackage(long)),
      ({ message }: Error) => message.length < 1_000,
    );
  });

  it("is refused for what nests without end, in both forms", async () => {
    const suite = await packageFixture();
    await suite.deposit(1);
    const whole = await suite.build(1);
    const text = new TextDecoder().decode(encodePackage(whole));
    const deep = text.replace('"anchors":[]', `"anchors":${"[".repeat(200_000)}${"]".repeat(200_000)}`);
    assert.notEqual(deep, text);
    assert.throws(() => readPackage(new TextEncoder().encode(deep)), { code: "PACKAGE_MALFORMED", part: "anchors" });
  });

  it("is not answered for a directory by its manifest, nor for a file by a directory", async () => {
    const suite = await packageFixture();
    const folder = mkdtempSync(join(tmpdir(), "diwan-attack-"));
    try {
      const more = { kind: "directory" as const };
      await suite.deposit(1, more);
      await suite.deposit(2);
      const validators = addresses(VALIDATORS).map((one) => one.toLowerCase());
      const anchor = { schema: "diwan.trust-anchor.v1", ...suite.names, kind: "validators", validators };
      const [file, trust, directory] = ["abc", "anchor.json", "directory"].map((name) => join(folder, name)) as [
        ...[string, string, string],
      ];
      writeFileSync(file, "abc");
      mkdirSync(directory);
      writeFileSync(trust, JSON.stringify(anchor));
      const cases = [
        [1, { more }, file, /of a directory/],
        [2, {}, directory, /of a file/],
      ] as const;
      for (const [n, wanted, path, expected] of cases) {
        const source = join(folder, `${n}.diwan`);
        writeFileSync(source, zipPackage(sealAnew(await suite.build(n, wanted))));
        const args = ["--import", "tsx", "scripts/verify-package.ts", path, source, "--trust", trust];
        const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
        assert.equal(status, 2);
        assert.match(stderr, expected);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
