import { expect } from "chai";

import { eraseKey } from "../../src/health/eraseKey.js";
import type { ErasureCertificate } from "../../src/health/erasureCertificate.js";
import { handOut } from "../../src/health/handOut.js";
import { anchorBatch, anchorRecord, logRecords } from "../../src/health/records/anchorRecords.js";
import { amendRecord, tombstoneRecords } from "../../src/health/records/changeRecords.js";
import { recordKindOf } from "../../src/health/recordKinds.js";
import { erasureStanding, verifyErasureCertificate } from "../../src/health/verifyErasureCertificate.js";
import { verifyPackageOnChain } from "../../src/health/verifyPackageOnChain.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { recordsFixture } from "../helpers/records.js";
import { codeOf, commitmentOf, erasureOf, keyStoreFolder, requestOf, ROWS } from "./keyStoreFixture.js";

/** Two versions of an observation, and another observation, of one patient; and an observation of another patient. */
const [OTHER, FIRST, SECOND, , STRANGER] = ROWS as [
  (typeof ROWS)[0],
  (typeof ROWS)[0],
  (typeof ROWS)[0],
  unknown,
  (typeof ROWS)[0],
];
const KIND = recordKindOf("Observation");

describe("hand-outs, by the registry of records", () => {
  const at = keyStoreFolder();

  it("verify while the records stand and after they were erased, alone, in the log and in a batch", async () => {
    const f = await recordsFixture();
    const { registry, trustList, parties } = f;
    const place = { chainId: 31_337, registry: await registry.getAddress() };
    const now = await f.connection.networkHelpers.time.latest();
    const store = await at.filled();
    const of = (row: typeof FIRST) => commitmentOf(store, row);

    await anchorRecord(registry, of(FIRST), KIND);
    await amendRecord(registry, of(FIRST), of(SECOND), "RECTIFIED");
    const logged = await logRecords(registry, new LogTree(), [of(STRANGER), of(OTHER)], KIND);
    const batched = await anchorBatch(registry, [of(OTHER), of(STRANGER)], KIND);

    const give = (row: typeof FIRST, membership = {}) =>
      handOut(store, requestOf(row, { ...place, now, ...membership }));
    const packages = [
      await give(FIRST),
      await give(SECOND),
      await give(OTHER, { membership: logged.members[1]!.membership }),
      await give(OTHER, { membership: batched.members[0]!.membership }),
    ];
    const states = () => Promise.all(packages.map((handed) => verifyPackageOnChain(registry, handed, place)));
    expect((await states()).map(({ state, reason, standing }) => [state, reason, standing])).to.deep.equal([
      ["SUPERSEDED", "RECTIFIED", "IN_FORCE"],
      ["CURRENT", "NONE", "IN_FORCE"],
      ["CURRENT", "NONE", "IN_FORCE"],
      ["CURRENT", "NONE", "IN_FORCE"],
    ]);
    const anchoredAt = (await states()).map((status) => status.anchoredAt);

    const tombstoned = [FIRST, SECOND, OTHER].map(of);
    const request = erasureOf(store, "patient 7", { ...place, controller: Number(f.hospitalBody), now, tombstoned });
    await tombstoneRecords(
      registry,
      [of(FIRST), of(SECOND), logged.members[1]!, batched.members[0]!],
      "ERASURE_REQUESTED",
    );
    let delivered: ErasureCertificate | undefined;
    await eraseKey(store, request, parties.hospital.key, async (certificate) => {
      delivered = certificate;
    });

    const after = await states();
    expect(after.map(({ state }) => state)).to.deep.equal(["ERASED", "ERASED", "ERASED", "ERASED"]);
    expect(after.map((status) => status.anchoredAt)).to.deep.equal(anchoredAt);
    expect(after[0]).to.include({ reason: "ERASURE_REQUESTED", provider: Number(f.hospitalBody) });
    const certificate = verifyErasureCertificate(JSON.parse(JSON.stringify(delivered)), place);
    expect(certificate.handOuts.map(({ commitment }) => commitment)).to.deep.equal(
      packages.map(({ commitment }) => commitment),
    );
    expect(await erasureStanding(trustList, certificate)).to.equal("IN_FORCE");

    // What the controller still has, the database's rows and the store, leads to none of the commitments.
    expect(await codeOf(() => of(FIRST))).to.equal("PATIENT_UNKNOWN");
    await store.addPatients(["patient 7"]);
    for (const row of [FIRST, SECOND, OTHER]) expect((await registry.statusOf(of(row))).state).to.equal(0n);
    await store.close();
  });

  it("prove nothing for what was never anchored, or for a commitment taken from the log as if it stood alone", async () => {
    const f = await recordsFixture();
    const { registry } = f;
    const place = { chainId: 31_337, registry: await registry.getAddress() };
    const store = await at.filled();
    const commitment = commitmentOf(store, OTHER);
    await logRecords(registry, new LogTree(), [commitment], KIND);
    const alone = await handOut(store, requestOf(OTHER, place));
    expect(await verifyPackageOnChain(registry, alone, place)).to.include({ state: "UNKNOWN", anchoredAt: 0 });

    await anchorRecord(registry, commitment, KIND + 1);
    expect(await codeOf(verifyPackageOnChain(registry, alone, place))).to.equal("PACKAGE_ALTERED");
    await store.close();
  });
});
