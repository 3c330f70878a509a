import {
  AbiCoder,
  Contract,
  hexlify,
  keccak256,
  randomBytes,
  type BaseContract,
  type ContractTransactionReceipt,
  type Provider,
  type Signer,
} from "ethers";

import { ContractError } from "../chain/decodeContractError.js";
import { ask, eventsOf, send } from "../chain/send.js";
import { waitForTime } from "../chain/waitForTime.js";
import type { Council } from "../typechain/contracts/trust/Council.js";
import { TrustError } from "./TrustError.js";

/** A call that the council decides on. */
export interface Operation {
  /** The contract to call. */
  target: string;
  /** The call. */
  data: string;
  /** What tells apart two operations of the same call: 32 bytes in hex. */
  salt: string;
}

const MANAGER_ABI = ["function getSchedule(bytes32 id) view returns (uint48)"];

/**
 * Composes an operation.
 *
 * @param contract The contract to call.
 * @param method The function's name.
 * @param args Its arguments.
 * @param salt 32 bytes in hex; random, if left out.
 * @example
 * ```ts
 * const operation = await operationOf(trustList, "suspend", [scope, body, grounds]);
 * ```
 */
export async function operationOf(
  contract: BaseContract,
  method: string,
  args: readonly unknown[],
  salt: string = hexlify(randomBytes(32)),
): Promise<Operation> {
  const data = contract.interface.encodeFunctionData(method, args);
  return { target: await contract.getAddress(), data, salt };
}

/**
 * The id under which the council keeps an operation: `keccak256(abi.encode(target, data, salt))`.
 *
 * @returns 32 bytes in hex.
 * @example
 * ```ts
 * const count = await council.approvals(operationIdOf(operation));
 * ```
 */
export function operationIdOf({ target, data, salt }: Operation): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes", "bytes32"], [target, data, salt]));
}

/**
 * Approves an operation as a member.
 *
 * @param council Connected to the member.
 * @param operation What to approve.
 * @throws ContractError NotMember, AlreadyApproved, AlreadyExecuted
 * @example
 * ```ts
 * await approve(council.connect(member), operation);
 * ```
 */
export async function approve(council: Council, operation: Operation): Promise<ContractTransactionReceipt> {
  const { target, data, salt } = operation;
  return send(() => council.approve(target, data, salt));
}

/**
 * Starts the delay of an operation that enough members approved.
 *
 * @param council Connected to a member.
 * @param operation What to schedule.
 * @returns When it can be carried out, in Unix seconds.
 * @throws ContractError NotMember, TooFewApprovals, AlreadyExecuted, AccessManagerAlreadyScheduled; AccessManagerUnauthorizedCall also
 * when the call needs no delay.
 * @example
 * ```ts
 * const { executableAt } = await schedule(council.connect(member), operation);
 * ```
 */
export async function schedule(
  council: Council,
  operation: Operation,
): Promise<{ executableAt: number; receipt: ContractTransactionReceipt }> {
  const { target, data, salt } = operation;
  const receipt = await send(() => council.schedule(target, data, salt));
  const [event] = await eventsOf(receipt, council, "OperationScheduled");
  if (event === undefined) throw new TrustError("EVENT_MISSING", "the receipt holds no event of the operation");
  return { executableAt: Number(event.args.executableAt), receipt };
}

/**
 * Takes an approval back; without enough of them an operation is not carried out.
 *
 * @param council Connected to the member who approved.
 * @param operation What was approved.
 * @throws ContractError NotApproved
 * @example
 * ```ts
 * await withdrawApproval(council.connect(member), operation);
 * ```
 */
export async function withdrawApproval(council: Council, operation: Operation): Promise<ContractTransactionReceipt> {
  return send(() => council.withdrawApproval(operationIdOf(operation)));
}

/**
 * Carries out an operation that still has enough approvals and whose delay has passed.
 *
 * @param council Connected to a member.
 * @param operation What to carry out.
 * @throws ContractError NotMember, TooFewApprovals, AlreadyExecuted, AccessManagerNotReady, AccessManagerExpired,
 * DelayOfAnotherOperation, or whatever the called contract refuses with.
 * @example
 * ```ts
 * const receipt = await execute(council.connect(member), operation);
 * ```
 */
export async function execute(council: Council, operation: Operation): Promise<ContractTransactionReceipt> {
  const { target, data, salt } = operation;
  return send(() => council.execute(target, data, salt));
}

/** How to decide. */
export interface DecideOptions {
  /** How the delay is waited for; by asking for the chain's time, if left out. A test moves its chain's time instead. */
  waitUntil?: (time: number) => Promise<void>;
}

/**
 * Decides an operation with members at hand: as many approve as must, the delay is waited for where there is one, and
 * the first member carries it out. What was approved or
 * scheduled before is not done again, so a decision that was interrupted goes on.
 *
 * @param council The council.
 * @param members Enough members, each connected to the chain.
 * @param operation What to decide.
 * @param options How to wait.
 * @returns The receipt of carrying it out.
 * @throws TrustError COUNCIL_MEMBERS_TOO_FEW; ContractError as for the single steps, or AccessManagerUnauthorizedCall
 * when the council may not make that call.
 * @example
 * ```ts
 * const operation = await operationOf(trustList, "accredit", accreditArguments(grant));
 * const receipt = await decide(council, members, operation);
 * ```
 */
export async function decide(
  council: Council,
  members: readonly Signer[],
  operation: Operation,
  options: DecideOptions = {},
): Promise<ContractTransactionReceipt> {
  const { threshold } = await ask(() => council.council());
  const [first] = members;
  if (first === undefined || BigInt(members.length) < threshold) {
    throw new TrustError("COUNCIL_MEMBERS_TOO_FEW", `${members.length} members are at hand; ${threshold} must approve`);
  }

  const id = operationIdOf(operation);
  for (const member of members) {
    if ((await ask(() => council.approvals(id))) >= threshold) break;
    await approveOnce(council.connect(member), operation);
  }

  const asFirst = council.connect(first);
  const executableAt = await scheduleIfNeeded(asFirst, operation);
  if (executableAt !== undefined) {
    const waitUntil = options.waitUntil ?? ((time) => waitForTime(council.runner?.provider as Provider, time));
    await waitUntil(executableAt);
  }
  return execute(asFirst, operation);
}

/** Asks what carrying it out would do now, and starts the delay when that is what is missing. */
async function scheduleIfNeeded(council: Council, operation: Operation): Promise<number | undefined> {
  const { target, data, salt } = operation;
  try {
    await ask(() => council.execute.staticCall(target, data, salt));
    return undefined;
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    if (error.code === "AccessManagerNotReady") return scheduledFor(council, error.args.operationId as string);
    if (error.code !== "AccessManagerNotScheduled" && error.code !== "AccessManagerExpired") throw error;
    return (await schedule(council, operation)).executableAt;
  }
}

async function scheduledFor(council: Council, operationId: string): Promise<number> {
  const manager = new Contract(await council.authority(), MANAGER_ABI, council.runner);
  return Number((await manager.getFunction("getSchedule")(operationId)) as bigint);
}

async function approveOnce(council: Council, operation: Operation): Promise<void> {
  try {
    await approve(council, operation);
  } catch (error) {
    if (!(error instanceof ContractError && error.code === "AlreadyApproved")) throw error;
  }
}
