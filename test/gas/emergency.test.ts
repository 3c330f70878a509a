import { id } from "ethers";

import { emergencyFixture, OUTCOME, useIdOf } from "../helpers/emergency.js";
import { gasOf, record } from "./record.js";

describe("Gas of the break-glass", () => {
  it("a use and its review, whole transactions", async () => {
    const f = await emergencyFixture();
    const { registry, parties, patient, otherPatient, time } = f;
    const { hospital, reviewer } = parties;
    // A time of its own: another day has other bytes, and another price.
    const at = 2_000_000_000n;
    await time.setNextBlockTimestamp(at);
    const open = (whose: typeof patient) =>
      gasOf(registry.connect(hospital.key).breakGlass(whose.address, 86_399n, 1n, id("emergency")));
    record("ConsentRegistry: breakGlass, the first of a provider", await open(patient));
    record("ConsentRegistry: breakGlass", await open(patient));
    record("ConsentRegistry: breakGlass, for another patient", await open(otherPatient));

    // Others stay unreviewed, so that no storage is cleared and nothing refunded.
    const review = (openedAt: bigint, outcome: bigint) => {
      const use = useIdOf(patient.address, hospital.body, openedAt);
      return gasOf(registry.connect(reviewer.key).review(use, outcome, id("findings")));
    };
    record("ConsentRegistry: review", await review(at, OUTCOME.JUSTIFIED));
    record("ConsentRegistry: review, unjustified, of a second slot", await review(at + 1n, OUTCOME.UNJUSTIFIED));
  });
});
