import { expect } from "chai";
import { concat, id, toBeHex, ZeroAddress, type Signer as AnySigner } from "ethers";

import { LogTree } from "../../src/ledger/LogTree.js";
import { scopeOf } from "../helpers/parties.js";
import { KIND, OTHER_KIND, record, records, recordsFixture, REASON, STATE } from "../helpers/records.js";
import { NO_END } from "../helpers/suite.js";
import { signConsent, Standing } from "../helpers/trust.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

type World = Awaited<ReturnType<typeof recordsFixture>>;

/** Every call that creates, each of records of its own; `n` makes them others. */
async function entries(f: World, by: AnySigner = f.parties.hospital.key) {
  const registry = f.registry.connect(by);
  await f.registry.anchor(record(1), KIND);
  await f.registry.anchor(record(2), KIND);
  const [member, other] = await f.batch(records(3, 10));
  const author = f.parties.professional.key;
  const signatures = await Promise.all([102, 104, 106].map((n) => f.signAuthorship(record(n))));
  return [
    () => registry.anchor(record(101), KIND),
    () => registry.anchorAuthored(record(102), KIND, author, NO_END, signatures[0]!),
    () => registry.anchorMany(records(2, 120), KIND),
    () => registry.anchorBatch(id("root"), 4n, KIND),
    () => registry.amend(record(1), record(103), REASON.AMENDED),
    () => registry.amendAuthored(record(2), record(104), REASON.AMENDED, author, NO_END, signatures[1]!),
    () => registry.amendMember(member!, record(105), REASON.AMENDED),
    () => registry.amendMemberAuthored(other!, record(106), REASON.AMENDED, author, NO_END, signatures[2]!),
  ];
}

describe("RecordRegistry, hostile", () => {
  describe("a licence that is gone", () => {
    it("suspended or withdrawn: nothing is created; reinstated: all is", async () => {
      const f = await recordsFixture();
      const calls = await entries(f);
      const refused = async (standing: bigint) => {
        for (const call of calls)
          await expect(call())
            .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
            .withArgs(scopeOf("health-provider"), f.hospitalBody, standing);
      };
      await f.councilDoes("suspend", "health-provider", f.hospitalBody);
      await refused(Standing.SUSPENDED);
      await f.councilDoes("withdraw", "health-provider", f.hospitalBody);
      await refused(Standing.WITHDRAWN);
      await f.accreditIn("health-provider", f.hospitalBody);
      for (const call of calls) await call();
    });

    it("in the second in which it lapses, and in which it starts", async () => {
      const f = await recordsFixture();
      const { registry, time, trustList, hospitalBody } = f;
      const from = BigInt(await time.latest()) + 100n;
      await f.accreditIn("health-provider", hospitalBody, { from, until: from + 50n });
      const at = async (second: bigint, n: number) => {
        await time.setNextBlockTimestamp(second);
        return registry.anchor(record(n), KIND);
      };
      const refused = (sent: Promise<unknown>, standing: bigint) =>
        expect(sent)
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(scopeOf("health-provider"), hospitalBody, standing);
      await refused(at(from - 1n, 1), Standing.PENDING);
      await at(from, 2);
      await at(from + 49n, 3);
      await refused(at(from + 50n, 4), Standing.EXPIRED);
    });

    it("in the block of its suspension, before and after it", async () => {
      const f = await recordsFixture();
      const { registry, trustList, ethers, members, council, time, hospitalBody } = f;
      // The council's decision stands ready; two records around it in one block.
      const data = trustList.interface.encodeFunctionData("suspend", [
        scopeOf("health-provider"),
        hospitalBody,
        id("why"),
      ]);
      const [target, salt] = [await trustList.getAddress(), id("salt")];
      for (const member of members.slice(0, 2)) await council.connect(member).approve(target, data, salt);
      const limit = { gasLimit: 300_000n };
      const sent: { hash: string }[] = [];
      const nonce = await ethers.provider.getTransactionCount(f.parties.hospital.key);
      await f.inOneBlock(
        BigInt(await time.latest()) + 10n,
        // A higher price comes first; the same sender's come in the order of their nonces.
        async () => sent.push(await registry.anchor(record(1), KIND, { ...limit, nonce, gasPrice: 30n })),
        async () =>
          sent.push(await council.connect(members[0]).execute(target, data, salt, { ...limit, gasPrice: 20n })),
        async () => sent.push(await registry.anchor(record(2), KIND, { ...limit, nonce: nonce + 1, gasPrice: 10n })),
      );
      const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt!.index)).to.deep.equal([0, 1, 2]);
      expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([1, 1, 0]);
      // The change holds from the second of its block on, that second included: the record before it falls as well.
      const verdict = await registry.statusOf(record(1));
      expect([verdict.state, verdict.standing, verdict.standingNow]).to.deep.equal([
        1n,
        Standing.SUSPENDED,
        Standing.SUSPENDED,
      ]);
    });

    it("of the key alone: retired, pending, expired or compromised", async () => {
      const f = await recordsFixture();
      const { trustList, hospitalBody, spare, time, giveKey, registry } = f;
      const key = spare[0]!;
      const now = BigInt(await time.latest());
      await giveKey(hospitalBody, key, ["health-provider"], { from: now + 1_000n, until: now + 2_000n });
      const calls = await entries(f, key);
      const refused = async (standing: bigint) => {
        for (const call of calls)
          await expect(call()).to.be.revertedWithCustomError(trustList, "KeyNotInForce").withArgs(key, standing);
      };
      await refused(Standing.PENDING);
      await time.increaseTo(now + 2_000n);
      await refused(Standing.EXPIRED);
      await giveKey(hospitalBody, key, ["health-provider"]);
      await registry.connect(key).anchor(record(300), KIND);
      await trustList.connect(key).retireKey(key);
      await refused(Standing.EXPIRED);
      await giveKey(hospitalBody, key, ["health-provider"]);
      await f.compromise(key, BigInt(await time.latest()));
      await refused(Standing.COMPROMISED);
    });
  });

  describe("a key that is found to have been stolen", () => {
    it("spoils what it anchored from that second on, and nothing else", async () => {
      const f = await recordsFixture();
      const { registry, time, spare, giveKey, hospitalBody, parties } = f;
      const other = spare[0]!;
      await giveKey(hospitalBody, other, ["health-provider"]);
      const stolenAt = BigInt(await time.latest()) + 100n;
      const tree = new LogTree();
      const early = (await f.log(tree, records(3)))[1]!;
      await time.setNextBlockTimestamp(stolenAt - 1n);
      await registry.anchor(record(51), KIND);
      await time.setNextBlockTimestamp(stolenAt);
      await registry.anchor(record(52), KIND);
      const late = (await f.log(tree, records(3, 10)))[1]!;
      const batched = (await f.batch(records(3, 20)))[1]!;
      await registry.connect(other).anchor(record(53), KIND);
      await f.compromise(parties.hospital.key, stolenAt);

      const standings = async (...verdicts: ReturnType<typeof registry.statusOf>[]) =>
        (await Promise.all(verdicts)).map(({ state, standing }) => [state, standing]);
      const [good, spoilt] = [
        [STATE.CURRENT, Standing.IN_FORCE],
        [STATE.CURRENT, Standing.COMPROMISED],
      ];
      expect(
        await standings(
          registry.statusOfMember(early),
          registry.statusOf(record(51)),
          registry.statusOf(record(52)),
          registry.statusOfMember(late),
          registry.statusOfMember(batched),
          registry.statusOf(record(53)),
        ),
      ).to.deep.equal([good, good, spoilt, spoilt, spoilt, good]);
      expect((await registry.statusOf(record(51))).standingNow).to.equal(Standing.COMPROMISED);
      // The provider mends it with the key that it has left.
      await registry.connect(other).amend(record(52), record(60), REASON.RECTIFIED);
      expect((await registry.statusOf(record(60))).standing).to.equal(Standing.IN_FORCE);
      await registry.connect(other).endMembers([late], STATE.ENTERED_IN_ERROR, REASON.ENTERED_IN_ERROR);
    });

    it("is told from a licence that was lost afterwards", async () => {
      const f = await recordsFixture();
      const { registry, hospitalBody } = f;
      await registry.anchor(record(1), KIND);
      const member = (await f.batch(records(3, 10)))[0]!;
      await f.time.increase(1n);
      await f.councilDoes("withdraw", "health-provider", hospitalBody);
      for (const verdict of [await registry.statusOf(record(1)), await registry.statusOfMember(member)])
        expect([verdict.standing, verdict.standingNow]).to.deep.equal([Standing.IN_FORCE, Standing.WITHDRAWN]);
    });
  });

  describe("the council's stop", () => {
    it("blocks all that creates until its second, and nothing that ends", async () => {
      const f = await recordsFixture();
      const { registry, time } = f;
      await registry.anchor(record(200), KIND);
      await registry.anchor(record(201), KIND);
      const member = (await f.log(new LogTree(), records(3, 210)))[0]!;
      const calls = await entries(f);
      const until = BigInt(await time.latest()) + 1_000n;
      await f.stopUntil(registry, until);
      for (const call of calls)
        await expect(call()).to.be.revertedWithCustomError(registry, "WritesAreStopped").withArgs(until);
      await registry.markInError(record(200));
      await registry.tombstone([record(201)], REASON.ORDERED);
      await registry.endMembers([member], STATE.ERASED, REASON.ORDERED);
      expect((await registry.statusOf(record(200))).state).to.equal(STATE.ENTERED_IN_ERROR);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(calls[0]!()).to.be.revertedWithCustomError(registry, "WritesAreStopped");
      await time.setNextBlockTimestamp(until);
      for (const call of calls) await call();
    });

    it("is the council's alone", async () => {
      const { registry, manager } = await recordsFixture();
      expect(await registry.authority()).to.equal(await manager.getAddress());
      await expect(registry.stop(NO_END, id("why"))).to.be.revertedWithCustomError(
        registry,
        "AccessManagedUnauthorized",
      );
    });
  });

  describe("somebody else's record", () => {
    it("taken in advance: the provider takes another salt, and the thief is on record", async () => {
      const { registry, asClinic, clinicBody } = await recordsFixture();
      await registry.anchor(record(1), KIND);
      await asClinic.anchor(record(2), KIND); // seen in the pool, and sent at a higher price
      await expect(registry.amend(record(1), record(2), REASON.AMENDED)).to.be.revertedWithCustomError(
        registry,
        "RecordExists",
      );
      await registry.amend(record(1), record(3), REASON.AMENDED);
      expect((await registry.statusOf(record(2))).provider).to.equal(clinicBody);
      expect((await registry.statusOf(record(2))).version).to.equal(1n);
    });

    it("amended twice in one block: the first wins, the second is told why", async () => {
      const f = await recordsFixture();
      const { registry, ethers, spare, giveKey, hospitalBody, time } = f;
      await giveKey(hospitalBody, spare[0]!, ["health-provider"]);
      await registry.anchor(record(1), KIND);
      const sent: { hash: string }[] = [];
      const limit = { gasLimit: 300_000n };
      await f.inOneBlock(
        BigInt(await time.latest()) + 10n,
        async () => sent.push(await registry.amend(record(1), record(2), REASON.AMENDED, limit)),
        async () => sent.push(await registry.connect(spare[0]).amend(record(1), record(3), REASON.AMENDED, limit)),
      );
      const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt!.status).toSorted()).to.deep.equal([0, 1]);
      await expect(registry.amend(record(1), record(4), REASON.AMENDED))
        .to.be.revertedWithCustomError(registry, "RecordStateRefuses")
        .withArgs(record(1), STATE.SUPERSEDED, STATE.SUPERSEDED);
    });
  });

  describe("an author's signature", () => {
    const invalid = (f: World, sent: Promise<unknown>) =>
      expect(sent).to.be.revertedWithCustomError(f.registry, "SignatureInvalid");

    it("does not count for another provider, kind, commitment, author, deadline, contract, chain or domain", async () => {
      const f = await recordsFixture();
      const { registry, asClinic, signAuthorship, parties, clinicBody, spare, giveKey } = f;
      const { key, body } = parties.professional;
      const signature = await signAuthorship(record(1), { deadline: NO_END });
      await giveKey(body, spare[0]!, ["health-professional"]);
      await invalid(f, asClinic.anchorAuthored(record(1), KIND, key, NO_END, signature));
      await invalid(f, registry.anchorAuthored(record(1), OTHER_KIND, key, NO_END, signature));
      await invalid(f, registry.anchorAuthored(record(2), KIND, key, NO_END, signature));
      await invalid(f, registry.anchorAuthored(record(1), KIND, spare[0]!, NO_END, signature));
      await invalid(f, registry.anchorAuthored(record(1), KIND, key, NO_END - 1n, signature));
      for (const elsewhere of [
        { provider: clinicBody },
        { chainId: 1n },
        { verifyingContract: await f.trustList.getAddress() },
        { name: "Diwan ConsentRegistry" },
        { author: parties.hospital.key.address },
      ])
        await invalid(
          f,
          registry.anchorAuthored(record(1), KIND, key, NO_END, await signAuthorship(record(1), elsewhere)),
        );
      await registry.anchorAuthored(record(1), KIND, key, NO_END, signature);
    });

    it("is used once: its record exists", async () => {
      const f = await recordsFixture();
      const { registry, signAuthorship, parties } = f;
      const signature = await signAuthorship(record(1));
      const call = () => registry.anchorAuthored(record(1), KIND, parties.professional.key, NO_END, signature);
      await call();
      await expect(call()).to.be.revertedWithCustomError(registry, "RecordExists");
      await registry.tombstone([record(1)], REASON.ERASURE_REQUESTED);
      await expect(call()).to.be.revertedWithCustomError(registry, "RecordExists");
    });

    it("counts in the second of its deadline, and not in the next", async () => {
      const f = await recordsFixture();
      const { registry, signAuthorship, parties, time } = f;
      const { key } = parties.professional;
      const deadline = BigInt(await time.latest()) + 100n;
      const call = async (n: number) =>
        registry.anchorAuthored(record(n), KIND, key, deadline, await signAuthorship(record(n), { deadline }));
      await time.setNextBlockTimestamp(deadline);
      await call(1);
      await expect(call(2))
        .to.be.revertedWithCustomError(registry, "SignatureExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("of 64 bytes, of a high s, of a wrong v, cut, prolonged or empty is none", async () => {
      const f = await recordsFixture();
      const { registry, signAuthorship, parties } = f;
      const { key } = parties.professional;
      const signature = await signAuthorship(record(1));
      const [r, s, v] = [signature.slice(0, 66), BigInt(`0x${signature.slice(66, 130)}`), signature.slice(130)];
      const flipped = v === "1b" ? "0x1c" : "0x1b";
      for (const bad of [
        concat([r, toBeHex(s | (v === "1c" ? 1n << 255n : 0n), 32)]),
        concat([r, toBeHex(CURVE_ORDER - s, 32), flipped]),
        concat([r, toBeHex(s, 32), flipped]),
        concat([r, toBeHex(s, 32), "0x00"]),
        signature.slice(0, -2),
        `${signature}00`,
        "0x",
        `0x${"00".repeat(65)}`,
      ])
        await invalid(f, registry.anchorAuthored(record(1), KIND, key, NO_END, bad));
      await registry.anchorAuthored(record(1), KIND, key, NO_END, signature);
    });

    it("of a professional whose licence or key is not in force, or who is none, does not count", async () => {
      const f = await recordsFixture();
      const { registry, signAuthorship, parties, trustList, stranger, time } = f;
      const { key, body } = parties.professional;
      const call = async (by = key) =>
        registry.anchorAuthored(record(1), KIND, by, NO_END, await signAuthorship(record(1), { by }));
      const scope = scopeOf("health-professional");
      await expect(call(stranger))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(stranger, Standing.NONE);
      await expect(call(parties.hospital.key))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, parties.hospital.body, Standing.NONE);
      await expect(
        registry.anchorAuthored(record(1), KIND, ZeroAddress, NO_END, `0x${"00".repeat(65)}`),
      ).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await f.councilDoes("suspend", "health-professional", body);
      await expect(call())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, body, Standing.SUSPENDED);
      await f.councilDoes("reinstate", "health-professional", body);
      const until = BigInt(await time.latest()) + 100n;
      await f.accreditIn("health-professional", body, { until });
      await time.setNextBlockTimestamp(until);
      await expect(call())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scope, body, Standing.EXPIRED);
      await f.accreditIn("health-professional", body);
      await f.compromise(key, BigInt(await time.latest()));
      await expect(call())
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(key, Standing.COMPROMISED);
      // Nothing was left behind by what was refused.
      expect((await registry.statusOf(record(1))).state).to.equal(STATE.UNKNOWN);
    });

    it("of an ERC-1271 wallet is its owner's, for that wallet alone; no lying or re-entering wallet gets by", async () => {
      const f = await recordsFixture();
      const { registry, ethers, stranger, parties, signAuthorship, trustList, ministry } = f;
      const { body } = parties.professional;
      const wallets = [];
      for (let i = 0; i < 2; i++) {
        const wallet = await ethers.deployContract("Wallet", [stranger.address]);
        const address = await wallet.getAddress();
        const consent = await signConsent(f, { body, operator: stranger, wallet: address });
        const scopes = [scopeOf("health-professional")];
        await trustList.connect(ministry).authorizeKey(body, address, scopes, 0n, NO_END, NO_END, consent);
        wallets.push({ wallet, address });
      }
      const [{ wallet, address }, other] = wallets as [(typeof wallets)[0], (typeof wallets)[0]];
      const sign = (n: number, by: AnySigner = stranger) => signAuthorship(record(n), { by, author: address });
      const anchor = (n: number, signature: string, author = address) =>
        registry.anchorAuthored(record(n), KIND, author, NO_END, signature);

      await anchor(1, await sign(1));
      await invalid(f, anchor(2, await sign(2), other.address)); // the same owner's, signed for the first wallet
      await invalid(f, anchor(2, await sign(2, f.patient)));
      for (let behaviour = 1; behaviour <= 8; behaviour++) {
        await wallet.getFunction("behave")(behaviour);
        await invalid(f, anchor(2, await sign(2, f.patient)));
      }
      // It is asked by STATICCALL: the record that it tries to anchor within comes to nothing.
      const inner = registry.interface.encodeFunctionData("anchor", [record(3), KIND]);
      await wallet.getFunction("reenter")(await registry.getAddress(), inner);
      await anchor(2, await sign(2));
      expect((await registry.statusOf(record(2))).state).to.equal(STATE.CURRENT);
      expect((await registry.statusOf(record(3))).state).to.equal(STATE.UNKNOWN);
    });
  });

  it("refuses fields whose unused bits are set, and enums past their last", async () => {
    const f = await recordsFixture();
    const { registry, ethers, parties } = f;
    const to = await registry.getAddress();
    await registry.anchor(record(1), KIND);
    const member = (await f.batch(records(3, 10)))[0]!;
    const encode = registry.interface.encodeFunctionData.bind(registry.interface);
    // The word at which each dirty field stands, and how the call looks clean.
    const calls: [string, number, string][] = [
      [encode("anchor", [record(2), KIND]), 1, "fe"],
      [encode("anchorBatch", [id("root"), 3n, KIND]), 1, "01"],
      [encode("amend", [record(1), record(3), REASON.AMENDED]), 2, "01"],
    ];
    for (const [data, word, byte] of calls) {
      const at = 10 + 64 * word;
      const dirty = `${data.slice(0, at)}${byte}${data.slice(at + 2)}`;
      await expect(parties.hospital.key.sendTransaction({ to, data: dirty })).to.be.revert(ethers);
      await parties.hospital.key.sendTransaction({ to, data });
    }
    const reasons = encode("tombstone", [[record(2)], REASON.ORDERED]);
    const past = `${reasons.slice(0, 10 + 64 * 1)}${toBeHex(7n, 32).slice(2)}${reasons.slice(10 + 64 * 2)}`;
    await expect(parties.hospital.key.sendTransaction({ to, data: past })).to.be.revert(ethers);
    const ends = encode("endMembers", [[member], STATE.ERASED, REASON.ORDERED]);
    const state = `${ends.slice(0, 10 + 64)}${toBeHex(5n, 32).slice(2)}${ends.slice(10 + 128)}`;
    await expect(parties.hospital.key.sendTransaction({ to, data: state })).to.be.revert(ethers);
    await parties.hospital.key.sendTransaction({ to, data: ends });
  });

  it("takes a run as long as a block allows, proved at its ends", async () => {
    const f = await recordsFixture();
    const members = await f.log(new LogTree(), records(4_000));
    for (const member of [members[0]!, members[3_999]!])
      expect((await f.registry.statusOfMember(member)).state).to.equal(STATE.CURRENT);
  });
});
