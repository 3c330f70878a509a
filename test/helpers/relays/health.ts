import { hexlify, id, ZeroHash } from "ethers";

import type { LogTree } from "../../../src/ledger/LogTree.js";
import {
  BillRegistry__factory,
  ConsentRegistry__factory,
  PrescriptionRegistry__factory,
  RecordRegistry__factory,
} from "../../../src/typechain/index.js";
import { commitmentOf, purposes, signFor, TREAT } from "../consents.js";
import { useIdOf } from "../emergency.js";
import { withHealth } from "../health.js";
import { openingOf, prescriptionOf } from "../prescriptions.js";
import { treeOf } from "../batches.js";
import { AUTHORSHIP, memberOf } from "../records.js";
import { NO_END } from "../suite.js";
import { timeOf, type Signer } from "../trust.js";
import { BY_THE_COUNCIL, GOVERNED, type Recipes, type World } from "./recipe.js";

const SIGNED = "the patient's own signature is in the call";
const [OLD, NEXT] = [id("a record"), id("its next version")];
const KIND = 1n;
const [AMENDED, ERASED, ON_REQUEST] = [1n, 4n, 4n];
const [WINDOW, REASON] = [3_600n, 2n];
const SCOPE = ZeroHash;

/** The world with those who take part in health, and the registries as the suite has them. */
async function withRegistries(world: World) {
  const health = await withHealth(world, [...world.signers.slice(30, 40), ...world.signers.slice(15, 22)]);
  const { deployed, deployer } = world;
  return {
    ...health,
    records: RecordRegistry__factory.connect(await deployed.recordRegistry.getAddress(), deployer),
    consents: ConsentRegistry__factory.connect(await deployed.consentRegistry.getAddress(), deployer),
    prescriptions: PrescriptionRegistry__factory.connect(await deployed.prescriptionRegistry.getAddress(), deployer),
    bills: BillRegistry__factory.connect(await deployed.billRegistry.getAddress(), deployer),
  };
}

/** A hospital with one record. */
async function withRecord(world: World) {
  const health = await withRegistries(world);
  const { hospital, professional } = health.parties;
  const records = health.records.connect(hospital.key);
  await records.anchor(OLD, KIND);
  const sign = async (commitment: string) => {
    const domain = {
      name: "Diwan RecordRegistry",
      version: "1",
      chainId: 31_337n,
      verifyingContract: await records.getAddress(),
    };
    const message = {
      commitment,
      kind: KIND,
      provider: hospital.body,
      author: professional.key.address,
      deadline: NO_END,
    };
    return professional.key.signTypedData(domain, AUTHORSHIP, message);
  };
  return { ...health, by: hospital.key, records, author: professional.key, sign };
}

/** A hospital with a batch of one record. */
async function withMember(world: World) {
  const health = await withRecord(world);
  const tree: LogTree = treeOf([NEXT]);
  await health.records.anchorBatch(hexlify(tree.root()), 1n, KIND);
  const at = { provider: health.parties.hospital.body, inLog: false, size: 1n, index: 0n };
  return { ...health, member: memberOf(tree, NEXT, at) };
}

export const RECORD_REGISTRY: Recipes = {
  ...GOVERNED,
  anchor: async (world) => ({ by: (await withRecord(world)).by, args: [NEXT, KIND] }),
  anchorAuthored: async (world) => {
    const { by, author, sign } = await withRecord(world);
    return { by, args: [NEXT, KIND, author.address, NO_END, await sign(NEXT)] };
  },
  anchorMany: async (world) => ({ by: (await withRecord(world)).by, args: [[NEXT], KIND] }),
  anchorBatch: async (world) => ({ by: (await withRecord(world)).by, args: [NEXT, 3n, KIND] }),
  amend: async (world) => ({ by: (await withRecord(world)).by, args: [OLD, NEXT, AMENDED] }),
  amendAuthored: async (world) => {
    const { by, author, sign } = await withRecord(world);
    return { by, args: [OLD, NEXT, AMENDED, author.address, NO_END, await sign(NEXT)] };
  },
  amendMember: async (world) => {
    const { by, member } = await withMember(world);
    return { by, args: [member, id("after it"), AMENDED] };
  },
  amendMemberAuthored: async (world) => {
    const { by, member, author, sign } = await withMember(world);
    const next = id("after it");
    return { by, args: [member, next, AMENDED, author.address, NO_END, await sign(next)] };
  },
  markInError: async (world) => ({ by: (await withRecord(world)).by, args: [OLD] }),
  tombstone: async (world) => ({ by: (await withRecord(world)).by, args: [[OLD], ON_REQUEST] }),
  endMembers: async (world) => {
    const { by, member } = await withMember(world);
    return { by, args: [[member], ERASED, ON_REQUEST] };
  },
};

/** A patient who let the hospital read. */
async function withConsent(world: World) {
  const health = await withRegistries(world);
  const { hospital, clinic, court, reviewer } = health.parties;
  const given = { grantee: hospital.body, scope: SCOPE, purposes: purposes(TREAT), from: 0n, until: NO_END, uses: 0n };
  await health.consents.connect(health.patient).grant(given);
  await health.consents.connect(court.key).appointGuardian(health.patient.address, health.guardian.address, NO_END);
  const members = health.delegates.map(({ address }) => address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const delegates = { members, threshold: 2n, until: NO_END, salt: id("salt of delegates") };
  await health.consents.connect(health.patient).setDelegates(commitmentOf(delegates));
  await health.decide(health.consents, "setReviewLimit", [5n]);
  const { address } = health.patient;
  const slot = { grantee: hospital.body, scope: SCOPE };
  const { consents } = health;
  const approvals = async (type: "ConsentGrant" | "ConsentRevocation", message: Parameters<typeof signFor>[3]) => {
    const signers = members.slice(0, 2).map((member) => health.delegates.find((one) => one.address === member)!);
    return Promise.all(
      signers.map(async (signer: Signer) => ({
        delegate: signer.address,
        signature: await signFor(consents, signer, type, message),
      })),
    );
  };
  return { ...health, hospital, clinic, court, reviewer, given, slot, address, delegation: delegates, approvals };
}

/** A patient for whom the hospital broke the glass. */
async function withBrokenGlass(world: World) {
  const health = await withConsent(world);
  const { consents, hospital, address } = health;
  const openedAt = await timeOf(consents.connect(hospital.key).breakGlass(address, WINDOW, REASON, NEXT));
  return { ...health, openedAt, id: useIdOf(address, hospital.body, openedAt) };
}

export const CONSENT_REGISTRY: Recipes = {
  ...GOVERNED,
  setReviewLimit: BY_THE_COUNCIL,

  grant: async (world) => {
    const { patient, given } = await withConsent(world);
    return { by: patient, args: [given] };
  },
  grantBySignature: async (world) => {
    const { consents, patient, given, relayer, address } = await withConsent(world);
    const message = { patient: address, ...given, version: 1n, deadline: NO_END };
    const signature = await signFor(consents, patient, "ConsentGrant", message);
    return { by: relayer, args: [address, given, 1n, NO_END, signature], anyone: SIGNED };
  },
  grantAsGuardian: async (world) => {
    const { guardian, given, address } = await withConsent(world);
    return { by: guardian, args: [address, given] };
  },
  grantByDelegates: async (world) => {
    const { given, address, delegation, approvals, relayer } = await withConsent(world);
    const signed = await approvals("ConsentGrant", { patient: address, ...given, version: 1n, deadline: NO_END });
    const anyone = "the delegates' own signatures are in the call";
    return { by: relayer, args: [address, given, 1n, NO_END, delegation, signed], anyone };
  },
  revoke: async (world) => {
    const { patient, slot } = await withConsent(world);
    return { by: patient, args: [slot.grantee, slot.scope] };
  },
  revokeBySignature: async (world) => {
    const { consents, patient, slot, relayer, address } = await withConsent(world);
    const message = { patient: address, ...slot, version: 1n, deadline: NO_END };
    const signature = await signFor(consents, patient, "ConsentRevocation", message);
    return { by: relayer, args: [address, slot.grantee, slot.scope, 1n, NO_END, signature], anyone: SIGNED };
  },
  revokeAsGuardian: async (world) => {
    const { guardian, slot, address } = await withConsent(world);
    return { by: guardian, args: [address, slot.grantee, slot.scope] };
  },
  revokeByDelegates: async (world) => {
    const { slot, address, delegation, approvals, relayer } = await withConsent(world);
    const signed = await approvals("ConsentRevocation", { patient: address, ...slot, version: 1n, deadline: NO_END });
    const anyone = "the delegates' own signatures are in the call";
    const args = [address, slot.grantee, slot.scope, 1n, NO_END, delegation, signed];
    return { by: relayer, args, anyone };
  },
  objectTo: async (world) => ({ by: (await withConsent(world)).patient, args: [32n] }),
  objectToBySignature: async (world) => {
    const { consents, patient, relayer, address } = await withConsent(world);
    const nonce = await consents.nonces(address);
    const message = { patient: address, purposes: 32n, nonce, deadline: NO_END };
    const signature = await signFor(consents, patient, "ConsentObjection", message);
    return { by: relayer, args: [address, 32n, nonce, NO_END, signature], anyone: SIGNED };
  },
  objectToAsGuardian: async (world) => {
    const { guardian, address } = await withConsent(world);
    return { by: guardian, args: [address, 32n] };
  },
  setDelegates: async (world) => ({ by: (await withConsent(world)).patient, args: [NEXT] }),
  setDelegatesBySignature: async (world) => {
    const { consents, patient, relayer, address } = await withConsent(world);
    const nonce = await consents.nonces(address);
    const message = { patient: address, commitment: NEXT, nonce, deadline: NO_END };
    const signature = await signFor(consents, patient, "ConsentDelegation", message);
    return { by: relayer, args: [address, NEXT, nonce, NO_END, signature], anyone: SIGNED };
  },
  appointGuardian: async (world) => {
    const { court, address, otherPatient } = await withConsent(world);
    return { by: court.key, args: [address, otherPatient.address, NO_END] };
  },
  endGuardianship: async (world) => {
    const { guardian, address } = await withConsent(world);
    return { by: guardian, args: [address, guardian.address] };
  },

  logAccess: async (world) => {
    const { hospital, address } = await withConsent(world);
    return { by: hospital.key, args: [address, SCOPE, TREAT, NEXT] };
  },
  logAccesses: async (world) => ({ by: (await withConsent(world)).hospital.key, args: [[NEXT]] }),
  breakGlass: async (world) => {
    const { hospital, address } = await withConsent(world);
    return { by: hospital.key, args: [address, WINDOW, REASON, NEXT] };
  },
  logEmergencyAccess: async (world) => {
    const { hospital, address, openedAt } = await withBrokenGlass(world);
    return { by: hospital.key, args: [address, openedAt, NEXT] };
  },
  review: async (world) => {
    const { reviewer, id: use } = await withBrokenGlass(world);
    return { by: reviewer.key, args: [use, 1n, NEXT] };
  },
};

/** A prescription of two, of which one is dispensed. */
async function withPrescription(world: World) {
  const health = await withRegistries(world);
  const { prescriber, pharmacy } = health.parties;
  const [opening, prescription] = [openingOf(1), prescriptionOf(1)];
  await health.prescriptions.connect(prescriber.key).issue(prescription, 2n, NO_END);
  await health.prescriptions.connect(pharmacy.key).dispense(opening, 1n);
  return { ...health, prescriber, pharmacy, opening, prescription };
}

export const PRESCRIPTION_REGISTRY: Recipes = {
  ...GOVERNED,
  issue: async (world) => ({ by: (await withPrescription(world)).prescriber.key, args: [NEXT, 1n, NO_END] }),
  dispense: async (world) => {
    const { pharmacy, opening } = await withPrescription(world);
    return { by: pharmacy.key, args: [opening, 1n] };
  },
  reverse: async (world) => {
    const { pharmacy, prescription } = await withPrescription(world);
    return { by: pharmacy.key, args: [prescription] };
  },
  cancel: async (world) => {
    const { prescriber, prescription } = await withPrescription(world);
    return { by: prescriber.key, args: [prescription, 1n] };
  },
  annul: async (world) => {
    const { compromise, prescriber, prescription, relayer, prescriptions } = await withPrescription(world);
    const { issuedAt } = await prescriptions.recordOf(prescription);
    await compromise(prescriber.key, issuedAt);
    return { by: relayer, args: [[prescription]], anyone: "it ends what a compromised key issued" };
  },
};

/** A bill that was submitted, and paid where it is said. */
async function withBill(world: World, { isPaid = false } = {}) {
  const health = await withRegistries(world);
  const { hospital, payer } = health.parties;
  const bill = await health.bills.billIdOf(hospital.body, OLD);
  await health.bills.connect(hospital.key).submit(OLD);
  if (isPaid) await health.bills.connect(payer.key).pay(bill);
  return { ...health, hospital, payer, bill };
}

export const BILL_REGISTRY: Recipes = {
  ...GOVERNED,
  submit: async (world) => ({ by: (await withBill(world)).hospital.key, args: [NEXT] }),
  pay: async (world) => {
    const { payer, bill } = await withBill(world);
    return { by: payer.key, args: [bill] };
  },
  reject: async (world) => {
    const { payer, bill } = await withBill(world);
    return { by: payer.key, args: [bill, 1n] };
  },
  refund: async (world) => {
    const { payer, bill } = await withBill(world, { isPaid: true });
    return { by: payer.key, args: [bill] };
  },
  withdraw: async (world) => {
    const { hospital, bill } = await withBill(world);
    return { by: hospital.key, args: [bill] };
  },
};
