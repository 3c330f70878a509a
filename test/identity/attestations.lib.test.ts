import { expect } from "chai";
import { id, TypedDataEncoder, ZeroHash } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { batchUidOf, itemOf, leafOf, NO_END, uidOf, type Attestation } from "../../src/identity/attestation.js";
import { attestManyTypedData } from "../../src/identity/attestManyTypedData.js";
import { buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { markLeaves, reinstate, reinstateLeaves, revoke, supersede, suspend } from "../../src/identity/change.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import {
  issue,
  issueBatch,
  issueMany,
  registerSchema,
  relayIssueMany,
  signIssueMany,
} from "../../src/identity/issue.js";
import { readRegister } from "../../src/identity/readRegister.js";
import { schemaIdOf } from "../../src/identity/schema.js";
import { recordOf, statusOf, statusOfLeaf } from "../../src/identity/status.js";
import { rejection } from "../helpers/events.js";
import { DEADLINE, deployOffice } from "../helpers/office.js";

const DEFINITION = { title: "Practitioner licence", claims: ["qualification"] };
const SCHEMA = schemaIdOf(DEFINITION);

function unissued(n: number) {
  return {
    schema: SCHEMA,
    subject: subjectOf(newSalt(), `did:example:${n}`),
    commitment: commitmentOf(saltClaims({ qualification: "physician", number: n })),
    validFrom: 0,
    expiresAt: NO_END,
  };
}

async function refusal(promise: Promise<unknown>): Promise<ContractError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(ContractError);
  return error as ContractError;
}

const codeOf = async (promise: Promise<unknown>) => ((await rejection(promise)) as { code?: string }).code;

describe("identity library", () => {
  describe("hashes", () => {
    it("agree with the contract", async () => {
      const { registry } = await deployOffice(SCHEMA);
      for (let n = 0; n < 20; n++) {
        const attestation: Attestation = {
          issuer: 2 ** 32 - 1 - n,
          ...unissued(n),
          validFrom: n,
          expiresAt: NO_END - n,
        };
        expect(uidOf(attestation)).to.equal(await registry.uidOf(attestation));
        expect(leafOf(attestation, n)).to.equal(await registry.leafOf(attestation, n));
        const batch = { issuer: n, schema: SCHEMA, root: id(`${n}`), size: n + 1, bits: n % 2 === 0 ? 1 : 2 } as const;
        expect(batchUidOf(batch)).to.equal(await registry.uidOfBatch(batch));
      }
    });
  });

  describe("issue", () => {
    it("issues one, and the registry knows it by the uid computed here", async () => {
      const { registry, body, schemaRegistry } = await deployOffice(SCHEMA);
      const { schema } = await registerSchema(schemaRegistry, DEFINITION);
      expect(schema).to.equal(SCHEMA);
      const { attestation, uid } = await issue(registry, unissued(1));
      expect(attestation.issuer).to.equal(body);
      expect(uid).to.equal(uidOf(attestation));
      const verdict = await statusOf(registry, attestation);
      const record = await recordOf(registry, uid);
      expect(verdict).to.deep.equal({
        status: "VALID",
        reason: "UNSPECIFIED",
        since: record.issuedAt,
        issuerNow: "IN_FORCE",
      });
    });

    it("issues many", async () => {
      const { registry } = await deployOffice(SCHEMA);
      const { issued } = await issueMany(registry, [unissued(1), unissued(2)]);
      for (const { attestation, uid } of issued) {
        expect(uid).to.equal(uidOf(attestation));
        expect((await statusOf(registry, attestation)).status).to.equal("VALID");
      }
    });

    it("issues many by a signature that a stranger carries, whose digest is that of ethers", async () => {
      const { registry, operator, stranger } = await deployOffice(SCHEMA);
      const attestations = [unissued(1), unissued(2), unissued(3)];
      const signed = await signIssueMany(registry, operator, attestations, { deadline: DEADLINE });
      const { issued } = await relayIssueMany(registry.connect(stranger), attestations, signed);
      for (const { attestation } of issued) expect((await statusOf(registry, attestation)).status).to.equal("VALID");

      const { domain, types, message } = attestManyTypedData(31_337n, await registry.getAddress(), signed);
      expect(TypedDataEncoder.from(types).primaryType).to.equal("AttestMany");
      expect(TypedDataEncoder.from(types).encodeType("AttestMany")).to.equal(
        "AttestMany(bytes32 schema,Item[] items,address operator,uint256 nonce,uint256 deadline)" +
          "Item(bytes32 content,uint40 expiresAt)",
      );
      const [, name, version, chainId, verifyingContract] = await registry.eip712Domain();
      expect(domain).to.deep.equal({ name, version, chainId, verifyingContract });
      const wrong = { ...signed, deadline: signed.deadline - 1n };
      const error = await refusal(relayIssueMany(registry, attestations, { ...wrong, nonce: 1n }));
      expect(error.code).to.equal("SignatureInvalid");
      expect(error.args.digest).to.equal(TypedDataEncoder.hash(domain, types, { ...message, ...wrong, nonce: 1n }));
    });

    it("refuses many of several schemas, before anything is sent", async () => {
      const { registry, operator } = await deployOffice(SCHEMA);
      const mixed = [unissued(1), { ...unissued(2), schema: ZeroHash }];
      for (const act of [
        () => issueMany(registry, mixed),
        () => signIssueMany(registry, operator, mixed, { deadline: DEADLINE }),
      ]) {
        expect(await codeOf(act())).to.equal("SCHEMAS_DIFFER");
      }
    });

    it("says so when a receipt holds no event of what was issued", async () => {
      const { registry, stranger } = await deployOffice(SCHEMA);
      // A transaction that went through, but was another one.
      const other = () => stranger.sendTransaction({ to: stranger.address });
      const silent = new Proxy(registry, {
        get: (target, name) =>
          /^(attest|supersede)/.test(String(name)) ? other : (Reflect.get(target, name) as unknown),
      });
      const batch = { schema: SCHEMA, ...(await buildBatch([itemOf(unissued(1))], 1)) };
      for (const act of [
        () => issue(silent, unissued(1)),
        () => issueMany(silent, [unissued(1)]),
        () => issueBatch(silent, batch),
        () => supersede(silent, SCHEMA, [{ old: ZeroHash, replacement: unissued(1) }], "SUPERSEDED"),
      ]) {
        expect(await codeOf(act())).to.equal("EVENT_MISSING");
      }
    });

    it("decodes a refusal", async () => {
      const { registry, stranger } = await deployOffice(SCHEMA);
      const error = await refusal(issue(registry.connect(stranger), unissued(1)));
      expect(error.code).to.equal("KeyNotInForce");
      expect(error.args).to.deep.equal({ operator: stranger.address, standing: "NONE" });
      expect(error.message).to.equal(`The key ${stranger.address} may not act now: it stands at NONE.`);
    });
  });

  describe("change", () => {
    it("suspends, reinstates, supersedes and revokes, and the events tell it all", async () => {
      const { registry, ethers } = await deployOffice(SCHEMA);
      const { issued } = await issueMany(registry, [unissued(1), unissued(2)]);
      const [a, b] = issued as [(typeof issued)[0], (typeof issued)[0]];

      await suspend(registry, a.uid, "CERTIFICATE_HOLD");
      expect((await statusOf(registry, a.attestation)).status).to.equal("SUSPENDED");
      await reinstate(registry, SCHEMA, [a.uid], "REMOVE_FROM_CRL");
      expect((await statusOf(registry, a.attestation)).status).to.equal("VALID");
      const next = await supersede(registry, SCHEMA, [{ old: a.uid, replacement: unissued(3) }], "AFFILIATION_CHANGED");
      expect((await statusOf(registry, a.attestation)).status).to.equal("SUPERSEDED");
      expect((await statusOf(registry, next.issued[0]!.attestation)).status).to.equal("VALID");
      await revoke(registry, [b.uid, next.issued[0]!.uid], "CESSATION_OF_OPERATION");
      expect((await statusOf(registry, b.attestation)).reason).to.equal("CESSATION_OF_OPERATION");

      const register = await readRegister(ethers.provider, await registry.getAddress(), { fromBlock: 0 });
      expect([...register.attestations.keys()]).to.deep.equal([a.uid, b.uid, next.issued[0]!.uid]);
      const changes = register.attestations.get(a.uid)!.changes.map(({ what, reason, replacement }) => {
        return { what, reason, replacement };
      });
      expect(changes).to.deep.equal([
        { what: "SUSPENDED", reason: "CERTIFICATE_HOLD", replacement: undefined },
        { what: "REINSTATED", reason: "REMOVE_FROM_CRL", replacement: undefined },
        { what: "SUPERSEDED", reason: "AFFILIATION_CHANGED", replacement: next.issued[0]!.uid },
      ]);
      const error = await refusal(revoke(registry, b.uid, "UNSPECIFIED"));
      expect(error.code).to.equal("AttestationEnded");
    });

    it("is not read from a block after the issue", async () => {
      const { registry, ethers } = await deployOffice(SCHEMA);
      const { uid } = await issue(registry, unissued(1));
      const { blockNumber: fromBlock } = await revoke(registry, uid, "UNSPECIFIED");
      const address = await registry.getAddress();
      expect(await codeOf(readRegister(ethers.provider, address, { fromBlock }))).to.equal("EVENT_MISSING");
      const register = await readRegister(ethers.provider, address, { fromBlock: fromBlock - 1 });
      expect([...register.attestations.keys()]).to.deep.equal([uid]);
    });

    it("marks and reinstates leaves of a batch by their numbers", async () => {
      const { registry, ethers } = await deployOffice(SCHEMA);
      const attestations = Array.from({ length: 300 }, (_, n) => unissued(n));
      const built = await buildBatch(attestations.map(itemOf), 2);
      const { uid, issuer } = await issueBatch(registry, { schema: SCHEMA, ...built });
      const batch = { issuer, schema: SCHEMA, root: built.root, size: built.size, bits: built.bits };
      expect(uid).to.equal(batchUidOf(batch));
      const statuses = async (indices: number[]) => {
        const verdicts = indices.map((i) => {
          return statusOfLeaf(registry, { issuer, ...attestations[i]! }, membershipOf(built, i));
        });
        return (await Promise.all(verdicts)).map(({ status }) => status);
      };
      expect(new Set(await statuses(attestations.map((_, i) => i)))).to.deep.equal(new Set(["VALID"]));

      await markLeaves(registry, batch, [0, 127, 128, 299], "SUSPENDED", "CERTIFICATE_HOLD");
      await reinstateLeaves(registry, batch, [127], "REMOVE_FROM_CRL");
      await markLeaves(registry, batch, [299], "REVOKED", "PRIVILEGE_WITHDRAWN");
      await markLeaves(registry, batch, [1], "SUPERSEDED", "SUPERSEDED");
      expect(await statuses([0, 1, 2, 127, 128, 299])).to.deep.equal([
        "SUSPENDED",
        "SUPERSEDED",
        "VALID",
        "VALID",
        "SUSPENDED",
        "REVOKED",
      ]);

      const register = await readRegister(ethers.provider, await registry.getAddress(), { fromBlock: 0 });
      const read = register.batches.get(uid)!;
      expect(read.leavesChanges.map(({ what }) => what)).to.deep.equal([
        "SUSPENDED",
        "REINSTATED",
        "REVOKED",
        "SUPERSEDED",
      ]);
      expect(read.statusList.length).to.equal(75);
      expect(read.statusList[0]).to.equal(0b1011_0000);

      const error = await refusal(
        statusOfLeaf(registry, { issuer, ...attestations[3]!, subject: ZeroHash }, membershipOf(built, 3)),
      );
      expect(error.code).to.equal("LeafNotInBatch");
    });
  });
});
