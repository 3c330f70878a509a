import { withParties } from "./parties.js";
import { deploySuite } from "./suite.js";
import type { Signer, Suite } from "./trust.js";

/** The roles of health, by the short names that their scopes are made of. */
export type HealthRole =
  | "health-provider"
  | "health-professional"
  | "health-recipient"
  | "emergency-care"
  | "break-glass-review"
  | "court"
  | "prescriber"
  | "pharmacy"
  | "payer";

const PARTIES = {
  hospital: ["health-provider", "health-recipient", "emergency-care"],
  clinic: ["health-provider", "health-recipient", "emergency-care"],
  professional: ["health-professional", "health-recipient"],
  reviewer: ["break-glass-review"],
  court: ["court"],
  prescriber: ["prescriber"],
  pharmacy: ["pharmacy"],
  otherPharmacy: ["pharmacy"],
  payer: ["payer", "health-recipient"],
  otherPayer: ["payer"],
} as const satisfies Record<string, readonly HealthRole[]>;

/** Who takes part. */
type PartyName = keyof typeof PARTIES;

/** What the fixture of health gives, with the suite. */
export type Health = Awaited<ReturnType<typeof deployHealth>>;

/**
 * The suite with those who take part in health. The registries are deployed by the tests that need them:
 * `new RecordRegistry__factory(deployer).deploy(manager, trustList, relays)`.
 */
export async function deployHealth(options: Parameters<typeof deploySuite>[0] = {}) {
  const suite = await deploySuite(options);
  return withHealth(suite, suite.signers.slice(10));
}

/**
 * A suite with those who take part in health: bodies of one key each, all controlled by the suite's `ministry` and accredited
 * by the council itself, and people who hold keys and are no bodies.
 *
 * @param others Signers that nothing is done with yet, 17 at least.
 */
export async function withHealth<S extends Suite>(suite: S, others: readonly Signer[]) {
  const count = Object.keys(PARTIES).length;
  const withAll = await withParties<S, PartyName, HealthRole>(suite, others, PARTIES);
  const [patient, otherPatient, guardian, delegateA, delegateB, delegateC, relayer] = others.slice(count) as [
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
  ];

  return {
    ...withAll,
    patient,
    otherPatient,
    guardian,
    delegates: [delegateA, delegateB, delegateC],
    /** Who pays for what others signed. */
    relayer,
    /** Signers that nothing is done with yet. */
    spare: others.slice(count + 7),
  };
}
