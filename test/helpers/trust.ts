import { id, type BigNumberish, type ContractTransactionResponse } from "ethers";

import { approveBy, operation } from "./council.js";
import { deploySuite, GROUNDS, NO_END } from "./suite.js";

export type Suite = Awaited<ReturnType<typeof deploySuite>>;
export type Signer = Suite["deployer"];

/** Two roles, as scopes. */
export const COURT = id("diwan.role.court");
export const CLINIC = id("diwan.role.clinic");

/** The council, as an accreditor's index. */
export const COUNCIL = 0n;

/** Stands for the digest of a body's public profile. */
export const PROFILE = id("profile");

/** `ITrustList.Standing`, by its names. */
export const Standing = {
  NONE: 0n,
  IN_FORCE: 1n,
  PENDING: 2n,
  EXPIRED: 3n,
  SUSPENDED: 4n,
  WITHDRAWN: 5n,
  COMPROMISED: 6n,
} as const;

/** `ITrustList.Decision`, by its names. */
export const Decision = { NONE: 0n, ACCREDITED: 1n, SUSPENDED: 2n, WITHDRAWN: 3n } as const;

interface Loaded {
  value: Suite;
  restore: () => Promise<void>;
}

const loaded = new Map<() => Promise<Suite>, Loaded>();

/**
 * Runs a fixture on a chain of its own the first time, and brings that chain back to the same state after that. The next
 * block comes a second later: left alone, the chain's clock goes on with the machine's, so that a slow machine would
 * reach times that a test still wants to set.
 */
export async function load<T extends Suite>(fixture: () => Promise<T>): Promise<T> {
  const known = loaded.get(fixture);
  if (known !== undefined) {
    await known.restore();
    await later(known.value, 1n);
    return known.value as T;
  }
  const value = await fixture();
  const snapshot = await value.connection.networkHelpers.takeSnapshot();
  loaded.set(fixture, { value, restore: () => snapshot.restore() });
  await later(value, 1n);
  return value;
}

/**
 * The suite with a ministry (body 1, three levels below it) that the council accredited as a court from `start`, and a
 * hospital (body 2, two levels) below that, without end. `operator` is the hospital's key 1, for that one scope.
 */
export async function deployTree({ delay = 0n } = {}) {
  const suite = await deploySuite({ delay });
  const { trustList, council, members, connection } = suite;
  const start = await now(suite);
  await registerBody(suite, suite.ministry);
  await registerBody(suite, suite.hospital);
  const call = await operation(trustList, "accredit", [COURT, COUNCIL, 1n, start, NO_END, 3n, GROUNDS]);
  await approveBy(council, members.slice(0, 2), call);
  if (delay !== 0n) {
    await council.connect(members[0]).schedule(...call);
    await connection.networkHelpers.time.increase(delay);
  }
  await council.connect(members[0]).execute(...call);
  await accredit(suite, { by: suite.ministry, parent: 1n, body: 2n, from: start, levels: 2n });
  await authorizeKey(suite, { by: suite.hospital, body: 2n, operator: suite.operator, from: start });
  return { ...suite, start };
}

/** The latest block's time. */
export async function now({ connection }: Suite): Promise<bigint> {
  return BigInt(await connection.networkHelpers.time.latest());
}

/** Makes the next transaction's block `seconds` later than the latest, and tells its time. */
export async function later(suite: Suite, seconds = 10n): Promise<bigint> {
  const time = (await now(suite)) + seconds;
  await suite.connection.networkHelpers.time.setNextBlockTimestamp(time);
  return time;
}

/** The time of a transaction's block. */
export async function timeOf(transaction: Promise<ContractTransactionResponse>): Promise<bigint> {
  const block = await (await transaction).getBlock();
  return BigInt(block!.timestamp);
}

/** Registers a body and tells its index. */
export async function registerBody({ trustList }: Suite, controller: Signer): Promise<bigint> {
  const body = await trustList.registerBody.staticCall(controller.address, PROFILE);
  await trustList.registerBody(controller.address, PROFILE);
  return body;
}

interface Grant {
  by: Signer;
  scope?: string;
  parent: bigint;
  body: bigint;
  from: bigint;
  until?: bigint;
  levels?: bigint;
}

/** An accreditor accredits a body. */
export function accredit({ trustList }: Suite, grant: Grant): Promise<ContractTransactionResponse> {
  const { by, scope = COURT, parent, body, from, until = NO_END, levels = 0n } = grant;
  return trustList.connect(by).accredit(scope, parent, body, from, until, levels, GROUNDS);
}

/** Registers a body under an accreditor and accredits it. */
export async function addBody(suite: Suite, controller: Signer, grant: Omit<Grant, "body">): Promise<bigint> {
  const body = await registerBody(suite, controller);
  await accredit(suite, { ...grant, body });
  return body;
}

/** The EIP-712 types of a key's consent. */
const KEY_CONSENT = {
  KeyConsent: [
    { name: "body", type: "uint32" },
    { name: "operator", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

interface Consent {
  body: bigint;
  operator: Signer;
  deadline?: bigint;
  /** Whose address is named, when that is a wallet that the signer owns. */
  wallet?: string;
  chainId?: BigNumberish;
  verifyingContract?: string;
}

/** A key's consent to act for a body. */
export async function signConsent({ trustList }: Suite, consent: Consent): Promise<string> {
  const { body, operator, deadline = NO_END, wallet = operator.address, chainId = 31_337n } = consent;
  const verifyingContract = consent.verifyingContract ?? (await trustList.getAddress());
  const domain = { name: "Diwan TrustList", version: "1", chainId, verifyingContract };
  return operator.signTypedData(domain, KEY_CONSENT, { body, operator: wallet, deadline });
}

interface Authorization {
  by: Signer;
  body: bigint;
  operator: Signer;
  scopes?: string[];
  from: bigint;
  until?: bigint;
}

/** A body's controller authorises a key, with the key's consent. */
export async function authorizeKey(suite: Suite, authorization: Authorization): Promise<ContractTransactionResponse> {
  const { by, body, operator, scopes = [COURT], from, until = NO_END } = authorization;
  const consent = await signConsent(suite, { body, operator });
  return suite.trustList.connect(by).authorizeKey(body, operator.address, scopes, from, until, NO_END, consent);
}
