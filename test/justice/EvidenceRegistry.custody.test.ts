import { expect } from "chai";
import { concat, id, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { ACTION, CASE, evidenceFixture, exhibit, ORDER, REFUSAL, STATE } from "../helpers/evidence.js";
import { NO_END } from "../helpers/suite.js";
import { Standing } from "../helpers/trust.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const X = exhibit(1);

type World = Awaited<ReturnType<typeof evidenceFixture>>;

/** The fixture with an exhibit that the police hold. */
async function held() {
  const f = await evidenceFixture();
  await f.deposit(1);
  return f;
}

/** The fixture with an exhibit that the police offer to the laboratory until a time. */
async function offered() {
  const f = await held();
  const until = BigInt(await f.time.latest()) + 1_000n;
  const lab = f.as(f.parties.laboratory);
  await f.registry.offer(X, f.parties.laboratory.body, until);
  return { ...f, until, lab };
}

const custodianOf = async ({ registry }: World, commitment = X) => {
  const { custodian, hop } = await registry.exhibitOf(commitment);
  return [custodian, hop];
};

describe("EvidenceRegistry, custody", () => {
  describe("offer", () => {
    it("keeps to whom, until when and at which hop", async () => {
      const f = await held();
      const { registry, parties } = f;
      expect(await registry.currentOfferOf(X)).to.deep.equal([0n, 0n, 0n]);
      await expect(registry.offer(X, parties.laboratory.body, NO_END))
        .to.emit(registry, "CustodyOffered")
        .withArgs(X, parties.laboratory.body, 0n, NO_END);
      expect(await registry.currentOfferOf(X)).to.deep.equal([parties.laboratory.body, NO_END, 0n]);
      expect(await custodianOf(f)).to.deep.equal([parties.police.body, 0n]);
    });

    it("refuses an end that is now or before", async () => {
      const { registry, parties, time } = await held();
      for (const early of [0n, 1n]) {
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        await expect(registry.offer(X, parties.laboratory.body, now - early))
          .to.be.revertedWithCustomError(registry, "OfferEndInvalid")
          .withArgs(now - early, now);
      }
      const now = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(now);
      await registry.offer(X, parties.laboratory.body, now + 1n);
    });

    it("refuses the custodian itself, and whoever is no accredited custodian", async () => {
      const f = await held();
      const { registry, parties, trustList } = f;
      await expect(registry.offer(X, parties.police.body, NO_END))
        .to.be.revertedWithCustomError(registry, "CustodianIsSame")
        .withArgs(X, parties.police.body);
      const refused = (body: bigint, standing: bigint) =>
        expect(registry.offer(X, body, NO_END))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(id("diwan.role.evidence-custodian"), body, standing);
      await refused(parties.notary.body, Standing.NONE);
      await refused(0n, Standing.NONE);
      await f.councilDoes("suspend", "evidence-custodian", parties.archive.body);
      await refused(parties.archive.body, Standing.SUSPENDED);
      await f.councilDoes("withdraw", "evidence-custodian", parties.archive.body);
      await refused(parties.archive.body, Standing.WITHDRAWN);
    });

    it("is the custodian's to make, accredited or not; the depositor's no more once it handed on", async () => {
      const f = await held();
      const { parties, trustList } = f;
      const { police, archive, laboratory } = parties;
      const refused = (by: typeof police, custodian: bigint) =>
        expect(f.as(by).offer(X, laboratory.body, NO_END))
          .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
          .withArgs(by.key, custodian, by.body);
      await refused(archive, police.body);
      await f.handOver(X, police, archive);
      await refused(police, archive.body);
      await f.councilDoes("withdraw", "evidence-custodian", archive.body);
      await f.as(archive).offer(X, laboratory.body, NO_END);
    });

    it("stands in place of one before: never are two bodies offered the same", async () => {
      const { registry, parties, lab, ...f } = await offered();
      await registry.offer(X, parties.archive.body, NO_END);
      await expect(lab.accept(X))
        .to.be.revertedWithCustomError(registry, "OfferMissing")
        .withArgs(X, parties.archive.body, parties.laboratory.body);
      await f.as(parties.archive).accept(X);
    });
  });

  describe("accept", () => {
    it("passes custody, once", async () => {
      const f = await offered();
      const { registry, parties, lab } = f;
      await expect(lab.accept(X))
        .to.emit(registry, "CustodyChanged")
        .withArgs(X, parties.laboratory.body, parties.police.body, 1n);
      expect(await custodianOf(f)).to.deep.equal([parties.laboratory.body, 1n]);
      await expect(lab.accept(X))
        .to.be.revertedWithCustomError(registry, "OfferMissing")
        .withArgs(X, 0n, parties.laboratory.body);
      // Nor does it come back by the offer that was used.
      await lab.offer(X, parties.police.body, NO_END);
      await registry.accept(X);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
    });

    it("changes nothing but custodian, role and hop", async () => {
      const { registry, lab, parties, enrol, spare, ...f } = await offered();
      const [at, depositor, key, tool] = await registry.exhibitOf(X);
      // A body for which custody is its second role.
      const other = await enrol(spare[0]!, ["court", "evidence-custodian"]);
      await lab.accept(X);
      await lab.offer(X, other.body, NO_END);
      await f.as(other).accept(X);
      const after = [at, depositor, key, tool, other.body, 1n, 0n, 2n, STATE.DEPOSITED, false, false];
      expect(await registry.exhibitOf(X)).to.deep.equal(after);
      // And it can hand on by that role.
      await f.as(other).offer(X, parties.police.body, NO_END);
    });

    it("is refused from the second of the offer's end on", async () => {
      const { registry, lab, until, time, parties } = await offered();
      await time.setNextBlockTimestamp(until);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(registry, "OfferLapsed").withArgs(X, until);
      await expect(lab.reject(X, REFUSAL.OTHER))
        .to.be.revertedWithCustomError(registry, "OfferLapsed")
        .withArgs(X, until);
      // It can be made again, or recalled.
      await registry.recall(X);
      const next = BigInt(await time.latest()) + 100n;
      await registry.offer(X, parties.laboratory.body, next);
      await time.setNextBlockTimestamp(next - 1n);
      await lab.accept(X);
    });

    it("is refused to whom it was not offered, to strangers, and to who is no longer accredited", async () => {
      const f = await offered();
      const { registry, parties, trustList, lab, stranger } = f;
      await expect(f.as(parties.archive).accept(X))
        .to.be.revertedWithCustomError(registry, "OfferMissing")
        .withArgs(X, parties.laboratory.body, parties.archive.body);
      await expect(registry.accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
      await expect(registry.connect(stranger).accept(X)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await f.councilDoes("suspend", "evidence-custodian", parties.laboratory.body);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(trustList, "NotAccredited");
    });

    it("is refused where there is no offer, and where custody changed since", async () => {
      const f = await held();
      const { registry, parties } = f;
      const lab = f.as(parties.laboratory);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
      await registry.offer(X, parties.laboratory.body, NO_END);
      await f.handOver(X, parties.police, parties.archive);
      await expect(lab.accept(X))
        .to.be.revertedWithCustomError(registry, "OfferMissing")
        .withArgs(X, 0n, parties.laboratory.body);
      await f.handOver(X, parties.archive, parties.police);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
    });

    it("waits while the exhibit is sealed, and goes on when it is unsealed", async () => {
      const f = await offered();
      const { registry, parties, lab } = f;
      await registry.seal(X);
      await expect(lab.accept(X))
        .to.be.revertedWithCustomError(registry, "ExhibitSealRefuses")
        .withArgs(X, true, ACTION.HAND_OVER);
      await f.as(parties.court).liftSeal(X, ORDER);
      await lab.accept(X);
    });
  });

  describe("recall", () => {
    it("takes an offer back", async () => {
      const { registry, parties, lab } = await offered();
      await expect(registry.recall(X)).to.emit(registry, "OfferRecalled").withArgs(X, parties.laboratory.body);
      expect(await registry.currentOfferOf(X)).to.deep.equal([0n, 0n, 0n]);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
      await expect(registry.recall(X))
        .to.be.revertedWithCustomError(registry, "OfferMissing")
        .withArgs(X, 0n, parties.police.body);
    });

    it("is the custodian's", async () => {
      const { registry, lab, trustList } = await offered();
      await expect(lab.recall(X)).to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody");
      await expect(registry.recall(exhibit(9))).to.be.revertedWithCustomError(registry, "ExhibitUnknown");
    });
  });

  describe("reject", () => {
    it("says why, and leaves the exhibit where it is", async () => {
      const f = await offered();
      const { registry, parties, lab } = f;
      await expect(lab.reject(X, REFUSAL.SEAL_BROKEN))
        .to.emit(registry, "OfferRejected")
        .withArgs(X, parties.laboratory.body, 1n, REFUSAL.SEAL_BROKEN);
      expect(await custodianOf(f)).to.deep.equal([parties.police.body, 0n]);
      await expect(lab.accept(X)).to.be.revertedWithCustomError(registry, "OfferMissing");
      await expect(lab.reject(X, REFUSAL.DAMAGED)).to.be.revertedWithCustomError(registry, "OfferMissing");
    });

    it("needs a reason, an exhibit, and the body that it was offered to", async () => {
      const f = await offered();
      const { registry, parties, lab, trustList } = f;
      await expect(lab.reject(X, REFUSAL.NONE))
        .to.be.revertedWithCustomError(registry, "RefusalReasonMissing")
        .withArgs(X);
      await expect(lab.reject(exhibit(9), REFUSAL.OTHER)).to.be.revertedWithCustomError(registry, "ExhibitUnknown");
      await expect(f.as(parties.archive).reject(X, REFUSAL.OTHER))
        .to.be.revertedWithCustomError(registry, "OfferMissing")
        .withArgs(X, parties.laboratory.body, parties.archive.body);
      await expect(f.as(parties.notary).reject(X, REFUSAL.OTHER)).to.be.revertedWithCustomError(
        trustList,
        "NotAccredited",
      );
    });
  });

  describe("handOver", () => {
    it("passes custody by both parties' signatures, which a stranger carries", async () => {
      const f = await held();
      const { registry, parties } = f;
      await expect(f.handOver(X, parties.police, parties.laboratory))
        .to.emit(registry, "CustodyChanged")
        .withArgs(X, parties.laboratory.body, parties.police.body, 1n);
      await f.handOver(X, parties.laboratory, parties.archive);
      expect(await custodianOf(f)).to.deep.equal([parties.archive.body, 2n]);
    });

    it("refuses where one party signed twice, or nobody, or somebody else", async () => {
      const f = await held();
      const { registry, parties, signHandOver, spare } = f;
      const [police, lab] = [parties.police.key, parties.laboratory.key];
      const keys = [police, lab] as const;
      const [a, b, c] = await Promise.all([police, lab, spare[0]!].map((by) => signHandOver(by, keys)));
      for (const [from, to, invalid] of [
        [a!, a!, lab],
        [b!, b!, police],
        [b!, a!, police],
        [a!, "0x", lab],
        ["0x", b!, police],
        [a!, c!, lab],
        [c!, b!, police],
      ] as const)
        await expect(registry.handOver(NO_END, X, police, from, lab, to))
          .to.be.revertedWithCustomError(registry, "SignatureInvalid")
          .withArgs(invalid, (value: string) => value !== ZeroHash);
      await registry.handOver(NO_END, X, police, a!, lab, b!);
    });

    it("refuses signatures for another exhibit, hop, party, deadline, chain, contract or name", async () => {
      const f = await held();
      const { registry, parties, signHandOver, trustList } = f;
      const [police, lab, archive] = [parties.police.key, parties.laboratory.key, parties.archive.key];
      const good = await signHandOver(police, [police, lab]);
      const sent = (from: string, to: string) => registry.handOver(NO_END, X, police, from, lab, to);
      const others = [
        [[police, lab], { commitment: exhibit(2) }],
        [[police, lab], { hop: 1n }],
        [[police, archive], {}],
        [[lab, police], {}],
        [[police, lab], { deadline: NO_END - 1n }],
        [[police, lab], { chainId: 1n }],
        [[police, lab], { verifyingContract: await trustList.getAddress() }],
        [[police, lab], { name: "Diwan RecordRegistry" }],
      ] as const;
      for (const [keys, fields] of others) {
        await expect(sent(await signHandOver(police, keys, fields), await signHandOver(lab, [police, lab])))
          .to.be.revertedWithCustomError(registry, "SignatureInvalid")
          .withArgs(police, (value: string) => value !== ZeroHash);
        await expect(sent(good, await signHandOver(lab, keys, fields)))
          .to.be.revertedWithCustomError(registry, "SignatureInvalid")
          .withArgs(lab, (value: string) => value !== ZeroHash);
      }
    });

    it("refuses malleable and cut signatures", async () => {
      const f = await held();
      const { registry, parties, signHandOver } = f;
      const [police, lab] = [parties.police.key, parties.laboratory.key];
      const [a, b] = await Promise.all([police, lab].map((by) => signHandOver(by, [police, lab])));
      const [r, s, v] = [a!.slice(0, 66), `0x${a!.slice(66, 130)}`, Number(`0x${a!.slice(130)}`)];
      const highS = toBeHex(CURVE_ORDER - BigInt(s), 32);
      for (const forged of [
        concat([r, highS, toBeHex(v ^ 7)]),
        concat([r, s, toBeHex(v - 27)]),
        concat([r, s]),
        concat([a!, "0x00"]),
        concat([ZeroHash, ZeroHash, "0x1b"]),
      ])
        await expect(registry.handOver(NO_END, X, police, forged, lab, b!)).to.be.revertedWithCustomError(
          registry,
          "SignatureInvalid",
        );
      await expect(
        registry.handOver(NO_END, X, ZeroAddress, concat([ZeroHash, ZeroHash, "0x1b"]), lab, b!),
      ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    });

    it("refuses the same again, also after the exhibit came back", async () => {
      const f = await held();
      const { registry, parties, signHandOver } = f;
      const [police, lab] = [parties.police.key, parties.laboratory.key];
      const [a, b] = await Promise.all([police, lab].map((by) => signHandOver(by, [police, lab])));
      const carry = () => registry.handOver(NO_END, X, police, a!, lab, b!);
      await carry();
      await expect(carry()).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await f.handOver(X, parties.laboratory, parties.police);
      await expect(carry()).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      expect(await custodianOf(f)).to.deep.equal([parties.police.body, 2n]);
    });

    it("counts in the last second of its deadline, and no more in the next", async () => {
      const f = await held();
      const { registry, parties, time } = f;
      const deadline = BigInt(await time.latest()) + 100n;
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(f.handOver(X, parties.police, parties.laboratory, { deadline }))
        .to.be.revertedWithCustomError(registry, "SignatureExpired")
        .withArgs(deadline, deadline + 1n);
      const next = deadline + 100n;
      await time.setNextBlockTimestamp(next);
      await f.handOver(X, parties.police, parties.laboratory, { deadline: next });
    });

    it("refuses to itself, whichever of its keys, and to who is no accredited custodian", async () => {
      const f = await held();
      const { registry, parties, trustList, spare, giveKey } = f;
      const { police, archive, notary } = parties;
      await giveKey(police.body, spare[0]!, ["evidence-custodian"]);
      for (const key of [police.key, spare[0]!])
        await expect(f.handOver(X, police, { key }))
          .to.be.revertedWithCustomError(registry, "CustodianIsSame")
          .withArgs(X, police.body);
      await expect(f.handOver(X, police, notary)).to.be.revertedWithCustomError(trustList, "NotAccredited");
      await expect(f.handOver(X, police, { key: spare[1]! }))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(spare[1], Standing.NONE);
      await f.councilDoes("suspend", "evidence-custodian", archive.body);
      await expect(f.handOver(X, police, archive))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(id("diwan.role.evidence-custodian"), archive.body, Standing.SUSPENDED);
    });

    it("is by a key of the custodian's in force, accredited or not", async () => {
      const f = await held();
      const { registry, parties, trustList, time } = f;
      const { police, archive, laboratory } = parties;
      await expect(f.handOver(X, archive, laboratory))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(archive.key, police.body, archive.body);
      await f.councilDoes("withdraw", "evidence-custodian", police.body);
      await f.handOver(X, police, archive);
      await f.compromise(archive.key, BigInt(await time.latest()));
      await expect(f.handOver(X, archive, laboratory))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(archive.key, Standing.COMPROMISED);
      await expect(f.as(archive).offer(X, laboratory.body, NO_END)).to.be.revertedWithCustomError(
        trustList,
        "KeyNotInForce",
      );
      expect((await registry.exhibitOf(X)).custodian).to.equal(archive.body);
    });

    it("takes a wallet's word for either party, and no more than that", async () => {
      const f = await held();
      const { registry, parties, ethers, deployer, ministry, trustList, signHandOver, spare } = f;
      const wallet = await ethers.deployContract("Wallet", [deployer.address]);
      const address = await wallet.getAddress();
      const body = parties.laboratory.body;
      const domain = { name: "Diwan TrustList", version: "1", chainId: 31_337n, verifyingContract: trustList };
      const types = {
        KeyConsent: [
          { name: "body", type: "uint32" },
          { name: "operator", type: "address" },
          { name: "deadline", type: "uint256" },
        ],
      };
      const named = { ...domain, verifyingContract: await trustList.getAddress() };
      const consent = await deployer.signTypedData(named, types, { body, operator: address, deadline: NO_END });
      const scopes = [id("diwan.role.evidence-custodian")];
      await trustList.connect(ministry).authorizeKey(body, address, scopes, 0n, NO_END, NO_END, consent);

      const keys = [parties.police.key, { address }] as const;
      const [a, b, c] = await Promise.all(
        [parties.police.key, deployer, spare[0]!].map((by) => signHandOver(by, keys)),
      );
      await expect(registry.handOver(NO_END, X, parties.police.key, a!, address, c!)).to.be.revertedWithCustomError(
        registry,
        "SignatureInvalid",
      );
      await registry.handOver(NO_END, X, parties.police.key, a!, address, b!);
      expect((await registry.exhibitOf(X)).custodian).to.equal(body);
    });

    it("moves neither what is sealed, nor what has ended, nor what is unknown", async () => {
      const f = await evidenceFixture();
      const { registry, parties } = f;
      const refused = (commitment: string) => f.handOver(commitment, parties.police, parties.archive);
      await expect(refused(X)).to.be.revertedWithCustomError(registry, "ExhibitUnknown").withArgs(X);
      for (const [n, state] of [STATE.RETURNED, STATE.DESTROYED].entries()) {
        const ended = await f.exhibitIn(state, 10 + n);
        for (const call of [
          () => refused(ended),
          () => registry.offer(ended, parties.archive.body, NO_END),
          () => f.as(parties.archive).accept(ended),
        ])
          await expect(call())
            .to.be.revertedWithCustomError(registry, "ExhibitStateRefuses")
            .withArgs(ended, state, ACTION.HAND_OVER);
      }
      await f.deposit(1);
      await registry.seal(X);
      for (const call of [() => refused(X), () => registry.offer(X, parties.archive.body, NO_END)])
        await expect(call())
          .to.be.revertedWithCustomError(registry, "ExhibitSealRefuses")
          .withArgs(X, true, ACTION.HAND_OVER);
      await f.as(parties.court).liftSeal(X, ORDER);
      await refused(X);
    });

    it("moves what is held, tendered, challenged, admitted or excluded", async () => {
      const f = await evidenceFixture();
      const { parties } = f;
      for (const state of [2n, 3n, 4n, 5n, 6n]) {
        const commitment = await f.exhibitIn(state, Number(state));
        await f.as(parties.court).hold(commitment, ORDER);
        await f.handOver(commitment, parties.police, parties.archive);
        const after = await f.registry.exhibitOf(commitment);
        expect([after.state, after.custodian, after.isHeld]).to.deep.equal([state, parties.archive.body, true]);
      }
    });

    it("comes to an end after 65,535 hops, so that no signature ever counts twice", async () => {
      const f = await held();
      const { registry, parties, registryAddress, ethers } = f;
      const slot = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [X, 3n]));
      const word = BigInt(await ethers.provider.getStorage(registryAddress, slot));
      const set = (hop: bigint) =>
        ethers.provider.send("hardhat_setStorageAt", [registryAddress, slot, toBeHex(word | (hop << 208n), 32)]);
      await set(65_534n);
      await f.handOver(X, parties.police, parties.archive);
      expect(await custodianOf(f)).to.deep.equal([parties.archive.body, 65_535n]);
      await expect(f.handOver(X, parties.archive, parties.police))
        .to.be.revertedWithCustomError(registry, "HopsExhausted")
        .withArgs(X);
      await f.as(parties.archive).offer(X, parties.police.body, NO_END);
      await expect(registry.accept(X)).to.be.revertedWithCustomError(registry, "HopsExhausted").withArgs(X);
    });
  });

  it("of one exhibit is of no other", async () => {
    const f = await held();
    const { registry, parties, tool } = f;
    await registry.deposit(tool, exhibit(2), CASE);
    await f.handOver(X, parties.police, parties.archive);
    expect(await custodianOf(f, exhibit(2))).to.deep.equal([parties.police.body, 0n]);
  });
});
