import type { ContractTransactionReceipt, Signer } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import type { Enrolment } from "../../typechain/contracts/identity/Enrolment.js";
import { IdentityError } from "../IdentityError.js";
import { applicationCommitment, requestIdOf, type Application } from "./application.js";

/**
 * Requests an attestation. To let somebody else pay, sign `requestCall` with `signForwardRequest` instead.
 *
 * @param enrolment Connected to the applicant.
 * @param application As `newApplication` gives it; it has to be kept, and handed over at the counter.
 * @returns The request's id, and the first second at which it can no longer be confirmed, in Unix seconds.
 * @throws IdentityError APPLICATION_MALFORMED, APPLICANT_DIFFERS, PROVIDER_MISSING, EVENT_MISSING; ContractError
 * EnrolmentStands, WritesAreStopped
 * @example
 * ```ts
 * const { id, lapsesAt } = await request(enrolment.connect(citizen), application);
 * ```
 */
export async function request(
  enrolment: Enrolment,
  application: Application,
): Promise<{ id: string; lapsesAt: number; receipt: ContractTransactionReceipt }> {
  await requireApplicant(enrolment, application);
  const { office, schema } = application;
  const receipt = await send(() => enrolment.request(office, schema, applicationCommitment(application)));
  const [event] = await eventsOf(receipt, enrolment, "EnrolmentRequested");
  if (event === undefined) throw new IdentityError("EVENT_MISSING", "the receipt holds no event of the request");
  return { id: event.args.id as string, lapsesAt: Number(event.args.lapsesAt), receipt };
}

/**
 * The call that requests an attestation, to be signed by the applicant and carried by a relay.
 *
 * @param enrolment The enrolment contract.
 * @param application As `newApplication` gives it.
 * @throws IdentityError APPLICATION_MALFORMED
 * @example
 * ```ts
 * const call = await requestCall(enrolment, application);
 * await relay(forwarder.connect(payer), [await signForwardRequest(forwarder, citizen, call, { deadline })]);
 * ```
 */
export async function requestCall(
  enrolment: Enrolment,
  application: Application,
): Promise<{ to: string; data: string }> {
  const { office, schema } = application;
  const commitment = applicationCommitment(application);
  const data = enrolment.interface.encodeFunctionData("request", [office, schema, commitment]);
  return { to: await enrolment.getAddress(), data };
}

/**
 * Withdraws a pending request.
 *
 * @param enrolment Connected to the applicant.
 * @param application The application of the request.
 * @throws IdentityError APPLICATION_MALFORMED, APPLICANT_DIFFERS, PROVIDER_MISSING; ContractError EnrolmentUnknown,
 * EnrolmentNotPending
 * @example
 * ```ts
 * await withdraw(enrolment.connect(citizen), application);
 * ```
 */
export async function withdraw(enrolment: Enrolment, application: Application): Promise<ContractTransactionReceipt> {
  await requireApplicant(enrolment, application);
  const { office, schema } = application;
  return send(() => enrolment.withdraw(office, schema, applicationCommitment(application)));
}

/** The contract makes the request of whoever sends it: another's would be one that no application fits. */
async function requireApplicant(enrolment: Enrolment, application: Application): Promise<void> {
  requestIdOf(application);
  const signer = enrolment.runner as Signer | null;
  if (signer?.provider == null || signer.getAddress === undefined) {
    throw new IdentityError(
      "PROVIDER_MISSING",
      "enrolment must be connected to the applicant's signer, and that to a node",
    );
  }
  const sender = await signer.getAddress();
  if (sender.toLowerCase() === application.applicant.toLowerCase()) return;
  throw new IdentityError("APPLICANT_DIFFERS", `the application is that of ${application.applicant}, not of ${sender}`);
}
