import type { ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../chain/send.js";
import type { TrustList } from "../typechain/contracts/trust/TrustList.js";
import type { SignedKeyConsent } from "./keyConsent.js";
import { TrustError } from "./TrustError.js";

/** An accreditation to give. */
export interface Grant {
  /** The role or schema, 32 bytes in hex. */
  scope: string;
  /** The accreditor's index, 0 for the council. */
  parent: number;
  /** The body's index. */
  body: number;
  /** First second in force, in Unix seconds. */
  from: number;
  /** First second no longer in force; 2^40 - 1 for no end. */
  until: number;
  /** How many levels of bodies may stand below, 0 to 3 and less than the accreditor's. */
  levels: number;
  /** SHA-256 of the published decision, in hex. */
  grounds: string;
}

/** An accreditation to decide on. */
export interface Judgement {
  /** The role or schema, 32 bytes in hex. */
  scope: string;
  /** The body's index. */
  body: number;
  /** SHA-256 of the published decision, in hex. */
  grounds: string;
}

/** The period and scopes that a body gives to a key. */
export interface KeyGrant {
  /** The scopes that it may act in, each accredited to the body at some time. */
  scopes: readonly string[];
  /** First second at which it may act, in Unix seconds. */
  from: number;
  /** First second at which it no longer may, in Unix seconds. */
  until: number;
}

/**
 * Registers a body; anyone may, since an index alone gives no power.
 *
 * @param trustList Connected to whoever pays.
 * @param controller Who will control it.
 * @param profile SHA-256 of its public profile, in hex.
 * @returns Its index.
 * @throws ContractError ControllerMissing, WritesAreStopped
 * @example
 * ```ts
 * const { body } = await registerBody(trustList, controller, profile);
 * ```
 */
export async function registerBody(
  trustList: TrustList,
  controller: string,
  profile: string,
): Promise<{ body: number; receipt: ContractTransactionReceipt }> {
  const receipt = await send(() => trustList.registerBody(controller, profile));
  const [event] = await eventsOf(receipt, trustList, "BodyChanged");
  if (event === undefined) throw new TrustError("EVENT_MISSING", "the receipt holds no event of the body");
  return { body: Number(event.args.body), receipt };
}

/**
 * The arguments of `TrustList.accredit` for a grant, so that the council can decide it as well.
 *
 * @example
 * ```ts
 * const operation = await operationOf(trustList, "accredit", accreditArguments({ ...grant, parent: 0 }));
 * ```
 */
export function accreditArguments(grant: Grant) {
  const { scope, parent, body, from, until, levels, grounds } = grant;
  return [scope, parent, body, from, until, levels, grounds] as const;
}

/**
 * Accredits a body, or renews or changes its accreditation, as an accreditor. What the council itself grants goes
 * through `decide`.
 *
 * @param trustList Connected to the controller of the accreditor.
 * @param grant What to grant; `parent` is the accreditor.
 * @throws ContractError AccessManagedUnauthorized, AccreditedByAnother, HeldByCouncil, NotAccredited, MayNotAccredit, TooManyLevels, PeriodOutsideParent, …
 * @example
 * ```ts
 * await accredit(trustList.connect(ministry), { scope, parent: 1, body: 2, from, until, levels: 0, grounds });
 * ```
 */
export async function accredit(trustList: TrustList, grant: Grant): Promise<ContractTransactionReceipt> {
  return send(() => trustList.accredit(...accreditArguments(grant)));
}

/**
 * Suspends an accreditation from now on.
 *
 * @param trustList Connected to the controller of its accreditor.
 * @param judgement Which, and on what grounds.
 * @throws ContractError DecisionNotAllowed, HeldByCouncil, AccessManagedUnauthorized
 * @example
 * ```ts
 * await suspendAccreditation(trustList.connect(ministry), { scope, body: 2, grounds });
 * ```
 */
export async function suspendAccreditation(
  trustList: TrustList,
  { scope, body, grounds }: Judgement,
): Promise<ContractTransactionReceipt> {
  return send(() => trustList.suspend(scope, body, grounds));
}

/**
 * Lifts the suspension of an accreditation.
 *
 * @param trustList Connected to the controller of its accreditor, which is in force itself.
 * @param judgement Which, and on what grounds.
 * @throws ContractError DecisionNotAllowed, HeldByCouncil, NotAccredited, AccessManagedUnauthorized
 * @example
 * ```ts
 * await reinstateAccreditation(trustList.connect(ministry), { scope, body: 2, grounds });
 * ```
 */
export async function reinstateAccreditation(
  trustList: TrustList,
  { scope, body, grounds }: Judgement,
): Promise<ContractTransactionReceipt> {
  return send(() => trustList.reinstate(scope, body, grounds));
}

/**
 * Withdraws an accreditation from now on, and so everything below it.
 *
 * @param trustList Connected to the controller of its accreditor.
 * @param judgement Which, and on what grounds.
 * @throws ContractError DecisionNotAllowed, HeldByCouncil, AccessManagedUnauthorized
 * @example
 * ```ts
 * await withdrawAccreditation(trustList.connect(ministry), { scope, body: 2, grounds });
 * ```
 */
export async function withdrawAccreditation(
  trustList: TrustList,
  { scope, body, grounds }: Judgement,
): Promise<ContractTransactionReceipt> {
  return send(() => trustList.withdraw(scope, body, grounds));
}

/**
 * Lets a key act for a body, with the key's consent, or changes what it may.
 *
 * @param trustList Connected to the body's controller.
 * @param grant The key's consent, and its scopes and period.
 * @throws ContractError NotController, SignatureInvalid, SignatureExpired, KeyOfAnotherBody, KeyCompromised, …
 * @example
 * ```ts
 * const consent = await signKeyConsent(trustList, operator, body, deadline);
 * await authorizeKey(trustList.connect(controller), { ...consent, scopes: [schema], from, until });
 * ```
 */
export async function authorizeKey(
  trustList: TrustList,
  grant: KeyGrant & SignedKeyConsent,
): Promise<ContractTransactionReceipt> {
  const { body, operator, scopes, from, until, deadline, consent } = grant;
  return send(() => trustList.authorizeKey(body, operator, [...scopes], from, until, deadline, consent));
}

/**
 * Hands a body to another controller, or tells of a new profile.
 *
 * @param trustList Connected to the body's controller; the council goes through `decide`.
 * @param body The body's index.
 * @param controller Who controls it from now on; not zero.
 * @param profile SHA-256 of the body's public profile as it is now, 32 bytes in hex.
 * @throws ContractError UnknownBody, ControllerMissing, AccessManagedUnauthorized
 * @example
 * ```ts
 * await updateBody(trustList.connect(controller), 2, successor, profile);
 * ```
 */
export async function updateBody(
  trustList: TrustList,
  body: number,
  controller: string,
  profile: string,
): Promise<ContractTransactionReceipt> {
  return send(() => trustList.updateBody(body, controller, profile));
}

/**
 * Ends a key's use from now on; what it signed stays good.
 *
 * @param trustList Connected to the key itself or its body's controller.
 * @param operator The key's address.
 * @throws ContractError KeyNotInForce, AccessManagedUnauthorized
 * @example
 * ```ts
 * await retireKey(trustList.connect(controller), operator);
 * ```
 */
export async function retireKey(trustList: TrustList, operator: string): Promise<ContractTransactionReceipt> {
  return send(() => trustList.retireKey(operator));
}

/**
 * Burns a key: what it signed at or after a time no longer stands.
 *
 * @param trustList Connected to the controller of the key's body.
 * @param operator The key's address.
 * @param since The time from which it is known compromised, in Unix seconds, not in the future.
 * @throws ContractError CompromiseInFuture, KeyCompromised, KeyNotInForce, AccessManagedUnauthorized
 * @example
 * ```ts
 * await reportCompromise(trustList.connect(controller), operator, 1_767_225_600);
 * ```
 */
export async function reportCompromise(
  trustList: TrustList,
  operator: string,
  since: number,
): Promise<ContractTransactionReceipt> {
  return send(() => trustList.reportCompromise(operator, since));
}
