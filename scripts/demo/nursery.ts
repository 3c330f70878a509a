import { AbiCoder, keccak256, ZeroHash } from "ethers";

import { canonicalJson } from "../../src/identity/json.js";
import type { IEligibility } from "../../src/typechain/contracts/identity/Eligibility.js";
import { Eligibility__factory } from "../../src/typechain/index.js";

import { CHILD, groundsOf, INCOME, PERSON } from "./schemas.js";

/** Who attests incomes, and who decides on the benefit, by the ids of HL7's example organizations. */
export const TAX_OFFICE = "hl7pay";
export const DECIDER = "2";

const DAY = 86_400;
const PARENT = 1;
const SON_OR_DAUGHTER = 2;

/**
 * A benefit in the manner of Lombardy's for nurseries, once a year: for a parent of age whose income is under the
 * threshold, by an attestation of this year, and whose child the population register knows as theirs.
 *
 * @param start When the first year begins, in Unix seconds.
 */
export function nurseryPolicy(start: number): IEligibility.PolicyStruct {
  const of = (schema: string, party: number, name: string, value: string, parent = 0, maxAge = 0) => {
    return { schema, issuerScope: ZeroHash, party, maxAge, claims: [{ name, value, party: parent }] };
  };
  const requirements = [
    of(PERSON, PARENT, "over18", canonicalJson(true)),
    of(INCOME, PARENT, "underThreshold", canonicalJson(true), 0, 365 * DAY),
    of(CHILD, SON_OR_DAUGHTER, "parent", "", PARENT),
  ];
  return {
    rules: { grounds: groundsOf("regulation of the nursery benefit"), requirements, clauses: [0b111] },
    period: { start, length: 365 * DAY },
  };
}

/** What an answer says of a policy's conditions: `keccak256(abi.encode(rules))`. */
export function rulesHash({ rules }: IEligibility.PolicyStruct): string {
  const [policy] = Eligibility__factory.createInterface().getFunction("hashOf").inputs;
  const type = policy?.components?.find(({ name }) => name === "rules");
  if (type === undefined) throw new Error("the contract's policy has no rules");
  return keccak256(AbiCoder.defaultAbiCoder().encode([type], [rules]));
}

/** A policy's hash, and the scope of its deciders. */
export function nurseryHash(policy: IEligibility.PolicyStruct): string {
  const { start, length } = policy.period;
  const types = ["bytes32", "uint40", "uint40"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [rulesHash(policy), start, length]));
}
