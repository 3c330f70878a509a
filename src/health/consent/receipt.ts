import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

import { HealthError } from "../HealthError.js";
import { type Purpose, purposeCodes, purposesOf } from "../purposes.js";
import { EVERYTHING, type Grant } from "./consentState.js";
import type { ConsentPlace } from "./consentTypedData.js";
import { type DataScope, scopeOf } from "./scopeOf.js";

/**
 * What a receipt is for.
 *
 * @example
 * ```ts
 * const event = RECEIPT_EVENTS[0]; // "GIVEN"
 * ```
 */
export const RECEIPT_EVENTS = ["GIVEN", "CHANGED", "WITHDRAWN"] as const;

/** A body that a receipt names. */
export interface ReceiptParty {
  /** Its index in the trust list. */
  body: number;
  /** Its name, for people. */
  name: string;
}

/**
 * What a patient gets for a consent: what was agreed, in words and as the chain has it. Modelled on ISO/IEC TS 27560. Plain
 * JSON. It is personal data: it belongs to patient and controller, and never on the chain.
 */
export interface ConsentReceipt {
  /** The receipt's version. */
  schema: "diwan/consent-receipt/v1";
  /** The receipt's own id, 32 random bytes in hex. */
  id: string;
  /** The registry that the consent is in. */
  chainId: number;
  registry: string;
  /** GIVEN first, CHANGED when it replaced another, WITHDRAWN when it was revoked. */
  event: (typeof RECEIPT_EVENTS)[number];
  /** When that was, in Unix seconds: the time of the block. */
  time: number;
  /** The patient's pseudonym: the address that the chain knows. */
  patient: string;
  /** Who answers for the data. */
  controller: ReceiptParty;
  /** Who may use it: the grantee. */
  recipient: ReceiptParty;
  /** What for. */
  purposes: Purpose[];
  /** What data; no categories and no records mean everything. */
  categories: string[];
  records: string[];
  /** What hides the data in the scope: 32 bytes in hex; zero for everything. */
  scopeSalt: string;
  /** The scope on the chain: 32 bytes in hex. */
  scope: string;
  /** First second in force, first second no longer in force, and how many accesses it is good for (0 for any number). */
  from: number;
  until: number;
  uses: number;
  /** The consent's version on the chain from this event on. */
  version: number;
  /** On what law the processing rests, such as "GDPR Art. 9(2)(a)". */
  legalBasis: string;
  /** How it can be withdrawn. */
  withdrawal: string;
  /** Whose law applies: an ISO 3166 code. */
  jurisdiction: string;
  /** The controller's operator key that signs. */
  operator: string;
}

/** A receipt with its signatures. */
export interface SignedReceipt {
  receipt: ConsentReceipt;
  /** Of the controller's operator key. */
  signature: string;
  /** Of the patient, who signed the same, where that was asked for. */
  countersignature?: string;
}

const text = (name: string): TypedDataField => ({ name, type: "string" });
const time = (name: string): TypedDataField => ({ name, type: "uint40" });

/**
 * EIP-712 types of a receipt: each of its fields in clear, so that a wallet shows what is signed.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(RECEIPT_TYPES);
 * ```
 */
export const RECEIPT_TYPES = {
  ConsentReceipt: [
    text("schema"),
    { name: "id", type: "bytes32" },
    text("event"),
    time("time"),
    { name: "patient", type: "address" },
    { name: "controller", type: "Party" },
    { name: "recipient", type: "Party" },
    { name: "purposes", type: "string[]" },
    { name: "categories", type: "string[]" },
    { name: "records", type: "string[]" },
    { name: "scopeSalt", type: "bytes32" },
    { name: "scope", type: "bytes32" },
    time("from"),
    time("until"),
    { name: "uses", type: "uint24" },
    { name: "version", type: "uint32" },
    text("legalBasis"),
    text("withdrawal"),
    text("jurisdiction"),
    { name: "operator", type: "address" },
  ],
  Party: [{ name: "body", type: "uint32" }, text("name")],
} satisfies Record<string, TypedDataField[]>;

/** What a controller says of a consent beside what the chain knows. */
export type ReceiptTerms = Pick<
  ConsentReceipt,
  "id" | "controller" | "legalBasis" | "withdrawal" | "jurisdiction" | "operator"
> & {
  /** The grantee's name, for people. */
  recipientName: string;
  /** What data and the salt that hides it; left out for everything. */
  data?: DataScope & { salt: string };
};

/** What the chain knows of a consent. */
export interface ReceiptFacts extends ConsentPlace {
  patient: string;
  event: ConsentReceipt["event"];
  /** What was granted; of a withdrawal, what was withdrawn. */
  grant: Grant;
  /** The consent's version from this event on. */
  version: number;
  /** The block's time, in Unix seconds. */
  time: number;
}

/**
 * Makes a receipt out of what the chain knows and what the controller says.
 *
 * @param facts What was granted or withdrawn, where and when.
 * @param terms What the controller says.
 * @throws HealthError RECEIPT_MALFORMED when the data is not that of the grant's scope; SCOPE_MALFORMED
 * @example
 * ```ts
 * const receipt = makeReceipt({ ...place, patient, event: "GIVEN", grant, version: 1, time }, terms);
 * const signed = await signReceipt(receipt, operator);
 * ```
 */
export function makeReceipt(facts: ReceiptFacts, terms: ReceiptTerms): ConsentReceipt {
  const { chainId, registry, patient, event, grant, version, time } = facts;
  const { id, controller, recipientName, data, legalBasis, withdrawal, jurisdiction, operator } = terms;
  const receipt: ConsentReceipt = {
    ...{ schema: "diwan/consent-receipt/v1", id, chainId, registry, event, time, patient, controller },
    recipient: { body: grant.grantee, name: recipientName },
    purposes: purposeCodes(grant.purposes),
    ...{ categories: [...(data?.categories ?? [])], records: [...(data?.records ?? [])] },
    ...{ scopeSalt: data?.salt ?? EVERYTHING, scope: grant.scope, from: grant.from, until: grant.until },
    ...{ uses: grant.uses, version, legalBasis, withdrawal, jurisdiction, operator },
  };
  requireScope(receipt);
  return receipt;
}

/**
 * Makes sure that what a receipt says in words is what its scope stands for.
 *
 * @param receipt The receipt.
 * @throws HealthError RECEIPT_MALFORMED, SCOPE_MALFORMED
 * @example
 * ```ts
 * requireScope(receipt);
 * ```
 */
export function requireScope(receipt: ConsentReceipt): void {
  const { categories, records, scopeSalt, scope } = receipt;
  const isEverything = categories.length + records.length === 0;
  const expected = isEverything ? EVERYTHING : scopeOf(scopeSalt, { categories, records });
  if (scope.toLowerCase() === expected && (!isEverything || scopeSalt === EVERYTHING)) return;
  throw new HealthError("RECEIPT_MALFORMED", "the data that the receipt names is not what its scope stands for");
}

/**
 * The grant that a receipt is for, as the chain has it.
 *
 * @param receipt The receipt.
 * @throws HealthError PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const { purposes } = grantOfReceipt(receipt);
 * ```
 */
export function grantOfReceipt(receipt: ConsentReceipt): Grant {
  const { recipient, scope, purposes, from, until, uses } = receipt;
  return { grantee: recipient.body, scope, purposes: purposesOf(purposes), from, until, uses };
}

/**
 * EIP-712 data of a receipt, for `signer.signTypedData(domain, types, message)`.
 *
 * @param receipt The receipt; chain and registry are in the domain.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types, message } = receiptTypedData(receipt);
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function receiptTypedData({ chainId, registry, ...message }: ConsentReceipt) {
  const domain: TypedDataDomain = {
    ...{ name: "Diwan ConsentReceipt", version: "1", chainId },
    verifyingContract: registry,
  };
  const types: Record<string, TypedDataField[]> = RECEIPT_TYPES;
  return { domain, types, primaryType: "ConsentReceipt", message } as const;
}

/**
 * Signs a receipt for its controller.
 *
 * @param receipt The receipt.
 * @param operator The controller's operator key, the one that the receipt names.
 * @throws HealthError RECEIPT_MALFORMED when it is another key
 * @example
 * ```ts
 * const signed = await signReceipt(receipt, operator);
 * ```
 */
export async function signReceipt(
  receipt: ConsentReceipt,
  operator: Pick<Signer, "signTypedData" | "getAddress">,
): Promise<SignedReceipt> {
  const address = await operator.getAddress();
  if (address.toLowerCase() !== receipt.operator.toLowerCase()) {
    throw new HealthError("RECEIPT_MALFORMED", `the receipt names the operator ${receipt.operator}, not ${address}`);
  }
  const { domain, types, message } = receiptTypedData(receipt);
  return { receipt, signature: await operator.signTypedData(domain, types, message) };
}

/**
 * Signs a receipt for the patient too, who so confirms what the controller wrote.
 *
 * @param signed As the controller signed it; verify it first.
 * @param patient The patient's key.
 * @throws HealthError RECEIPT_MALFORMED when it is another patient's
 * @example
 * ```ts
 * const countersigned = await countersignReceipt(signed, patientKey);
 * ```
 */
export async function countersignReceipt(
  signed: SignedReceipt,
  patient: Pick<Signer, "signTypedData" | "getAddress">,
): Promise<SignedReceipt> {
  const address = await patient.getAddress();
  if (address.toLowerCase() !== signed.receipt.patient.toLowerCase()) {
    throw new HealthError(
      "RECEIPT_MALFORMED",
      `the receipt is of the patient ${signed.receipt.patient}, not ${address}`,
    );
  }
  const { domain, types, message } = receiptTypedData(signed.receipt);
  return { ...signed, countersignature: await patient.signTypedData(domain, types, message) };
}
