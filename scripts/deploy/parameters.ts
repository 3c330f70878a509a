import { readFile } from "node:fs/promises";

import { isAddress } from "ethers";

import { ObstacleError } from "../console/obstacles.js";

/** What the modules take, by module and name: what is expected, and a problem or nothing for a value. */
type Rule = readonly [expected: string, isRight: (value: unknown) => boolean];

const MOST_MEMBERS = 32;
const isSeconds = (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const seconds: Rule = ["whole seconds", isSeconds];
const members: Rule = [`up to ${MOST_MEMBERS} different addresses in ascending order`, isAscending];
const threshold: Rule = [
  "how many of the members must approve: a majority at least, and not more than there are",
  isCount,
];
const hub: Rule = ["the address of LACChain's relay hub", isAddress];

const REQUIRED: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  Trust: { members, threshold, recoveryMembers: members, recoveryThreshold: threshold },
  Identity: { exitDelay: seconds, guardiansDelay: seconds },
  Suite: { delay: seconds, recoveryDelay: seconds },
};
const OPTIONAL: typeof REQUIRED = {
  Trust: { hub },
  Identity: { hub, enrolmentLapse: seconds },
  Voting: { hub },
  Health: { hub, maxWindow: seconds },
  Justice: { hub },
};

/** Parameters as Ignition takes them. */
export type SuiteParameters = Record<string, Record<string, string | number | string[]>>;

/**
 * Reads a file with the suite's parameters; members whose names begin with `//` are remarks.
 *
 * @throws ObstacleError which names every parameter that is missing or wrong, with what is expected
 */
export async function readParameters(path: string): Promise<SuiteParameters> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(path, "utf8"), (key, value: unknown) =>
      key.startsWith("//") ? undefined : value,
    );
  } catch (error) {
    const why = (error as Error).message;
    const hint = "copy ignition/parameters/example.json, fill it in, and name it by --parameters";
    throw new ObstacleError(`the parameters in ${path} cannot be read (${why}); ${hint}`, { cause: error });
  }
  const problems = checkParameters(given);
  if (problems.length > 0) throw new ObstacleError(`the parameters in ${path}:\n  ${problems.join("\n  ")}`);
  return given as SuiteParameters;
}

/** What is wrong with parameters, a line each. */
export function checkParameters(given: unknown): string[] {
  if (typeof given !== "object" || given === null) return ["they are no JSON object"];
  const modules = given as Record<string, Record<string, unknown> | undefined>;
  const problems: string[] = [];
  const needed = Object.keys({ ...REQUIRED, ...OPTIONAL });
  for (const name of Object.keys(modules)) {
    if (!needed.includes(name)) problems.push(`${name} is no module with parameters: ${needed.join(", ")}`);
  }
  for (const name of needed) {
    const [required, optional] = [REQUIRED[name] ?? {}, OPTIONAL[name] ?? {}];
    const values = modules[name] ?? {};
    for (const [key, [expected]] of Object.entries(required)) {
      if (values[key] === undefined) problems.push(`${name}.${key} is missing: ${expected}`);
    }
    for (const [key, value] of Object.entries(values)) {
      const rule = required[key] ?? optional[key];
      if (rule === undefined) problems.push(`${name}.${key} is no parameter of ${name}`);
      else if (!rule[1](value)) problems.push(`${name}.${key} must be ${rule[0]}`);
    }
  }
  return [...problems, ...checkCouncils(modules.Trust ?? {}), ...checkHubs(modules)];
}

/** Thresholds against the members that they are of. */
function checkCouncils(trust: Record<string, unknown>): string[] {
  const pairs = [
    ["members", "threshold"],
    ["recoveryMembers", "recoveryThreshold"],
  ] as const;
  return pairs.flatMap(([list, least]) => {
    const [all, wanted] = [trust[list], trust[least]];
    if (!isAscending(all) || !isCount(wanted)) return [];
    const count = all.length;
    const isMajority = 2 * (wanted as number) > count && (wanted as number) <= count;
    return isMajority
      ? []
      : [`Trust.${least} is ${String(wanted)} of ${count}: a majority at least, and not more than there are`];
  });
}

/** A hub that one module trusts and another does not is a slip. */
function checkHubs(modules: Record<string, Record<string, unknown> | undefined>): string[] {
  const hubs = Object.keys(OPTIONAL).map((name) => JSON.stringify(modules[name]?.hub ?? null).toLowerCase());
  return new Set(hubs).size > 1 ? [`hub must be the same in ${Object.keys(OPTIONAL).join(", ")}`] : [];
}

function isAscending(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_MEMBERS) return false;
  return value.every((one, i) => isAddress(one) && (i === 0 || BigInt(one) > BigInt(value[i - 1] as string)));
}
