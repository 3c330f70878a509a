import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { BECAUSE, COMMITMENT, LAPSE, STATE, applicantFixture, requestIdFrom } from "../helpers/applicant.js";
import { OTHER_SCHEMA, SCHEMA, STATUS } from "../helpers/issuer.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { timeOf } from "../helpers/trust.js";

describe("Enrolment", () => {
  describe("request", () => {
    it("keeps who is to confirm, when and until when, and tells neither applicant nor commitment", async () => {
      const { enrolment, office, request, id, citizen } = await applicantFixture();
      const sent = request();
      const requestedAt = await timeOf(sent);
      await expect(sent)
        .to.emit(enrolment, "EnrolmentRequested")
        .withArgs(id, office, SCHEMA, requestedAt + LAPSE);
      expect([...(await enrolment.statusOf(id))]).to.deep.equal([
        requestedAt,
        requestedAt + LAPSE,
        0n,
        office,
        0n,
        STATE.REQUESTED,
        BECAUSE.UNSPECIFIED,
      ]);
      const logs = JSON.stringify((await (await sent).wait())?.logs).toLowerCase();
      for (const secret of [citizen.address, COMMITMENT]) expect(logs).to.not.contain(secret.slice(2).toLowerCase());
    });

    it("answers the id", async () => {
      const { enrolment, office, citizen, id } = await applicantFixture();
      expect(await enrolment.request.staticCall(office, SCHEMA, COMMITMENT)).to.equal(id);
      expect(await enrolment.requestIdOf(citizen.address, office, SCHEMA, COMMITMENT)).to.equal(id);
    });

    it("takes any office and any schema: whether they are accredited is asked at the confirmation", async () => {
      const { enrolment, citizen } = await applicantFixture();
      await enrolment.request(4_294_967_295n, ZeroHash, ZeroHash);
      const { office, state } = await enrolment.statusOf(
        requestIdFrom(citizen.address, 4_294_967_295n, ZeroHash, ZeroHash),
      );
      expect([office, state]).to.deep.equal([4_294_967_295n, STATE.REQUESTED]);
    });

    it("keeps requests apart that differ in the applicant, the office, the schema or the commitment", async () => {
      const { enrolment, office, rival, citizen, another, request, stateOf } = await applicantFixture();
      await request();
      for (const [by, to, schema, commitment] of [
        [another, office, SCHEMA, COMMITMENT],
        [citizen, rival, SCHEMA, COMMITMENT],
        [citizen, office, OTHER_SCHEMA, COMMITMENT],
        [citizen, office, SCHEMA, id("application 2")],
      ] as const) {
        const other = requestIdFrom(by.address, to, schema, commitment);
        expect(await stateOf(other)).to.equal(STATE.NONE);
        await enrolment.connect(by).request(to, schema, commitment);
        expect(await stateOf(other)).to.equal(STATE.REQUESTED);
      }
    });

    it("reverts while the same request is pending, to its last second", async () => {
      const { enrolment, request, id, time } = await applicantFixture();
      const requestedAt = await timeOf(request());
      await time.setNextBlockTimestamp(requestedAt + LAPSE - 1n);
      await expect(request()).to.be.revertedWithCustomError(enrolment, "EnrolmentStands").withArgs(id, STATE.REQUESTED);
    });

    it("reverts when the same request was confirmed, however long ago", async () => {
      const { enrolment, request, confirm, id, time } = await applicantFixture();
      await request();
      await confirm();
      await time.increase(LAPSE * 2n);
      await expect(request()).to.be.revertedWithCustomError(enrolment, "EnrolmentStands").withArgs(id, STATE.CONFIRMED);
    });

    it("is made anew once it lapsed, was rejected or was withdrawn", async () => {
      const { enrolment, request, reject, withdraw, confirm, id, office, time } = await applicantFixture();
      const anew = async (at?: bigint) => {
        if (at !== undefined) await time.setNextBlockTimestamp(at);
        const requestedAt = await timeOf(request());
        expect([...(await enrolment.statusOf(id))]).to.deep.equal([
          requestedAt,
          requestedAt + LAPSE,
          0n,
          office,
          0n,
          STATE.REQUESTED,
          BECAUSE.UNSPECIFIED,
        ]);
        return requestedAt;
      };
      const first = await anew();
      await anew(first + LAPSE);
      await reject();
      await anew();
      await withdraw();
      await anew();
      await confirm();
    });

    it("reverts while the council has stopped new writes, until the second of the stop's end", async () => {
      const { enrolment, request, decide, time } = await applicantFixture();
      const until = BigInt(await time.latest()) + 100n;
      await decide(enrolment, "stop", [until, GROUNDS]);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(request()).to.be.revertedWithCustomError(enrolment, "WritesAreStopped").withArgs(until);
      await time.setNextBlockTimestamp(until);
      await expect(request()).to.emit(enrolment, "EnrolmentRequested");
    });
  });

  describe("withdraw", () => {
    it("ends the request, and tells", async () => {
      const { enrolment, request, withdraw, id } = await applicantFixture();
      await request();
      const sent = withdraw();
      await expect(sent).to.emit(enrolment, "EnrolmentWithdrawn").withArgs(id);
      const { state, decidedAt } = await enrolment.statusOf(id);
      expect([state, decidedAt]).to.deep.equal([STATE.WITHDRAWN, await timeOf(sent)]);
    });

    it("reverts when the caller is not the applicant", async () => {
      const { enrolment, request, withdraw, another, operator, office, controller } = await applicantFixture();
      await request();
      for (const caller of [another, operator, controller]) {
        await expect(withdraw(caller))
          .to.be.revertedWithCustomError(enrolment, "EnrolmentUnknown")
          .withArgs(requestIdFrom(caller.address, office, SCHEMA, COMMITMENT));
      }
    });

    it("reverts when it was withdrawn, rejected or confirmed, or lapsed", async () => {
      const { enrolment, request, withdraw, reject, confirm, id, time } = await applicantFixture();
      const refused = (state: bigint) =>
        expect(withdraw()).to.be.revertedWithCustomError(enrolment, "EnrolmentNotPending").withArgs(id, state);
      await request();
      await withdraw();
      await refused(STATE.WITHDRAWN);
      await request();
      await reject();
      await refused(STATE.REJECTED);
      const requestedAt = await timeOf(request());
      await time.setNextBlockTimestamp(requestedAt + LAPSE);
      await refused(STATE.LAPSED);
      await request();
      await confirm();
      await refused(STATE.CONFIRMED);
    });

    it("goes on while the council has stopped new writes", async () => {
      const { enrolment, request, withdraw, decide } = await applicantFixture();
      await request();
      await decide(enrolment, "stop", [NO_END, GROUNDS]);
      await expect(withdraw()).to.emit(enrolment, "EnrolmentWithdrawn");
    });
  });

  describe("statusOf", () => {
    it("tells LAPSED from the second of the lapse on, though nobody acted", async () => {
      const { enrolment, request, id, time, stateOf } = await applicantFixture();
      const requestedAt = await timeOf(request());
      await time.increaseTo(requestedAt + LAPSE - 1n);
      expect(await stateOf(id)).to.equal(STATE.REQUESTED);
      await time.increaseTo(requestedAt + LAPSE);
      expect(await stateOf(id)).to.equal(STATE.LAPSED);
      expect((await enrolment.statusOf(id)).decidedAt).to.equal(0n);
    });

    it("tells nothing of a request that nobody made", async () => {
      const { enrolment } = await applicantFixture();
      expect([...(await enrolment.statusOf(ZeroHash))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, STATE.NONE, 0n]);
    });
  });

  it("tells how long a request stays open", async () => {
    const { enrolment } = await applicantFixture();
    expect(await enrolment.lapse()).to.equal(LAPSE);
  });

  it("is a life: lapsed, made anew, rejected, made anew, confirmed", async () => {
    const { enrolment, registry, request, confirm, reject, id, attestation, time, stateOf } = await applicantFixture();
    const requestedAt = await timeOf(request());
    await time.setNextBlockTimestamp(requestedAt + LAPSE);
    await expect(confirm()).to.be.revertedWithCustomError(enrolment, "EnrolmentNotPending");
    await request();
    await reject();
    await request();
    await confirm();
    expect(await stateOf(id)).to.equal(STATE.CONFIRMED);
    expect((await registry.statusOf(attestation(1))).status).to.equal(STATUS.VALID);
  });
});
