import { ContractError, decodeContractError } from "../../src/chain/decodeContractError.js";
import { HealthError } from "../../src/health/HealthError.js";
import { VotingError } from "../../src/voting/VotingError.js";

/**
 * The name of the error that a call is refused with, by a contract or by a voter's own device, or "accepted"; anything else is
 * thrown.
 */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    if (error instanceof VotingError || error instanceof HealthError) return error.code;
    const decoded = decodeContractError(error);
    if (!(decoded instanceof ContractError)) throw error;
    const { standing, reason, status } = decoded.args;
    const why = [standing, reason, status].find((one) => typeof one === "string");
    return why === undefined ? decoded.code : `${decoded.code}: ${why}`;
  }
}
