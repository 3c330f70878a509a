import { makePolicy, type Policy } from "../../src/identity/benefit/policy.js";

import { CHILD, groundsOf, INCOME, PERSON } from "./schemas.js";

/** Who attests incomes, and who decides on the benefit, by the ids of HL7's example organizations. */
export const TAX_OFFICE = "hl7pay";
export const DECIDER = "2";

const YEAR = 365 * 86_400;
const PARENT = 1;
const SON_OR_DAUGHTER = 2;

/** What the policy's schemas and parties are called. */
export const NAMES = {
  schemas: { [PERSON]: "the population register", [INCOME]: "the tax office", [CHILD]: "the register of births" },
  parties: { [PARENT]: "the parent", [SON_OR_DAUGHTER]: "the child" },
};

/**
 * A benefit in the manner of Lombardy's for nurseries, once a year: for a parent of age whose income is under the
 * threshold, by an attestation of the last year, and whose child the register knows as theirs. It is the child's: the
 * register's pseudonym of the child is shown, so that no second parent gets it in the same year.
 *
 * @param start When the first year begins, in Unix seconds.
 */
export function nurseryPolicy(start: number): Policy {
  const condition = {
    allOf: [
      { schema: PERSON, party: PARENT, claims: [{ name: "over18", value: true }] },
      { schema: INCOME, party: PARENT, maxAge: YEAR, claims: [{ name: "underThreshold", value: true }] },
      { schema: CHILD, party: SON_OR_DAUGHTER, claims: [{ name: "parent", party: PARENT }, { name: "pseudonym" }] },
    ],
  };
  return makePolicy({
    grounds: groundsOf("regulation of the nursery benefit"),
    condition,
    period: { start, length: YEAR },
  });
}
