import { Interface, isHexString } from "ethers";

import { DiwanError } from "../errors.js";
import { roleOfScope } from "../trust/scopes.js";
import { CONTRACT_ERRORS } from "./contractErrors.js";

/** An argument of a contract's error: whole numbers as bigint, enums as the names of their values. */
export type ContractErrorArgument = string | bigint | boolean | readonly string[];

/**
 * A contract refused. `code` is the name of its error ("NotAccredited"), `args` its arguments by name, and the message a
 * sentence for people. Other codes: REVERTED (`args.reason`), PANIC (`args.code`), UNKNOWN_REVERT (`args.data`).
 *
 * @example
 * ```ts
 * if (error instanceof ContractError && error.code === "KeyNotInForce") askForAnotherKey(error.args.operator);
 * ```
 */
export class ContractError extends DiwanError {
  readonly args: Readonly<Record<string, ContractErrorArgument>>;

  constructor(
    code: string,
    message: string,
    args: Readonly<Record<string, ContractErrorArgument>>,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
    this.args = args;
  }
}

const TIMES = new Set([
  ...["since", "time", "from", "until", "parentFrom", "parentUntil"],
  ...["endedAt", "suspendedAt", "expiresAt", "deadline", "dueAt"],
  ...["claimedAt", "usedDeadline", "start"],
  ...["openedAt", "paidAt", "withdrawnAt"],
  ...["anchoredAt"],
  ...["registeredAt", "decidedAt", "finalFrom", "earliest", "sentAt"],
]);

/** In Unix seconds: what is later has a year of five digits, and means no end. */
const LAST_DATE = 253_402_300_800n;

let errors: Interface | undefined;

/**
 * Turns whatever a library or a node threw about a refused call into a `ContractError`: ethers' CALL_EXCEPTION, the
 * errors of JSON-RPC nodes and of Hardhat, however deep the revert data lies.
 *
 * @param error What was thrown.
 * @returns A `ContractError`, or `error` itself when it holds no revert data (a lost connection, an error of ours).
 * @example
 * ```ts
 * try {
 *   await registry.attest(schema, content, expiresAt);
 * } catch (error) {
 *   throw decodeContractError(error);
 * }
 * ```
 */
export function decodeContractError(error: unknown): unknown {
  if (error instanceof DiwanError) return error;
  const data = revertData(error);
  return data === undefined ? error : contractErrorOf(data, error);
}

/**
 * Reads the data of a revert.
 *
 * @param data The data in hex, its first four bytes the error's selector.
 * @param cause What carried it.
 * @example
 * ```ts
 * const { code, args, message } = contractErrorOf("0x…");
 * ```
 */
export function contractErrorOf(data: string, cause?: unknown): ContractError {
  const options = cause === undefined ? undefined : { cause };
  errors ??= new Interface(CONTRACT_ERRORS.map(({ signature }) => `error ${signature}`));
  const found = parse(errors, data);
  if (found === null) {
    return new ContractError(
      "UNKNOWN_REVERT",
      `the contract refused with ${data}, which is no error of ours`,
      { data },
      options,
    );
  }
  if (found.name === "Error") {
    const reason = String(found.args[0]);
    return new ContractError("REVERTED", `the contract refused: ${reason}`, { reason }, options);
  }
  if (found.name === "Panic") {
    const code = found.args[0] as bigint;
    return new ContractError("PANIC", `the contract failed an inner check (code ${code})`, { code }, options);
  }

  const { sentence, enums } = CONTRACT_ERRORS.find(({ signature }) => signature.startsWith(`${found.name}(`))!;
  const args: Record<string, ContractErrorArgument> = {};
  for (const [i, { name }] of found.fragment.inputs.entries()) args[name] = argument(found.args[i], enums?.[name]);
  const message = sentence.replace(/\{(\w+)\}/g, (_, name: string) => shown(name, args[name]!));
  return new ContractError(found.name, message, args, options);
}

function parse(errors: Interface, data: string) {
  try {
    return errors.parseError(data);
  } catch {
    return null; // its selector is known and its arguments are not what that error has
  }
}

function argument(value: unknown, names?: readonly string[]): ContractErrorArgument {
  if (names !== undefined && typeof value === "bigint") return names[Number(value)] ?? value;
  return Array.isArray(value) ? value.map(String) : (value as string | bigint | boolean);
}

/** Times as people write them, and the scopes of roles by the roles' names. */
function shown(name: string, value: ContractErrorArgument): string {
  if ((name === "scope" || name === "role") && typeof value === "string") return roleOfScope(value) ?? value;
  if (!TIMES.has(name) || typeof value !== "bigint") return String(value);
  if (value >= LAST_DATE) return "the end of time";
  return new Date(Number(value) * 1000).toISOString().replace(".000Z", "Z");
}

/** The first hex data with a selector that an error carries, looking into what it wraps. */
function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > 8) return undefined;
  const holder = error as Record<string, unknown>;
  if (isHexString(holder.data) && holder.data.length >= 10) return holder.data;
  for (const name of ["data", "info", "error", "cause", "originalError"]) {
    const found = revertData(holder[name], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
