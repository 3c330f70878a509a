import assert from "node:assert/strict";

import { id, toBeHex } from "ethers";

import type { PackageSource } from "../../src/justice/package/buildPackage.js";
import { certificateInput } from "../../src/justice/package/certificateInput.js";
import { decodeExhibitSlot, type ExhibitRecord } from "../../src/justice/package/exhibitSlot.js";
import type { EvidencePackage } from "../../src/justice/package/EvidencePackage.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import { TRUST_ANCHOR_SCHEMA, type TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { registryKeys } from "../../src/justice/package/storageSlots.js";
import { verifyPackage } from "../../src/justice/package/verifyPackage.js";
import { treeOf } from "../helpers/batches.js";
import { memberOf } from "../helpers/evidence.js";
import { FILE, packageFixture, verify, wrong } from "./package.fixtures.js";

const STATES = ["UNKNOWN", "DEPOSITED", "TENDERED", "CHALLENGED", "REBUTTED", "ADMITTED", "EXCLUDED"];

/** An exhibit's word, written from the text of contracts/justice/ExhibitSlot.sol. */
function wordOf(record: ExhibitRecord): string {
  const fields: [number, number][] = [
    [record.depositedAt, 0],
    [record.depositor, 40],
    [record.key, 72],
    [record.tool, 104],
    [record.custodian, 136],
    [record.custodianRole, 168],
    [record.court, 176],
    [record.hop, 208],
    [STATES.indexOf(record.state), 224],
    [Number(record.isSealed), 232],
    [Number(record.isHeld), 233],
  ];
  return toBeHex(
    fields.reduce((word, [value, shift]) => word | (BigInt(value) << BigInt(shift)), 0n),
    32,
  );
}

/** A deposit on a chain whose registry then says something else of it, as one that errs would. */
async function erringRegistry() {
  const suite = await packageFixture();
  const { connection, registry, commitmentOf, names } = suite;
  await suite.deposit(1);
  const exhibit = { chainId: names.chainId, registry: names.registry, trustList: names.trustList };
  const [key] = registryKeys({ ...exhibit, commitment: commitmentOf(1) });
  const { networkHelpers } = connection;
  const word = await networkHelpers.getStorageAt(await registry.getAddress(), key!);
  const record = decodeExhibitSlot(word)!;
  assert.equal(wordOf(record), word);
  /** What a package says once the registry has been made to say it. */
  const say = async (change: Partial<ExhibitRecord>) => {
    await networkHelpers.setStorageAt(await registry.getAddress(), key!, wordOf({ ...record, ...change }));
    await networkHelpers.mine();
    // Its receipts are of the deposit as it was.
    const { caseSalt, ...built } = await suite.build(1);
    assert(caseSalt !== undefined);
    const report = await verify(withManifest({ ...built, custody: [] }), await suite.anchorOf());
    assert.deepEqual(wrong(report), []);
    assert.equal(report.who, report.whoReasons.length === 0 ? "PROVED" : "FAILED");
    assert.deepEqual([report.integrity, report.status], ["PROVED", "PROVED"]);
    return report.whoReasons;
  };
  return { ...suite, record, say };
}

describe("who, where a registry says what the trust list does not bear out", () => {
  it("KEY_UNKNOWN: the depositor never had such a key", async () => {
    const { say } = await erringRegistry();
    assert.deepEqual(await say({}), []);
    assert.deepEqual(await say({ key: 99 }), ["KEY_UNKNOWN"]);
  });

  it("KEY_NOT_IN_FORCE: before the key's first second, from its end on, or with a key for another role", async () => {
    const { say, giveKey, parties, spare, record } = await erringRegistry();
    const { depositedAt } = record;
    const { police, laboratory } = parties;
    const at = BigInt(depositedAt);
    await giveKey(police.body, spare[0]!, ["evidence-custodian"], { from: at + 1_000n, until: at + 2_000n });
    assert.deepEqual(await say({ key: 2 }), ["KEY_NOT_IN_FORCE"]);
    assert.deepEqual(await say({ key: 2, depositedAt: depositedAt + 999 }), ["KEY_NOT_IN_FORCE"]);
    assert.deepEqual(await say({ key: 2, depositedAt: depositedAt + 1_000 }), []);
    assert.deepEqual(await say({ key: 2, depositedAt: depositedAt + 1_999 }), []);
    assert.deepEqual(await say({ key: 2, depositedAt: depositedAt + 2_000 }), ["KEY_NOT_IN_FORCE"]);
    await giveKey(laboratory.body, spare[1]!, ["forensic-centre"]);
    const depositor = Number(laboratory.body);
    assert.deepEqual(await say({ depositor, key: 2, depositedAt: depositedAt + 1_000 }), ["KEY_NOT_IN_FORCE"]);
  });

  it("ROLE_MISMATCH: the custodian holds it in a role that it does not have as a custodian", async () => {
    const { say, parties, record } = await erringRegistry();
    assert.deepEqual(await say({ custodianRole: record.custodianRole + 1 }), ["ROLE_MISMATCH"]);
    assert.deepEqual(await say({ custodian: Number(parties.court.body) }), ["ROLE_MISMATCH"]);
  });

  it("DEPOSITOR and TOOL with how either stood: NONE, PENDING, EXPIRED, SUSPENDED, WITHDRAWN", async () => {
    const { say, parties, councilDoes, accreditIn, record, time, tool } = await erringRegistry();
    const { police, otherTool, court } = parties;
    // Another tool than the statement's is said as well.
    assert.deepEqual(await say({ tool: 99 }), ["TOOL_NONE", "TOOL_DIFFERS"]);
    const stranger = await say({ depositor: Number(court.body) });
    assert.deepEqual(stranger, ["DEPOSITOR_NONE", "KEY_NOT_IN_FORCE"]);

    const from = BigInt(await time.latest()) + 1_000n;
    await accreditIn("capture-tool", court.body, { from, until: from + 100n });
    const at = (seconds: number) => say({ tool: Number(court.body), depositedAt: Number(from) + seconds });
    assert.deepEqual(await at(-1), ["TOOL_PENDING", "TOOL_DIFFERS"]);
    assert.deepEqual(await at(0), ["TOOL_DIFFERS"]);
    assert.deepEqual(await at(100), ["TOOL_EXPIRED", "TOOL_DIFFERS"]);

    const roles = [
      ["evidence-custodian", police.body, "DEPOSITOR"],
      ["capture-tool", tool, "TOOL"],
    ] as const;
    for (const [role, body, who] of roles) {
      await councilDoes("suspend", role, body);
      const later = { depositedAt: await time.latest() };
      assert.deepEqual(await say(later), [`${who}_SUSPENDED`]);
      await councilDoes("reinstate", role, body);
      assert.deepEqual(await say({ depositedAt: await time.latest() }), []);
    }
    for (const [role, body] of roles) await councilDoes("withdraw", role, body);
    const withdrawn = await say({ depositedAt: await time.latest() });
    assert.deepEqual(withdrawn, ["DEPOSITOR_WITHDRAWN", "TOOL_WITHDRAWN"]);
    assert.deepEqual(await say(record), []);
    assert.notEqual(Number(otherTool.body), record.tool);
  });
});

describe("what is wrong with a package, by its code", () => {
  it("SIZE_MISMATCH, DIGEST_MISMATCH: another file", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    const found = await build(1);
    const anchor = await anchorOf();
    const check = async (file: typeof FILE) => {
      const report = await verifyPackage(found, { file, anchor });
      assert.deepEqual([report.integrity, report.status, report.who], ["FAILED", "PROVED", "PROVED"]);
      return wrong(report);
    };
    assert.deepEqual(await check({ ...FILE, size: 4 }), ["file SIZE_MISMATCH"]);
    const [digest] = FILE.digests;
    assert.deepEqual(await check({ ...FILE, digests: [{ ...digest!, value: "00".repeat(32) }] }), [
      "file DIGEST_MISMATCH",
    ]);
    assert.deepEqual(await check({ ...FILE, digests: [] }), ["file DIGEST_MISMATCH"]);
  });

  it("FILE_NOT_GIVEN: integrity is then neither proved nor failed", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    const report = await verifyPackage(await build(1), { anchor: await anchorOf() });
    assert.deepEqual(wrong(report), []);
    assert.deepEqual([report.integrity, report.status, report.who], ["NOT_PROVED", "PROVED", "PROVED"]);
    assert(report.notProved.includes("FILE_NOT_GIVEN"));
  });

  it("CUSTODY_INCOMPLETE: receipts of some changes of custody are left out", async () => {
    const { story, build, anchorOf } = await packageFixture();
    await story(1);
    const found = await build(1);
    const anchor = await anchorOf();
    const whole = await verify(found, anchor);
    assert(!whole.notProved.includes("CUSTODY_INCOMPLETE"));
    // The fifth event is the first change, the seventh the second.
    for (const left of [[4], [6], [4, 6]]) {
      const custody = found.custody.filter((_, i) => !left.includes(i));
      const report = await verify(withManifest({ ...found, custody }), anchor);
      assert.deepEqual(wrong(report), []);
      assert.equal(report.custody.length, 2 - left.length);
      assert(report.notProved.includes("CUSTODY_INCOMPLETE"));
      assert.equal(report.status, "PROVED");
    }
  });

  it("CUSTODY_BROKEN: a change that the registry does not count, or that leads elsewhere", async () => {
    const { deposit, build, anchorOf, registry, parties, as, commitmentOf, connection } = await packageFixture();
    await deposit(1);
    const until = 2n ** 40n - 1n;
    await registry.offer(commitmentOf(1), parties.archive.body, until);
    await as(parties.archive).accept(commitmentOf(1));
    const found = await build(1);
    const [key] = registryKeys(found.exhibit);
    const address = await registry.getAddress();
    const word = await connection.networkHelpers.getStorageAt(address, key!);
    const record = decodeExhibitSlot(word)!;
    for (const change of [{ hop: 0 }, { custodian: Number(parties.laboratory.body) }]) {
      await connection.networkHelpers.setStorageAt(address, key!, wordOf({ ...record, ...change }));
      await connection.networkHelpers.mine();
      const report = await verify(await build(1), await anchorOf());
      assert.deepEqual(wrong(report), ["custody CUSTODY_BROKEN"]);
      assert.equal(report.status, "FAILED");
    }
  });

  it("PART_ALTERED: a part is not what the manifest says, or the manifest says more", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    const found = await build(1);
    const anchor = await anchorOf();
    const altered: EvidencePackage = { ...found, statement: { ...found.statement, exhibitNumber: "E-2" } };
    assert.equal(wrong(await verify(altered, anchor))[0], "statement PART_ALTERED");
    const more = { ...found, manifest: { ...found.manifest, extra: "00".repeat(32) } };
    assert.deepEqual(wrong(await verify(more, anchor)), ["manifest PART_ALTERED"]);
    const { anchors, ...less } = found.manifest;
    assert(anchors !== undefined);
    assert.deepEqual(wrong(await verify({ ...found, manifest: less }, anchor)), ["anchors PART_ALTERED"]);
  });

  it("STATEMENT_FOREIGN: the statement names another chain or registry than the exhibit", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    for (const [n, more] of [
      [1, { chainId: 1 }],
      [2, { registry: `0x${"12".repeat(20)}` }],
    ] as const) {
      await deposit(n, more);
      const report = await verify(await build(n, { more }), await anchorOf());
      assert.deepEqual(wrong(report), ["statement STATEMENT_FOREIGN"]);
      assert.deepEqual([report.integrity, report.who], ["FAILED", "FAILED"]);
    }
  });

  it("TRUST_MISMATCH: as many changes as the trust list logged, one of them another", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    const found = await build(1);
    const trust = found.trust.map((change, i) =>
      i === 0 && change.kind === "body" ? { ...change, body: 77 } : change,
    );
    assert.notDeepEqual(trust, found.trust);
    const report = await verify(withManifest({ ...found, trust }), await anchorOf());
    assert.deepEqual(wrong(report), ["trust TRUST_MISMATCH"]);
    assert.deepEqual([report.integrity, report.status, report.who], ["PROVED", "PROVED", "FAILED"]);
  });

  it("EXHIBIT_UNKNOWN: nobody deposited it, alone or in such a batch", async () => {
    const { deposit, build, anchorOf, batch, commitmentOf, parties } = await packageFixture();
    await deposit(1);
    const { caseSalt, ...never } = await build(2);
    assert(caseSalt !== undefined);
    const report = await verify(withManifest(never), await anchorOf());
    assert.deepEqual(wrong(report), ["registryProof EXHIBIT_UNKNOWN"]);
    assert.deepEqual([report.integrity, report.status, report.who], ["FAILED", "FAILED", "FAILED"]);

    await batch([3, 4], false);
    const tree = treeOf([commitmentOf(5), commitmentOf(6)]);
    const { place } = memberOf(tree, commitmentOf(5), {
      ...{ depositor: parties.police.body, inLog: false, size: 2n, index: 0n },
    });
    const { caseSalt: salt, ...alike } = await build(5, { place });
    assert(salt !== undefined);
    const unknown = await verify(withManifest(alike), await anchorOf());
    assert.deepEqual(wrong(unknown), ["registryProof EXHIBIT_UNKNOWN", "exhibit BATCH_UNPROVED"]);
  });

  it("BATCH_UNPROVED: the proof is of another batch than the place names", async () => {
    const { batch, build, anchorOf } = await packageFixture();
    const [member] = await batch([1, 2, 3], false);
    const found = await build(1, { place: member!.place });
    const place = { ...found.exhibit.place!, size: 4 };
    const report = await verify(withManifest({ ...found, exhibit: { ...found.exhibit, place } }), await anchorOf());
    assert(wrong(report).includes("exhibit BATCH_UNPROVED"), wrong(report).join());
    assert.equal(report.integrity, "FAILED");
  });

  it("NOT_MEMBER: the path leads elsewhere, or to a place of the log before the batch", async () => {
    const { batch, build, anchorOf, commitmentOf, registry, tool, parties } = await packageFixture();
    const [member] = await batch([1, 2, 3], true);
    const found = await build(1, { place: member!.place });
    const path = [id("another"), ...found.exhibit.place!.path.slice(1)];
    const place = { ...found.exhibit.place!, path };
    const astray = await verify(withManifest({ ...found, exhibit: { ...found.exhibit, place } }), await anchorOf());
    assert.deepEqual(wrong(astray), ["exhibit NOT_MEMBER"]);
    assert.equal(astray.integrity, "FAILED");

    const commitments = [1, 2, 3, 4, 5].map((n) => commitmentOf(n));
    await registry.depositMany(tool, commitments.slice(3), id("a case").slice(0, 10));
    const at = { depositor: parties.police.body, inLog: true, size: 5n };
    const early = memberOf(treeOf(commitments), commitments[0]!, { ...at, index: 0n });
    const { caseSalt, ...built } = await build(1, { place: early.place });
    assert(caseSalt !== undefined);
    const report = await verify(withManifest(built), await anchorOf());
    assert.deepEqual(wrong(report), ["exhibit NOT_MEMBER"]);
    assert.match(report.problems[0]!.message, /before the first of its batch/);
  });
});

describe("SOURCE_INCOMPLETE, where a node lacks what a package takes", () => {
  /** A node that knows nothing of what one method asks for. */
  const forgetful = (provider: PackageSource, method: string): PackageSource => ({
    send: async (asked, params) => (asked === method ? null : provider.send(asked, params)),
    getBlock: (tag, isFull) => provider.getBlock(tag, isFull),
    getBlockNumber: () => provider.getBlockNumber(),
    getLogs: (filter) => provider.getLogs(filter),
    getNetwork: () => provider.getNetwork(),
  });

  it("the block, a receipt, the checkpoint, or too many headers to take; the part is named", async () => {
    const { deposit, build, anchorOf, ethers, names } = await packageFixture();
    await deposit(1);
    const anchor = await anchorOf();
    const named = { schema: TRUST_ANCHOR_SCHEMA, ...names } as const;
    const clique: TrustAnchor = { ...named, kind: "clique", hash: id("no block"), period: 1, epoch: 100 };
    const far: TrustAnchor = { ...named, kind: "block", number: 2 ** 21, hash: id("no block") };
    const code = "SOURCE_INCOMPLETE";
    const without = (method: string) => build(1, { anchor, node: forgetful(ethers.provider, method) });
    await assert.rejects(without("eth_getBlockByNumber"), { code, part: "header" });
    await assert.rejects(without("eth_getTransactionReceipt"), { code, part: "custody" });
    await assert.rejects(build(1, { anchor: clique }), { code, part: "sealing" });
    await assert.rejects(build(1, { anchor: far, block: 1 }), { code, part: "sealing" });
    await assert.rejects(build(1, { anchor: far }), { code, part: "header" });
  });

  it("a certificate of a report that proves no block", async () => {
    const { deposit, build, anchorOf } = await packageFixture();
    await deposit(1);
    const found = await build(1);
    const report = await verify(found, { ...(await anchorOf()), hash: id("another block") } as TrustAnchor);
    const wanted = { issuedAt: 2_000_000_000, packageDigest: "00".repeat(32), command: "npm run verify:package" };
    assert.throws(() => certificateInput(found, report, wanted), { code: "SOURCE_INCOMPLETE", part: "header" });
  });
});
