import { expect } from "chai";
import { id } from "ethers";

import { grantConsent, revokeConsent } from "../../src/health/consent/changeConsent.js";
import type { Grant } from "../../src/health/consent/consentState.js";
import { placeOf } from "../../src/health/consent/placeOf.js";
import { readConsents } from "../../src/health/consent/readConsents.js";
import { type ConsentReceipt, countersignReceipt, makeReceipt, signReceipt } from "../../src/health/consent/receipt.js";
import { parseReceipt, serializeReceipt } from "../../src/health/consent/receiptJson.js";
import { scopeOf } from "../../src/health/consent/scopeOf.js";
import { verifyReceiptOnChain } from "../../src/health/consent/verifyReceipt.js";
import { purposesOf } from "../../src/health/purposes.js";
import { trustHistory } from "../../src/trust/history.js";
import { roleScope } from "../../src/trust/scopes.js";
import { readTrustSnapshot } from "../../src/trust/snapshot.js";
import { withoutEvents } from "../helpers/consentEvents.js";
import { consentFixture } from "../helpers/consents.js";
import { rejectionCode } from "../helpers/healthErrors.js";

const data = { categories: ["Immunization"], records: [], salt: id("salt") };

/** A consent that was given, replaced and withdrawn, and a receipt of each. */
async function scene() {
  const f = await consentFixture();
  const { hospital, clinic } = f.parties;
  const grant: Grant = {
    ...{ grantee: Number(clinic.body), scope: scopeOf(data.salt, data), purposes: purposesOf(["TREAT"]) },
    ...{ from: Number(f.start), until: Number(f.terms().until), uses: 0 },
  };
  const narrower = { ...grant, uses: 3 };
  await grantConsent(f.registry, grant);
  await grantConsent(f.registry, narrower);
  await revokeConsent(f.registry, grant);
  const place = await placeOf(f.registry);
  const { consents } = await readConsents(f.registry, f.patient.address, { fromBlock: 0 });
  const { changes } = consents[0]!;
  const terms = {
    ...{ id: id("receipt"), controller: { body: Number(hospital.body), name: "Hospital" }, recipientName: "Clinic" },
    ...{ data, legalBasis: "GDPR Art. 9(2)(a)", withdrawal: "in the app", jurisdiction: "DE" },
    operator: hospital.key.address,
  };
  const receiptOf = (event: ConsentReceipt["event"], granted: Grant, at: number) => {
    const { version, time } = changes[at]!;
    return makeReceipt({ ...place, patient: f.patient.address, event, grant: granted, version, time }, terms);
  };
  const address = await f.trustList.getAddress();
  const history = trustHistory(await readTrustSnapshot(f.ethers.provider, address, { fromBlock: 0 }));
  const trust = { history, role: roleScope("health-provider") };
  return {
    ...f,
    trust,
    receipts: [receiptOf("GIVEN", grant, 0), receiptOf("CHANGED", narrower, 1), receiptOf("WITHDRAWN", narrower, 2)],
    sign: (receipt: ConsentReceipt) => signReceipt(receipt, hospital.key),
    verify: async (receipt: ConsentReceipt) => {
      const signed = parseReceipt(serializeReceipt(await signReceipt(receipt, hospital.key)));
      return verifyReceiptOnChain(f.registry, signed, { fromBlock: 0, trust });
    },
  };
}

describe("consent receipts on the chain", () => {
  it("are found as they were given, changed and withdrawn; the last is current", async () => {
    const f = await scene();
    const verdicts = await Promise.all(f.receipts.map((receipt) => f.verify(receipt)));
    expect(verdicts.map(({ status, isCurrent, standing }) => [status, isCurrent, standing])).to.deep.equal([
      ["VALID", false, "IN_FORCE"],
      ["VALID", false, "IN_FORCE"],
      ["VALID", true, "IN_FORCE"],
    ]);
    const both = await countersignReceipt(await f.sign(f.receipts[0]!), f.patient);
    const verdict = await verifyReceiptOnChain(f.registry, both, { fromBlock: 0 });
    expect([verdict.status, verdict.isCountersigned]).to.deep.equal(["VALID", true]);
  });

  it("are of nothing on the chain with anything else in them, though the controller signed it", async () => {
    const f = await scene();
    const [given, changed, withdrawn] = f.receipts as [ConsentReceipt, ConsentReceipt, ConsentReceipt];
    const wrong: ConsentReceipt[] = [
      ...[
        { ...given, event: "CHANGED" as const },
        { ...changed, event: "GIVEN" as const },
      ],
      ...[
        { ...given, event: "WITHDRAWN" as const },
        { ...withdrawn, event: "CHANGED" as const },
      ],
      ...[
        { ...given, time: given.time + 1 },
        { ...given, version: 2 },
        { ...given, version: 4 },
        { ...given, version: 0 },
      ],
      ...[
        { ...given, uses: 3 },
        { ...given, until: given.until - 1 },
        { ...given, from: given.from - 1 },
      ],
      ...[
        { ...given, purposes: ["TREAT", "HRESCH"] as ConsentReceipt["purposes"] },
        { ...withdrawn, uses: 0 },
      ],
      ...[
        { ...given, patient: f.otherPatient.address },
        { ...given, recipient: { body: 1, name: "Clinic" } },
      ],
      { ...given, scopeSalt: id("other"), scope: scopeOf(id("other"), data) },
    ];
    for (const receipt of wrong) {
      const { status, isCurrent } = await f.verify(receipt);
      expect([status, isCurrent], JSON.stringify(receipt)).to.deep.equal(["NOT_ON_CHAIN", false]);
    }
  });

  it("say what is wrong with them before the chain is asked", async () => {
    const f = await scene();
    const signed = await f.sign(f.receipts[0]!);
    const elsewhere = await verifyReceiptOnChain(f.registry.attach(f.patient) as typeof f.registry, signed, {
      fromBlock: 0,
    });
    expect(elsewhere.status).to.equal("ELSEWHERE");
    const forged = { ...signed, receipt: { ...signed.receipt, uses: 1 } };
    expect((await verifyReceiptOnChain(f.registry, forged, { fromBlock: 0 })).status).to.equal("INVALID_SIGNATURE");
  });

  it("are judged by whether the key was compromised when it signed", async () => {
    const f = await scene();
    await f.compromise(f.parties.hospital.key, BigInt(f.receipts[1]!.time));
    const address = await f.trustList.getAddress();
    const history = trustHistory(await readTrustSnapshot(f.ethers.provider, address, { fromBlock: 0 }));
    const trust = { history, role: roleScope("health-provider") };
    const statuses: string[] = [];
    for (const receipt of f.receipts) {
      const verdict = await verifyReceiptOnChain(f.registry, await f.sign(receipt), { fromBlock: 0, trust });
      statuses.push(verdict.status);
    }
    expect(statuses).to.deep.equal(["VALID", "OPERATOR_NOT_IN_FORCE", "OPERATOR_NOT_IN_FORCE"]);
  });

  it("are not judged by a node that leaves something out", async () => {
    const f = await scene();
    const { events } = await readConsents(f.registry, f.patient.address, { fromBlock: 0 });
    const lying = await withoutEvents(f.registry, events.slice(-1));
    const verdict = verifyReceiptOnChain(lying, await f.sign(f.receipts[1]!), { fromBlock: 0 });
    expect(await rejectionCode(verdict)).to.equal("EVENT_MISSING");
  });
});
