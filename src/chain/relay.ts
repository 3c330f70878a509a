import { ZeroAddress, type ContractTransactionReceipt } from "ethers";

import type { ERC2771Forwarder } from "../typechain/@openzeppelin/contracts/metatx/ERC2771Forwarder.js";
import { ChainError } from "./ChainError.js";
import { eventsOf, send } from "./send.js";
import type { ForwardRequest } from "./signForwardRequest.js";

/**
 * Carries signed calls through the forwarder in one transaction, and so in one second on any chain.
 *
 * Warning: several are not all or none. When one request is invalid, none is carried; but a call that its contract
 * refuses undoes neither those before nor those behind it, and uses up its signer's nonce.
 *
 * @param forwarder Connected to whoever pays.
 * @param requests As `signForwardRequest` gives them, those of one signer in the order of their nonces.
 * @returns The receipt of the one transaction.
 * @throws ContractError ERC2771ForwarderExpiredRequest, ERC2771ForwarderInvalidSigner (signed by another, or used
 * before), ERC2771UntrustfulTarget, FailedCall when a contract refuses a single call: the forwarder does not pass on why;
 * ChainError RELAYED_CALL_REFUSED when contracts refuse some of several, which are done and undone as said above.
 * @example
 * ```ts
 * await relay(forwarder.connect(relayer), [request]);
 * ```
 */
export async function relay(
  forwarder: ERC2771Forwarder,
  requests: readonly ForwardRequest[],
): Promise<ContractTransactionReceipt> {
  const [first, ...others] = requests;
  if (first !== undefined && others.length === 0) return send(() => forwarder.execute(first));

  const receipt = await send(() => forwarder.executeBatch([...requests], ZeroAddress));
  const carried = await eventsOf(receipt, forwarder, "ExecutedForwardRequest");
  const refused = carried.flatMap(({ args }, i) => (args.success === true ? [] : [i]));
  if (refused.length === 0) return receipt;
  throw new ChainError(
    "RELAYED_CALL_REFUSED",
    `of ${requests.length} calls, those at ${refused.join(", ")} were refused`,
  );
}
