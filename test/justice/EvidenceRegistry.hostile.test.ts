import { expect } from "chai";
import { id } from "ethers";

import { CASE, evidenceFixture, exhibit, exhibits, ORDER, STATE } from "../helpers/evidence.js";
import { callOf, throughForwarder } from "../helpers/forward.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { COUNCIL, Standing, timeOf } from "../helpers/trust.js";

const CUSTODIAN = id("diwan.role.evidence-custodian");
const TOOL = id("diwan.role.capture-tool");
const { IN_FORCE, SUSPENDED, WITHDRAWN, COMPROMISED, PENDING, EXPIRED, NONE } = Standing;

type World = Awaited<ReturnType<typeof evidenceFixture>>;

/** Every deposit by a key with a tool; `n` makes them others. */
function deposits({ registry, parties, tool }: World, n: number, { by = parties.police.key, using = tool } = {}) {
  const as = registry.connect(by);
  return [
    () => as.deposit(using, exhibit(n), CASE),
    () => as.depositMany(using, exhibits(2, n + 1), CASE),
    () => as.depositBatch(using, id(`root ${n}`), 4n, CASE),
  ];
}

const standings = async ({ registry }: World, commitment = exhibit(1)) => {
  const verdict = await registry.statusOf(commitment);
  return [verdict.standing, verdict.standingNow, verdict.toolStanding, verdict.toolStandingNow];
};

describe("EvidenceRegistry, hostile", () => {
  describe("a custodian", () => {
    it("suspended or withdrawn deposits nothing; reinstated, it does", async () => {
      const f = await evidenceFixture();
      const { trustList, parties } = f;
      const { body } = parties.police;
      const refused = async (standing: bigint) => {
        for (const call of deposits(f, 100))
          await expect(call())
            .to.be.revertedWithCustomError(trustList, "NotAccredited")
            .withArgs(CUSTODIAN, body, standing);
      };
      await f.councilDoes("suspend", "evidence-custodian", body);
      await refused(SUSPENDED);
      await f.councilDoes("reinstate", "evidence-custodian", body);
      for (const call of deposits(f, 200)) await call();
      await f.councilDoes("withdraw", "evidence-custodian", body);
      await refused(WITHDRAWN);
    });

    it("is judged in the second in which its licence starts, and lapses", async () => {
      const f = await evidenceFixture();
      const { trustList, parties, time, registry, tool } = f;
      const { body } = parties.police;
      const from = BigInt(await time.latest()) + 100n;
      await f.accreditIn("evidence-custodian", body, { from, until: from + 50n });
      const at = async (second: bigint, n: number) => {
        await time.setNextBlockTimestamp(second);
        return registry.deposit(tool, exhibit(n), CASE);
      };
      const refused = (sent: Promise<unknown>, standing: bigint) =>
        expect(sent).to.be.revertedWithCustomError(trustList, "NotAccredited").withArgs(CUSTODIAN, body, standing);
      await refused(at(from - 1n, 1), PENDING);
      await at(from, 2);
      await at(from + 49n, 3);
      await refused(at(from + 50n, 4), EXPIRED);
    });

    it("is none: a stranger, a tool, a court, a key for another role, one that is pending, expired or retired", async () => {
      const f = await evidenceFixture();
      const { trustList, parties, stranger, spare, time, accreditIn, giveKey } = f;
      const { police, court } = parties;
      for (const call of deposits(f, 1, { by: stranger }))
        await expect(call()).to.be.revertedWithCustomError(trustList, "KeyNotInForce").withArgs(stranger, NONE);
      for (const { key, body } of [parties.tool, court])
        for (const call of deposits(f, 1, { by: key }))
          await expect(call())
            .to.be.revertedWithCustomError(trustList, "NotAccredited")
            .withArgs(CUSTODIAN, body, NONE);
      await accreditIn("court", police.body);
      await giveKey(police.body, spare[0]!, ["court"]);
      for (const call of deposits(f, 1, { by: spare[0]! }))
        await expect(call()).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      const from = BigInt(await time.latest()) + 1_000n;
      await giveKey(police.body, spare[1]!, ["evidence-custodian"], { from, until: from + 10n });
      const refused = async (standing: bigint) => {
        for (const call of deposits(f, 1, { by: spare[1]! }))
          await expect(call()).to.be.revertedWithCustomError(trustList, "KeyNotInForce").withArgs(spare[1], standing);
      };
      await refused(PENDING);
      await time.increaseTo(from + 10n);
      await refused(EXPIRED);
      await giveKey(police.body, spare[1]!, ["evidence-custodian"]);
      for (const call of deposits(f, 100, { by: spare[1]! })) await call();
      await trustList.connect(spare[1]).retireKey(spare[1]!);
      await refused(EXPIRED);
    });

    it("below a ministry falls with it, and what it deposited before stands", async () => {
      const f = await evidenceFixture();
      const { trustList, ministry, registry, spare, tool, time } = f;
      const parent = await f.enrol(spare[0]!, ["notary"]);
      await f.accreditIn("evidence-custodian", parent.body, { levels: 1n });
      const body = await trustList.registerBody.staticCall(ministry.address, GROUNDS);
      await trustList.registerBody(ministry.address, GROUNDS);
      const from = BigInt(await time.latest()) - 5n;
      await trustList.connect(ministry).accredit(CUSTODIAN, parent.body, body, from, NO_END, 0n, GROUNDS);
      await f.giveKey(body, spare[1]!, ["evidence-custodian"]);
      await registry.connect(spare[1]).deposit(tool, exhibit(1), CASE);
      await f.councilDoes("suspend", "evidence-custodian", parent.body);
      await expect(registry.connect(spare[1]).deposit(tool, exhibit(2), CASE))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(CUSTODIAN, body, SUSPENDED);
      expect(await standings(f)).to.deep.equal([IN_FORCE, SUSPENDED, IN_FORCE, IN_FORCE]);
    });

    it("cannot deposit as the council's index, or a tool that is nobody", async () => {
      const f = await evidenceFixture();
      for (const using of [COUNCIL, 2n ** 32n - 1n])
        for (const call of deposits(f, 1, { using }))
          await expect(call())
            .to.be.revertedWithCustomError(f.registry, "CaptureToolNotAccredited")
            .withArgs(using, NONE);
    });
  });

  describe("a key that is found to have been stolen", () => {
    it("spoils what it deposited from that second on, and no other key's deposits", async () => {
      const f = await evidenceFixture();
      const { registry, parties, time, spare, giveKey, trustList } = f;
      const { police } = parties;
      await giveKey(police.body, spare[0]!, ["evidence-custodian"]);
      const stolenAt = BigInt(await time.latest()) + 100n;
      await time.setNextBlockTimestamp(stolenAt - 1n);
      await f.deposit(1);
      await time.setNextBlockTimestamp(stolenAt);
      await f.deposit(2);
      await f.deposit(3, { key: spare[0]! });
      const [member] = await f.batch(exhibits(2, 10));
      expect(await standings(f, exhibit(2))).to.deep.equal([IN_FORCE, IN_FORCE, IN_FORCE, IN_FORCE]);
      await f.compromise(police.key, stolenAt);
      expect(await standings(f, exhibit(1))).to.deep.equal([IN_FORCE, COMPROMISED, IN_FORCE, IN_FORCE]);
      expect(await standings(f, exhibit(2))).to.deep.equal([COMPROMISED, COMPROMISED, IN_FORCE, IN_FORCE]);
      expect(await standings(f, exhibit(3))).to.deep.equal([IN_FORCE, IN_FORCE, IN_FORCE, IN_FORCE]);
      expect((await registry.statusOfMember(member!)).standing).to.equal(COMPROMISED);
      for (const call of deposits(f, 100))
        await expect(call())
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(police.key, COMPROMISED);
      // What the body holds it handles with another key.
      await registry.connect(spare[0]).returnExhibit(exhibit(2), ORDER);
    });
  });

  describe("a capture tool", () => {
    it("is refused once it is withdrawn, and what was deposited with it before stands", async () => {
      const f = await evidenceFixture();
      const { registry, tool } = f;
      // Before: it stands for good.
      const at = await timeOf(f.deposit(1));
      await f.councilDoes("withdraw", "capture-tool", tool, at + 100n);
      expect(await standings(f)).to.deep.equal([IN_FORCE, IN_FORCE, IN_FORCE, WITHDRAWN]);
      // After: it is refused, whoever deposits.
      for (const by of [f.parties.police.key, f.parties.archive.key])
        for (const call of deposits(f, 100, { by }))
          await expect(call())
            .to.be.revertedWithCustomError(registry, "CaptureToolNotAccredited")
            .withArgs(tool, WITHDRAWN);
      // Another tool or version is another body, and not touched.
      await registry.deposit(f.parties.otherTool.body, exhibit(2), CASE);
      expect(await standings(f, exhibit(2))).to.deep.equal([IN_FORCE, IN_FORCE, IN_FORCE, IN_FORCE]);
    });

    it("withdrawn in the second of the deposit: the verdict says so, though the deposit came first", async () => {
      const f = await evidenceFixture();
      const { registry, trustList, ethers, members, council, time, tool, parties } = f;
      // The council's decision stands ready; two deposits around it in one block.
      const data = trustList.interface.encodeFunctionData("withdraw", [TOOL, tool, id("why")]);
      const [target, salt] = [await trustList.getAddress(), id("salt")];
      for (const member of members.slice(0, 2)) await council.connect(member).approve(target, data, salt);
      const limit = { gasLimit: 300_000n };
      const sent: { hash: string }[] = [];
      const nonce = await ethers.provider.getTransactionCount(parties.police.key);
      await f.inOneBlock(
        BigInt(await time.latest()) + 10n,
        // A higher price comes first; the same sender's come in the order of their nonces.
        async () => sent.push(await registry.deposit(tool, exhibit(1), CASE, { ...limit, nonce, gasPrice: 30n })),
        async () =>
          sent.push(await council.connect(members[0]).execute(target, data, salt, { ...limit, gasPrice: 20n })),
        async () =>
          sent.push(await registry.deposit(tool, exhibit(2), CASE, { ...limit, nonce: nonce + 1, gasPrice: 10n })),
      );
      const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => [receipt!.index, receipt!.status])).to.deep.equal([
        [0, 1],
        [1, 1],
        [2, 0],
      ]);
      expect(await standings(f)).to.deep.equal([IN_FORCE, IN_FORCE, WITHDRAWN, WITHDRAWN]);
    });

    it("is judged by its own accreditation: a custodian, or a key that was stolen from it, is no matter", async () => {
      const f = await evidenceFixture();
      const { registry, parties, time } = f;
      await expect(registry.deposit(parties.archive.body, exhibit(1), CASE))
        .to.be.revertedWithCustomError(registry, "CaptureToolNotAccredited")
        .withArgs(parties.archive.body, NONE);
      await f.compromise(parties.tool.key, BigInt(await time.latest()));
      await f.deposit(1);
      expect(await standings(f)).to.deep.equal([IN_FORCE, IN_FORCE, IN_FORCE, IN_FORCE]);
    });

    it("suspended is refused until it is reinstated", async () => {
      const f = await evidenceFixture();
      const { registry, tool } = f;
      await f.councilDoes("suspend", "capture-tool", tool);
      await expect(f.deposit(1))
        .to.be.revertedWithCustomError(registry, "CaptureToolNotAccredited")
        .withArgs(tool, SUSPENDED);
      await f.councilDoes("reinstate", "capture-tool", tool);
      await f.deposit(1);
    });
  });

  describe("the council's stop", () => {
    it("holds deposits in numbers to the second of its end, and neither one exhibit nor a root", async () => {
      const f = await evidenceFixture();
      const { registry, tool, time } = f;
      const until = BigInt(await time.latest()) + 100n;
      await f.stopUntil(registry, until);
      await registry.deposit(tool, exhibit(1), CASE);
      await registry.depositBatch(tool, id("root"), 4n, CASE);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(registry.depositMany(tool, exhibits(2, 10), CASE))
        .to.be.revertedWithCustomError(registry, "WritesAreStopped")
        .withArgs(until);
      await time.setNextBlockTimestamp(until);
      await registry.depositMany(tool, exhibits(2, 10), CASE);
    });

    it("holds no exit: members are singled out, exhibits offered, taken, handed over, refused and recalled", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const { police, laboratory, archive } = parties;
      const [member] = await f.batch(exhibits(2));
      await f.councilDoes("withdraw", "evidence-custodian", police.body);
      await f.stopUntil(registry, NO_END);
      await registry.singleOut(member!);
      const { commitment } = member!;
      await registry.offer(commitment, laboratory.body, NO_END);
      await registry.recall(commitment);
      await registry.offer(commitment, laboratory.body, NO_END);
      await f.as(laboratory).reject(commitment, 1n);
      await registry.offer(commitment, laboratory.body, NO_END);
      await f.as(laboratory).accept(commitment);
      await f.handOver(commitment, laboratory, archive);
      expect((await registry.exhibitOf(commitment)).custodian).to.equal(archive.body);
    });

    it("is the council's alone", async () => {
      const { registry, stranger, parties } = await evidenceFixture();
      for (const by of [stranger, parties.court.key])
        await expect(registry.connect(by).stop(NO_END, GROUNDS)).to.be.revertedWithCustomError(
          registry,
          "AccessManagedUnauthorized",
        );
    });
  });

  describe("a relay", () => {
    it("acts for who signed, and for nobody else", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool, trustList, spare } = f;
      const carry = throughForwarder(f);
      await carry(parties.police.key, await callOf(registry, "deposit", [tool, exhibit(1), CASE]));
      const { depositor, custodian } = await registry.exhibitOf(exhibit(1));
      expect([depositor, custodian]).to.deep.equal([parties.police.body, parties.police.body]);
      await carry(parties.police.key, await callOf(registry, "tender", [parties.court.body, exhibit(1)]));
      await carry(parties.court.key, await callOf(registry, "decideAdmission", [exhibit(1), ORDER]));
      expect((await registry.exhibitOf(exhibit(1))).state).to.equal(STATE.ADMITTED);
      // The forwarder tells failures as its own; whoever it is not is refused when asked directly too.
      await expect(carry(spare[0]!, await callOf(registry, "returnExhibit", [exhibit(1), ORDER]))).to.be.revert(
        f.ethers,
      );
      await expect(registry.connect(spare[0]).returnExhibit(exhibit(1), ORDER)).to.be.revertedWithCustomError(
        trustList,
        "KeyNotInForce",
      );
    });
  });

  describe("two at once", () => {
    it("who deposits the same commitment second in a block is refused", async () => {
      const f = await evidenceFixture();
      const { registry, parties, tool, time, ethers } = f;
      const limit = { gasLimit: 300_000n };
      const sent: { hash: string }[] = [];
      await f.inOneBlock(
        BigInt(await time.latest()) + 10n,
        async () => sent.push(await registry.deposit(tool, exhibit(1), CASE, { ...limit, gasPrice: 20n })),
        async () => sent.push(await f.as(parties.archive).deposit(tool, exhibit(1), CASE, { ...limit, gasPrice: 10n })),
      );
      const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([1, 0]);
      expect((await registry.exhibitOf(exhibit(1))).depositor).to.equal(parties.police.body);
    });

    it("one of two bodies that are to take it in a block has it, never both", async () => {
      const f = await evidenceFixture();
      const { registry, parties, signHandOver, time, ethers } = f;
      const { police, laboratory, archive } = parties;
      await f.deposit(1);
      await registry.offer(exhibit(1), laboratory.body, NO_END);
      const keys = [police.key, archive.key] as const;
      const [a, b] = (await Promise.all(keys.map((by) => signHandOver(by, keys)))) as [string, string];
      const limit = { gasLimit: 300_000n };
      const sent: { hash: string }[] = [];
      await f.inOneBlock(
        BigInt(await time.latest()) + 10n,
        async () =>
          sent.push(
            await f
              .as(archive)
              .handOver(NO_END, exhibit(1), police.key, a, archive.key, b, { ...limit, gasPrice: 20n }),
          ),
        async () => sent.push(await f.as(laboratory).accept(exhibit(1), { ...limit, gasPrice: 10n })),
      );
      const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([1, 0]);
      const { custodian, hop } = await registry.exhibitOf(exhibit(1));
      expect([custodian, hop]).to.deep.equal([archive.body, 1n]);
    });
  });
});
