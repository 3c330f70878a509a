import { createHmac } from "node:crypto";

import { expect } from "chai";
import { concat, id, keccak256, toBeHex, ZeroHash } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { billCommitment } from "../../src/health/bills/billCommitment.js";
import { billId } from "../../src/health/bills/billId.js";
import { BILL_STATES, REJECT_REASONS } from "../../src/health/bills/billState.js";
import { billStatus } from "../../src/health/bills/billStatus.js";
import { payBill } from "../../src/health/bills/payBill.js";
import { readBills } from "../../src/health/bills/readBills.js";
import { refundBill } from "../../src/health/bills/refundBill.js";
import { rejectBill } from "../../src/health/bills/rejectBill.js";
import { submitBill } from "../../src/health/bills/submitBill.js";
import { withdrawBill } from "../../src/health/bills/withdrawBill.js";
import { HealthError } from "../../src/health/HealthError.js";
import { billFixture, REJECT, STATE } from "../helpers/bills.js";
import { rejection } from "../helpers/events.js";
import { GROUNDS } from "../helpers/suite.js";
import { later, now } from "../helpers/trust.js";

const KEY = id("a provider's secret");

async function fixture() {
  const f = await billFixture();
  const { hospital, payer, otherPayer } = f.parties;
  const provider = Number(hospital.body);
  return {
    ...f,
    provider,
    node: f.ethers.provider,
    address: await f.registry.getAddress(),
    asHospital: f.registry.connect(hospital.key),
    asPayer: f.registry.connect(payer.key),
    asOther: f.registry.connect(otherPayer.key),
    bill: (invoice: string) => billId(provider, billCommitment(KEY, invoice)),
  };
}

const codeOf = async (promise: Promise<unknown>) => ((await rejection(promise)) as { code?: string }).code;

describe("bills library", () => {
  describe("billCommitment", () => {
    it("is the HMAC that its text says, by Node's own", () => {
      for (const invoice of ["2026/004711", "7", "فاتورة ٧", "x".repeat(1_024)]) {
        const hmac = createHmac("sha256", Buffer.from(KEY.slice(2), "hex"));
        const expected = hmac.update("diwan.health.bill\0").update(invoice, "utf8").digest("hex");
        expect(billCommitment(KEY, invoice)).to.equal(`0x${expected}`);
      }
    });

    it("is the same each time, and another for another key or invoice", () => {
      const commitment = billCommitment(KEY, "1");
      expect(billCommitment(KEY, "1")).to.equal(commitment);
      expect(billCommitment(id("another's"), "1")).to.not.equal(commitment);
      expect(billCommitment(KEY, "01")).to.not.equal(commitment);
    });

    it("refuses a number that could be written in two ways, and keys that are none", () => {
      // é as two characters; white space; a wide digit; what nobody sees; half a pair; too long, in bytes.
      for (const invoice of [
        "",
        "e\u0301",
        " 7",
        "7\n",
        "\uff17",
        "7\u200b7",
        "7\u00a07",
        "\ud800",
        "x".repeat(1_025),
        "é".repeat(513),
      ]) {
        expect(() => billCommitment(KEY, invoice))
          .to.throw(HealthError)
          .with.property("code", "BILL_MALFORMED");
      }
      for (const key of ["0x", "key", KEY.slice(2), `${KEY}00`, ZeroHash]) {
        expect(() => billCommitment(key, "1"))
          .to.throw(HealthError)
          .with.property("code", "BILL_MALFORMED");
      }
    });
  });

  describe("billId", () => {
    it("is what the contract keeps it under", async () => {
      const { registry } = await fixture();
      const commitment = billCommitment(KEY, "1");
      for (const provider of [1, 7, 2 ** 32 - 1]) {
        expect(billId(provider, commitment)).to.equal(keccak256(concat([toBeHex(provider, 32), commitment])));
        expect(billId(provider, commitment)).to.equal(await registry.billIdOf(provider, commitment));
      }
    });

    it("refuses what is no body or no commitment", () => {
      for (const [provider, commitment] of [
        [0, KEY],
        [-1, KEY],
        [1.5, KEY],
        [2 ** 32, KEY],
        [Number.NaN, KEY],
        [1, "0x"],
        [1, "commitment"],
      ] as const) {
        expect(() => billId(provider, commitment))
          .to.throw(HealthError)
          .with.property("code", "BILL_MALFORMED");
      }
    });
  });

  it("names states and reasons as the contract does", () => {
    expect(BILL_STATES).to.deep.equal(Object.keys(STATE));
    expect(REJECT_REASONS).to.deep.equal(Object.keys(REJECT));
  });

  it("submits a bill, of which one payer pays, and tells how it stands", async () => {
    const { registry, asHospital, asPayer, asOther, bill } = await fixture();
    const it = bill("2026/1");
    const status = () => billStatus(registry, it);
    expect(await status()).to.deep.equal({ state: "UNKNOWN", provider: "NONE", payer: "NONE" });
    const { blockNumber } = await submitBill(asHospital, billCommitment(KEY, "2026/1"));
    expect(await status()).to.deep.equal({ state: "SUBMITTED", provider: "IN_FORCE", payer: "NONE" });
    await rejectBill(asOther, it, "NOT_INSURED_HERE");
    expect((await status()).state).to.equal("REJECTED");
    await payBill(asPayer, it);
    expect(await status()).to.deep.equal({ state: "PAID", provider: "IN_FORCE", payer: "IN_FORCE" });
    const twice = await rejection(payBill(asOther, it));
    expect(twice).to.be.instanceOf(ContractError).with.property("code", "BillPaidBefore");
    expect((twice as Error).message).to.match(
      /^The bill 0x[0-9a-f]{64} was paid by body \d+ at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.$/,
    );
    await refundBill(asPayer, it);
    await withdrawBill(asHospital, it);
    expect((await status()).state).to.equal("WITHDRAWN");
    expect((await billStatus(registry, it, { blockTag: blockNumber })).state).to.equal("SUBMITTED");
  });

  it("takes the same invoice once, whatever was changed in it", async () => {
    const { asHospital } = await fixture();
    await submitBill(asHospital, billCommitment(KEY, "2026/1"));
    const again = (await rejection(submitBill(asHospital, billCommitment(KEY, "2026/1")))) as ContractError;
    expect([again.code, again.args.state]).to.deep.equal(["BillSubmittedBefore", "SUBMITTED"]);
  });

  it("gives the contract's own reasons when it refuses", async () => {
    const f = await fixture();
    const { asHospital, asPayer, bill } = f;
    expect(await codeOf(payBill(asPayer, bill("1")))).to.equal("BillUnknown");
    expect(await codeOf(refundBill(asPayer, bill("1")))).to.equal("BillNotPaid");
    const since = await later(f);
    await submitBill(asHospital, billCommitment(KEY, "1"));
    expect(await codeOf(withdrawBill(asPayer, bill("1")))).to.equal("KeyOfAnotherBody");
    await f.compromise(f.parties.hospital.key, since);
    expect((await billStatus(f.registry, bill("1"))).provider).to.equal("COMPROMISED");
    expect(await codeOf(payBill(asPayer, bill("1")))).to.equal("BillProviderNotStanding");
    expect(await codeOf(submitBill(asHospital, billCommitment(KEY, "2")))).to.equal("KeyNotInForce");
  });

  describe("readBills", () => {
    it("tells all that happened to each, the council's stops left out", async () => {
      const f = await fixture();
      const { asHospital, asPayer, asOther, bill, node, address, provider } = f;
      const [payer, other] = [Number(f.parties.payer.body), Number(f.parties.otherPayer.body)];
      const blocks: number[] = [];
      const note = async (sent: Promise<{ blockNumber: number }>) => blocks.push((await sent).blockNumber);
      await note(submitBill(asHospital, billCommitment(KEY, "1")));
      await note(submitBill(asHospital, billCommitment(KEY, "2")));
      await note(rejectBill(asOther, bill("1"), "AMOUNT_WRONG"));
      await note(payBill(asPayer, bill("1")));
      await f.decide(f.registry, "stop", [(await now(f)) + 100n, GROUNDS]);
      await f.decide(f.registry, "resume", [GROUNDS]);
      await note(refundBill(asPayer, bill("1")));
      await note(withdrawBill(asHospital, bill("1")));
      await note(submitBill(asHospital, billCommitment(KEY, "1")));
      const step = (to: string, by: number, i: number, reason?: string) => ({ to, by, reason, block: blocks[i] });
      const steps = [
        step("SUBMITTED", provider, 0),
        step("REJECTED", other, 2, "AMOUNT_WRONG"),
        step("PAID", payer, 3),
        step("REFUNDED", payer, 4),
        step("WITHDRAWN", provider, 5),
        step("SUBMITTED", provider, 6),
      ];
      expect(await readBills(node, address, { fromBlock: 0 })).to.deep.equal([
        { id: bill("1"), provider, state: "SUBMITTED", steps },
        { id: bill("2"), provider, state: "SUBMITTED", steps: [step("SUBMITTED", provider, 1)] },
      ]);
    });

    it("notices that it began too late", async () => {
      const f = await fixture();
      await submitBill(f.asHospital, billCommitment(KEY, "1"));
      const { blockNumber } = await payBill(f.asPayer, f.bill("1"));
      expect(await codeOf(readBills(f.node, f.address, { fromBlock: blockNumber }))).to.equal("EVENT_MISSING");
    });
  });
});
