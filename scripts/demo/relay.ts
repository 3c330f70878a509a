import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BaseContract, ZeroAddress } from "ethers";

import { send } from "../../src/chain/send.js";

import type { Job } from "./job.js";

/** A call that someone signs and someone else carries. */
export interface RelayedCall {
  signer: HardhatEthersSigner;
  contract: BaseContract;
  method: string;
  args: unknown[];
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

/** Carries the calls of several signers in one transaction, all or none, and so in one second on any chain. */
export async function relay(job: Job, calls: readonly RelayedCall[]): Promise<void> {
  const { forwarder } = job.suite.contracts;
  const domain = {
    name: "Diwan Forwarder",
    version: "1",
    chainId: job.chainId,
    verifyingContract: job.suite.addresses.forwarder,
  };
  const deadline = (await job.chain.now()) + 86_400;
  const requests = await Promise.all(
    calls.map(async ({ signer, contract, method, args }) => {
      const request = {
        from: signer.address,
        to: await contract.getAddress(),
        value: 0n,
        gas: 1_000_000n,
        nonce: await forwarder.nonces(signer.address),
        deadline,
        data: contract.interface.encodeFunctionData(method, args),
      };
      return { ...request, signature: await signer.signTypedData(domain, FORWARD_REQUEST, request) };
    }),
  );
  await send(() => forwarder.connect(job.cast.relayer).executeBatch(requests, ZeroAddress));
}
