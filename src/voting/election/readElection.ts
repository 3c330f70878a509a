import { AbiCoder, type Contract, concat, keccak256, type Provider, toBeHex } from "ethers";

import { readEvents } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { Election } from "../../typechain/contracts/voting/Election.js";
import { type CurvePoint, Point } from "../curve.js";
import type { Question } from "../question.js";
import { VotingError } from "../VotingError.js";
import { ELECTION_STATES, type ElectionState } from "./electionState.js";
import { unpackQuestions } from "./unpackQuestions.js";

/** What an election fixed when it was made; as `IElection.Terms`, the questions unpacked elsewhere. Times are Unix seconds. */
export type ElectionTerms = Awaited<ReturnType<Election["terms"]>>;

/** An election as one block has it. */
export interface ReadElection {
  readonly chainId: bigint;
  /** The election's contract. */
  readonly address: string;
  /** The block that all is read at. */
  readonly block: number;
  /** That block's time, in Unix seconds. */
  readonly time: bigint;
  readonly terms: ElectionTerms;
  readonly questions: readonly Question[];
  /** How many options at the end of each question are blank ones. */
  readonly blanks: readonly number[];
  readonly state: ElectionState;
  /** Once all is frozen: the trustees' key, and the hash of all that the election fixed, computed here. */
  readonly frozen?: { readonly key: CurvePoint; readonly configuration: string };
  /** The roll's root, `ZeroHash` for none; how often it was published anew; and when it was, in Unix seconds. */
  readonly roll: { readonly root: string; readonly revision: number; readonly publishedAt: bigint };
  /** First second of voting, and the first after it. */
  readonly opensAt: bigint;
  readonly closesAt: bigint;
  /** How many voters have cast. */
  readonly turnout: number;
}

/** What an election is held against. */
export interface ReadElectionOptions {
  /** The configuration's hash from elsewhere, as the commission printed it: a node that lies throughout is noticed by it alone. */
  readonly expected?: string;
  /** A block before the opening, such as the election's own: the event of the opening is read from there and compared. */
  readonly fromBlock?: number;
}

const coder = AbiCoder.defaultAbiCoder();

/**
 * Reads an election at the newest block. The configuration's hash is computed from terms, roll and key, and compared with what
 * the contract says, so that a node that gives another key is noticed.
 *
 * @param election The election, connected to a node.
 * @param options What it is held against.
 * @throws VotingError ELECTION_CONFIGURATION when hashes, or the event of the opening, differ; ContractError
 * @example
 * ```ts
 * const read = await readElection(election, { expected: printedHash });
 * if (read.state === "OPEN") console.log(read.questions);
 * ```
 */
export async function readElection(election: Election, options: ReadElectionOptions = {}): Promise<ReadElection> {
  const provider = election.runner!.provider as Provider;
  const [{ chainId }, block, address] = [
    await provider.getNetwork(),
    (await provider.getBlock("latest"))!,
    await election.getAddress(),
  ];
  const at = { blockTag: block.number };
  const [terms, state, givenKey, configuration, roll, period, turnout] = await ask(() => {
    return Promise.all([
      election.terms(at),
      election.state(at),
      election.electionKey(at),
      election.configuration(at),
      election.roll(at),
      election.votingPeriod(at),
      election.turnout(at),
    ]);
  });
  const frozen = BigInt(configuration) === 0n ? undefined : freeze(terms, roll.root, givenKey, configuration);
  if (options.expected !== undefined && frozen?.configuration !== options.expected.toLowerCase()) {
    throw wrong(`the election is frozen as ${frozen?.configuration ?? "nothing"}, not as ${options.expected}`);
  }
  if (frozen !== undefined && options.fromBlock !== undefined) {
    await compareOpening(election, provider, frozen, { fromBlock: options.fromBlock, toBlock: block.number });
  }
  const questions = unpackQuestions(terms.questions);
  return {
    ...{ chainId, address, terms, questions, block: block.number, time: BigInt(block.timestamp) },
    blanks: questions.map((_, i) => Number((terms.blanks >> (8n * BigInt(i))) & 0xffn)),
    state: ELECTION_STATES[Number(state)]!,
    ...(frozen === undefined ? {} : { frozen }),
    roll: { root: roll.root, revision: Number(roll.revision), publishedAt: roll.publishedAt },
    ...{ opensAt: period.opensAt, closesAt: period.closesAt, turnout: Number(turnout) },
  };
}

function freeze(terms: ElectionTerms, root: string, given: { x: bigint; parity: bigint }, configuration: string) {
  const outputs = (terms as unknown as { toArray(): unknown[] }).toArray();
  const setup = keccak256(coder.encode([TERMS], [outputs]));
  const types = ["bytes32", "bytes32", "uint256", "uint256"];
  const computed = keccak256(coder.encode(types, [setup, root, given.x, given.parity]));
  if (computed !== configuration) {
    throw wrong(`terms, roll and key hash to ${computed}, while the contract has ${configuration}`);
  }
  return { key: keyOf(given), configuration };
}

const TERMS =
  "tuple(uint256,bytes32,uint40,uint40,uint256,bytes32,bytes32,address,address,bytes32,uint40,uint32,uint32,uint32,uint32,uint8,uint8,bool)";

function keyOf({ x, parity }: { x: bigint; parity: bigint }): CurvePoint {
  try {
    const compressed = concat([parity === 0n ? "0x02" : "0x03", toBeHex(x, 32)]);
    const { x: keyX, y: keyY } = Point.fromHex(compressed.slice(2)).toAffine();
    return { x: keyX, y: keyY };
  } catch (error) {
    throw new VotingError("ELECTION_CONFIGURATION", "the election's key is no point of the curve", { cause: error });
  }
}

async function compareOpening(
  election: Election,
  provider: Provider,
  { key, configuration }: NonNullable<ReadElection["frozen"]>,
  range: { fromBlock: number; toBlock: number },
): Promise<void> {
  const contract = election as unknown as Contract;
  const topics = [contract.interface.getEvent("ElectionOpened")!.topicHash];
  const logs = await readEvents(provider, { address: await election.getAddress(), topics }, range);
  const args = logs.map((log) => contract.interface.parseLog(log)!.args).at(0);
  const isSame = args?.configuration === configuration && args?.keyX === key.x && args?.keyY === key.y;
  if (!isSame) throw wrong("the event of the opening has another configuration or key");
}

function wrong(message: string): VotingError {
  return new VotingError("ELECTION_CONFIGURATION", message);
}
