import { readFileSync } from "node:fs";

import { expect } from "chai";

import {
  compareFigures,
  embedFigures,
  formatTable,
  type GasStats,
  listGasProblems,
  listStrayFigures,
  makeTables,
} from "../../scripts/tooling/gas-table.js";

const ceilings = { attest: { ceiling: 56_500, unit: "transaction" }, revoke: { ceiling: 36_500, unit: "transaction" } };

function stats(gas: number): GasStats {
  const call = { min: 100, median: 150.5, max: 200, count: 4 };
  return {
    contracts: {
      "contracts/a/Register.sol:Register": {
        contractName: "Register",
        deployment: { min: gas, median: gas, max: gas, count: 1, runtimeSize: 900 },
        functions: { write: call, append: call },
      },
      "test/a/Harness.sol:Harness": { contractName: "Harness", deployment: null, functions: { poke: call } },
    },
  };
}

describe("gas table", function () {
  it("has nothing to say when all is as promised", function () {
    const snapshot = { attest: 56_000, revoke: 36_500 };
    const figures = compareFigures(snapshot, ceilings, snapshot);
    expect(listGasProblems(figures, snapshot, stats(4_999_999))).to.deep.equal([]);
  });

  it("names a figure above its ceiling, one that changed, one not measured and one without a ceiling", function () {
    const snapshot = { attest: 56_500, lost: 1 };
    const figures = compareFigures({ attest: 56_501 }, ceilings, snapshot);
    expect(listGasProblems(figures, snapshot, stats(1))).to.deep.equal([
      "attest: 56501 gas, above its ceiling of 56500",
      "attest: 56501 gas, the snapshot says 56500",
      "revoke: no test measured it",
      "lost: in the snapshot, but without a ceiling",
    ]);
  });

  it("names a figure that has no snapshot", function () {
    const figures = compareFigures({ attest: 1 }, { attest: ceilings.attest }, {});
    expect(listGasProblems(figures, {}, stats(1))).to.deep.equal(["attest: 1 gas, the snapshot says nothing"]);
  });

  it("names a deployment that is too dear", function () {
    expect(listGasProblems([], {}, stats(5_000_000))).to.deep.equal([
      "Register: deployed for 5000000 gas, the limit is below 5000000",
    ]);
  });

  it("lists calls and deployments of contracts, sorted, without those of tests", function () {
    const [calls, deployments, figures] = makeTables(stats(77_000), compareFigures({ attest: 5 }, ceilings, {}));
    expect(calls?.rows).to.deep.equal([
      ["Register", "append", 4, 100, 151, 200],
      ["Register", "write", 4, 100, 151, 200],
    ]);
    expect(deployments?.rows).to.deep.equal([["Register", 77_000, 900]]);
    expect(figures?.rows).to.deep.equal([
      ["attest", 5, "", 56_500, "transaction"],
      ["revoke", "", "", 36_500, "transaction"],
    ]);
  });

  it("aligns numbers to the right, in text and in Markdown", function () {
    const table = { title: "Gas", columns: ["Name", "Gas"], rows: [["attest", 56_000] as const, ["x", 1] as const] };
    expect(formatTable(table)).to.equal("Gas\nName       Gas\n------  ------\nattest  56,000\nx            1");
    expect(formatTable(table, true)).to.equal(
      "### Gas\n\n| Name   |    Gas |\n| ------ | -----: |\n| attest | 56,000 |\n| x      |      1 |",
    );
  });

  it("writes the figures into a page, between its marks, again and again", function () {
    const page = "Before\n<!-- figures -->\nold\n<!-- /figures -->\nafter";
    const written = embedFigures(page, { revoke: 36_500, attest: 56_000 });
    expect(written).to.match(/^Before\n[^]*\| attest +\| +56,000 \|\n\| revoke +\| +36,500 \|[^]*\nafter$/);
    expect(written).not.to.contain("old");
    expect(embedFigures(written, { revoke: 36_500, attest: 56_000 })).to.equal(written);
    expect(() => embedFigures("no marks", {})).to.throw("no <!-- figures -->");
  });

  it("finds measured figures in prose that the snapshot does not know, and none in the README", function () {
    const prose = "<!-- figures -->9,999<!-- /figures -->It (aimed at 1,234) is 56,001 now, some 4,500 of it calldata.";
    expect(listStrayFigures(prose, { attest: 56_001 })).to.deep.equal([]);
    expect(listStrayFigures(prose, { attest: 56_002 })).to.deep.equal(["56,001"]);
    const snapshot = JSON.parse(readFileSync("test/gas/snapshot.json", "utf8")) as Record<string, number>;
    expect(listStrayFigures(readFileSync("README.md", "utf8"), snapshot)).to.deep.equal([]);
  });
});
