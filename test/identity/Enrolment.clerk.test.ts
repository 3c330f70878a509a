import { expect } from "chai";
import { concat, dataLength, dataSlice, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { AttestationRegistry__factory, Enrolment__factory } from "../../src/typechain/index.js";
import {
  BECAUSE,
  COMMITMENT,
  LAPSE,
  STATE,
  applicantFixture,
  confirmationOf,
  requestIdFrom,
} from "../helpers/applicant.js";
import { OTHER_SCHEMA, SCHEMA, STATUS, itemOf, uidOf } from "../helpers/issuer.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { later, now, Standing, timeOf, type Signer } from "../helpers/trust.js";

type Fixture = Awaited<ReturnType<typeof applicantFixture>>;

/** What a clerk decides: both, so that each refusal is tried on each. */
const DECISIONS = {
  confirm: (f: Fixture, clerk?: Signer) => f.confirm(clerk === undefined ? {} : { clerk }),
  reject: (f: Fixture, clerk?: Signer) => f.reject(clerk),
} as const;

describe("Enrolment: the clerk", () => {
  describe("confirm", () => {
    it("issues the attestation by the clerk's office, ends the request, and tells both", async () => {
      const f = await applicantFixture();
      const { enrolment, registry, office, colleague, id, attestation, confirm, request } = f;
      await request();
      const sent = confirm({ clerk: colleague });
      const uid = uidOf(attestation(1));
      await expect(sent).to.emit(registry, "AttestationIssued").withArgs(uid, SCHEMA, office, NO_END);
      await expect(sent).to.emit(enrolment, "EnrolmentConfirmed").withArgs(id, uid);
      const { state, decidedAt, key, grounds } = await enrolment.statusOf(id);
      const decided = await timeOf(sent);
      expect([state, decidedAt, key, grounds]).to.deep.equal([STATE.CONFIRMED, decided, 0n, 0n]);
      const record = await registry.recordOf(uid);
      expect([record.issuer, record.key, record.issuedAt]).to.deep.equal([office, 2n, decided]);
      expect((await registry.statusOf(attestation(1))).status).to.equal(STATUS.VALID);
    });

    it("goes through in the request's last second", async () => {
      const f = await applicantFixture();
      const requestedAt = await timeOf(f.request());
      await f.time.setNextBlockTimestamp(requestedAt + LAPSE - 1n);
      await expect(f.confirm()).to.emit(f.enrolment, "EnrolmentConfirmed");
    });

    it("reverts when the attestation exists, and the request stays pending", async () => {
      const f = await applicantFixture();
      await f.request();
      const { content, expiresAt } = itemOf(f.attestation(1));
      await f.registry.attest(SCHEMA, content, expiresAt);
      await expect(f.confirm()).to.be.revertedWithCustomError(f.registry, "AttestationExists");
      expect(await f.stateOf(f.id)).to.equal(STATE.REQUESTED);
    });

    it("reverts a second time, whatever is attested", async () => {
      const f = await applicantFixture();
      await f.request();
      await f.confirm();
      for (const clerk of [f.operator, f.colleague]) {
        await expect(f.confirm({ clerk, attestation: f.attestation(2) }))
          .to.be.revertedWithCustomError(f.enrolment, "EnrolmentNotPending")
          .withArgs(f.id, STATE.CONFIRMED);
      }
      expect((await f.registry.recordOf(uidOf(f.attestation(2)))).issuedAt).to.equal(0n);
    });

    it("reverts while the council has stopped new writes of either contract, until the second of its end", async () => {
      for (const name of ["enrolment", "registry"] as const) {
        const f = await applicantFixture();
        await f.request();
        const until = (await now(f)) + 100n;
        await f.decide(f[name], "stop", [until, GROUNDS]);
        await f.time.setNextBlockTimestamp(until - 1n);
        await expect(f.confirm()).to.be.revertedWithCustomError(f[name], "WritesAreStopped").withArgs(until);
        await f.time.setNextBlockTimestamp(until);
        await expect(f.confirm()).to.emit(f.enrolment, "EnrolmentConfirmed");
      }
    });

    it("reverts when the data are cut short, are empty, or hold no address", async () => {
      const f = await applicantFixture();
      await f.request();
      const { content, expiresAt } = itemOf(f.attestation(1));
      const whole = confirmationOf(f.citizen.address, COMMITMENT);
      for (const data of [
        "0x",
        dataSlice(whole, 0, dataLength(whole) - 1),
        dataSlice(whole, 0, 32),
        concat([toBeHex((1n << 160n) | BigInt(f.citizen.address), 32), COMMITMENT]),
      ]) {
        await expect(
          f.registry.attestAndCall(SCHEMA, content, expiresAt, f.enrolment, data),
        ).to.be.revertedWithoutReason(f.ethers);
      }
      expect(await f.stateOf(f.id)).to.equal(STATE.REQUESTED);
    });
  });

  describe("reject", () => {
    it("ends the request with the key and the grounds, and tells", async () => {
      const f = await applicantFixture();
      const requestedAt = await timeOf(f.request());
      const sent = f.reject(f.colleague);
      await expect(sent).to.emit(f.enrolment, "EnrolmentRejected").withArgs(f.id, 2n, BECAUSE.IDENTITY_NOT_PROVEN);
      expect([...(await f.enrolment.statusOf(f.id))]).to.deep.equal([
        requestedAt,
        requestedAt + LAPSE,
        await timeOf(sent),
        f.office,
        2n,
        STATE.REJECTED,
        BECAUSE.IDENTITY_NOT_PROVEN,
      ]);
    });

    it("takes each of the grounds and no other", async () => {
      const f = await applicantFixture();
      for (let grounds = 0n; grounds <= BECAUSE.ENROLLED_ALREADY; grounds++) {
        await f.request();
        await f.enrolment.connect(f.operator).reject(SCHEMA, f.citizen.address, COMMITMENT, grounds);
        expect((await f.enrolment.statusOf(f.id)).grounds).to.equal(grounds);
      }
      await f.request();
      const beyond = BECAUSE.ENROLLED_ALREADY + 1n;
      await expect(
        f.enrolment.connect(f.operator).reject(SCHEMA, f.citizen.address, COMMITMENT, beyond),
      ).to.be.revertedWithoutReason(f.ethers);
    });

    it("goes on while the council has stopped new writes", async () => {
      const f = await applicantFixture();
      await f.request();
      await f.decide(f.enrolment, "stop", [NO_END, GROUNDS]);
      await expect(f.reject()).to.emit(f.enrolment, "EnrolmentRejected");
    });
  });

  for (const [name, decide] of Object.entries(DECISIONS)) {
    describe(name, () => {
      it("reverts when nobody made the request", async () => {
        const f = await applicantFixture();
        await expect(decide(f)).to.be.revertedWithCustomError(f.enrolment, "EnrolmentUnknown").withArgs(f.id);
      });

      it("reverts from the second of the lapse on, and the attestation is not issued", async () => {
        const f = await applicantFixture();
        const requestedAt = await timeOf(f.request());
        for (const after of [0n, 1n, LAPSE * 1_000n]) {
          await f.time.setNextBlockTimestamp(requestedAt + LAPSE + after);
          await expect(decide(f))
            .to.be.revertedWithCustomError(f.enrolment, "EnrolmentNotPending")
            .withArgs(f.id, STATE.LAPSED);
        }
        expect((await f.registry.recordOf(uidOf(f.attestation(1)))).issuedAt).to.equal(0n);
      });

      it("reverts once it was rejected, withdrawn or confirmed", async () => {
        const f = await applicantFixture();
        for (const [end, state] of [
          [f.reject, STATE.REJECTED],
          [f.withdraw, STATE.WITHDRAWN],
          [() => f.confirm({ attestation: f.attestation(9) }), STATE.CONFIRMED],
        ] as const) {
          await f.request();
          await end();
          await expect(decide(f))
            .to.be.revertedWithCustomError(f.enrolment, "EnrolmentNotPending")
            .withArgs(f.id, state);
        }
      });

      it("reverts when the clerk is of another office, accredited for the same schema", async () => {
        const f = await applicantFixture();
        await f.request();
        for (const [clerk, body] of [
          [f.rivalClerk, f.rival],
          [f.branchClerk, f.branch],
        ] as const) {
          await expect(decide(f, clerk))
            .to.be.revertedWithCustomError(f.enrolment, "EnrolmentUnknown")
            .withArgs(requestIdFrom(f.citizen.address, body, SCHEMA, COMMITMENT));
        }
        expect(await f.stateOf(f.id)).to.equal(STATE.REQUESTED);
      });

      it("reverts when the clerk's key is for another schema", async () => {
        const f = await applicantFixture();
        await f.request();
        await expect(decide(f, f.otherClerk))
          .to.be.revertedWithCustomError(f.trustList, "RoleNotListed")
          .withArgs(f.otherClerk.address, f.office, 0n);
      });

      it("reverts when the clerk made the request; a colleague may decide", async () => {
        const f = await applicantFixture();
        await f.request(f.operator);
        const own = requestIdFrom(f.operator.address, f.office, SCHEMA, COMMITMENT);
        const applicant = f.operator.address;
        const by = (clerk: Signer) =>
          name === "confirm" ? f.confirm({ clerk, applicant }) : f.reject(clerk, applicant);
        await expect(by(f.operator))
          .to.be.revertedWithCustomError(f.enrolment, "OwnEnrolment")
          .withArgs(own, f.operator.address);
        await by(f.colleague);
        expect(await f.stateOf(own)).to.equal(name === "confirm" ? STATE.CONFIRMED : STATE.REJECTED);
      });

      it("reverts when the caller is nobody's key: the applicant, a stranger, the office's controller", async () => {
        const f = await applicantFixture();
        await f.request();
        for (const caller of [f.citizen, f.stranger, f.controller]) {
          await expect(decide(f, caller))
            .to.be.revertedWithCustomError(f.trustList, "KeyNotInForce")
            .withArgs(caller.address, Standing.NONE);
        }
      });

      it("reverts when the office was suspended or withdrawn since, and goes through once it is reinstated", async () => {
        const f = await applicantFixture();
        await f.request();
        const refused = (standing: bigint) =>
          expect(decide(f))
            .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
            .withArgs(SCHEMA, f.office, standing);
        await f.councilDoes("suspend", f.office);
        await refused(Standing.SUSPENDED);
        const snapshot = await f.connection.networkHelpers.takeSnapshot();
        await f.councilDoes("reinstate", f.office);
        await decide(f);
        await snapshot.restore();
        await f.councilDoes("withdraw", f.office);
        await refused(Standing.WITHDRAWN);
      });

      it("reverts when the clerk's key was retired, or is known compromised", async () => {
        const f = await applicantFixture();
        await f.request();
        await f.trustList.connect(f.operator).retireKey(f.operator.address);
        await expect(decide(f)).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce");
        await f.trustList.connect(f.controller).reportCompromise(f.colleague.address, await now(f));
        await expect(decide(f, f.colleague)).to.be.revertedWithCustomError(f.trustList, "KeyNotInForce");
      });
    });
  }

  it("confirms for another schema only what was requested for it", async () => {
    const f = await applicantFixture();
    await f.request();
    const attestation = f.attestation(1, { schema: OTHER_SCHEMA });
    await expect(f.confirm({ clerk: f.otherClerk, schema: OTHER_SCHEMA, attestation }))
      .to.be.revertedWithCustomError(f.enrolment, "EnrolmentUnknown")
      .withArgs(requestIdFrom(f.citizen.address, f.office, OTHER_SCHEMA, COMMITMENT));
  });

  it("lets one of two clerks decide, in one block", async () => {
    const f = await applicantFixture();
    await f.request();
    const at = (await now(f)) + 10n;
    const { content, expiresAt } = itemOf(f.attestation(1));
    const data = confirmationOf(f.citizen.address, COMMITMENT);
    const sends: Promise<{ hash: string }>[] = [];
    await f.inOneBlock(
      at,
      async () => {
        const by = f.enrolment.connect(f.colleague);
        sends.push(by.reject(SCHEMA, f.citizen.address, COMMITMENT, 0n, { gasLimit: 300_000n }));
        await sends[0];
      },
      async () => {
        sends.push(f.registry.attestAndCall(SCHEMA, content, expiresAt, f.enrolment, data, { gasLimit: 300_000n }));
        await sends[1];
      },
    );
    const receipts = await Promise.all(
      sends.map(async (sent) => f.ethers.provider.getTransactionReceipt((await sent).hash)),
    );
    expect(receipts.map((receipt) => receipt?.status)).to.have.members([0, 1]);
    const { issuedAt } = await f.registry.recordOf(uidOf(f.attestation(1)));
    expect(issuedAt !== 0n).to.equal((await f.stateOf(f.id)) === STATE.CONFIRMED);
  });

  describe("onAttested", () => {
    /** What the registry would tell, said by somebody else. */
    const forged = (f: Fixture) =>
      f.enrolment.interface.encodeFunctionData("onAttested", [
        f.operator.address,
        uidOf(f.attestation(1)),
        SCHEMA,
        f.office,
        ZeroHash,
        NO_END,
        confirmationOf(f.citizen.address, COMMITMENT),
      ]);

    it("reverts for everybody but the registry", async () => {
      const f = await applicantFixture();
      await f.request();
      const to = await f.enrolment.getAddress();
      for (const caller of [f.stranger, f.operator, f.citizen, f.members[0] ?? f.stranger]) {
        await expect(caller.sendTransaction({ to, data: forged(f) }))
          .to.be.revertedWithCustomError(f.enrolment, "NotAttestationRegistry")
          .withArgs(caller.address);
      }
      expect(await f.stateOf(f.id)).to.equal(STATE.REQUESTED);
    });

    it("does not take a caller for the registry whose data end in its address", async () => {
      const f = await applicantFixture();
      await f.request();
      const registry = await f.registry.getAddress();
      await expect(
        f.stranger.sendTransaction({ to: await f.enrolment.getAddress(), data: concat([forged(f), registry]) }),
      )
        .to.be.revertedWithCustomError(f.enrolment, "NotAttestationRegistry")
        .withArgs(f.stranger.address);
    });

    it("does not take a hub that names the registry at its word", async () => {
      const f = await applicantFixture();
      const hub = await f.ethers.deployContract("RelayHub");
      const registry = await f.registry.getAddress();
      const relays = { forwarder: f.forwarder, hub };
      const enrolment = await new Enrolment__factory(f.deployer).deploy(
        f.manager,
        registry,
        f.trustList,
        LAPSE,
        relays,
      );
      await enrolment.connect(f.citizen).request(f.office, SCHEMA, COMMITMENT);
      await expect(hub.getFunction("relay")(registry, await enrolment.getAddress(), forged(f)))
        .to.be.revertedWithCustomError(enrolment, "NotAttestationRegistry")
        .withArgs(await hub.getAddress());
    });

    it("does not take another registry's word, though its clerk is one of the office", async () => {
      const f = await applicantFixture();
      await f.request();
      // A registry of the same make, deployed by a stranger, that knows the same trust list.
      const relays = { forwarder: f.forwarder, hub: ZeroAddress };
      const theirs = await new AttestationRegistry__factory(f.stranger).deploy(f.manager, f.trustList, relays);
      const { content, expiresAt } = itemOf(f.attestation(1));
      const data = confirmationOf(f.citizen.address, COMMITMENT);
      await expect(theirs.connect(f.operator).attestAndCall(SCHEMA, content, expiresAt, f.enrolment, data))
        .to.be.revertedWithCustomError(f.enrolment, "NotAttestationRegistry")
        .withArgs(await theirs.getAddress());
    });
  });

  it("may be given any period, none too", async () => {
    const f = await applicantFixture();
    const relays = { forwarder: f.forwarder, hub: ZeroAddress };
    for (const lapse of [0n, 1n, 2n ** 32n - 1n]) {
      const enrolment = (
        await new Enrolment__factory(f.deployer).deploy(f.manager, f.registry, f.trustList, lapse, relays)
      ).connect(f.citizen);
      const requestedAt = await later(f);
      await enrolment.request(f.office, SCHEMA, COMMITMENT);
      const { lapsesAt, state } = await enrolment.statusOf(f.id);
      expect([lapsesAt, state]).to.deep.equal([requestedAt + lapse, lapse === 0n ? STATE.LAPSED : STATE.REQUESTED]);
    }
  });
});
