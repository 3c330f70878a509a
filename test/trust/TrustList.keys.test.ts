import { id, Signature, ZeroAddress } from "ethers";
import { expect } from "chai";

import { GROUNDS, NO_END } from "../helpers/suite.js";
import {
  authorizeKey,
  CLINIC,
  COUNCIL,
  COURT,
  deployTree,
  later,
  load,
  now,
  registerBody,
  signConsent,
  Standing,
} from "../helpers/trust.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("TrustList: keys", () => {
  describe("authorizeKey", () => {
    it("lets a key that consents act for the body in the listed scopes", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, hospital, operator2, start } = suite;
      await decide(trustList, "accredit", [CLINIC, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      const from = await later(suite);
      const until = from + 100n;
      const state = [2n, 2n, from, until, 0n, 0b10n];
      await expect(authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, scopes: [CLINIC], from, until }))
        .to.emit(trustList, "KeyChanged")
        .withArgs(operator2.address, 2n, state);
      expect(await trustList.keyOf(operator2.address)).to.deep.equal(state);
      expect((await trustList.bodyOf(2n))[1]).to.equal(2n);
      expect(await trustList.requireAccredited(CLINIC, operator2.address)).to.deep.equal([2n, 2n, 1n]);
    });

    it("changes the scopes and the period without a new consent, and keeps the key's number", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, hospital, operator, start } = suite;
      await decide(trustList, "accredit", [CLINIC, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      const until = (await now(suite)) + 1_000n;
      await expect(
        trustList
          .connect(hospital)
          .authorizeKey(2n, operator.address, [CLINIC, COURT, CLINIC], start + 5n, until, 0n, "0x"),
      )
        .to.emit(trustList, "KeyChanged")
        .withArgs(operator.address, 2n, [2n, 1n, start + 5n, until, 0n, 0b11n]);
      expect((await trustList.bodyOf(2n))[1]).to.equal(1n);
    });

    it("takes up a retired key again", async () => {
      const { trustList, hospital, operator, start } = await load(deployTree);
      await trustList.connect(operator).retireKey(operator.address);
      await trustList.connect(hospital).authorizeKey(2n, operator.address, [COURT], start, NO_END, 0n, "0x");
      await trustList.requireAccredited(COURT, operator.address);
    });

    it("keeps the body's history when keys are rotated", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator, operator2, start } = suite;
      const signed = await now(suite);
      await trustList.connect(hospital).retireKey(operator.address);
      await authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, from: start });
      expect(await trustList.standingOf(COURT, 2n, 1n, signed)).to.equal(Standing.IN_FORCE);
      expect((await trustList.requireAccredited(COURT, operator2.address)).key).to.equal(2n);
    });

    it("reverts when the caller is not the body's controller", async () => {
      const suite = await load(deployTree);
      const { trustList, manager, decide, ministry, stranger, operator2, start } = suite;
      const consent = await signConsent(suite, { body: 2n, operator: operator2 });
      const scopes = [COURT];
      const args = [2n, operator2.address, scopes, start, NO_END, NO_END, consent] as const;
      for (const by of [ministry, stranger, operator2]) {
        await expect(trustList.connect(by).authorizeKey(...args))
          .to.be.revertedWithCustomError(trustList, "NotController")
          .withArgs(2n, by.address);
      }
      // The council hands a body over; it does not act for it.
      await expect(decide(trustList, "authorizeKey", [...args]))
        .to.be.revertedWithCustomError(trustList, "NotController")
        .withArgs(2n, await manager.getAddress());
      await expect(
        trustList.connect(stranger).authorizeKey(7n, operator2.address, [COURT], start, NO_END, NO_END, "0x"),
      )
        .to.be.revertedWithCustomError(trustList, "NotController")
        .withArgs(7n, stranger.address);
    });

    it("reverts when the period is empty, or over", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator } = suite;
      const time = await later(suite);
      for (const [from, until] of [
        [time, time],
        [time + 2n, time + 1n],
        [time - 1n, time],
      ] as const) {
        await connection.networkHelpers.time.setNextBlockTimestamp(time);
        await expect(trustList.connect(hospital).authorizeKey(2n, operator.address, [COURT], from, until, 0n, "0x"))
          .to.be.revertedWithCustomError(trustList, "PeriodInvalid")
          .withArgs(from, until, time);
      }
    });

    it("takes a consent at its deadline and reverts a second later", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator2, stranger, start } = suite;
      const { time } = connection.networkHelpers;
      const deadline = (await now(suite)) + 100n;
      for (const [operator, delay] of [
        [operator2, 0n],
        [stranger, 1n],
      ] as const) {
        const consent = await signConsent(suite, { body: 2n, operator, deadline });
        await time.setNextBlockTimestamp(deadline + delay);
        const attempt = trustList
          .connect(hospital)
          .authorizeKey(2n, operator.address, [COURT], start, NO_END, deadline, consent);
        if (delay === 0n) await attempt;
        else
          await expect(attempt)
            .to.be.revertedWithCustomError(trustList, "SignatureExpired")
            .withArgs(deadline, deadline + delay);
      }
    });

    it("reverts when the consent names another body, operator, deadline, chain or contract", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator2, stranger, forwarder, start } = suite;
      for (const change of [
        { body: 1n },
        { wallet: stranger.address },
        { deadline: NO_END - 1n },
        { chainId: 1n },
        { chainId: 31_338n },
        { verifyingContract: await forwarder.getAddress() },
        { verifyingContract: ZeroAddress },
      ]) {
        const consent = await signConsent(suite, { body: 2n, operator: operator2, ...change });
        await expect(
          trustList.connect(hospital).authorizeKey(2n, operator2.address, [COURT], start, NO_END, NO_END, consent),
        ).to.be.revertedWithCustomError(trustList, "SignatureInvalid");
      }
    });

    it("cannot tie a stranger's address to a body", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator2, stranger, start } = suite;
      const own = await signConsent(suite, { body: 2n, operator: hospital, wallet: stranger.address });
      for (const [operator, consent] of [
        [stranger.address, "0x"],
        [stranger.address, own],
        [stranger.address, await signConsent(suite, { body: 2n, operator: operator2 })],
        [ZeroAddress, "0x"],
        [ZeroAddress, `0x${"00".repeat(65)}`],
        [await trustList.getAddress(), own],
        ["0x0000000000000000000000000000000000000001", own],
        ["0x0000000000000000000000000000000000000002", own],
        ["0x0000000000000000000000000000000000000004", own],
      ] as const) {
        await expect(
          trustList.connect(hospital).authorizeKey(2n, operator, [COURT], start, NO_END, NO_END, consent),
        ).to.be.revertedWithCustomError(trustList, "SignatureInvalid");
        expect((await trustList.keyOf(operator)).body).to.equal(0n);
      }
    });

    it("reverts when another encoding of the same signature is given", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator2, start } = suite;
      const signature = Signature.from(await signConsent(suite, { body: 2n, operator: operator2 }));
      const highS = `0x${(ORDER - BigInt(signature.s)).toString(16).padStart(64, "0")}`;
      const flipped = signature.v === 27 ? "1c" : "1b";
      for (const consent of [
        signature.compactSerialized,
        signature.r + highS.slice(2) + flipped,
        signature.r + highS.slice(2) + signature.v.toString(16),
        signature.r + signature.s.slice(2) + (signature.v - 27).toString(16).padStart(2, "0"),
        signature.r + signature.s.slice(2) + flipped,
        `${signature.serialized}00`,
        signature.serialized.slice(0, -2),
      ]) {
        await expect(
          trustList.connect(hospital).authorizeKey(2n, operator2.address, [COURT], start, NO_END, NO_END, consent),
        ).to.be.revertedWithCustomError(trustList, "SignatureInvalid");
      }
    });

    it("reverts when the key is another body's, even with its consent", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, operator, start } = suite;
      await expect(authorizeKey(suite, { by: ministry, body: 1n, operator, from: start }))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(operator.address, 1n, 2n);
      // For ever: retiring frees it for nobody.
      await trustList.connect(operator).retireKey(operator.address);
      await expect(authorizeKey(suite, { by: ministry, body: 1n, operator, from: start }))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(operator.address, 1n, 2n);
    });

    it("reverts when the key is burnt", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator, start } = suite;
      const since = await now(suite);
      await trustList.connect(hospital).reportCompromise(operator.address, since);
      await expect(authorizeKey(suite, { by: hospital, body: 2n, operator, from: start }))
        .to.be.revertedWithCustomError(trustList, "KeyCompromised")
        .withArgs(operator.address, since);
    });

    it("reverts when no scope is listed", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator, start } = suite;
      await expect(authorizeKey(suite, { by: hospital, body: 2n, operator, scopes: [], from: start }))
        .to.be.revertedWithCustomError(trustList, "NoRoles")
        .withArgs(operator.address);
    });

    it("reverts when a scope is listed that the body never had, and changes nothing", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator2, start } = suite;
      await expect(
        authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, scopes: [COURT, CLINIC], from: start }),
      )
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(CLINIC, 2n, Standing.NONE);
      expect((await trustList.keyOf(operator2.address)).body).to.equal(0n);
      expect((await trustList.bodyOf(2n))[1]).to.equal(1n);
    });

    it("lists the first and the 64th scope in one slot", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, hospital, operator, start } = suite;
      const scopes = [COURT];
      for (let role = 1n; role < 64n; ++role) {
        scopes.push(id(`scope ${role}`));
        await decide(trustList, "accredit", [scopes.at(-1), COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      }
      const authorize = (listed: string[]) =>
        trustList.connect(hospital).authorizeKey(2n, operator.address, listed, start, NO_END, 0n, "0x");
      await authorize(scopes);
      expect((await trustList.keyOf(operator.address)).roles).to.equal(2n ** 64n - 1n);
      await authorize([scopes[63]!]);
      expect((await trustList.keyOf(operator.address)).roles).to.equal(2n ** 63n);
      expect(await trustList.requireAccredited(scopes[63]!, operator.address)).to.deep.equal([2n, 1n, 63n]);
      await expect(trustList.requireAccredited(scopes[62]!, operator.address))
        .to.be.revertedWithCustomError(trustList, "RoleNotListed")
        .withArgs(operator.address, 2n, 62n);
    });
  });

  describe("retireKey", () => {
    it("ends the use for the key, its controller and the council, and what it signed stays good", async () => {
      for (const who of ["key", "controller", "council"] as const) {
        const suite = await load(deployTree);
        const { trustList, decide, hospital, operator, start } = suite;
        const until = (await now(suite)) + 100n;
        const retire = async () => {
          if (who === "council") return decide(trustList, "retireKey", [operator.address], until);
          await suite.connection.networkHelpers.time.setNextBlockTimestamp(until);
          return trustList.connect(who === "key" ? operator : hospital).retireKey(operator.address);
        };
        await expect(retire())
          .to.emit(trustList, "KeyChanged")
          .withArgs(operator.address, 2n, [2n, 1n, start, until, 0n, 1n]);
        await expect(trustList.requireAccredited(COURT, operator.address))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(operator.address, Standing.EXPIRED);
        expect(await trustList.standingOf(COURT, 2n, 1n, until - 1n)).to.equal(Standing.IN_FORCE);
      }
    });

    it("retires a key before its start", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator2, connection } = suite;
      const from = (await now(suite)) + 1_000n;
      await authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, from });
      await trustList.connect(hospital).retireKey(operator2.address);
      await connection.networkHelpers.time.increaseTo(from);
      await expect(trustList.requireAccredited(COURT, operator2.address))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(operator2.address, Standing.EXPIRED);
    });

    it("reverts when the key is nobody's, or at its end", async () => {
      const { trustList, decide, operator, stranger } = await load(deployTree);
      for (const attempt of [
        () => trustList.connect(stranger).retireKey(stranger.address),
        () => decide(trustList, "retireKey", [stranger.address]),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(stranger.address, Standing.NONE);
      }
      await trustList.connect(operator).retireKey(operator.address);
      await expect(trustList.connect(operator).retireKey(operator.address))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(operator.address, Standing.EXPIRED);
    });

    it("reverts when the caller is neither the key, its controller nor the council", async () => {
      const { trustList, ministry, operator, stranger, members } = await load(deployTree);
      for (const by of [ministry, stranger, members[0]!]) {
        await expect(trustList.connect(by).retireKey(operator.address))
          .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
          .withArgs(by.address);
      }
    });
  });

  describe("reportCompromise", () => {
    it("burns a key for its controller and for the council, from a second of the past on", async () => {
      for (const who of ["controller", "council"] as const) {
        const suite = await load(deployTree);
        const { trustList, decide, connection, hospital, operator, start } = suite;
        await connection.networkHelpers.time.increaseTo(start + 1_000n);
        const since = start + 500n;
        const report =
          who === "council"
            ? decide(trustList, "reportCompromise", [operator.address, since])
            : trustList.connect(hospital).reportCompromise(operator.address, since);
        await expect(report)
          .to.emit(trustList, "KeyChanged")
          .withArgs(operator.address, 2n, [2n, 1n, start, NO_END, since, 1n]);
        expect((await trustList.keyOf(operator.address)).compromisedSince).to.equal(since);
        expect((await trustList.accreditationOf(COURT, 2n)).alarm).to.equal(since);
        await expect(trustList.requireAccredited(COURT, operator.address))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(operator.address, Standing.COMPROMISED);
        await expect(trustList.requireKey(operator.address, 2n, 0n))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(operator.address, Standing.COMPROMISED);
      }
    });

    it("spoils what the key signed at and after the second, not before, and nothing of other keys", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator, operator2, start } = suite;
      await authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, from: start });
      await connection.networkHelpers.time.increaseTo(start + 1_000n);
      const since = start + 500n;
      await trustList.connect(hospital).reportCompromise(operator.address, since);
      for (const [key, time, standing] of [
        [1n, since - 1n, Standing.IN_FORCE],
        [1n, since, Standing.COMPROMISED],
        [1n, since + 1n, Standing.COMPROMISED],
        [2n, since - 1n, Standing.IN_FORCE],
        [2n, since, Standing.IN_FORCE],
        [2n, since + 1n, Standing.IN_FORCE],
      ] as const) {
        expect(await trustList.standingOf(COURT, 2n, key, time)).to.equal(standing);
      }
      // The body itself stands, and its other key acts.
      expect(await trustList.isAccreditedAt(COURT, 2n, since)).to.equal(true);
      await trustList.requireAccredited(COURT, operator2.address);
    });

    it("reaches every scope that the body has, one that it got later too", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, hospital, operator, start } = suite;
      await decide(trustList, "accredit", [CLINIC, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      const since = await now(suite);
      await trustList.connect(hospital).reportCompromise(operator.address, since);
      expect(await trustList.standingOf(CLINIC, 2n, 1n, since)).to.equal(Standing.COMPROMISED);

      const scope = id("scope got later");
      await decide(trustList, "accredit", [scope, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      expect(await trustList.standingOf(scope, 2n, 1n, await now(suite))).to.equal(Standing.COMPROMISED);
    });

    it("keeps the alarm through a renewal, a suspension and a takeover", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, ministry, hospital, operator, start } = suite;
      const since = await now(suite);
      await trustList.connect(hospital).reportCompromise(operator.address, since);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await decide(trustList, "accredit", [COURT, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      expect(await trustList.standingOf(COURT, 2n, 1n, await now(suite))).to.equal(Standing.COMPROMISED);
    });

    it("moves the time back, never forward, and refuses the same again", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator, start } = suite;
      await connection.networkHelpers.time.increaseTo(start + 1_000n);
      const report = (since: bigint) => trustList.connect(hospital).reportCompromise(operator.address, since);
      await report(start + 500n);
      for (const since of [start + 500n, start + 501n, start + 900n]) {
        await expect(report(since))
          .to.be.revertedWithCustomError(trustList, "KeyCompromised")
          .withArgs(operator.address, start + 500n);
      }
      await report(start + 499n);
      expect(await trustList.standingOf(COURT, 2n, 1n, start + 499n)).to.equal(Standing.COMPROMISED);
      expect((await trustList.accreditationOf(COURT, 2n)).alarm).to.equal(start + 499n);
      await report(1n);
      expect(await trustList.standingOf(COURT, 2n, 1n, start)).to.not.equal(Standing.IN_FORCE);
    });

    it("keeps the earliest alarm of several keys", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator, operator2, start } = suite;
      await authorizeKey(suite, { by: hospital, body: 2n, operator: operator2, from: start });
      await connection.networkHelpers.time.increaseTo(start + 1_000n);
      await trustList.connect(hospital).reportCompromise(operator.address, start + 300n);
      await trustList.connect(hospital).reportCompromise(operator2.address, start + 600n);
      expect((await trustList.accreditationOf(COURT, 2n)).alarm).to.equal(start + 300n);
      expect(await trustList.standingOf(COURT, 2n, 2n, start + 599n)).to.equal(Standing.IN_FORCE);
      expect(await trustList.standingOf(COURT, 2n, 2n, start + 600n)).to.equal(Standing.COMPROMISED);
    });

    it("burns a retired key too", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, operator } = suite;
      const signed = await now(suite);
      await trustList.connect(operator).retireKey(operator.address);
      await trustList.connect(hospital).reportCompromise(operator.address, signed);
      expect(await trustList.standingOf(COURT, 2n, 1n, signed)).to.equal(Standing.COMPROMISED);
    });

    it("reverts when the time is zero or to come", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator } = suite;
      const time = await later(suite);
      for (const since of [0n, time + 1n, NO_END]) {
        await connection.networkHelpers.time.setNextBlockTimestamp(time);
        await expect(trustList.connect(hospital).reportCompromise(operator.address, since))
          .to.be.revertedWithCustomError(trustList, "CompromiseInFuture")
          .withArgs(since, time);
      }
      await connection.networkHelpers.time.setNextBlockTimestamp(time);
      await trustList.connect(hospital).reportCompromise(operator.address, time);
    });

    it("reverts when the key is nobody's", async () => {
      const { trustList, decide, stranger } = await load(deployTree);
      await expect(trustList.connect(stranger).reportCompromise(stranger.address, 1n))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(stranger.address, Standing.NONE);
      await expect(decide(trustList, "reportCompromise", [stranger.address, 1n]))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(stranger.address, Standing.NONE);
    });

    it("reverts when the caller is neither its controller nor the council: the key itself neither", async () => {
      const { trustList, operator, ministry, stranger, members } = await load(deployTree);
      for (const by of [operator, ministry, stranger, members[0]!]) {
        await expect(trustList.connect(by).reportCompromise(operator.address, 1n))
          .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
          .withArgs(by.address);
      }
    });
  });

  describe("requireAccredited", () => {
    it("reverts before the key's start and at its end", async () => {
      const suite = await load(deployTree);
      const { trustList, connection, hospital, operator } = suite;
      const { time } = connection.networkHelpers;
      const from = (await now(suite)) + 100n;
      const until = from + 100n;
      await trustList.connect(hospital).authorizeKey(2n, operator.address, [COURT], from, until, 0n, "0x");
      for (const [at, standing] of [
        [from - 1n, Standing.PENDING],
        [from, Standing.IN_FORCE],
        [until - 1n, Standing.IN_FORCE],
        [until, Standing.EXPIRED],
      ] as const) {
        await time.increaseTo(at);
        for (const read of [
          () => trustList.requireAccredited(COURT, operator.address),
          () => trustList.requireKey(operator.address, 2n, 0n),
        ]) {
          if (standing === Standing.IN_FORCE) await read();
          else
            await expect(read())
              .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
              .withArgs(operator.address, standing);
        }
      }
    });

    it("reverts when the address is nobody's key", async () => {
      const { trustList, stranger, hospital } = await load(deployTree);
      for (const address of [stranger.address, hospital.address, ZeroAddress]) {
        await expect(trustList.requireAccredited(COURT, address))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(address, Standing.NONE);
        await expect(trustList.requireKey(address, 0n, 0n))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(address, Standing.NONE);
      }
    });

    it("reverts when the scope is not the key's, or not the body's", async () => {
      const { trustList, decide, operator, start } = await load(deployTree);
      await expect(trustList.requireAccredited(CLINIC, operator.address))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(CLINIC, 2n, Standing.NONE);
      await decide(trustList, "accredit", [CLINIC, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      await expect(trustList.requireAccredited(CLINIC, operator.address))
        .to.be.revertedWithCustomError(trustList, "RoleNotListed")
        .withArgs(operator.address, 2n, 1n);
    });
  });

  describe("requireKey", () => {
    it("answers for a body that lost its accreditation, so that it can revoke", async () => {
      const { trustList, ministry, operator } = await load(deployTree);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await trustList.requireKey(operator.address, 2n, 0n);
    });

    it("reverts when the key is another body's, or does not list the role", async () => {
      const suite = await load(deployTree);
      const { trustList, operator, stranger } = suite;
      const body = await registerBody(suite, stranger);
      await expect(trustList.requireKey(operator.address, body, 0n))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(operator.address, body, 2n);
      for (const role of [1n, 63n, 64n, 65n, 96n, 97n, 128n, 255n]) {
        await expect(trustList.requireKey(operator.address, 2n, role))
          .to.be.revertedWithCustomError(trustList, "RoleNotListed")
          .withArgs(operator.address, 2n, role);
      }
    });
  });
});
