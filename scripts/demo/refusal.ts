import { ContractError, decodeContractError } from "../../src/chain/decodeContractError.js";

/** The name of the error that a call is refused with, or "accepted"; anything but a contract's refusal is thrown. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    const decoded = decodeContractError(error);
    if (!(decoded instanceof ContractError)) throw error;
    const { standing, reason } = decoded.args;
    const why = [standing, reason].find((one) => typeof one === "string");
    return why === undefined ? decoded.code : `${decoded.code}: ${why}`;
  }
}
