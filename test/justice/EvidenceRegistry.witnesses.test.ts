import { expect } from "chai";
import { concat, id, toBeHex } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { batchIdOf, CASE, evidenceFixture, exhibit, exhibits } from "../helpers/evidence.js";
import { NO_END } from "../helpers/suite.js";
import { later, now, Standing, timeOf } from "../helpers/trust.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const X = exhibit(1);
const NOTARY = id("diwan.role.notary");
const CERTIFIER = id("diwan.role.certification-authority");
const CENTRE = id("diwan.role.forensic-centre");

type World = Awaited<ReturnType<typeof evidenceFixture>>;

/** The fixture with an exhibit that the police deposited. */
async function deposited() {
  const f = await evidenceFixture();
  await f.deposit(1);
  return f;
}

/** What the three sorts of witness sign, in ascending order of their bodies. */
async function three({ parties, coAttest }: World, subject = X) {
  const { laboratory, notary, certifier } = parties;
  return [
    await coAttest(subject, laboratory, { role: CENTRE }),
    await coAttest(subject, notary),
    await coAttest(subject, certifier),
  ];
}

describe("EvidenceRegistry, witnesses", () => {
  describe("witnessDeposit", () => {
    it("keeps who, when, with which key and in which role; whoever carries it", async () => {
      const f = await deposited();
      const { registry, parties, stranger } = f;
      const { laboratory, notary, certifier } = parties;
      expect(await registry.witnessOf(X, notary.body)).to.deep.equal([0n, 0n, `0x${"00".repeat(32)}`]);
      const sent = registry.connect(stranger).witnessDeposit(X, await three(f));
      const at = await timeOf(sent);
      for (const [{ body }, role] of [
        [laboratory, CENTRE],
        [notary, NOTARY],
        [certifier, CERTIFIER],
      ] as const) {
        await expect(sent).to.emit(registry, "DepositWitnessed").withArgs(X, body, 1n, role);
        expect(await registry.witnessOf(X, body)).to.deep.equal([at, 1n, role]);
      }
    });

    it("is of a batch by its id too, in the log and under a root; of its members each by itself", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      for (const [member] of [await f.log(new LogTree(), exhibits(2)), await f.batch(exhibits(2, 10))]) {
        const batch = batchIdOf(member!.place);
        await registry.witnessDeposit(batch, await three(f, batch));
        expect(await registry.isCoAttested(batch, [parties.notary.body], 1n)).to.equal(true);
        const one = [await f.coAttest(member!.commitment, parties.notary)];
        await expect(registry.witnessDeposit(member!.commitment, one))
          .to.be.revertedWithCustomError(registry, "WitnessSubjectUnknown")
          .withArgs(member!.commitment);
        await registry.singleOut(member!);
        expect(await registry.isCoAttested(member!.commitment, [parties.notary.body], 1n)).to.equal(false);
        await registry.witnessDeposit(member!.commitment, one);
        expect(await registry.isCoAttested(member!.commitment, [parties.notary.body], 1n)).to.equal(true);
      }
    });

    it("refuses what was never deposited, and an empty list", async () => {
      const f = await deposited();
      const { registry, parties } = f;
      await expect(registry.witnessDeposit(exhibit(2), [await f.coAttest(exhibit(2), parties.notary)]))
        .to.be.revertedWithCustomError(registry, "WitnessSubjectUnknown")
        .withArgs(exhibit(2));
      await expect(registry.witnessDeposit(X, []))
        .to.be.revertedWithCustomError(registry, "WitnessesMissing")
        .withArgs(0n, 1n);
    });

    it("refuses a role that is no witness's, and a body that is not accredited in the role now", async () => {
      const f = await deposited();
      const { registry, parties, trustList } = f;
      const { court, notary } = parties;
      await expect(registry.witnessDeposit(X, [await f.coAttest(X, court)]))
        .to.be.revertedWithCustomError(registry, "WitnessRoleInvalid")
        .withArgs(id("diwan.role.court"));
      const refused = async (party: typeof court, standing: bigint) =>
        expect(registry.witnessDeposit(X, [await f.coAttest(X, party, { role: NOTARY })]))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(NOTARY, party.body, standing);
      await refused(court, Standing.NONE);
      await f.councilDoes("suspend", "notary", notary.body);
      await refused(notary, Standing.SUSPENDED);
    });

    it("refuses a key that is not in force", async () => {
      const f = await deposited();
      const { registry, parties, trustList, ministry } = f;
      const signed = await f.coAttest(X, parties.notary);
      await trustList.connect(ministry).retireKey(parties.notary.key);
      await expect(registry.witnessDeposit(X, [signed]))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(parties.notary.key, Standing.EXPIRED);
    });

    it("refuses signatures for another subject, role, time, chain, contract or name, of others, and malleable ones", async () => {
      const f = await deposited();
      const { registry, parties, trustList, spare } = f;
      const { notary } = parties;
      const good = await f.coAttest(X, notary);
      const { signature } = good;
      const [r, s, v] = [signature.slice(0, 66), `0x${signature.slice(66, 130)}`, Number(`0x${signature.slice(130)}`)];
      for (const bad of [
        await f.coAttest(exhibit(2), notary),
        { ...good, role: CERTIFIER },
        { ...good, deadline: NO_END - 1n },
        { ...good, witness: parties.certifier.key.address },
        await f.coAttest(X, notary, { chainId: 1n }),
        await f.coAttest(X, notary, { verifyingContract: await trustList.getAddress() }),
        await f.coAttest(X, notary, { name: "Diwan JudgmentRegistry" }),
        await f.coAttest(X, notary, { by: spare[0]! }),
        await f.seeDestroyed(X, notary),
        { ...good, signature: "0x" },
        { ...good, signature: concat([r, s]) },
        { ...good, signature: concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(v ^ 7)]) },
        { ...good, signature: concat([r, s, toBeHex(v - 27)]) },
      ])
        await expect(registry.witnessDeposit(X, [bad])).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await registry.witnessDeposit(X, [good]);
    });

    it("counts in the last second of its deadline, and no more in the next", async () => {
      const f = await deposited();
      const { registry, parties } = f;
      const deadline = (await now(f)) + 20n;
      const signed = [await f.coAttest(X, parties.notary, { deadline })];
      await later(f, 21n);
      await expect(registry.witnessDeposit(X, signed))
        .to.be.revertedWithCustomError(registry, "SignatureExpired")
        .withArgs(deadline, deadline + 1n);
      const next = (await now(f)) + 20n;
      const again = [await f.coAttest(X, parties.notary, { deadline: next })];
      await later(f, 20n);
      await registry.witnessDeposit(X, again);
    });

    it("is once a body, by whichever key, and all or none", async () => {
      const f = await deposited();
      const { registry, parties, spare } = f;
      const { notary, certifier } = parties;
      await f.giveKey(notary.body, spare[0]!, ["notary"]);
      const [one, other] = [await f.coAttest(X, notary), await f.coAttest(X, { ...notary, key: spare[0]! })];
      const refused = (signed: (typeof one)[]) =>
        expect(registry.witnessDeposit(X, signed))
          .to.be.revertedWithCustomError(registry, "WitnessNotIndependent")
          .withArgs(X, notary.body);
      await refused([await f.coAttest(X, certifier), one, other]);
      expect((await registry.witnessOf(X, certifier.body)).attestedAt).to.equal(0n);
      await registry.witnessDeposit(X, [one]);
      await refused([one]);
      await refused([other]);
    });

    it("is not the depositor's, whichever role it has besides", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const { laboratory } = parties;
      await f.deposit(1, laboratory);
      await expect(registry.witnessDeposit(X, [await f.coAttest(X, laboratory, { role: CENTRE })]))
        .to.be.revertedWithCustomError(registry, "WitnessNotIndependent")
        .withArgs(X, laboratory.body);
    });

    it("is not the depositor's of a batch either, where another deposits the batch's id as a commitment", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool } = f;
      const { laboratory, archive } = parties;
      await f.as(laboratory).depositBatch(tool, id("root"), 2n, CASE);
      const batch = batchIdOf({ depositor: laboratory.body, inLog: false, root: id("root"), size: 2n });
      await f.as(archive).deposit(tool, batch, CASE);
      await expect(registry.witnessDeposit(batch, [await f.coAttest(batch, laboratory, { role: CENTRE })]))
        .to.be.revertedWithCustomError(registry, "WitnessNotIndependent")
        .withArgs(batch, laboratory.body);
    });

    it("waits while the council stopped new writes, to the second", async () => {
      const f = await deposited();
      const { registry, parties, time } = f;
      const until = (await now(f)) + 100n;
      await f.stopUntil(registry, until);
      const signed = [await f.coAttest(X, parties.notary)];
      await time.setNextBlockTimestamp(until - 1n);
      await expect(registry.witnessDeposit(X, signed))
        .to.be.revertedWithCustomError(registry, "WritesAreStopped")
        .withArgs(until);
      await time.setNextBlockTimestamp(until);
      await registry.witnessDeposit(X, signed);
    });
  });

  describe("isCoAttested", () => {
    it("counts the named bodies that signed", async () => {
      const f = await deposited();
      const { registry, parties } = f;
      const { laboratory, notary, certifier, archive } = parties;
      await registry.witnessDeposit(X, (await three(f)).slice(0, 2));
      const named = [laboratory.body, notary.body, certifier.body];
      for (const [threshold, expected] of [
        [0n, false],
        [1n, true],
        [2n, true],
        [3n, false],
        [2n ** 256n - 1n, false],
      ] as const)
        expect(await registry.isCoAttested(X, named, threshold)).to.equal(expected);
      expect(await registry.isCoAttested(X, [laboratory.body, archive.body], 2n)).to.equal(false);
      expect(await registry.isCoAttested(X, [], 1n)).to.equal(false);
      expect(await registry.isCoAttested(X, [], 0n)).to.equal(false);
      expect(await registry.isCoAttested(exhibit(2), named, 1n)).to.equal(false);
    });

    it("refuses bodies that do not ascend: nobody counts twice", async () => {
      const f = await deposited();
      const { registry, parties } = f;
      const { laboratory, notary } = parties;
      await registry.witnessDeposit(X, (await three(f)).slice(0, 2));
      for (const [bodies, wrong] of [
        [[notary.body, notary.body], notary.body],
        [[notary.body, laboratory.body], laboratory.body],
        [[0n, notary.body], 0n],
      ] as const)
        await expect(registry.isCoAttested(X, [...bodies], 2n))
          .to.be.revertedWithCustomError(registry, "WitnessesUnordered")
          .withArgs(wrong);
    });

    it("judges each in the second in which it signed", async () => {
      const f = await deposited();
      const { registry, parties } = f;
      const { notary, certifier, laboratory } = parties;
      const at = await timeOf(registry.witnessDeposit(X, await three(f)));
      const named = [laboratory.body, notary.body, certifier.body];
      await f.councilDoes("withdraw", "notary", notary.body);
      await f.councilDoes("suspend", "forensic-centre", laboratory.body);
      expect(await registry.isCoAttested(X, named, 3n)).to.equal(true);
      await f.compromise(certifier.key, at + 1n);
      expect(await registry.isCoAttested(X, named, 3n)).to.equal(true);
      await f.compromise(certifier.key, at);
      expect(await registry.isCoAttested(X, named, 3n)).to.equal(false);
      expect(await registry.isCoAttested(X, named, 2n)).to.equal(true);
    });
  });
});
