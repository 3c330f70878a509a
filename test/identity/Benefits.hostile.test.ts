import { expect } from "chai";
import { concat, id, toBeHex, ZeroAddress } from "ethers";

import { benefitsFixture, policyOf, RULES } from "../helpers/benefits.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { registerBody, signConsent, Standing } from "../helpers/trust.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("Benefits, hostile", () => {
  describe("an answer altered after it was signed", () => {
    it("has no signature", async () => {
      const { benefits, answer, sign, decider, deputy } = await benefitsFixture();
      const a = answer(1);
      const signature = await sign(a);
      const altered = [{ nullifier: id("other") }, { commitment: id("other") }, { deadline: a.deadline + 1n }];
      for (const change of altered) {
        await expect(benefits.claim({ ...a, ...change }, decider, signature)).to.be.revertedWithCustomError(
          benefits,
          "SignatureInvalid",
        );
      }
      await expect(benefits.claim(a, deputy, signature)).to.be.revertedWithCustomError(benefits, "SignatureInvalid");
      await benefits.claim(a, decider, signature);
    });

    it("is about a policy that nobody may decide on, when its conditions or periods are others", async () => {
      const { benefits, claim, answer, agency, trustList, period, decider } = await benefitsFixture();
      for (const change of [
        { rules: id("easier rules") },
        { period: { ...period, length: period.length - 1n } },
        { period: { ...period, start: period.start + 1n } },
      ]) {
        const a = answer(1, change);
        // Signed by the decider for the policy that it means: its accreditation is for another.
        await expect(claim(a))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(policyOf(a), agency, Standing.NONE);
        // Signed for the right policy.
        const signature = await (await benefitsFixture()).sign(answer(1));
        await expect(benefits.claim(a, decider, signature)).to.be.revertedWithCustomError(trustList, "NotAccredited");
      }
      expect(policyOf({ rules: RULES, period })).to.equal(policyOf(answer(1)));
    });
  });

  it("an answer is not replayed on another chain or contract, or after its deadline", async () => {
    const { benefits, claim, answer, time, registry } = await benefitsFixture();
    await expect(claim(answer(1), { chainId: 1n })).to.be.revertedWithCustomError(benefits, "SignatureInvalid");
    const elsewhere = { verifyingContract: await registry.getAddress() };
    await expect(claim(answer(1), elsewhere)).to.be.revertedWithCustomError(benefits, "SignatureInvalid");

    const deadline = BigInt(await time.latest()) + 100n;
    await time.setNextBlockTimestamp(deadline);
    await claim(answer(1, { deadline }));
    await expect(claim(answer(2, { deadline })))
      .to.be.revertedWithCustomError(benefits, "SignatureExpired")
      .withArgs(deadline, deadline + 1n);
  });

  describe("a decider", () => {
    it("that is nobody's key, or one for another scope", async () => {
      const { claim, answer, trustList, stranger, operator, office, policy } = await benefitsFixture();
      await expect(claim(answer(1), { by: stranger }))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(stranger.address, Standing.NONE);
      await expect(claim(answer(1), { by: operator }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(policy, office, Standing.NONE);
    });

    it("that is suspended, withdrawn, retired or compromised", async () => {
      const f = await benefitsFixture();
      const { claim, answer, trustList, decide, policy, agency, agencyHead, decider, deputy, time } = f;
      const council = (what: string) => decide(trustList, what, [policy, agency, GROUNDS]);
      const refused = (standing: bigint) =>
        expect(claim(answer(1)))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(policy, agency, standing);
      await council("suspend");
      await refused(Standing.SUSPENDED);
      await council("reinstate");
      await claim(answer(2));
      await council("withdraw");
      await refused(Standing.WITHDRAWN);
      await decide(trustList, "accredit", [policy, 0n, agency, 0n, NO_END, 0n, GROUNDS]);

      await trustList.connect(agencyHead).reportCompromise(decider.address, BigInt(await time.latest()));
      await expect(claim(answer(1)))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(decider.address, Standing.COMPROMISED);
      await claim(answer(3), { by: deputy });
      await trustList.connect(agencyHead).retireKey(deputy.address);
      await expect(claim(answer(1), { by: deputy }))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(deputy.address, Standing.EXPIRED);
    });
  });

  describe("a signature", () => {
    it("of 64 bytes, of a high s, of a wrong v, cut, prolonged or empty", async () => {
      const { benefits, answer, sign, decider } = await benefitsFixture();
      const a = answer(1);
      const signature = await sign(a);
      const [r, s, v] = [signature.slice(0, 66), BigInt(`0x${signature.slice(66, 130)}`), signature.slice(130)];
      const flipped = v === "1b" ? "0x1c" : "0x1b";
      const compact = concat([r, toBeHex(s | (v === "1c" ? 1n << 255n : 0n), 32)]);
      for (const bad of [
        compact,
        concat([r, toBeHex(CURVE_ORDER - s, 32), flipped]),
        concat([r, toBeHex(s, 32), flipped]),
        concat([r, toBeHex(s, 32), "0x00"]),
        signature.slice(0, -2),
        `${signature}00`,
        "0x",
        `0x${"00".repeat(65)}`,
      ]) {
        await expect(benefits.claim(a, decider, bad)).to.be.revertedWithCustomError(benefits, "SignatureInvalid");
      }
      await benefits.claim(a, decider, signature);
    });

    it("in the name of the zero address", async () => {
      const { benefits, answer, trustList } = await benefitsFixture();
      await expect(benefits.claim(answer(1), ZeroAddress, `0x${"00".repeat(65)}`)).to.be.revertedWithCustomError(
        trustList,
        "KeyNotInForce",
      );
    });

    it("of an ERC-1271 wallet: its owner's, and no lying or re-entering wallet gets a second claim", async () => {
      const f = await benefitsFixture();
      const { benefits, claim, answer, sign, ethers, stranger, agencyHead, agency, policy, trustList } = f;
      const wallet = await ethers.deployContract("Wallet", [stranger.address]);
      const as = await wallet.getAddress();
      const consent = await signConsent(f, { body: agency, operator: stranger, wallet: as });
      await trustList.connect(agencyHead).authorizeKey(agency, as, [policy], 0n, NO_END, NO_END, consent);

      await claim(answer(1), { by: stranger, as });
      await expect(claim(answer(2), { by: f.decider, as })).to.be.revertedWithCustomError(benefits, "SignatureInvalid");
      // Every way in which it can misbehave but the last, which re-enters.
      for (let behaviour = 1; behaviour <= 8; behaviour++) {
        await wallet.getFunction("behave")(behaviour);
        await expect(claim(answer(2), { by: f.decider, as })).to.be.revertedWithCustomError(
          benefits,
          "SignatureInvalid",
        );
      }
      // It is asked by STATICCALL, so the claim that it tries to make within comes to nothing.
      const inner = answer(3);
      const call = benefits.interface.encodeFunctionData("claim", [inner, f.decider.address, await sign(inner)]);
      await wallet.getFunction("reenter")(await benefits.getAddress(), call);
      await claim(answer(4), { by: stranger, as });
      expect((await benefits.statusOf(policy, 0n, inner.nullifier)).status).to.equal(0n);
      expect((await benefits.statusOf(policy, 0n, answer(4).nullifier)).status).to.equal(1n);
    });
  });

  it("refuses fields whose unused bits are set", async () => {
    const { benefits, answer, sign, decider, stranger, ethers } = await benefitsFixture();
    const a = answer(1);
    const data = benefits.interface.encodeFunctionData("claim", [a, decider.address, await sign(a)]);
    // start, length, number, deadline, decider: words 1, 2, 3, 6 and 7, each of its own width.
    for (const word of [1, 2, 3, 6, 7]) {
      const at = 10 + 64 * word;
      const dirty = `${data.slice(0, at)}ff${data.slice(at + 2)}`;
      await expect(stranger.sendTransaction({ to: await benefits.getAddress(), data: dirty })).to.be.revert(ethers);
    }
    await stranger.sendTransaction({ to: await benefits.getAddress(), data });
  });

  describe("the same benefit twice", () => {
    it("through two deciders that derive nullifiers with different keys is not: the contract cannot know", async () => {
      const f = await benefitsFixture();
      const { benefits, claim, answer, decide, trustList, policy, authorize, signers } = f;
      const [head, key] = signers.slice(20) as [typeof f.decider, typeof f.decider];
      const other = await registerBody(f, head);
      await decide(trustList, "accredit", [policy, 0n, other, 0n, NO_END, 0n, GROUNDS]);
      await authorize(head, other, key, policy);
      await claim(answer(1));
      await claim(answer(1, { nullifier: id("of another key") }), { by: key });
      // With one key between them it is.
      await expect(claim(answer(1), { by: key })).to.be.revertedWithCustomError(benefits, "BenefitAlreadyClaimed");
    });
  });
});
