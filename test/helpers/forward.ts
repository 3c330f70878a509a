import { Contract, type BaseContract, type TransactionResponse } from "ethers";

import { signForwardRequest } from "../../src/chain/signForwardRequest.js";
import { NO_END } from "./suite.js";
import type { Signer, Suite } from "./trust.js";

/** A call, as it is signed. */
export interface Call {
  to: string;
  data: string;
}

/** How a call reaches a contract for its signer: it was signed, and somebody else carries it. */
export type Carry = (signer: Signer, call: Call) => Promise<TransactionResponse>;

/** A call of a contract's function. */
export async function callOf(contract: BaseContract, method: string, args: readonly unknown[]): Promise<Call> {
  return { to: await contract.getAddress(), data: contract.interface.encodeFunctionData(method, args) };
}

/** Carries calls through an ERC-2771 forwarder; a stranger pays. */
export function throughForwarder({ forwarder, stranger }: Pick<Suite, "forwarder" | "stranger">): Carry {
  return async (signer, call) => {
    const request = await signForwardRequest(forwarder, signer, call, { deadline: NO_END });
    return forwarder.connect(stranger).execute(request);
  };
}

/** Carries calls through a hub as LACChain's, which names the signer when it is asked; a stranger pays. */
export function throughHub({ relayHub, stranger }: Pick<Suite, "relayHub" | "stranger">): Carry {
  return async (signer, { to, data }) => {
    const contract = new Contract(relayHub, ["function relay(address signer, address target, bytes data)"], stranger);
    return contract.getFunction("relay").send(signer.address, to, data);
  };
}
