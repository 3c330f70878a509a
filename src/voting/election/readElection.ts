import { AbiCoder, keccak256 } from "ethers";

import { ask } from "../../chain/send.js";
import { type Election, Trustees__factory } from "../../typechain/index.js";
import type { CurvePoint } from "../curve.js";
import type { Question } from "../question.js";
import { VotingError } from "../VotingError.js";
import { ELECTION_STATES, type ElectionState } from "./electionState.js";
import { unpackQuestions } from "./unpackQuestions.js";

/** An election as its contract tells of it. Times are Unix seconds. */
export interface ElectionView {
  /** The chain that it is on. */
  readonly chainId: bigint;
  /** Its address. */
  readonly address: string;
  /** That of its trustees. */
  readonly trustees: string;
  readonly state: ElectionState;
  readonly questions: readonly Question[];
  /** For each question how many options at its end are blank ones. */
  readonly blanks: readonly number[];
  /** The key that ballots are encrypted to; undefined before it is frozen. */
  readonly key: CurvePoint | undefined;
  /** The hash of all that is frozen; undefined before. */
  readonly configuration: string | undefined;
  /** The roll's root. */
  readonly roll: string;
  /** The first second of voting, and the first after it. */
  readonly opensAt: bigint;
  readonly closesAt: bigint;
  /** How many voters must have cast for the sums to be opened. */
  readonly minimumBallots: number;
  /** How many have. */
  readonly turnout: number;
}

const TERMS =
  "tuple(uint256 questions, bytes32 roll, uint40 opensAt, uint40 closesAt, uint256 blanks, bytes32 texts, bytes32 commission, address trustees, address gate, bytes32 gateScope, uint40 gateFreeze, uint32 challengePeriod, uint32 tallyPeriod, uint32 longestExtension, uint32 minimumBallots, uint8 mostExtensions, uint8 quorum, bool hasPaper)";

/**
 * Reads an election. Its configuration is computed again from terms, roll and key: a node that gives one of them falsely, so that
 * ballots would be encrypted to another key, does not get past that.
 *
 * @param election Connected to a node.
 * @throws VotingError ELECTION_INCONSISTENT when what the node says does not fit together; ContractError
 * @example
 * ```ts
 * const view = await readElection(Election__factory.connect(address, provider));
 * ```
 */
export async function readElection(election: Election): Promise<ElectionView> {
  const { provider } = election.runner ?? {};
  if (provider == null) throw new VotingError("ELECTION_INCONSISTENT", "the election is not connected to a node");
  const [{ chainId }, address, terms, state, [roll], [opensAt, closesAt], turnout, configuration] = await ask(() =>
    Promise.all([
      provider.getNetwork(),
      election.getAddress(),
      election.terms(),
      election.state(),
      election.roll(),
      election.votingPeriod(),
      election.turnout(),
      election.configuration(),
    ]),
  );
  const questions = unpackQuestions(terms.questions);
  const isFrozen = BigInt(configuration) !== 0n;
  const [x, y] = isFrozen ? await ask(() => Trustees__factory.connect(terms.trustees, provider).key()) : [0n, 0n];
  if (isFrozen) {
    const coder = AbiCoder.defaultAbiCoder();
    const setup = keccak256(coder.encode([TERMS], [[...terms]]));
    const expected = keccak256(coder.encode(["bytes32", "bytes32", "uint256", "uint256"], [setup, roll, x, y & 1n]));
    if (expected !== configuration) {
      throw new VotingError("ELECTION_INCONSISTENT", "terms, roll and key are not those of the configuration");
    }
  }
  return {
    chainId,
    address,
    trustees: terms.trustees,
    state: ELECTION_STATES[Number(state)]!,
    questions,
    blanks: questions.map((_, q) => Number((terms.blanks >> (8n * BigInt(q))) & 0xffn)),
    key: isFrozen ? { x, y } : undefined,
    configuration: isFrozen ? configuration : undefined,
    roll,
    opensAt,
    closesAt,
    minimumBallots: Number(terms.minimumBallots),
    turnout: Number(turnout),
  };
}
