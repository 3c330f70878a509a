import { getAddress, recoverAddress, TypedDataEncoder } from "ethers";

import type { ReadEventsOptions } from "../../chain/readEvents.js";
import { standingOf, type TrustHistory } from "../../trust/history.js";
import type { Standing } from "../../trust/standing.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import type { ConsentPlace } from "./consentTypedData.js";
import type { GrantedEvent } from "./patientEvents.js";
import { placeOf } from "./placeOf.js";
import { type ConsentHistory, readConsents } from "./readConsents.js";
import { grantOfReceipt, receiptTypedData, requireScope, type SignedReceipt } from "./receipt.js";

/**
 * How a receipt stands. INVALID_SIGNATURE: the operator that it names did not sign it. INVALID_COUNTERSIGNATURE: the
 * patient did not. ELSEWHERE: it is for another chain or registry. INCONSISTENT: its words are not what its scope stands
 * for, or its period is none. OPERATOR_UNKNOWN: the trust list has no such key of the controller's. OPERATOR_NOT_IN_FORCE:
 * the key or its body could not act in that role at that time. NOT_ON_CHAIN: the registry has no such event.
 */
export type ReceiptStatus =
  | "VALID"
  | "INVALID_SIGNATURE"
  | "INVALID_COUNTERSIGNATURE"
  | "ELSEWHERE"
  | "INCONSISTENT"
  | "OPERATOR_UNKNOWN"
  | "OPERATOR_NOT_IN_FORCE"
  | "NOT_ON_CHAIN";

/** What a verifier knows. */
export interface ReceiptEvidence {
  /** The registry that counts. */
  place: ConsentPlace;
  /** The trust list, and the role in which the controller must have been in force, as a scope; without it the operator is an address only. */
  trust?: { history: TrustHistory; role: string };
}

/** What a verifier learns. */
export interface ReceiptVerdict {
  status: ReceiptStatus;
  /** Whether the patient signed too. */
  isCountersigned: boolean;
  /** How the controller's key stood when it signed, where the trust list was given. */
  standing?: Standing;
}

/**
 * Verifies a receipt with no node: signatures, chain, registry, that its words are what its scope stands for, and with a
 * snapshot of the trust list that the controller's key could sign. Never throws for what others sent, once it was parsed.
 *
 * Warning: VALID here says that the controller signed it. Whether the consent was given, or was withdrawn since, only the
 * chain tells: `verifyReceiptOnChain`. An operator that is an ERC-1271 wallet can't be verified offline.
 *
 * @param signed The receipt.
 * @param evidence The registry, and the trust list where there is one.
 * @example
 * ```ts
 * const { status } = verifyReceipt(parseReceipt(text), { place: { chainId: 31_337, registry } });
 * ```
 */
export function verifyReceipt(signed: SignedReceipt, { place, trust }: ReceiptEvidence): ReceiptVerdict {
  const { receipt, signature, countersignature } = signed;
  const isCountersigned = countersignature !== undefined;
  const verdict = (status: ReceiptStatus, standing?: Standing): ReceiptVerdict => {
    return { status, isCountersigned, ...(standing && { standing }) };
  };
  if (receipt.chainId !== place.chainId || receipt.registry.toLowerCase() !== place.registry.toLowerCase()) {
    return verdict("ELSEWHERE");
  }
  const { domain, types, message } = receiptTypedData(receipt);
  const digest = TypedDataEncoder.hash(domain, types, message);
  if (!isSignedByKey(receipt.operator, digest, signature)) return verdict("INVALID_SIGNATURE");
  if (isCountersigned && !isSignedByKey(receipt.patient, digest, countersignature)) {
    return verdict("INVALID_COUNTERSIGNATURE");
  }
  if (!isConsistent(signed)) return verdict("INCONSISTENT");
  if (trust === undefined) return verdict("VALID");

  const { body } = receipt.controller;
  const keys = [...(trust.history.bodies.get(body)?.keys.values() ?? [])];
  const key = keys.find(({ operator }) => operator.toLowerCase() === receipt.operator.toLowerCase());
  if (key === undefined) return verdict("OPERATOR_UNKNOWN");
  const standing = standingOf(trust.history, trust.role, body, key.index, receipt.time);
  const isInForce = standing === "IN_FORCE" && key.from <= receipt.time && receipt.time < key.until;
  return verdict(isInForce ? "VALID" : "OPERATOR_NOT_IN_FORCE", standing);
}

/** What a verifier with a node learns. */
export interface ReceiptChainVerdict extends ReceiptVerdict {
  /** Whether the consent stands as the receipt says: nothing changed it since. */
  isCurrent: boolean;
  /** The patient's consents, where the receipt was found good. */
  history?: ConsentHistory;
}

/**
 * Verifies a receipt as `verifyReceipt` does, and that the registry has exactly this event: the same grant or withdrawal,
 * of the same version, in a block of the same time.
 *
 * @param registry Connected to the verifier's own node.
 * @param signed The receipt.
 * @param options Blocks, cache and progress, as `readEvents` takes them; and the trust list where there is one.
 * @throws HealthError EVENT_MISSING, PROVIDER_MISSING; ChainError as `readEvents` does
 * @example
 * ```ts
 * const { status, isCurrent } = await verifyReceiptOnChain(registry, signed, { fromBlock: deployedAt });
 * if (status === "VALID" && isCurrent) accept();
 * ```
 */
export async function verifyReceiptOnChain(
  registry: ConsentRegistry,
  signed: SignedReceipt,
  { trust, ...options }: ReadEventsOptions & Pick<ReceiptEvidence, "trust">,
): Promise<ReceiptChainVerdict> {
  const offline = verifyReceipt(signed, { place: await placeOf(registry), ...(trust && { trust }) });
  if (offline.status !== "VALID") return { ...offline, isCurrent: false };

  const { receipt } = signed;
  const history = await readConsents(registry, receipt.patient, options);
  const slot = history.consents.find(({ grantee, scope }) => {
    return grantee === receipt.recipient.body && scope === receipt.scope.toLowerCase();
  });
  const changes = slot?.changes ?? [];
  const at = changes.findIndex(({ version }) => version === receipt.version);
  const change = changes[at];
  const isWithdrawal = receipt.event === "WITHDRAWN";
  const granted = isWithdrawal ? changes[at - 1] : change;
  const isFirst = !changes.slice(0, at).some(({ what }) => what === "GRANTED");
  const isSo =
    change !== undefined &&
    change.time === receipt.time &&
    (change.what === "REVOKED") === isWithdrawal &&
    (isWithdrawal || isFirst === (receipt.event === "GIVEN")) &&
    granted?.what === "GRANTED" &&
    isGrantOf(granted, signed);
  if (!isSo) return { ...offline, status: "NOT_ON_CHAIN", isCurrent: false };
  return { ...offline, isCurrent: at === changes.length - 1, history };
}

function isGrantOf(event: GrantedEvent, { receipt }: SignedReceipt): boolean {
  const grant = grantOfReceipt(receipt);
  return (["purposes", "from", "until", "uses"] as const).every((name) => event[name] === grant[name]);
}

function isConsistent({ receipt }: SignedReceipt): boolean {
  try {
    requireScope(receipt);
    return grantOfReceipt(receipt).purposes !== 0 && receipt.from < receipt.until;
  } catch (error) {
    if (error instanceof HealthError) return false;
    throw error;
  }
}

/** 65 bytes, 27 or 28 for v, and the lower of the two s: the one form that a key's signature has. */
function isSignedByKey(signer: string, digest: string, signature: string): boolean {
  if (!/^0x[0-9a-f]{128}1[bc]$/i.test(signature)) return false;
  try {
    return recoverAddress(digest, signature) === getAddress(signer.toLowerCase());
  } catch {
    return false;
  }
}
