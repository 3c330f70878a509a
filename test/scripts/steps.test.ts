import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { CannotRun, runSteps } from "../../scripts/tooling/steps.js";

/** Runs steps and hands back what they printed. */
async function run(ci: boolean, ...steps: (() => Promise<string[]>)[]): Promise<{ ok: boolean; printed: string }> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    const ok = await runSteps(
      steps.map((step, index) => ({ name: `step ${index}`, run: step })),
      ci,
    );
    return { ok, printed: lines.join("\n") };
  } finally {
    console.log = log;
  }
}

const pass = async () => [];
const fail = async () => ["line 7 is wrong"];
const crash = () => Promise.reject(new Error("it broke"));
const cannot = () => Promise.reject(new CannotRun("no Python"));

describe("runSteps", function () {
  it("is true when every step passes", async function () {
    const { ok, printed } = await run(true, pass, pass);
    expect(ok).to.equal(true);
    expect(printed).to.include("Checks: 2 passed");
  });

  it("goes on after a failure and lists each at the end", async function () {
    const { ok, printed } = await run(true, fail, crash, pass);
    expect(ok).to.equal(false);
    expect(printed).to.match(/passed {2}step 2[^]*── step 0\nline 7 is wrong\n\n── step 1\nit broke/);
    expect(printed).to.include("Checks: 1 passed, 2 failed");
  });

  it("runs steps that are apart at the same time, and the others before and after them", async function () {
    const order: string[] = [];
    const step = (name: string, isApart: boolean) => ({
      ...{ name, isApart },
      run: async () => {
        order.push(`${name} begins`);
        await setTimeout(20);
        order.push(`${name} ends`);
        return [];
      },
    });
    const { log } = console;
    console.log = () => undefined;
    const steps = [step("a", false), step("b", true), step("c", true), step("d", false)];
    const ok = await runSteps(steps, true).finally(() => (console.log = log));
    expect(ok).to.equal(true);
    const together = availableParallelism() > 1 ? "b begins,c begins,b ends,c ends" : "b begins,b ends,c begins,c ends";
    expect(order.join()).to.equal(`a begins,a ends,${together},d begins,d ends`);
  });

  it("fails in CI on a step that cannot run, and elsewhere says that it did not", async function () {
    expect((await run(true, cannot)).ok).to.equal(false);
    const { ok, printed } = await run(false, cannot);
    expect(ok).to.equal(true);
    expect(printed).to.include("Checks: 0 passed, 1 not run").and.include("no Python");
  });
});
