import { NetworkError } from "../../src/network/NetworkError.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";
import { ObstacleError } from "../demo/obstacles.js";
import { OptionsError } from "../demo/options.js";

/** What to tell a person of an error that is to be expected; undefined for one that needs its stack. */
export function plainMessage(error: unknown): string | undefined {
  if (error instanceof RpcRefusal) return `the node refuses: ${error.message}`;
  const isExpected = error instanceof OptionsError || error instanceof ObstacleError || error instanceof NetworkError;
  return isExpected ? error.message : undefined;
}
