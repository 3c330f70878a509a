import { VotingError, type VotingErrorCode } from "../../src/voting/VotingError.js";

/** The code of the VotingError that an attempt ends with, "none" where it ends well; another error is thrown on. */
export async function codeOf(attempt: Promise<unknown> | (() => unknown)): Promise<VotingErrorCode | "none"> {
  try {
    await (typeof attempt === "function" ? attempt() : attempt);
    return "none";
  } catch (error) {
    if (!(error instanceof VotingError)) throw error;
    return error.code;
  }
}
