import type { Signer } from "ethers";

import type { ERC2771Forwarder } from "../typechain/@openzeppelin/contracts/metatx/ERC2771Forwarder.js";
import { ask } from "./send.js";

/** A call that somebody signed and anybody may carry to an ERC-2771 forwarder, as OpenZeppelin's takes it. */
export interface ForwardRequest {
  /** Who signed. */
  from: string;
  /** The contract to call. */
  to: string;
  /** Wei to pass on; calls of this suite take none. */
  value: bigint;
  /** Gas that the call is given. */
  gas: bigint;
  /** Last second at which the request counts, in Unix seconds. */
  deadline: bigint;
  /** The call. */
  data: string;
  signature: string;
}

/** What OpenZeppelin's ERC2771Forwarder has signed. */
const FORWARD_REQUEST = {
  ForwardRequest: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "gas", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint48" },
    { name: "data", type: "bytes" },
  ],
};

/**
 * Signs a call for the forwarder, so that whoever pays carries it; nothing is sent.
 *
 * @param forwarder The suite's forwarder.
 * @param signer Who calls.
 * @param call The contract and the call, as `contract.method.populateTransaction(…)` gives them.
 * @param options.deadline Last second at which the request counts, in Unix seconds.
 * @param options.gas Gas that the call is given; 1,000,000, more than any single call takes, if left out.
 * @param options.nonce The signer's nonce in the forwarder; read from it, if left out. Each is used once, in order.
 * @example
 * ```ts
 * const call = await enrolment.request.populateTransaction(office, schema, commitment);
 * const request = await signForwardRequest(forwarder, citizen, call, { deadline: now + 3_600n });
 * ```
 */
export async function signForwardRequest(
  forwarder: ERC2771Forwarder,
  signer: Signer,
  call: { to: string; data: string },
  options: { deadline: bigint; gas?: bigint; nonce?: bigint },
): Promise<ForwardRequest> {
  const from = await signer.getAddress();
  const { deadline, gas = 1_000_000n } = options;
  const request = { from, to: call.to, value: 0n, gas, deadline, data: call.data };
  const nonce = options.nonce ?? (await ask(() => forwarder.nonces(from)));
  const { name, version, chainId, verifyingContract } = await ask(() => forwarder.eip712Domain());
  const domain = { name, version, chainId, verifyingContract };
  return { ...request, signature: await signer.signTypedData(domain, FORWARD_REQUEST, { ...request, nonce }) };
}
