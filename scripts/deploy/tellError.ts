import { inspect } from "node:util";

import { NetworkError } from "../../src/network/NetworkError.js";
import { ObstacleError } from "../demo/obstacles.js";
import { OptionsError } from "../demo/options.js";

import { withoutPasswords } from "./withoutPasswords.js";

/**
 * Prints why a command failed, without passwords: in a sentence, or, of what nobody expected, all that helps to find it.
 *
 * @returns Whether it was expected.
 */
export function tellError(error: unknown): boolean {
  const isExpected = error instanceof OptionsError || error instanceof ObstacleError || error instanceof NetworkError;
  console.error(withoutPasswords(isExpected ? error.message : inspect(error)));
  return isExpected;
}
