import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

import { VotingError } from "../../src/voting/VotingError.js";
import { warmUp } from "../../src/voting/warmUp.js";
import { questionOf, statementOf } from "./ballots.js";

/** What the processor spent on the first ballots of a process, in microseconds: the clock may meet a busy machine. */
interface Times {
  readonly first: number;
  readonly second: number;
}

const sourceOf = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);

/** Makes two ballots of ten options in one group in a process that made none before. */
async function firstBallots(isWarm: boolean): Promise<Times> {
  const code = `
    const { prepareBallot } = await import(${sourceOf("../../src/voting/prepareBallot.ts")});
    const { warmUp } = await import(${sourceOf("../../src/voting/warmUp.ts")});
    const { questionOf, SECRET, statementOf, voteOf } = await import(${sourceOf("ballots.ts")});
    const statement = statementOf([questionOf(10)]);
    const request = { statement, votes: [voteOf(questionOf(10), 1)], secret: SECRET };
    if (${String(isWarm)}) await warmUp(statement);
    const take = () => {
      const before = process.cpuUsage();
      prepareBallot(request);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    console.log(JSON.stringify({ first: take(), second: take() }));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--import", "tsx", "--input-type=module", "--eval", code],
  ]);
  return JSON.parse(stdout) as Times;
}

describe("warmUp", function () {
  it("takes from a process's first ballot what its tables take", async () => {
    const [cold, warm] = [await firstBallots(false), await firstBallots(true)];
    expect(warm.first).to.be.lessThan(cold.first / 2);
  });

  it("takes elections of any questions, and none of wrong ones", async () => {
    const { key } = statementOf([questionOf(2)]);
    await warmUp({ questions: [questionOf(2), questionOf(32)], key });
    const refused = await warmUp({ questions: [questionOf(33)], key }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(VotingError).with.property("code", "QUESTION_INVALID");
  });
});
