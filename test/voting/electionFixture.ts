import { AbiCoder, getBytes, id, keccak256, solidityPackedKeccak256, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  electionDomain,
  electionTypedData,
  type ElectionMessages,
} from "../../src/voting/election/electionTypedData.js";
import { buildRoll, rollLeaf, rollProof, type RollEntry } from "../../src/voting/election/roll.js";
import { ciphertextsOf, hashBallot } from "../../src/voting/ballotBytes.js";
import { accumulationChunks } from "../../src/voting/accumulationChunks.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { type CountArguments, countArguments } from "../../src/voting/countArguments.js";
import { decodeCounts } from "../../src/voting/decodeCounts.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import { foldHints } from "../../src/voting/foldHints.js";
import type { PreparedBallot } from "../../src/voting/prepareBallot.js";
import type { Question } from "../../src/voting/question.js";
import type { BallotStatement } from "../../src/voting/statement.js";
import { Election__factory, type IElection } from "../../src/typechain/index.js";
import { deployElectionCode } from "./deployElectionCode.js";
import { ballotOf, questionOf, statementOf } from "./ballots.js";
import { partialsOf } from "./tallies.js";

type Connection = Awaited<ReturnType<typeof network.create>>;
export type Signer = Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number];

/** What a test may change of an election's terms. */
type Terms = {
  [K in keyof IElection.TermsStruct]: K extends Bytes | Addresses ? string : K extends "hasPaper" ? boolean : bigint;
};
type Bytes = "roll" | "texts" | "commission" | "gateScope";
type Addresses = "trustees" | "gate";
type TermsChange = Partial<Terms>;

/** The states of an election, by name. */
export const STATE = {
  SETUP: 0n,
  KEY_CEREMONY: 1n,
  OPEN: 2n,
  CLOSED: 3n,
  TALLYING: 4n,
  FINAL: 5n,
  ANNULLED: 6n,
  FAILED: 7n,
} as const;

/** Why a ballot of a batch is skipped. */
export const SKIPPED = {
  SIGNATURE_EXPIRED: 0n,
  SLOT_CHANGED: 1n,
  SIGNATURE_INVALID: 2n,
  NOT_ON_ROLL: 3n,
  BALLOT_SPOILED: 4n,
} as const;

/** Seconds of the tests' elections. */
export const PERIODS = { challenge: 100n, opening: 1_000n, voting: 10_000n, tally: 5_000n, extension: 2_000n } as const;

/** What packs questions into a word, as the factory does. */
export function packQuestions(questions: readonly Question[]): bigint {
  return questions.reduce((packed, { options, groups, selections }, i) => {
    const bits = BigInt(options - 1) | (BigInt(groups - 1) << 5n) | (BigInt(selections) << 10n);
    return packed | (bits << (16n * BigInt(i)));
  }, 0n);
}

const TERMS =
  "tuple(uint256,bytes32,uint40,uint40,uint256,bytes32,bytes32,address,address,bytes32,uint40,uint32,uint32,uint32,uint32,uint8,uint8,bool)";

/** The hash of what an election fixed, as its interface says: of terms, roll, and key. */
export function configurationOf(terms: readonly unknown[], roll: string, key: { x: bigint; y: bigint }): string {
  const coder = AbiCoder.defaultAbiCoder();
  const setup = keccak256(coder.encode([TERMS], [terms]));
  return keccak256(coder.encode(["bytes32", "bytes32", "uint256", "uint256"], [setup, roll, key.x, key.y & 1n]));
}

/** Counts as typechain takes them: arrays that may be written. */
export function structured(counts: readonly CountArguments[]): IElection.CountStruct[] {
  return counts.map(({ counts: found, partials, sums, hints }) => ({
    counts: [...found],
    partials: partials.map(({ index, partials: words }) => ({ index, partials: [...words] })),
    sums: [...sums],
    hints: [...hints],
  }));
}

/**
 * An election with stand-ins for its trustees: their key is the tests' own, and any sum counts as opened. `weights` gives the
 * roll, an entry a weight, for accounts from the fifth on.
 */
export async function electionFixture({
  questions = [questionOf(2)],
  weights = [1n],
  terms: change = {},
  isOpen = true,
  hasWallet = false,
  isWeightless = false,
  makeTrustees,
}: {
  questions?: readonly Question[];
  weights?: readonly bigint[];
  terms?: TermsChange;
  isOpen?: boolean;
  /** Whether the first voter is an ERC-1271 wallet. */
  hasWallet?: boolean;
  /** Whether the roll gives the first voter no weight, as no honest one does. */
  isWeightless?: boolean;
  /** Makes trustees in the place of the stand-ins; they are bound to the election afterwards. */
  makeTrustees?: (connection: Connection) => Promise<string>;
} = {}) {
  // The same time in each run, since all that is hashed costs what its zeros make it cost.
  const connection = await network.create({ override: { initialDate: "2026-01-01T00:00:00Z" } });
  const { ethers, networkHelpers } = connection;
  const { time } = networkHelpers;
  const signers = await ethers.getSigners();
  const [deployer, a, b, c, stranger, ...people] = signers as [Signer, Signer, Signer, Signer, Signer, ...Signer[]];
  const members = [a, b, c];
  // Beyond the chain's own accounts voters can only sign.
  const signerOf = (voter: number) => people[voter] ?? new Wallet(id(`account of voter ${voter}`), ethers.provider);
  const wallet = hasWallet ? await ethers.deployContract("Wallet", [signerOf(0).address]) : undefined;
  const addressOf = async (i: number) => (i === 0 && wallet !== undefined ? wallet.getAddress() : signerOf(i).address);
  const entries: RollEntry[] = await Promise.all(
    weights.map(async (weight, i) => ({ slotKey: id(`voter ${i}`), voter: await addressOf(i), weight })),
  );
  const roll = buildRoll(entries, { minimum: 0, allowSmallClasses: true });
  // The library makes no such roll: a tree of one leaf is the leaf.
  const root = isWeightless ? rollLeaf({ ...entries[0]!, weight: 0n }) : roll.root;

  const { key } = statementOf(questions);
  const trustees = await ethers.deployContract("TrusteesDouble", [key.x, key.y]);
  const { opening, commission, tally, implementation } = await deployElectionCode(ethers);
  const maker = await ethers.deployContract("ElectionMaker");
  const createdAt = BigInt(await time.latest()) + 10n;
  const opensAt = createdAt + PERIODS.opening;
  const terms: Terms = {
    questions: packQuestions(questions),
    roll: root,
    opensAt,
    closesAt: opensAt + PERIODS.voting,
    blanks: 0n,
    texts: id("texts"),
    commission: solidityPackedKeccak256(["uint256[]"], [members.map(({ address }) => BigInt(address))]),
    trustees: makeTrustees === undefined ? await trustees.getAddress() : await makeTrustees(connection),
    gate: ZeroAddress,
    gateScope: ZeroHash,
    gateFreeze: 0n,
    challengePeriod: PERIODS.challenge,
    tallyPeriod: PERIODS.tally,
    longestExtension: PERIODS.extension,
    minimumBallots: 2n,
    mostExtensions: 2n,
    quorum: 2n,
    hasPaper: false,
    ...change,
  };
  await time.setNextBlockTimestamp(createdAt);
  const made = await maker.getFunction("make").send(await implementation.getAddress(), terms);
  const [log] = (await made.wait())!.logs;
  const address = maker.interface.parseLog(log!)!.args[0] as string;
  const election = Election__factory.connect(address, stranger);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = electionDomain(chainId, address);

  const publicKey = { x: key.x, parity: key.y & 1n };
  let published: string | undefined;

  /** Freezes the election once the roll was public long enough, and goes to the opening. */
  const openNow = async () => {
    const [, , publishedAt] = await election.roll();
    const from = publishedAt + terms.challengePeriod;
    if (BigInt(await time.latest()) < from) await time.setNextBlockTimestamp(from);
    await election.open();
    await time.increaseTo(terms.opensAt);
  };
  if (isOpen) await openNow();
  const configuration = () => configurationOf(Object.values(terms), published ?? terms.roll, key);

  const statement = (voter: number, with_: Partial<BallotStatement> = {}): BallotStatement => {
    const { slotKey, weight } = entries[voter]!;
    return {
      ...statementOf(questions),
      chainId,
      contract: address,
      configuration: configuration(),
      slotKey,
      weight,
      ...with_,
    };
  };
  const ballot = (voter: number, seed = 1): PreparedBallot => ballotOf(statement(voter), seed);
  const hintsOf = (bytes: Uint8Array, of: BallotStatement) => foldHints([{ statement: of, bytes }]).hints;

  /** What a slot holds of a ballot, whatever it proves. */
  const hashOf = (bytes: Uint8Array, weight: bigint) => hashBallot(bytes, questions, weight);

  /** What a voter sends to cast directly. */
  const castArguments = (voter: number, { bytes }: PreparedBallot) => {
    const { slotKey, weight } = entries[voter]!;
    return [publicKey, slotKey, weight, rollProof(roll, slotKey), bytes, hintsOf(bytes, statement(voter))] as const;
  };
  const cast = (voter: number, prepared: PreparedBallot) => {
    return election.connect(signerOf(voter)).cast(...castArguments(voter, prepared));
  };

  /** A ballot as its voter signs it. */
  const signed = async (
    voter: number,
    { bytes, ballotHash }: PreparedBallot,
    { replaces = ZeroHash, deadline = 2n ** 40n - 1n, by = signerOf(voter) } = {},
  ): Promise<IElection.SignedBallotStruct> => {
    const { slotKey, weight } = entries[voter]!;
    const data = electionTypedData(domain, "Ballot", { slotKey, ballotHash, replaces, deadline });
    const signature = await by.signTypedData(data.domain, data.types, data.message);
    const proof = rollProof(roll, slotKey);
    return {
      slotKey,
      voter: entries[voter]!.voter,
      weight,
      proof,
      evidence: "0x",
      replaces,
      deadline,
      signature,
      ballot: bytes,
    };
  };
  /** The hints of a batch, all of whose proofs are right. */
  const batchHints = (batch: readonly IElection.SignedBallotStruct[]) => {
    return foldHints(
      batch.map(({ slotKey, weight, ballot: bytes }) => ({
        statement: statement(0, { slotKey: String(slotKey), weight: BigInt(weight) }),
        bytes: bytes as Uint8Array,
      })),
    ).hints;
  };

  /** A decision of the commission, signed by members of given places. */
  const decision = async <T extends keyof ElectionMessages>(
    type: T,
    message: ElectionMessages[T],
    by: readonly number[] = [0, 1],
  ) => {
    const data = electionTypedData(domain, type, message);
    const signatures = await Promise.all(
      by.map(async (member) => ({
        member,
        signature: await members[member]!.signTypedData(data.domain, data.types, data.message),
      })),
    );
    return [members.map((one) => one.address), signatures, message.deadline] as const;
  };

  /** The ballots that the slots hold, as events tell. */
  const recorded = async (): Promise<RecordedBallot[]> => {
    const logs = await election.queryFilter(election.filters.BallotCast);
    const last = new Map(logs.map(({ args }) => [args.slotKey, args]));
    return [...last.values()].map(({ slotKey, weight, ballot: bytes }) => {
      return { slotKey, weight, ciphertexts: ciphertextsOf(getBytes(bytes), questions) };
    });
  };
  /** Casts the first ballot of everybody on the roll. */
  const castAll = async () => {
    const batch = await Promise.all(entries.map(async (_, i) => signed(i, ballot(i))));
    return election.castBatch(publicKey, batch, batchHints(batch));
  };
  /** Sums up all ballots in one call. */
  const sumUp = async (by: Signer = stranger) => {
    const chunks = [...accumulationChunks({ questions, ballots: await recorded(), size: 1_000 })];
    const { progress, entries: bytes } = chunks[0]!;
    return election.connect(by).accumulate({ ...progress, sums: [...progress.sums] }, bytes);
  };
  /** What opens the sums: the two trustees of the threshold know shares of the tests' key. */
  const counts = async () => {
    const ballots = await recorded();
    const { questions: sums, weight } = sumBallots(ballots, questions);
    return questions.map((question, q) => {
      const partials = partialsOf(sums[q]!, [1, 3]);
      const found = decodeCounts({ question, totalWeight: weight, sums: combinePartials(sums[q]!, partials) });
      return countArguments({ question, counts: found, partials, sums: sums[q]! });
    });
  };
  /** Lets the trustees open the sums, and publishes all results. */
  const count = async () => {
    await trustees.getFunction("setPartials").send(true, true);
    return election.finalize(structured(await counts()));
  };

  /** Publishes the roll of the entries, signed by two of the commission. */
  const publishRoll = async (change: Partial<ElectionMessages["PublishRoll"]> = {}, by?: readonly number[]) => {
    const voters = entries.length;
    const message = { root: roll.root, voters, weight: roll.weight, file: id("roll file"), revision: 1 };
    const signed_ = { ...message, deadline: 2n ** 40n - 1n, ...change };
    const [list, signatures, deadline] = await decision("PublishRoll", signed_, by);
    const { root: newRoot, file, weight, revision } = signed_;
    const sent = await election.publishRoll(
      { root: newRoot, voters: signed_.voters, weight, file },
      ...([revision, list, signatures, deadline] as const),
    );
    published = newRoot;
    return sent;
  };

  return {
    ...{ connection, ethers, networkHelpers, time, deployer, members, stranger, people, signerOf },
    ...{ questions, entries, roll, trustees, implementation, maker, election, address, terms, createdAt, domain },
    ...{
      configuration,
      statement,
      ballot,
      hashOf,
      castArguments,
      cast,
      signed,
      batchHints,
      decision,
      key,
      publicKey,
      wallet,
    },
    ...{ chainId, openNow, publishRoll, recorded, castAll, sumUp, counts, count },
    ...{ opening, commission, tally },
  };
}
