import { concat, id, keccak256 } from "ethers";

import { PrescriptionRegistry__factory } from "../../src/typechain/index.js";
import { deployHealth } from "./health.js";
import { load, now, type Signer } from "./trust.js";

/** `IPrescriptionRegistry.State`, by its names. */
export const STATE = {
  UNKNOWN: 0n,
  ISSUED: 1n,
  PARTLY_DISPENSED: 2n,
  DISPENSED: 3n,
  CANCELLED: 4n,
  EXPIRED: 5n,
} as const;

/** `IPrescriptionRegistry.CancelReason`, by its names. */
export const CANCEL = {
  NONE: 0n,
  IN_ERROR: 1n,
  REPLACED: 2n,
  NO_LONGER_NEEDED: 3n,
  KEY_COMPROMISED: 4n,
  OTHER: 5n,
} as const;

/** Stands for the salted hash of a prescription. */
export function openingOf(n: number): string {
  return id(`prescription ${n}`);
}

/** A prescription's id, written from the text of `PrescriptionId`. */
export function prescriptionOf(n: number): string {
  return keccak256(concat([id("diwan.health.prescription"), openingOf(n)]));
}

/** The registry of prescriptions among those who take part in health. */
export function prescriptionFixture() {
  return load(deployPrescriptions);
}

async function deployPrescriptions() {
  const f = await deployHealth();
  const registry = await new PrescriptionRegistry__factory(f.deployer).deploy(f.manager, f.trustList, f.relays);
  const { prescriber, pharmacy } = f.parties;
  const expiresAt = (await now(f)) + 30n * 86_400n;
  return {
    ...f,
    registry,
    expiresAt,
    /** The prescriber, or another, issues a prescription of this number: of 10 for 30 days, unless told otherwise. */
    issue: (n: number, { by = prescriber.key, quantity = 10n, until = expiresAt } = {}) =>
      registry.connect(by).issue(prescriptionOf(n), quantity, until),
    /** The pharmacy, or another, dispenses of it. */
    dispense: (n: number, quantity = 10n, by: Signer = pharmacy.key) =>
      registry.connect(by).dispense(openingOf(n), quantity),
    reverse: (n: number, by: Signer = pharmacy.key) => registry.connect(by).reverse(prescriptionOf(n)),
    cancel: (n: number, reason: bigint = CANCEL.IN_ERROR, by: Signer = prescriber.key) =>
      registry.connect(by).cancel(prescriptionOf(n), reason),
    statusOf: (n: number) => registry.statusOf(prescriptionOf(n), { blockTag: "latest" }),
  };
}
