import { expect } from "chai";

import { runScript } from "../../scripts/tooling/run-command.js";

describe("the options of the benchmarks", () => {
  const refusals: [file: string, options: string[], why: string][] = [
    ["bench/peers.ts", ["--chek"], "Unknown option '--chek'"],
    ["bench/peers.ts", ["attestations"], "Unexpected argument 'attestations'"],
    ["bench/peers.ts", ["--fork", "paris"], "there is no fork paris in the comparison: berlin, cancun, osaka"],
    ["bench/peers.ts", ["--check", "--fork", "berlin"], "--check measures the forks that CI does, and --fork one"],
    ["scripts/bench.ts", ["--check", "--fork", "berlin"], "--check measures the forks that CI does, and --fork one"],
    ["scripts/bench.ts", ["--quick"], "not every benchmark knows --quick: name the one that is meant"],
    ["scripts/bench.ts", ["nothing"], "there is no benchmark nothing"],
  ];
  for (const [file, options, why] of refusals) {
    it(`${file} ${options.join(" ")} is refused before anything is measured`, async () => {
      const { code, output } = await runScript(file, options);
      expect(code).to.equal(2);
      expect(output).to.include(why);
    });
  }
});
