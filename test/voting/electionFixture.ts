import { AbiCoder, id, keccak256, solidityPackedKeccak256, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  electionDomain,
  electionTypedData,
  type ElectionMessages,
} from "../../src/voting/election/electionTypedData.js";
import { buildRoll, rollProof, type RollEntry } from "../../src/voting/election/roll.js";
import { foldHints } from "../../src/voting/foldHints.js";
import type { PreparedBallot } from "../../src/voting/prepareBallot.js";
import type { Question } from "../../src/voting/question.js";
import type { BallotStatement } from "../../src/voting/statement.js";
import { Election__factory, type IElection } from "../../src/typechain/index.js";
import { ballotOf, questionOf, statementOf } from "./ballots.js";

type Connection = Awaited<ReturnType<typeof network.create>>;
export type Signer = Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number];

/** What a test may change of an election's terms. */
type TermsChange = Partial<IElection.TermsStruct>;

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

/**
 * An election with stand-ins for its trustees: their key is the tests' own, and any sum counts as opened. `weights` gives the
 * roll, an entry a weight, for accounts from the fifth on.
 */
export async function electionFixture({
  questions = [questionOf(2)],
  weights = [1n],
  terms: change = {},
  isOpen = true,
}: {
  questions?: readonly Question[];
  weights?: readonly bigint[];
  terms?: TermsChange;
  isOpen?: boolean;
} = {}) {
  const connection = await network.create();
  const { ethers, networkHelpers } = connection;
  const { time } = networkHelpers;
  const signers = await ethers.getSigners();
  const [deployer, a, b, c, stranger, ...people] = signers as [Signer, Signer, Signer, Signer, Signer, ...Signer[]];
  const members = [a, b, c];
  // Beyond the chain's own accounts voters can only sign.
  const signerOf = (voter: number) => people[voter] ?? new Wallet(id(`account of voter ${voter}`), ethers.provider);
  const entries: RollEntry[] = weights.map((weight, i) => ({
    slotKey: id(`voter ${i}`),
    voter: signerOf(i).address,
    weight,
  }));
  const roll = buildRoll(entries, { minimum: 0, allowSmallClasses: true });

  const { key } = statementOf(questions);
  const trustees = await ethers.deployContract("TrusteesDouble", [key.x, key.y]);
  const libraries: Record<string, string> = {};
  for (const name of ["BallotOpening", "Commission", "Tally"]) {
    libraries[`project/contracts/voting/${name}.sol:${name}`] = await (await ethers.deployContract(name)).getAddress();
  }
  const implementation = await ethers.deployContract("Election", [], { libraries });
  const maker = await ethers.deployContract("ElectionMaker");
  const createdAt = BigInt(await time.latest()) + 10n;
  const opensAt = createdAt + PERIODS.opening;
  const terms = {
    questions: packQuestions(questions),
    roll: roll.root,
    opensAt,
    closesAt: opensAt + PERIODS.voting,
    blanks: 0n,
    texts: id("texts"),
    commission: solidityPackedKeccak256(["uint256[]"], [members.map(({ address }) => BigInt(address))]),
    trustees: await trustees.getAddress(),
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
  } satisfies IElection.TermsStruct;
  await time.setNextBlockTimestamp(createdAt);
  const made = await maker.getFunction("make").send(await implementation.getAddress(), terms);
  const [log] = (await made.wait())!.logs;
  const address = maker.interface.parseLog(log!)!.args[0] as string;
  const election = Election__factory.connect(address, stranger);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = electionDomain(chainId, address);

  if (isOpen) {
    await time.setNextBlockTimestamp(createdAt + BigInt(terms.challengePeriod));
    await election.open();
    await time.increaseTo(BigInt(terms.opensAt));
  }
  const publicKey = { x: key.x, parity: key.y & 1n };
  const configuration = configurationOf(Object.values(terms), String(terms.roll), key);

  const statement = (voter: number, with_: Partial<BallotStatement> = {}): BallotStatement => {
    const { slotKey, weight } = entries[voter]!;
    return { ...statementOf(questions), chainId, contract: address, configuration, slotKey, weight, ...with_ };
  };
  const ballot = (voter: number, seed = 1): PreparedBallot => ballotOf(statement(voter), seed);
  const hintsOf = (bytes: Uint8Array, of: BallotStatement) => foldHints([{ statement: of, bytes }]).hints;

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
    { replaces = ZeroHash, deadline = 2n ** 40n - 1n, by = signerOf(voter) as Pick<Signer, "signTypedData"> } = {},
  ): Promise<IElection.SignedBallotStruct> => {
    const { slotKey, weight } = entries[voter]!;
    const data = electionTypedData(domain, "Ballot", { slotKey, ballotHash, replaces, deadline });
    const signature = await by.signTypedData(data.domain, data.types, data.message);
    const proof = rollProof(roll, slotKey);
    const who = signerOf(voter).address;
    return { slotKey, voter: who, weight, proof, evidence: "0x", replaces, deadline, signature, ballot: bytes };
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

  return {
    ...{ connection, ethers, networkHelpers, time, deployer, members, stranger, people, signerOf },
    ...{
      questions,
      entries,
      roll,
      trustees,
      implementation,
      maker,
      election,
      address,
      terms,
      createdAt,
      domain,
      chainId,
    },
    ...{ configuration, statement, ballot, castArguments, cast, signed, batchHints, decision, key, publicKey },
  };
}
