import {
  isError,
  type BaseContract,
  type ContractTransactionReceipt,
  type ContractTransactionResponse,
  type LogDescription,
} from "ethers";

import { ChainError } from "./ChainError.js";
import { decodeContractError } from "./decodeContractError.js";

/**
 * Sends a transaction and waits until it is in a block.
 *
 * @param transaction What sends it.
 * @returns Its receipt.
 * @throws ContractError when the contract refuses, before the transaction is sent or in its block; ChainError
 * TRANSACTION_LOST when it fell out of the node's pool.
 * @example
 * ```ts
 * const receipt = await send(() => trustList.registerBody(controller, profile));
 * ```
 */
export async function send(
  transaction: () => Promise<ContractTransactionResponse>,
): Promise<ContractTransactionReceipt> {
  const response = await ask(transaction);
  try {
    const receipt = await response.wait();
    if (receipt !== null) return receipt;
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION") && error.receipt != null) await explain(response, error.receipt.blockNumber);
    throw decodeContractError(error);
  }
  throw new ChainError("TRANSACTION_LOST", `the transaction ${response.hash} is in no block`);
}

/** A receipt says that a transaction was refused, not why: the same call on that block's state tells. */
async function explain(response: ContractTransactionResponse, blockTag: number): Promise<void> {
  const { to, from, data, value, gasLimit } = response;
  await ask(() => response.provider.call({ to, from, data, value, gasLimit, blockTag }));
}

/**
 * Asks a contract, its refusal decoded.
 *
 * @param question What asks.
 * @throws ContractError when the contract refuses.
 * @example
 * ```ts
 * const verdict = await ask(() => registry.statusOf(attestation));
 * ```
 */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw decodeContractError(error);
  }
}

/**
 * A contract's events of one kind in a receipt, in their order.
 *
 * @param receipt The transaction's receipt.
 * @param contract The contract that emitted them.
 * @param name The event's name.
 * @example
 * ```ts
 * const [registered] = await eventsOf(receipt, trustList, "BodyChanged");
 * ```
 */
export async function eventsOf(
  receipt: ContractTransactionReceipt,
  contract: BaseContract,
  name: string,
): Promise<LogDescription[]> {
  const address = (await contract.getAddress()).toLowerCase();
  return receipt.logs
    .filter((log) => log.address.toLowerCase() === address)
    .map((log) => contract.interface.parseLog(log))
    .filter((event) => event?.name === name) as LogDescription[];
}
