import { getBytes, hexlify, id } from "ethers";

import { merkleRootOfProof } from "../../../src/ledger/merkleTree.js";
import { ElectionFactory__factory } from "../../../src/typechain/index.js";
import { rollLeaf } from "../../../src/voting/election/roll.js";
import { withElectionAuthority } from "../../../test/helpers/elections.js";
import { issuerFixture } from "../../../test/helpers/issuer.js";
import { questionOf } from "../../../test/voting/ballots.js";
import { gasOf } from "../../../test/voting/ceremonyFixture.js";
import { electionFixture } from "../../../test/voting/electionFixture.js";
import { heldByTrustees } from "../../../test/voting/heldByTrustees.js";

/** Gas of casting one ballot of a question directly, by a voter who has cast none, and again. */
export async function castGas(options: number): Promise<{ first: number; again: number }> {
  const { cast, ballot } = await electionFixture({ questions: [questionOf(options)] });
  return { first: Number(await gasOf(cast(0, ballot(0, 1)))), again: Number(await gasOf(cast(0, ballot(0, 2)))) };
}

/** Gas of a first ballot by a voter on a roll whose tree has so many levels: 20 are a million voters. */
export async function castOfRoll(options: number, levels: number): Promise<number> {
  const questions = [questionOf(options)];
  const siblings = Array.from({ length: levels }, (_, i) => id(`sibling ${i}`));
  // The account of the fixture's first voter is the same on every chain.
  const { signerOf } = await electionFixture();
  const leaf = rollLeaf({ slotKey: id("voter 0"), voter: signerOf(0).address, weight: 1n });
  const roll = hexlify(
    merkleRootOfProof(
      getBytes(leaf),
      siblings.map((sibling) => getBytes(sibling)),
    ),
  );
  const {
    election,
    signerOf: accountOf,
    castArguments,
    ballot,
  } = await electionFixture({ questions, terms: { roll } });
  const [key, slotKey, weight, , bytes, hints] = castArguments(0, ballot(0, 1));
  return Number(await gasOf(election.connect(accountOf(0)).cast(key, slotKey, weight, siblings, bytes, hints)));
}

/** Gas a ballot of a batch of first ballots that their voters signed. */
export async function batchGas(options: number, count: number): Promise<number> {
  const f = await electionFixture({ questions: [questionOf(options)], weights: Array<bigint>(count).fill(1n) });
  return Math.round(Number(await gasOf(f.castAll())) / count);
}

/** Gas of publishing the roll of all voters, once. */
export async function rollGas(voters: number): Promise<number> {
  const f = await electionFixture({ weights: Array<bigint>(voters).fill(1n), isOpen: false });
  return Number(await gasOf(f.publishRoll()));
}

/** Gas of what goes before the ballots, and after, with trustees 3 of 5. */
export async function frameGas(options: number, ballots: number) {
  const f = await issuerFixture();
  const { request, officer } = await withElectionAuthority(f);
  const named = f.deployed as unknown as Record<string, { getAddress(): Promise<string> }>;
  const factory = ElectionFactory__factory.connect(await named["electionFactory"]!.getAddress(), officer);
  const asked = await request({ opensAt: 10_000_000_000n, closesAt: 10_000_100_000n });
  const create = Number(await gasOf(factory.createElection(asked)));
  const held = await heldByTrustees(options, ballots);
  const { register, deal, finish, derive, open, batch, sum, post, finalize } = held;
  return {
    open: create + Number(5n * (register + deal) + finish + derive + open),
    ballots: Number(batch),
    count: Number(sum + 3n * post + finalize),
    /** Of the count, what does not grow with the ballots. */
    result: Number(3n * post + finalize),
  };
}
