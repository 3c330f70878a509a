import type { BaseContract, Signer } from "ethers";

import { relay as carry } from "../../src/chain/relay.js";
import { signForwardRequest } from "../../src/chain/signForwardRequest.js";

import type { Job } from "./job.js";

/** A call that someone signs and someone else carries. */
export interface RelayedCall {
  signer: Signer;
  contract: BaseContract;
  method: string;
  args: unknown[];
}

/** Carries the calls of several signers in one transaction, and so in one second on any chain; fails when one is refused. */
export async function relay(job: Job, calls: readonly RelayedCall[]): Promise<void> {
  const { forwarder } = job.suite.contracts;
  const deadline = BigInt((await job.chain.now()) + 86_400);
  const requests = await Promise.all(
    calls.map(async ({ signer, contract, method, args }) => {
      const call = { to: await contract.getAddress(), data: contract.interface.encodeFunctionData(method, args) };
      return signForwardRequest(forwarder, signer, call, { deadline });
    }),
  );
  await carry(forwarder.connect(job.cast.relayer), requests);
}
