import { expect } from "chai";
import { id } from "ethers";

import {
  batchUidOf,
  contentOf,
  itemOf,
  NO_END,
  uidOf,
  type Attestation,
  type Membership,
} from "../../src/identity/attestation.js";
import { buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { markLeaves, revoke, supersede, suspend } from "../../src/identity/change.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import { IdentityError } from "../../src/identity/IdentityError.js";
import { issue, issueBatch, issueMany } from "../../src/identity/issue.js";
import { readRegister } from "../../src/identity/readRegister.js";
import { recordOf, statusOf, statusOfLeaf } from "../../src/identity/status.js";
import { STATUSES, type Status } from "../../src/identity/verdict.js";
import { verifyAttestation, type Evidence } from "../../src/identity/verifyAttestation.js";
import { LedgerError } from "../../src/ledger/LedgerError.js";
import { accredit, accreditArguments, authorizeKey, registerBody, reportCompromise } from "../../src/trust/bodies.js";
import { reinstateAccreditation, suspendAccreditation } from "../../src/trust/bodies.js";
import { decide, operationOf } from "../../src/trust/council.js";
import { trustHistory } from "../../src/trust/history.js";
import { signKeyConsent } from "../../src/trust/keyConsent.js";
import { readTrustSnapshot, verifySnapshot, type TrustSnapshot } from "../../src/trust/snapshot.js";
import { DEADLINE } from "../helpers/office.js";
import { deploySuite, GROUNDS } from "../helpers/suite.js";
import { load, PROFILE } from "../helpers/trust.js";

const SCHEMA = id(`{"title":"Practitioner licence"}`);

interface Presented {
  name: string;
  attestation: Attestation;
  membership?: Membership;
}

const fresh = (validFrom = 0, expiresAt = NO_END) => ({
  schema: SCHEMA,
  subject: subjectOf(newSalt(), "did:example:1"),
  commitment: commitmentOf(saltClaims({ over18: true })),
  validFrom,
  expiresAt,
});

/** A ministry under the council, a hospital under the ministry with two keys, and attestations in every state. */
async function deployAttestations() {
  const suite = await deploySuite();
  const { trustList, council, members, ministry, hospital, operator, operator2, ethers, connection } = suite;
  const { time } = connection.networkHelpers;
  await registerBody(trustList, ministry.address, PROFILE);
  await registerBody(trustList, hospital.address, PROFILE);
  const grant = { scope: SCHEMA, parent: 0, body: 1, from: 1, until: NO_END, levels: 1, grounds: GROUNDS };
  await decide(council, members, await operationOf(trustList, "accredit", accreditArguments(grant)));
  const lower = { ...grant, parent: 1, body: 2, levels: 0 };
  await accredit(trustList.connect(ministry), lower);
  for (const key of [operator, operator2]) {
    const consent = await signKeyConsent(trustList, key, 2, DEADLINE);
    await authorizeKey(trustList.connect(hospital), { ...consent, scopes: [SCHEMA], from: 1, until: NO_END });
  }
  const registry = suite.attestationRegistry.connect(operator);
  const presented: Presented[] = [];
  const soon = (await time.latest()) + 500;

  const singles = await issueMany(registry, [
    fresh(),
    fresh(2 ** 39),
    fresh(0, soon),
    fresh(),
    fresh(),
    fresh(),
    fresh(soon, 2 ** 39),
  ]);
  const names = ["plain", "later", "short", "suspended", "revoked", "superseded", "from soon on"];
  for (const [i, { attestation }] of singles.issued.entries()) presented.push({ name: names[i]!, attestation });
  const uids = singles.issued.map(({ uid }) => uid);

  for (const bits of [1, 2] as const) {
    for (const fate of ["kept", "suspended", "revoked"]) {
      const leaves = [...Array.from({ length: 300 }, () => fresh()), fresh(2 ** 39), fresh(0, soon)];
      const built = await buildBatch(leaves.map(itemOf), bits);
      const { uid, issuer } = await issueBatch(registry, { schema: SCHEMA, ...built });
      const batch = { issuer, schema: SCHEMA, root: built.root, size: built.size, bits };
      await markLeaves(registry, batch, [1, 299], "REVOKED", "PRIVILEGE_WITHDRAWN");
      if (bits === 2) {
        await markLeaves(registry, batch, [2, 300], "SUSPENDED", "CERTIFICATE_HOLD");
        await markLeaves(registry, batch, [3, 301], "SUPERSEDED", "SUPERSEDED");
      }
      if (fate === "suspended") await suspend(registry, uid, "CERTIFICATE_HOLD");
      if (fate === "revoked") await revoke(registry, uid, "CA_COMPROMISE");
      for (const i of [0, 1, 2, 3, 298, 299, 300, 301]) {
        const attestation = { issuer, ...leaves[i]! };
        presented.push({ name: `leaf ${i} of ${fate}, ${bits}`, attestation, membership: membershipOf(built, i) });
      }
    }
  }
  await suspend(registry, uids[3]!, "CERTIFICATE_HOLD");
  await revoke(registry, uids[4]!, "CESSATION_OF_OPERATION");
  const replaced = await supersede(registry, SCHEMA, [{ old: uids[5]!, replacement: fresh() }], "SUPERSEDED");
  presented.push({ name: "successor", attestation: replaced.issued[0]!.attestation });

  const early = await issue(registry.connect(operator2), fresh());
  const since = await time.latest();
  const late = await issue(registry.connect(operator2), fresh());
  presented.push({ name: "before the theft", attestation: early.attestation });
  presented.push({ name: "after the theft", attestation: late.attestation });
  await reportCompromise(trustList.connect(hospital), operator2.address, since + 1);

  /** Issues an attestation in the same second in which something happens to its issuer. */
  const issueInTheSecondOf = async (name: string, act: () => Promise<unknown>) => {
    const attestation = { issuer: 2, ...fresh() };
    await ethers.provider.send("evm_setAutomine", [false]);
    await registry.attest(SCHEMA, contentOf(attestation), attestation.expiresAt, { gasLimit: 500_000 });
    await act();
    await ethers.provider.send("evm_mine", []);
    await ethers.provider.send("evm_setAutomine", [true]);
    presented.push({ name, attestation });
  };
  const asMinistry = trustList.connect(ministry);
  await issueInTheSecondOf("in the second of a suspension", () => {
    return asMinistry.suspend(SCHEMA, 2, GROUNDS, { gasLimit: 500_000 });
  });
  await reinstateAccreditation(asMinistry, { scope: SCHEMA, body: 2, grounds: GROUNDS });
  await issueInTheSecondOf("in the second of a withdrawal", () => {
    return asMinistry.withdraw(SCHEMA, 2, GROUNDS, { gasLimit: 500_000 });
  });
  await accredit(asMinistry, lower);

  const [plain] = presented as [Presented];
  presented.push({ name: "never issued", attestation: { ...plain.attestation, expiresAt: NO_END - 1 } });
  presented.push({ name: "of another body", attestation: { ...plain.attestation, issuer: 1 } });
  return { ...suite, registry, presented, soon };
}

type Deployed = Awaited<ReturnType<typeof deployAttestations>>;

/** Everything that the verdicts need, as it is read from files. */
async function filesOf({ ethers, trustList, registry, presented }: Deployed) {
  const block = (await ethers.provider.getBlock("latest"))!;
  const options = { fromBlock: 0, toBlock: block.number };
  const read = await readTrustSnapshot(ethers.provider, await trustList.getAddress(), options);
  const snapshot = JSON.parse(JSON.stringify(read)) as TrustSnapshot;
  const [size, root] = await trustList.checkpoint();
  expect(verifySnapshot(snapshot, { size, root })).to.equal(true);
  const trust = trustHistory(snapshot);
  const register = await readRegister(ethers.provider, await registry.getAddress(), options);

  const evidence = await Promise.all(
    presented.map(async ({ attestation, membership }): Promise<Evidence> => {
      const uid = membership === undefined ? uidOf(attestation) : batchUidOf({ ...attestation, ...membership });
      const record = await recordOf(registry, uid, { blockTag: block.number });
      const statusList = register.batches.get(uid)?.statusList;
      const optional = { ...(membership && { membership }), ...(statusList && { statusList }) };
      return { attestation, ...optional, record, trust, time: block.timestamp };
    }),
  );
  return { block, evidence };
}

async function compare(deployed: Deployed): Promise<Map<string, Status>> {
  const { registry, presented } = deployed;
  const { block, evidence } = await filesOf(deployed);
  const statuses = new Map<string, Status>();
  for (const [i, { name, attestation, membership }] of presented.entries()) {
    const at = { blockTag: block.number };
    const onChain = membership
      ? await statusOfLeaf(registry, attestation, membership, at)
      : await statusOf(registry, attestation, at);
    expect(verifyAttestation(evidence[i]!), name).to.deep.equal(onChain);
    statuses.set(name, onChain.status);
  }
  return statuses;
}

describe("verifyAttestation", () => {
  it("judges from files as the contract does, in every state", async () => {
    const deployed = await load(deployAttestations);
    const { connection, soon } = deployed;
    await connection.networkHelpers.time.increaseTo(soon - 1);
    const before = await compare(deployed);
    await connection.networkHelpers.mine();
    const after = await compare(deployed);

    expect([before.get("short"), after.get("short")]).to.deep.equal(["VALID", "EXPIRED"]);
    expect([before.get("from soon on"), after.get("from soon on")]).to.deep.equal(["NOT_YET_VALID", "VALID"]);
    expect([after.get("before the theft"), after.get("after the theft")]).to.deep.equal([
      "VALID",
      "ISSUER_COMPROMISED",
    ]);
    expect(after.get("in the second of a suspension")).to.equal("ISSUER_SUSPENDED");
    expect(after.get("in the second of a withdrawal")).to.equal("ISSUER_WITHDRAWN");
    expect([...new Set(after.values())].sort()).to.deep.equal([...STATUSES].sort());
  });

  it("says how the issuer stands today", async () => {
    const deployed = await load(deployAttestations);
    await suspendAccreditation(deployed.trustList.connect(deployed.ministry), {
      scope: SCHEMA,
      body: 2,
      grounds: GROUNDS,
    });
    await compare(deployed);
    const { evidence } = await filesOf(deployed);
    expect(verifyAttestation(evidence[0]!)).to.include({ status: "VALID", issuerNow: "SUSPENDED" });
  });

  it("judges as the contract after the ministry was withdrawn", async () => {
    const deployed = await load(deployAttestations);
    const { council, members, trustList } = deployed;
    await decide(council, members, await operationOf(trustList, "withdraw", [SCHEMA, 1, GROUNDS]));
    await compare(deployed);
    const { evidence } = await filesOf(deployed);
    expect(verifyAttestation(evidence[0]!)).to.include({ status: "VALID", issuerNow: "WITHDRAWN" });
  });

  it("knows nothing without a record, or with another's", async () => {
    const deployed = await load(deployAttestations);
    const { evidence } = await filesOf(deployed);
    const [first, second] = evidence as [Evidence, Evidence];
    const { record, ...without } = first;
    expect(record?.issuedAt).to.be.greaterThan(0);
    expect(verifyAttestation(without).status).to.equal("UNKNOWN");
    expect(verifyAttestation({ ...without, record: second.record! }).status).to.equal("UNKNOWN");
  });

  it("refuses a record that says other than what its uid and the trust list bind", async () => {
    const deployed = await load(deployAttestations);
    const { evidence } = await filesOf(deployed);
    for (const given of [evidence[0]!, evidence.find(({ membership }) => membership !== undefined)!]) {
      expect(verifyAttestation(given).status).to.equal("VALID");
      const record = given.record!;
      for (const change of [{ issuer: 1 }, { key: 3 }, { role: 1 }, { expiresAt: record.expiresAt - 1 }]) {
        expect(() => verifyAttestation({ ...given, record: { ...record, ...change } }), JSON.stringify(change))
          .to.throw(IdentityError)
          .with.property("code", "RECORD_MISMATCH");
      }
    }
  });

  it("refuses a leaf that is not in its batch, and one without its status list", async () => {
    const deployed = await load(deployAttestations);
    const { evidence } = await filesOf(deployed);
    const leaf = evidence.find(({ membership }) => membership !== undefined)!;
    const membership = leaf.membership!;
    expect(verifyAttestation(leaf).status).to.equal("VALID");
    const throws = (changed: Partial<Evidence>, code: string) => {
      expect(() => verifyAttestation({ ...leaf, ...changed }))
        .to.throw()
        .with.property("code", code);
    };
    const moved = (change: Partial<Membership>) => ({ membership: { ...membership, ...change } });
    throws(moved({ index: 1 }), "LEAF_NOT_IN_BATCH");
    throws(moved({ index: membership.size }), "LEAF_NOT_IN_BATCH");
    throws(moved({ proof: membership.proof.slice(1) }), "LEAF_NOT_IN_BATCH");
    throws(moved({ proof: [newSalt(), ...membership.proof.slice(1)] }), "LEAF_NOT_IN_BATCH");
    for (const node of ["0x00", "text", "", 7 as unknown as string]) {
      throws(moved({ proof: [node, ...membership.proof.slice(1)] }), "ATTESTATION_MALFORMED");
    }
    for (const index of [-1, 0.5, 2 ** 32]) throws(moved({ index }), "ATTESTATION_MALFORMED");
    throws({ attestation: { ...leaf.attestation, subject: newSalt() } }, "LEAF_NOT_IN_BATCH");
    throws({ attestation: { ...leaf.attestation, subject: "0x12" } }, "ATTESTATION_MALFORMED");
    throws({ statusList: new Uint8Array() }, "STATUS_INDEX_OUT_OF_RANGE");
    const { statusList, ...without } = leaf;
    expect(statusList?.length).to.be.greaterThan(0);
    expect(() => verifyAttestation(without))
      .to.throw(IdentityError)
      .with.property("code", "STATUS_LIST_MISSING");
    expect(() => verifyAttestation({ ...leaf, statusList: new Uint8Array() })).to.throw(LedgerError);
  });
});
