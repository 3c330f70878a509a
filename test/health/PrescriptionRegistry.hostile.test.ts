import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { scopeOf } from "../helpers/parties.js";
import { CANCEL, openingOf, prescriptionFixture, prescriptionOf, STATE } from "../helpers/prescriptions.js";
import { later, now, Standing } from "../helpers/trust.js";

const gasLimit = 500_000n;

describe("PrescriptionRegistry, hostile", () => {
  describe("two pharmacies in the same block", () => {
    it("one wins, the other is told who did", async () => {
      const f = await prescriptionFixture();
      const { registry, parties, ethers } = f;
      const { pharmacy, otherPharmacy } = parties;
      await f.issue(1);
      const at = await later(f);
      const sent: Promise<{ hash: string }>[] = [];
      const send = (by: typeof pharmacy) => async () => {
        sent.push(registry.connect(by.key).dispense(openingOf(1), 10n, { gasLimit }));
        await sent.at(-1);
      };
      await f.inOneBlock(at, send(pharmacy), send(otherPharmacy));
      const hashes = (await Promise.all(sent)).map(({ hash }) => hash);
      const receipts = await Promise.all(hashes.map((hash) => ethers.provider.getTransactionReceipt(hash)));
      expect(receipts.map((receipt) => receipt?.blockNumber)).to.deep.equal([
        receipts[0]?.blockNumber,
        receipts[0]?.blockNumber,
      ]);
      expect(receipts.map((receipt) => receipt?.status).sort()).to.deep.equal([0, 1]);
      const [winner, loser] = receipts[0]?.status === 1 ? [pharmacy, otherPharmacy] : [otherPharmacy, pharmacy];
      expect((await registry.recordOf(prescriptionOf(1))).pharmacy).to.equal(winner.body);
      // Why the other was refused, asked of that block's state.
      await expect(registry.connect(loser.key).dispense.staticCall(openingOf(1), 10n, { blockTag: "latest" }))
        .to.be.revertedWithCustomError(registry, "PrescriptionSpent")
        .withArgs(prescriptionOf(1), winner.body);
    });

    it("share what is enough for both, and the third is told what is left", async () => {
      const f = await prescriptionFixture();
      const { registry, parties } = f;
      const { pharmacy, otherPharmacy } = parties;
      await f.issue(1);
      const dispense = (by: typeof pharmacy, quantity: bigint) => () =>
        registry.connect(by.key).dispense(openingOf(1), quantity, { gasLimit });
      await f.inOneBlock(await later(f), dispense(pharmacy, 4n), dispense(otherPharmacy, 4n), dispense(pharmacy, 4n));
      expect((await registry.recordOf(prescriptionOf(1))).remaining).to.equal(2n);
      await expect(f.dispense(1, 4n))
        .to.be.revertedWithCustomError(registry, "PrescriptionExceeded")
        .withArgs(prescriptionOf(1), 4n, 2n, otherPharmacy.body);
    });

    it("one dispenses while the prescriber cancels: whichever comes first", async () => {
      const f = await prescriptionFixture();
      const { registry, parties } = f;
      const { pharmacy, prescriber } = parties;
      await f.issue(1);
      await f.issue(2);
      const dispense = (n: number) => () => registry.connect(pharmacy.key).dispense(openingOf(n), 10n, { gasLimit });
      const cancel = (n: number) => () =>
        registry.connect(prescriber.key).cancel(prescriptionOf(n), CANCEL.IN_ERROR, { gasLimit });
      await f.inOneBlock(await later(f), dispense(1), cancel(1));
      expect(await f.statusOf(1)).to.deep.equal([STATE.CANCELLED, 0n, Standing.IN_FORCE]);
      await f.inOneBlock(await later(f), cancel(2), dispense(2));
      expect(await f.statusOf(2)).to.deep.equal([STATE.CANCELLED, 10n, Standing.IN_FORCE]);
    });
  });

  describe("an opening", () => {
    it("of another prescription, or the id in its place, opens nothing", async () => {
      const f = await prescriptionFixture();
      const { registry, parties } = f;
      await f.issue(1);
      for (const opening of [openingOf(2), prescriptionOf(1), ZeroHash, id("diwan.health.prescription")]) {
        await expect(registry.connect(parties.pharmacy.key).dispense(opening, 1n)).to.be.revertedWithCustomError(
          registry,
          "PrescriptionUnknown",
        );
      }
      expect((await f.statusOf(1))[1]).to.equal(10n);
      // Nor is one of several dispensed in another's place.
      await f.issue(2, { quantity: 3n });
      await f.dispense(2, 3n);
      expect((await f.statusOf(1))[1]).to.equal(10n);
    });

    it("that a first part put on the chain serves any pharmacy, in its own name, up to what is left", async () => {
      const f = await prescriptionFixture();
      await f.issue(1);
      const { data } = await f.dispense(1, 4n);
      const opening = f.registry.interface.decodeFunctionData("dispense", data)[0] as string;
      const { otherPharmacy } = f.parties;
      await f.registry.connect(otherPharmacy.key).dispense(opening, 6n);
      expect((await f.registry.recordOf(prescriptionOf(1))).pharmacy).to.equal(otherPharmacy.body);
    });
  });

  describe("a licence", () => {
    it("that a prescriber never had, or whose key lists another role", async () => {
      const f = await prescriptionFixture();
      const { trustList, parties, issue } = f;
      await expect(issue(1, { by: f.stranger })).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      await expect(issue(1, { by: parties.pharmacy.key }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("prescriber"), parties.pharmacy.body, Standing.NONE);
      const [clerk] = f.spare;
      await f.accreditIn("payer", parties.prescriber.body);
      await f.giveKey(parties.prescriber.body, clerk!, ["payer"]);
      await expect(issue(1, { by: clerk! })).to.be.revertedWithCustomError(trustList, "RoleNotListed");
    });

    for (const [role, name] of [
      ["prescriber", "prescriber"],
      ["pharmacy", "pharmacy"],
    ] as const) {
      it(`of a ${role} that lapses, is suspended or is reinstated, to the second`, async () => {
        const f = await prescriptionFixture();
        const { trustList, time } = f;
        const { body } = f.parties[name];
        let n = 1;
        await f.issue(0, { quantity: 1_000n });
        const act = () => (role === "prescriber" ? f.issue(n++) : f.dispense(0, 1n));
        const refused = (standing: bigint) =>
          expect(act())
            .to.be.revertedWithCustomError(trustList, "NotAccredited")
            .withArgs(scopeOf(role), body, standing);

        const from = (await now(f)) + 100n;
        await f.accreditIn(role, body, { from, until: from + 50n });
        await time.setNextBlockTimestamp(from - 1n);
        await refused(Standing.PENDING);
        await time.setNextBlockTimestamp(from);
        await act();
        await time.setNextBlockTimestamp(from + 49n);
        await act();
        await time.setNextBlockTimestamp(from + 50n);
        await refused(Standing.EXPIRED);
        await f.accreditIn(role, body);
        await act();
        await f.councilDoes("suspend", role, body);
        await refused(Standing.SUSPENDED);
        await f.councilDoes("reinstate", role, body);
        await act();
        await f.councilDoes("withdraw", role, body);
        await refused(Standing.WITHDRAWN);
      });
    }

    it("of a key that is retired or compromised acts no more", async () => {
      const f = await prescriptionFixture();
      const { trustList, parties } = f;
      await f.issue(1);
      await trustList.connect(parties.prescriber.key).retireKey(parties.prescriber.key.address);
      await expect(f.issue(2)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      // What it issued before it retired stands.
      expect(await f.statusOf(1)).to.deep.equal([STATE.ISSUED, 10n, Standing.IN_FORCE]);
      await f.compromise(parties.pharmacy.key, await now(f));
      for (const sent of [f.dispense(1), f.reverse(1)]) {
        await expect(sent).to.be.revert(f.ethers);
      }
      await expect(f.dispense(1))
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(parties.pharmacy.key.address, Standing.COMPROMISED);
    });

    it("of a prescriber is judged at the second of the issue", async () => {
      const f = await prescriptionFixture();
      const at = (await now(f)) + 100n;
      await f.time.setNextBlockTimestamp(at);
      await f.issue(1);
      await f.time.setNextBlockTimestamp(at + 1n);
      await f.issue(2);
      await f.compromise(f.parties.prescriber.key, at + 1n);
      expect((await f.statusOf(1))[2]).to.equal(Standing.IN_FORCE);
      expect((await f.statusOf(2))[2]).to.equal(Standing.COMPROMISED);
      // Known later to have been earlier.
      await f.compromise(f.parties.prescriber.key, at);
      expect((await f.statusOf(1))[2]).to.equal(Standing.COMPROMISED);
    });
  });
});
