import { id, ZeroAddress, ZeroHash } from "ethers";

import type { IElectionFactory } from "../../src/typechain/index.js";
import type { issuerFixture } from "./issuer.js";
import { GROUNDS, NO_END } from "./suite.js";
import { registerBody, type Signer } from "./trust.js";

/** The scope of bodies that hold elections. */
const ELECTION_ROLE = id("diwan.role.election-authority");

/** Adds an accredited election authority to offices that stand already, and what it asks for in an election. */
export async function withElectionAuthority(f: Awaited<ReturnType<typeof issuerFixture>>) {
  const { trustList, decide, signers, authorize, time } = f;
  const [head, officer, ...others] = signers.slice(19) as [Signer, Signer, ...Signer[]];
  const authority = await registerBody(f, head);
  await decide(trustList, "accredit", [ELECTION_ROLE, 0n, authority, 0n, NO_END, 0n, GROUNDS]);
  await authorize(head, authority, officer, ELECTION_ROLE);

  const request = async (
    change: Partial<IElectionFactory.RequestStruct> = {},
  ): Promise<IElectionFactory.RequestStruct> => {
    const opensAt = BigInt(await time.latest()) + 10_000n;
    return {
      questions: [{ options: 3, selections: 1, groups: 1, approval: false }],
      blanks: [1],
      texts: [{ question: 0, language: "en", hash: id("question") }],
      commission: others.slice(0, 3).map(({ address }) => address),
      quorum: 2,
      trustees: {
        trustees: others.slice(3, 6).map(({ address }) => address),
        threshold: 2,
        registrationPeriod: 100,
        dealingPeriod: 100,
        complaintPeriod: 100,
        answerPeriod: 100,
      },
      roll: { root: id("roll"), voters: 100, weight: 100n, file: id("file") },
      gate: ZeroAddress,
      gateScope: ZeroHash,
      gateFreeze: 0,
      opensAt,
      closesAt: opensAt + 10_000n,
      challengePeriod: 100,
      tallyPeriod: 10_000,
      longestExtension: 1_000,
      minimumBallots: 2,
      mostExtensions: 1,
      hasPaper: false,
      ...change,
    };
  };
  return { authority, officer, request };
}
