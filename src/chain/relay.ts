import { ZeroAddress, type ContractTransactionReceipt } from "ethers";

import type { ERC2771Forwarder } from "../typechain/@openzeppelin/contracts/metatx/ERC2771Forwarder.js";
import { send } from "./send.js";
import type { ForwardRequest } from "./signForwardRequest.js";

/**
 * Carries signed calls through the forwarder in one transaction: all or none, and so in one second on any chain.
 *
 * @param forwarder Connected to whoever pays.
 * @param requests As `signForwardRequest` gives them, those of one signer in the order of their nonces.
 * @throws ContractError ERC2771ForwarderExpiredRequest, ERC2771ForwarderInvalidSigner (signed by another, or used
 * before), ERC2771UntrustfulTarget, FailedCall when a called contract refuses: the forwarder does not pass on why.
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
  // With no address for refunds, a batch reverts as a whole when one call fails.
  return first !== undefined && others.length === 0
    ? send(() => forwarder.execute(first))
    : send(() => forwarder.executeBatch([...requests], ZeroAddress));
}
