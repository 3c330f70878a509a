import { AbiCoder, id, keccak256 } from "ethers";

import { ConsentRegistry__factory } from "../../src/typechain/index.js";
import { deployHealth } from "./health.js";
import { load, type Signer } from "./trust.js";

/** The longest window of the fixture's deployment, in seconds. */
export const MAX_WINDOW = 86_400n;

/** How many unreviewed uses stop a provider in the fixture. */
export const LIMIT = 3n;

/** `IBreakGlass.EmergencyReason`, by its names. */
export const EMERGENCY = {
  UNSPECIFIED: 0n,
  LIFE_THREATENING: 1n,
  UNABLE_TO_CONSENT: 2n,
  PUBLIC_HEALTH_EMERGENCY: 3n,
  CONSENT_UNREACHABLE: 4n,
  OTHER: 5n,
} as const;

/** `IBreakGlass.Outcome`, by its names. */
export const OUTCOME = { PENDING: 0n, JUSTIFIED: 1n, UNJUSTIFIED: 2n } as const;

/** Stands for the salted hash of what a provider, or a reviewer, wrote down. */
export const NOTES = id("notes");
export const FINDINGS = id("findings");

/** A use's id, written from the interface's text. */
export function useIdOf(patient: string, body: bigint, openedAt: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint32", "uint40"], [patient, body, openedAt]));
}

/** The registry of consents among those who take part in health, the council having set no limit yet. */
export function unlimitedFixture() {
  return load(deployUnlimited);
}

/** The same, where `LIMIT` unreviewed uses stop a provider. */
export function emergencyFixture() {
  return load(deployEmergency);
}

async function deployEmergency() {
  const f = await deployUnlimited();
  await f.decide(f.registry, "setReviewLimit", [LIMIT]);
  return f;
}

async function deployUnlimited() {
  const f = await deployHealth();
  const registry = await new ConsentRegistry__factory(f.deployer).deploy(f.manager, f.trustList, MAX_WINDOW, f.relays);
  const { hospital, reviewer } = f.parties;

  interface Opened {
    by?: Signer;
    patient?: string;
    window?: bigint;
    reason?: bigint;
  }
  /** The hospital, or another, breaks the glass for an hour. */
  const open = ({ by = hospital.key, patient = f.patient.address, window = 3_600n, reason = 1n }: Opened = {}) =>
    registry.connect(by).breakGlass(patient, window, reason, NOTES);
  /** The reviewer, or another, reviews a use. */
  const review = (use: string, outcome: bigint = OUTCOME.JUSTIFIED, by: Signer = reviewer.key) =>
    registry.connect(by).review(use, outcome, FINDINGS);

  return {
    ...f,
    registry,
    open,
    review,
    /** The hospital breaks the glass at a time, and the use's id is told. */
    openAt: async (at: bigint, options: Opened = {}) => {
      await f.time.setNextBlockTimestamp(at);
      await open(options);
      return useIdOf(options.patient ?? f.patient.address, hospital.body, at);
    },
    /** The hospital reads under the window that it opened then. */
    read: (openedAt: bigint, by: Signer = hospital.key) =>
      registry.connect(by).logEmergencyAccess(f.patient.address, openedAt, id("what was read")),
  };
}
