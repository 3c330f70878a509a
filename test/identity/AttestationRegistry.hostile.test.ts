import { expect } from "chai";
import { AbiCoder, concat, id, keccak256 } from "ethers";

import {
  REASON,
  SCHEMA,
  STATUS,
  batchOf,
  contentOf,
  issuerFixture,
  itemOf,
  leafOf,
  maskOf,
  uidOf,
  uidOfBatch,
  type Attestation,
  type Membership,
} from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";

const abi = AbiCoder.defaultAbiCoder();

describe("AttestationRegistry: against forgery", () => {
  /** A batch of eight attestations, and one attestation by itself. */
  async function fixture() {
    const f = await issuerFixture();
    const { registry, attestation } = f;
    const all = Array.from({ length: 8 }, (_, n) => attestation(n));
    const { batch, uid, levels, memberships } = batchOf(all, 2n);
    await registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
    const single = attestation(100);
    await registry.attest(SCHEMA, contentOf(single), single.expiresAt);

    const [leaf, membership] = [all[3], memberships[3]];
    if (leaf === undefined || membership === undefined) throw new Error("eight leaves");
    /** Whoever asks is told that the leaf is not in the batch named, both ways. */
    const expectNotInBatch = async (attestation: Attestation, membership: Membership) => {
      const named = uidOfBatch({ ...attestation, ...membership });
      for (const asked of [
        registry.statusOfLeaf(attestation, membership),
        registry.requireValidLeaf(attestation, membership),
      ]) {
        await expect(asked).to.be.revertedWithCustomError(registry, "LeafNotInBatch").withArgs(named, membership.index);
      }
    };
    const expectUnknownBatch = async (attestation: Attestation, membership: Membership) => {
      const named = uidOfBatch({ ...attestation, ...membership });
      expect((await registry.statusOfLeaf(attestation, membership)).status).to.equal(STATUS.UNKNOWN);
      await expect(registry.requireValidLeaf(attestation, membership))
        .to.be.revertedWithCustomError(registry, "AttestationNotValid")
        .withArgs(named, STATUS.UNKNOWN);
    };
    const expectUnknown = async (attestation: Attestation) => {
      expect((await registry.statusOf(attestation)).status).to.equal(STATUS.UNKNOWN);
      await expect(registry.requireValid(attestation))
        .to.be.revertedWithCustomError(registry, "AttestationNotValid")
        .withArgs(uidOf(attestation), STATUS.UNKNOWN);
    };
    return {
      ...f,
      all,
      batch,
      uid,
      levels,
      memberships,
      single,
      leaf,
      membership,
      expectNotInBatch,
      expectUnknownBatch,
      expectUnknown,
    };
  }

  it("the true leaf is found, so that what follows fails for its own reason", async () => {
    const { registry, leaf, membership } = await fixture();
    await registry.requireValidLeaf(leaf, membership);
    expect((await registry.statusOfLeaf(leaf, membership)).status).to.equal(STATUS.VALID);
  });

  describe("a leaf", () => {
    it("with any field changed is not in the batch", async () => {
      const { leaf, membership, expectNotInBatch } = await fixture();
      for (const change of [
        { subject: id("other") },
        { commitment: id("other") },
        { validFrom: leaf.validFrom + 1n },
        { expiresAt: leaf.expiresAt - 1n },
      ]) {
        await expectNotInBatch({ ...leaf, ...change }, membership);
      }
    });

    it("with another issuer or schema is of a batch that nobody issued", async () => {
      const { leaf, membership, rival, expectUnknownBatch } = await fixture();
      await expectUnknownBatch({ ...leaf, issuer: rival }, membership);
      await expectUnknownBatch({ ...leaf, schema: id("other") }, membership);
    });

    it("with another leaf's index, or another leaf's proof, is not in the batch", async () => {
      const { leaf, membership, memberships, expectNotInBatch } = await fixture();
      for (const other of memberships.filter(({ index }) => index !== membership.index)) {
        // To take the entry of a leaf that was not revoked.
        await expectNotInBatch(leaf, { ...membership, index: other.index });
        await expectNotInBatch(leaf, other);
        await expectNotInBatch(leaf, { ...membership, proof: other.proof });
      }
    });

    it("with an index past the size is not in the batch, even when the tree holds it", async () => {
      const { registry, attestation, expectNotInBatch } = await fixture();
      const { batch, memberships } = batchOf([attestation(0), attestation(1)], 1n);
      await registry.attestBatch(SCHEMA, batch.root, 1n, 1n);
      const membership = memberships[1];
      if (membership === undefined) throw new Error("two leaves");
      await expectNotInBatch(attestation(1), { ...membership, size: 1n });
    });

    it("with a lie about size or bits is of a batch that nobody issued", async () => {
      const { leaf, membership, expectUnknownBatch } = await fixture();
      for (const lie of [
        { size: 9n },
        { size: 4n },
        { size: 2n ** 32n - 1n },
        { bits: 1n },
        { bits: 0n },
        { bits: 255n },
      ]) {
        await expectUnknownBatch(leaf, { ...membership, ...lie });
      }
    });

    it("of another batch is not in this one", async () => {
      const { registry, attestation, membership, expectNotInBatch } = await fixture();
      const others = Array.from({ length: 8 }, (_, n) => attestation(200 + n));
      const other = batchOf(others, 2n);
      await registry.attestBatch(SCHEMA, other.batch.root, 8n, 2n);
      const [stranger, theirs] = [others[3], other.memberships[3]];
      if (stranger === undefined || theirs === undefined) throw new Error("eight leaves");
      await registry.requireValidLeaf(stranger, theirs);
      await expectNotInBatch(stranger, membership);
      await expectNotInBatch(stranger, { ...theirs, root: membership.root });
    });

    it("with a proof cut, grown or in another order is not in the batch", async () => {
      const { leaf, membership, expectNotInBatch } = await fixture();
      const { proof } = membership;
      for (const wrong of [
        [],
        proof.slice(1),
        proof.slice(0, -1),
        [...proof, membership.root],
        [id("x"), ...proof],
        proof.toReversed(),
      ]) {
        await expectNotInBatch(leaf, { ...membership, proof: wrong });
      }
    });

    it("stays what its entry says when it is presented as a batch of its own", async () => {
      const { registry, batch, leaf, membership, expectUnknownBatch } = await fixture();
      await registry.markLeaves(batch, [{ wordIndex: 0n, mask: maskOf(2n, 3n) }], 1n, REASON.UNSPECIFIED);
      expect((await registry.statusOfLeaf(leaf, membership)).status).to.equal(STATUS.REVOKED);
      const alone = { ...membership, root: leafOf(leaf, 0n), size: 1n, index: 0n, proof: [] };
      await expectUnknownBatch(leaf, alone);
    });
  });

  describe("an inner node", () => {
    it("does not pass for a leaf: no attestation has its hash, whatever its proof", async () => {
      const { registry, levels, leaf, membership, expectNotInBatch } = await fixture();
      const node = levels[1]?.[1] ?? "";
      const [left, right] = [levels[0]?.[2] ?? "", levels[0]?.[3] ?? ""];
      expect(node).to.equal(keccak256(BigInt(left) < BigInt(right) ? concat([left, right]) : concat([right, left])));
      // Its children as the fields of an attestation: the same 64 bytes, but a leaf hashes three words, and twice.
      for (const [subject, commitment] of [
        [left, right],
        [right, left],
        [node, node],
      ] as const) {
        const forged = { ...leaf, subject, commitment };
        expect(await registry.leafOf(forged, membership.index)).to.not.equal(node);
        await expectNotInBatch(forged, { ...membership, proof: membership.proof.slice(1) });
      }
    });
  });

  describe("a batch's record", () => {
    it("does not pass for an attestation", async () => {
      const { batch, leaf, expectUnknown } = await fixture();
      const word = (n: bigint) => abi.encode(["uint256"], [n]);
      // Its uid hashes five words, an attestation's four: no choice of fields makes one of the other.
      for (const [subject, commitment, validFrom] of [
        [batch.root, word(batch.size), batch.bits],
        [batch.root, word(batch.size * 256n + batch.bits), 0n],
      ] as const) {
        await expectUnknown({ ...leaf, subject, commitment, validFrom });
      }
    });

    it("does not make valid an attestation that is a leaf of it, without its proof", async () => {
      const { leaf, expectUnknown } = await fixture();
      await expectUnknown(leaf);
    });
  });

  describe("an attestation's record", () => {
    it("does not pass for a batch", async () => {
      const { single, expectUnknownBatch } = await fixture();
      // The tree of this one leaf, under which nobody issued a batch.
      const root = leafOf(single, 0n);
      await expectUnknownBatch(single, { root, size: 1n, bits: 2n, index: 0n, proof: [] });
    });

    it("has no status list: its leaves cannot be marked", async () => {
      const { registry, single, office } = await fixture();
      const batch = { issuer: office, schema: SCHEMA, root: contentOf(single), size: 1n, bits: 1n };
      await expect(registry.markLeaves(batch, [{ wordIndex: 0n, mask: 1n << 255n }], 1n, REASON.UNSPECIFIED))
        .to.be.revertedWithCustomError(registry, "AttestationUnknown")
        .withArgs(uidOfBatch(batch));
    });
  });

  describe("a content that an issuer chose", () => {
    it("makes no record of a batch, so each batch has its event", async () => {
      const { registry, attestation, office, expectUnknownBatch } = await fixture();
      const leaf = attestation(300);
      const batch = { issuer: office, schema: SCHEMA, root: leafOf(leaf, 0n), size: 1n, bits: 1n };
      const membership = { ...batch, index: 0n, proof: [] };
      const shape = abi.encode(["bytes32", "uint32", "uint8"], [batch.root, batch.size, batch.bits]);
      for (const content of [batch.root, keccak256(shape), uidOfBatch(batch)]) {
        await registry.attest(SCHEMA, content, NO_END);
        await expectUnknownBatch(leaf, membership);
      }
      await registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
      await registry.requireValidLeaf(leaf, membership);
    });
  });

  it("a revoked attestation cannot be issued again: singly, in a batch of items, or in the place of another", async () => {
    const { registry, single, attestation } = await fixture();
    const uid = uidOf(single);
    await registry.revoke(uid, REASON.KEY_COMPROMISE);
    const other = attestation(101);
    await registry.attest(SCHEMA, contentOf(other), NO_END);
    for (const again of [
      registry.attest(SCHEMA, contentOf(single), single.expiresAt),
      registry.attestMany(SCHEMA, [itemOf(attestation(102)), itemOf(single)]),
      registry.supersede(SCHEMA, { old: uidOf(other), ...itemOf(single) }, REASON.UNSPECIFIED),
    ]) {
      await expect(again).to.be.revertedWithCustomError(registry, "AttestationExists").withArgs(uid);
    }
    expect((await registry.statusOf(single)).status).to.equal(STATUS.REVOKED);
  });

  describe("unused bits that are set", () => {
    /** A call's data with the highest byte of one of the attestation's words set. */
    const dirtied = (data: string, word: number) => `${data.slice(0, 10 + word * 64)}01${data.slice(12 + word * 64)}`;

    it("find no record: they are not cut off to that of the clean attestation", async () => {
      const { registry, single, operator } = await fixture();
      const to = await registry.getAddress();
      const status = registry.interface.encodeFunctionData("statusOf", [single]);
      const required = registry.interface.encodeFunctionData("requireValid", [single]);
      await operator.call({ to, data: required });
      // The issuer, a uint32, is the first word; validFrom and expiresAt, uint40, are the last two.
      for (const word of [0, 4, 5]) {
        const verdict = await operator.call({ to, data: dirtied(status, word) });
        expect(BigInt(verdict.slice(0, 66))).to.equal(STATUS.UNKNOWN);
        await expect(operator.call({ to, data: dirtied(required, word) })).to.be.revertedWithCustomError(
          registry,
          "AttestationNotValid",
        );
      }
    });

    it("make nothing valid when the issuer itself hashed them into the content", async () => {
      const { registry, attestation, operator, ethers } = await fixture();
      const a = attestation(400);
      const validFrom = 1n << 248n;
      const content = keccak256(abi.encode(["bytes32", "bytes32", "uint256"], [a.subject, a.commitment, validFrom]));
      await registry.attest(SCHEMA, content, a.expiresAt);
      const to = await registry.getAddress();
      for (const data of [
        registry.interface.encodeFunctionData("statusOf", [a]),
        registry.interface.encodeFunctionData("requireValid", [a]),
      ]) {
        await expect(operator.call({ to, data: dirtied(data, 4) })).to.be.revertedWithoutReason(ethers);
      }
    });

    it("are refused in what is written, and in a leaf", async () => {
      const { registry, batch, leaf, membership, operator, ethers } = await fixture();
      const to = await registry.getAddress();
      const { interface: abiOf } = registry;
      const leaves = [{ wordIndex: 0n, mask: maskOf(2n, 3n) }];
      for (const [data, word] of [
        [abiOf.encodeFunctionData("attest", [SCHEMA, id("content"), NO_END]), 2],
        [abiOf.encodeFunctionData("attestMany", [SCHEMA, [{ content: id("content"), expiresAt: NO_END }]]), 4],
        [abiOf.encodeFunctionData("attestBatch", [SCHEMA, id("root"), 5n, 1n]), 2],
        [abiOf.encodeFunctionData("attestBatch", [SCHEMA, id("root"), 5n, 1n]), 3],
        [abiOf.encodeFunctionData("markLeaves", [batch, leaves, 1n, 0n]), 0],
        [abiOf.encodeFunctionData("markLeaves", [batch, leaves, 1n, 0n]), 3],
        [abiOf.encodeFunctionData("markLeaves", [batch, leaves, 1n, 0n]), 6],
        [abiOf.encodeFunctionData("requireValidLeaf", [leaf, membership]), 0],
        [abiOf.encodeFunctionData("requireValidLeaf", [leaf, membership]), 4],
        [abiOf.encodeFunctionData("requireValidLeaf", [leaf, membership]), 5],
        [abiOf.encodeFunctionData("requireValidLeaf", [leaf, membership]), 10],
      ] as const) {
        await operator.call({ to, data });
        await expect(operator.call({ to, data: dirtied(data, word) })).to.be.revertedWithoutReason(ethers);
      }
    });
  });
});
