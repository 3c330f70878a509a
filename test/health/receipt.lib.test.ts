import { readFileSync } from "node:fs";
import { inspect } from "node:util";

import { expect } from "chai";
import { id, Signature, Wallet } from "ethers";

import { EVERYTHING } from "../../src/health/consent/consentState.js";
import {
  type ConsentReceipt,
  countersignReceipt,
  grantOfReceipt,
  makeReceipt,
  receiptTypedData,
  type ReceiptFacts,
  type ReceiptTerms,
  type SignedReceipt,
  signReceipt,
} from "../../src/health/consent/receipt.js";
import { parseReceipt, serializeReceipt } from "../../src/health/consent/receiptJson.js";
import { scopeOf } from "../../src/health/consent/scopeOf.js";
import { verifyReceipt } from "../../src/health/consent/verifyReceipt.js";
import { purposesOf } from "../../src/health/purposes.js";
import { trustHistory } from "../../src/trust/history.js";
import type { TrustChange } from "../../src/trust/snapshot.js";
import { roleScope } from "../../src/trust/scopes.js";
import { codeOf, rejectionCode } from "../helpers/healthErrors.js";

const operator = new Wallet(id("operator"));
const patient = new Wallet(id("patient"));
const stranger = new Wallet(id("stranger"));
const place = { chainId: 31_337, registry: `0x${"5f".repeat(20)}` };
const TIME = 1_767_225_600;

const data = { categories: ["Immunization"], records: ["obs-1"], salt: id("salt") };
const facts: ReceiptFacts = {
  ...{ ...place, patient: patient.address.toLowerCase(), event: "GIVEN", version: 1, time: TIME },
  grant: {
    ...{ grantee: 3, scope: scopeOf(data.salt, data), purposes: purposesOf(["TREAT", "HRESCH"]) },
    ...{ from: TIME, until: TIME + 86_400, uses: 5 },
  },
};
const terms: ReceiptTerms = {
  ...{ id: id("receipt"), controller: { body: 2, name: "Good Health Clinic" }, recipientName: "University" },
  ...{ data, legalBasis: "GDPR Art. 9(2)(a)", withdrawal: "in the app", jurisdiction: "DE" },
  operator: operator.address.toLowerCase(),
};
const receipt = makeReceipt(facts, terms);

interface Vector {
  chainId: number;
  registry: string;
  message: object;
  signature: string;
}

/** The clinic in the trust list: in force as a provider for a day, its key for half of that. */
function trustOf(change: { compromisedSince?: number } = {}) {
  const role = roleScope("health-provider");
  const accreditation = {
    ...{ from: TIME, until: TIME + 86_400, since: TIME - 10, alarm: 0, parent: 0, role: 0, levels: 0 },
    ...{ decision: "ACCREDITED" as const, held: false },
  };
  const key = { body: 2, index: 1, from: TIME, until: TIME + 43_200, compromisedSince: 0, roles: "0x1", ...change };
  const changes: TrustChange[] = [
    { kind: "body", body: 2, controller: stranger.address, profile: id("profile") },
    { kind: "accreditation", scope: role, body: 2, accreditation, grounds: id("decision") },
    { kind: "key", operator: operator.address, body: 2, key },
  ];
  return { history: trustHistory({ changes }), role };
}

describe("consent receipts", () => {
  let signed: SignedReceipt;
  before(async () => {
    signed = await signReceipt(receipt, operator);
  });

  it("say what was agreed, in words and as the chain has it", () => {
    expect(receipt).to.deep.equal({
      ...{ schema: "diwan/consent-receipt/v1", id: id("receipt"), ...place, event: "GIVEN", time: TIME },
      ...{ patient: facts.patient, controller: { body: 2, name: "Good Health Clinic" } },
      ...{ recipient: { body: 3, name: "University" }, purposes: ["TREAT", "HRESCH"] },
      ...{ categories: ["Immunization"], records: ["obs-1"], scopeSalt: id("salt"), scope: facts.grant.scope },
      ...{ from: TIME, until: TIME + 86_400, uses: 5, version: 1 },
      ...{ legalBasis: "GDPR Art. 9(2)(a)", withdrawal: "in the app", jurisdiction: "DE" },
      operator: terms.operator,
    });
    expect(grantOfReceipt(receipt)).to.deep.equal(facts.grant);
  });

  it("have the signature of the controller and, where asked for, of the patient", async () => {
    expect(verifyReceipt(signed, { place })).to.deep.equal({ status: "VALID", isCountersigned: false });
    const both = await countersignReceipt(signed, patient);
    expect(verifyReceipt(both, { place })).to.deep.equal({ status: "VALID", isCountersigned: true });
    const read = parseReceipt(serializeReceipt(both));
    expect(read).to.deep.equal(both);
    expect(verifyReceipt(read, { place }).status).to.equal("VALID");
  });

  it("verify as viem signed them", () => {
    const vectors = JSON.parse(readFileSync("test/vectors/consent-typed-data/vectors.json", "utf8")) as Vector[];
    const { chainId, registry, message, signature } = vectors.at(-1)!;
    const theirs = { receipt: { chainId, registry, ...message } as ConsentReceipt, signature };
    expect(verifyReceipt(theirs, { place: { chainId, registry } }).status).to.equal("VALID");
    expect(verifyReceipt(parseReceipt(serializeReceipt(theirs)), { place: { chainId, registry } }).status).to.equal(
      "VALID",
    );
  });

  it("are of no use with any field altered", () => {
    const altered: { [K in keyof ConsentReceipt]: ConsentReceipt[K] } = {
      ...{ schema: "diwan/consent-receipt/v1", id: id("other"), chainId: 1, registry: patient.address },
      ...{ event: "CHANGED", time: TIME + 1, patient: stranger.address },
      ...{ controller: { body: 2, name: "Another Clinic" }, recipient: { body: 4, name: "University" } },
      ...{ purposes: ["TREAT"], categories: [], records: [], scopeSalt: id("other"), scope: id("other") },
      ...{ from: TIME + 1, until: TIME + 1, uses: 0, version: 2, legalBasis: "none", withdrawal: "never" },
      ...{ jurisdiction: "FR", operator: stranger.address },
    };
    for (const name of Object.keys(receipt) as (keyof ConsentReceipt)[]) {
      if (name === "schema") continue;
      const forged = { ...signed, receipt: { ...receipt, [name]: altered[name] } };
      const isPlace = name === "chainId" || name === "registry";
      expect(verifyReceipt(forged, { place }).status, name).to.equal(isPlace ? "ELSEWHERE" : "INVALID_SIGNATURE");
    }
    // Whose chain it says it is of, it is signed for.
    const elsewhere = { ...place, chainId: 1 };
    const moved = { ...signed, receipt: { ...receipt, ...elsewhere } };
    expect(verifyReceipt(moved, { place: elsewhere }).status).to.equal("INVALID_SIGNATURE");
  });

  it("are of no use with a stranger's, a malleable, a compact or no signature", async () => {
    const { domain, types, message } = receiptTypedData(receipt);
    const foreign = await stranger.signTypedData(domain, types, message);
    const { r, s, yParity, compactSerialized } = Signature.from(signed.signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = (order - BigInt(s)).toString(16).padStart(64, "0");
    const malleable = `${r}${high}${yParity === 0 ? "1c" : "1b"}`;
    const zeroBased = `${r}${s.slice(2)}0${yParity}`;
    for (const signature of [foreign, malleable, zeroBased, compactSerialized, "0x", `${signed.signature}00`]) {
      expect(verifyReceipt({ ...signed, signature }, { place }).status, signature).to.equal("INVALID_SIGNATURE");
      const both = { ...signed, countersignature: signature };
      expect(verifyReceipt(both, { place }).status, signature).to.equal("INVALID_COUNTERSIGNATURE");
    }
    // The controller's signature is not the patient's.
    const twice = { ...signed, countersignature: signed.signature };
    expect(verifyReceipt(twice, { place }).status).to.equal("INVALID_COUNTERSIGNATURE");
  });

  it("are inconsistent when their words are not what the scope stands for, even signed", async () => {
    const wrong: Partial<ConsentReceipt>[] = [
      ...[{ categories: ["Observation"] }, { records: [] }, { categories: [], records: [] }, { scopeSalt: id("x") }],
      ...[{ purposes: [] }, { until: TIME }, { scope: EVERYTHING }],
      { scope: EVERYTHING, categories: [], records: [], scopeSalt: id("x") },
    ];
    for (const change of wrong) {
      const forged = await signReceipt({ ...receipt, ...change }, operator);
      expect(verifyReceipt(forged, { place }).status, JSON.stringify(change)).to.equal("INCONSISTENT");
    }
    const everything = { scope: EVERYTHING, categories: [], records: [], scopeSalt: EVERYTHING };
    const good = await signReceipt({ ...receipt, ...everything }, operator);
    expect(verifyReceipt(good, { place }).status).to.equal("VALID");
  });

  it("are judged by the trust list, to the second", async () => {
    const at = async (time: number, change = {}) => {
      const one = await signReceipt({ ...receipt, time }, operator);
      return verifyReceipt(one, { place, trust: trustOf(change) });
    };
    expect(await at(TIME)).to.deep.equal({ status: "VALID", isCountersigned: false, standing: "IN_FORCE" });
    expect((await at(TIME - 1)).status).to.equal("OPERATOR_NOT_IN_FORCE");
    expect((await at(TIME + 43_199)).status).to.equal("VALID");
    expect((await at(TIME + 43_200)).status).to.equal("OPERATOR_NOT_IN_FORCE");
    expect((await at(TIME + 9, { compromisedSince: TIME + 10 })).status).to.equal("VALID");
    const burnt = await at(TIME + 10, { compromisedSince: TIME + 10 });
    expect([burnt.status, burnt.standing]).to.deep.equal(["OPERATOR_NOT_IN_FORCE", "COMPROMISED"]);
    const other = await signReceipt({ ...receipt, controller: { body: 4, name: "x" } }, operator);
    expect(verifyReceipt(other, { place, trust: trustOf() }).status).to.equal("OPERATOR_UNKNOWN");
  });

  it("are made and signed only for those that they name", async () => {
    expect(await rejectionCode(signReceipt(receipt, stranger))).to.equal("RECEIPT_MALFORMED");
    expect(await rejectionCode(countersignReceipt(signed, stranger))).to.equal("RECEIPT_MALFORMED");
    const other = { ...terms, data: { ...data, records: ["obs-2"] } };
    expect(codeOf(() => makeReceipt(facts, other))).to.equal("RECEIPT_MALFORMED");
  });

  it("are refused as files that are not to the letter", () => {
    const text = serializeReceipt(signed);
    const spoilt = [
      ...["", "{}", "[]", `${text} x`, text.replace("receipt/v1", "receipt/v2"), text.replace('"TREAT"', '"SELL"')],
      ...[text.replace('"uses":5', '"uses":-1'), text.replace('"uses":5', '"uses":5,"used":1')],
      ...[
        text.replace('"event":"GIVEN",', ""),
        text.replace("in the app", "in\\u202eppa eht ni"),
        `{"receipt":${text}}`,
      ],
      ...[text.replace("in the app", ""), text.replace('"Immunization"', "1"), text.replace('"body":2', '"body":"2"')],
    ];
    for (const wrong of spoilt)
      expect(
        codeOf(() => parseReceipt(wrong)),
        wrong,
      ).to.equal("RECEIPT_MALFORMED");
    const broken = `{"scopeSalt":"${id("salt")}" x`;
    try {
      parseReceipt(broken);
      expect.fail("was read");
    } catch (error) {
      expect(inspect(error, { depth: null }), "quotes nothing of the file").not.to.include("scopeSalt");
    }
    const long = { ...signed, receipt: { ...receipt, legalBasis: "x".repeat(501) } };
    expect(codeOf(() => serializeReceipt(long))).to.equal("RECEIPT_MALFORMED");
  });
});
