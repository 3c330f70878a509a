import { expect } from "chai";
import { id, toBeHex } from "ethers";

import { REASON, SCHEMA, issuerFixture, maskOf, uidOfBatch, type Batch } from "../helpers/issuer.js";
import { now } from "../helpers/trust.js";

const [VALID, REVOKED, SUSPENDED, SUPERSEDED] = [0n, 1n, 2n, 3n] as const;
const ALL_BITS = 2n ** 256n - 1n;
const WHY = REASON.PRIVILEGE_WITHDRAWN;

describe("AttestationRegistry: leaves", () => {
  /** A batch of one-bit entries that ends within its second word, and one of two-bit entries that does too. */
  async function fixture() {
    const issuer = await issuerFixture();
    const { registry, office } = issuer;
    const issue = async (size: bigint, bits: bigint) => {
      const batch: Batch = { issuer: office, schema: SCHEMA, root: id(`root ${bits}`), size, bits };
      await registry.attestBatch(SCHEMA, batch.root, size, bits);
      return { batch, uid: uidOfBatch(batch) };
    };
    const one = await issue(300n, 1n);
    const two = await issue(200n, 2n);
    const inTwo = (...entries: bigint[]) => [{ wordIndex: 0n, mask: maskOf(2n, ...entries) }];
    return {
      ...issuer,
      one,
      two,
      inTwo,
      /** Marks entries of the first word of the two-bit list. */
      mark: (code: bigint, ...entries: bigint[]) => registry.markLeaves(two.batch, inTwo(...entries), code, WHY),
      reinstate: (...entries: bigint[]) => registry.reinstateLeaves(two.batch, inTwo(...entries), WHY),
      word: () => registry.statusWord(two.uid, 0n),
    };
  }

  /** The word whose entries have these values, the first in the most significant bits. */
  const wordOf = (...values: bigint[]) => values.reduce((word, v, i) => word | (v << (254n - 2n * BigInt(i))), 0n);

  describe("markLeaves", () => {
    it("revokes one-bit entries in several words, and tells of each word", async () => {
      const { registry, one } = await fixture();
      const leaves = [
        { wordIndex: 0n, mask: maskOf(1n, 0n, 7n, 255n) },
        { wordIndex: 1n, mask: maskOf(1n, 256n, 299n) },
      ];
      const sent = registry.markLeaves(one.batch, leaves, REVOKED, WHY);
      await expect(sent).to.emit(registry, "LeavesChanged").withArgs(one.uid, REVOKED, WHY);
      for (const { wordIndex, mask } of leaves) {
        await expect(sent).to.emit(registry, "StatusWordChanged").withArgs(one.uid, wordIndex, mask);
        expect(await registry.statusWord(one.uid, wordIndex)).to.equal(mask);
      }
      // Entries 0, 7 and 255, most significant bit first.
      expect(toBeHex(leaves[0]?.mask ?? 0n, 32)).to.equal(`0x81${"00".repeat(30)}01`);
    });

    it("adds to what is marked in the word already", async () => {
      const { registry, mark, two } = await fixture();
      await mark(REVOKED, 0n);
      await mark(SUSPENDED, 1n);
      await expect(mark(SUPERSEDED, 2n, 3n))
        .to.emit(registry, "StatusWordChanged")
        .withArgs(two.uid, 0n, wordOf(1n, 2n, 3n, 3n));
    });

    it("marks a whole word at once, up to the last entry of the list", async () => {
      const { registry, one, two } = await fixture();
      await registry.markLeaves(one.batch, [{ wordIndex: 0n, mask: ALL_BITS }], REVOKED, WHY);
      expect(await registry.statusWord(one.uid, 0n)).to.equal(ALL_BITS);
      const rest = Array.from({ length: 72 }, (_, i) => 128n + BigInt(i));
      await registry.markLeaves(two.batch, [{ wordIndex: 1n, mask: maskOf(2n, ...rest) }], SUPERSEDED, WHY);
      expect(await registry.statusWord(two.uid, 1n)).to.equal(maskOf(2n, ...rest));
    });

    it("leaves the batch's record and other lists as they are", async () => {
      const { registry, one, two, mark } = await fixture();
      const before = await registry.recordOf(two.uid);
      await mark(REVOKED, 0n);
      expect(await registry.recordOf(two.uid)).to.deep.equal(before);
      expect(await registry.statusWord(one.uid, 0n)).to.equal(0n);
    });

    it("goes on while the whole batch is suspended", async () => {
      const { registry, two, mark, word } = await fixture();
      await registry.suspend(two.uid, WHY);
      await mark(REVOKED, 5n);
      expect(await word()).to.equal(maskOf(2n, 5n) & (maskOf(2n, 5n) >> 1n));
    });

    it("reverts when a two-bit list is given a code that it does not have", async () => {
      const { registry, mark } = await fixture();
      for (const code of [VALID, 4n, 255n]) {
        await expect(mark(code, 0n)).to.be.revertedWithCustomError(registry, "LeafCodeInvalid").withArgs(code, 2n);
      }
    });

    it("reverts when a one-bit list is given any code but revoked", async () => {
      const { registry, one } = await fixture();
      for (const code of [VALID, SUSPENDED, SUPERSEDED, 4n]) {
        await expect(registry.markLeaves(one.batch, [{ wordIndex: 0n, mask: 1n << 255n }], code, WHY))
          .to.be.revertedWithCustomError(registry, "LeafCodeInvalid")
          .withArgs(code, 1n);
      }
    });

    it("reverts when the batch is unknown, or described in another way than it was issued", async () => {
      const { registry, two, rival, inTwo } = await fixture();
      for (const wrong of [
        { root: id("another root") },
        { size: two.batch.size + 1n },
        { size: 2n ** 32n - 1n },
        { issuer: rival },
        { schema: id("another schema") },
      ]) {
        const batch = { ...two.batch, ...wrong };
        await expect(registry.markLeaves(batch, inTwo(0n), REVOKED, WHY))
          .to.be.revertedWithCustomError(registry, "AttestationUnknown")
          .withArgs(uidOfBatch(batch));
      }
      const batch = { ...two.batch, bits: 1n };
      await expect(registry.markLeaves(batch, [{ wordIndex: 0n, mask: 1n }], REVOKED, WHY))
        .to.be.revertedWithCustomError(registry, "AttestationUnknown")
        .withArgs(uidOfBatch(batch));
    });

    it("reverts when the whole batch has ended", async () => {
      const f = await fixture();
      await f.registry.revoke(f.two.uid, WHY);
      const endedAt = await now(f);
      await expect(f.mark(REVOKED, 0n))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(f.two.uid, endedAt);
    });
  });

  describe("reinstateLeaves", () => {
    it("lifts the suspension of the entries, and tells", async () => {
      const { registry, two, mark, reinstate } = await fixture();
      await mark(SUSPENDED, 0n, 1n, 2n);
      await mark(REVOKED, 3n);
      const sent = reinstate(0n, 2n);
      await expect(sent).to.emit(registry, "LeavesChanged").withArgs(two.uid, VALID, WHY);
      await expect(sent)
        .to.emit(registry, "StatusWordChanged")
        .withArgs(two.uid, 0n, wordOf(0n, 2n, 0n, 1n));
    });

    it("reverts when the list has one bit an entry", async () => {
      const { registry, one } = await fixture();
      await expect(registry.reinstateLeaves(one.batch, [{ wordIndex: 0n, mask: 1n << 255n }], WHY))
        .to.be.revertedWithCustomError(registry, "LeafCodeInvalid")
        .withArgs(VALID, 1n);
    });

    it("reverts when the batch is unknown, or has ended", async () => {
      const f = await fixture();
      await f.mark(SUSPENDED, 0n);
      const batch = { ...f.two.batch, size: 201n };
      await expect(f.registry.reinstateLeaves(batch, f.inTwo(0n), WHY))
        .to.be.revertedWithCustomError(f.registry, "AttestationUnknown")
        .withArgs(uidOfBatch(batch));
      await f.registry.revoke(f.two.uid, WHY);
      const endedAt = await now(f);
      await expect(f.reinstate(0n))
        .to.be.revertedWithCustomError(f.registry, "AttestationEnded")
        .withArgs(f.two.uid, endedAt);
    });
  });

  describe("which changes an entry allows", () => {
    const codes = { valid: VALID, revoked: REVOKED, suspended: SUSPENDED, superseded: SUPERSEDED };
    const allowed: Record<keyof typeof codes, bigint[]> = {
      valid: [REVOKED, SUSPENDED, SUPERSEDED],
      suspended: [REVOKED, SUPERSEDED, VALID],
      revoked: [],
      superseded: [],
    };
    for (const [from, code] of Object.entries(codes)) {
      for (const [to, next] of Object.entries(codes)) {
        const allows = allowed[from as keyof typeof codes].includes(next);
        it(`${from} to ${to}: ${allows ? "allowed" : "refused"}`, async () => {
          const { registry, two, mark, reinstate, word } = await fixture();
          if (code !== VALID) await mark(code, 64n);
          const change = () => (next === VALID ? reinstate(64n) : mark(next, 64n));
          if (allows) {
            await change();
            expect(await word()).to.equal(next << (254n - 128n));
          } else {
            await expect(change())
              .to.be.revertedWithCustomError(registry, "LeavesRefuse")
              .withArgs(two.uid, 0n, maskOf(2n, 64n));
            expect(await word()).to.equal(code << (254n - 128n));
          }
        });
      }
    }

    it("names exactly the entries that refuse, of those that were meant", async () => {
      const { registry, two, mark, reinstate, word } = await fixture();
      await mark(REVOKED, 1n);
      await mark(SUSPENDED, 2n, 3n);
      await mark(SUPERSEDED, 4n);
      const before = await word();
      const refuses = (sent: Promise<unknown>, ...entries: bigint[]) =>
        expect(sent)
          .to.be.revertedWithCustomError(registry, "LeavesRefuse")
          .withArgs(two.uid, 0n, maskOf(2n, ...entries));
      await refuses(mark(REVOKED, 0n, 1n, 2n, 4n), 1n, 4n);
      await refuses(mark(SUPERSEDED, 1n, 3n), 1n);
      await refuses(mark(SUSPENDED, 0n, 1n, 2n, 4n, 5n), 1n, 2n, 4n);
      await refuses(reinstate(0n, 1n, 2n, 4n), 0n, 1n, 4n);
      expect(await word()).to.equal(before);
    });

    it("a revoked entry of a one-bit list stays revoked", async () => {
      const { registry, one } = await fixture();
      await registry.markLeaves(one.batch, [{ wordIndex: 1n, mask: maskOf(1n, 256n, 258n) }], REVOKED, WHY);
      await expect(registry.markLeaves(one.batch, [{ wordIndex: 1n, mask: maskOf(1n, 257n, 258n) }], REVOKED, WHY))
        .to.be.revertedWithCustomError(registry, "LeavesRefuse")
        .withArgs(one.uid, 1n, maskOf(1n, 258n));
    });

    it("an entry meant twice in one call refuses the second time", async () => {
      const { registry, two } = await fixture();
      const twice = [
        { wordIndex: 0n, mask: maskOf(2n, 0n, 1n) },
        { wordIndex: 0n, mask: maskOf(2n, 1n, 2n) },
      ];
      await expect(registry.markLeaves(two.batch, twice, SUSPENDED, WHY))
        .to.be.revertedWithCustomError(registry, "LeavesRefuse")
        .withArgs(two.uid, 0n, maskOf(2n, 1n));
    });
  });

  for (const method of ["markLeaves", "reinstateLeaves"] as const) {
    describe(`${method}: which entries`, () => {
      /** Calls the method with leaves of the two-bit list. */
      async function refusedFixture() {
        const f = await fixture();
        await f.mark(SUSPENDED, 0n, 1n, 2n);
        const call = (leaves: { wordIndex: bigint; mask: bigint }[]) =>
          method === "markLeaves"
            ? f.registry.markLeaves(f.two.batch, leaves, REVOKED, WHY)
            : f.registry.reinstateLeaves(f.two.batch, leaves, WHY);
        return { ...f, call, good: { wordIndex: 0n, mask: maskOf(2n, 0n) } };
      }

      it("reverts when there is no word", async () => {
        const { registry, call } = await refusedFixture();
        await expect(call([])).to.be.revertedWithCustomError(registry, "BatchEmpty");
      });

      it("reverts when a mask is empty, or covers one bit of an entry without the other", async () => {
        const { registry, call } = await refusedFixture();
        for (const mask of [0n, 1n, 2n, 1n << 255n, maskOf(2n, 0n) | (1n << 128n), ALL_BITS - 1n]) {
          await expect(call([{ wordIndex: 0n, mask }]))
            .to.be.revertedWithCustomError(registry, "StatusMaskInvalid")
            .withArgs(mask, 2n);
        }
      });

      it("reverts when an entry is past the last leaf", async () => {
        const { registry, call, two } = await refusedFixture();
        for (const [past, mask] of [
          [200n, maskOf(2n, 200n)],
          [200n, maskOf(2n, 128n, 200n)],
          [255n, ALL_BITS],
        ] as const) {
          await expect(call([{ wordIndex: 1n, mask }]))
            .to.be.revertedWithCustomError(registry, "StatusIndexOutOfRange")
            .withArgs(past, two.batch.size);
        }
      });

      it("reverts when a word is past the end of the list, however far", async () => {
        const { registry, call, two } = await refusedFixture();
        for (const wordIndex of [2n, 2n ** 32n, 2n ** 249n, 2n ** 250n, ALL_BITS]) {
          await expect(call([{ wordIndex, mask: maskOf(2n, 0n) }]))
            .to.be.revertedWithCustomError(registry, "StatusWordOutOfRange")
            .withArgs(wordIndex, two.batch.size);
        }
      });

      it("changes nothing when the first, a middle or the last word is bad", async () => {
        const { registry, two, call, word, good } = await refusedFixture();
        const before = await word();
        const goods = [good, { ...good, mask: maskOf(2n, 1n) }, { ...good, mask: maskOf(2n, 2n) }];
        for (const index of [0, 1, 2]) {
          const leaves = goods.with(index, { wordIndex: 1n, mask: maskOf(2n, 199n, 200n) });
          await expect(call(leaves)).to.be.revertedWithCustomError(registry, "StatusIndexOutOfRange");
          expect(await word()).to.equal(before);
          expect(await registry.statusWord(two.uid, 1n)).to.equal(0n);
        }
        await expect(call(goods)).to.emit(registry, "LeavesChanged");
      });
    });
  }

  describe("statusWord", () => {
    it("is zero where nothing was written, whatever is asked", async () => {
      const { registry, two } = await fixture();
      for (const wordIndex of [0n, 1n, ALL_BITS]) expect(await registry.statusWord(two.uid, wordIndex)).to.equal(0n);
      expect(await registry.statusWord(id("nothing"), 0n)).to.equal(0n);
    });
  });

  describe("of a list that ends with a word", () => {
    it("takes the last entry, and no word after it", async () => {
      const { registry, office } = await issuerFixture();
      for (const bits of [1n, 2n]) {
        const size = 256n / bits;
        const batch: Batch = { issuer: office, schema: SCHEMA, root: id(`whole ${bits}`), size, bits };
        await registry.attestBatch(SCHEMA, batch.root, size, bits);
        await expect(registry.markLeaves(batch, [{ wordIndex: 1n, mask: maskOf(bits, 0n) }], REVOKED, WHY))
          .to.be.revertedWithCustomError(registry, "StatusIndexOutOfRange")
          .withArgs(size, size);
        await registry.markLeaves(batch, [{ wordIndex: 0n, mask: maskOf(bits, size - 1n) }], REVOKED, WHY);
        expect(await registry.statusWord(uidOfBatch(batch), 0n)).to.equal(1n);
      }
    });
  });
});
