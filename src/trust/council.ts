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

import { ask, eventsOf, send } from "../chain/send.js";
import { waitForTime } from "../chain/waitForTime.js";
import type { Council } from "../typechain/contracts/trust/Council.js";
import { ADMIN_ROLE } from "./roles.js";
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

const MANAGER_ABI = [
  "function canCall(address caller, address target, bytes4 selector) view returns (bool immediate, uint32 delay)",
  "function hasRole(uint64 roleId, address account) view returns (bool isMember, uint32 executionDelay)",
];

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
 * @throws ContractError NotMember, TooFewApprovals, AccessManagerAlreadyScheduled; AccessManagerUnauthorizedCall also
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
 * Carries out an operation that still has enough approvals and whose delay has passed.
 *
 * @param council Connected to a member.
 * @param operation What to carry out.
 * @throws ContractError NotMember, TooFewApprovals, AlreadyExecuted, AccessManagerNotReady, AccessManagerExpired, or
 * whatever the called contract refuses with.
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
 * the first member carries it out. What was approved before is not approved again, so it can be called anew.
 *
 * @param council The council.
 * @param members Enough members, each connected to the chain.
 * @param operation What to decide.
 * @param options How to wait.
 * @returns The receipt of carrying it out.
 * @throws TrustError COUNCIL_MEMBERS_TOO_FEW, COUNCIL_MAY_NOT; ContractError as for the single steps.
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
  const delay = await delayOf(council, operation);

  const id = operationIdOf(operation);
  for (const member of members) {
    if ((await ask(() => council.approvals(id))) >= threshold) break;
    await approveOnce(council.connect(member), operation);
  }

  if (delay > 0) {
    const { executableAt } = await schedule(council.connect(first), operation);
    const waitUntil = options.waitUntil ?? ((time) => waitForTime(council.runner?.provider as Provider, time));
    await waitUntil(executableAt);
  }
  return execute(council.connect(first), operation);
}

/**
 * How long the AccessManager delays an operation of the council.
 *
 * @param council The council.
 * @param operation The operation.
 * @returns Seconds; 0 when it is carried out without being scheduled.
 * @throws TrustError COUNCIL_MAY_NOT when the council has no role that allows the call.
 * @example
 * ```ts
 * const seconds = await delayOf(council, operation);
 * ```
 */
export async function delayOf(council: Council, operation: Operation): Promise<number> {
  const [authority, caller] = await Promise.all([ask(() => council.authority()), council.getAddress()]);
  const manager = new Contract(authority, MANAGER_ABI, council.runner);
  // The manager judges calls to itself by its own table; all that a council does with it needs the admin role.
  const isOwnCall = authority.toLowerCase() === operation.target.toLowerCase();
  const [allowed, delay] = (await ask(() =>
    isOwnCall
      ? manager.getFunction("hasRole")(ADMIN_ROLE, caller)
      : manager.getFunction("canCall")(caller, operation.target, operation.data.slice(0, 10)),
  )) as [boolean, bigint];
  if (!allowed && delay === 0n) {
    throw new TrustError("COUNCIL_MAY_NOT", `the council may not call ${operation.data.slice(0, 10)} there`);
  }
  return Number(delay);
}

async function approveOnce(council: Council, operation: Operation): Promise<void> {
  try {
    await approve(council, operation);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "AlreadyApproved") throw error;
  }
}
