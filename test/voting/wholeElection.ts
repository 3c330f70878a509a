import { AbiCoder, concat, hexlify, id, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import { NO_PROGRESS, accumulationChunks } from "../../src/voting/accumulationChunks.js";
import { ciphertextsOf } from "../../src/voting/ballotBytes.js";
import { countArguments } from "../../src/voting/countArguments.js";
import { Point } from "../../src/voting/curve.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";
import { buildRoll, rollProof } from "../../src/voting/election/roll.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { partialDecryption } from "../../src/voting/partialDecryption.js";
import type { PreparedBallot } from "../../src/voting/prepareBallot.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { Election__factory, Trustees__factory } from "../../src/typechain/index.js";
import { ballotOf, ORDER, questionOf, statementOf, voteOf } from "./ballots.js";
import { deployElectionCode } from "./deployElectionCode.js";
import { packQuestions, type Signer } from "./electionFixture.js";

const PERIODS = { ceremony: 100n, opening: 1_000n, voting: 10_000n, tally: 5_000n } as const;
const THRESHOLD = 2;
const WEIGHTS = [1n, 1n, 2n, 1n, 1n];
/** One in one group; one in two groups whose last two options are blank. */
const QUESTIONS = [questionOf(3), questionOf(4, { groups: 2 })];
const BLANKS = [0n, 2n];

const mod = (value: bigint) => ((value % ORDER) + ORDER) % ORDER;
const scalar = (name: string) => BigInt(id(name)) % ORDER;
const wordsOf = (point: InstanceType<typeof Point>) => {
  const { x, y } = point.toAffine();
  return [x, y];
};
const hashWords = (words: readonly bigint[]) => keccak256(concat(words.map((word) => toBeHex(word, 32))));

/**
 * A whole election on a chain of its own, with real trustees: trustee 1 complains of dealer 2, who is silent and out, and of
 * dealer 3, who answers; voter 0 casts twice; voter 4 opens a ballot for audit before casting another.
 */
export async function wholeElection() {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const { time } = networkHelpers;
  const [deployer, one, two, three, ...people] = (await ethers.getSigners()) as [
    Signer,
    Signer,
    Signer,
    Signer,
    ...Signer[],
  ];
  const holders = [one, two, three];
  const entries = WEIGHTS.map((weight, i) => ({ slotKey: id(`voter ${i}`), voter: people[i]!.address, weight }));
  const roll = buildRoll(entries, { minimum: 0, allowSmallClasses: true });

  const { implementation } = await deployElectionCode(ethers);
  const implementations = [
    await implementation.getAddress(),
    await (await ethers.deployContract("Trustees")).getAddress(),
  ];
  const maker = await ethers.deployContract("WholeElectionMaker");
  const createdAt = BigInt(await time.latest()) + 10n;
  const opensAt = createdAt + PERIODS.opening;
  const terms = {
    questions: packQuestions(QUESTIONS),
    roll: roll.root,
    opensAt,
    closesAt: opensAt + PERIODS.voting,
    blanks: BLANKS.reduce((packed, count, q) => packed | (count << BigInt(8 * q)), 0n),
    texts: ZeroHash,
    commission: ZeroHash,
    trustees: ZeroAddress,
    gate: ZeroAddress,
    gateScope: ZeroHash,
    gateFreeze: 0n,
    challengePeriod: 100n,
    tallyPeriod: PERIODS.tally,
    longestExtension: 0n,
    minimumBallots: 2n,
    mostExtensions: 0n,
    quorum: 1n,
    hasPaper: false,
  };
  await time.setNextBlockTimestamp(createdAt);
  const made = await maker.getFunction("make").send(
    ...implementations,
    terms,
    [holders.map(({ address }) => address), THRESHOLD, ...Array.from({ length: 4 }, () => PERIODS.ceremony)],
    QUESTIONS.map((_, q) => [q, "en", id(`text ${q}`)]),
    [deployer.address],
    [roll.root, entries.length, roll.weight, serializeRoll(entries).hash],
  );
  const receipt = (await made.wait())!;
  const created = receipt.logs.find(({ topics }) => topics.length === 4)!;
  const [address, trusteesAddress] = [1, 2].map((i) => ethers.getAddress(`0x${created.topics[i]!.slice(26)}`));
  const election = Election__factory.connect(address!, deployer);
  const trustees = Trustees__factory.connect(trusteesAddress!, deployer);
  const { chainId } = await ethers.provider.getNetwork();

  // The ceremony.
  const polynomials = holders.map((_, d) => Array.from({ length: THRESHOLD }, (_, k) => scalar(`a ${d} ${k}`)));
  const commitments = polynomials.map((own) => own.flatMap((a) => wordsOf(Point.BASE.multiply(a))));
  const evaluate = (d: number, i: number) =>
    mod(polynomials[d]!.reduce((sum, a, k) => sum + a * BigInt(i) ** BigInt(k), 0n));
  const shares = holders.map((_, d) => hexlify(Uint8Array.from({ length: 81 * 2 }, (_, i) => (i + d) % 256)));
  for (const [i, holder] of holders.entries()) {
    const [x, y] = wordsOf(Point.BASE.multiply(scalar(`encryption ${i}`))) as [bigint, bigint];
    await trustees.connect(holder).registerKey(i + 1, x, y);
  }
  for (const [d, holder] of holders.entries()) {
    const r = scalar(`r ${d}`);
    const address_ = `0x${hashWords(wordsOf(Point.BASE.multiply(r))).slice(26)}`;
    const encoded = AbiCoder.defaultAbiCoder().encode(
      [
        "bytes32",
        "uint256",
        "address",
        "uint32",
        "uint8",
        "address",
        "uint256",
        "uint256",
        "bytes32",
        "bytes32",
        "address",
      ],
      [
        ...[id("diwan/possession/v1"), chainId, trusteesAddress, 0, d + 1, holder.address, holders.length, THRESHOLD],
        ...[hashWords(commitments[d]!), keccak256(shares[d]!), address_],
      ],
    );
    const c = BigInt(keccak256(encoded)) % ORDER;
    const z = mod(r + c * polynomials[d]![0]!);
    await trustees.connect(holder).deal(d + 1, commitments[d]!, [c, z], shares[d]!);
  }
  const complaintsAt = BigInt(await time.latest());
  for (const d of [1, 2]) await trustees.connect(one).complain(1, d + 1, hashWords(commitments[d]!), shares[d]!);
  await time.increaseTo(complaintsAt + PERIODS.ceremony);
  await trustees.connect(three).reveal(3, 1, evaluate(2, 1), commitments[2]!, keccak256(shares[2]!));
  await time.increaseTo(complaintsAt + 2n * PERIODS.ceremony);
  const qualified = [0, 2];
  await trustees.finish(
    qualified.map((d) => commitments[d]!),
    qualified.map((d) => keccak256(shares[d]!)),
  );
  const sums = Array.from({ length: THRESHOLD }, (_, k) =>
    wordsOf(Point.BASE.multiply(mod(qualified.reduce((sum, d) => sum + polynomials[d]![k]!, 0n)))),
  ).flat();
  await trustees.deriveShareKeys(sums, 2);
  await trustees.deriveShareKeys(sums, 3);
  const secrets = holders.map((_, i) => mod(qualified.reduce((sum, d) => sum + evaluate(d, i + 1), 0n)));

  // Voting.
  await election.open();
  const configuration = await election.configuration();
  await time.increaseTo(opensAt);
  const key = { x: sums[0]!, y: sums[1]! };
  const publicKey = { x: key.x, parity: key.y & 1n };
  const statement = (voter: number) => {
    const { slotKey, weight } = entries[voter]!;
    return { ...statementOf(QUESTIONS), chainId, contract: address!, configuration, key, slotKey, weight };
  };
  const seeds = entries.map((_, voter) => 10 * voter + 1);
  const last = new Map<number, PreparedBallot>();
  const cast = async (voter: number, seed: number) => {
    const prepared = ballotOf(statement(voter), seed);
    const { slotKey, weight } = entries[voter]!;
    const { hints } = foldHints([{ statement: statement(voter), bytes: prepared.bytes }]);
    const proof = rollProof(roll, slotKey);
    await election.connect(people[voter]).cast(publicKey, slotKey, weight, proof, prepared.bytes, hints);
    last.set(voter, prepared);
  };
  await cast(0, 777);
  const audited = ballotOf(statement(4), 99);
  await election.commitBallot(entries[4]!.slotKey, audited.ballotHash);
  const opening = audited.openings;
  const bits = opening.map(({ vote }) => vote.reduce((set, chosen, j) => set | (chosen ? 1n << BigInt(j) : 0n), 0n));
  const ciphertexts = ciphertextsOf(audited.bytes, QUESTIONS);
  await election.spoil(
    publicKey,
    entries[4]!.slotKey,
    1n,
    Array.from({ length: ciphertexts.length / 32 }, (_, i) =>
      BigInt(hexlify(ciphertexts.subarray(32 * i, 32 * i + 32))),
    ),
    opening.flatMap(({ randomness }) => [...randomness]),
    bits,
  );
  for (const [voter, seed] of seeds.entries()) await cast(voter, seed);

  // Count.
  await time.increaseTo(terms.closesAt);
  const recorded: RecordedBallot[] = entries.map(({ slotKey, weight }, voter) => {
    return { slotKey, weight, ciphertexts: ciphertextsOf(last.get(voter)!.bytes, QUESTIONS) };
  });
  for (const { progress, entries: chunk } of accumulationChunks({ questions: QUESTIONS, ballots: recorded, size: 3 })) {
    await election.accumulate(
      progress === NO_PROGRESS ? { ...NO_PROGRESS, sums: [] } : { ...progress, sums: [...progress.sums] },
      chunk,
    );
  }
  const total = sumBallots(recorded, QUESTIONS);
  const partials = QUESTIONS.map(() => [] as { index: number; partials: readonly bigint[] }[]);
  for (const q of QUESTIONS.keys()) {
    const { c1 } = total.questions[q]!;
    for (const i of [0, 2]) {
      const trustee = BigInt(i + 1);
      const of = { chainId, contract: trusteesAddress!, configuration, question: BigInt(q), trustee, sums: c1 };
      const own = partialDecryption(of, secrets[i]!);
      const [x, y] = wordsOf(Point.BASE.multiply(secrets[i]!)) as [bigint, bigint];
      const sumWords = c1.flatMap((point) => [point!.x, point!.y]);
      await trustees
        .connect(holders[i])
        .postPartial(trustee, q, configuration, [x, y], sumWords, [...own.partials], [...own.proof]);
      partials[q]!.push({ index: i + 1, partials: own.partials });
    }
  }
  const counts = QUESTIONS.map((question, q) =>
    Array.from({ length: question.options }, (_, j) =>
      entries.reduce((sum, { weight }, voter) => sum + (voteOf(question, seeds[voter]! + q)[j] ? weight : 0n), 0n),
    ),
  );
  await election.finalize(
    QUESTIONS.map((question, q) => {
      const made_ = countArguments({ question, counts: counts[q]!, partials: partials[q]!, sums: total.questions[q]! });
      const plain = made_.partials.map(({ index, partials: own }) => ({ index, partials: [...own] }));
      return { counts: [...made_.counts], partials: plain, sums: [...made_.sums], hints: [...made_.hints] };
    }),
  );
  /** The hash and the bytes of a voter's ballot for another contract. */
  const foreignBallot = (voter: number): [string, string] => {
    const { bytes, ballotHash } = ballotOf({ ...statement(voter), contract: trusteesAddress! }, 5);
    return [ballotHash, hexlify(bytes)];
  };
  return {
    foreignBallot,
    ethers,
    address: address!,
    trustees: trusteesAddress!,
    maker: await maker.getAddress(),
    entries,
    counts,
  };
}
