import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect } from "chai";

import { VotingError } from "../../src/voting/VotingError.js";
import { warmUp } from "../../src/voting/warmUp.js";
import { questionOf, statementOf } from "./ballots.js";

/** What the first ballots of a process took, in milliseconds. */
interface Times {
  /** By the clock, and by what the processor spent on it. */
  readonly first: { readonly clock: number; readonly processor: number };
  readonly second: { readonly clock: number; readonly processor: number };
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
      const [clock, processor] = [performance.now(), process.cpuUsage()];
      prepareBallot(request);
      const { user, system } = process.cpuUsage(processor);
      return { clock: performance.now() - clock, processor: (user + system) / 1_000 };
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
    // The clock may meet a busy machine.
    expect(cold.first.clock).to.be.lessThan(5_000);
    expect(warm.first.clock).to.be.lessThan(1_000);
    expect(warm.first.processor).to.be.lessThan(cold.first.processor / 2);
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
