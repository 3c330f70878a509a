import { VotingError, type VotingErrorCode } from "../VotingError.js";

/** A kind of message in JSON. */
export interface JsonMessage {
  /** What its `type` says. */
  readonly type: string;
  /** All other members. */
  readonly members: readonly string[];
  /** What is thrown for one that is not as it must be. */
  readonly code: VotingErrorCode;
}

/** The members of a message. */
export interface JsonMembers {
  /** A member that is a text of this pattern. */
  text(name: string, pattern: RegExp): string;
  /** A member that is a list of texts of this pattern. */
  texts(name: string, pattern: RegExp): string[];
}

/** The largest ballot, in hexadecimal, is a third of it. */
const MOST_CHARACTERS = 2 ** 20;

/**
 * Reads a message that somebody else wrote: an object with its `type` and these members, none missing or added.
 *
 * @param text The message, from anyone.
 * @param kind What it must be.
 * @throws VotingError with the code of its kind, as do the members' readers
 * @example
 * ```ts
 * const voter = jsonMembers(text, KIND).text("voter", /^0x[0-9a-f]{40}$/);
 * ```
 */
export function jsonMembers(text: string, { type, members, code }: JsonMessage): JsonMembers {
  const refuse = (problem: string, options?: ErrorOptions): never => {
    throw new VotingError(code, `the message of the type ${type} cannot be read: ${problem}`, options);
  };
  const value = parse(text, refuse);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse("it is no object");
  const own = new Map<string, unknown>(Object.entries(value));
  if (own.get("type") !== type) refuse("its type is another");
  const strange = [...own.keys()].find((name) => name !== "type" && !members.includes(name));
  if (strange !== undefined) refuse(`it has a strange member, ${JSON.stringify(strange.slice(0, 40))}`);
  const missing = members.find((name) => !own.has(name));
  if (missing !== undefined) refuse(`it lacks ${missing}`);

  const fitting = (found: unknown, path: string, pattern: RegExp): string => {
    if (typeof found !== "string" || !pattern.test(found)) return refuse(`${path} does not match ${pattern.source}`);
    return found;
  };
  return {
    text: (name, pattern) => fitting(own.get(name), name, pattern),
    texts: (name, pattern) => {
      const list = own.get(name);
      if (!Array.isArray(list)) return refuse(`${name} is no list`);
      return list.map((found, i) => fitting(found, `${name}[${i}]`, pattern));
    },
  };
}

function parse(text: string, refuse: (problem: string, options?: ErrorOptions) => never): unknown {
  if (typeof text !== "string" || text.length > MOST_CHARACTERS) refuse("it is no text, or too long");
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse("it is no JSON", { cause: error });
  }
}
