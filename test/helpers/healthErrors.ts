import { HealthError } from "../../src/health/HealthError.js";

/** The code of the HealthError that a call throws; undefined when it throws none. Anything else goes on. */
export function codeOf(act: () => unknown): string | undefined {
  return errorOf(act)?.code;
}

/** The HealthError that a call throws. */
export function errorOf(act: () => unknown): HealthError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof HealthError) return error;
    throw error;
  }
  return undefined;
}

/** The code of the DiwanError that a promise is rejected with; undefined when it is fulfilled. */
export async function rejectionCode(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
  return undefined;
}
