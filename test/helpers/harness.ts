import type { BaseContract } from "ethers";

type Callable = Pick<BaseContract, "getFunction">;

/** Calls a function of a contract that has no generated type, and gives what it returns. */
export async function read<T>(contract: Callable, method: string, ...args: unknown[]): Promise<T> {
  return (await contract.getFunction(method).staticCall(...args)) as T;
}

/** Sends a transaction to a contract that has no generated type, and gives the gas that it used. */
export async function send(contract: Callable, method: string, ...args: unknown[]): Promise<bigint> {
  const receipt = await (await contract.getFunction(method).send(...args)).wait();
  if (receipt === null) throw new Error(`${method} was not mined`);
  return receipt.gasUsed;
}
