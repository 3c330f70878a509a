import { getBytes, id } from "ethers";
import type { network } from "hardhat";

import type { Trustees } from "../../src/typechain/index.js";
import { dealShares } from "../../src/voting/ceremony/dealShares.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { type CountArguments, countArguments } from "../../src/voting/countArguments.js";
import { Point } from "../../src/voting/curve.js";
import { decodeCounts } from "../../src/voting/decodeCounts.js";
import { partialDecryption } from "../../src/voting/partialDecryption.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { KEY_LOGARITHM, ORDER, questionOf } from "./ballots.js";
import { gasOf } from "./ceremonyFixture.js";
import { electionFixture, structured } from "./electionFixture.js";
import { makeTrustees } from "./makeTrustees.js";
import { scalarOf, shareOf } from "./tallies.js";

type Connection = Awaited<ReturnType<typeof network.create>>;

const COUNT = 5;
const THRESHOLD = 3;
const INDICES = [1, 2, 3, 4, 5];

/** The same bytes in each run. */
function randomOf(seed: string) {
  let counter = 0;
  return (length: number) => getBytes(id(`${seed} ${counter++}`)).slice(0, length);
}

/** Polynomials whose sum is that of the tests' shares: the first dealer's makes up for the others'. */
function polynomials(): bigint[][] {
  const sum = [KEY_LOGARITHM, ...[1, 2].map((k) => scalarOf(`coefficient ${k}`))];
  const others = [2, 3, 4, 5].map((dealer) => sum.map((_, k) => scalarOf(`dealer ${dealer} ${k}`)));
  const first = sum.map((total, k) => {
    return (((total - others.reduce((left, own) => left + own[k]!, 0n)) % ORDER) + ORDER) % ORDER;
  });
  return [first, ...others];
}

/** Gas of an election with real trustees, 3 of 5, who make the tests' key: each step, over some ballots cast in one batch. */
export async function heldByTrustees(options: number, ballots = 4) {
  let trustees!: Trustees;
  const make = async ({ ethers }: Connection) => {
    trustees = await makeTrustees(ethers, (await ethers.getSigners()).slice(20, 20 + COUNT), THRESHOLD);
    return trustees.getAddress();
  };
  const weights = Array<bigint>(ballots).fill(1n);
  const f = await electionFixture({ questions: [questionOf(options)], weights, isOpen: false, makeTrustees: make });
  const signers = (await f.ethers.getSigners()).slice(20, 20 + COUNT);
  const as = (index: number) => trustees.connect(signers[index - 1]);
  await trustees.bind(f.address);
  const contract = await trustees.getAddress();
  const keys = INDICES.map((trustee) => ({ trustee, key: Point.BASE.multiply(scalarOf(`key ${trustee}`)).toAffine() }));
  let register = 0n;
  for (const { trustee, key } of keys) {
    const gas = await gasOf(as(trustee).registerKey(trustee, key.x, key.y));
    if (gas > register) register = gas;
  }
  const round = { chainId: f.chainId, contract, round: 0 };
  const dealings = await Promise.all(
    polynomials().map(async (polynomial, i) => {
      const { address } = signers[i]!;
      const statement = { round, dealer: i + 1, address, trustees: COUNT, threshold: THRESHOLD };
      return dealShares(statement, polynomial, keys, randomOf(`dealing ${i}`));
    }),
  );
  let deal = 0n;
  for (const [i, { commitments, proof, shares }] of dealings.entries()) {
    const gas = await gasOf(as(i + 1).deal(i + 1, [...commitments], [...proof], shares));
    if (gas > deal) deal = gas;
  }
  const { finishing } = await trustees.schedule();
  await f.time.increaseTo(finishing);
  const finish = await gasOf(
    trustees.finish(
      dealings.map(({ commitments }) => [...commitments]),
      dealings.map(({ shares }) => f.ethers.keccak256(shares)),
    ),
  );
  const [made] = await trustees.queryFilter(trustees.filters.KeyMade());
  const derive = await gasOf(trustees.deriveShareKeys([...made!.args.commitments], COUNT));
  await f.openNow();
  const [opened] = await f.election.queryFilter(f.election.filters.ElectionOpened);
  const open = (await opened!.getTransactionReceipt()).gasUsed;
  const batch = await gasOf(f.castAll());
  await f.time.increaseTo(f.terms.closesAt);
  const sum = await gasOf(f.sumUp());
  const { questions: sums, weight } = sumBallots(await f.recorded(), f.questions);
  const post = async (index: number) => {
    const share = shareOf(index, THRESHOLD);
    const { x, y } = Point.BASE.multiply(share).toAffine();
    const { c1 } = sums[0]!;
    const configuration = f.configuration();
    const statement = { chainId: f.chainId, contract, configuration, question: 0n, trustee: BigInt(index), sums: c1 };
    const { partials, proof } = partialDecryption(statement, share, randomOf(`partial ${index}`));
    const words = c1.flatMap((point) => [point!.x, point!.y]);
    const gas = await gasOf(as(index).postPartial(index, 0n, configuration, [x, y], words, [...partials], [...proof]));
    return { gas, partial: { index, partials } };
  };
  const posts = [await post(1), await post(3), await post(5)];
  const partials = posts.map(({ partial }) => partial);
  const found = decodeCounts({
    question: f.questions[0]!,
    totalWeight: weight,
    sums: combinePartials(sums[0]!, partials),
  });
  const count: CountArguments = countArguments({ question: f.questions[0]!, counts: found, partials, sums: sums[0]! });
  const finalize = await gasOf(f.election.finalize(structured([count])));
  return { register, deal, finish, derive, open, batch, sum, post: posts[1]!.gas, finalize };
}
