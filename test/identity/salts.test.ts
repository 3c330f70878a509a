import { expect } from "chai";

import * as typechain from "../../src/typechain/index.js";

interface Parameter {
  name: string;
  type: string;
  internalType?: string;
  components?: readonly Parameter[];
}

interface Entry {
  type: string;
  name?: string;
  stateMutability?: string;
  inputs?: readonly Parameter[];
}

/** Structs of a claim, or of what holds one. */
const STRUCTS = ["Claim", "Disclosure", "Evidence"].map((name) => `struct IEligibility.${name}`);

/** What a claim or what hides it would be called, if it came without such a struct. */
const NAMES = /^(salt|salts|claim|claims|disclosure|evidence|proofFlags)$/;

/** Parameters that are named so and are none, and why. */
const OTHERS: Readonly<Record<string, string>> = {
  "ConsentRegistry.grantByDelegates salt": "of the list of a patient's delegates, who disclose it by acting",
  "ConsentRegistry.revokeByDelegates salt": "of the list of a patient's delegates, who disclose it by acting",
  "Council.approve salt": "tells one operation of the council from another",
  "Council.execute salt": "as for approve",
  "Council.schedule salt": "as for approve",
  "DidRegistry.freezeAsGuardian salt": "hides the guardians of a DID until they act, which shows them on purpose",
  "DidRegistry.recover salt": "as for freezeAsGuardian",
  "DidRegistry.vetoRecoveryAsVetoer salt": "as for freezeAsGuardian",
  "Election.castAtGate evidence": "an attestation's commitment and period, and no claim: AttestationGate.Evidence",
  "Election.castBatch evidence": "as for castAtGate",
  "Election.castSigned evidence": "as for castAtGate",
};

/** The parameters of a function that are a claim or its salt, or look like one, however deep. */
function suspicious(inputs: readonly Parameter[]): string[] {
  return inputs.flatMap(({ name, internalType = "", components = [] }) => {
    const isClaim = STRUCTS.includes(internalType.replace(/(\[\d*\])+$/, ""));
    return [...(isClaim || NAMES.test(name) ? [name] : []), ...suspicious(components)];
  });
}

/** By contract and function, the suspicious parameters of functions that may change something, or of views. */
function findIn(abis: readonly [string, readonly Entry[]][], views: boolean): string[] {
  return abis.flatMap(([contract, abi]) =>
    abi.flatMap(({ type, name = type, stateMutability = "", inputs = [] }) => {
      const isView = ["view", "pure"].includes(stateMutability);
      if (!["function", "constructor"].includes(type) || isView !== views) return [];
      return suspicious(inputs).map((parameter) => `${contract}.${name} ${parameter}`);
    }),
  );
}

/** Every contract of the suite, and of OpenZeppelin's that are deployed with it. */
const ABIS = Object.entries(typechain).flatMap(([name, factory]): [string, readonly Entry[]][] => {
  if (!("abi" in factory) || !("bytecode" in factory)) return [];
  return [[name.replace("__factory", ""), factory.abi]];
});

describe("A claim and its salt", () => {
  it("are parameters of no function of the suite that a transaction can call to any effect", () => {
    expect(findIn(ABIS, false).sort()).to.deep.equal(Object.keys(OTHERS).sort());
  });

  it("are parameters of Eligibility's views, which refuse every sender: the walk finds them there", () => {
    const found = findIn(ABIS, true).filter((one) => one.startsWith("Eligibility."));
    expect(found).to.include.members(["Eligibility.verifyClaims disclosure", "Eligibility.decide evidence"]);
    const asSent = ABIS.find(([name]) => name === "Eligibility")![1].map((entry) => ({
      ...entry,
      stateMutability: "nonpayable",
    }));
    expect(findIn([["Leaky", asSent]], false)).to.include.members(["Leaky.verifyClaims salt", "Leaky.decide claims"]);
  });
});
