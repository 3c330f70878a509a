import { id, ZeroHash, type BaseContract } from "ethers";

import type { Council } from "../../src/typechain/index.js";

import type { Signer } from "./trust.js";

/** What `approve`, `schedule` and `execute` of a council take. */
export type Operation = [target: string, data: string, salt: string];

/** A call, as an operation of a council. */
export async function operation(
  contract: BaseContract,
  method: string,
  args: unknown[],
  salt: string = ZeroHash,
): Promise<Operation> {
  const data = contract.interface.encodeFunctionData(method, args);
  return [await contract.getAddress(), data, salt === ZeroHash ? salt : id(salt)];
}

/** Members approve an operation, and its id is told. */
export async function approveBy(council: Council, members: Signer[], call: Operation): Promise<string> {
  for (const member of members) await council.connect(member).approve(...call);
  return council.operationId(...call);
}
