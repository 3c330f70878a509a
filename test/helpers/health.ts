import { id, type BaseContract } from "ethers";

import { deploySuite, GROUNDS, NO_END } from "./suite.js";
import { authorizeKey, COUNCIL, registerBody, type Signer, type Suite } from "./trust.js";

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

/** The scope of a role, written from the trust list's text. */
export function scopeOf(role: HealthRole): string {
  return id(`diwan.role.${role}`);
}

/** A body and its one key. */
export interface Party {
  /** The body's index in the trust list. */
  body: bigint;
  /** The key that acts for it: the body's key 1. */
  key: Signer;
  roles: readonly HealthRole[];
}

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
  const { trustList, forwarder, relayHub, decide, ethers, connection } = suite;
  const { time } = connection.networkHelpers;
  const names = Object.keys(PARTIES) as PartyName[];
  const [patient, otherPatient, guardian, delegateA, delegateB, delegateC, relayer] = others.slice(names.length) as [
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
  ];

  /** The council accredits a body in a role, without end unless one is given. */
  const accreditIn = (role: HealthRole, body: bigint, { from = 0n, until = NO_END, levels = 0n } = {}) =>
    decide(trustList, "accredit", [scopeOf(role), COUNCIL, body, from, until, levels, GROUNDS]);

  /** Lets a key act for a body in these roles alone, without end unless one is given. */
  const giveKey = (body: bigint, key: Signer, roles: readonly HealthRole[], { from = 0n, until = NO_END } = {}) =>
    authorizeKey(suite, { by: suite.ministry, body, operator: key, scopes: roles.map(scopeOf), from, until });

  /** A new body that the council accredits in some roles, with a key for them. */
  const enrol = async (key: Signer, roles: readonly HealthRole[]): Promise<Party> => {
    const body = await registerBody(suite, suite.ministry);
    for (const role of roles) await accreditIn(role, body);
    await giveKey(body, key, roles);
    return { body, key, roles };
  };

  const parties = {} as Record<PartyName, Party>;
  for (const [i, name] of names.entries()) parties[name] = await enrol(others[i]!, PARTIES[name]);
  const relays = { forwarder: await forwarder.getAddress(), hub: relayHub };

  return {
    ...suite,
    time,
    /** Who takes part, by their names. */
    parties,
    patient,
    otherPatient,
    guardian,
    delegates: [delegateA, delegateB, delegateC],
    /** Who pays for what others signed. */
    relayer,
    /** Signers that nothing is done with yet. */
    spare: others.slice(names.length + 7),
    /** The relays that the registries are to trust: their constructors' last argument. */
    relays,
    accreditIn,
    giveKey,
    enrol,
    /** The council decides on a body's accreditation in a role: at a time, when one is given. */
    councilDoes: (what: "suspend" | "reinstate" | "withdraw", role: HealthRole, body: bigint, at?: bigint) =>
      decide(trustList, what, [scopeOf(role), body, GROUNDS], at),
    /** A key's controller reports it compromised since a time. */
    compromise: (key: Signer, since: bigint) => trustList.connect(suite.ministry).reportCompromise(key.address, since),
    /** The council stops a contract's new writes until a time. */
    stopUntil: (contract: BaseContract, until: bigint) => decide(contract, "stop", [until, GROUNDS]),
    /** Carries out transactions in one block; each needs a gas limit of its own. */
    inOneBlock: async (timestamp: bigint, ...sends: (() => Promise<unknown>)[]) => {
      await ethers.provider.send("evm_setAutomine", [false]);
      try {
        for (const send of sends) await send();
        await time.setNextBlockTimestamp(timestamp);
        await connection.networkHelpers.mine();
      } finally {
        await ethers.provider.send("evm_setAutomine", [true]);
      }
    },
  };
}
