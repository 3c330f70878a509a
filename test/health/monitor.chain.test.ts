import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PGlite } from "@electric-sql/pglite";
import { expect } from "chai";
import { type JsonRpcPayload, toBeHex } from "ethers";

import { runScript } from "../../scripts/tooling/run-command.js";
import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { createKeyStore } from "../../src/health/keyStore.js";
import type { MonitorReport } from "../../src/health/monitor/monitorRecords.js";
import { readRecords } from "../../src/health/records/readRecords.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { Hospital, observation, openPglite, type Version } from "../helpers/hospital.js";
import { REASON, recordsFixture } from "../helpers/records.js";

const KIND = 97n;
const PASSWORD = "correct horse battery staple";

const versionOf = (name: string, version = 1): Version => ({
  ...{ recordId: `Observation/${name}`, version, patient: "patient 0", body: observation(name, `${version}.50`) },
});

/** A hospital whose records stand on the chain in each of the ways there are. */
async function anchored(hospital: Hospital) {
  const { registry, hospitalBody, clinicBody, asClinic, ethers, log, batch } = await recordsFixture();
  const keep = async (version: Version): Promise<string> => {
    await hospital.insert(version);
    const commitment = hospital.commit(version);
    await hospital.index(version, commitment);
    return commitment;
  };
  const alone = await keep(versionOf("alone"));
  await registry.anchor(alone, KIND);
  const old = await keep(versionOf("amended"));
  await registry.anchor(old, KIND);
  await registry.amend(old, await keep(versionOf("amended", 2)), REASON.AMENDED);
  const erased = hospital.commit(versionOf("erased"));
  await registry.anchor(erased, KIND);
  await registry.tombstone([erased], REASON.ERASURE_REQUESTED);
  const logged = await Promise.all(["l0", "l1", "l2"].map((name) => keep(versionOf(name))));
  await log(new LogTree(), logged, KIND);
  const members = await Promise.all(["b0", "b1", "b2", "b3"].map((name) => keep(versionOf(name))));
  await batch(members, KIND);
  return { registry, asClinic, clinicBody, provider: Number(hospitalBody), node: ethers.provider, members };
}

/** Lets other processes ask the chain of this one. */
async function serve(node: { send: (method: string, parameters: unknown[]) => Promise<unknown> }): Promise<Server> {
  const answer = async ({ id, method, params }: JsonRpcPayload) => {
    return { jsonrpc: "2.0", id, result: await node.send(method, params as unknown[]) };
  };
  const server = createServer((request, response) => {
    void (async () => {
      const text = (await request.toArray()).join("");
      const asked = JSON.parse(text) as JsonRpcPayload | JsonRpcPayload[];
      response.end(JSON.stringify(await (Array.isArray(asked) ? Promise.all(asked.map(answer)) : answer(asked))));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe("monitorRecords and the chain", function () {
  it("finds a database clean whose records were anchored alone, in the log and under a root, and each alteration", async function () {
    const on = await openPglite();
    const hospital = await Hospital.found(on);
    const { registry, provider, node, members } = await anchored(hospital);
    const address = await registry.getAddress();
    const cache = memoryEventCache();
    const monitor = (batches: string[][]) =>
      hospital.monitor({
        provider,
        chain: () => readRecords(node, address, provider, { fromBlock: 0, cache, batches }),
      });

    const report = await monitor([members]);
    expect(report.findings).to.deep.equal([]);
    expect(report.totals).to.deep.include({ rows: 10, anchored: 11, intact: 10, erased: 1, unnamed: 0 });
    expect(report).to.deep.include({ isClean: true, provider, block: await node.getBlockNumber() });

    const partial = await monitor([]);
    expect(partial.totals).to.deep.include({ intact: 6, EXTRA: 4, unnamed: 4 });
    expect(partial.isClean).to.equal(false);

    await hospital.sql(
      "UPDATE {records} SET body = overlay(body PLACING '9' FROM 20) WHERE record_id = 'Observation/l1'",
    );
    await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/b2'");
    await hospital.sql("DELETE FROM {records} WHERE record_id = 'Observation/amended' AND version = 2");
    expect(
      (await monitor([members])).findings.map(({ type, recordId, version }) => [type, recordId, version]),
    ).to.deep.equal([
      ["STALE", "Observation/amended", 1],
      ["MISSING", "Observation/amended", 2],
      ["MISSING", "Observation/b2", 1],
      ["ALTERED", "Observation/l1", 1],
    ]);
    await on.close();
  });

  it("does not take a record for the hospital's that a clinic anchored", async function () {
    const on = await openPglite();
    const hospital = await Hospital.found(on);
    const { registry, asClinic, provider, clinicBody, node, members } = await anchored(hospital);
    const forged = { ...versionOf("alone"), body: observation("alone", "77") };
    await asClinic.anchor(hospital.commit(forged), KIND);
    await hospital.sql("UPDATE {records} SET body = convert_to($1, 'UTF8') WHERE record_id = 'Observation/alone'", [
      forged.body,
    ]);

    const address = await registry.getAddress();
    const read = (body: number) => readRecords(node, address, body, { fromBlock: 0 });
    const named = { ...(await readRecords(node, address, provider, { fromBlock: 0, batches: [members] })) };
    const told = async (chain: typeof named) => {
      const { findings } = await hospital.monitor({ provider, chain: () => chain });
      return findings.map(({ type, recordId }) => [type, recordId]);
    };
    expect(await told(named)).to.deep.equal([["ALTERED", "Observation/alone"]]);
    const both = [...named.records(), ...(await read(Number(clinicBody))).records()];
    const all = { ...named, records: () => both.values() as ReturnType<typeof named.records> };
    expect(await told(all)).to.deep.equal([["FOREIGN", "Observation/alone"]]);
    await on.close();
  });
});

describe("npm run monitor", function () {
  let folder: string;
  let server: Server;
  let hospital: Hospital;
  let registry: string;
  let provider: number;
  const run = (...more: string[]) => {
    const { port } = server.address() as AddressInfo;
    return runScript("scripts/monitor-records.ts", [
      ...["--database", join(folder, "database"), "--rpc", `http://127.0.0.1:${port}`, "--registry", registry],
      ...[
        "--provider",
        String(provider),
        "--keys",
        join(folder, "keys.json"),
        "--password-file",
        join(folder, "password"),
      ],
      ...["--tables", join(folder, "tables.json"), ...more],
    ]);
  };
  /** Opens the hospital's database for a moment, which the command cannot use meanwhile. */
  const change = async (statement: string): Promise<void> => {
    const pglite = await PGlite.create(join(folder, "database"));
    await pglite.query(statement.replaceAll("{records}", hospital.records));
    await pglite.close();
  };

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), "diwan-monitor-"));
    const on = await openPglite(join(folder, "database"));
    hospital = await Hospital.found(on);
    const store = await createKeyStore(join(folder, "keys.json"), PASSWORD, { scryptN: 2 });
    await store.addPatients(["patient 0"]);
    hospital.keys.set("patient 0", Uint8Array.from(store.keyOf("patient 0")));
    await store.close();
    const chain = await anchored(hospital);
    await on.close();
    ({ provider } = chain);
    registry = await chain.registry.getAddress();
    server = await serve(chain.node);
    const { records, anchors } = hospital.tables;
    const tables = { records: { table: records.table }, anchors: { table: anchors.table } };
    const files = {
      "tables.json": tables,
      "batches.json": [chain.members],
      "strange.json": [["0x12"]],
      "misspelt.json": { records: { ...tables.records, is_current: "is_current" }, anchors: tables.anchors },
      "other.json": [[toBeHex(1, 32)]],
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    writeFileSync(join(folder, "password"), `${PASSWORD}\n`);
  });
  after(function () {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("says that nothing is wrong, with exit code 0", async function () {
    const { code, output } = await run("--batches", join(folder, "batches.json"));
    expect(output).to.include("11 records anchored, 10 rows read").and.include("\nNothing is wrong\n");
    expect(code).to.equal(0);
  });

  it("says what is wrong, in words and as JSON, with exit code 1", async function () {
    await change("UPDATE {records} SET patient = 'patient 9' WHERE record_id = 'Observation/l1'");
    const { code, output } = await run("--batches", join(folder, "batches.json"));
    expect(output).to.match(
      /^UNVERIFIABLE "Observation\/l1" version 1: expected 0x[0-9a-f]{64}, found nothing, on the chain CURRENT$/m,
    );
    expect(output).to.include("SOMETHING IS WRONG");
    expect(code).to.equal(1);

    const json = await run("--json", "--limit", "1");
    const report = JSON.parse(json.output.slice(json.output.indexOf("{"))) as MonitorReport;
    expect(report.totals).to.deep.include({ UNVERIFIABLE: 1, EXTRA: 4, unnamed: 4 });
    expect([report.findings.length, report.unlisted]).to.deep.equal([1, 4]);
    expect(json.code).to.equal(1);
    await change("UPDATE {records} SET patient = 'patient 0' WHERE record_id = 'Observation/l1'");
  });

  it("explains itself, and refuses what it cannot use, with exit code 2", async function () {
    const help = await runScript("scripts/monitor-records.ts", ["--help"]);
    expect([help.code, help.output.startsWith("npm run monitor")]).to.deep.equal([0, true]);
    const refused: [string, ...string[]][] = [
      ["each by a text, and no more", "--tables", join(folder, "misspelt.json")],
      ["names more than records and anchors", "--tables", join(folder, "batches.json")],
      ["is in another key store too", "--keys", join(folder, "keys.json")],
      ["no list of batches", "--batches", join(folder, "strange.json")],
      ["no batch of 1 records", "--batches", join(folder, "other.json")],
      ["cannot be read as JSON", "--batches", join(folder, "password")],
      ["is no whole number", "--limit", "many"],
      ["is neither a URL nor PGlite's folder", "--database", folder],
      ["there is no file at", "--keys", join(folder, "none.json")],
      ["Unknown option", "--colour"],
    ];
    for (const [words, ...more] of refused) {
      const { code, output } = await run(...more);
      expect(output).to.include(words);
      expect(code, words).to.equal(2);
    }
    expect((await runScript("scripts/monitor-records.ts")).code).to.equal(2);
  });
});
