import { expect } from "chai";

import { LogTree } from "../../src/ledger/LogTree.js";
import { RecordRegistry__factory } from "../../src/typechain/index.js";
import { KIND, record as commitment, records, recordsFixture, REASON, STATE } from "../helpers/records.js";
import { NO_END } from "../helpers/suite.js";
import { gasOf, record } from "./record.js";

/** Rounded up, so that no figure is flattered. */
const per = (total: bigint, count: number) => (total + BigInt(count) - 1n) / BigInt(count);

/** An entry amid its tree, whose proof is as long as any. */
const MIDDLE = 1_234;

describe("Gas of health records, whole transactions by a provider that the council itself accredited", () => {
  it("one record: anchored, signed, amended, ended", async () => {
    const { registry, parties, signAuthorship } = await recordsFixture();
    const { key } = parties.professional;
    record("RecordRegistry: anchor", await gasOf(registry.anchor(commitment(1), KIND)));
    const signature = await signAuthorship(commitment(2));
    const authored = registry.anchorAuthored(commitment(2), KIND, key, NO_END, signature);
    record("RecordRegistry: anchorAuthored", await gasOf(authored));
    record("RecordRegistry: amend", await gasOf(registry.amend(commitment(1), commitment(3), REASON.AMENDED)));
    const next = await signAuthorship(commitment(4));
    const amended = registry.amendAuthored(commitment(2), commitment(4), REASON.AMENDED, key, NO_END, next);
    record("RecordRegistry: amendAuthored", await gasOf(amended));
    record("RecordRegistry: markInError", await gasOf(registry.markInError(commitment(3))));
    const erased = registry.tombstone([commitment(3)], REASON.ERASURE_REQUESTED);
    record("RecordRegistry: tombstone", await gasOf(erased));
  });

  it("a hundred records erased at once", async () => {
    const { registry } = await recordsFixture();
    for (const each of records(100)) await registry.anchor(each, KIND);
    const gas = await gasOf(registry.tombstone(records(100), REASON.ERASURE_REQUESTED));
    record("RecordRegistry: tombstone of 100, each", per(gas, 100));
  });

  it("many in the log, the second run of each size", async () => {
    for (const count of [100, 1_000]) {
      const { registry } = await recordsFixture();
      await registry.anchorMany(records(count), KIND);
      const gas = await gasOf(registry.anchorMany(records(count, count), KIND));
      record(`RecordRegistry: anchorMany of ${count.toLocaleString("en")}, each`, per(gas, count));
    }
  });

  it("a batch under a root, and its members", async () => {
    const f = await recordsFixture();
    const members = await f.batch(records(4_096));
    const { root } = members[0]!.membership;
    // The same root by another provider, so that its price is measured alone.
    record(
      "RecordRegistry: anchorBatch of 4,096, each",
      per(await gasOf(f.asClinic.anchorBatch(root, 4_096n, KIND)), 4_096),
    );

    const [a, b] = [members[MIDDLE]!, members[MIDDLE + 1]!];
    expect(a.membership.path).to.have.lengthOf(12);
    const amended = f.registry.amendMember(a, commitment(9_000), REASON.AMENDED);
    record("RecordRegistry: amendMember of a batch of 4,096, first of its word", await gasOf(amended));
    const ended = f.registry.endMembers([b], STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR);
    record("RecordRegistry: endMembers, 1 of a batch of 4,096", await gasOf(ended));
    const many = f.registry.endMembers(members.slice(2_048, 2_148), STATE.ERASED, REASON.ERASURE_REQUESTED);
    record("RecordRegistry: endMembers, 100 of a batch of 4,096, each", per(await gasOf(many), 100));
  });

  it("members of a log", async () => {
    const f = await recordsFixture();
    const members = await f.log(new LogTree(), records(4_000));
    const amended = f.registry.amendMember(members[MIDDLE]!, commitment(9_000), REASON.AMENDED);
    record("RecordRegistry: amendMember of a log of 4,000, first of its word", await gasOf(amended));
  });

  it("deployment", async () => {
    const { deployer, manager, trustList, relays } = await recordsFixture();
    const registry = await new RecordRegistry__factory(deployer).deploy(manager, trustList, relays);
    record("RecordRegistry: deployment", (await registry.deploymentTransaction()!.wait())!.gasUsed);
  });
});
