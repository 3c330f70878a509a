import { expect } from "chai";
import { id, keccak256, AbiCoder, sha256, ZeroHash } from "ethers";

import {
  ACCESSED,
  consentFixture,
  ETREAT,
  EVERYTHING,
  headOf,
  HRESCH,
  purposes,
  SCOPE,
  STATE,
  STATUS,
  TREAT,
  type Access,
} from "../helpers/consents.js";
import { callOf, throughForwarder } from "../helpers/forward.js";
import { scopeOf } from "../helpers/parties.js";
import { Standing, timeOf } from "../helpers/trust.js";

/** The root of an RFC 9162 tree, by the text of its section 2.1.1. */
function rootOf(entries: string[]): string {
  const [first] = entries;
  if (first === undefined) return sha256("0x");
  if (entries.length === 1) return sha256(`0x00${first.slice(2)}`);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const [left, right] = [rootOf(entries.slice(0, split)), rootOf(entries.slice(split))];
  return sha256(`0x01${left.slice(2)}${right.slice(2)}`);
}

/** The fixture with a grant to the hospital for treatment and research, three uses. */
async function grantedFixture() {
  const f = await consentFixture();
  await f.registry.grant(f.terms({ purposes: purposes(TREAT, HRESCH), uses: 3n }));
  const access = (other: Partial<Access>): Access => ({
    recipient: f.parties.hospital.body,
    key: 1n,
    purpose: TREAT,
    basis: SCOPE,
    version: 1n,
    time: 0n,
    commitment: ACCESSED,
    ...other,
  });
  return {
    ...f,
    access,
    read: (purpose = TREAT, commitment = ACCESSED) => f.byHospital.logAccess(f.patient, SCOPE, purpose, commitment),
  };
}

describe("ConsentRegistry: the log of accesses", () => {
  describe("logAccess", () => {
    it("takes a use, extends the patient's chain, and tells who, why and under what", async () => {
      const { registry, patient, parties, read, recorded, access } = await grantedFixture();
      const sent = read(HRESCH);
      await expect(sent)
        .to.emit(registry, "AccessLogged")
        .withArgs(patient.address, parties.hospital.body, 1n, HRESCH, SCOPE, 1n, ACCESSED);
      const { uses, state, version } = await recorded();
      expect([uses, state, version]).to.deep.equal([2n, STATE.GRANTED, 1n]);
      const only = access({ purpose: HRESCH, time: await timeOf(sent) });
      expect(await registry.accessHeadOf(patient)).to.equal(headOf([only]));
    });

    it("reverts when the uses are used up, and the consent stays so until it is granted anew", async () => {
      const { registry, patient, parties, read, recorded, statusFor, terms } = await grantedFixture();
      for (const left of [2n, 1n, 0n]) {
        await read();
        expect((await recorded()).uses).to.equal(left);
      }
      expect((await recorded()).state).to.equal(STATE.USED_UP);
      expect(await statusFor()).to.equal(STATUS.USED_UP);
      await expect(read())
        .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
        .withArgs(patient.address, parties.hospital.body, SCOPE, TREAT, STATUS.USED_UP);
      await registry.grant(terms({ uses: 1n }));
      await read();
      expect(await statusFor()).to.equal(STATUS.USED_UP);
      await registry.revoke(parties.hospital.body, SCOPE);
      expect(await statusFor()).to.equal(STATUS.REVOKED);
    });

    it("takes nothing where the uses are not limited", async () => {
      const { registry, read, recorded, terms } = await grantedFixture();
      await registry.grant(terms());
      const before = await recorded();
      for (let n = 0; n < 3; ++n) await read();
      expect(await recorded()).to.deep.equal(before);
    });

    it("of two in one block lets the last use go to one", async () => {
      const { registry, byHospital, patient, terms, start, inOneBlock } = await grantedFixture();
      await registry.grant(terms({ uses: 1n }));
      const sent: Awaited<ReturnType<typeof byHospital.logAccess>>[] = [];
      const send = async () => {
        sent.push(await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED, { gasLimit: 200_000 }));
      };
      await inOneBlock(start + 1_000n, send, send);
      const provider = byHospital.runner!.provider!;
      const statuses = await Promise.all(
        sent.map(async ({ hash }) => (await provider.getTransactionReceipt(hash))?.status),
      );
      expect(statuses).to.deep.equal([1, 0]);
    });

    it("reverts for each way in which a consent may not be in force", async () => {
      const f = await consentFixture();
      const { registry, byHospital, patient, parties, terms, start, at } = f;
      const refused = (status: bigint, purpose = TREAT) =>
        expect(byHospital.logAccess(patient, SCOPE, purpose, ACCESSED))
          .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
          .withArgs(patient.address, parties.hospital.body, SCOPE, purpose, status);
      await refused(STATUS.NONE);
      const [from, until] = [start + 1_000n, start + 2_000n];
      await registry.grant(terms({ from, until }));
      await at(from - 1n);
      await refused(STATUS.PENDING);
      await at(from);
      await refused(STATUS.PURPOSE_NOT_GRANTED, HRESCH);
      await refused(STATUS.PURPOSE_NOT_GRANTED, 32n);
      await refused(STATUS.PURPOSE_NOT_GRANTED, 255n);
      await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
      await at(until - 1n);
      await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
      await refused(STATUS.EXPIRED);
    });

    it("counts for the caller's own body alone", async () => {
      const { registry, patient, parties, statusFor } = await grantedFixture();
      await expect(registry.connect(parties.clinic.key).logAccess(patient, SCOPE, TREAT, ACCESSED))
        .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
        .withArgs(patient.address, parties.clinic.body, SCOPE, TREAT, STATUS.NONE);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });

    it("reverts when the caller is nobody's key, or one in another role", async () => {
      const { registry, patient, parties, trustList, stranger, giveKey, spare } = await grantedFixture();
      const log = (by: typeof stranger) => registry.connect(by).logAccess(patient, SCOPE, TREAT, ACCESSED);
      for (const nobody of [stranger, patient]) {
        await expect(log(nobody))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(nobody.address, Standing.NONE);
      }
      await expect(log(parties.pharmacy.key))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("health-recipient"), parties.pharmacy.body, Standing.NONE);
      await giveKey(parties.hospital.body, spare[0]!, ["emergency-care"]);
      await expect(log(spare[0]!)).to.be.revertedWithCustomError(trustList, "RoleNotListed");
    });

    it("goes by the licence to the second: before it ended, and not after", async () => {
      const f = await grantedFixture();
      const { trustList, parties, accreditIn, at, read, start } = f;
      const until = start + 1_000n;
      await accreditIn("health-recipient", parties.hospital.body, { until });
      await at(until - 1n);
      await read();
      await expect(read())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("health-recipient"), parties.hospital.body, Standing.EXPIRED);
    });

    it("reverts once it is suspended, and counts again once it is reinstated", async () => {
      const f = await grantedFixture();
      const { trustList, parties, councilDoes, read, at, start } = f;
      const suspendedAt = start + 100n;
      await at(suspendedAt - 50n);
      await read();
      await councilDoes("suspend", "health-recipient", parties.hospital.body, suspendedAt);
      await expect(read())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("health-recipient"), parties.hospital.body, Standing.SUSPENDED);
      await councilDoes("reinstate", "health-recipient", parties.hospital.body);
      await read();
    });

    it("reverts for a compromised key, and goes on for another key of the body", async () => {
      const f = await grantedFixture();
      const { registry, patient, trustList, parties, compromise, giveKey, spare, read, start } = f;
      await giveKey(parties.hospital.body, spare[0]!, ["health-recipient"]);
      await compromise(parties.hospital.key, start);
      await expect(read())
        .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
        .withArgs(parties.hospital.key.address, Standing.COMPROMISED);
      await expect(registry.connect(spare[0]).logAccess(patient, SCOPE, TREAT, ACCESSED))
        .to.emit(registry, "AccessLogged")
        .withArgs(patient.address, parties.hospital.body, 2n, TREAT, SCOPE, 1n, ACCESSED);
    });

    it("goes on while the council stopped new writes", async () => {
      const { registry, read, stopUntil, start, byHospital, patient, decide } = await grantedFixture();
      await decide(registry, "setReviewLimit", [1n]);
      const openedAt = await timeOf(byHospital.breakGlass(patient, 3_600n, 1n, ACCESSED));
      await stopUntil(registry, start + 10_000n);
      await read();
      await byHospital.logEmergencyAccess(patient, openedAt, ACCESSED);
      await byHospital.logAccesses([ACCESSED]);
    });

    it("logs for whoever signed, through a relay", async () => {
      const f = await grantedFixture();
      const { registry, patient, parties } = f;
      const call = await callOf(registry, "logAccess", [patient.address, SCOPE, TREAT, ACCESSED]);
      await expect(throughForwarder(f)(parties.hospital.key, call))
        .to.emit(registry, "AccessLogged")
        .withArgs(patient.address, parties.hospital.body, 1n, TREAT, SCOPE, 1n, ACCESSED);
      const grant = await callOf(registry, "grant", [f.terms({ scope: EVERYTHING })]);
      await throughForwarder(f)(patient, grant);
      expect(await f.statusFor(TREAT, { scope: EVERYTHING })).to.equal(STATUS.IN_FORCE);
    });
  });

  describe("the patient's chain", () => {
    it("is rebuilt from the events and the times of their blocks, emergencies included, and ends in the head", async () => {
      const f = await grantedFixture();
      const { registry, byHospital, patient, otherPatient, parties, terms, read, decide, ethers } = f;
      await decide(registry, "setReviewLimit", [1n]);
      await registry.grant(terms({ grantee: parties.clinic.body, scope: EVERYTHING }));
      await read(TREAT, id("first"));
      await registry.connect(otherPatient).grant(terms());
      await byHospital.logAccess(otherPatient, SCOPE, TREAT, id("not in this chain"));
      await registry.connect(parties.clinic.key).logAccess(patient, EVERYTHING, TREAT, id("second"));
      const openedAt = await timeOf(byHospital.breakGlass(patient, 3_600n, 1n, ACCESSED));
      await byHospital.logEmergencyAccess(patient, openedAt, id("third"));
      await read(HRESCH, id("fourth"));

      const events = await registry.queryFilter(registry.filters.AccessLogged(patient));
      const accesses = await Promise.all(
        events.map(async ({ args, blockNumber }): Promise<Access> => {
          const block = await ethers.provider.getBlock(blockNumber);
          const { recipient, key, purpose, basis, version, commitment } = args;
          return { recipient, key, purpose, basis, version, time: BigInt(block!.timestamp), commitment };
        }),
      );
      expect(accesses.map(({ commitment }) => commitment)).to.deep.equal(
        ["first", "second", "third", "fourth"].map(id),
      );
      const head = await registry.accessHeadOf(patient);
      expect(headOf(accesses)).to.equal(head);
      expect(headOf(accesses.slice(1)), "one left out").to.not.equal(head);
      expect(headOf([...accesses.slice(0, 2), accesses[3]!, accesses[2]!]), "two swapped").to.not.equal(head);
    });

    it("is empty at first", async () => {
      const { registry, patient } = await consentFixture();
      expect(await registry.accessHeadOf(patient)).to.equal(0n);
    });

    it("names the version of the consent that was in force", async () => {
      const { registry, patient, parties, read, terms } = await grantedFixture();
      await registry.revoke(parties.hospital.body, SCOPE);
      await registry.grant(terms());
      await expect(read())
        .to.emit(registry, "AccessLogged")
        .withArgs(patient.address, parties.hospital.body, 1n, TREAT, SCOPE, 3n, ACCESSED);
    });
  });

  describe("logEmergencyAccess", () => {
    async function brokenFixture() {
      const f = await consentFixture();
      await f.decide(f.registry, "setReviewLimit", [3n]);
      const openedAt = await timeOf(f.byHospital.breakGlass(f.patient, 3_600n, 1n, ACCESSED));
      return { ...f, openedAt };
    }

    it("extends the chain with the use as its basis, and no version", async () => {
      const { registry, byHospital, patient, parties, openedAt } = await brokenFixture();
      const types = ["address", "uint32", "uint40"];
      const key = [patient.address, parties.hospital.body, openedAt];
      const basis = keccak256(AbiCoder.defaultAbiCoder().encode(types, key));
      const sent = byHospital.logEmergencyAccess(patient, openedAt, ACCESSED);
      await expect(sent)
        .to.emit(registry, "AccessLogged")
        .withArgs(patient.address, parties.hospital.body, 1n, ETREAT, basis, 0n, ACCESSED);
      const time = await timeOf(sent);
      const access = { recipient: parties.hospital.body, key: 1n, purpose: ETREAT, basis, version: 0n, time };
      expect(await registry.accessHeadOf(patient)).to.equal(headOf([{ ...access, commitment: ACCESSED }]));
    });

    it("reverts outside the window, and for another body, patient or time", async () => {
      const { registry, byHospital, patient, otherPatient, parties, openedAt, at } = await brokenFixture();
      const notOpen = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(registry, "BreakGlassNotOpen");
      await notOpen(byHospital.logEmergencyAccess(otherPatient, openedAt, ACCESSED));
      await notOpen(byHospital.logEmergencyAccess(patient, openedAt + 1n, ACCESSED));
      await notOpen(registry.connect(parties.clinic.key).logEmergencyAccess(patient, openedAt, ACCESSED));
      await at(openedAt + 3_599n);
      await byHospital.logEmergencyAccess(patient, openedAt, ACCESSED);
      await notOpen(byHospital.logEmergencyAccess(patient, openedAt, ACCESSED));
    });

    it("reverts for a key that lists no emergency care, and a body that lost it", async () => {
      const f = await brokenFixture();
      const { registry, byHospital, patient, parties, openedAt, trustList, giveKey, spare, councilDoes } = f;
      await giveKey(parties.hospital.body, spare[0]!, ["health-recipient"]);
      await expect(
        registry.connect(spare[0]).logEmergencyAccess(patient, openedAt, ACCESSED),
      ).to.be.revertedWithCustomError(trustList, "RoleNotListed");
      await councilDoes("suspend", "emergency-care", parties.hospital.body);
      await expect(byHospital.logEmergencyAccess(patient, openedAt, ACCESSED))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("emergency-care"), parties.hospital.body, Standing.SUSPENDED);
    });
  });

  describe("logAccesses", () => {
    const entries = (count: number, from = 0) => Array.from({ length: count }, (_, n) => id(`access ${from + n}`));

    it("appends to the recipient's own log, and tells whose key did", async () => {
      const { registry, byHospital, parties } = await consentFixture();
      const { hospital, clinic } = parties;
      await expect(byHospital.logAccesses(entries(5)))
        .to.emit(registry, "AccessesLogged")
        .withArgs(hospital.body, 1n, 0n, 5n);
      await registry.connect(clinic.key).logAccesses(entries(3, 100));
      await expect(byHospital.logAccesses(entries(2, 5)))
        .to.emit(registry, "AccessesLogged")
        .withArgs(hospital.body, 1n, 5n, 2n);
      expect(await registry.accessCheckpoint(hospital.body)).to.deep.equal([7n, rootOf(entries(7))]);
      expect(await registry.accessCheckpoint(clinic.body)).to.deep.equal([3n, rootOf(entries(3, 100))]);
      const told = await registry.queryFilter(registry.filters["EntriesAppended(bytes32,uint256,bytes32[])"]());
      const own = told.filter(({ args }) => BigInt(args.log) === hospital.body);
      expect(own.flatMap(({ args }) => [...args[2]])).to.deep.equal(entries(7));
    });

    it("of nobody is empty", async () => {
      const { registry } = await consentFixture();
      expect(await registry.accessCheckpoint(99n)).to.deep.equal([0n, sha256("0x")]);
    });

    it("reverts when there is none, or the caller is no recipient's key", async () => {
      const { registry, byHospital, patient, parties, trustList, stranger } = await consentFixture();
      await expect(byHospital.logAccesses([]))
        .to.be.revertedWithCustomError(registry, "LogBatchEmpty")
        .withArgs(`0x${parties.hospital.body.toString(16).padStart(64, "0")}`);
      for (const nobody of [stranger, patient]) {
        await expect(registry.connect(nobody).logAccesses([ZeroHash])).to.be.revertedWithCustomError(
          trustList,
          "KeyNotInForce",
        );
      }
      await expect(registry.connect(parties.court.key).logAccesses([ZeroHash])).to.be.revertedWithCustomError(
        trustList,
        "NotAccredited",
      );
    });
  });
});
