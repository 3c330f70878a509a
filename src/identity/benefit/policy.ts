import { AbiCoder, keccak256, ZeroHash } from "ethers";

import type { IEligibility } from "../../typechain/contracts/identity/Eligibility.js";
import { IdentityError } from "../IdentityError.js";
import { canonicalJson, type Json } from "../json.js";

/** What one disclosed claim must say. */
export interface ClaimRule {
  /** The claim's name. */
  name: string;
  /** The value that it must have; any, if left out. */
  value?: Json;
  /**
   * The party whose subject its value must be, as a JSON string of `0x` and 64 lower-case digits. An earlier requirement
   * must be of that party, in every clause that the rule is in: what is found met there names the subject.
   */
  party?: number;
}

/** What one attestation must be; plain JSON. */
export interface Requirement {
  /** Its kind, and the scope in which its issuer was accredited when it was issued: 32 bytes in hex. */
  schema: string;
  /** A scope in which its issuer must be accredited now besides: 32 bytes in hex. */
  issuerScope?: string;
  /** Whose it is, from 1: those of one party have one subject, those of different parties different ones. */
  party: number;
  /** The most seconds since it was issued, or became valid, whichever is later; any, if left out. */
  maxAge?: number;
  /** What it must say. */
  claims?: ClaimRule[];
}

/** A policy's periods. */
export interface Period {
  /** First second of the period numbered 0, in Unix seconds. */
  start: number;
  /** Seconds of each period; 0 for a single one without end. */
  length: number;
}

/** A policy, as its hash fixes it; plain JSON. */
export interface Policy {
  /** SHA-256 of the published regulation, in hex. */
  grounds: string;
  requirements: Requirement[];
  /** Lists of requirements by their numbers: all of one list must be met, of any list. */
  clauses: number[][];
  period: Period;
}

/** A condition of a policy: a requirement, or several of which all or any must be met. */
export type Condition = Requirement | { allOf: readonly Condition[] } | { anyOf: readonly Condition[] };

const MOST_REQUIREMENTS = 256;
const MOST_CLAUSES = 256;
const RULES =
  "tuple(bytes32 grounds,tuple(bytes32 schema,bytes32 issuerScope,uint8 party,uint40 maxAge," +
  "tuple(string name,string value,uint8 party)[] claims)[] requirements,uint256[] clauses)";

/**
 * Makes a policy of a condition, however its ANDs and ORs are nested. Requirements are numbered as they come, equal ones
 * once, in whatever case their ids are written.
 *
 * @param options.grounds SHA-256 of the published regulation, in hex.
 * @param options.condition What must be met.
 * @param options.period How often it can be claimed.
 * @throws IdentityError POLICY_MALFORMED when an `allOf` or `anyOf` is empty, there are more than 256 requirements, more
 * than 256 ways to meet it, a rule names a party of no earlier requirement of its clause, or a value does not fit.
 * @example
 * ```ts
 * const works = (party: number) => ({ schema: work, party });
 * const condition = { allOf: [resident, { anyOf: [works(1), inServicePact] }, works(2)] };
 * const policy = makePolicy({ grounds, condition, period: { start, length: 365 * 86_400 } });
 * ```
 */
export function makePolicy(options: { grounds: string; condition: Condition; period: Period }): Policy {
  const { grounds, condition, period } = options;
  const numbers = new Map<string, number>();
  const requirements: Requirement[] = [];
  const numberOf = (requirement: Requirement): number => {
    const { schema, issuerScope, ...rest } = requirementStruct(requirement);
    const text = written([[schema, issuerScope].join().toLowerCase(), rest]);
    let number = numbers.get(text);
    if (number === undefined) {
      numbers.set(text, (number = requirements.length));
      requirements.push(requirement);
    }
    return number;
  };
  const waysOf = (part: Condition): number[][] => {
    if ("anyOf" in part) return limited(notEmpty(part.anyOf).flatMap(waysOf));
    if (!("allOf" in part)) return [[numberOf(part)]];
    return notEmpty(part.allOf)
      .map(waysOf)
      .reduce((done, next) => limited(done.flatMap((way) => next.map((more) => [...way, ...more]))));
  };
  const clauses = waysOf(condition).map((way) => [...new Set(way)].sort((a, b) => a - b));
  const policy = { grounds, requirements, clauses, period };
  hashPolicy(policy);
  return policy;
}

/**
 * A policy as the contracts take it.
 *
 * @throws IdentityError POLICY_MALFORMED
 * @example
 * ```ts
 * const hash = await eligibility.hashOf(policyStruct(policy));
 * ```
 */
export function policyStruct(policy: Policy): IEligibility.PolicyStruct {
  const { grounds, period } = policy;
  const requirements = policy.requirements.map(requirementStruct);
  within("the number of requirements", requirements.length, 1, MOST_REQUIREMENTS);
  within("the number of clauses", policy.clauses.length, 1, MOST_CLAUSES);
  const clauses = policy.clauses.map((clause) =>
    notEmpty(clause)
      .map((number) => within("a number in a clause", number, 0, requirements.length - 1))
      .reduce((bits, number) => bits | (1n << BigInt(number)), 0n),
  );
  for (const clause of policy.clauses) requireParties(clause, policy.requirements);
  within("period.start", period.start, 0, 2 ** 40 - 1);
  within("period.length", period.length, 0, 2 ** 40 - 1);
  return { rules: { grounds, requirements, clauses }, period };
}

/**
 * The hash of a policy's conditions, without its periods: `keccak256(abi.encode(rules))`.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError POLICY_MALFORMED
 * @example
 * ```ts
 * const answer = { rules: hashRules(policy), period: policy.period, number, nullifier, commitment, deadline };
 * ```
 */
export function hashRules(policy: Policy): string {
  const { rules } = policyStruct(policy);
  try {
    return keccak256(AbiCoder.defaultAbiCoder().encode([RULES], [rules]));
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    throw new IdentityError(
      "POLICY_MALFORMED",
      "grounds, a schema or a scope is not 32 bytes in hex, or a claim's name no text",
      { cause: error },
    );
  }
}

/**
 * A policy's hash, which fixes all of it, and is the scope in which its deciders are accredited:
 * `keccak256(abi.encode(rules hash, start, length))`.
 *
 * @returns 32 bytes in hex.
 * @throws IdentityError POLICY_MALFORMED
 * @example
 * ```ts
 * const scope = hashPolicy(policy);
 * ```
 */
export function hashPolicy(policy: Policy): string {
  const { start, length } = policy.period;
  const rules = hashRules(policy);
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint40", "uint40"], [rules, start, length]));
}

/**
 * The number of the period at a time, from 0.
 *
 * @param period A policy's periods.
 * @param time When, in Unix seconds.
 * @throws IdentityError PERIOD_NOT_BEGUN before the first
 * @example
 * ```ts
 * const number = periodAt(policy.period, block.timestamp);
 * ```
 */
export function periodAt(period: Period, time: number): number {
  if (time < period.start) throw new IdentityError("PERIOD_NOT_BEGUN", `the first period begins at ${period.start}`);
  return period.length === 0 ? 0 : Math.floor((time - period.start) / period.length);
}

function requirementStruct(requirement: Requirement) {
  return {
    schema: requirement.schema,
    issuerScope: requirement.issuerScope ?? ZeroHash,
    party: within("party", requirement.party, 1, 255),
    maxAge: within("maxAge", requirement.maxAge ?? 0, 0, 2 ** 40 - 1),
    claims: (requirement.claims ?? []).map(({ name, value, party }) => ({
      name,
      value: value === undefined ? "" : written(value),
      party: party === undefined ? 0 : within("a claim's party", party, 1, 255),
    })),
  };
}

function written(value: Json): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    throw new IdentityError("POLICY_MALFORMED", "a claim's name or value cannot be written as JSON", { cause: error });
  }
}

function within(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  return malformed(`${name} is ${value}, not a whole number from ${least} to ${most}`);
}

/** A rule that names a party whom nothing before it in its clause is about could take the name from nowhere. */
function requireParties(clause: readonly number[], requirements: readonly Requirement[]): void {
  for (const number of clause) {
    const earlier = clause.filter((other) => other < number).map((other) => requirements[other]!.party);
    const rules = requirements[number]!.claims ?? [];
    const lost = rules.find(({ party }) => party !== undefined && !earlier.includes(party));
    if (lost !== undefined) {
      malformed(
        `"${lost.name}" of requirement ${number} names party ${lost.party}, of whom its clause asks nothing before`,
      );
    }
  }
}

function notEmpty<T>(parts: readonly T[]): readonly T[] {
  return parts.length === 0 ? malformed("a list of conditions is empty, which nobody or anybody would meet") : parts;
}

function limited(ways: number[][]): number[][] {
  return ways.length > MOST_CLAUSES ? malformed(`there are more than ${MOST_CLAUSES} ways to meet it`) : ways;
}

function malformed(message: string): never {
  throw new IdentityError("POLICY_MALFORMED", message);
}
