import { AnchorError } from "../../src/justice/anchors/AnchorError.js";

/** The code of the AnchorError that something throws, sooner or later; "none" when it throws nothing. */
export async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return "none";
  } catch (error) {
    if (!(error instanceof AnchorError)) throw error;
    return error.code;
  }
}
