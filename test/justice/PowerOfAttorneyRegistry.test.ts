import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { judgmentFixture, POWER, SCOPE, scopeOf } from "../helpers/judgments.js";
import { callOf, throughForwarder } from "../helpers/forward.js";
import { NO_END } from "../helpers/suite.js";
import { later, now, Standing, timeOf, type Signer } from "../helpers/trust.js";

async function powerFixture() {
  const f = await judgmentFixture();
  const { powers, principal, agent, parties, start } = f;
  const terms = { agent: agent.address, scope: SCOPE, from: start, until: start + 86_400n };
  interface Signed {
    by?: Signer;
    version?: bigint;
    deadline?: bigint;
    domain?: object;
  }
  return {
    ...f,
    terms,
    grant: (other: Partial<typeof terms> = {}, by: Signer = principal) =>
      powers.connect(by).grant({ ...terms, ...other }),
    revoke: (by: Signer = principal) => powers.connect(by).revoke(agent, SCOPE),
    renounce: (by: Signer = agent) => powers.connect(by).renounce(principal, SCOPE),
    attest: (version: bigint, by: Signer = parties.notary.key) =>
      powers.connect(by).attest(principal, agent, SCOPE, version),
    signGrant: ({ by = principal, version = 0n, deadline = NO_END, domain = {} }: Signed = {}) =>
      f.sign(powers, by, "PowerGrant", { principal: principal.address, ...terms, version, deadline }, domain),
    carryGrant: (signature: string, version = 0n, deadline = NO_END, other: Partial<typeof terms> = {}) =>
      powers.connect(f.stranger).grantBySignature(principal, { ...terms, ...other }, version, deadline, signature),
    signRevocation: ({ by = principal, version = 0n, deadline = NO_END, domain = {} }: Signed = {}) => {
      const message = { principal: principal.address, agent: agent.address, scope: SCOPE, version, deadline };
      return f.sign(powers, by, "PowerRevocation", message, domain);
    },
    carryRevocation: (signature: string, version = 0n, deadline = NO_END) =>
      powers.connect(f.stranger).revokeBySignature(principal, agent, SCOPE, version, deadline, signature),
    statusNow: () => powers.statusOf(principal, agent, SCOPE),
    required: () => powers.requirePower(principal, agent, SCOPE),
  };
}

describe("PowerOfAttorneyRegistry", () => {
  describe("grant", () => {
    it("keeps a power, in force from its first second to its last", async () => {
      const f = await powerFixture();
      const { powers, principal, agent, start } = f;
      expect(await f.statusNow()).to.equal(POWER.NONE);
      const from = start + 1_000n;
      const until = start + 2_000n;
      const sent = f.grant({ from, until });
      await expect(sent)
        .to.emit(powers, "PowerGranted")
        .withArgs(principal.address, agent.address, SCOPE, from, until, 1n, false);
      expect(await powers.powerOf(principal, agent, SCOPE)).to.deep.equal([
        ...[from, until, await timeOf(sent), 1n, 1n, false],
      ]);
      for (const [time, status] of [
        [from - 1n, POWER.PENDING],
        [from, POWER.IN_FORCE],
        [until - 1n, POWER.IN_FORCE],
        [until, POWER.EXPIRED],
      ] as const) {
        await f.mineAt(time);
        expect(await f.statusNow()).to.equal(status);
        if (status === POWER.IN_FORCE) await f.required();
        else {
          await expect(f.required())
            .to.be.revertedWithCustomError(powers, "PowerNotInForce")
            .withArgs(principal.address, agent.address, SCOPE, status);
        }
      }
    });

    it("refuses nobody, oneself, no scope and periods that cannot be", async () => {
      const f = await powerFixture();
      const { powers, principal, agent, start } = f;
      for (const who of [ZeroAddress, principal.address]) {
        await expect(f.grant({ agent: who }))
          .to.be.revertedWithCustomError(powers, "PowerAgentInvalid")
          .withArgs(principal.address, who);
      }
      await expect(f.grant({ scope: ZeroHash }))
        .to.be.revertedWithCustomError(powers, "PowerScopeMissing")
        .withArgs(principal.address, agent.address);
      await expect(f.grant({ from: NO_END, until: NO_END }))
        .to.be.revertedWithCustomError(powers, "PowerPeriodInvalid")
        .withArgs(NO_END, NO_END, (await now(f)) + 1n);
      const at = await later(f);
      await expect(f.grant({ until: at }))
        .to.be.revertedWithCustomError(powers, "PowerPeriodInvalid")
        .withArgs(start, at, at);
    });

    it("is stopped by the council, as an attestation is; ends are not", async () => {
      const f = await powerFixture();
      await f.grant();
      const signature = await f.signGrant({ version: 1n });
      await f.stopUntil(f.powers, NO_END);
      for (const send of [() => f.grant(), () => f.carryGrant(signature, 1n), () => f.attest(1n)]) {
        await expect(send()).to.be.revertedWithCustomError(f.powers, "WritesAreStopped").withArgs(NO_END);
      }
      await f.renounce();
      await f.revoke();
      await f.carryRevocation(await f.signRevocation({ version: 3n }), 3n);
    });

    it("through a relay, in the principal's name", async () => {
      const f = await powerFixture();
      await throughForwarder(f)(f.principal, await callOf(f.powers, "grant", [f.terms]));
      expect(await f.statusNow()).to.equal(POWER.IN_FORCE);
    });
  });

  describe("grantBySignature", () => {
    it("grants once", async () => {
      const f = await powerFixture();
      const signature = await f.signGrant();
      await expect(f.carryGrant(signature))
        .to.emit(f.powers, "PowerGranted")
        .withArgs(f.principal.address, f.agent.address, SCOPE, f.terms.from, f.terms.until, 1n, true);
      expect((await f.powers.powerOf(f.principal, f.agent, SCOPE)).isBySignature).to.equal(true);
      await expect(f.carryGrant(signature))
        .to.be.revertedWithCustomError(f.powers, "PowerVersionMismatch")
        .withArgs(0n, 1n);
      // Nor under the next version, which was not signed, nor after the end.
      await expect(f.carryGrant(signature, 1n)).to.be.revertedWithCustomError(f.powers, "SignatureInvalid");
      await f.revoke();
      for (const version of [0n, 1n]) {
        await expect(f.carryGrant(signature, version)).to.be.revertedWithCustomError(f.powers, "PowerVersionMismatch");
      }
    });

    it("refuses other signers, domains and terms, and what is past its deadline", async () => {
      const f = await powerFixture();
      const other = await f.services.getAddress();
      for (const signature of [
        await f.signGrant({ by: f.agent }),
        await f.signGrant({ domain: { chainId: 1n } }),
        await f.signGrant({ domain: { verifyingContract: other } }),
        await f.signGrant({ deadline: 7n }),
        await f.signRevocation(),
        "0x",
      ]) {
        await expect(f.carryGrant(signature)).to.be.revertedWithCustomError(f.powers, "SignatureInvalid");
      }
      const signature = await f.signGrant();
      for (const changed of [{ agent: f.stranger.address }, { scope: scopeOf("court") }, { until: NO_END }]) {
        await expect(f.carryGrant(signature, 0n, NO_END, changed)).to.be.revertedWithCustomError(
          f.powers,
          "SignatureInvalid",
        );
      }
      const at = await later(f);
      await expect(f.carryGrant(await f.signGrant({ deadline: at - 1n }), 0n, at - 1n))
        .to.be.revertedWithCustomError(f.powers, "SignatureExpired")
        .withArgs(at - 1n, at);
    });
  });

  describe("revoke", () => {
    it("ends a power in the very second, and leaves its times to be read", async () => {
      const f = await powerFixture();
      await f.grant();
      const at = await later(f);
      await expect(f.revoke())
        .to.emit(f.powers, "PowerRevoked")
        .withArgs(f.principal.address, f.agent.address, SCOPE, 2n, false);
      expect(await now(f)).to.equal(at);
      expect(await f.statusNow()).to.equal(POWER.REVOKED);
      expect(await f.powers.powerOf(f.principal, f.agent, SCOPE)).to.deep.equal([
        ...[f.terms.from, f.terms.until, at, 2n, 2n, false],
      ]);
      await f.mineAt(f.terms.until);
      expect(await f.statusNow()).to.equal(POWER.REVOKED);
    });

    it("ends what was signed and not yet carried; a stranger ends nothing", async () => {
      const f = await powerFixture();
      const signature = await f.signGrant();
      await f.revoke(f.stranger);
      await f.carryGrant(signature);
      expect(await f.statusNow()).to.equal(POWER.IN_FORCE);
      const next = await f.signGrant({ version: 1n });
      await f.revoke();
      await expect(f.carryGrant(next, 1n))
        .to.be.revertedWithCustomError(f.powers, "PowerVersionMismatch")
        .withArgs(1n, 2n);
    });

    it("by signature, of the present version or of one to come, once", async () => {
      const f = await powerFixture();
      await f.grant();
      const signature = await f.signRevocation({ version: 1n });
      await expect(f.carryRevocation(signature, 1n))
        .to.emit(f.powers, "PowerRevoked")
        .withArgs(f.principal.address, f.agent.address, SCOPE, 2n, true);
      await f.grant();
      await expect(f.carryRevocation(signature, 1n))
        .to.be.revertedWithCustomError(f.powers, "PowerVersionMismatch")
        .withArgs(1n, 3n);
      const uncarried = await f.signGrant({ version: 3n });
      await f.carryRevocation(await f.signRevocation({ version: 4n }), 4n);
      await expect(f.carryGrant(uncarried, 3n))
        .to.be.revertedWithCustomError(f.powers, "PowerVersionMismatch")
        .withArgs(3n, 5n);
      await expect(
        f.carryRevocation(await f.signRevocation({ by: f.agent, version: 5n }), 5n),
      ).to.be.revertedWithCustomError(f.powers, "SignatureInvalid");
    });
  });

  describe("renounce", () => {
    it("is the agent's, and the principal may grant anew", async () => {
      const f = await powerFixture();
      const signed = await f.signGrant({ version: 1n });
      await f.grant();
      await expect(f.renounce(f.stranger))
        .to.be.revertedWithCustomError(f.powers, "PowerNotInForce")
        .withArgs(f.principal.address, f.stranger.address, SCOPE, POWER.NONE);
      await expect(f.renounce())
        .to.emit(f.powers, "PowerRenounced")
        .withArgs(f.principal.address, f.agent.address, SCOPE, 2n);
      expect(await f.statusNow()).to.equal(POWER.RENOUNCED);
      await expect(f.renounce())
        .to.be.revertedWithCustomError(f.powers, "PowerNotInForce")
        .withArgs(f.principal.address, f.agent.address, SCOPE, POWER.RENOUNCED);
      // What the principal had signed before does not bring it back; what is granted after does.
      await expect(f.carryGrant(signed, 1n))
        .to.be.revertedWithCustomError(f.powers, "PowerVersionMismatch")
        .withArgs(1n, 2n);
      await f.grant();
      expect(await f.statusNow()).to.equal(POWER.IN_FORCE);
    });

    it("is open before the start, and not after the end", async () => {
      const f = await powerFixture();
      await f.grant({ from: f.terms.until - 1n });
      await f.renounce();
      await f.grant();
      await f.at(f.terms.until);
      await expect(f.renounce())
        .to.be.revertedWithCustomError(f.powers, "PowerNotInForce")
        .withArgs(f.principal.address, f.agent.address, SCOPE, POWER.EXPIRED);
    });
  });

  describe("attest", () => {
    it("counts for the version that it names", async () => {
      const f = await powerFixture();
      const { powers, principal, agent, parties } = f;
      const { body } = parties.notary;
      const attested = () => powers.attestedBy(principal, agent, SCOPE);
      const required = () => powers.requireAttestedPower(principal, agent, SCOPE);
      const none = [[0n, 0n, 0n, 0n], Standing.NONE];
      await f.grant();
      expect(await attested()).to.deep.equal(none);
      await expect(required())
        .to.be.revertedWithCustomError(powers, "PowerNotAttested")
        .withArgs(principal.address, agent.address, SCOPE, Standing.NONE);
      const sent = f.attest(1n);
      await expect(sent)
        .to.emit(powers, "PowerAttested")
        .withArgs(principal.address, agent.address, SCOPE, body, 1n, 1n);
      expect(await attested()).to.deep.equal([[await timeOf(sent), body, 1n, 1n], Standing.IN_FORCE]);
      await required();
      await f.grant();
      expect(await attested()).to.deep.equal(none);
      await expect(f.attest(1n)).to.be.revertedWithCustomError(powers, "PowerVersionMismatch").withArgs(1n, 2n);
      await f.attest(2n);
      await f.compromise(parties.notary.key, f.start);
      await expect(required())
        .to.be.revertedWithCustomError(powers, "PowerNotAttested")
        .withArgs(principal.address, agent.address, SCOPE, Standing.COMPROMISED);
      await f.required();
      await f.revoke();
      await expect(required()).to.be.revertedWithCustomError(powers, "PowerNotInForce");
    });

    it("is a notary's, of a power that is in force or to come", async () => {
      const f = await powerFixture();
      await expect(f.attest(0n, f.parties.court.key))
        .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
        .withArgs(scopeOf("notary"), f.parties.court.body, Standing.NONE);
      await expect(f.attest(0n))
        .to.be.revertedWithCustomError(f.powers, "PowerNotInForce")
        .withArgs(f.principal.address, f.agent.address, SCOPE, POWER.NONE);
      await f.grant();
      await f.revoke();
      await expect(f.attest(2n)).to.be.revertedWithCustomError(f.powers, "PowerNotInForce");
    });
  });
});
