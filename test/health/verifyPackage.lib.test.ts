import { expect } from "chai";
import { getBytes, hexlify, id } from "ethers";

import { eraseKey } from "../../src/health/eraseKey.js";
import { handOut } from "../../src/health/handOut.js";
import type { KeyStore } from "../../src/health/keyStore.js";
import type { RecordMembership, RecordPackage } from "../../src/health/recordPackage.js";
import { verifyPackage } from "../../src/health/verifyPackage.js";
import { type RecordReader, type RecordVerdict, verifyPackageOnChain } from "../../src/health/verifyPackageOnChain.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import {
  codeOf,
  commitmentOf,
  erasureOf,
  keyStoreFolder,
  NOW,
  OPERATOR,
  PLACE,
  requestOf,
  ROWS,
} from "./keyStoreFixture.js";

const PROVIDER = 3;
const NOTHING: RecordVerdict = {
  ...{ state: 0n, reason: 0n, kind: 0n, provider: 0n, anchoredAt: 0n, changedAt: 0n, standing: 0n, standingNow: 0n },
};

/** A tree of some commitments, one of which is a row's. */
function batchOf(commitment: string, index: number, size: number, inLog = false): RecordMembership {
  const tree = new LogTree();
  for (let i = 0; i < size; i++) tree.append(getBytes(i === index ? commitment : id(`another ${i}`)));
  const path = tree.inclusionProof(index).map((node) => hexlify(node));
  return { provider: PROVIDER, inLog, root: hexlify(tree.root()), size, index, path };
}

describe("record packages", () => {
  const at = keyStoreFolder();
  let store: KeyStore;
  const row = ROWS[1]!;

  beforeEach(async () => {
    store = await at.filled();
  });
  afterEach(() => store.close());

  const verify = (value: unknown) => codeOf(() => verifyPackage(value));

  describe("handOut", () => {
    it("makes a package that proves the record, and holds nothing of the patient besides", async () => {
      const handed = await handOut(store, requestOf(row));
      expect(verifyPackage(JSON.parse(JSON.stringify(handed)))).to.deep.equal(handed);
      expect(handed).to.deep.include({ format: "diwan-record-1", kind: 97, id: row.id, version: 1, ...PLACE });
      expect(handed.commitment).to.equal(commitmentOf(store, row));
      // 1.00 stays 1.00.
      expect(handed.record).to.match(/"value":\d+\.\d*0[,}]/);
      const text = JSON.stringify(handed);
      expect(text)
        .not.to.include("patient 7")
        .and.not.to.include(hexlify(store.keyOf("patient 7")).slice(2));
    });

    it("names the batch", async () => {
      for (const [index, size] of [
        [0, 1],
        [4, 5],
        [2, 1_000],
      ] as const) {
        const membership = batchOf(commitmentOf(store, row), index, size);
        const handed = await handOut(store, requestOf(row, { membership }));
        expect(verifyPackage(handed).membership).to.deep.equal(membership);
      }
    });

    it("notes nothing when it fails", async () => {
      const other = batchOf(id("another's"), 2, 5);
      expect(await codeOf(handOut(store, requestOf(row, { membership: other })))).to.equal("PACKAGE_NOT_IN_BATCH");
      expect(await codeOf(handOut(store, requestOf(row, { registry: "0x12" })))).to.equal("PACKAGE_MALFORMED");
      for (const change of [
        { now: 0 },
        { now: 1.5 },
        { recipient: { body: 0 } },
        { recipient: { name: "a school" } },
        { recipient: {} as never },
      ]) {
        expect(await codeOf(handOut(store, requestOf(row, change)))).to.equal("PACKAGE_MALFORMED");
      }
      expect(await codeOf(handOut(store, requestOf(row, { version: 0 })))).to.equal("RECORD_MALFORMED");
      expect(await codeOf(handOut(store, requestOf(row, { source: "<Patient/>" })))).to.equal("FHIR_NOT_JSON");
      expect(await codeOf(handOut(store, requestOf(row, { source: "{}" })))).to.equal("RECORD_KIND_UNKNOWN");
      expect(await codeOf(handOut(store, requestOf(row, { patient: "nobody" })))).to.equal("PATIENT_UNKNOWN");
      expect(store.state.patients.get("patient 7")!.handOuts).to.deep.equal([]);
    });
  });

  describe("verifyPackage", () => {
    let handed: RecordPackage;
    let membership: RecordMembership;

    beforeEach(async () => {
      membership = batchOf(commitmentOf(store, row), 5, 7);
      handed = await handOut(store, requestOf(row, { membership }));
    });

    it("finds each thing that was altered", async () => {
      const other = await handOut(store, requestOf(ROWS[0]!));
      for (const change of [
        { record: handed.record.replace(/("value":\d+\.\d+)0/, "$1") },
        { record: handed.record.replace('"status":"final"', '"status":"amended"') },
        { record: other.record },
        { salt: other.salt },
        { commitment: other.commitment },
        { kind: 96 },
        // The same value, but not the bytes that were committed to.
        { record: `${handed.record} ` },
        { record: JSON.stringify({ b: 1, ...JSON.parse(handed.record) }) },
      ]) {
        expect(await verify({ ...handed, ...change }), JSON.stringify(change).slice(0, 80)).to.equal("PACKAGE_ALTERED");
      }
    });

    it("finds a path that leads elsewhere", async () => {
      for (const change of [
        { root: id("another") },
        { index: 4 },
        { size: 9 },
        { size: 6 },
        { path: membership.path.slice(1) },
        { path: [...membership.path, id("more")] },
        { path: [] },
      ]) {
        const code = await verify({ ...handed, membership: { ...membership, ...change } });
        expect(code, JSON.stringify(change)).to.equal("PACKAGE_NOT_IN_BATCH");
      }
    });

    it("refuses what is none, or holds more than is looked at", async () => {
      const { salt, ...less } = handed;
      for (const value of [
        null,
        undefined,
        1,
        [],
        less,
        { ...handed, more: 1 },
        { ...handed, format: "diwan-record-2" },
        { ...handed, record: JSON.parse(handed.record) as unknown },
        { ...handed, salt: salt.toUpperCase() },
        { ...handed, salt: salt.slice(2) },
        { ...handed, version: 0 },
        { ...handed, chainId: "31337" },
        { ...handed, membership: null },
        { ...handed, membership: { ...membership, more: 1 } },
        { ...handed, membership: { ...membership, index: 7 } },
        { ...handed, membership: { ...membership, index: -1 } },
        { ...handed, membership: { ...membership, size: 0 } },
        { ...handed, membership: { ...membership, inLog: 1 } },
        { ...handed, membership: { ...membership, path: [1] } },
        { ...handed, membership: { ...membership, path: Array.from({ length: 65 }, () => id("x")) } },
      ]) {
        expect(await verify(value), JSON.stringify(value)?.slice(-120)).to.equal("PACKAGE_MALFORMED");
      }
      expect(await verify({ ...handed, record: '{"a":1,"a":2}' })).to.equal("FHIR_DUPLICATE_KEY");
      expect(await verify({ ...handed, record: "[".repeat(1_000) })).to.equal("FHIR_TOO_DEEP");
      expect(await verify({ ...handed, record: "{}" })).to.equal("RECORD_KIND_UNKNOWN");
    });
  });

  describe("verifyPackageOnChain", () => {
    const verdicts = new Map<string, RecordVerdict>();
    /** Answers as the registry does; what it does with a real chain the journey tests. */
    const registry: RecordReader = {
      statusOf: async (commitment) => verdicts.get(commitment) ?? NOTHING,
      statusOfMember: async ({ commitment, membership }) => verdicts.get(`${membership.root} ${commitment}`) ?? NOTHING,
    };
    const anchored: RecordVerdict = {
      ...{ state: 1n, reason: 0n, kind: 97n, provider: 3n, anchoredAt: BigInt(NOW), changedAt: 0n },
      ...{ standing: 1n, standingNow: 1n },
    };
    const status = (handed: unknown) => verifyPackageOnChain(registry, handed, PLACE);

    beforeEach(() => {
      verdicts.clear();
    });

    it("tells how a record stands that was anchored alone", async () => {
      const handed = await handOut(store, requestOf(row));
      expect(await status(handed)).to.include({ state: "UNKNOWN", provider: 0 });
      verdicts.set(handed.commitment, anchored);
      expect(await status(handed)).to.deep.equal({
        ...{ state: "CURRENT", reason: "NONE", provider: 3, anchoredAt: NOW, changedAt: 0 },
        ...{ standing: "IN_FORCE", standingNow: "IN_FORCE" },
      });
      verdicts.set(handed.commitment, {
        ...anchored,
        state: 2n,
        reason: 1n,
        changedAt: 9n,
        standing: 6n,
        standingNow: 4n,
      });
      expect(await status(handed)).to.deep.include({
        ...{ state: "SUPERSEDED", reason: "AMENDED", changedAt: 9 },
        ...{ standing: "COMPROMISED", standingNow: "SUSPENDED" },
      });
    });

    it("tells how a member of a batch stands, and does not take it for one that stands alone", async () => {
      const membership = batchOf(commitmentOf(store, row), 5, 7, true);
      const handed = await handOut(store, requestOf(row, { membership }));
      verdicts.set(handed.commitment, anchored);
      expect(await status(handed)).to.include({ state: "UNKNOWN" });
      verdicts.set(`${membership.root} ${handed.commitment}`, { ...anchored, state: 3n });
      expect(await status(handed)).to.include({ state: "ENTERED_IN_ERROR" });
    });

    it("still verifies it when the record was erased, and says so", async () => {
      const handed = await handOut(store, requestOf(row));
      verdicts.set(handed.commitment, { ...anchored, state: 4n, reason: 4n, changedAt: BigInt(NOW + 1) });
      await eraseKey(store, erasureOf(store, "patient 7"), OPERATOR, async () => undefined);
      expect(await status(JSON.parse(JSON.stringify(handed)))).to.deep.include({
        ...{ state: "ERASED", reason: "ERASURE_REQUESTED", anchoredAt: NOW, changedAt: NOW + 1 },
      });
    });

    it("refuses another registry's, another kind than was anchored, and what verifyPackage refuses", async () => {
      const handed = await handOut(store, requestOf(row));
      verdicts.set(handed.commitment, anchored);
      for (const place of [
        { ...PLACE, chainId: 1 },
        { ...PLACE, registry: `0x${"cd".repeat(20)}` },
      ]) {
        expect(await codeOf(verifyPackageOnChain(registry, handed, place))).to.equal("PACKAGE_FOREIGN");
      }
      expect(await codeOf(status({ ...handed, salt: id("another") }))).to.equal("PACKAGE_ALTERED");
      verdicts.set(handed.commitment, { ...anchored, kind: 96n });
      expect(await codeOf(status(handed))).to.equal("PACKAGE_ALTERED");
    });
  });
});
