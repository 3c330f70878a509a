import { dealShares } from "../../src/voting/ceremony/dealShares.js";
import { modOrder, Point } from "../../src/voting/curve.js";
import { partialDecryption } from "../../src/voting/partialDecryption.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import type { Trustees } from "../../src/typechain/index.js";
import { KEY_LOGARITHM } from "./ballots.js";
import { electionFixture } from "./electionFixture.js";
import { makeTrustees } from "./makeTrustees.js";
import { scalarOf, shareOf } from "./tallies.js";

const COUNT = 3;
const THRESHOLD = 2;
const INDICES = [1, 2, 3];

/** A closed election with a ballot of everybody, and real trustees, 2 of 3, who made the tests' key. */
export async function closedFixture(
  options: Omit<Parameters<typeof electionFixture>[0] & object, "makeTrustees"> = {},
) {
  let trustees!: Trustees;
  const f = await electionFixture({
    ...options,
    isOpen: false,
    makeTrustees: async ({ ethers }) => {
      trustees = await makeTrustees(ethers, (await ethers.getSigners()).slice(-COUNT), THRESHOLD);
      return trustees.getAddress();
    },
  });
  const signers = (await f.ethers.getSigners()).slice(-COUNT);
  const as = (index: number) => trustees.connect(signers[index - 1]);
  await trustees.bind(f.address);
  const contract = await trustees.getAddress();

  const registered = INDICES.map((trustee) => {
    return { trustee, key: Point.BASE.multiply(scalarOf(`key ${trustee}`)).toAffine() };
  });
  for (const { trustee, key } of registered) await as(trustee).registerKey(trustee, key.x, key.y);
  // The first dealer makes up for the others, so that the shares are those of the tests' key.
  const polynomialOf = (dealer: number) => [0, 1].map((k) => scalarOf(`dealer ${dealer} ${k}`));
  const first = [KEY_LOGARITHM, scalarOf("coefficient 1")].map((sum, k) => {
    return modOrder(sum - polynomialOf(2)[k]! - polynomialOf(3)[k]!);
  });
  const dealings = await Promise.all(
    INDICES.map((dealer) => {
      const { address } = signers[dealer - 1]!;
      const round = { chainId: f.chainId, contract, round: 0 };
      const statement = { round, dealer, address, trustees: COUNT, threshold: THRESHOLD };
      return dealShares(statement, dealer === 1 ? first : polynomialOf(dealer), registered);
    }),
  );
  for (const [i, { commitments, proof, shares }] of dealings.entries()) {
    await as(i + 1).deal(i + 1, commitments, proof, shares);
  }
  await f.time.increaseTo((await trustees.schedule()).finishing);
  await trustees.finish(
    dealings.map(({ commitments }) => commitments),
    dealings.map(({ shares }) => f.ethers.keccak256(shares)),
  );
  const [made] = await trustees.queryFilter(trustees.filters.KeyMade());
  await trustees.deriveShareKeys([...made!.args.commitments], COUNT);
  await f.openNow();
  await f.castAll();
  await f.time.increaseTo(f.terms.closesAt);

  /** A trustee opens all questions' sums, or some. */
  const open = async (index: number, questions: readonly number[] = [...f.questions.keys()]): Promise<void> => {
    const { questions: sums } = sumBallots(await f.recorded(), f.questions);
    const share = shareOf(index, THRESHOLD);
    const { x, y } = Point.BASE.multiply(share).toAffine();
    const configuration = f.configuration();
    for (const q of questions) {
      const { c1 } = sums[q]!;
      const of = { chainId: f.chainId, contract, configuration, question: BigInt(q), trustee: BigInt(index), sums: c1 };
      const { partials, proof } = partialDecryption(of, share);
      const words = c1.flatMap((point) => [point!.x, point!.y]);
      await as(index).postPartial(index, q, configuration, [x, y], words, partials, proof);
    }
  };
  /** What the voters chose, weighted: kept aside by the tests' ballots. */
  const plainCounts = f.questions.map(({ options: count }, q) =>
    Array.from({ length: count }, (_, j) =>
      f.entries.reduce((sum, { weight }, i) => (f.ballot(i).openings[q]!.vote[j]! ? sum + weight : sum), 0n),
    ),
  );
  return { ...f, realTrustees: trustees, as, open, plainCounts };
}

/** An election whose transactions of one name fail from the n-th on, before they are sent, as when its client crashes. */
export function crashingAt<T extends object>(contract: T, name: string, nth: number): T {
  let calls = 0;
  return new Proxy(contract, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== name) return typeof value === "function" ? (value.bind(target) as unknown) : value;
      return new Proxy(value as (...values: unknown[]) => unknown, {
        apply(call, _, values: unknown[]) {
          calls += 1;
          if (calls >= nth) throw new Error("crashed");
          return call.apply(target, values);
        },
      });
    },
  });
}
