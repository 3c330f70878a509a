import { expect } from "chai";
import { concat, hexlify, id, sha256, ZeroHash } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { treeOf } from "../helpers/batches.js";
import { KIND, memberOf, OTHER_KIND, record, records, recordsFixture, REASON, STATE } from "../helpers/records.js";
import { Standing } from "../helpers/trust.js";

type World = Awaited<ReturnType<typeof recordsFixture>>;
type Member = Awaited<ReturnType<World["batch"]>>[number];

const ALL_ZERO = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];

/** What whoever asks or ends meets when the proof does not hold. */
async function expectNoMember({ registry }: World, member: Member): Promise<void> {
  const { root, index } = member.membership;
  for (const call of [
    registry.statusOfMember(member),
    registry.amendMember(member, record(999), REASON.AMENDED),
    registry.endMembers([member], STATE.ERASED, REASON.ORDERED),
  ])
    await expect(call)
      .to.be.revertedWithCustomError(registry, "RecordNotMember")
      .withArgs(member.commitment, root, index);
}

/** What they meet when there is no such batch. */
async function expectNoBatch({ registry }: World, member: Member): Promise<void> {
  const { provider, inLog, root, size } = member.membership;
  expect(await registry.statusOfMember(member)).to.deep.equal(ALL_ZERO);
  await expect(registry.endMembers([member], STATE.ERASED, REASON.ORDERED))
    .to.be.revertedWithCustomError(registry, "RecordBatchUnknown")
    .withArgs(provider, inLog, root, size);
}

const altered = (member: Member, fields: Partial<Member["membership"]>): Member => ({
  ...member,
  membership: { ...member.membership, ...fields },
});

describe("RecordRegistry, members of batches", () => {
  it("are proved at every index of trees of every shape, in the log and under a root of their own", async () => {
    const f = await recordsFixture();
    const { registry, hospitalBody } = f;
    const tree = new LogTree();
    // Runs that end in the middle of a perfect subtree and at its end.
    for (const [i, count] of [1, 2, 3, 7, 8, 11].entries()) {
      const kind = KIND + BigInt(i);
      const commitments = records(count, 100 * i);
      const members = [...(await f.log(tree, commitments, kind)), ...(await f.batch(commitments, kind))];
      for (const member of members) {
        const verdict = await registry.statusOfMember(member);
        expect(verdict.slice(0, 6)).to.deep.equal([STATE.CURRENT, REASON.NONE, kind, 1n, hospitalBody, 1n]);
        expect(verdict.slice(7)).to.deep.equal([0n, Standing.IN_FORCE, Standing.IN_FORCE]);
      }
    }
  });

  it("of the log keep the proof that they were given, however the log grew", async () => {
    const f = await recordsFixture();
    const tree = new LogTree();
    const early = await f.log(tree, records(5));
    for (let i = 1; i < 6; i++) await f.log(tree, records(i, 100 * i), OTHER_KIND);
    for (const member of early) expect((await f.registry.statusOfMember(member)).kind).to.equal(KIND);
    await f.registry.amendMember(early[2]!, record(900), REASON.AMENDED);
    expect((await f.registry.statusOfMember(early[2]!)).state).to.equal(STATE.SUPERSEDED);
  });

  it("of the log are not proved by another checkpoint than their run's, which tells when they were anchored", async () => {
    const f = await recordsFixture();
    const tree = new LogTree();
    await f.log(tree, records(5));
    const later = await f.log(tree, records(4, 5), OTHER_KIND);
    const at = { provider: f.hospitalBody, inLog: true };
    // A checkpoint of the log, and a right path to it, but it belongs to the run that came after.
    await expectNoMember(f, memberOf(tree, record(4), { ...at, size: 9n, index: 4n }));
    expect((await f.registry.statusOfMember(later[0]!)).kind).to.equal(OTHER_KIND);
    // Sizes at which the log never stood between two transactions.
    for (const size of [4n, 8n]) await expectNoBatch(f, memberOf(tree, record(2), { ...at, size, index: 2n }));
  });

  it("are not described in another way than they were anchored", async () => {
    const f = await recordsFixture();
    const logged = (await f.log(new LogTree(), records(6)))[3]!;
    const batched = (await f.batch(records(6)))[3]!;
    for (const member of [logged, batched]) {
      await expectNoBatch(f, altered(member, { provider: f.clinicBody }));
      await expectNoBatch(f, altered(member, { size: 7n }));
      await expectNoBatch(f, altered(member, { size: 0n }));
      await expectNoBatch(f, altered(member, { root: id("root") }));
      await expectNoBatch(f, altered(member, { root: ZeroHash }));
    }
    // The two trees are the same here, and yet each batch is found by its own form alone.
    const alone = (await f.batch(records(3, 50)))[1]!;
    await expectNoBatch(f, altered(alone, { inLog: true }));
    const inLog = (await f.log(treeOf(records(6)), records(2, 70)))[1]!;
    await expectNoBatch(f, altered(inLog, { inLog: false }));
  });

  for (const inLog of [true, false]) {
    describe(inLog ? "of the log" : "of a batch of their own", () => {
      const fixture = async () => {
        const f = await recordsFixture();
        const tree = treeOf(records(7));
        return { f, tree, members: inLog ? await f.log(new LogTree(), records(7)) : await f.batch(records(7)) };
      };

      it("are none by another's leaf, index or path", async () => {
        const { f, members } = await fixture();
        const [member, other] = [members[2]!, members[5]!];
        await expectNoMember(f, { ...member, commitment: record(99) });
        await expectNoMember(f, { ...member, commitment: other.commitment });
        for (const index of [0n, 3n, 5n, 7n, 2n ** 64n - 1n]) await expectNoMember(f, altered(member, { index }));
        await expectNoMember(f, altered(member, { path: other.membership.path }));
        await expectNoMember(f, altered(member, { path: [] }));
        await expectNoMember(f, altered(member, { path: member.membership.path.slice(1) }));
        await expectNoMember(f, altered(member, { path: [...member.membership.path, ZeroHash] }));
        await expectNoMember(f, altered(member, { path: member.membership.path.toReversed() }));
        await expectNoMember(f, altered(member, { path: Array<string>(300).fill(ZeroHash) }));
      });

      it("are none by a leaf of another batch", async () => {
        const { f, members } = await fixture();
        const others = await f.batch(records(7, 50));
        await expectNoMember(f, { ...members[2]!, commitment: record(52) });
        await expectNoMember(f, altered(others[2]!, { path: members[2]!.membership.path }));
      });

      it("are none by an inner node, whatever is made of it", async () => {
        const { f, tree, members } = await fixture();
        // The first pair's node, as if it were an entry: its sibling is the next pair's node.
        const pair = hexlify(treeOf(records(2)).root());
        const path = members[0]!.membership.path.slice(1);
        await expectNoMember(f, { ...altered(members[0]!, { path }), commitment: pair });
        // The leaf's own hash as the commitment, the root with no path.
        await expectNoMember(f, { ...members[0]!, commitment: hexlify(tree.leaf(0)) });
        await expectNoMember(f, { ...altered(members[0]!, { path: [] }), commitment: hexlify(tree.root()) });
      });

      it("are read by anyone, and by nobody's key", async () => {
        const { f, members } = await fixture();
        expect((await f.registry.connect(f.ethers.provider).statusOfMember(members[6]!)).state).to.equal(1n);
      });
    });
  }

  it("hold when there is but one, with no path: its root is the leaf's hash", async () => {
    const f = await recordsFixture();
    const [member] = await f.batch(records(1));
    expect(member!.membership.path).to.deep.equal([]);
    expect(member!.membership.root).to.equal(sha256(concat(["0x00", record(0)])));
    expect((await f.registry.statusOfMember(member!)).state).to.equal(STATE.CURRENT);
  });

  it("of a root that is none of a tree of its size are proved at no index but those that the size allows", async () => {
    const f = await recordsFixture();
    const tree = treeOf(records(4));
    // The provider said 3 of a tree of 4: the paths of 4 entries have the wrong length for all but the first two.
    await f.registry.anchorBatch(hexlify(tree.root()), 3n, KIND);
    for (const index of [2n, 3n])
      await expectNoMember(
        f,
        altered(memberOf(tree, record(Number(index)), { provider: f.hospitalBody, inLog: false, size: 4n, index }), {
          size: 3n,
        }),
      );
  });

  it("of different batches end at once, each provider asked about", async () => {
    const f = await recordsFixture();
    const { registry, trustList, parties, asClinic, hospitalBody, clinicBody } = f;
    const own = [...(await f.log(new LogTree(), records(3))), ...(await f.batch(records(3)))];
    await asClinic.anchorMany(records(3), KIND);
    const tree = treeOf(records(3));
    const foreign = memberOf(tree, record(1), { provider: clinicBody, inLog: true, size: 3n, index: 1n });
    for (const bad of [
      [foreign, ...own],
      [...own.slice(0, 2), foreign, ...own.slice(2)],
      [...own, foreign],
    ])
      await expect(registry.endMembers(bad, STATE.ERASED, REASON.ERASURE_REQUESTED))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(parties.hospital.key, clinicBody, hospitalBody);
    await registry.endMembers(own, STATE.ERASED, REASON.ERASURE_REQUESTED);
    for (const member of own) expect((await registry.statusOfMember(member)).state).to.equal(STATE.ERASED);
    expect((await registry.statusOfMember(foreign)).state).to.equal(STATE.CURRENT);
  });
});
