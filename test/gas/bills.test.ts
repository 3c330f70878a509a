import { billFixture, REJECT } from "../helpers/bills.js";
import { gasOf, record } from "./record.js";

describe("Gas of bills", () => {
  it("from the submission to the end, whole transactions", async () => {
    const f = await billFixture();
    const { submit, pay, reject, refund, withdraw, time } = f;
    await time.setNextBlockTimestamp(2_000_000_000n);
    record("BillRegistry: submit", await gasOf(submit(1)));
    record("BillRegistry: reject", await gasOf(reject(1, REJECT.NOT_COVERED)));
    record("BillRegistry: pay, after a rejection", await gasOf(pay(1)));
    record("BillRegistry: refund", await gasOf(refund(1)));
    await submit(2);
    record("BillRegistry: pay", await gasOf(pay(2)));
    record("BillRegistry: withdraw", await gasOf(withdraw(1)));
    record("BillRegistry: submit anew, after a withdrawal", await gasOf(submit(1)));
  });
});
