import { AbiCoder, id, keccak256, type BigNumberish, type Signer as EthersSigner } from "ethers";

import { GROUNDS, NO_END } from "./suite.js";
import { issuerFixture } from "./issuer.js";
import { registerBody, type Signer } from "./trust.js";

const abi = AbiCoder.defaultAbiCoder();

/** EIP-712 types of a decider's answer, written from the interface's text. */
const ANSWER = {
  Answer: [
    { name: "policy", type: "bytes32" },
    { name: "number", type: "uint40" },
    { name: "nullifier", type: "bytes32" },
    { name: "commitment", type: "bytes32" },
    { name: "deadline", type: "uint40" },
    { name: "decider", type: "address" },
  ],
};

/** Stands for the hash of a policy's conditions. */
export const RULES = id("rules");

/** A benefit of 30 days, as of a time. */
export const LENGTH = 2_592_000n;

/** A decider's answer, as `IBenefits.Answer`. */
export interface Answer {
  rules: string;
  period: { start: bigint; length: bigint };
  number: bigint;
  nullifier: string;
  commitment: string;
  deadline: bigint;
}

/** A policy's hash, written from the interface's text. */
export function policyOf({ rules, period }: Pick<Answer, "rules" | "period">): string {
  return keccak256(abi.encode(["bytes32", "uint40", "uint40"], [rules, period.start, period.length]));
}

/** The issuer's fixture, with an agency that is accredited to decide on one policy, and two keys of the agency. */
export async function benefitsFixture() {
  return withAgency(await issuerFixture());
}

/** Adds such an agency to offices that stand already. */
export async function withAgency(f: Awaited<ReturnType<typeof issuerFixture>>) {
  const { benefits, trustList, decide, signers, authorize } = f;
  const [agencyHead, decider, deputy] = signers.slice(16) as [Signer, Signer, Signer];
  const start = BigInt(await f.time.latest()) - 1_000n;
  const period = { start, length: LENGTH };
  const policy = policyOf({ rules: RULES, period });
  const agency = await registerBody(f, agencyHead);
  await decide(trustList, "accredit", [policy, 0n, agency, 0n, NO_END, 0n, GROUNDS]);
  await authorize(agencyHead, agency, decider, policy);
  await authorize(agencyHead, agency, deputy, policy);
  const address = await benefits.getAddress();

  /** An answer for a holder of this number, in the first period. */
  const answer = (n: number, fields: Partial<Answer> = {}): Answer => ({
    rules: RULES,
    period,
    number: 0n,
    nullifier: id(`nullifier ${n}`),
    commitment: id(`decision ${n}`),
    deadline: start + LENGTH + 86_400n,
    ...fields,
  });

  interface Signed {
    by?: EthersSigner;
    /** Whose address is named, when that is a wallet that the signer owns. */
    as?: string;
    chainId?: BigNumberish;
    verifyingContract?: string;
  }
  const sign = async (a: Answer, { by = decider, as, chainId = 31_337n, verifyingContract = address }: Signed = {}) =>
    by.signTypedData({ name: "Diwan Benefits", version: "1", chainId, verifyingContract }, ANSWER, {
      ...a,
      policy: policyOf(a),
      decider: as ?? (await by.getAddress()),
    });

  return {
    ...f,
    benefits: benefits.connect(f.stranger),
    agencyHead,
    decider,
    deputy,
    agency,
    period,
    policy,
    answer,
    sign,
    /** A stranger carries an answer that the decider signed. */
    claim: async (a: Answer, signed: Signed = {}) => {
      const by = signed.as ?? (await (signed.by ?? decider).getAddress());
      return benefits.connect(f.stranger).claim(a, by, await sign(a, signed));
    },
  };
}
