import { createHmac, randomBytes } from "node:crypto";

import { expect } from "chai";
import { getBytes, hexlify, keccak256, sha256, toUtf8Bytes } from "ethers";

import { HealthError } from "../../src/health/HealthError.js";
import { ChainTable, MARKS } from "../../src/health/monitor/ChainTable.js";
import { FINDING_TYPES } from "../../src/health/monitor/finding.js";
import type { MonitorProgress } from "../../src/health/monitor/ProgressMeter.js";
import type { ChainRecord, ChainView, MonitorReport } from "../../src/health/monitor/monitorRecords.js";
import { loadRecordHasher } from "../../src/health/monitor/recordHasher.js";
import { RECORD_TABLES } from "../../src/health/monitor/recordTables.js";
import type { SqlDatabase, SqlTransaction } from "../../src/health/monitor/SqlDatabase.js";
import { recordCommitment } from "../../src/health/recordCommitment.js";
import { recordSalt } from "../../src/health/recordSalt.js";
import { DATABASES, Hospital, observation, PROVIDER, type TestDatabase } from "../helpers/hospital.js";
import { randomOf } from "../helpers/random.js";

/** A commitment that nobody anchored. */
const STRANGE = `0x${"5a".repeat(32)}`;

/** The types and records of a report's findings. */
function told({ findings }: MonitorReport): string[] {
  return findings.map(({ type, recordId, version }) => `${type} ${recordId ?? "?"} ${version ?? "?"}`);
}

/** The totals that are not zero. */
function counted({ totals }: MonitorReport): Record<string, number> {
  return Object.fromEntries(Object.entries(totals).filter(([, count]) => count > 0));
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(HealthError);
  return (error as HealthError).code;
}

describe("loadRecordHasher", function () {
  it("gives what recordSalt, recordCommitment and Node's own HMAC give", async function () {
    const hasher = await loadRecordHasher();
    const random = randomOf(6);
    for (let i = 0; i < 300; i++) {
      const key = randomBytes(32);
      const id = "é".repeat(random.below(i % 10 === 0 ? 511 : 40)) + String(i);
      const version = 1 + random.below(65_535);
      const body = randomBytes(random.below(5_000));

      const digest = hasher.digest(body);
      expect(hexlify(digest)).to.equal(sha256(body));
      const salt = recordSalt(key, { id, version });
      const number = Buffer.alloc(4);
      number.writeUInt32BE(version);
      const mac = createHmac("sha256", key).update("diwan.health.salt\0").update(number).update(id).digest();
      expect(hexlify(salt)).to.equal(hexlify(mac));

      const expected = hexlify(recordCommitment(salt, getBytes(sha256(body))));
      const names = ["diwan.health.record", "sha-256", "fhir-json-lossless-1"].map((name) =>
        keccak256(toUtf8Bytes(name)),
      );
      expect(keccak256(Buffer.concat([...names, hexlify(salt), sha256(body)].map((part) => getBytes(part))))).to.equal(
        expected,
      );
      expect(hexlify(hasher.commitment(key, id, version, digest))).to.equal(expected);
    }
  });
});

describe("ChainTable", function () {
  const commitmentOf = (n: number): Uint8Array => getBytes(keccak256(toUtf8Bytes(`record ${n}`)));
  const own = { state: "CURRENT", kind: 97, isForeign: false, isLate: false } as const;

  it("finds each of many, and no other", function () {
    const table = new ChainTable();
    for (let n = 0; n < 20_000; n++) table.add(commitmentOf(n), { ...own, kind: n });
    expect(table.size).to.equal(20_000);
    for (let n = 0; n < 20_000; n++) {
      const entry = table.find(commitmentOf(n));
      if (entry !== n || table.kindOf(entry) !== n) expect.fail(`record ${n} is entry ${entry}`);
      if (table.find(commitmentOf(-1 - n)) !== -1) expect.fail(`record ${-1 - n} is none`);
    }
    expect(hexlify(table.commitmentOf(7))).to.equal(hexlify(commitmentOf(7)));
    expect([table.find(new Uint8Array(31)), table.find(new Uint8Array())]).to.deep.equal([-1, -1]);
  });

  it("takes the furthest state of what was anchored twice, in any order", function () {
    for (const states of [
      ["ERASED", "CURRENT"],
      ["CURRENT", "ERASED"],
    ] as const) {
      const table = new ChainTable();
      for (const state of states) table.add(commitmentOf(1), { ...own, state });
      expect([table.size, table.stateOf(0)]).to.deep.equal([1, "ERASED"]);
    }
  });

  it("marks as late what is new or went on, and nothing else", function () {
    const table = new ChainTable();
    table.add(commitmentOf(1), own);
    table.add(commitmentOf(2), own);
    table.add(commitmentOf(1), { ...own, isLate: true });
    table.add(commitmentOf(2), { ...own, state: "ERASED", isLate: true });
    table.add(commitmentOf(2), { ...own, isLate: true });
    table.add(commitmentOf(3), { ...own, isLate: true });
    expect([0, 1, 2].map((entry) => table.has(entry, MARKS.LATE))).to.deep.equal([false, true, true]);
  });
});

for (const { name, open } of DATABASES) {
  describe(`monitorRecords on ${name}`, function () {
    let on: TestDatabase;

    before(async function () {
      on = await open();
    });
    after(async function () {
      await on.close();
    });

    async function twelve(types?: Parameters<typeof Hospital.found>[1]): Promise<Hospital> {
      const hospital = await Hospital.found(on, types);
      await hospital.keepTwelve();
      return hospital;
    }

    /** A comparison in whose transaction something else is tried, after it has begun. */
    function monitorInside(hospital: Hospital, attempt: (sql: SqlTransaction) => Promise<unknown>) {
      const database: SqlDatabase = {
        transaction: (work) =>
          on.database.transaction((sql) => {
            const pages = async function* (text: string) {
              await attempt(sql);
              yield* sql.pages(text);
            };
            return work({ ...sql, pages });
          }),
      };
      return hospital.monitor({ database });
    }

    describe("a database that nobody touched", function () {
      it("is clean", async function () {
        const report = await (await twelve()).monitor();
        expect(report.isClean).to.equal(true);
        expect(report.findings).to.deep.equal([]);
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 12 });
      });

      it("is clean when nothing was ever anchored", async function () {
        const report = await (await Hospital.found(on)).monitor();
        expect(report.isClean).to.equal(true);
        expect(counted(report)).to.deep.equal({});
      });

      it("is read from text and json columns, and an index in hex, alike", async function () {
        for (const body of ["text", "json"]) {
          const report = await (await twelve({ body, commitment: "text" })).monitor();
          expect(counted(report), body).to.deep.equal({ rows: 12, anchored: 12, intact: 12 });
        }
      });

      it("is read under the names that are given, in capitals and reserved words too", async function () {
        const hospital = await twelve();
        await hospital.sql(`ALTER TABLE {records} RENAME COLUMN body TO "select"`);
        await hospital.sql(`ALTER TABLE {records} RENAME COLUMN patient TO "PatientKey"`);
        const records = { ...hospital.tables.records, body: "select", patient: "PatientKey" };
        const report = await hospital.monitor({ tables: { ...hospital.tables, records } });
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 12 });
      });

      it("is read under the usual names in the schema public", async function () {
        const hospital = await twelve();
        await hospital.sql("DROP TABLE IF EXISTS public.health_record, public.anchor");
        await hospital.sql("ALTER TABLE {records} SET SCHEMA public");
        await hospital.sql("ALTER TABLE {anchors} SET SCHEMA public");
        const report = await hospital.monitor({ tables: RECORD_TABLES });
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 12 });
        await hospital.sql("DROP TABLE public.health_record, public.anchor");
      });

      it("may keep text that is not canonical, whose content is what was anchored", async function () {
        const hospital = await twelve({ body: "text" });
        await hospital.sql(
          "UPDATE {records} SET body = replace(body, ':', ' : ') WHERE record_id < 'Observation/f003'",
        );
        const report = await hospital.monitor();
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 12, reformatted: 3 });
      });

      it("may hold records of any length", async function () {
        const hospital = await twelve();
        const long = (id: string, letters: number) => observation(id, "1").replace("mmol/l", "é".repeat(letters));
        for (const [i, letters] of [32_000, 40_000, 6_000_000].entries()) {
          const recordId = `Observation/long${i}`;
          await hospital.keep({ recordId, version: 1, patient: "patient 0", body: long(`long${i}`, letters) });
        }
        expect(counted(await hospital.monitor())).to.deep.equal({ rows: 15, anchored: 15, intact: 15 });

        await hospital.sql(
          "UPDATE {records} SET body = convert_to(convert_from(body, 'UTF8') || ' ', 'UTF8') WHERE record_id LIKE '%long%'",
        );
        expect(counted(await hospital.monitor())).to.deep.equal({ rows: 15, anchored: 15, intact: 15, reformatted: 3 });
        await hospital.sql(
          "UPDATE {records} SET body = overlay(body PLACING 'x' FROM 9000000) WHERE record_id = 'Observation/long2'",
        );
        expect(told(await hospital.monitor())).to.deep.equal(["ALTERED Observation/long2 1"]);
      });

      it("may have records of more than one page", async function () {
        const hospital = await Hospital.found(on);
        for (let i = 0; i < 1_203; i++) {
          const recordId = `Observation/p${String(i).padStart(4, "0")}`;
          await hospital.keep({ recordId, version: 1, patient: "patient 0", body: observation("p", String(i)) });
        }
        expect(counted(await hospital.monitor())).to.deep.equal({ rows: 1_203, anchored: 1_203, intact: 1_203 });
        await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/p1100'");
        await hospital.sql(
          "UPDATE {records} SET body = 'x' WHERE record_id IN ('Observation/p0007', 'Observation/p0707')",
        );
        expect(told(await hospital.monitor())).to.deep.equal([
          "ALTERED Observation/p0007 1",
          "ALTERED Observation/p0707 1",
          "MISSING Observation/p1100 1",
        ]);
      });
    });

    describe("a record that somebody altered", function () {
      it("is found, with what was anchored and what the row gives", async function () {
        const hospital = await twelve();
        const [, expected = ""] = hospital.chain.keys();
        const body = observation("f1", "1.5");
        await hospital.sql("UPDATE {records} SET body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/f001'", [
          body,
        ]);
        const report = await hospital.monitor();
        const found = hospital.commit({ recordId: "Observation/f001", version: 1, patient: "patient 2", body });
        expect(report.findings).to.deep.equal([
          { type: "ALTERED", recordId: "Observation/f001", version: 1, expected, found },
        ]);
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 11, ALTERED: 1 });
        expect(report.isClean).to.equal(false);
      });

      it("is found when the index was altered with it: what is there nobody anchored, and what was anchored is gone", async function () {
        const hospital = await twelve();
        const [, expected = ""] = hospital.chain.keys();
        const altered = {
          recordId: "Observation/f001",
          version: 1,
          patient: "patient 2",
          body: observation("f1", "100"),
        };
        const found = hospital.commit(altered);
        await hospital.sql("UPDATE {records} SET body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/f001'", [
          altered.body,
        ]);
        await hospital.sql("UPDATE {anchors} SET commitment = decode($1, 'hex') WHERE record_id = 'Observation/f001'", [
          found.slice(2),
        ]);
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "EXTRA", recordId: "Observation/f001", version: 1, expected: null, found },
          { type: "MISSING", recordId: null, version: null, expected, found: null, state: "CURRENT" },
        ]);
      });

      it("is found when its body was exchanged with another's", async function () {
        const hospital = await twelve();
        await hospital.sql(`UPDATE {records} r SET body = s.body FROM {records} s
          WHERE (r.record_id, s.record_id) IN (('Observation/f002', 'Observation/f004'), ('Observation/f004', 'Observation/f002'))`);
        expect(told(await hospital.monitor())).to.deep.equal([
          "ALTERED Observation/f002 1",
          "ALTERED Observation/f004 1",
        ]);
      });

      it("is found when it was moved to another patient", async function () {
        const hospital = await twelve();
        await hospital.sql("UPDATE {records} SET patient = 'patient 4' WHERE record_id = 'Observation/f002'");
        expect(told(await hospital.monitor())).to.deep.equal(["ALTERED Observation/f002 1"]);
      });

      it("is found when it was filed under another name, with its index or without", async function () {
        const hospital = await twelve();
        await hospital.sql("UPDATE {records} SET record_id = 'Observation/zzz' WHERE record_id = 'Observation/f002'");
        expect(told(await hospital.monitor())).to.deep.equal(["MISSING Observation/f002 1", "EXTRA Observation/zzz 1"]);
        await hospital.sql("UPDATE {anchors} SET record_id = 'Observation/zzz' WHERE record_id = 'Observation/f002'");
        expect(told(await hospital.monitor())).to.deep.equal(["ALTERED Observation/zzz 1"]);
      });

      it("is found when only its resource type was changed", async function () {
        const hospital = await twelve();
        await hospital.sql("UPDATE {records} SET kind = 'Condition' WHERE record_id = 'Observation/f002'");
        await hospital.sql("UPDATE {records} SET kind = '97' WHERE record_id = 'Observation/f003'");
        const report = await hospital.monitor();
        expect(report.findings).to.deep.equal([
          { type: "RELABELLED", recordId: "Observation/f002", version: 1, expected: 97, found: "Condition" },
        ]);
        expect(report.totals.intact).to.equal(11);
      });

      it("is found when nothing is left of its body, or bytes that are no text", async function () {
        const hospital = await twelve();
        await hospital.sql("UPDATE {records} SET body = NULL WHERE record_id = 'Observation/f002'");
        await hospital.sql("UPDATE {records} SET body = '\\xff00fe' WHERE record_id = 'Observation/f003'");
        await hospital.sql("UPDATE {records} SET body = '' WHERE record_id = 'Observation/f004'");
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal([2, 3, 4].map((i) => `ALTERED Observation/f00${i} 1`));
        expect(report.findings.map(({ found }) => found === null)).to.deep.equal([true, false, false]);
      });

      it("is found when nothing is left of a version that was superseded or in error, which is not erased", async function () {
        const hospital = await twelve();
        const [two, three] = [...hospital.chain].slice(2, 4) as [[string, ChainRecord], [string, ChainRecord]];
        hospital.chain.set(two[0], { ...two[1], state: "SUPERSEDED" });
        hospital.chain.set(three[0], { ...three[1], state: "ENTERED_IN_ERROR" });
        await hospital.sql(
          "UPDATE {records} SET body = NULL WHERE record_id IN ('Observation/f002', 'Observation/f003')",
        );
        expect(told(await hospital.monitor())).to.deep.equal([2, 3].map((i) => `ALTERED Observation/f00${i} 1`));
      });

      it("is found when a key stands in it twice, and is not taken for reformatted text", async function () {
        const hospital = await twelve();
        const body = observation("f2", "2.50").replace("{", '{"status":"final",');
        await hospital.sql("UPDATE {records} SET body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/f002'", [
          body,
        ]);
        expect(told(await hospital.monitor())).to.deep.equal(["ALTERED Observation/f002 1"]);
      });
    });

    describe("a record that somebody deleted", function () {
      it("is missing under its name", async function () {
        const hospital = await twelve();
        const [, expected = ""] = hospital.chain.keys();
        await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/f001'");
        const report = await hospital.monitor();
        expect(report.findings).to.deep.equal([
          { type: "MISSING", recordId: "Observation/f001", version: 1, expected, found: null, state: "CURRENT" },
        ]);
        expect(counted(report)).to.deep.equal({ rows: 11, anchored: 12, intact: 11, MISSING: 1 });
      });

      it("is missing by its commitment when the index was deleted too", async function () {
        const hospital = await twelve();
        const [, expected = ""] = hospital.chain.keys();
        await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/f001'");
        await hospital.sql("DELETE FROM {anchors} WHERE record_id = 'Observation/f001'");
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "MISSING", recordId: null, version: null, expected, found: null, state: "CURRENT" },
        ]);
      });

      it("is missing when everything was deleted", async function () {
        const hospital = await twelve();
        await hospital.sql("DELETE FROM {records}");
        await hospital.sql("DELETE FROM {anchors} WHERE record_id >= 'Observation/f006'");
        const report = await hospital.monitor();
        expect(counted(report)).to.deep.equal({ anchored: 12, MISSING: 12 });
        expect(report.findings.filter(({ recordId }) => recordId === null)).to.have.lengthOf(6);
      });
    });

    describe("a record that somebody added", function () {
      const added = {
        recordId: "Observation/added",
        version: 1,
        patient: "patient 0",
        body: observation("added", "9"),
      };

      it("is extra, with an index that names it or without", async function () {
        const hospital = await twelve();
        await hospital.insert(added);
        const found = hospital.commit(added);
        const expected = [{ type: "EXTRA", recordId: "Observation/added", version: 1, expected: null, found }];
        expect((await hospital.monitor()).findings).to.deep.equal(expected);
        await hospital.index(added, found);
        expect((await hospital.monitor()).findings).to.deep.equal(expected);
      });

      it("is extra as a later version of a record that was anchored", async function () {
        const hospital = await twelve();
        await hospital.insert({ ...added, recordId: "Observation/f000", version: 2 });
        expect(told(await hospital.monitor())).to.deep.equal(["EXTRA Observation/f000 2"]);
      });

      it("is extra when its version or name can be no record's", async function () {
        const hospital = await twelve();
        const names = ["", "x".repeat(1_025)];
        for (const recordId of names) await hospital.insert({ ...added, recordId });
        for (const version of [0, -1, 65_536]) await hospital.insert({ ...added, version });
        const report = await hospital.monitor();
        expect(report.totals.EXTRA).to.equal(5);
        expect(report.findings.every(({ found }) => found === null)).to.equal(true);
      });

      it("is named by its first letters when somebody made the names endless", async function () {
        const hospital = await twelve({ commitment: "text" });
        const endless = "repeat('x', 3000000)";
        await hospital.sql(`UPDATE {records} SET patient = ${endless} WHERE record_id = 'Observation/f001'`);
        await hospital.sql(`UPDATE {records} SET kind = ${endless} WHERE record_id = 'Observation/f002'`);
        await hospital.sql(
          `UPDATE {anchors} SET commitment = commitment || ${endless} WHERE record_id = 'Observation/f003'`,
        );
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal([
          ...["UNVERIFIABLE Observation/f001 1", "RELABELLED Observation/f002 1", "MISINDEXED Observation/f003 1"],
        ]);
        expect(JSON.stringify(report).length).to.be.below(5_000);
      });

      it("is a duplicate when the same row is there twice", async function () {
        const hospital = await twelve();
        await hospital.sql("ALTER TABLE {records} DROP CONSTRAINT health_record_pkey");
        await hospital.sql("CREATE INDEX ON {records} (record_id, version)");
        await hospital.sql("INSERT INTO {records} SELECT * FROM {records} WHERE record_id = 'Observation/f001'");
        expect(told(await hospital.monitor())).to.deep.equal(["DUPLICATE Observation/f001 1"]);
      });

      it("is found beside the one whose name it has", async function () {
        const hospital = await twelve();
        await hospital.sql("ALTER TABLE {records} DROP CONSTRAINT health_record_pkey");
        await hospital.sql("CREATE INDEX ON {records} (record_id, version)");
        await hospital.insert({ ...added, recordId: "Observation/f001", patient: "patient 2" });
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal(["ALTERED Observation/f001 1"]);
        expect(report.totals.intact).to.equal(12);
      });

      it("is foreign when another provider anchored it", async function () {
        const hospital = await twelve();
        const forged = { ...added, recordId: "Observation/f000", body: observation("f0", "66") };
        const commitment = hospital.commit(forged);
        hospital.chain.set(commitment, { commitment, state: "CURRENT", kind: 97, provider: PROVIDER + 1 });
        await hospital.sql("UPDATE {records} SET body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/f000'", [
          forged.body,
        ]);
        const [expected = ""] = hospital.chain.keys();
        const at = { recordId: "Observation/f000", version: 1 };
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "FOREIGN", ...at, expected, found: commitment },
        ]);

        await hospital.sql("UPDATE {anchors} SET commitment = decode($1, 'hex') WHERE record_id = 'Observation/f000'", [
          commitment.slice(2),
        ]);
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "FOREIGN", ...at, expected: null, found: commitment },
          { type: "MISSING", recordId: null, version: null, expected, found: null, state: "CURRENT" },
        ]);
      });

      it("is not foreign because another provider anchored the same bytes, whichever comes first", async function () {
        const hospital = await twelve();
        const own = [...hospital.chain.values()];
        const copies = own.map((record) => ({ ...record, state: "ERASED" as const, provider: PROVIDER + 1 }));
        for (const chain of [
          [...own, ...copies],
          [...copies, ...own],
        ]) {
          expect(counted(await hospital.monitor({ chain: () => ({ records: () => chain }) }))).to.deep.equal({
            rows: 12,
            anchored: 12,
            intact: 12,
          });
        }
      });
    });

    describe("a record of several versions", function () {
      const first = { recordId: "Observation/v", version: 1, patient: "patient 0", body: observation("v", "1.0") };
      const second = { ...first, version: 2, body: observation("v", "2.0") };

      it("is clean with all of them, or with the last alone", async function () {
        const hospital = await twelve();
        await hospital.keep(first, { state: "SUPERSEDED" });
        await hospital.keep(second);
        expect(counted(await hospital.monitor({ keepsVersions: true }))).to.deep.equal({
          rows: 14,
          anchored: 14,
          intact: 14,
        });
        await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/v' AND version = 1");
        expect(counted(await hospital.monitor())).to.deep.equal({ rows: 13, anchored: 14, intact: 13, past: 1 });
        expect(told(await hospital.monitor({ keepsVersions: true }))).to.deep.equal(["MISSING Observation/v 1"]);
      });

      it("is stale when an old version was put in the place of the last", async function () {
        const hospital = await twelve();
        await hospital.keep(first, { state: "SUPERSEDED", hasRow: false });
        await hospital.keep(second);
        await hospital.sql(
          "UPDATE {records} SET version = 1, body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/v'",
          [first.body],
        );
        expect((await hospital.monitor()).findings).to.deep.equal([
          {
            ...{ type: "STALE", recordId: "Observation/v", version: 1 },
            ...{ expected: "SUPERSEDED", found: "CURRENT", commitment: hospital.commit(first) },
          },
          {
            ...{ type: "MISSING", recordId: "Observation/v", version: 2 },
            ...{ expected: hospital.commit(second), found: null, state: "CURRENT" },
          },
        ]);
      });

      it("is altered, or extra, when an old version's body was put in as the last", async function () {
        const hospital = await twelve();
        await hospital.keep(first, { state: "SUPERSEDED" });
        await hospital.keep(second);
        await hospital.sql(
          "UPDATE {records} SET body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/v' AND version = 2",
          [first.body],
        );
        expect(told(await hospital.monitor())).to.deep.equal(["ALTERED Observation/v 2"]);
        await hospital.insert({ ...first, version: 3 });
        expect(told(await hospital.monitor())).to.deep.equal(["ALTERED Observation/v 2", "EXTRA Observation/v 3"]);
      });

      it("is stale when what was entered in error stands as if it were right", async function () {
        const hospital = await twelve();
        await hospital.keep(first, { state: "ENTERED_IN_ERROR" });
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal(["STALE Observation/v 1"]);
        expect(report.findings[0]?.expected).to.equal("ENTERED_IN_ERROR");
      });

      it("goes by the column that tells what is current, where there is one", async function () {
        const hospital = await twelve({ current: true });
        await hospital.keep(first, { state: "SUPERSEDED" });
        await hospital.keep(second, { state: "ENTERED_IN_ERROR" });
        const flag = (version: number, value: boolean) =>
          hospital.sql("UPDATE {records} SET is_current = $2 WHERE record_id = 'Observation/v' AND version = $1", [
            version,
            value,
          ]);
        await flag(1, false);
        await flag(2, false);
        expect(counted(await hospital.monitor())).to.deep.equal({ rows: 14, anchored: 14, intact: 14 });

        await flag(1, true);
        await hospital.sql("UPDATE {records} SET is_current = false WHERE record_id = 'Observation/f003'");
        const { findings } = await hospital.monitor();
        expect(findings.map(({ type, recordId, expected, found }) => [type, recordId, expected, found])).to.deep.equal([
          ["STALE", "Observation/f003", "CURRENT", "NOT_CURRENT"],
          ["STALE", "Observation/v", "SUPERSEDED", "CURRENT"],
        ]);
      });
    });

    describe("an erasure", function () {
      async function erased(): Promise<Hospital> {
        const hospital = await twelve();
        for (const [commitment, record] of [...hospital.chain].filter((_, i) => i % 2 === 0)) {
          hospital.chain.set(commitment, { ...record, state: "ERASED" });
        }
        hospital.keys.delete("patient 0");
        return hospital;
      }

      it("is no finding where the rows are gone, whether the index or an empty row is left or not", async function () {
        const hospital = await erased();
        await hospital.sql("UPDATE {records} SET body = NULL WHERE record_id = 'Observation/f002'");
        await hospital.sql("DELETE FROM {records} WHERE patient = 'patient 0' AND body IS NOT NULL");
        expect(counted(await hospital.monitor({ keepsVersions: true }))).to.deep.equal({
          rows: 7,
          anchored: 12,
          intact: 6,
          erased: 6,
        });
        await hospital.sql("DELETE FROM {anchors} WHERE record_id = 'Observation/f004'");
        expect((await hospital.monitor()).isClean).to.equal(true);
      });

      it("is unverifiable where rows are left and the key is gone", async function () {
        const hospital = await erased();
        const [expected = ""] = hospital.chain.keys();
        const report = await hospital.monitor();
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 6, UNVERIFIABLE: 6 });
        expect(report.findings[0]).to.deep.equal({
          ...{ type: "UNVERIFIABLE", recordId: "Observation/f000", version: 1, expected, found: null, state: "ERASED" },
        });
      });

      it("is stale where rows are left and the key is still there", async function () {
        const hospital = await erased();
        hospital.keyOf("patient 0");
        const report = await hospital.monitor();
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 6, STALE: 6 });
        expect(report.findings[0]?.expected).to.equal("ERASED");
      });

      it("hides nothing: a record moved to the erased patient is unverifiable, and the chain says it was not erased", async function () {
        const hospital = await erased();
        await hospital.sql("DELETE FROM {records} WHERE patient = 'patient 0'");
        await hospital.sql("UPDATE {records} SET patient = 'patient 0' WHERE record_id = 'Observation/f001'");
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal(["UNVERIFIABLE Observation/f001 1"]);
        expect(report.findings[0]).to.deep.include({ state: "CURRENT" });

        await hospital.sql("DELETE FROM {anchors} WHERE record_id = 'Observation/f001'");
        expect(told(await hospital.monitor())).to.deep.equal(["UNVERIFIABLE Observation/f001 1", "MISSING ? ?"]);
      });
    });

    describe("an index that somebody altered", function () {
      it("is found where it names another commitment than the row gives", async function () {
        const hospital = await twelve();
        const [first = "", second = ""] = hospital.chain.keys();
        await hospital.sql("UPDATE {anchors} SET commitment = decode($1, 'hex') WHERE record_id = 'Observation/f000'", [
          STRANGE.slice(2),
        ]);
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "MISINDEXED", recordId: "Observation/f000", version: 1, expected: first, found: STRANGE },
        ]);
        await hospital.sql("UPDATE {anchors} SET commitment = decode($1, 'hex') WHERE record_id = 'Observation/f000'", [
          second.slice(2),
        ]);
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "MISINDEXED", recordId: "Observation/f000", version: 1, expected: first, found: second },
        ]);
      });

      it("is found where it names nothing, bytes that are no commitment, or two", async function () {
        const hospital = await twelve();
        await hospital.sql("DELETE FROM {anchors} WHERE record_id = 'Observation/f000'");
        await hospital.sql("UPDATE {anchors} SET commitment = '\\x00' WHERE record_id = 'Observation/f001'");
        await hospital.sql("ALTER TABLE {anchors} DROP CONSTRAINT anchor_pkey");
        await hospital.sql("CREATE INDEX ON {anchors} (version, record_id)");
        await hospital.index({ recordId: "Observation/f002", version: 1 }, STRANGE);
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal([0, 1, 2].map((i) => `MISINDEXED Observation/f00${i} 1`));
        expect(report.findings.map(({ found }) => found?.toString().length ?? null)).to.deep.equal([null, 4, 130]);
      });

      it("is found where it names what has no row and was not anchored, or another row has", async function () {
        const hospital = await twelve();
        const [first = ""] = hospital.chain.keys();
        await hospital.index({ recordId: "Observation/ghost", version: 1 }, STRANGE);
        await hospital.index({ recordId: "Observation/ghost", version: 2 }, first);
        expect((await hospital.monitor()).findings).to.deep.equal([
          { type: "MISINDEXED", recordId: "Observation/ghost", version: 1, expected: null, found: STRANGE },
          { type: "MISINDEXED", recordId: "Observation/ghost", version: 2, expected: null, found: first },
        ]);
      });

      it("is found in hex too, where text follows the commitment", async function () {
        const hospital = await twelve({ commitment: "text" });
        await hospital.sql(
          "UPDATE {anchors} SET commitment = upper(substr(commitment, 3)) WHERE record_id = 'Observation/f000'",
        );
        await hospital.sql("UPDATE {anchors} SET commitment = commitment || 'zz' WHERE record_id = 'Observation/f001'");
        await hospital.sql(
          "UPDATE {anchors} SET commitment = commitment || ',' || commitment WHERE record_id = 'Observation/f002'",
        );
        expect(told(await hospital.monitor())).to.deep.equal([1, 2].map((i) => `MISINDEXED Observation/f00${i} 1`));
      });
    });

    describe("while the hospital works", function () {
      /** What the chain says before the snapshot and after it. */
      function then(before: Iterable<ChainRecord>, after: Iterable<ChainRecord>): () => ChainView {
        const readings = [[...before], [...after]];
        return () => {
          const reading = readings.shift()!;
          return { records: () => reading };
        };
      }

      it("takes no record for extra that was anchored in between", async function () {
        const hospital = await twelve();
        const before = [...hospital.chain.values()];
        const late = { recordId: "Observation/late", version: 1, patient: "patient 0", body: observation("late", "1") };
        await hospital.keep(late);
        await hospital.sql("DELETE FROM {anchors} WHERE record_id = 'Observation/late'");
        expect((await hospital.monitor({ chain: then(before, hospital.chain.values()) })).isClean).to.equal(true);
        await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/late'");
        expect((await hospital.monitor({ chain: then(before, hospital.chain.values()) })).isClean).to.equal(true);
        expect(told(await hospital.monitor())).to.deep.equal(["MISSING ? ?"]);
      });

      it("takes no record for missing or stale that was superseded or erased in between", async function () {
        const hospital = await twelve();
        const before = [...hospital.chain.values()];
        for (const state of ["SUPERSEDED", "ENTERED_IN_ERROR", "ERASED"] as const) {
          const after = before.map((record, i) => (i < 2 ? { ...record, state } : record));
          expect((await hospital.monitor({ chain: then(before, after) })).isClean, state).to.equal(true);
        }
        await hospital.sql("DELETE FROM {records} WHERE record_id < 'Observation/f002'");
        const after = before.map((record, i) => (i < 2 ? { ...record, state: "ERASED" as const } : record));
        expect((await hospital.monitor({ chain: then(before, after) })).isClean).to.equal(true);
      });

      // PGlite has one connection, on which nobody else can write meanwhile.
      if (name === "PostgreSQL") {
        it("sees one state of the database, whatever is written meanwhile", async function () {
          const hospital = await twelve();
          let readings = 0;
          const report = await hospital.monitor({
            chain: async () => {
              if (++readings === 2) await hospital.sql("UPDATE {records} SET body = NULL");
              return { records: () => hospital.chain.values() };
            },
          });
          expect(report.isClean).to.equal(true);
          expect((await hospital.monitor()).totals.ALTERED).to.equal(12);
        });
      }

      it("writes nothing", async function () {
        const hospital = await twelve();
        for (const statement of [`DELETE FROM ${hospital.records}`, `CREATE TABLE ${hospital.records}_2 ()`]) {
          const writing = monitorInside(hospital, (sql) => sql.query(statement));
          expect(await codeOf(writing)).to.equal("DATABASE_REFUSES");
        }
        expect((await hospital.monitor()).isClean).to.equal(true);
      });
    });

    describe("the report", function () {
      it("is the same whatever the order of the rows, and goes through JSON", async function () {
        const hospital = await twelve();
        await hospital.sql(
          "UPDATE {records} SET body = NULL WHERE record_id IN ('Observation/f009', 'Observation/f003')",
        );
        await hospital.sql("DELETE FROM {records} WHERE record_id IN ('Observation/f004', 'Observation/f010')");
        await hospital.sql("DELETE FROM {anchors} WHERE record_id = 'Observation/f010'");
        const report = await hospital.monitor();
        expect(told(report)).to.deep.equal([
          ...["ALTERED Observation/f003 1", "MISSING Observation/f004 1", "ALTERED Observation/f009 1"],
          "MISSING ? ?",
        ]);
        await hospital.sql("CREATE TEMPORARY TABLE kept AS SELECT * FROM {records} ORDER BY record_id DESC");
        await hospital.sql("DELETE FROM {records}");
        await hospital.sql("INSERT INTO {records} SELECT * FROM kept");
        await hospital.sql("DROP TABLE kept");
        const chain = [...hospital.chain.values()].reverse();
        const again = await hospital.monitor({ chain: () => ({ records: () => chain }) });
        expect(again).to.deep.equal(report);
        expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
      });

      it("is not clean where records of a batch were not named", async function () {
        const hospital = await twelve();
        const chain = () => ({ block: 5, unnamed: [{ size: 3 }, { size: 4 }], records: () => hospital.chain.values() });
        const report = await hospital.monitor({ chain });
        expect(counted(report)).to.deep.equal({ rows: 12, anchored: 12, intact: 12, unnamed: 7 });
        expect(report).to.deep.include({ isClean: false, block: 5, findings: [] });
      });

      it("lists the first findings and counts all", async function () {
        const hospital = await twelve();
        hospital.keys.clear();
        const report = await hospital.monitor({ limit: 2 });
        expect(told(report)).to.deep.equal(["UNVERIFIABLE Observation/f000 1", "UNVERIFIABLE Observation/f001 1"]);
        expect(report.unlisted).to.equal(10);
        expect(report.totals.UNVERIFIABLE).to.equal(12);
        expect(FINDING_TYPES.reduce((sum, type) => sum + report.totals[type], 0)).to.equal(12);
      });

      it("is told of as it comes", async function () {
        const hospital = await twelve();
        const steps: MonitorProgress[] = [];
        await hospital.monitor({ onProgress: (step) => steps.push(step) });
        const last = new Map(steps.map(({ phase, done }) => [phase, done]));
        expect([...last]).to.deep.equal([
          ["chain", 12],
          ["records", 12],
          ["index", 0],
        ]);
      });
    });

    describe("refuses", function () {
      it("to go on once it is aborted, and leaves the database usable", async function () {
        const hospital = await twelve();
        const early = AbortSignal.abort(new Error("not at all"));
        expect(await hospital.monitor({ signal: early }).catch(String)).to.equal("Error: not at all");

        const controller = new AbortController();
        const onProgress = ({ phase }: MonitorProgress) => {
          if (phase === "chain") controller.abort(new Error("enough"));
        };
        expect(await hospital.monitor({ signal: controller.signal, onProgress }).catch(String)).to.equal(
          "Error: enough",
        );

        const timed = new AbortController();
        setTimeout(() => {
          timed.abort(new Error("too long"));
        });
        const keyOf = (patient: string) => {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
          return hospital.keys.get(patient);
        };
        for (let i = 0; i < 600; i++)
          await hospital.insert({ recordId: `r${i}`, version: 1, patient: "patient 0", body: "{}" });
        expect(await hospital.monitor({ signal: timed.signal, keyOf }).catch(String)).to.equal("Error: too long");
        expect((await hospital.monitor()).totals).to.deep.include({ intact: 12, EXTRA: 600 });
      });

      it("names that are not one identifier", async function () {
        const hospital = await twelve();
        const { records, anchors } = hospital.tables;
        for (const table of [
          `x"; DROP TABLE ${hospital.records}; --`,
          "a.b.c",
          "",
          ".",
          "tab le",
          "é",
          "x".repeat(64),
          "a.",
          "1a",
        ]) {
          expect(await codeOf(hospital.monitor({ tables: { anchors, records: { ...records, table } } }))).to.equal(
            "IDENTIFIER_INVALID",
          );
        }
        for (const column of ['body" FROM pg_authid --', "body, patient", "body::text", ""]) {
          const tables = { anchors, records: { ...records, body: column } };
          expect(await codeOf(hospital.monitor({ tables }))).to.equal("IDENTIFIER_INVALID");
        }
        const tables = { records, anchors: { ...anchors, commitment: "commitment;" } };
        expect(await codeOf(hospital.monitor({ tables }))).to.equal("IDENTIFIER_INVALID");
        expect((await hospital.monitor()).isClean).to.equal(true);
      });

      it("tables that are not there, are views, or lack a column or an index", async function () {
        const refused = async (change: string): Promise<void> => {
          const hospital = await twelve();
          await hospital.sql(change);
          expect(await codeOf(hospital.monitor()), change).to.equal("TABLES_UNFIT");
        };
        await refused("DROP TABLE {records}");
        await refused("DROP TABLE {anchors}");
        await refused("ALTER TABLE {records} DROP COLUMN body");
        await refused("ALTER TABLE {records} ALTER COLUMN body TYPE jsonb USING convert_from(body, 'UTF8')::jsonb");
        await refused("ALTER TABLE {records} ALTER COLUMN version TYPE text");
        await refused("ALTER TABLE {records} DROP CONSTRAINT health_record_pkey");
        await refused("ALTER TABLE {anchors} DROP CONSTRAINT anchor_pkey");

        const hospital = await twelve();
        await hospital.sql("ALTER TABLE {records} RENAME TO hidden");
        await hospital.sql(
          `CREATE VIEW {records} AS SELECT * FROM ${hospital.records.replace("health_record", "hidden")}`,
        );
        expect(await codeOf(hospital.monitor())).to.equal("TABLES_UNFIT");
      });

      it("keys and commitments of another length", async function () {
        const hospital = await twelve();
        expect(await codeOf(hospital.monitor({ keyOf: () => new Uint8Array(31) }))).to.equal("RECORD_MALFORMED");
        const [record] = hospital.chain.values();
        for (const commitment of ["0x12", new Uint8Array(33), "no hex"]) {
          expect(
            await codeOf(hospital.monitor({ chain: () => ({ records: () => [{ ...record!, commitment }] }) })),
          ).to.equal("RECORD_MALFORMED");
        }
      });

      it("to be shown a part of the rows by row security", async function () {
        const hospital = await twelve();
        const role = hospital.records.replace(".health_record", "_reader");
        await hospital.sql(`DROP ROLE IF EXISTS ${role}`);
        await hospital.sql(`CREATE ROLE ${role}`);
        await hospital.sql(`GRANT USAGE ON SCHEMA ${hospital.records.split(".")[0]!} TO ${role}`);
        await hospital.sql(`GRANT SELECT ON {records}, {anchors} TO ${role}`);
        const asReader = {
          transaction: <T>(work: Parameters<typeof on.database.transaction<T>>[0]) =>
            on.database.transaction<T>(async (sql) => {
              await sql.query(`SET LOCAL ROLE ${role}`);
              return work(sql);
            }),
        };
        expect((await hospital.monitor({ database: asReader })).isClean).to.equal(true);

        await hospital.sql("ALTER TABLE {records} ENABLE ROW LEVEL SECURITY");
        await hospital.sql(`CREATE POLICY part ON {records} TO ${role} USING (record_id <> 'Observation/f001')`);
        expect(await codeOf(hospital.monitor({ database: asReader }))).to.equal("DATABASE_REFUSES");
        expect((await hospital.monitor()).isClean).to.equal(true);
        await hospital.sql(`DROP OWNED BY ${role}`);
        await hospital.sql(`DROP ROLE ${role}`);
      });
    });
  });
}
