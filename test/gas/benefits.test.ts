import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { withAgency } from "../helpers/benefits.js";
import { issuerFixture } from "../helpers/issuer.js";
import { hashOf, nurseryFixture, says, SCHEME } from "../helpers/nursery.js";
import { gasOf, record } from "./record.js";

describe("Gas of benefits and eligibility", () => {
  it("a claim, a revocation and a claim anew, whole transactions", async () => {
    const f = await issuerFixture();
    // At a time of its own, since the period's start is signed and sent: another day it has other bytes, and another price.
    await f.time.increaseTo(2_000_000_000n);
    const { benefits, claim, answer, decider, policy } = await withAgency(f);
    // 40-bit times that hold few zero bytes; the answer of the middle of a period.
    const a = answer(1, { deadline: 2_011_881_234n });
    record("Benefits: claim", await gasOf(claim(a)));
    const revoked = benefits.connect(decider).revoke(policy, 0n, a.nullifier, 1n);
    record("Benefits: revoke", await gasOf(revoked));
    record("Benefits: claim anew, after a revocation", await gasOf(claim({ ...a, deadline: a.deadline + 86_413n })));
  });

  describe("decide, execution alone", () => {
    it("over attestations of several offices", async () => {
      const f = await nurseryFixture();
      const { policy, show, residence, income, work, childcare, ethers, eligibility } = f;
      const meter = (await ethers.deployContract("ViewMeter")).connect(ethers.provider);
      const [lives, earns, works, , , enrolled] = policy.rules.requirements;
      if (!lives || !earns || !works || !enrolled) throw new Error("six");
      const target = await eligibility.getAddress();
      const measure = async (asked: typeof policy, evidence: Parameters<typeof f.judge>[0]) => {
        expect((await f.judge(evidence, asked)).eligible).to.equal(true);
        const data = eligibility.interface.encodeFunctionData("decide", [hashOf(asked), asked, evidence]);
        return (await meter.getFunction("measure").staticCall(target, data, { from: ZeroAddress })) as bigint;
      };

      // Four attestations of four offices, two disclosed claims, and no more asked.
      const four = structuredClone(policy);
      const plain = { issuerScope: ZeroHash, maxAge: 0n };
      four.rules.requirements = [lives, { ...earns, ...plain }, works, { ...enrolled, ...plain, claims: [] }];
      four.rules.clauses = [0b1111n];
      const first = [show(0, residence, "region"), show(1, income, "underThreshold"), show(2, work)];
      const evidence = [...first, show(3, childcare)];
      const gas = await measure(four, evidence);
      record("Eligibility: decide over 4 attestations, 2 disclosed claims, execution", gas);

      // The same, where one must be recent and one of an issuer in a further scope.
      const more = structuredClone(four);
      more.rules.requirements = [lives, earns, works, { ...enrolled, issuerScope: SCHEME, claims: [] }];
      record("Eligibility: decide, the same with an age and a scope, execution", await measure(more, evidence));

      // One of them alone, with two of its claims.
      const one = structuredClone(four);
      one.rules.requirements = [{ ...lives, claims: [says("region", "Lombardia"), says("since", 2019)] }];
      one.rules.clauses = [1n];
      const alone = await measure(one, [show(0, residence, "region", "since")]);
      record("Eligibility: decide over 1 attestation, 2 disclosed claims, execution", alone);

      record("Eligibility: decide, the nursery benefit in full, execution", await measure(policy, f.whole()));
    });
  });
});
