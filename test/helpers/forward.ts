import { Contract, type BaseContract, type ContractTransactionResponse } from "ethers";

import { signForwardRequest } from "../../src/chain/signForwardRequest.js";
import { NO_END } from "./suite.js";
import type { Signer, Suite } from "./trust.js";

/** How a call reaches a contract for its signer: it was signed, and somebody else carries it. */
export type Carry = (
  signer: Signer,
  contract: BaseContract,
  method: string,
  args: readonly unknown[],
) => Promise<ContractTransactionResponse>;

/** Carries calls through an ERC-2771 forwarder; a stranger pays. */
export function throughForwarder({ forwarder, stranger }: Pick<Suite, "forwarder" | "stranger">): Carry {
  return async (signer, contract, method, args) => {
    const call = { to: await contract.getAddress(), data: contract.interface.encodeFunctionData(method, args) };
    const request = await signForwardRequest(forwarder, signer, call, { deadline: NO_END });
    return forwarder.connect(stranger).execute(request);
  };
}

/** Carries calls through a hub as LACChain's, which names the signer when it is asked. */
export function throughHub(hub: string): Carry {
  return async (signer, contract, method, args) => {
    const data = contract.interface.encodeFunctionData(method, args);
    const relay = new Contract(hub, ["function relay(address signer, address target, bytes data)"], signer);
    const sent: unknown = await relay.getFunction("relay")(signer.address, await contract.getAddress(), data);
    return sent as ContractTransactionResponse;
  };
}
