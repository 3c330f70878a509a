import { createHash } from "node:crypto";

import { expect } from "chai";
import { concat, id, keccak256, ZeroHash } from "ethers";

import { ContractError } from "../../src/chain/decodeContractError.js";
import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { HealthError } from "../../src/health/HealthError.js";
import { annulPrescriptions } from "../../src/health/prescriptions/annulPrescriptions.js";
import { cancelPrescription } from "../../src/health/prescriptions/cancelPrescription.js";
import { dispensePrescription } from "../../src/health/prescriptions/dispensePrescription.js";
import { findCompromised } from "../../src/health/prescriptions/findCompromised.js";
import { issuePrescription } from "../../src/health/prescriptions/issuePrescription.js";
import { prescriptionId } from "../../src/health/prescriptions/prescriptionId.js";
import { prescriptionOpening } from "../../src/health/prescriptions/prescriptionOpening.js";
import { CANCEL_REASONS, PRESCRIPTION_STATES } from "../../src/health/prescriptions/prescriptionState.js";
import { prescriptionRecord } from "../../src/health/prescriptions/prescriptionRecord.js";
import { prescriptionStatus } from "../../src/health/prescriptions/prescriptionStatus.js";
import { readDispensings } from "../../src/health/prescriptions/readDispensings.js";
import { reverseDispensing } from "../../src/health/prescriptions/reverseDispensing.js";
import { recordCommitment } from "../../src/health/recordCommitment.js";
import type { PrescriptionRegistry } from "../../src/typechain/index.js";
import { approveBy, operation } from "../helpers/council.js";
import { rejection } from "../helpers/events.js";
import { scopeOf } from "../helpers/parties.js";
import { CANCEL, openingOf, prescriptionFixture, prescriptionOf, STATE } from "../helpers/prescriptions.js";
import { GROUNDS } from "../helpers/suite.js";
import { later } from "../helpers/trust.js";

const SALT = id("salt");
const SOURCE = `{ "resourceType": "MedicationRequest", "status": "active", "dispenseRequest": { "quantity": { "value": 2.50 } } }`;
const CANONICAL = `{"dispenseRequest":{"quantity":{"value":2.50}},"resourceType":"MedicationRequest","status":"active"}`;

async function fixture() {
  const f = await prescriptionFixture();
  const { prescriber, pharmacy, otherPharmacy } = f.parties;
  return {
    ...f,
    node: f.ethers.provider,
    address: await f.registry.getAddress(),
    asPrescriber: f.registry.connect(prescriber.key),
    asPharmacy: f.registry.connect(pharmacy.key),
    asOther: f.registry.connect(otherPharmacy.key),
    until: Number(f.expiresAt),
    dispense: (registry: PrescriptionRegistry, opening: string, quantity: number) =>
      dispensePrescription(registry, { opening, quantity, prescriber: Number(prescriber.body) }),
  };
}

const codeOf = async (promise: Promise<unknown>) => ((await rejection(promise)) as { code?: string }).code;

describe("prescriptions library", () => {
  describe("prescriptionOpening", () => {
    it("is the hash that its text says, by other implementations", () => {
      const digest = `0x${createHash("sha256").update(CANONICAL).digest("hex")}`;
      const ids = ["diwan.health.prescription.opening", "sha-256", "fhir-json-lossless-1"].map(id);
      const expected = keccak256(concat([...ids, SALT, digest]));
      expect(prescriptionOpening(SALT, SOURCE)).to.equal(expected);
      expect(prescriptionOpening(SALT, CANONICAL)).to.equal(expected);
      expect(prescriptionOpening(SALT, new TextEncoder().encode(SOURCE))).to.equal(expected);
      expect(prescriptionOpening(SALT.toUpperCase().replace("0X", "0x"), SOURCE)).to.equal(expected);
    });

    it("is another for another salt, digit, or as a record", () => {
      const opening = prescriptionOpening(SALT, SOURCE);
      expect(prescriptionOpening(id("other"), SOURCE)).to.not.equal(opening);
      expect(prescriptionOpening(SALT, SOURCE.replace("2.50", "2.5"))).to.not.equal(opening);
      const digest = createHash("sha256").update(CANONICAL).digest();
      const commitment = recordCommitment(Buffer.from(SALT.slice(2), "hex"), digest);
      expect(`0x${Buffer.from(commitment).toString("hex")}`).to.not.equal(opening);
    });

    it("refuses a salt that is none, and what is no JSON", () => {
      for (const salt of ["0x", "", "salt", SALT.slice(2), SALT.slice(0, -2), `${SALT}00`, ZeroHash]) {
        expect(() => prescriptionOpening(salt, SOURCE))
          .to.throw(HealthError)
          .with.property("code", "PRESCRIPTION_MALFORMED");
      }
      expect(() => prescriptionOpening(SALT, "<MedicationRequest/>"))
        .to.throw()
        .with.property("code", "FHIR_NOT_JSON");
    });
  });

  describe("prescriptionId", () => {
    it("is what the contract keeps it under", () => {
      expect(prescriptionId(openingOf(1))).to.equal(prescriptionOf(1));
      for (const opening of ["0x", openingOf(1).slice(0, -2), "opening"]) {
        expect(() => prescriptionId(opening))
          .to.throw(HealthError)
          .with.property("code", "PRESCRIPTION_MALFORMED");
      }
    });
  });

  it("names states and reasons as the contract does", () => {
    expect(PRESCRIPTION_STATES).to.deep.equal(Object.keys(STATE));
    expect(CANCEL_REASONS).to.deep.equal(Object.keys(CANCEL));
  });

  it("issues a prescription, dispenses it in parts, and tells how it stands", async () => {
    const { asPrescriber, asPharmacy, asOther, registry, until, dispense, ethers, parties } = await fixture();
    const opening = prescriptionOpening(SALT, SOURCE);
    const prescription = prescriptionId(opening);
    const status = () => prescriptionStatus(registry, prescription);
    expect(await status()).to.deep.equal({ state: "UNKNOWN", remaining: 0, prescriber: "NONE" });
    const { blockNumber } = await issuePrescription(asPrescriber, { id: prescription, quantity: 3, expiresAt: until });
    expect(await status()).to.deep.equal({ state: "ISSUED", remaining: 3, prescriber: "IN_FORCE" });
    await dispense(asPharmacy, opening, 2);
    expect(await status()).to.deep.equal({ state: "PARTLY_DISPENSED", remaining: 1, prescriber: "IN_FORCE" });
    await dispense(asOther, opening, 1);
    expect(await status()).to.deep.equal({ state: "DISPENSED", remaining: 0, prescriber: "IN_FORCE" });
    const before = await prescriptionStatus(registry, prescription, { blockTag: blockNumber });
    expect(before.remaining).to.equal(3);

    const issuedAt = (await ethers.provider.getBlock(blockNumber))!.timestamp;
    const [prescriber, pharmacy] = [Number(parties.prescriber.body), Number(parties.otherPharmacy.body)];
    const record = { issuedAt, expiresAt: until, prescriber, key: 1, issued: 3, remaining: 0, pharmacy, dispensed: 1 };
    expect(await prescriptionRecord(registry, prescription)).to.deep.equal({ ...record, cancelled: undefined });
    await cancelPrescription(asPrescriber, prescription, "OTHER");
    expect((await prescriptionRecord(registry, prescription)).cancelled).to.equal("OTHER");
    const then = await prescriptionRecord(registry, prescription, { blockTag: blockNumber - 1 });
    expect([then.issuedAt, then.prescriber, then.cancelled]).to.deep.equal([0, 0, undefined]);
  });

  it("dispenses nothing that is another prescriber's than it says: who saw its id issued it first", async () => {
    const f = await fixture();
    const thief = await f.enrol(f.spare[0]!, ["prescriber"]);
    await f.issue(1, { by: thief.key });
    const refused = (await rejection(f.dispense(f.asPharmacy, openingOf(1), 1))) as HealthError;
    expect([refused.code, refused.message]).to.deep.equal([
      "PRESCRIBER_DIFFERS",
      `body ${thief.body} issued ${prescriptionOf(1)}, and not body ${f.parties.prescriber.body}`,
    ]);
    expect((await prescriptionStatus(f.registry, prescriptionOf(1))).state).to.equal("ISSUED");
  });

  it("gives the contract's own reasons when it refuses", async () => {
    const { asPrescriber, asPharmacy, asOther, until, time, dispense } = await fixture();
    const issue = (n: number) =>
      issuePrescription(asPrescriber, { id: prescriptionOf(n), quantity: 2, expiresAt: until });
    expect(await codeOf(dispense(asPharmacy, openingOf(1), 1))).to.equal("PrescriptionUnknown");
    await issue(1);
    expect(await codeOf(issue(1))).to.equal("PrescriptionIssuedBefore");
    expect(await codeOf(dispense(asPharmacy, openingOf(1), 3))).to.equal("PrescriptionExceeded");
    expect(await codeOf(reverseDispensing(asPharmacy, prescriptionOf(1)))).to.equal("NothingDispensed");
    await dispense(asPharmacy, openingOf(1), 2);
    const twice = await rejection(dispense(asOther, openingOf(1), 2));
    expect(twice).to.be.instanceOf(ContractError).with.property("code", "PrescriptionSpent");
    expect((twice as Error).message).to.match(
      /^All of the prescription 0x[0-9a-f]{64} was dispensed, last by body \d+\.$/,
    );
    await reverseDispensing(asPharmacy, prescriptionOf(1));
    await cancelPrescription(asPrescriber, prescriptionOf(1), "NO_LONGER_NEEDED");
    const cancelled = (await rejection(dispense(asOther, openingOf(1), 2))) as ContractError;
    expect([cancelled.code, cancelled.args.reason]).to.deep.equal(["PrescriptionIsCancelled", "NO_LONGER_NEEDED"]);
    await issue(2);
    await time.increaseTo(until);
    expect(await codeOf(dispense(asPharmacy, openingOf(2), 1))).to.equal("PrescriptionExpired");
  });

  it("dispenses nothing that a compromised key issued, and finds and annuls all of it", async () => {
    const f = await fixture();
    const { asPrescriber, asPharmacy, registry, node, until, dispense } = f;
    const issue = (n: number) =>
      issuePrescription(asPrescriber, { id: prescriptionOf(n), quantity: 2, expiresAt: until });
    await issue(1);
    const since = await later(f);
    for (const n of [2, 3, 4]) await issue(n);
    await cancelPrescription(asPrescriber, prescriptionOf(4), "IN_ERROR");
    const body = Number(f.parties.prescriber.body);
    const find = () => findCompromised(registry, node, body, { fromBlock: 0 });
    expect(await find()).to.deep.equal([]);
    await f.compromise(f.parties.prescriber.key, since);

    expect(await codeOf(dispense(asPharmacy, openingOf(2), 1))).to.equal("PRESCRIBER_NOT_IN_FORCE");
    await dispense(asPharmacy, openingOf(1), 1);
    expect(await find()).to.deep.equal([prescriptionOf(2), prescriptionOf(3)]);
    expect(await findCompromised(registry, node, body + 1, { fromBlock: 0 })).to.deep.equal([]);
    const asStranger = registry.connect(f.stranger);
    expect(await annulPrescriptions(asStranger, [])).to.deep.equal([]);
    expect(await annulPrescriptions(asStranger, await find())).to.have.length(1);
    expect(await find()).to.deep.equal([]);
    expect(await codeOf(annulPrescriptions(asStranger, [prescriptionOf(1)]))).to.equal("PrescriberNotCompromised");
    expect((await prescriptionStatus(registry, prescriptionOf(3))).state).to.equal("CANCELLED");
  });

  it("dispenses nothing of a prescriber that was suspended in the second of the issue", async () => {
    const f = await fixture();
    const body = f.parties.prescriber.body;
    const call = await operation(f.trustList, "suspend", [scopeOf("prescriber"), body, GROUNDS]);
    await approveBy(f.council, f.members.slice(0, 2), call);
    const gasLimit = 500_000n;
    await f.inOneBlock(
      await later(f),
      () => f.asPrescriber.issue(prescriptionOf(1), 2n, f.until, { gasLimit }),
      () => f.council.connect(f.members[0]).execute(...call, { gasLimit }),
    );
    const status = { state: "ISSUED", remaining: 2, prescriber: "SUSPENDED" };
    expect(await prescriptionStatus(f.registry, prescriptionOf(1))).to.deep.equal(status);
    expect(await codeOf(f.dispense(f.asPharmacy, openingOf(1), 1))).to.equal("PRESCRIBER_NOT_IN_FORCE");
    // It was not compromised: its own body may cancel it, not anybody.
    expect(await codeOf(annulPrescriptions(f.registry, [prescriptionOf(1)]))).to.equal("PrescriberNotCompromised");
    await cancelPrescription(f.asPrescriber, prescriptionOf(1), "IN_ERROR");
  });

  it("annuls more than one transaction holds", async () => {
    const f = await fixture();
    const since = await later(f);
    await f.issue(1);
    await f.compromise(f.parties.prescriber.key, since);
    const ids = Array.from({ length: 501 }, () => prescriptionOf(1));
    expect(await annulPrescriptions(f.registry, ids)).to.have.length(2);
  });

  describe("readDispensings", () => {
    it("lists what was dispensed and taken back: of all, of a prescription, by a pharmacy", async () => {
      const f = await fixture();
      const { asPharmacy, asOther, node, address, dispense } = f;
      const [pharmacy, other] = [Number(f.parties.pharmacy.body), Number(f.parties.otherPharmacy.body)];
      for (const n of [1, 2]) await f.issue(n);
      const blocks: number[] = [];
      const note = async (sent: Promise<{ blockNumber: number }>) => blocks.push((await sent).blockNumber);
      await note(dispense(asPharmacy, openingOf(1), 4));
      await note(dispense(asOther, openingOf(1), 5));
      await note(reverseDispensing(asOther, prescriptionOf(1)));
      await note(dispense(asPharmacy, openingOf(2), 10));
      await note(dispense(asOther, openingOf(1), 6));
      await note(reverseDispensing(asOther, prescriptionOf(1)));

      const [a, b, back, c, d, again] = blocks;
      const one = { prescription: prescriptionOf(1), key: 1 };
      const expected = [
        { ...one, pharmacy, quantity: 4, block: a, reversed: undefined },
        { ...one, pharmacy: other, quantity: 5, block: b, reversed: back },
        { ...one, prescription: prescriptionOf(2), pharmacy, quantity: 10, block: c, reversed: undefined },
        { ...one, pharmacy: other, quantity: 6, block: d, reversed: again },
      ];
      const read = (options = {}) => readDispensings(node, address, { fromBlock: 0, ...options });
      expect(await read()).to.deep.equal(expected);
      expect(await read({ prescription: prescriptionOf(2) })).to.deep.equal([expected[2]]);
      expect(await read({ pharmacy: other })).to.deep.equal([expected[1], expected[3]]);
      expect(await read({ prescription: prescriptionOf(1), pharmacy })).to.deep.equal([expected[0]]);
      // As after a restart, from where it stopped.
      const cache = memoryEventCache();
      await read({ cache, toBlock: b });
      expect(await read({ cache })).to.deep.equal(expected);
    });

    it("notices that it began too late", async () => {
      const f = await fixture();
      await f.issue(1);
      await f.dispense(f.asPharmacy, openingOf(1), 4);
      await f.dispense(f.asPharmacy, openingOf(1), 3);
      const { blockNumber } = await reverseDispensing(f.asPharmacy, prescriptionOf(1));
      const late = readDispensings(f.node, f.address, { fromBlock: blockNumber });
      expect(await codeOf(late)).to.equal("EVENT_MISSING");
    });
  });
});
