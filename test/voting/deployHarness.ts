import type { network } from "hardhat";

import type { Question } from "../../src/voting/question.js";
import type { BallotStatement } from "../../src/voting/statement.js";
import { statementOf } from "./ballots.js";

type Ethers = Awaited<ReturnType<typeof network.create>>["ethers"];

/** A contract that casts ballots as an election does, for whoever asks. */
export interface Harness {
  readonly contract: Awaited<ReturnType<Ethers["deployContract"]>>;
  /** A statement about its questions. */
  readonly statement: (change?: Partial<Omit<BallotStatement, "questions">>) => BallotStatement;
}

/** Deploys a harness that asks some questions, with the tests' key and configuration. */
export async function deployHarness(ethers: Ethers, questions: readonly Question[]): Promise<Harness> {
  const { configuration, key } = statementOf(questions);
  const asked = questions.map(({ options, selections, groups, approval }) => [options, selections, groups, approval]);
  const contract = await ethers.deployContract("BallotHarness", [configuration, key.x, key.y, asked]);
  const address = await contract.getAddress();
  return { contract, statement: (change) => statementOf(questions, { contract: address, ...change }) };
}
