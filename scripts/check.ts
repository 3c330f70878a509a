// npm run check [-- <step>…]
// Everything about the code that can be judged without running it. Goes on after a failure and lists all at the end.
// Exit codes: 0 all passed, 1 otherwise.
import hre from "hardhat";

import { listContracts, listErrorProblems, listWarnings, readSolcOutputs } from "./tooling/build-output.js";
import { listOversized } from "./tooling/contract-limits.js";
import { findForbidden } from "./tooling/opcodes.js";
import { buildProduction, PRODUCTION_ARTIFACTS } from "./tooling/production-build.js";
import { runPackage } from "./tooling/run-command.js";
import { runSlither } from "./tooling/slither.js";
import { runSteps, type Step } from "./tooling/steps.js";

/** A step that runs the program of an installed package and fails when it does. */
function program(name: string, bin: string, ...args: string[]): Step {
  return {
    name,
    isApart: true,
    run: async () => {
      const { code, output } = await runPackage(bin, args);
      return code === 0 ? [] : [output];
    },
  };
}

async function checkBuild(): Promise<string[]> {
  await hre.tasks.getTask("build").run({ quiet: true });
  await buildProduction();
  return listWarnings(readSolcOutputs("artifacts"));
}

function checkOpcodes(): string[] {
  return listContracts(readSolcOutputs(PRODUCTION_ARTIFACTS)).flatMap(({ source, name, creation, deployed }) =>
    Object.entries({ creation, deployed }).flatMap(([kind, code]) =>
      findForbidden(code).map(
        (found) => `${source}:${name}: ${found.name} at byte ${found.offset} of its ${kind} code`,
      ),
    ),
  );
}

const steps: Step[] = [
  { name: "build without compiler warnings", run: checkBuild },
  {
    name: "contract sizes",
    run: () => Promise.resolve(listOversized(listContracts(readSolcOutputs(PRODUCTION_ARTIFACTS)))),
  },
  { name: "forbidden opcodes", run: () => Promise.resolve(checkOpcodes()) },
  {
    name: "errors documented and unique",
    run: () => Promise.resolve(listErrorProblems(readSolcOutputs(PRODUCTION_ARTIFACTS))),
  },
  program("prettier", "prettier", "--check", "--log-level=warn", "."),
  program("solhint", "solhint", "--disc", "--max-warnings=0", "contracts/**/*.sol"),
  program("tsc", "typescript", "--noEmit"),
  program("eslint", "eslint", "--max-warnings=0", "."),
  program("knip", "knip", "--no-progress"),
  { name: "slither", isApart: true, run: runSlither },
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  throw new Error(`no such step: ${unknown.join(", ")}; there are ${steps.map(({ name }) => name).join(", ")}`);
}
const passed = await runSteps(chosen.length === 0 ? steps : steps.filter(({ name }) => chosen.includes(name)));
process.exitCode = passed ? 0 : 1;
