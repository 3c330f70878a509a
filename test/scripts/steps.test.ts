import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { CannotRun, runSteps, type Step } from "../../scripts/tooling/steps.js";

/** Runs functions as steps, and hands back what they printed. */
function run(ci: boolean, ...functions: Step["run"][]): Promise<{ ok: boolean; printed: string }> {
  return runAll(
    ci,
    functions.map((step, index) => ({ name: `step ${index}`, run: step })),
  );
}

/** Runs steps, and hands back what they printed. */
async function runAll(ci: boolean, steps: readonly Step[]): Promise<{ ok: boolean; printed: string }> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    const ok = await runSteps(steps, ci);
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
    await runAll(true, [step("a", false), step("b", true), step("c", true), step("d", false)]);
    const together = availableParallelism() > 1 ? "b begins,c begins,b ends,c ends" : "b begins,b ends,c begins,c ends";
    expect(order.join()).to.equal(`a begins,a ends,${together},d begins,d ends`);
  });

  it("lists failures in the steps' order, whichever ended first", async function () {
    const late = async () => {
      await setTimeout(20);
      return ["line 7 is wrong"];
    };
    const steps = [late, fail].map((step, index) => ({ name: `step ${index}`, run: step, isApart: true }));
    expect((await runAll(true, steps)).printed).to.match(/── step 0\n[^]*── step 1\n/);
  });

  it("fails in CI on a step that cannot run, and elsewhere says that it did not", async function () {
    expect((await run(true, cannot)).ok).to.equal(false);
    const { ok, printed } = await run(false, cannot);
    expect(ok).to.equal(true);
    expect(printed).to.include("Checks: 0 passed, 1 not run").and.include("no Python");
  });
});
