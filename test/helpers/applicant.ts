import { AbiCoder, id, keccak256, type BaseContract } from "ethers";

import { issuerFixture, itemOf, SCHEMA, type Attestation } from "./issuer.js";
import type { Signer } from "./trust.js";

const abi = AbiCoder.defaultAbiCoder();

/** IEnrolment.State, in order. */
export const STATE = { NONE: 0n, REQUESTED: 1n, CONFIRMED: 2n, REJECTED: 3n, WITHDRAWN: 4n, LAPSED: 5n } as const;

/** IEnrolment.Grounds, those that the tests use. */
export const BECAUSE = { UNSPECIFIED: 0n, IDENTITY_NOT_PROVEN: 1n, ENROLLED_ALREADY: 6n } as const;

/** How long a request stays open where nothing else is chosen: 14 days. */
export const LAPSE = 1_209_600n;

/** Stands for the salted hash of an application. */
export const COMMITMENT = id("application 1");

/** The id of a request, from the interface's text alone. */
export function requestIdFrom(applicant: string, office: bigint, schema: string, commitment: string): string {
  return keccak256(abi.encode(["address", "uint32", "bytes32", "bytes32"], [applicant, office, schema, commitment]));
}

/** What a clerk sends along to confirm a request. */
export function confirmationOf(applicant: string, commitment: string): string {
  return abi.encode(["address", "bytes32"], [applicant, commitment]);
}

/** The office of `issuerFixture`, and a citizen who applies there. */
export async function applicantFixture() {
  const f = await issuerFixture();
  const [citizen, another] = f.signers.slice(24, 26) as [Signer, Signer];
  const enrolment = f.enrolment.connect(citizen);
  const to: BaseContract = enrolment;

  /** A clerk confirms a request by issuing an attestation. */
  const confirm = (
    by: { clerk?: Signer; applicant?: string; commitment?: string; schema?: string; attestation?: Attestation } = {},
  ) => {
    const { clerk = f.operator, applicant = citizen.address, commitment = COMMITMENT, schema = SCHEMA } = by;
    const { content, expiresAt } = itemOf(by.attestation ?? f.attestation(1));
    const data = confirmationOf(applicant, commitment);
    return f.registry.connect(clerk).attestAndCall(schema, content, expiresAt, to, data);
  };
  return {
    ...f,
    citizen,
    another,
    /** The enrolment, as the citizen calls it. */
    enrolment,
    /** The citizen's request, to the office, for the schema. */
    id: requestIdFrom(citizen.address, f.office, SCHEMA, COMMITMENT),
    request: (by: Signer = citizen) => enrolment.connect(by).request(f.office, SCHEMA, COMMITMENT),
    confirm,
    reject: (clerk: Signer = f.operator, applicant = citizen.address, schema = SCHEMA) =>
      enrolment.connect(clerk).reject(schema, applicant, COMMITMENT, BECAUSE.IDENTITY_NOT_PROVEN),
    withdraw: (by: Signer = citizen) => enrolment.connect(by).withdraw(f.office, SCHEMA, COMMITMENT),
    stateOf: async (id: string) => (await enrolment.statusOf(id)).state,
  };
}
