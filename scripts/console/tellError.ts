import { inspect } from "node:util";

import { NetworkError } from "../../src/network/NetworkError.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";

import { ObstacleError } from "./obstacles.js";
import { OptionsError } from "./OptionsError.js";
import { withoutPasswords } from "./withoutPasswords.js";

/**
 * Prints why a command failed, without passwords: in a sentence, or, of what nobody expected, all that helps to find it.
 *
 * @returns Whether it was expected.
 */
export function tellError(error: unknown): boolean {
  const message = messageOf(error);
  console.error(withoutPasswords(message ?? inspect(error)));
  return message !== undefined;
}

function messageOf(error: unknown): string | undefined {
  if (error instanceof RpcRefusal) return `the node refuses: ${error.message}`;
  const isExpected = error instanceof OptionsError || error instanceof ObstacleError || error instanceof NetworkError;
  return isExpected ? error.message : undefined;
}
