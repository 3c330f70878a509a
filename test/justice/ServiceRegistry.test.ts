import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { DOCUMENT, FAILURE, judgmentFixture, scopeOf, SERVICE } from "../helpers/judgments.js";
import { callOf, throughForwarder } from "../helpers/forward.js";
import { NO_END } from "../helpers/suite.js";
import { later, now, Standing, timeOf, type Signer } from "../helpers/trust.js";

async function serviceFixture() {
  const f = await judgmentFixture();
  const { services, parties, addressee, start } = f;
  const until = start + 86_400n;
  return {
    ...f,
    until,
    send: ({ by = parties.bailiff.key, role = scopeOf("bailiff"), to = addressee.address, end = until } = {}) =>
      services.connect(by).send(DOCUMENT, to, end, role),
    deliver: (by: Signer = parties.bailiff.key) => services.connect(by).deliver(DOCUMENT, addressee),
    fail: (why: bigint = FAILURE.NOT_FOUND, by: Signer = parties.bailiff.key) =>
      services.connect(by).fail(DOCUMENT, addressee, why),
    acknowledge: (by: Signer = addressee) => services.connect(by).acknowledge(DOCUMENT),
    signAcknowledgement: (by: Signer = addressee, deadline = NO_END, domain = {}) =>
      f.sign(
        services,
        by,
        "ServiceAcknowledgement",
        { document: DOCUMENT, addressee: addressee.address, deadline },
        domain,
      ),
    carry: (signature: string, deadline = NO_END) =>
      services.connect(f.stranger).acknowledgeBySignature(DOCUMENT, addressee, deadline, signature),
    stateOf: async () => (await services.statusOf(DOCUMENT, addressee)).state,
  };
}

describe("ServiceRegistry", () => {
  describe("send", () => {
    it("notes a service by a bailiff, and by a court", async () => {
      const f = await serviceFixture();
      const { services, parties, addressee, until } = f;
      const { bailiff, court } = parties;
      const none = [0n, 0n, 0n, false, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
      expect(await services.statusOf(DOCUMENT, addressee)).to.deep.equal(none);
      const sent = f.send();
      await expect(sent)
        .to.emit(services, "DocumentSent")
        .withArgs(DOCUMENT, addressee.address, bailiff.body, 1n, true, until);
      const at = await timeOf(sent);
      expect(await services.serviceOf(DOCUMENT, addressee)).to.deep.equal([
        ...[at, until, 0n, 0n, bailiff.body, 1n, 0n, 0n, true, false, FAILURE.NONE],
      ]);
      expect(await services.statusOf(DOCUMENT, addressee)).to.deep.equal([
        ...[SERVICE.SENT, FAILURE.NONE, bailiff.body, true, at, until, 0n, 0n],
        ...[Standing.IN_FORCE, Standing.NONE, Standing.IN_FORCE],
      ]);
      // The same document to another addressee is another service.
      await f.send({ by: court.key, role: scopeOf("court"), to: f.principal.address });
      const other = await services.serviceOf(DOCUMENT, f.principal);
      expect([other.server, other.isByBailiff]).to.deep.equal([court.body, false]);
    });

    it("refuses other roles, nothing, nobody, an end that is over, and a second time", async () => {
      const f = await serviceFixture();
      const { services, parties, addressee, start, trustList } = f;
      const { court, bailiff, notary } = parties;
      await expect(f.send({ by: notary.key, role: scopeOf("notary") }))
        .to.be.revertedWithCustomError(services, "ServiceRoleInvalid")
        .withArgs(scopeOf("notary"));
      await expect(f.send({ by: court.key }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("bailiff"), court.body, Standing.NONE);
      await expect(f.send({ to: ZeroAddress }))
        .to.be.revertedWithCustomError(services, "ServiceIncomplete")
        .withArgs(DOCUMENT, ZeroAddress);
      await expect(services.connect(bailiff.key).send(ZeroHash, addressee, f.until, scopeOf("bailiff")))
        .to.be.revertedWithCustomError(services, "ServiceIncomplete")
        .withArgs(ZeroHash, addressee.address);
      const now_ = await later(f);
      await expect(f.send({ end: now_ }))
        .to.be.revertedWithCustomError(services, "ServiceEndInvalid")
        .withArgs(now_, now_);
      const at = await timeOf(f.send());
      expect(at > start).to.equal(true);
      await expect(f.send({ by: court.key, role: scopeOf("court") }))
        .to.be.revertedWithCustomError(services, "ServiceExists")
        .withArgs(DOCUMENT, addressee.address, bailiff.body, at);
    });

    it("is stopped by the council; what was sent goes on to its end", async () => {
      const f = await serviceFixture();
      await f.send();
      const until = (await now(f)) + 10_000n;
      await f.stopUntil(f.services, until);
      await expect(f.send({ to: f.principal.address }))
        .to.be.revertedWithCustomError(f.services, "WritesAreStopped")
        .withArgs(until);
      await f.deliver();
      await f.acknowledge();
      expect(await f.stateOf()).to.equal(SERVICE.ACKNOWLEDGED);
    });
  });

  describe("deliver", () => {
    it("is in time until the last second, and lapsed from the next on", async () => {
      const f = await serviceFixture();
      await f.send();
      await f.mineAt(f.until - 2n);
      expect(await f.stateOf()).to.equal(SERVICE.SENT);
      await f.at(f.until - 1n);
      const sent = f.deliver();
      await expect(sent)
        .to.emit(f.services, "DocumentDelivered")
        .withArgs(DOCUMENT, f.addressee.address, f.parties.bailiff.body, 1n);
      const { state, deliveredAt, deliveryStanding } = await f.services.statusOf(DOCUMENT, f.addressee);
      expect([state, deliveredAt, deliveryStanding]).to.deep.equal([
        ...[SERVICE.DELIVERED, f.until - 1n, Standing.IN_FORCE],
      ]);
      await f.services.requireServed(DOCUMENT, f.addressee);
      await expect(f.deliver())
        .to.be.revertedWithCustomError(f.services, "ServiceStateRefuses")
        .withArgs(DOCUMENT, f.addressee.address, SERVICE.DELIVERED);

      const g = await serviceFixture();
      await g.send();
      await g.at(g.until);
      await expect(g.deliver())
        .to.be.revertedWithCustomError(g.services, "ServiceStateRefuses")
        .withArgs(DOCUMENT, g.addressee.address, SERVICE.LAPSED);
      await g.mineAt(g.until + 1n);
      await expect(g.acknowledge())
        .to.be.revertedWithCustomError(g.services, "ServiceStateRefuses")
        .withArgs(DOCUMENT, g.addressee.address, SERVICE.LAPSED);
      await expect(g.services.requireServed(DOCUMENT, g.addressee))
        .to.be.revertedWithCustomError(g.services, "DocumentNotServed")
        .withArgs(DOCUMENT, g.addressee.address, SERVICE.LAPSED, Standing.IN_FORCE);
    });

    it("is the sender's own, accredited now", async () => {
      const f = await serviceFixture();
      const { services, parties, trustList, addressee } = f;
      const { bailiff, court, otherCourt } = parties;
      await expect(f.deliver())
        .to.be.revertedWithCustomError(services, "ServiceUnknown")
        .withArgs(DOCUMENT, addressee.address);
      await f.send({ by: court.key, role: scopeOf("court") });
      await expect(f.deliver(otherCourt.key))
        .to.be.revertedWithCustomError(services, "ServiceOfAnother")
        .withArgs(DOCUMENT, court.body, otherCourt.body);
      await expect(f.deliver(bailiff.key)).to.be.revertedWithCustomError(trustList, "NotAccredited");
      await f.councilDoes("suspend", "court", court.body);
      await expect(f.deliver(court.key)).to.be.revertedWithCustomError(trustList, "NotAccredited");
      await f.councilDoes("reinstate", "court", court.body);
      await f.deliver(court.key);
    });
  });

  describe("fail", () => {
    it("tells why, also after the time, by a body that lost its accreditation", async () => {
      const f = await serviceFixture();
      const { services, parties, addressee } = f;
      await f.send();
      await f.councilDoes("withdraw", "bailiff", parties.bailiff.body);
      await f.at(f.until + 5n);
      await expect(f.fail(FAILURE.REFUSED))
        .to.emit(services, "ServiceFailed")
        .withArgs(DOCUMENT, addressee.address, parties.bailiff.body, FAILURE.REFUSED);
      const { state, failure, endedAt } = await services.statusOf(DOCUMENT, addressee);
      expect([state, failure, endedAt]).to.deep.equal([SERVICE.FAILED, FAILURE.REFUSED, f.until + 5n]);
      for (const again of [() => f.fail(), () => f.acknowledge()]) {
        await expect(again())
          .to.be.revertedWithCustomError(services, "ServiceStateRefuses")
          .withArgs(DOCUMENT, addressee.address, SERVICE.FAILED);
      }
    });

    it("needs a reason, the sender's key, and no delivery", async () => {
      const f = await serviceFixture();
      const { services, parties, addressee, trustList } = f;
      await f.send();
      await expect(f.fail(FAILURE.NONE))
        .to.be.revertedWithCustomError(services, "FailureMissing")
        .withArgs(DOCUMENT, addressee.address);
      await expect(f.fail(FAILURE.OTHER, parties.court.key)).to.be.revertedWithCustomError(
        trustList,
        "KeyOfAnotherBody",
      );
      await f.deliver();
      await expect(f.fail())
        .to.be.revertedWithCustomError(services, "ServiceStateRefuses")
        .withArgs(DOCUMENT, addressee.address, SERVICE.DELIVERED);
    });
  });

  describe("acknowledge", () => {
    it("is the addressee's: in time, or once delivered at any time", async () => {
      const f = await serviceFixture();
      await f.send();
      await expect(f.acknowledge(f.stranger))
        .to.be.revertedWithCustomError(f.services, "ServiceUnknown")
        .withArgs(DOCUMENT, f.stranger.address);
      await f.deliver();
      await f.at(f.until + 1_000n);
      await expect(f.acknowledge()).to.emit(f.services, "DocumentAcknowledged").withArgs(DOCUMENT, f.addressee.address);
      const { state, endedAt } = await f.services.statusOf(DOCUMENT, f.addressee);
      expect([state, endedAt]).to.deep.equal([SERVICE.ACKNOWLEDGED, f.until + 1_000n]);
      await f.services.requireServed(DOCUMENT, f.addressee);
      await expect(f.acknowledge())
        .to.be.revertedWithCustomError(f.services, "ServiceStateRefuses")
        .withArgs(DOCUMENT, f.addressee.address, SERVICE.ACKNOWLEDGED);
    });

    it("by signature, which anybody carries once", async () => {
      const f = await serviceFixture();
      await f.send();
      const signature = await f.signAcknowledgement();
      await f.carry(signature);
      expect(await f.stateOf()).to.equal(SERVICE.ACKNOWLEDGED);
      await expect(f.carry(signature)).to.be.revertedWithCustomError(f.services, "ServiceStateRefuses");
    });

    it("refuses a signature of another, of another registry or chain, and one past its deadline", async () => {
      const f = await serviceFixture();
      await f.send();
      const other = await f.powers.getAddress();
      for (const signature of [
        await f.signAcknowledgement(f.stranger),
        await f.signAcknowledgement(f.addressee, NO_END, { chainId: 1n }),
        await f.signAcknowledgement(f.addressee, NO_END, { verifyingContract: other }),
        await f.signAcknowledgement(f.addressee, 7n),
        "0x",
      ]) {
        await expect(f.carry(signature)).to.be.revertedWithCustomError(f.services, "SignatureInvalid");
      }
      const at = await later(f);
      const late = await f.signAcknowledgement(f.addressee, at - 1n);
      await expect(f.carry(late, at - 1n))
        .to.be.revertedWithCustomError(f.services, "SignatureExpired")
        .withArgs(at - 1n, at);
    });

    it("through a relay, in the addressee's name", async () => {
      const f = await serviceFixture();
      await f.send();
      await throughForwarder(f)(f.addressee, await callOf(f.services, "acknowledge", [DOCUMENT]));
      expect(await f.stateOf()).to.equal(SERVICE.ACKNOWLEDGED);
    });
  });

  describe("a compromised key", () => {
    it("serves nothing: neither what it sent, nor what it said was delivered", async () => {
      const f = await serviceFixture();
      const { services, parties, addressee } = f;
      const [second] = f.spare;
      await f.giveKey(parties.bailiff.body, second!, ["bailiff"]);
      await f.send();
      await f.deliver(second);
      await f.compromise(second!, f.start);
      const served = () => services.requireServed(DOCUMENT, addressee);
      await expect(served())
        .to.be.revertedWithCustomError(services, "DocumentNotServed")
        .withArgs(DOCUMENT, addressee.address, SERVICE.DELIVERED, Standing.COMPROMISED);
      const { standing, deliveryStanding } = await services.statusOf(DOCUMENT, addressee);
      expect([standing, deliveryStanding]).to.deep.equal([Standing.IN_FORCE, Standing.COMPROMISED]);
      // The addressee's own word counts.
      await f.acknowledge();
      await served();
      await f.compromise(parties.bailiff.key, f.start);
      await expect(served())
        .to.be.revertedWithCustomError(services, "DocumentNotServed")
        .withArgs(DOCUMENT, addressee.address, SERVICE.ACKNOWLEDGED, Standing.COMPROMISED);
    });
  });
});
