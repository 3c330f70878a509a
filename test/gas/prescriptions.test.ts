import { CANCEL, prescriptionFixture, prescriptionOf } from "../helpers/prescriptions.js";
import { gasOf, record } from "./record.js";

describe("Gas of prescriptions", () => {
  it("from the issue to the end, whole transactions", async () => {
    const f = await prescriptionFixture();
    const { registry, issue, dispense, reverse, cancel, time } = f;
    await time.setNextBlockTimestamp(2_000_000_000n);
    const until = 2_002_592_123n;
    record("PrescriptionRegistry: issue", await gasOf(issue(1, { until })));
    record("PrescriptionRegistry: dispense, a part", await gasOf(dispense(1, 3n)));
    record(
      "PrescriptionRegistry: dispense, the rest, by another",
      await gasOf(dispense(1, 7n, f.parties.otherPharmacy.key)),
    );
    record("PrescriptionRegistry: reverse", await gasOf(reverse(1, f.parties.otherPharmacy.key)));
    record("PrescriptionRegistry: dispense, again", await gasOf(dispense(1, 7n)));
    record("PrescriptionRegistry: cancel", await gasOf(cancel(1, CANCEL.REPLACED)));

    // The largest quantity, whose bytes are dearest.
    await issue(3, { until, quantity: 65_535n });
    record("PrescriptionRegistry: dispense, 65,535 at once", await gasOf(dispense(3, 65_535n)));

    const ids = Array.from({ length: 10 }, (_, n) => 100 + n);
    const since = 2_000_100_000n;
    await time.setNextBlockTimestamp(since);
    for (const n of ids) await issue(n, { until });
    await f.compromise(f.parties.prescriber.key, since);
    const annulled = registry.connect(f.stranger).annul(ids.map(prescriptionOf));
    record("PrescriptionRegistry: annul of 10, each", (await gasOf(annulled)) / 10n);
  });
});
