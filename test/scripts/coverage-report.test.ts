import { expect } from "chai";

import { listCoverageGaps, readCoverage } from "../../scripts/tooling/coverage-report.js";

const output = `
║ File Path                                  │ Line % │ Statement % │ Uncovered Lines                              ║
╟────────────────────────────────────────────┼────────┼─────────────┼──────────────────────────────────────────────╢
║ contracts/ledger/Log.sol                   │ 99.08  │ 98.96       │ 207,…                                        ║
║ contracts/ledger/Status.sol                │ 100.00 │ 100.00      │ -                                            ║
║ contracts/trust/Half.sol                   │ 100.00 │ 95.00       │ -                                            ║
║ test/ledger/Harness.sol                    │ 10.00  │ 10.00       │ 3                                            ║
║ Total                                      │ 26.89  │ 23.04       │                                              ║
`;
const lcov = `TN:
SF:contracts/ledger/Log.sol
DA:48,1
DA:207,0
DA:210,0
LF:3
end_of_record
TN:
SF:contracts/ledger/Status.sol
DA:10,12
end_of_record
`;

describe("coverage report", function () {
  it("reads lines and statements of each file, and the uncovered lines whole", function () {
    expect(readCoverage(output, lcov)).to.deep.equal([
      { file: "contracts/ledger/Log.sol", lines: 99.08, statements: 98.96, uncovered: [207, 210] },
      { file: "contracts/ledger/Status.sol", lines: 100, statements: 100, uncovered: [] },
      { file: "contracts/trust/Half.sol", lines: 100, statements: 95, uncovered: [] },
      { file: "test/ledger/Harness.sol", lines: 10, statements: 10, uncovered: [] },
    ]);
  });

  it("names contracts with a line or a statement that did not run, and no test file", function () {
    expect(listCoverageGaps(readCoverage(output, lcov))).to.deep.equal([
      "contracts/ledger/Log.sol: lines 99.08%, statements 98.96%, no test runs line 207, 210",
      "contracts/trust/Half.sol: lines 100%, statements 95%",
    ]);
  });

  it("does not round: one line of very many is a gap", function () {
    const row = "║ contracts/A.sol │ 100.00 │ 100.00 │ 7 ║";
    expect(listCoverageGaps(readCoverage(row, "SF:contracts/A.sol\nDA:7,0\n"))).to.have.length(1);
  });
});
