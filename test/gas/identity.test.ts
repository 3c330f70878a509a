import { getBytes, type ContractTransactionResponse, type TransactionResponse } from "ethers";

import {
  ATTEST_MANY,
  REASON,
  SCHEMA,
  batchOf,
  contentOf,
  issuerFixture,
  itemOf,
  uidOf,
  type Attestation,
} from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import { addBody, authorizeKey, type Signer } from "../helpers/trust.js";
import { gasOf, record } from "./record.js";

/** The smallest block of a live network: Alastria's. */
const SMALLEST_BLOCK = 10_400_000n;

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

/** What a transaction costs before the first instruction runs. */
const intrinsic = (data: string) => getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 21_000n);

/** A year or two ahead, each its own: as 40-bit times that hold few zero bytes. */
const expiryOf = (n: number) => 2_011_881_234n + BigInt(n) * 86_413n;

describe("Gas of attestations, whole transactions unless it says otherwise", () => {
  async function fixture() {
    const f = await issuerFixture();
    const some = (count: number, from = 0, fields: Partial<Attestation> = {}) =>
      Array.from({ length: count }, (_, i) => f.attestation(from + i, { expiresAt: expiryOf(from + i), ...fields }));
    const attest = (a: Attestation, key: Signer = f.operator) =>
      gasOf(f.registry.connect(key).attest(SCHEMA, contentOf(a), a.expiresAt));
    const attestMany = (all: Attestation[]) => gasOf(f.registry.attestMany(SCHEMA, all.map(itemOf)));
    const attestManyBySignature = async (all: Attestation[], nonce = 0n) => {
      const items = all.map(itemOf);
      const operator = f.operator.address;
      const message = { schema: SCHEMA, items, operator, nonce, deadline: expiryOf(0) };
      const signature = await f.operator.signTypedData(f.domain, ATTEST_MANY, message);
      const by = f.registry.connect(f.stranger);
      return gasOf(by.attestManyBySignature(SCHEMA, items, operator, nonce, message.deadline, signature));
    };
    /** The office's operator issued so many before; their uids. */
    const issued = async (count: number) => {
      const all = some(count);
      for (let i = 0; i < count; i += 250) await attestMany(all.slice(i, i + 250));
      return all.map(uidOf);
    };
    return { ...f, some, attest, attestMany, attestManyBySignature, issued };
  }

  /** Bodies at levels 2, 3 and 4, each under the one before, and a key of each. */
  async function levelsFixture() {
    const f = await fixture();
    const heads = f.signers.slice(20, 23) as [Signer, Signer, Signer];
    const keys = f.signers.slice(23, 26) as [Signer, Signer, Signer];
    const bodies: { body: bigint; key: Signer }[] = [];
    let [by, parent] = [f.minister, f.parent];
    for (const [i, head] of heads.entries()) {
      const body = await addBody(f, head, { by, scope: SCHEMA, parent, from: 0n, levels: 2n - BigInt(i) });
      const key = keys[i] ?? f.stranger;
      await authorizeKey(f, { by: head, body, operator: key, scopes: [SCHEMA], from: 0n });
      bodies.push({ body, key });
      [by, parent] = [head, body];
    }
    return { ...f, bodies };
  }

  describe("issue", () => {
    it("one", async () => {
      const { some, attest } = await fixture();
      for (const a of some(1)) record("AttestationRegistry: attest", await attest(a));
    });

    it("one, by a body further down: what each level adds", async () => {
      const f = await levelsFixture();
      let before = 0n;
      const [first] = f.some(1);
      if (first !== undefined) before = await f.attest(first);
      for (const [i, { body, key }] of f.bodies.entries()) {
        const [a] = f.some(1, i + 1, { issuer: body });
        if (a === undefined) throw new Error("one");
        const gas = await f.attest(a, key);
        record(`AttestationRegistry: attest, what level ${i + 2} adds`, gas - before);
        before = gas;
      }
    });

    it("100", async () => {
      const { some, attestMany } = await fixture();
      record("AttestationRegistry: attestMany of 100, each", per(await attestMany(some(100)), 100));
    });

    it("100 by one signature, the key's first", async () => {
      const { some, attestManyBySignature } = await fixture();
      const gas = await attestManyBySignature(some(100));
      record("AttestationRegistry: attestManyBySignature of 100, each", per(gas, 100));
    });

    it("1,024 in a Merkle batch", async () => {
      const { some, registry } = await fixture();
      const { batch } = batchOf(some(1_024), 1n);
      const gas = await gasOf(registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits));
      record("AttestationRegistry: attestBatch", gas);
      record("AttestationRegistry: attestBatch of 1,024, each", per(gas, 1_024));
    });
  });

  describe("end, suspend, replace", () => {
    it("one", async () => {
      const { registry, issued, some } = await fixture();
      const [revoked = "", suspended = "", old = ""] = await issued(3);
      record("AttestationRegistry: revoke", await gasOf(registry.revoke(revoked, REASON.AFFILIATION_CHANGED)));
      record("AttestationRegistry: suspend", await gasOf(registry.suspend(suspended, REASON.CERTIFICATE_HOLD)));
      const reinstated = registry.reinstate(SCHEMA, suspended, REASON.REMOVE_FROM_CRL);
      record("AttestationRegistry: reinstate", await gasOf(reinstated));
      const [by] = some(1, 10);
      if (by === undefined) throw new Error("one");
      const superseded = registry.supersede(SCHEMA, { old, ...itemOf(by) }, REASON.SUPERSEDED);
      record("AttestationRegistry: supersede", await gasOf(superseded));
    });

    it("100", async () => {
      const { registry, issued, some } = await fixture();
      const uids = await issued(300);
      const [revoked, suspended, olds] = [uids.slice(0, 100), uids.slice(100, 200), uids.slice(200)];
      const each = async (name: string, sent: Promise<ContractTransactionResponse>) => {
        record(`AttestationRegistry: ${name} of 100, each`, per(await gasOf(sent), 100));
      };
      await each("revokeMany", registry.revokeMany(revoked, REASON.AFFILIATION_CHANGED));
      await each("suspendMany", registry.suspendMany(suspended, REASON.CERTIFICATE_HOLD));
      await each("reinstateMany", registry.reinstateMany(SCHEMA, suspended, REASON.REMOVE_FROM_CRL));
      const replacements = some(100, 1_000).map((a, i) => ({ old: olds[i] ?? "", ...itemOf(a) }));
      await each("supersedeMany", registry.supersedeMany(SCHEMA, replacements, REASON.SUPERSEDED));
    });

    for (const bits of [1n, 2n]) {
      it(`leaves of a batch with ${bits} bits a leaf`, async () => {
        const { registry, some, office } = await fixture();
        const { batch } = batchOf(some(1), bits);
        const shape = { issuer: office, schema: SCHEMA, root: batch.root, size: 131_072n, bits };
        await registry.attestBatch(SCHEMA, shape.root, shape.size, bits);
        const one = [{ wordIndex: 500n, mask: ((1n << bits) - 1n) << 128n }];
        const marked = registry.markLeaves(shape, one, 1n, REASON.AFFILIATION_CHANGED);
        record(`AttestationRegistry: markLeaves of 1 of ${bits} bits in a fresh word`, await gasOf(marked));
        const words = Array.from({ length: 16 }, (_, i) => ({ wordIndex: BigInt(i), mask: 2n ** 256n - 1n }));
        const leaves = 16 * (256 / Number(bits));
        const dense = registry.markLeaves(shape, words, 1n, REASON.AFFILIATION_CHANGED);
        const name = `AttestationRegistry: markLeaves of ${leaves.toLocaleString("en")} of ${bits} bits, dense, each`;
        record(name, per(await gasOf(dense), leaves));
      });
    }
  });

  describe("rely", () => {
    /** What a contract pays for relying on an attestation, all of it cold. */
    async function consumerOf(f: Awaited<ReturnType<typeof fixture>>) {
      const consumer = await f.ethers.deployContract("AttestationConsumer", [await f.registry.getAddress()]);
      return async (method: "rely" | "relyOnLeaf", ...args: unknown[]) => {
        const receipt = await (await consumer.getFunction(method).send(...args)).wait();
        const [log] = receipt?.logs ?? [];
        if (log === undefined) throw new Error("nothing told");
        return BigInt(log.data);
      };
    }

    /** What runs inside a call to the registry: the transaction without its intrinsic cost. */
    const inside = async (f: Awaited<ReturnType<typeof fixture>>, data: string) =>
      (await gasOf(f.stranger.sendTransaction({ to: await f.registry.getAddress(), data }))) - intrinsic(data);

    it("on an attestation of a body under the council, and of bodies further down", async () => {
      const f = await levelsFixture();
      const rely = await consumerOf(f);
      let before = { inside: 0n, outside: 0n };
      for (const [i, { body, key }] of [{ body: f.office, key: f.operator }, ...f.bodies].entries()) {
        const [a] = f.some(1, i, { issuer: body });
        if (a === undefined) throw new Error("one");
        await f.attest(a, key);
        const gas = {
          inside: await inside(f, f.registry.interface.encodeFunctionData("requireValid", [a])),
          outside: await rely("rely", a),
        };
        if (i === 0) {
          record("AttestationRegistry: requireValid, cold, inside the call", gas.inside);
          record("AttestationRegistry: requireValid, cold, with the call", gas.outside);
        } else {
          record(`AttestationRegistry: requireValid, what level ${i + 1} adds`, gas.outside - before.outside);
        }
        before = gas;
      }
    });

    it("on a leaf of a Merkle batch of 1,024", async () => {
      const f = await fixture();
      const all = f.some(1_024);
      const { batch, memberships } = batchOf(all, 1n);
      await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
      const [leaf, membership] = [all[777], memberships[777]];
      if (leaf === undefined || membership === undefined) throw new Error("1,024 leaves");
      const data = f.registry.interface.encodeFunctionData("requireValidLeaf", [leaf, membership]);
      record("AttestationRegistry: requireValidLeaf of 1,024, cold, inside the call", await inside(f, data));
      const rely = await consumerOf(f);
      const outside = await rely("relyOnLeaf", leaf, membership);
      record("AttestationRegistry: requireValidLeaf of 1,024, cold, with the call", outside);
    });
  });

  describe("relays: what they add", () => {
    it("the ERC-2771 forwarder, to attest", async () => {
      const f = await fixture();
      const [direct, first, second] = f.some(3);
      if (direct === undefined || first === undefined || second === undefined) throw new Error("three");
      const paid = await f.attest(direct);
      const forwarded = async (a: Attestation) =>
        gasOf(
          f.forward(f.operator, f.registry.interface.encodeFunctionData("attest", [SCHEMA, contentOf(a), a.expiresAt])),
        );
      record(
        "AttestationRegistry: attest, what the forwarder adds, first of a sender",
        (await forwarded(first)) - paid,
      );
      record("AttestationRegistry: attest, what the forwarder adds", (await forwarded(second)) - paid);
    });
  });

  describe("the largest batches in the smallest live block", () => {
    const within = async (name: string, sent: (overrides: { gasLimit: bigint }) => Promise<TransactionResponse>) => {
      record(`AttestationRegistry: ${name}`, await gasOf(sent({ gasLimit: SMALLEST_BLOCK })));
    };

    it("attestMany", async () => {
      const { some, registry } = await fixture();
      const items = some(390).map(itemOf);
      await within("attestMany of 390", (o) => registry.attestMany(SCHEMA, items, o));
    });

    it("attestManyBySignature", async () => {
      const { some, registry, operator, domain } = await fixture();
      const items = some(385).map(itemOf);
      const message = { schema: SCHEMA, items, operator: operator.address, nonce: 0n, deadline: NO_END };
      const signature = await operator.signTypedData(domain, ATTEST_MANY, message);
      await within("attestManyBySignature of 385", (o) =>
        registry.attestManyBySignature(SCHEMA, items, operator.address, 0n, NO_END, signature, o),
      );
    });
  });
});
