import { expect } from "chai";

import { GROUNDS, NO_END } from "../helpers/suite.js";
import {
  accredit,
  addBody,
  COUNCIL,
  COURT,
  deployTree,
  later,
  load,
  now,
  registerBody,
  Standing,
  timeOf,
} from "../helpers/trust.js";

describe("TrustList: history", () => {
  it("remembers each change of a body at its second", async () => {
    const suite = await load(deployTree);
    const { trustList, ministry, start } = suite;
    const asMinistry = trustList.connect(ministry);
    const accredited = (await trustList.accreditationOf(COURT, 2n)).since;
    await later(suite, 100n);
    const suspended = await timeOf(asMinistry.suspend(COURT, 2n, GROUNDS));
    await later(suite, 100n);
    const reinstated = await timeOf(asMinistry.reinstate(COURT, 2n, GROUNDS));
    await later(suite, 100n);
    const withdrawn = await timeOf(asMinistry.withdraw(COURT, 2n, GROUNDS));
    const from = (await now(suite)) + 200n;
    const until = from + 100n;
    await later(suite, 100n);
    const again = await timeOf(accredit(suite, { by: ministry, parent: 1n, body: 2n, from, until }));

    for (const [time, standing] of [
      [0n, Standing.NONE],
      [start, Standing.NONE],
      [accredited - 1n, Standing.NONE],
      [accredited, Standing.IN_FORCE],
      [suspended - 1n, Standing.IN_FORCE],
      [suspended, Standing.SUSPENDED],
      [suspended + 1n, Standing.SUSPENDED],
      [reinstated - 1n, Standing.SUSPENDED],
      [reinstated, Standing.IN_FORCE],
      [withdrawn - 1n, Standing.IN_FORCE],
      [withdrawn, Standing.WITHDRAWN],
      [again - 1n, Standing.WITHDRAWN],
      [again, Standing.PENDING],
      // What is to come is judged by the present state.
      [from - 1n, Standing.PENDING],
      [from, Standing.IN_FORCE],
      [until - 1n, Standing.IN_FORCE],
      [until, Standing.EXPIRED],
      [NO_END, Standing.EXPIRED],
    ] as const) {
      expect(await trustList.standingAt(COURT, 2n, time), `at ${time}`).to.deep.equal([standing, 2n]);
      expect(await trustList.isAccreditedAt(COURT, 2n, time)).to.equal(standing === Standing.IN_FORCE);
      expect(await trustList.standingOf(COURT, 2n, 1n, time)).to.equal(standing);
    }
  });

  it("remembers each change of an accreditor, and says on whose account a body did not stand", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, hospital, stranger, start } = suite;
    const body = await addBody(suite, stranger, { by: hospital, parent: 2n, from: start });
    const base = (await now(suite)) + 1_000n;
    await decide(trustList, "suspend", [COURT, 1n, GROUNDS], base);
    await decide(trustList, "reinstate", [COURT, 1n, GROUNDS], base + 1_000n);
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS], base + 2_000n);
    for (const [time, standing, decidedBy] of [
      [base - 1n, Standing.IN_FORCE, body],
      [base, Standing.SUSPENDED, 1n],
      [base + 999n, Standing.SUSPENDED, 1n],
      [base + 1_000n, Standing.IN_FORCE, body],
      [base + 1_999n, Standing.IN_FORCE, body],
      [base + 2_000n, Standing.WITHDRAWN, 1n],
    ] as const) {
      expect(await trustList.standingAt(COURT, body, time)).to.deep.equal([standing, decidedBy]);
    }
  });

  it("ends with the accreditor's end, and with its renewal goes on", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, start } = suite;
    const until = (await now(suite)) + 10_000n;
    const accreditMinistry = (from: bigint, to: bigint, time: bigint) =>
      decide(trustList, "accredit", [COURT, COUNCIL, 1n, from, to, 3n, GROUNDS], time);
    await accreditMinistry(start, until, until - 5_000n);
    await suite.connection.networkHelpers.time.increaseTo(until + 100n);
    expect(await trustList.standingAt(COURT, 2n, until - 1n)).to.deep.equal([Standing.IN_FORCE, 2n]);
    expect(await trustList.standingAt(COURT, 2n, until)).to.deep.equal([Standing.EXPIRED, 1n]);

    await accreditMinistry(start, NO_END, until + 1_000n);
    expect(await trustList.standingAt(COURT, 2n, until + 999n)).to.deep.equal([Standing.EXPIRED, 1n]);
    expect(await trustList.standingAt(COURT, 2n, until + 1_000n)).to.deep.equal([Standing.IN_FORCE, 2n]);
  });

  it("leaves older grants without force when the accreditor starts anew, from then on only", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, start } = suite;
    const time = (await now(suite)) + 1_000n;
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS], time);
    const anew = [COURT, COUNCIL, 1n, start + 1n, NO_END, 3n, GROUNDS];
    await decide(trustList, "accredit", anew, time + 1_000n);
    for (const [at, standing, decidedBy] of [
      [time - 1n, Standing.IN_FORCE, 2n],
      [time, Standing.WITHDRAWN, 1n],
      [time + 1_000n, Standing.WITHDRAWN, 2n],
    ] as const) {
      expect(await trustList.standingAt(COURT, 2n, at)).to.deep.equal([standing, decidedBy]);
    }
    expect(await trustList.standingAt(COURT, 1n, time + 1_000n)).to.deep.equal([Standing.IN_FORCE, 1n]);
    await accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start + 1n, levels: 2n });
    expect(await trustList.isAccreditedAt(COURT, 2n, await now(suite))).to.equal(true);
  });

  it("leaves deeper grants without force when the accreditor is left fewer levels", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, operator, start } = suite;
    const renew = (levels: bigint) =>
      decide(trustList, "accredit", [COURT, COUNCIL, 1n, start, NO_END, levels, GROUNDS]);
    await renew(2n);
    expect(await trustList.standingAt(COURT, 2n, await now(suite))).to.deep.equal([Standing.WITHDRAWN, 2n]);
    await expect(trustList.requireAccredited(COURT, operator.address))
      .to.be.revertedWithCustomError(trustList, "NotAccredited")
      .withArgs(COURT, 2n, Standing.WITHDRAWN);
    await renew(3n);
    await trustList.requireAccredited(COURT, operator.address);
  });

  it("judges the past by the accreditor of that time when a body has changed hands", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, stranger, start } = suite;
    const rival = await registerBody(suite, stranger);
    await decide(trustList, "accredit", [COURT, COUNCIL, rival, start, NO_END, 3n, GROUNDS]);
    await later(suite, 100n);
    const withdrawn = await timeOf(trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS));
    await later(suite, 100n);
    const taken = await timeOf(accredit(suite, { by: stranger, parent: rival, body: 2n, from: start }));
    const end = taken + 1_000n;
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS], end);
    await decide(trustList, "withdraw", [COURT, rival, GROUNDS], end + 1_000n);
    for (const [time, standing, decidedBy] of [
      [withdrawn - 1n, Standing.IN_FORCE, 2n],
      [withdrawn, Standing.WITHDRAWN, 2n],
      [taken - 1n, Standing.WITHDRAWN, 2n],
      [taken, Standing.IN_FORCE, 2n],
      // The former accreditor's end is nothing to it.
      [end, Standing.IN_FORCE, 2n],
      [end + 999n, Standing.IN_FORCE, 2n],
      [end + 1_000n, Standing.WITHDRAWN, rival],
    ] as const) {
      expect(await trustList.standingAt(COURT, 2n, time)).to.deep.equal([standing, decidedBy]);
    }
  });

  it("does not change for a past second whatever is decided later", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, start } = suite;
    await later(suite, 100n);
    const suspended = await timeOf(trustList.connect(ministry).suspend(COURT, 2n, GROUNDS));
    const past = [start, suspended - 1n, suspended];
    const read = () => Promise.all(past.map((time) => trustList.standingAt(COURT, 2n, time)));
    const before = await read();
    await later(suite, 100n);
    // A start in the past opens nothing in the past.
    await decide(trustList, "accredit", [COURT, COUNCIL, 1n, 0n, NO_END, 3n, GROUNDS]);
    await decide(trustList, "accredit", [COURT, COUNCIL, 2n, 0n, NO_END, 3n, GROUNDS]);
    expect(await read()).to.deep.equal(before);
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
    await decide(trustList, "withdraw", [COURT, 2n, GROUNDS]);
    expect(await read()).to.deep.equal(before);
  });

  it("keeps the last of several changes of one second", async () => {
    const suite = await load(deployTree);
    const { trustList, connection, ethers, ministry } = suite;
    const { time } = connection.networkHelpers;
    await ethers.provider.send("evm_setAutomine", [false]);
    const at = await later(suite, 100n);
    const asMinistry = trustList.connect(ministry);
    const options = { gasLimit: 500_000n };
    await asMinistry.suspend(COURT, 2n, GROUNDS, options);
    await asMinistry.reinstate(COURT, 2n, GROUNDS, options);
    await asMinistry.withdraw(COURT, 2n, GROUNDS, options);
    await connection.networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    await time.increase(10n);
    expect(await trustList.standingAt(COURT, 2n, at - 1n)).to.deep.equal([Standing.IN_FORCE, 2n]);
    expect(await trustList.standingAt(COURT, 2n, at)).to.deep.equal([Standing.WITHDRAWN, 2n]);
  });

  it("knows nothing of scopes and bodies that were never accredited", async () => {
    const { trustList, start } = await load(deployTree);
    for (const body of [0n, 3n, 2n ** 32n - 1n]) {
      expect(await trustList.standingAt(COURT, body, start)).to.deep.equal([Standing.NONE, body]);
      expect(await trustList.standingOf(COURT, body, 0n, start)).to.equal(Standing.NONE);
      expect(await trustList.isAccreditedAt(COURT, body, start)).to.equal(false);
    }
  });
});
