import { ask } from "../../chain/send.js";
import type { Enrolment } from "../../typechain/contracts/identity/Enrolment.js";
import type { AtBlock } from "../status.js";
import { REJECTION_GROUNDS, REQUEST_STATES, type RejectionGrounds, type RequestState } from "./requestState.js";

/** A request as the contract keeps it; times in Unix seconds. */
export interface RequestStatus {
  state: RequestState;
  /** When it was made; 0 when nobody made it. */
  requestedAt: number;
  /** First second at which it can no longer be confirmed. */
  lapsesAt: number;
  /** When it was confirmed, rejected or withdrawn; 0 for not. */
  decidedAt: number;
  /** The office that it was made to. */
  office: number;
  /** Why it was rejected, if it was. */
  grounds?: RejectionGrounds;
  /** The number of the key that rejected it, within the office, if it was. */
  key?: number;
}

/**
 * How a request stands, now or at a block.
 *
 * @param enrolment The enrolment contract.
 * @param id As `requestIdOf` gives it.
 * @param at The block to ask about.
 * @returns The request; its state is NONE when nobody made it, LAPSED from the second of its lapse on.
 * @example
 * ```ts
 * const { state, lapsesAt } = await requestStatus(enrolment, requestIdOf(application));
 * ```
 */
export async function requestStatus(enrolment: Enrolment, id: string, at: AtBlock = {}): Promise<RequestStatus> {
  const request = await ask(() => enrolment.statusOf(id, at));
  const state = REQUEST_STATES[Number(request.state)]!;
  return {
    state,
    requestedAt: Number(request.requestedAt),
    lapsesAt: Number(request.lapsesAt),
    decidedAt: Number(request.decidedAt),
    office: Number(request.office),
    ...(state === "REJECTED" && { grounds: REJECTION_GROUNDS[Number(request.grounds)]!, key: Number(request.key) }),
  };
}
