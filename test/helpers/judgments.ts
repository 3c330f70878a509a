import { id, type BaseContract, type TypedDataDomain } from "ethers";

import {
  JudgmentRegistry__factory,
  PowerOfAttorneyRegistry__factory,
  ServiceRegistry__factory,
} from "../../src/typechain/index.js";
import { deploySuite, GROUNDS, NO_END } from "./suite.js";
import { authorizeKey, COUNCIL, load, now, registerBody, type Signer } from "./trust.js";

/** `IJudgmentRegistry.Status`, by its names. */
export const STATUS = {
  UNKNOWN: 0n,
  NOT_FINAL: 1n,
  FINAL: 2n,
  UNDER_APPEAL: 3n,
  SUPERSEDED: 4n,
  REVERSED: 5n,
  ANNULLED: 6n,
} as const;

/** `IJudgmentRegistry.Outcome`, by its names. */
export const OUTCOME = { NONE: 0n, AFFIRMED: 1n, SUPERSEDED: 2n, REVERSED: 3n, ANNULLED: 4n, RECTIFIED: 5n } as const;

/** `IJudgmentRegistry.Kind`, by its names. */
export const KIND = { JUDGMENT: 0n, PARTIAL: 1n, INTERIM: 2n, ORDER: 3n, SETTLEMENT: 4n } as const;

/** `IServiceRegistry.State`, by its names. */
export const SERVICE = { UNKNOWN: 0n, SENT: 1n, DELIVERED: 2n, ACKNOWLEDGED: 3n, FAILED: 4n, LAPSED: 5n } as const;

/** `IServiceRegistry.Failure`, by its names. */
export const FAILURE = { NONE: 0n, NOT_FOUND: 1n, REFUSED: 2n, UNREACHABLE: 3n, RECALLED: 4n, OTHER: 5n } as const;

/** `IPowerOfAttorneyRegistry.Status`, by its names. */
export const POWER = { NONE: 0n, IN_FORCE: 1n, PENDING: 2n, EXPIRED: 3n, REVOKED: 4n, RENOUNCED: 5n } as const;

/** The roles that judgments, service and powers ask for. */
export type CourtRole = "court" | "court-of-appeal" | "bailiff" | "notary";

/** The scope of a role, written from the trust list's text. */
export const scopeOf = (role: CourtRole): string => id(`diwan.role.${role}`);

/** A commitment to a judgment that nobody registered yet; the name makes it another one. */
export const judgment = (name: string): string => id(`judgment ${name}`);

/** Stand for the salted hashes of a case, a notice of appeal, a document and what an agent may do. */
export const CASE = id("case, salt 1");
export const NOTICE = id("notice of appeal, salt 2");
export const DOCUMENT = id("document, salt 3");
export const SCOPE = id("what the agent may do, salt 4");

/** Typed data, written from the interfaces' texts. */
const field = (type: string, name: string) => ({ type, name });
const TYPES = {
  ServiceAcknowledgement: [field("bytes32", "document"), field("address", "addressee"), field("uint256", "deadline")],
  PowerGrant: [
    ...[field("address", "principal"), field("address", "agent"), field("bytes32", "scope")],
    ...[field("uint40", "from"), field("uint40", "until"), field("uint32", "version"), field("uint256", "deadline")],
  ],
  PowerRevocation: [
    ...[field("address", "principal"), field("address", "agent"), field("bytes32", "scope")],
    ...[field("uint32", "version"), field("uint256", "deadline")],
  ],
};

const PARTIES = {
  court: ["court"],
  otherCourt: ["court"],
  appeals: ["court", "court-of-appeal"],
  otherAppeals: ["court-of-appeal"],
  supreme: ["court-of-appeal"],
  bailiff: ["bailiff"],
  notary: ["notary"],
} as const satisfies Record<string, readonly CourtRole[]>;

type PartyName = keyof typeof PARTIES;

/** `IJudgmentRegistry.Judgment`. */
interface Given {
  commitment: string;
  caseCommitment: string;
  kind: bigint;
  decidedAt: bigint;
  finalFrom: bigint;
  appealTo: bigint;
}

/** The registries of judgments, service and powers, with the courts; each call starts again from the same state. */
export function judgmentFixture() {
  return load(deployJudgments);
}

async function deployJudgments() {
  const suite = await deploySuite();
  const { deployer, manager, trustList, forwarder, relayHub, decide, connection, ministry } = suite;
  const relays = { forwarder: await forwarder.getAddress(), hub: relayHub };
  const others = suite.signers.slice(10);
  const registry = await new JudgmentRegistry__factory(deployer).deploy(manager, trustList, relays);
  const services = await new ServiceRegistry__factory(deployer).deploy(manager, trustList, relays);
  const powers = await new PowerOfAttorneyRegistry__factory(deployer).deploy(manager, trustList, relays);

  const accreditIn = (role: CourtRole, body: bigint, { from = 0n, until = NO_END } = {}) =>
    decide(trustList, "accredit", [scopeOf(role), COUNCIL, body, from, until, 0n, GROUNDS]);
  const giveKey = (body: bigint, key: Signer, roles: readonly CourtRole[]) =>
    authorizeKey(suite, { by: ministry, body, operator: key, scopes: roles.map(scopeOf), from: 0n });

  const parties = {} as Record<PartyName, { body: bigint; key: Signer }>;
  for (const [i, name] of (Object.keys(PARTIES) as PartyName[]).entries()) {
    const body = await registerBody(suite, ministry);
    for (const role of PARTIES[name]) await accreditIn(role, body);
    await giveKey(body, others[i]!, PARTIES[name]);
    parties[name] = { body, key: others[i]! };
  }
  const [principal, agent, addressee, ...spare] = others.slice(7) as [Signer, Signer, Signer, ...Signer[]];
  const start = await now(suite);
  const finalFrom = start + 30n * 86_400n;

  /** A judgment that can be appealed for thirty days. */
  const given = (name: string, other: Partial<Given> = {}): Given => ({
    commitment: judgment(name),
    caseCommitment: CASE,
    kind: KIND.JUDGMENT,
    decidedAt: start,
    finalFrom,
    appealTo: 0n,
    ...other,
  });

  return {
    ...suite,
    registry,
    services,
    powers,
    parties,
    principal,
    agent,
    addressee,
    spare,
    start,
    /** From when a judgment is final, unless told otherwise. */
    finalFrom,
    accreditIn,
    giveKey,
    given,
    register: (name: string, other: Partial<Given> = {}, by = parties.court.key) =>
      registry.connect(by).register(given(name, other)),
    appeal: (name: string, by = parties.appeals.key) => registry.connect(by).appeal(judgment(name), NOTICE),
    withdraw: (name: string, by = parties.appeals.key) => registry.connect(by).withdrawAppeal(judgment(name)),
    decideOn: (name: string, outcome: bigint, next: string, other: Partial<Given> = {}, by = parties.appeals.key) =>
      registry.connect(by).decideAppeal(judgment(name), outcome, given(next, other)),
    annul: (name: string, next: string, other: Partial<Given> = {}, by = parties.supreme.key) =>
      registry.connect(by).annul(judgment(name), given(next, other)),
    rectify: (name: string, next: string, by = parties.court.key) =>
      registry.connect(by).rectify(judgment(name), judgment(next), CASE),
    verdictOf: (name: string) => registry.statusOf(judgment(name)),
    /** How judgments stand, in order. */
    statusesOf: async (...names: string[]) =>
      Promise.all(names.map(async (name) => (await registry.statusOf(judgment(name))).status)),
    councilDoes: (what: "suspend" | "reinstate" | "withdraw", role: CourtRole, body: bigint) =>
      decide(trustList, what, [scopeOf(role), body, GROUNDS]),
    compromise: (key: Signer, since: bigint) => trustList.connect(ministry).reportCompromise(key.address, since),
    stopUntil: (contract: BaseContract, until: bigint) => decide(contract, "stop", [until, GROUNDS]),
    /** Makes the next transaction's block come at a time. */
    at: (time: bigint) => connection.networkHelpers.time.setNextBlockTimestamp(time),
    /** Mines a block at a time, for views that are asked there. */
    mineAt: async (time: bigint) => {
      await connection.networkHelpers.time.setNextBlockTimestamp(time);
      await connection.networkHelpers.mine();
    },
    /** What somebody signs in a registry's domain. */
    sign: async (
      contract: BaseContract,
      by: Signer,
      type: keyof typeof TYPES,
      message: Record<string, unknown>,
      domain: TypedDataDomain = {},
    ) => {
      const verifyingContract = await contract.getAddress();
      const name = type === "ServiceAcknowledgement" ? "Diwan ServiceRegistry" : "Diwan PowerOfAttorneyRegistry";
      const own = { name, version: "1", chainId: 31_337n, verifyingContract };
      return by.signTypedData({ ...own, ...domain }, { [type]: TYPES[type] }, message);
    },
  };
}
