import { AbiCoder, type ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import type { AttestationRegistry } from "../../typechain/contracts/identity/AttestationRegistry.js";
import type { Enrolment } from "../../typechain/contracts/identity/Enrolment.js";
import { contentOf } from "../attestation.js";
import { IdentityError } from "../IdentityError.js";
import type { Issued, Unissued } from "../issue.js";
import { applicationCommitment, requestIdOf, type Application } from "./application.js";
import { REJECTION_GROUNDS, type RejectionGrounds } from "./requestState.js";
import { requestStatus, type RequestStatus } from "./requestStatus.js";

/**
 * Finds the request that an application was made with, at the counter. Whoever altered a letter of it, its office, its
 * schema or its applicant finds none.
 *
 * @param enrolment The enrolment contract.
 * @param application What the citizen handed over.
 * @returns The request's id, and how it stands: only one that is REQUESTED can be decided on.
 * @throws IdentityError APPLICATION_MALFORMED; APPLICATION_UNKNOWN when nobody made a request with it.
 * @example
 * ```ts
 * const { state } = await checkApplication(enrolment, JSON.parse(handedOver));
 * ```
 */
export async function checkApplication(
  enrolment: Enrolment,
  application: Application,
): Promise<RequestStatus & { id: string }> {
  const id = requestIdOf(application);
  const status = await requestStatus(enrolment, id);
  if (status.state !== "NONE") return { id, ...status };
  throw new IdentityError("APPLICATION_UNKNOWN", "nobody made a request with this application as it is here");
}

/**
 * Confirms a request by issuing the attestation, both or neither. Whether the attestation says what the application does
 * is for the clerk to see: the chain knows neither.
 *
 * @param registry The attestation registry, connected to a key of the office that is accredited for the schema.
 * @param enrolment The enrolment contract.
 * @param application What the citizen handed over.
 * @param attestation What to issue.
 * @returns The attestation, which is for its holder, its record, and the request.
 * @throws IdentityError APPLICATION_MALFORMED, ATTESTATION_MALFORMED, EVENT_MISSING; ContractError EnrolmentUnknown,
 * EnrolmentNotPending, OwnEnrolment, and as for `issue`
 * @example
 * ```ts
 * const { attestation, uid } = await confirm(registry.connect(clerk), enrolment, application, {
 *   subject: subjectOf(salt, did),
 *   commitment: commitmentOf(claims),
 *   validFrom: now,
 *   expiresAt: NO_END,
 * });
 * ```
 */
export async function confirm(
  registry: AttestationRegistry,
  enrolment: Enrolment,
  application: Application,
  attestation: Omit<Unissued, "schema">,
): Promise<Issued & { id: string; receipt: ContractTransactionReceipt }> {
  const { schema } = application;
  const id = requestIdOf(application);
  const data = confirmationData(application);
  const content = contentOf(attestation);
  const receipt = await send(() => {
    return registry.attestAndCall(schema, content, attestation.expiresAt, enrolment, data);
  });
  const [issued] = await eventsOf(receipt, registry, "AttestationIssued");
  if (issued === undefined) throw new IdentityError("EVENT_MISSING", "the receipt holds no event of the attestation");
  const { issuer, uid } = issued.args as unknown as { issuer: bigint; uid: string };
  return { attestation: { issuer: Number(issuer), schema, ...attestation }, uid, id, receipt };
}

/**
 * What `attestAndCall` has to carry along so that an attestation confirms a request: to sign `confirm`'s call for a relay,
 * or to try it.
 *
 * @param application What the citizen handed over.
 * @returns `abi.encode(applicant, commitment)`.
 * @throws IdentityError APPLICATION_MALFORMED
 * @example
 * ```ts
 * const data = confirmationData(application);
 * await registry.attestAndCall.staticCall(schema, content, expiresAt, enrolment, data);
 * ```
 */
export function confirmationData(application: Application): string {
  const values = [application.applicant, applicationCommitment(application)];
  return AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], values);
}

/**
 * Rejects a pending request.
 *
 * @param enrolment Connected to a key of the office that is accredited for the schema.
 * @param application What the citizen handed over.
 * @param grounds Why.
 * @throws IdentityError APPLICATION_MALFORMED; ContractError EnrolmentUnknown, EnrolmentNotPending, OwnEnrolment,
 * KeyNotInForce, NotAccredited, …
 * @example
 * ```ts
 * await reject(enrolment.connect(clerk), application, "DOCUMENTS_MISSING");
 * ```
 */
export async function reject(
  enrolment: Enrolment,
  application: Application,
  grounds: RejectionGrounds,
): Promise<ContractTransactionReceipt> {
  const { applicant, schema } = application;
  const commitment = applicationCommitment(application);
  return send(() => enrolment.reject(schema, applicant, commitment, REJECTION_GROUNDS.indexOf(grounds)));
}
