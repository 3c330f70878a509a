import { type ContractTransactionResponse, ZeroAddress } from "ethers";
import { network } from "hardhat";

import { CEREMONY_PHASES } from "../../src/voting/ceremony/ceremonyPhase.js";
import type { CeremonyRound } from "../../src/voting/ceremony/ceremonyRound.js";
import { type Dealing, dealShares } from "../../src/voting/ceremony/dealShares.js";
import { newPolynomial } from "../../src/voting/ceremony/newPolynomial.js";
import type { PossessionStatement } from "../../src/voting/ceremony/possessionChallenge.js";
import { type CurvePoint, Point } from "../../src/voting/curve.js";
import { type Trustees, Trustees__factory } from "../../src/typechain/index.js";

type Connection = Awaited<ReturnType<typeof network.create>>;
type Signer = Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number];

/** Seconds of the tests' ceremonies. */
export const PERIODS = { registration: 100n, dealing: 200n, complaints: 300n, answers: 400n } as const;

/** The number of each phase, by name. */
export const PHASE = Object.fromEntries(CEREMONY_PHASES.map((name, i) => [name, BigInt(i)])) as Record<
  (typeof CEREMONY_PHASES)[number],
  bigint
>;

/** A point's coordinates as the contract takes them, two zeros for infinity. */
export function wordsOf(point: CurvePoint | undefined): [bigint, bigint] {
  return point === undefined ? [0n, 0n] : [point.x, point.y];
}

/** The gas of a whole transaction. */
export async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

/** Whose ceremony it is, and who carries what anyone may. */
interface CeremonyOf {
  readonly ethers: Connection["ethers"];
  readonly time: Connection["networkHelpers"]["time"];
  readonly trustees: Trustees;
  /** The trustees' accounts, in the order of their indices. */
  readonly signers: readonly Signer[];
  readonly threshold: number;
  readonly stranger: Signer;
}

/** Trustees of an election that an account stands for, before anybody registered. */
export async function ceremonyFixture({ n = 3, t = 2, isBound = true } = {}) {
  const { ethers, networkHelpers } = await network.create();
  const { time } = networkHelpers;
  const [election, stranger, ...people] = (await ethers.getSigners()) as [Signer, Signer, ...Signer[]];
  const signers = people.slice(0, n);
  const maker = await ethers.deployContract("TrusteesMaker");
  const terms = {
    trustees: signers.map(({ address }) => address),
    threshold: t,
    registrationPeriod: PERIODS.registration,
    dealingPeriod: PERIODS.dealing,
    complaintPeriod: PERIODS.complaints,
    answerPeriod: PERIODS.answers,
  };
  const make = async (change: Partial<typeof terms> = {}, named = isBound ? election.address : ZeroAddress) => {
    const receipt = await (
      (await maker.getFunction("make")({ ...terms, ...change }, named)) as ContractTransactionResponse
    ).wait();
    const address = maker.interface.parseLog(receipt!.logs.at(-1)!)!.args[0] as string;
    return Trustees__factory.connect(address, election);
  };
  const trustees = await make();
  const acts = await ceremonyActs({ ethers, time, trustees, signers, threshold: t, stranger });
  return { ethers, time, election, stranger, signers, trustees, terms, make, ...acts };
}

/** What trustees do, each step of a ceremony apart, with keys of the tests. */
export async function ceremonyActs({ ethers, time, trustees, signers, threshold: t, stranger }: CeremonyOf) {
  const n = signers.length;
  const contract = await trustees.getAddress();
  const { chainId } = await ethers.provider.getNetwork();

  /** The contract as a trustee calls it; indices count from 1. */
  const as = (index: number): Trustees => trustees.connect(signers[index - 1]);
  const keys = Array.from({ length: n }, (_, i) => 1_000n + BigInt(i));
  const everyone = Array.from({ length: n }, (_, i) => i + 1);
  const roundOf = async (): Promise<CeremonyRound> => ({ chainId, contract, round: Number(await trustees.round()) });
  const statementOf = async (dealer: number): Promise<PossessionStatement> => {
    const { address } = signers[dealer - 1]!;
    return { round: await roundOf(), dealer, address, trustees: n, threshold: t };
  };
  const keyOf = (index: number) => ({ trustee: index, key: Point.BASE.multiply(keys[index - 1]!).toAffine() });

  const register = async (indices: readonly number[] = everyone): Promise<void> => {
    for (const index of indices) await as(index).registerKey(index, ...wordsOf(keyOf(index).key));
  };
  /** A dealing of a polynomial, a random one if left out; not sent. */
  const dealing = async (
    dealer: number,
    { polynomial, registered = everyone }: { polynomial?: readonly bigint[]; registered?: readonly number[] } = {},
  ) => {
    const coefficients =
      polynomial ?? newPolynomial({ round: await roundOf(), dealer, threshold: t, secret: keys[dealer - 1]! });
    const dealt = await dealShares(await statementOf(dealer), coefficients, registered.map(keyOf));
    return { ...dealt, polynomial: coefficients };
  };
  const send = (dealer: number, { commitments, proof, shares }: Dealing) =>
    as(dealer).deal(dealer, [...commitments], [...proof], shares);
  const dealAll = async (indices: readonly number[] = everyone, registered: readonly number[] = everyone) => {
    const dealt = new Map<number, Awaited<ReturnType<typeof dealing>>>();
    for (const index of indices) {
      const own = await dealing(index, { registered });
      await send(index, own);
      dealt.set(index, own);
    }
    return dealt;
  };
  const finish = (dealings: Iterable<Dealing>) => {
    const all = [...dealings];
    const hashes = all.map(({ shares }) => ethers.keccak256(shares));
    return trustees.connect(stranger).finish(
      all.map(({ commitments }) => [...commitments]),
      hashes,
    );
  };
  const passTo = async (phase: "dealing" | "complaints" | "answers" | "finishing") => {
    await time.increaseTo((await trustees.schedule())[phase]);
  };
  return {
    ...{ contract, chainId, as, keys, everyone, keyOf },
    ...{ roundOf, statementOf, register, dealing, send, dealAll, finish, passTo },
  };
}
